//! From the last part to a version, and the end of uploads that never got there.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use picturelock_db::uploads::Upload;
use picturelock_db::versions::{self as version_table, NewVersion};
use picturelock_db::{DbError, Tx, events, reviewables as reviewable_table, uploads};
use picturelock_domain::file_name::FileName;
use picturelock_domain::id::{ReviewableId, UploadId, VersionId};
use picturelock_domain::review::Brief;
use picturelock_store::{Error, Key, PartTag};

use super::{KEPT, Progress, over, place, progress};
use crate::access::id_at;
use crate::jobs::{self, Work};
use crate::{App, AppError, reviewables, versions};

/// How long another request may take to put the parts together before we give up waiting for it.
const TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// Lets go what a process that ended held. Call it before the first request is answered.
///
/// # Errors
/// When the database is out of reach.
pub async fn recover(app: &App) -> Result<(), DbError> {
    // The embedded database has one process, and it has just begun. On a shared one, claims of dead nodes run out.
    if app.db.postgres().is_none() {
        let mut tx = app.db.write().await?;
        uploads::release_all(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes versions of uploads that arrived whole but were interrupted there, and removes those out of time.
///
/// # Errors
/// When the database or the store is out of reach.
pub async fn sweep(app: &App, now: Timestamp) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let (arrived, forgotten) = (uploads::arrived(&mut tx).await?, uploads::over(&mut tx, now).await?);
    drop(tx);
    for id in arrived {
        if let Err(error) = finish(app, id, now).await {
            tracing::error!(upload = %id, %error, "an upload that arrived could not become a version");
        }
    }
    for upload in forgotten {
        forget(app, &upload, now).await?;
    }
    // What uploads never begun for good left in the store. Any that may still be resumed was written to since.
    let old = SystemTime::from(now - KEPT - SignedDuration::from_hours(24));
    let swept = app.store.sweep(old).await?;
    if swept.removed > 0 {
        tracing::info!(removed = swept.removed, bytes = swept.bytes, "removed what interrupted work left behind");
    }
    Ok(())
}

/// Where the upload stands, as a version if all of it has arrived.
pub(super) async fn if_arrived(app: &App, upload: Upload, now: Timestamp) -> Result<Progress, AppError> {
    let version = match upload.version {
        None if upload.received == upload.bytes => Some(finish(app, upload.id, now).await?),
        known => known,
    };
    Ok(Progress { version, ..progress(&upload) })
}

/// Removes what has arrived of an upload that was ended, unless it became a version, then its row.
pub(super) async fn remove(app: &App, upload: &Upload) -> Result<(), AppError> {
    if upload.version.is_none() {
        let (key, parts) = place(upload)?;
        app.store.abort_parts(&key, &parts).await?;
        app.store.delete(&key).await?;
    }
    let mut tx = app.db.write().await?;
    uploads::delete(&mut tx, upload.id).await?;
    Ok(tx.commit().await?)
}

async fn forget(app: &App, upload: &Upload, now: Timestamp) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, upload.project).await?;
    // Between being listed and now a last part may have come.
    let Some(upload) = uploads::by_id(&mut tx, upload.id).await? else { return Ok(()) };
    if upload.ended_at.is_none() && upload.expires_at > now {
        return Ok(());
    }
    uploads::end(&mut tx, upload.id, now).await?;
    tx.commit().await?;
    remove(app, &upload).await
}

/// Makes the version of an upload that has arrived; done twice, it is the same version.
async fn finish(app: &App, id: UploadId, now: Timestamp) -> Result<VersionId, AppError> {
    let mut tx = app.db.read().await?;
    let upload = uploads::by_id(&mut tx, id).await?.filter(|upload| upload.ended_at.is_none()).ok_or_else(over)?;
    if let Some(version) = upload.version {
        return Ok(version);
    }
    let tags = tags(&upload, &mut tx).await?;
    drop(tx);
    let (key, _) = place(&upload)?;
    put_together(app, &upload, &tags).await?;

    let mut tx = app.db.write().await?;
    events::lock(&mut tx, upload.project).await?;
    let Some(upload) = uploads::by_id(&mut tx, id).await?.filter(|upload| upload.ended_at.is_none()) else {
        drop(tx);
        app.store.delete(&key).await?;
        return Err(over().into());
    };
    if let Some(version) = upload.version {
        return Ok(version);
    }
    let version = add_version(&mut tx, &upload, &key, now).await?;
    tx.commit().await?;
    app.bell.ring(upload.project);
    Ok(version)
}

async fn tags(upload: &Upload, tx: &mut Tx) -> Result<Vec<PartTag>, AppError> {
    let parts = uploads::parts(tx, upload.id).await?;
    let tag = |part: uploads::StoredPart| PartTag {
        number: part.number,
        offset: u64::from(part.number) * upload.part_size,
        bytes: part.bytes,
        tag: part.tag,
        blake3: part.blake3,
    };
    Ok(parts.into_iter().map(tag).collect())
}

/// Makes one file of the parts. Another request may be at the very same: then its work is ours.
async fn put_together(app: &App, upload: &Upload, tags: &[PartTag]) -> Result<(), AppError> {
    let (key, parts) = place(upload)?;
    for _ in 1..TRIES {
        match app.store.complete_parts(&key, &parts, tags).await {
            Err(Error::Busy { .. }) => tokio::time::sleep(BETWEEN_TRIES).await,
            done => return Ok(done.map(|_| ())?),
        }
    }
    Ok(app.store.complete_parts(&key, &parts, tags).await.map(|_| ())?)
}

async fn add_version(tx: &mut Tx, upload: &Upload, key: &Key, now: Timestamp) -> Result<VersionId, AppError> {
    let reviewable = match upload.reviewable {
        Some(reviewable) => reviewable,
        None => add_reviewable(tx, upload, now).await?,
    };
    let id = VersionId::from_uuid(id_at(now));
    let new = NewVersion {
        id,
        project: upload.project,
        reviewable,
        number: reviewable_table::next_number(tx, reviewable).await?,
        file_name: upload.file_name.clone(),
        bytes: upload.bytes,
        source_key: key.to_string(),
        uploaded_by: upload.user,
        created_at: now,
    };
    version_table::insert(tx, &new).await?;
    uploads::set_version(tx, upload.id, id).await?;
    jobs::enqueue(tx, upload.project, &upload.file_name, &Work::ProcessVersion { version: id }, now).await?;
    versions::announce(tx, "version_created", upload.project, reviewable, id, now).await?;
    Ok(id)
}

async fn add_reviewable(tx: &mut Tx, upload: &Upload, now: Timestamp) -> Result<ReviewableId, AppError> {
    let new = reviewable_table::Reviewable {
        id: ReviewableId::from_uuid(id_at(now)),
        project: upload.project,
        name: FileName::new(&upload.file_name)?.title().as_str().to_owned(),
        brief: Brief::of(upload.stage),
        created_at: now,
    };
    reviewable_table::insert(tx, &new).await?;
    reviewables::announce(tx, &new, now).await?;
    Ok(new.id)
}
