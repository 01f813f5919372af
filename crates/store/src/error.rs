//! What can go wrong, named by what the caller can do about it.

use std::io;

use rustix::io::Errno;

use crate::Key;

/// The result of every operation of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error at all, as carried from the layer below.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not do what was asked. The variants say what to do next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such blob, or no such upload. Asking again gives the same answer.
    #[error("{key} is not in the store")]
    NotFound {
        /// What was asked for.
        key: Key,
    },
    /// The disk would be too full. Free some space, then try again.
    #[error("not enough space: {needed} bytes needed, {free} free, {reserve} of them kept in reserve")]
    NoSpace {
        /// Bytes this operation wanted to write.
        needed: u64,
        /// Bytes free on the disk now.
        free: u64,
        /// Bytes that are to stay free.
        reserve: u64,
    },
    /// The stored bytes are not what they must be. Restore the blob from a good copy.
    #[error("{key} is damaged: {reason}")]
    Damaged {
        /// The blob.
        key: Key,
        /// What is wrong with it.
        reason: String,
    },
    /// The range does not lie within the blob (HTTP: 416).
    #[error("bytes {start}..{end} do not lie within {key}, which has {size}")]
    OutOfRange {
        /// The blob.
        key: Key,
        /// First byte asked for.
        start: u64,
        /// First byte not asked for.
        end: u64,
        /// Bytes in the blob.
        size: u64,
    },
    /// The body of a part ended early or failed. Nothing is acknowledged: send the same part again.
    #[error("the body ended after {received} of {expected} bytes")]
    Interrupted {
        /// Bytes the part was to have.
        expected: u64,
        /// Bytes that came.
        received: u64,
        /// The error of the body, when it failed.
        #[source]
        cause: Option<Cause>,
    },
    /// Another request is writing this very part, or this upload is being completed. Try again in a moment.
    #[error("{key} is being written by another request")]
    Busy {
        /// The blob.
        key: Key,
    },
    /// The disk or the server does not answer as it should. Try again later.
    #[error("the store cannot be reached: {0}")]
    Unreachable(#[source] Cause),
    /// The store does not let us in. Correct the credentials or the permissions.
    #[error("the store denies access: {0}")]
    Denied(#[source] Cause),
    /// The request itself is wrong. Repeating it does not help.
    #[error("refused: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
}

impl Error {
    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Interrupted { .. } | Self::Busy { .. } => true,
            Self::NotFound { .. }
            | Self::NoSpace { .. }
            | Self::Damaged { .. }
            | Self::OutOfRange { .. }
            | Self::Denied(_)
            | Self::Refused { .. } => false,
        }
    }

    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused { reason: reason.into() }
    }

    pub(crate) fn damaged(key: &Key, reason: impl Into<String>) -> Self {
        Self::Damaged { key: key.clone(), reason: reason.into() }
    }

    pub(crate) fn not_found(key: &Key) -> Self {
        Self::NotFound { key: key.clone() }
    }

    /// An input or output error met on the way to `key`.
    pub(crate) fn from_io(key: &Key, error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::NOENT | Errno::NOTDIR) => Self::not_found(key),
            Some(Errno::ISDIR | Errno::NOTEMPTY | Errno::EXIST) => {
                Self::refused(format!("{key} is the folder of other blobs"))
            }
            Some(Errno::LOOP) => Self::refused(format!("a symbolic link stands in the way of {key}")),
            Some(Errno::WOULDBLOCK) => Self::Busy { key: key.clone() },
            _ => Self::from_disk(error),
        }
    }

    /// An input or output error that concerns the disk rather than a blob.
    pub(crate) fn from_disk(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::ACCESS | Errno::PERM | Errno::ROFS) => Self::Denied(error.into()),
            _ => Self::Unreachable(error.into()),
        }
    }
}

/// Whether the disk said it is full, or that a quota is.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::NOSPC | Errno::DQUOT))
}
