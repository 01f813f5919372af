//! The labels of exports against another crate, over whole days.

use picturelock_domain::frame::{StartTimecode, Timecode};

use crate::readers::smpte_rate;
use crate::sheets::{RATES, rate};

#[test]
fn labels_agree_with_another_crate_over_whole_days() {
    for (num, den, drop_frame) in RATES {
        let labels = Timecode::new(rate(num, den), drop_frame).expect("labels");
        let theirs = smpte_rate(labels.rate(), StartTimecode { frames: 0, drop_frame });
        let day = labels.frames_per_day();
        assert_eq!(day, theirs.frames_per_day());
        // A step that shares no factor with 60 meets every field; both sides of every minute come whole.
        let minutes = (0..24 * 60).flat_map(|minute: u32| {
            let begin = theirs_at(theirs, minute);
            begin.saturating_sub(5)..begin + 5
        });
        for frame in (0..day).step_by(29).chain(minutes) {
            let label = smpte_timecode::Timecode::from_frames(frame, theirs).expect("a frame of the day");
            assert_eq!(labels.label(i64::from(frame)), label.to_string());
            assert_eq!(labels.parse(&label.to_string()), Ok(frame));
        }
    }
}

/// The first frame of a minute of the day: the first label of it that exists.
fn theirs_at(rate: smpte_timecode::FrameRate, minute: u32) -> u32 {
    let label = |frames| smpte_timecode::Fields {
        hours: (minute / 60) as u8,
        minutes: (minute % 60) as u8,
        seconds: 0,
        frames,
    };
    let first = (0..=8).find_map(|frame| smpte_timecode::Timecode::from_fields(label(frame), rate).ok());
    first.expect("a label that exists").frames()
}
