//! SMPTE ST 12-1 timecode: labels for frames.
//!
//! Drop-frame skips labels, never frames: at 29.97 the labels ;00 and ;01 (at 59.94 ;00 to ;03) at the start
//! of every minute that is not a multiple of ten.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::FrameRate;

/// Whether labels are skipped to stay near the clock. Comes from the file or the person, never from the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropFrame {
    /// Every label is used; written with `:` before the frames.
    NonDrop,
    /// Labels are skipped; written with `;` before the frames.
    Drop,
}

/// How a rate's frames are labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timecode {
    rate: FrameRate,
    drop: DropFrame,
}

/// The label of a version's first frame, as a count of frames since 00:00:00:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StartTimecode {
    /// Frames since midnight.
    pub frames: u32,
    /// Whether the labels drop.
    pub drop_frame: DropFrame,
}

/// The label cannot be read or does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimecodeError {
    /// Not of the form HH:MM:SS:FF.
    #[error("“{0}” is not a timecode; write HH:MM:SS:FF")]
    Form(String),
    /// A field is too large.
    #[error("“{label}” does not exist at {rate} frames per second")]
    Range {
        /// What was written.
        label: String,
        /// The rate it was read at.
        rate: FrameRate,
    },
    /// One of the labels that drop-frame skips.
    #[error("“{0}” does not exist: drop-frame timecode skips it")]
    Dropped(String),
    /// Drop-frame asked for at a rate that has none.
    #[error("there is no drop-frame timecode at {0} frames per second")]
    NoDrop(FrameRate),
}

impl Timecode {
    /// Labels at `rate`.
    ///
    /// # Errors
    /// When drop-frame is asked for at a rate that has none.
    pub fn new(rate: FrameRate, drop: DropFrame) -> Result<Self, TimecodeError> {
        if drop == DropFrame::Drop && !rate.can_drop() {
            return Err(TimecodeError::NoDrop(rate));
        }
        Ok(Self { rate, drop })
    }

    /// Labels at `rate` that skip none.
    pub const fn non_drop(rate: FrameRate) -> Self {
        Self { rate, drop: DropFrame::NonDrop }
    }

    /// The rate that is labelled.
    pub const fn rate(self) -> FrameRate {
        self.rate
    }

    /// Whether labels are skipped.
    pub const fn drop_frame(self) -> DropFrame {
        self.drop
    }

    /// How many frames a day of labels holds; labels wrap there.
    pub fn frames_per_day(self) -> u32 {
        144 * self.frames_per_ten_minutes()
    }

    /// The label of the frame `frames` after 00:00:00:00, modulo a day.
    pub fn label(self, frames: i64) -> String {
        let frames = frames.rem_euclid(i64::from(self.frames_per_day())) as u32;
        let base = self.rate.nominal();
        let number = frames + self.labels_skipped_before(frames);
        let separator = if self.drop == DropFrame::Drop { ';' } else { ':' };
        let (seconds, frame) = (number / base, number % base);
        let width = if base > 100 { 3 } else { 2 };
        format!("{:02}:{:02}:{:02}{separator}{frame:0width$}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    /// The frame that `label` names, counted from 00:00:00:00. `;`, `.` and `,` are read as `:`.
    ///
    /// # Errors
    /// When the label is malformed, or no frame carries it.
    pub fn parse(self, label: &str) -> Result<u32, TimecodeError> {
        let malformed = || TimecodeError::Form(label.chars().take(40).collect());
        let mut fields = [0_u32; 4];
        let mut parts = label.trim().split([':', ';', '.', ',']);
        for field in &mut fields {
            let part = parts.next().ok_or_else(malformed)?;
            if !(1..=3).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(malformed());
            }
            *field = part.parse().map_err(|_| malformed())?;
        }
        if parts.next().is_some() {
            return Err(malformed());
        }
        let [hours, minutes, seconds, frame] = fields;
        let base = self.rate.nominal();
        if hours > 23 || minutes > 59 || seconds > 59 || frame >= base {
            return Err(TimecodeError::Range { label: label.trim().to_owned(), rate: self.rate });
        }
        let dropped = self.dropped_per_minute();
        if seconds == 0 && frame < dropped && !minutes.is_multiple_of(10) {
            return Err(TimecodeError::Dropped(label.trim().to_owned()));
        }
        let minute = hours * 60 + minutes;
        Ok((minute * 60 + seconds) * base + frame - dropped * (minute - minute / 10))
    }

    fn dropped_per_minute(self) -> u32 {
        match self.drop {
            DropFrame::Drop => self.rate.nominal() / 15,
            DropFrame::NonDrop => 0,
        }
    }

    fn frames_per_ten_minutes(self) -> u32 {
        600 * self.rate.nominal() - 9 * self.dropped_per_minute()
    }

    fn labels_skipped_before(self, frames: u32) -> u32 {
        let dropped = self.dropped_per_minute();
        if dropped == 0 {
            return 0;
        }
        let per_minute = 60 * self.rate.nominal() - dropped;
        let (tens, rest) = (frames / self.frames_per_ten_minutes(), frames % self.frames_per_ten_minutes());
        let minutes = rest.saturating_sub(dropped) / per_minute;
        dropped * (9 * tens + minutes)
    }
}

impl fmt::Display for DropFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NonDrop => "non-drop",
            Self::Drop => "drop-frame",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn timecode(num: u32, den: u32, drop: DropFrame) -> Timecode {
        Timecode::new(FrameRate::new(num, den).expect("a rate"), drop).expect("labels")
    }

    #[test]
    fn labels_match_published_vectors() {
        let df30 = timecode(30_000, 1001, DropFrame::Drop);
        let df60 = timecode(60_000, 1001, DropFrame::Drop);
        for (labels, frames, expected) in [
            (df30, 0, "00:00:00;00"),
            (df30, 1799, "00:00:59;29"),
            (df30, 1800, "00:01:00;02"),
            (df30, 17_982, "00:10:00;00"),
            (df30, 107_892, "01:00:00;00"),
            (df30, 107_742 + 150, "01:00:00;00"),
            (df30, 2_589_407, "23:59:59;29"),
            (df30, 2_589_408, "00:00:00;00"),
            (df30, -1, "23:59:59;29"),
            (df60, 3600, "00:01:00;04"),
            (timecode(24_000, 1001, DropFrame::NonDrop), 86_400, "01:00:00:00"),
            (timecode(25, 1, DropFrame::NonDrop), 90_000, "01:00:00:00"),
        ] {
            assert_eq!(labels.label(frames), expected);
        }
    }

    #[test]
    fn every_frame_of_a_day_has_its_own_label() {
        for labels in [
            timecode(24_000, 1001, DropFrame::NonDrop),
            timecode(25, 1, DropFrame::NonDrop),
            timecode(30_000, 1001, DropFrame::Drop),
            timecode(60_000, 1001, DropFrame::Drop),
        ] {
            // One frame in 61 walks every second and frame field; minute starts come whole.
            let day = labels.frames_per_day();
            for frame in (0..day).step_by(61).chain((0..day).filter(|frame| frame % 1798 < 6)) {
                assert_eq!(labels.parse(&labels.label(frame.into())), Ok(frame));
            }
        }
    }

    #[test]
    fn days_are_as_long_as_the_standard_says() {
        assert_eq!(timecode(30_000, 1001, DropFrame::Drop).frames_per_day(), 2_589_408);
        assert_eq!(timecode(60_000, 1001, DropFrame::Drop).frames_per_day(), 5_178_816);
        assert_eq!(timecode(120_000, 1001, DropFrame::Drop).frames_per_day(), 10_357_632);
        assert_eq!(timecode(24_000, 1001, DropFrame::NonDrop).frames_per_day(), 2_073_600);
    }

    #[test]
    fn labels_that_do_not_exist_are_refused() {
        let df = timecode(30_000, 1001, DropFrame::Drop);
        for label in ["00:01:00;00", "00:01:00;01", "10:59:00:00"] {
            assert!(matches!(df.parse(label), Err(TimecodeError::Dropped(_))), "{label}");
        }
        for label in ["24:00:00:00", "00:60:00:00", "00:00:60:00", "00:00:00:30"] {
            assert!(matches!(df.parse(label), Err(TimecodeError::Range { .. })), "{label}");
        }
        for label in ["", "1:2:3", "a:b:c:d", "00:00:00:00:00", "-1:00:00:00", "00:00:00:+1", "0000:0:0:0"] {
            assert!(matches!(df.parse(label), Err(TimecodeError::Form(_))), "{label}");
        }
        assert!(Timecode::new(FrameRate::new(24_000, 1001).expect("a rate"), DropFrame::Drop).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            let _ = timecode(25, 1, DropFrame::NonDrop).parse(&text);
        }
    }
}
