//! Ranges of frames.

use serde::{Deserialize, Serialize};

/// One or more frames in a row, named by the first and the last that belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
pub struct FrameRange {
    first: u32,
    last: u32,
}

#[derive(Serialize, Deserialize)]
struct Ends {
    first: u32,
    last: u32,
}

/// The two frames make no range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a range ends at frame {last}, before it begins at frame {first}")]
pub struct FrameRangeError {
    first: u32,
    last: u32,
}

impl FrameRange {
    /// The frames from `first` to `last`, both included.
    ///
    /// # Errors
    /// When `last` comes before `first`.
    pub fn new(first: u32, last: u32) -> Result<Self, FrameRangeError> {
        if last < first || last == u32::MAX { Err(FrameRangeError { first, last }) } else { Ok(Self { first, last }) }
    }

    /// The single frame `frame`.
    pub const fn single(frame: u32) -> Self {
        Self { first: frame, last: frame }
    }

    /// The first frame that belongs to the range.
    pub const fn first(self) -> u32 {
        self.first
    }

    /// The last frame that belongs to the range.
    pub const fn last(self) -> u32 {
        self.last
    }

    /// The frame after the last: the *out* of a half-open range.
    pub const fn end(self) -> u32 {
        self.last + 1
    }

    /// How many frames the range holds, at least one.
    pub const fn count(self) -> u32 {
        self.end() - self.first
    }
}

impl TryFrom<Ends> for FrameRange {
    type Error = FrameRangeError;
    fn try_from(ends: Ends) -> Result<Self, Self::Error> {
        Self::new(ends.first, ends.last)
    }
}

impl From<FrameRange> for Ends {
    fn from(range: FrameRange) -> Self {
        Self { first: range.first, last: range.last }
    }
}
