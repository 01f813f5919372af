//! Why comments cannot be exported.

use picturelock_domain::frame::{FrameRate, TimecodeError};

use crate::Format;

/// Why comments cannot be exported, in one line for a person.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Drop-frame asked for at a rate that has none.
    #[error(transparent)]
    Timecode(#[from] TimecodeError),
    /// The start timecode is no frame of a day.
    #[error("the start timecode lies {frames} frames after midnight, but a day has only {day} frames")]
    Start {
        /// Where the first frame was said to lie.
        frames: u32,
        /// How many labels a day has.
        day: u32,
    },
    /// A comment lies behind the last frame.
    #[error("a comment is on frame {frame}, but the version has {frame_count} frames, counted from 0")]
    Outside {
        /// The last frame of the comment.
        frame: u32,
        /// The version's number of frames.
        frame_count: u32,
    },
    /// A variable rate without the times of its frames.
    #[error("the frame rate is variable and the frame table is missing, so comments have no timecode")]
    NoTable,
    /// The table describes other footage.
    #[error("the frame table has {table} frames, but the version has {frame_count}")]
    Table {
        /// The table's number of frames.
        table: u32,
        /// The version's number of frames.
        frame_count: u32,
    },
    /// The labels of an EDL would begin again at 00:00:00:00.
    #[error("the comment at {0} reaches midnight, which an EDL cannot cross; choose an earlier start timecode")]
    Midnight(String),
    /// The format has no way to write the rate.
    #[error("{} cannot be written at {rate} frames per second", format.name())]
    Rate {
        /// The format asked for.
        format: Format,
        /// The version's rate.
        rate: FrameRate,
    },
    /// The file could not be put together.
    #[error("the file could not be written: {0}")]
    Write(#[from] std::io::Error),
}
