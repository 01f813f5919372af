//! Versions: one exact file each, and what is known of it.

use serde::{Deserialize, Serialize};

use crate::frame::{FrameRange, FrameRate, FrameTable, RateClass, StartTimecode, Timecode};

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

impl VersionState {
    /// Whether the version stands in the row of its reviewable: the newest that does is the current one. A failed
    /// or deleted version takes nothing away from the one before it; one still being prepared does.
    pub const fn stands(&self) -> bool {
        match self {
            Self::Processing | Self::Ready => true,
            Self::Failed { .. } | Self::Deleted => false,
        }
    }
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

/// The labels of one version's frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    timecode: Timecode,
    start: i64,
    /// Where frames last unequally long, labels go by time.
    table: Option<FrameTable>,
}

impl Labels {
    /// Labels for `footage`; `table` is needed, and used, only where its rate is variable.
    pub fn new(footage: &Footage, table: Option<FrameTable>) -> Self {
        let table = match footage.rate_class {
            RateClass::Constant => None,
            RateClass::Variable => table,
        };
        Self { timecode: footage.timecode(), start: footage.start_frames().into(), table }
    }

    /// The label of `frame`.
    pub fn label(&self, frame: u32) -> String {
        self.timecode.label(self.start + self.position(frame))
    }

    /// The label of the first frame and, for more than one frame, that of the frame after the last.
    pub fn ends(&self, range: FrameRange) -> (String, Option<String>) {
        let first = self.position(range.first());
        // Frames of a variable rate may be shorter than a frame of the labels.
        let out = (range.count() > 1).then(|| self.position(range.end()).max(first + 1));
        (self.timecode.label(self.start + first), out.map(|out| self.timecode.label(self.start + out)))
    }

    fn position(&self, frame: u32) -> i64 {
        match &self.table {
            Some(table) => table.position_at(frame, self.timecode.rate(), RateClass::Variable),
            None => frame.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{DropFrame, Run, TimeBase};

    fn footage(num: u32, den: u32, class: RateClass, start: Option<StartTimecode>) -> Footage {
        Footage {
            frame_count: 100_000,
            frame_rate: FrameRate::new(num, den).expect("a rate"),
            rate_class: class,
            start_timecode: start,
            width: 1920,
            height: 1080,
            duration_ms: 0,
            has_audio: false,
            description: String::new(),
        }
    }

    #[test]
    fn labels_start_where_the_file_says_and_drop_as_it_does() {
        let start = StartTimecode { frames: 107_892, drop_frame: DropFrame::Drop };
        let labels = Labels::new(&footage(30_000, 1001, RateClass::Constant, Some(start)), None);
        assert_eq!(labels.label(0), "01:00:00;00");
        assert_eq!(labels.label(1800), "01:01:00;02");
        let range = FrameRange::new(10, 19).expect("a range");
        assert_eq!(labels.ends(range), ("01:00:00;10".to_owned(), Some("01:00:00;20".to_owned())));
        assert_eq!(labels.ends(FrameRange::single(10)).1, None);
    }

    #[test]
    fn frames_of_unequal_length_are_labelled_by_time() {
        let runs = vec![Run { delta: 40, count: 10 }, Run { delta: 80, count: 10 }, Run { delta: 10, count: 10 }];
        let table = FrameTable::from_runs(TimeBase { num: 1, den: 1000 }, runs).expect("a table");
        let labels = Labels::new(&footage(25, 1, RateClass::Variable, None), Some(table));
        assert_eq!(labels.label(10), "00:00:00:10");
        assert_eq!(labels.label(15), "00:00:00:20");
        let short = labels.ends(FrameRange::new(21, 22).expect("a range"));
        assert_eq!(short, ("00:00:01:05".to_owned(), Some("00:00:01:06".to_owned())), "at least a frame long");
    }
}
