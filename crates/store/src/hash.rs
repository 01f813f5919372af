//! BLAKE3 of a stream of bytes.

use std::mem;

use bytes::Bytes;
use futures::{Stream, StreamExt};

use crate::{Error, Result};

/// Bytes gathered before they are hashed on a thread of their own.
const BATCH: usize = 1024 * 1024;

/// What was read and its fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashed {
    /// The BLAKE3 of the bytes.
    pub blake3: [u8; 32],
    /// How many bytes there were.
    pub bytes: u64,
}

impl Hashed {
    /// The BLAKE3 as 64 hexadecimal digits: the form used in keys.
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.blake3).to_hex().to_string()
    }
}

/// Reads a stream to its end and hashes it; memory stays within a few MiB.
///
/// `progress` is called with the bytes read so far, about once per MiB. Reading goes on while a batch is hashed, and
/// the threads that serve requests are not held up.
///
/// # Errors
/// The stream's own error.
pub async fn hash_stream(
    mut stream: impl Stream<Item = Result<Bytes>> + Unpin + Send,
    mut progress: impl FnMut(u64) + Send,
) -> Result<Hashed> {
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0;
    let mut batch = next_batch(&mut stream).await?;
    while !batch.is_empty() {
        let pieces = mem::take(&mut batch);
        bytes += pieces.iter().map(|piece| piece.len() as u64).sum::<u64>();
        let hashing = tokio::task::spawn_blocking(move || {
            for piece in pieces {
                hasher.update(&piece);
            }
            hasher
        });
        batch = next_batch(&mut stream).await?;
        hasher = hashing.await.map_err(|stopped| Error::Unreachable(stopped.into()))?;
        progress(bytes);
    }
    Ok(Hashed { blake3: hasher.finalize().into(), bytes })
}

/// The next MiB or so; empty at the end.
async fn next_batch(stream: &mut (impl Stream<Item = Result<Bytes>> + Unpin)) -> Result<Vec<Bytes>> {
    let mut batch = Vec::new();
    let mut length = 0;
    while length < BATCH {
        match stream.next().await {
            Some(piece) => {
                let piece = piece?;
                length += piece.len();
                batch.push(piece);
            }
            None => break,
        }
    }
    batch.retain(|piece| !piece.is_empty());
    Ok(batch)
}
