//! Frame → exported place → frame, for every frame.

use picturelock_domain::frame::DropFrame;
use picturelock_exchange::Format;

use crate::readers::{Seen, read};
use crate::sheets::{RATES, marker, sheet};

/// Formats whose markers are placed by label.
const BY_LABEL: [Format; 3] = [Format::Edl, Format::Avid, Format::Csv];
/// Formats whose markers are placed by a multiple of the frame's duration.
const BY_COUNT: [Format; 3] = [Format::Fcpxml, Format::Xmeml, Format::Otio];

/// Comments on every frame of two hours come back on the same frames where places are labels, and on one in
/// eleven where they are only counted.
fn check_all(rate: (u32, u32, DropFrame), start: &str) {
    check(rate, start, 1, &BY_LABEL);
    check(rate, start, 11, &BY_COUNT);
}

/// Comments on every `step`th frame of two hours come back from `formats` on the same frames.
fn check(rate: (u32, u32, DropFrame), start: &str, step: usize, formats: &[Format]) {
    let per_second = rate.0.div_ceil(rate.1);
    let frame_count = 2 * 3600 * per_second;
    let mut sheet = sheet(rate, start, frame_count);
    let frames: Vec<u32> = (0..frame_count).step_by(step).collect();
    for frames in frames.chunks(40_000) {
        sheet.markers = frames.iter().map(|&frame| marker(frame, frame, "x")).collect();
        for &format in formats {
            let seen = read(&sheet, format);
            assert_eq!(seen.len(), frames.len(), "{format}");
            for (seen, &frame) in seen.iter().zip(frames) {
                assert_eq!((seen.first, seen.count), (i64::from(frame), 1), "{format} {rate:?}");
            }
        }
    }
}

#[test]
fn every_frame_of_two_hours_at_29_97_drop_frame() {
    check_all((30_000, 1001, DropFrame::Drop), "00:59:55;00");
}

#[test]
fn every_frame_of_two_hours_at_59_94_drop_frame() {
    check_all((60_000, 1001, DropFrame::Drop), "09:58:00;04");
}

#[test]
fn every_frame_of_two_hours_at_23_976() {
    check_all((24_000, 1001, DropFrame::NonDrop), "01:00:00:00");
}

#[test]
fn every_frame_of_two_hours_at_25() {
    check_all((25, 1, DropFrame::NonDrop), "10:00:00:07");
}

#[test]
fn frames_of_two_hours_at_every_rate() {
    for rate in RATES {
        check(rate, "20:58:50:11", 61, &Format::ALL);
    }
}

#[test]
fn ranges_keep_their_length_in_every_format() {
    for rate in RATES {
        let mut sheet = sheet(rate, "00:59:58:00", 5000);
        sheet.markers = vec![marker(0, 4999, "all"), marker(10, 10, "one"), marker(1790, 1837, "over a minute")];
        let wanted = [(0, 5000, "all"), (10, 1, "one"), (1790, 48, "over a minute")];
        let wanted = wanted.map(|(first, count, note)| Seen { first, count, note: note.to_owned() });
        for format in Format::ALL {
            assert_eq!(read(&sheet, format), wanted, "{format} {rate:?}");
        }
    }
}
