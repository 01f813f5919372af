//! Writing one part of an upload.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use jiff::{SignedDuration, Timestamp};
use picturelock_db::uploads::{self, StoredPart, Upload};
use picturelock_domain::Refusal;
use picturelock_store::{Cause, Part, PartTag};

use super::{KEPT, Progress, finish, live, place, progress};
use crate::access::id_at;
use crate::{App, AppError, Context};

/// How long a claim holds unless it is renewed: so long a node that died keeps others off.
const CLAIM: SignedDuration = SignedDuration::from_secs(15);

/// How often a claim is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(5);

/// How long a body may rest before the part is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A part as it comes in.
pub struct Piece<S> {
    /// Its first byte in the file.
    pub offset: u64,
    /// How many bytes the request announces, if it does.
    pub bytes: Option<u64>,
    /// The bytes. An error after the last one refuses the part too.
    pub body: S,
}

/// Writes the next part. It counts once it is safe and committed; until then it can be sent again. After the last one
/// the upload becomes a version.
///
/// Runs to its end even if nobody waits for the answer: call it in a task of its own.
///
/// # Errors
/// *Conflict* when the offset is not where the upload stands, or another request is writing; *invalid* when it is
/// not exactly one part; *gone*; *no space*; an interrupted body.
pub async fn write<S>(
    app: &App,
    cx: &Context,
    piece: Piece<S>,
    clock: &(dyn Fn() -> Timestamp + Send + Sync),
) -> Result<Progress, AppError>
where
    S: Stream<Item = Result<Bytes, Cause>> + Send,
{
    let upload = live(app, cx).await?;
    if piece.offset != upload.received {
        let words = format!("The upload stands at byte {}, not at {}.", upload.received, piece.offset);
        return Err(Refusal::conflict("offset", words).into());
    }
    if upload.received == upload.bytes {
        return finish::if_arrived(app, upload, clock()).await;
    }
    let part = next_part(&upload)?;
    if piece.bytes.is_some_and(|bytes| bytes != part.bytes) {
        let words = format!("The next part of this upload must have exactly {} bytes.", part.bytes);
        return Err(Refusal::invalid("part_size", words).into());
    }
    let _turn = app.writing.acquire().await.map_err(|error| AppError::Machine(error.to_string()))?;
    let claim = Claim { app, upload: &upload, token: id_at(clock()).to_string(), clock };
    claim.take().await?;
    match claim.write(part, piece.body).await {
        Ok(tag) => claim.count(&tag).await,
        Err(error) => {
            claim.release().await?;
            Err(error)
        }
    }
}

fn next_part(upload: &Upload) -> Result<Part, AppError> {
    let number = u32::try_from(upload.received / upload.part_size);
    let number = number.map_err(|_| AppError::Machine("an upload has too many parts".to_owned()))?;
    let bytes = upload.part_size.min(upload.bytes - upload.received);
    Ok(Part { number, offset: upload.received, bytes })
}

/// The right to write the next part; held by one request at a time, on whatever node.
struct Claim<'a> {
    app: &'a App,
    upload: &'a Upload,
    token: String,
    clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
}

impl Claim<'_> {
    async fn take(&self) -> Result<(), AppError> {
        let (now, mut tx) = ((self.clock)(), self.app.db.write().await?);
        let offset = self.upload.received;
        let taken = uploads::claim(&mut tx, self.upload.id, offset, &self.token, now, now + CLAIM).await?;
        tx.commit().await?;
        if taken { Ok(()) } else { Err(busy().into()) }
    }

    /// Writes the part and renews the claim meanwhile; a claim that was lost ends the writing.
    async fn write<S>(&self, part: Part, body: S) -> Result<PartTag, AppError>
    where
        S: Stream<Item = Result<Bytes, Cause>> + Send,
    {
        let (key, parts) = place(self.upload)?;
        let mut writing = Box::pin(self.app.store.write_part(&key, &parts, part, patient(body)));
        loop {
            match tokio::time::timeout(RENEW_EVERY, &mut writing).await {
                Ok(written) => return Ok(written?),
                Err(_still_writing) => self.renew().await?,
            }
        }
    }

    async fn renew(&self) -> Result<(), AppError> {
        let mut tx = self.app.db.write().await?;
        let kept = uploads::renew(&mut tx, self.upload.id, &self.token, (self.clock)() + CLAIM).await?;
        tx.commit().await?;
        if kept { Ok(()) } else { Err(busy().into()) }
    }

    /// Counts the part; from here on it is never sent again.
    async fn count(&self, tag: &PartTag) -> Result<Progress, AppError> {
        let now = (self.clock)();
        let part =
            StoredPart { number: tag.number, bytes: tag.bytes, tag: tag.tag.clone(), blake3: tag.blake3.clone() };
        let mut tx = self.app.db.write().await?;
        if !uploads::add_part(&mut tx, self.upload.id, &self.token, &part, now + KEPT).await? {
            return Err(busy().into());
        }
        let upload = uploads::by_id(&mut tx, self.upload.id).await?.ok_or_else(super::over)?;
        tx.commit().await?;
        match upload.received == upload.bytes {
            true => finish::if_arrived(self.app, upload, now).await,
            false => Ok(progress(&upload)),
        }
    }

    async fn release(&self) -> Result<(), AppError> {
        let mut tx = self.app.db.write().await?;
        uploads::release(&mut tx, self.upload.id, &self.token).await?;
        Ok(tx.commit().await?)
    }
}

fn busy() -> Refusal {
    Refusal::conflict("upload_busy", "Another request is writing this upload. Try again in a moment.")
}

/// The body, given up when it rests too long: a connection that died unnoticed must not keep the file from coming.
fn patient<S>(body: S) -> impl Stream<Item = Result<Bytes, Cause>> + Send
where
    S: Stream<Item = Result<Bytes, Cause>> + Send,
{
    futures::stream::unfold(Some(Box::pin(body)), |body| async move {
        let mut body = body?;
        match tokio::time::timeout(PATIENCE, body.next()).await {
            Ok(piece) => piece.map(|piece| (piece, Some(body))),
            Err(rested) => Some((Err(rested.into()), None)),
        }
    })
}
