//! What can go wrong, in words for a person.

use std::io;
use std::time::Duration;

/// Why a file is not taken. Displays as a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The file holds no bytes.
    #[error("The file is empty. Export it again and upload the new file.")]
    Empty,
    /// The file cannot be opened or read.
    #[error("The file could not be read: {0}.")]
    Unreadable(String),
    /// HLS, DASH, concat scripts and their like: they name other files.
    #[error("This is a playlist, not a media file: it only names other files. Upload the video file itself.")]
    Playlist,
    /// Text of another kind.
    #[error("This is a text file, not a video. Upload the video file itself.")]
    Text,
    /// A single picture.
    #[error("This is a still picture, not a video. Upload a video file.")]
    StillPicture,
    /// None of the containers that are taken.
    #[error("This is not a video file that can be read here. Upload MOV, MP4, MXF, MKV, WebM, AVI or MPEG-TS.")]
    Unknown,
    /// The index of an MP4 or MOV is missing.
    #[error("The file ends early: its index is missing. Export it again and upload the new file.")]
    NoIndex,
    /// Fewer frames can be read than the file promises.
    #[error(
        "The file ends early: {} of {} frames can be read. Export it again and upload the new file.",
        grouped(*.readable), grouped(*.expected)
    )]
    EndsEarly {
        /// Frames that can be read.
        readable: u64,
        /// Frames the file promises.
        expected: u64,
    },
    /// The bytes stop before the container does.
    #[error("The file ends early: its last part is missing. Export it again and upload the new file.")]
    CutOff,
    /// Sound only, or nothing.
    #[error("There is no picture in this file. Upload a video file.")]
    NoPicture,
    /// A codec outside the allow-list.
    #[error("The picture is coded as “{0}”, which cannot be read here. Export ProRes, DNxHR, H.264 or HEVC.")]
    Codec(String),
    /// Content protection.
    #[error("The file is protected against copying and cannot be read. Export it without protection.")]
    Protected,
    /// The picture is too large, or has no size.
    #[error("The picture is {width} × {height}; up to 16,384 on a side and 70 megapixels can be read.")]
    PictureSize {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
    },
    /// More frames than a version may have.
    #[error("The file has more than {} frames. Upload it in parts.", grouped(*.0))]
    TooManyFrames(u64),
    /// More streams than a programme needs.
    #[error("The file has {0} tracks; up to 64 can be read. Export it with fewer.")]
    TooManyTracks(usize),
    /// A frame that stays for many minutes: the times in the file are wrong, or it is a trap.
    #[error("Frame {} stays on screen for {} minutes, so the times in the file cannot be right. Export it again.",
        grouped(u64::from(*.frame)), grouped(*.minutes))]
    Gap {
        /// The frame before the gap, from 0.
        frame: u32,
        /// Its length in minutes.
        minutes: u64,
    },
    /// Frames without times, at one time, or running backwards.
    #[error("Frame {} is not shown after the frame before it. Export the file again with steady time stamps.",
        grouped(u64::from(*.0)))]
    TimesNotIncreasing(u32),
    /// The frames made are not the frames of the source.
    #[error("The file has {} frames, but {} could be decoded. Export it again and upload the new file.",
        grouped(*.source_frames), grouped(*.decoded))]
    FramesDiffer {
        /// Frames the source shows.
        source_frames: u64,
        /// Frames that came out of it.
        decoded: u64,
    },
    /// The decoder gave up.
    #[error("The file is damaged and could not be decoded. Export it again and upload the new file.")]
    Damaged,
}

/// Why media could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The file is not taken; the reason is for the person who uploaded it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// ffmpeg or ffprobe is missing or does not start.
    #[error("the media tools cannot be used: {0}")]
    Tools(String),
    /// A media tool failed for a reason that is not the file's.
    #[error("{tool} failed: {detail}")]
    Failed {
        /// Which program.
        tool: &'static str,
        /// Its last words, for an operator.
        detail: String,
    },
    /// The work took longer than it may.
    #[error("the work was stopped after {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// Someone asked for the work to stop.
    #[error("the work was cancelled")]
    Cancelled,
    /// There is no such frame.
    #[error("there is no frame {frame}; the last is {last}")]
    NoSuchFrame {
        /// The frame that was asked for.
        frame: u32,
        /// The last frame there is.
        last: u32,
    },
    /// Reading or writing on this server failed.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl MediaError {
    /// What to tell the person who uploaded the file: the reason and the next step, nothing about this server.
    pub fn user_message(&self) -> String {
        match self {
            Self::Refused(refused) => refused.to_string(),
            Self::TimedOut(_) => {
                "The file took too long to prepare and was stopped. Upload a smaller or simpler export.".to_owned()
            }
            Self::Cancelled => "Preparing the file was cancelled.".to_owned(),
            Self::NoSuchFrame { .. } => "That frame does not exist in this version.".to_owned(),
            Self::Tools(_) | Self::Failed { .. } | Self::Io(_) => {
                "The file could not be prepared because of a fault on the server. Try again later.".to_owned()
            }
        }
    }

    /// Whether trying the same file again could end differently.
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Cancelled | Self::NoSuchFrame { .. } => false,
            Self::Tools(_) | Self::Failed { .. } | Self::TimedOut(_) | Self::Io(_) => true,
        }
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_file_is_told_in_frames_a_person_can_read() {
        let refused = Refused::EndsEarly { readable: 812, expected: 1200 };
        assert_eq!(
            MediaError::from(refused).user_message(),
            "The file ends early: 812 of 1,200 frames can be read. Export it again and upload the new file."
        );
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(999), "999");
    }

    #[test]
    fn faults_of_the_server_are_not_shown_to_people() {
        let error = MediaError::Failed { tool: "ffmpeg", detail: "/srv/secret: No such file".to_owned() };
        assert!(!error.user_message().contains("secret"));
        assert!(error.is_worth_retrying());
    }
}
