//! Versions: one exact file each, and what is known of it.

use serde::{Deserialize, Serialize};

use crate::frame::{FrameRate, RateClass, StartTimecode, Timecode};

/// Where a version stands on its way to the player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VersionState {
    /// The file is here and is being checked and turned into proxies.
    Processing,
    /// It can be watched, commented and decided on.
    Ready,
    /// It cannot be used; the reason is for a person.
    Failed {
        /// What is wrong with the file and what to do.
        reason: String,
    },
    /// Its files are gone; its comments stay.
    Deleted,
}

/// What was measured about a version's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footage {
    /// How many frames are shown.
    pub frame_count: u32,
    /// The rate of a constant version; the nearest standard rate of a variable one.
    pub frame_rate: FrameRate,
    /// Whether frames last equally long.
    pub rate_class: RateClass,
    /// The label of the first frame, where the file carries one.
    pub start_timecode: Option<StartTimecode>,
    /// Width in pixels as shown: rotated, with square pixels.
    pub width: u32,
    /// Height in pixels as shown.
    pub height: u32,
    /// Duration in milliseconds, rounded; for display only.
    pub duration_ms: u64,
    /// Whether there is sound.
    pub has_audio: bool,
    /// Container and codecs in words, such as "QuickTime, ProRes 422 HQ, PCM".
    pub description: String,
}

impl Footage {
    /// How this version's frames are labelled.
    pub fn timecode(&self) -> Timecode {
        let drop = self.start_timecode.map_or(crate::frame::DropFrame::NonDrop, |start| start.drop_frame);
        Timecode::new(self.frame_rate, drop).unwrap_or(Timecode::non_drop(self.frame_rate))
    }

    /// Frames since 00:00:00:00 of the first frame's label.
    pub fn start_frames(&self) -> u32 {
        self.start_timecode.map_or(0, |start| start.frames)
    }
}
