//! The parts of a resumable upload, whatever the store.

use std::pin::Pin;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};

use crate::error::Cause;
use crate::{Error, Result};

const MIB: u64 = 1024 * 1024;

/// The usual size of a part: few enough requests, little enough lost when a connection breaks.
pub const PART_SIZE: u64 = 32 * MIB;

/// S3 allows so many parts in one upload.
pub const MAX_PARTS: u64 = 10_000;

/// S3 wants every part but the last to have at least so many bytes.
pub const MIN_PART_SIZE: u64 = 5 * MIB;

/// The name of an upload in progress, given by the store. Keep it in the database as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartsId(pub String);

/// Where a part lies in its blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    /// Counted from 0.
    pub number: u32,
    /// Its first byte, counted from 0 in the blob.
    pub offset: u64,
    /// How many bytes it has; at least 1.
    pub bytes: u64,
}

/// The receipt for a part that is safe in the store. Keep it until the upload is complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PartTag {
    /// The part's number, counted from 0.
    pub number: u32,
    /// The part's first byte in the blob.
    pub offset: u64,
    /// The part's bytes.
    pub bytes: u64,
    /// What the store calls the part: the ETag on S3, the BLAKE3 on local disk.
    pub tag: String,
    /// BLAKE3 of the part, 64 hexadecimal digits.
    pub blake3: String,
}

/// The size of every part but the last for a blob of `total_bytes`: [`PART_SIZE`], or more whole MiB where
/// [`MAX_PARTS`] would not do.
pub fn part_size(total_bytes: u64) -> u64 {
    PART_SIZE.max(total_bytes.div_ceil(MAX_PARTS).next_multiple_of(MIB))
}

/// The receipts in order, and the bytes of the whole.
///
/// Refused when a part is missing, given twice, or does not begin where the one before it ends.
pub(crate) fn in_order(tags: &[PartTag]) -> Result<(Vec<&PartTag>, u64)> {
    let mut sorted: Vec<&PartTag> = tags.iter().collect();
    sorted.sort_by_key(|tag| tag.number);
    let mut end = 0;
    for (expected, tag) in (0u32..).zip(&sorted) {
        if tag.number != expected {
            return Err(Error::refused(format!("part {expected} is missing or given twice")));
        }
        if tag.offset != end {
            return Err(Error::refused(format!("part {expected} begins at {}, not at {end}", tag.offset)));
        }
        end =
            tag.offset.checked_add(tag.bytes).ok_or_else(|| Error::refused(format!("part {expected} is too large")))?;
    }
    Ok((sorted, end))
}

/// Checks what both stores ask of a part before they read its body.
pub(crate) fn check(part: &Part) -> Result<()> {
    if u64::from(part.number) >= MAX_PARTS {
        return Err(Error::refused(format!("an upload has at most {MAX_PARTS} parts")));
    }
    if part.bytes == 0 || part.offset.checked_add(part.bytes).is_none() {
        return Err(Error::refused("a part has at least one byte, and an end that can be counted"));
    }
    Ok(())
}

/// The body of a part as it is read: counts, hashes, and says whether it was whole.
///
/// It must be read to its end: an error after the last byte counts too, for that is how a caller that checks a
/// checksum of its own reports a mismatch.
pub(crate) struct Body<S> {
    stream: Pin<Box<S>>,
    expected: u64,
    received: u64,
    hasher: blake3::Hasher,
}

impl<S, E> Body<S>
where
    S: Stream<Item = std::result::Result<Bytes, E>>,
    E: Into<Cause>,
{
    pub(crate) fn new(stream: S, expected: u64) -> Self {
        Self { stream: Box::pin(stream), expected, received: 0, hasher: blake3::Hasher::new() }
    }

    /// The next piece; `None` once exactly the expected bytes came and the stream ended.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        let (expected, received) = (self.expected, self.received);
        match self.stream.next().await {
            Some(Ok(piece)) => {
                self.received += piece.len() as u64;
                if self.received > expected {
                    return Err(Error::refused(format!("the body has more than the {expected} bytes of its part")));
                }
                self.hasher.update(&piece);
                Ok(Some(piece))
            }
            Some(Err(cause)) => Err(Error::Interrupted { expected, received, cause: Some(cause.into()) }),
            None if received < expected => Err(Error::Interrupted { expected, received, cause: None }),
            None => Ok(None),
        }
    }

    /// BLAKE3 of what was read, as hexadecimal.
    pub(crate) fn blake3(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}
