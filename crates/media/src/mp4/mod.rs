//! The sample tables of MP4 and QuickTime files: when each frame is shown, without reading a packet.

mod boxes;
mod samples;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use samples::{VideoTrack, read_video_track};
pub use table::read_frame_table;
pub(crate) use table::{Shown, shown};

use std::io;

/// The index of an MP4 or QuickTime file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Mp4Error {
    /// There is no index.
    #[error("the file has no index")]
    NoIndex,
    /// There is no video track in the index.
    #[error("the file has no video track")]
    NoVideo,
    /// The index contradicts itself, or is beyond all limits.
    #[error("the index is damaged: {0}")]
    Damaged(&'static str),
    /// The index is one that only a full reading of the packets can answer for.
    #[error("the index is not simple: {0}")]
    NotSimple(&'static str),
    /// The frames make no table.
    #[error(transparent)]
    Table(#[from] picturelock_domain::frame::FrameTableError),
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}
