//! Frames, rates and timecode. A position in video is an integer frame; seconds and timecode are ways to show it.

mod range;
mod rate;
mod table;
mod timecode;

pub use range::{FrameRange, FrameRangeError};
pub use rate::{FrameRate, FrameRateError, RateClass, STANDARD_RATES};
pub use table::{FrameTable, FrameTableError, Run, TimeBase};
pub use timecode::{DropFrame, StartTimecode, Timecode, TimecodeError};
