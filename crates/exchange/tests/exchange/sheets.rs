//! Sheets to export.

use picturelock_domain::frame::{DropFrame, FrameRange, FrameRate, RateClass, StartTimecode, Timecode};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus};
use picturelock_exchange::{Format, Marker, Sheet};

/// The rates that exports are made at.
pub const RATES: [(u32, u32, DropFrame); 10] = [
    (24_000, 1001, DropFrame::NonDrop),
    (24, 1, DropFrame::NonDrop),
    (25, 1, DropFrame::NonDrop),
    (30_000, 1001, DropFrame::Drop),
    (30_000, 1001, DropFrame::NonDrop),
    (30, 1, DropFrame::NonDrop),
    (50, 1, DropFrame::NonDrop),
    (60_000, 1001, DropFrame::Drop),
    (60_000, 1001, DropFrame::NonDrop),
    (60, 1, DropFrame::NonDrop),
];

pub fn rate(num: u32, den: u32) -> FrameRate {
    FrameRate::new(num, den).expect("a rate")
}

/// A sheet without comments whose first frame carries `start`.
pub fn sheet((num, den, drop_frame): (u32, u32, DropFrame), start: &str, frame_count: u32) -> Sheet {
    let rate = rate(num, den);
    let frames = Timecode::new(rate, drop_frame).expect("labels").parse(start).expect("a start");
    Sheet {
        title: "Harbour".to_owned(),
        project: "Coast".to_owned(),
        version_label: "v3".to_owned(),
        rate,
        class: RateClass::Constant,
        start: StartTimecode { frames, drop_frame },
        frame_count,
        width: 1920,
        height: 1080,
        table: None,
        markers: Vec::new(),
        link_base: None,
    }
}

pub fn marker(first: u32, last: u32, text: &str) -> Marker {
    Marker {
        id: format!("c{first}"),
        range: FrameRange::new(first, last).expect("a range"),
        author: "Ana".to_owned(),
        text: text.to_owned(),
        kind: CommentKind::Change,
        status: CommentStatus::Open,
        audience: Audience::Everyone,
        replies: Vec::new(),
        drawing: false,
        link: None,
        created_at: None,
    }
}

/// The only file of an export, as text.
pub fn written(sheet: &Sheet, format: Format) -> String {
    let mut files = picturelock_exchange::write(sheet, format).expect("an export");
    assert_eq!(files.len(), 1, "{format}");
    String::from_utf8(files.remove(0).bytes).expect("UTF-8")
}
