//! Blobs in a bucket of any S3-compatible store.

mod address;
mod copy;
mod error;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::stream::FuturesOrdered;
use futures::{Stream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3;
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, PutPayloadMut};
use tokio::io::AsyncReadExt;

use crate::error::Cause;
use crate::parts::{Body, MAX_PARTS, Part, PartTag, PartsId, in_order};
use crate::{ByteStream, Error, Key, Result};
use address::Address;
pub use address::Credentials;

/// Parts of a file we send ourselves; small, as several are in memory at once.
const FILE_PART: u64 = 8 * 1024 * 1024;

/// Parts of one file under way at a time.
const CONCURRENT: usize = 4;

/// Blocks in which a part is gathered in memory.
const BLOCK: usize = 1024 * 1024;

/// A store in a bucket.
#[derive(Clone, Debug)]
pub(crate) struct S3 {
    reader: AmazonS3,
    writer: AmazonS3,
    http: reqwest::Client,
    bucket: Arc<str>,
    prefix: Option<Key>,
    /// The largest object the server copies in one request.
    copy_limit: u64,
}

impl S3 {
    pub(crate) fn open(url: &str, credentials: Option<&Credentials>) -> Result<Self> {
        let address = Address::parse(url)?;
        Ok(Self {
            reader: address.reader(credentials)?,
            writer: address.writer(credentials)?,
            http: copy::client()?,
            bucket: address.bucket.into(),
            prefix: address.prefix,
            copy_limit: copy::LIMIT,
        })
    }

    /// Where this store is, for messages.
    pub(crate) fn place(&self) -> String {
        match &self.prefix {
            None => format!("s3://{}", self.bucket),
            Some(prefix) => format!("s3://{}/{prefix}", self.bucket),
        }
    }

    pub(crate) async fn put_file(&self, key: &Key, path: &Path) -> Result<u64> {
        let unreadable = |error: std::io::Error| Error::refused(format!("{} cannot be read: {error}", path.display()));
        let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
        let metadata = file.metadata().await.map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Error::refused(format!("{} is not a file", path.display())));
        }
        let total = metadata.len();
        if total <= FILE_PART {
            let content = take(&mut file, total).await.map_err(unreadable)?;
            self.put_bytes(key, content).await?;
            return Ok(total);
        }
        let id = self.begin_parts(key).await?;
        let sent = self.send_parts(key, &id, file, total).await;
        if sent.is_err()
            && let Err(error) = self.abort_parts(key, &id).await
        {
            tracing::warn!(%key, %error, "an unfinished upload stays in the bucket");
        }
        sent
    }

    pub(crate) async fn put_bytes(&self, key: &Key, content: Bytes) -> Result<()> {
        self.writer.put(&self.at(key)?, content.into()).await.map_err(|error| error::at_key(key, error))?;
        Ok(())
    }

    pub(crate) async fn size(&self, key: &Key) -> Result<Option<u64>> {
        match self.reader.head(&self.at(key)?).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error::at_key(key, error)),
        }
    }

    pub(crate) async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        if range.start >= range.end {
            // An empty range has no HTTP form.
            let size = self.size(key).await?.ok_or_else(|| Error::not_found(key))?;
            crate::check_range(key, &range, size)?;
            return Ok(futures::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range.clone())), ..GetOptions::default() };
        let found = match self.reader.get_opts(&self.at(key)?, options).await {
            Ok(found) => found,
            Err(error @ object_store::Error::NotFound { .. }) => return Err(error::at_key(key, error)),
            Err(error) => {
                // The server may have refused the range: the size tells.
                if let Some(size) = self.size(key).await? {
                    crate::check_range(key, &range, size)?;
                }
                return Err(error::at_key(key, error));
            }
        };
        crate::check_range(key, &range, found.meta.size)?;
        let key = key.clone();
        Ok(found.into_stream().map_err(move |error| error::at_key(&key, error)).boxed())
    }

    pub(crate) async fn delete(&self, key: &Key) -> Result<()> {
        match self.reader.delete(&self.at(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error::at_key(key, error)),
        }
    }

    pub(crate) async fn delete_prefix(&self, prefix: &Key) -> Result<()> {
        let found = self.reader.list(Some(&self.at(prefix)?)).map_ok(|found| found.location).boxed();
        let mut deleted = self.reader.delete_stream(found);
        while let Some(one) = deleted.next().await {
            match one {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error::at_key(prefix, error)),
            }
        }
        Ok(())
    }

    pub(crate) async fn list(&self, prefix: Option<&Key>) -> Result<Vec<(Key, u64)>> {
        let below = match (prefix, &self.prefix) {
            (Some(prefix), _) => Some(self.at(prefix)?),
            (None, Some(root)) => Some(object_path(root.as_str())?),
            (None, None) => None,
        };
        let mut found = Vec::new();
        let mut listed = self.reader.list(below.as_ref());
        while let Some(one) = listed.next().await {
            let one = one.map_err(error::anywhere)?;
            match self.key(&one.location) {
                Some(key) => found.push((key, one.size)),
                None => tracing::debug!(location = %one.location, "not one of our keys, passed over"),
            }
        }
        found.sort();
        Ok(found)
    }

    pub(crate) async fn promote(&self, from: &Key, to: &Key) -> Result<u64> {
        let (source, target) = (self.size(from).await?, self.size(to).await?);
        let size = crate::may_promote(from, source, to, target)?;
        if target.is_none() {
            self.copy(from, to, size).await?;
            match self.size(to).await? {
                Some(copied) if copied == size => {}
                Some(_) | None => return Err(Error::damaged(to, "the copy does not have the size of the original")),
            }
        }
        if from != to {
            self.delete(from).await?;
        }
        Ok(size)
    }

    pub(crate) async fn begin_parts(&self, key: &Key) -> Result<PartsId> {
        let id = self.reader.create_multipart(&self.at(key)?).await.map_err(|error| error::at_key(key, error))?;
        Ok(PartsId(id))
    }

    pub(crate) async fn write_part<S, E>(&self, key: &Key, id: &PartsId, part: Part, body: S) -> Result<PartTag>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send,
        E: Into<Cause>,
    {
        let mut body = Body::new(body, part.bytes);
        // Gathered in memory: S3 wants the length and the signature before the first byte.
        let mut gathered = PutPayloadMut::new().with_block_size(BLOCK);
        while let Some(piece) = body.next().await? {
            gathered.extend_from_slice(&piece);
        }
        let sent = self.send_part(key, id, part.number, gathered.freeze()).await?;
        Ok(PartTag {
            number: part.number,
            offset: part.offset,
            bytes: part.bytes,
            tag: sent.content_id,
            blake3: body.blake3(),
        })
    }

    pub(crate) async fn complete_parts(&self, key: &Key, id: &PartsId, tags: &[PartTag]) -> Result<u64> {
        let (tags, total) = in_order(tags)?;
        let tags = tags.into_iter().map(|tag| PartId { content_id: tag.tag.clone() }).collect();
        match self.writer.complete_multipart(&self.at(key)?, &id.0, tags).await {
            Ok(_) => {}
            // Completed before, and the answer was lost; the size below tells.
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error::at_key(key, error)),
        }
        match self.size(key).await? {
            Some(size) if size == total => Ok(total),
            Some(size) => Err(Error::damaged(key, format!("{size} bytes in the bucket of {total} acknowledged"))),
            None => Err(Error::not_found(key)),
        }
    }

    pub(crate) async fn abort_parts(&self, key: &Key, id: &PartsId) -> Result<()> {
        match self.reader.abort_multipart(&self.at(key)?, &id.0).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error::at_key(key, error)),
        }
    }

    /// Where a key lies in the bucket.
    fn at(&self, key: &Key) -> Result<ObjectPath> {
        match &self.prefix {
            None => object_path(key.as_str()),
            Some(prefix) => object_path(&format!("{prefix}/{key}")),
        }
    }

    /// The key of an object in the bucket, when it has one.
    fn key(&self, location: &ObjectPath) -> Option<Key> {
        let rest = match &self.prefix {
            None => location.as_ref(),
            Some(prefix) => location.as_ref().strip_prefix(prefix.as_str())?.strip_prefix('/')?,
        };
        Key::new(rest).ok()
    }

    async fn send_part(&self, key: &Key, id: &PartsId, number: u32, content: PutPayload) -> Result<PartId> {
        let sent = self.writer.put_part(&self.at(key)?, &id.0, number as usize, content).await;
        sent.map_err(|error| error::at_key(key, error))
    }

    /// Sends a file in parts, some at a time, and completes it.
    async fn send_parts(&self, key: &Key, id: &PartsId, mut file: tokio::fs::File, total: u64) -> Result<u64> {
        let size = FILE_PART.max(total.div_ceil(MAX_PARTS));
        let mut under_way = FuturesOrdered::new();
        let mut sent = Vec::new();
        let step = usize::try_from(size).map_err(|error| Error::refused(error.to_string()))?;
        for (offset, number) in (0..total).step_by(step).zip(0u32..) {
            if under_way.len() == CONCURRENT
                && let Some(done) = under_way.next().await
            {
                sent.push(done?);
            }
            let content = take(&mut file, size.min(total - offset))
                .await
                .map_err(|error| Error::refused(format!("the file cannot be read: {error}")))?;
            under_way.push_back(self.send_part(key, id, number, content.into()));
        }
        while let Some(done) = under_way.next().await {
            sent.push(done?);
        }
        let completed = self.writer.complete_multipart(&self.at(key)?, &id.0, sent).await;
        completed.map_err(|error| error::at_key(key, error))?;
        match self.size(key).await? {
            Some(size) if size == total => Ok(total),
            Some(_) | None => Err(Error::damaged(key, "the bucket does not hold all that was sent")),
        }
    }
}

fn object_path(text: &str) -> Result<ObjectPath> {
    ObjectPath::parse(text).map_err(|error| Error::refused(error.to_string()))
}

/// Reads exactly so many bytes.
async fn take(file: &mut tokio::fs::File, bytes: u64) -> std::io::Result<Bytes> {
    let length = usize::try_from(bytes).map_err(std::io::Error::other)?;
    let mut content = BytesMut::with_capacity(length);
    while content.len() < length {
        let missing = (length - content.len()) as u64;
        if (&mut *file).take(missing).read_buf(&mut content).await? == 0 {
            return Err(std::io::Error::other("the file became shorter while it was sent"));
        }
    }
    Ok(content.freeze())
}
