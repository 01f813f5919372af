//! Sheets from JSON.

use picturelock_domain::frame::{DropFrame, RateClass};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus};
use picturelock_exchange::{Format, Sheet};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sheets::{rate, written};

fn sheet(value: &Value) -> Sheet {
    Sheet::from_json(value.to_string().as_bytes()).expect("a sheet")
}

#[test]
fn a_rate_and_comments_are_enough() {
    let sheet = sheet(&json!({ "frame_rate": 25, "comments": [{ "frame": 30, "text": "Cut earlier" }] }));
    assert_eq!((sheet.rate, sheet.frame_count), (rate(25, 1), 31));
    assert_eq!((sheet.start.frames, sheet.start.drop_frame), (0, DropFrame::NonDrop));
    let edl = written(&sheet, Format::Edl);
    assert!(edl.contains("00:00:01:05 00:00:01:06"), "{edl}");
    assert!(edl.contains("Cut earlier |C:ResolveColorBlue |M:Unknown |D:1"), "{edl}");
}

#[test]
fn rates_are_read_as_people_write_them() {
    let drop = DropFrame::Drop;
    let non_drop = DropFrame::NonDrop;
    for (written, num, den, mode) in [
        (json!(23.976), 24_000, 1001, non_drop),
        (json!("23.98"), 24_000, 1001, non_drop),
        (json!(24.0), 24, 1, non_drop),
        (json!(29.97), 30_000, 1001, non_drop),
        (json!("29.97 DF"), 30_000, 1001, drop),
        (json!("59.94df"), 60_000, 1001, drop),
        (json!("59.94 NDF"), 60_000, 1001, non_drop),
        (json!("30000/1001"), 30_000, 1001, non_drop),
        (json!({ "num": 50, "den": 1 }), 50, 1, non_drop),
        (json!(12.5), 25, 2, non_drop),
    ] {
        let sheet = sheet(&json!({ "fps": written, "comments": [] }));
        assert_eq!((sheet.rate, sheet.start.drop_frame), (rate(num, den), mode), "{written}");
    }
}

#[test]
fn a_start_is_read_with_its_mode() {
    let drop = json!({ "rate": 29.97, "start": "01:00:00;00", "comments": [] });
    assert_eq!(sheet(&drop).start.frames, 107_892);
    let non_drop = json!({ "rate": 29.97, "start": "01:00:00:00", "comments": [] });
    assert_eq!(sheet(&non_drop).start.frames, 108_000);
    let said = json!({ "rate": 29.97, "start": "01:00:00:00", "drop_frame": true, "comments": [] });
    assert_eq!(sheet(&said).start.frames, 107_892);
    let probed = json!({
        "frame_rate": { "num": 30000, "den": 1001 }, "rate_class": "constant", "frame_count": 50,
        "start_timecode": { "frames": 107_892, "drop_frame": "drop" }, "drop_frame": true,
        "width": 1280, "height": 720, "comments": [],
    });
    assert_eq!(sheet(&probed).start, sheet(&drop).start);
    let unknown = json!({ "frame_rate": 24, "start_timecode": null, "drop_frame": null, "comments": [] });
    assert_eq!(sheet(&unknown).start.frames, 0);
}

#[test]
fn comments_of_the_api_are_read_as_they_are() {
    let comment = json!({
        "id": "0199", "version_id": "1", "project_id": "2", "author": { "kind": "guest", "id": "3", "name": "Ana" },
        "anchor": { "type": "frames", "first": 10, "last": 20 }, "timecode": "00:00:00:10",
        "timecode_out": "00:00:00:21", "text": "Why?", "kind": "question", "audience": "team",
        "status": "resolved", "resolved_by": null, "resolved_at": null, "drawing": [{ "type": "pen" }],
        "has_still": true, "created_at": "2026-01-31T12:00:00Z", "edited_at": null, "mine": false,
        "replies": [{ "id": "4", "author": { "kind": "account", "id": "5", "name": "Ben" }, "text": "Fixed",
            "audience": "team", "created_at": "2026-01-31T12:01:00Z", "edited_at": null, "mine": true }],
    });
    let sheet = sheet(&json!({ "frame_rate": 25, "version": 3, "comments": [comment] }));
    let marker = &sheet.markers[0];
    assert_eq!((marker.range.first(), marker.range.last(), sheet.version_label.as_str()), (10, 20, "v3"));
    assert_eq!(
        (marker.kind, marker.status, marker.audience),
        (CommentKind::Question, CommentStatus::Resolved, Audience::Team)
    );
    assert_eq!((marker.author.as_str(), marker.replies[0].author.as_str(), marker.drawing), ("Ana", "Ben", true));
    assert!(marker.created_at.is_some());
}

#[test]
fn places_may_be_timecode() {
    let sheet = sheet(&json!({
        "frame_rate": "29.97 DF", "start_timecode": "00:59:55;00",
        "comments": [{ "timecode": "01:00:00;00", "timecode_out": "01:00:01;00", "text": "x" }],
    }));
    assert_eq!((sheet.markers[0].range.first(), sheet.markers[0].range.last()), (150, 179));
}

#[test]
fn a_table_that_is_not_steady_makes_the_rate_variable() {
    let sheet = sheet(&json!({
        "frame_rate": 25, "comments": [{ "frame": 3, "text": "x" }],
        "frame_table": { "time_base": { "num": 1, "den": 1000 }, "runs": [[20, 1], [90, 3]] },
    }));
    assert_eq!((sheet.class, sheet.frame_count), (RateClass::Variable, 4));
}

#[test]
fn nonsense_is_refused_in_one_line() {
    for (nonsense, reason) in [
        (json!([]), "SheetFields"),
        (json!({ "comments": [] }), "frame_rate"),
        (json!({ "frame_rate": 25 }), "comments"),
        (json!({ "frame_rate": 0, "comments": [] }), "frame_rate"),
        (json!({ "frame_rate": "fast", "comments": [] }), "frame_rate"),
        (json!({ "frame_rate": "2.\u{10000}\u{10000}\u{10000}", "comments": [] }), "frame_rate"),
        (json!({ "frame_rate": 25, "comments": [], "colour": "red" }), "colour"),
        (json!({ "frame_rate": 25, "comments": [], "width": 0 }), "pixels"),
        (json!({ "frame_rate": 25, "comments": [], "link_base": "javascript:x" }), "link"),
        (json!({ "frame_rate": 25, "comments": [], "drop_frame": true }), "drop-frame"),
        (json!({ "frame_rate": 29.97, "start": "00:01:00;00", "comments": [] }), "does not exist"),
        (json!({ "frame_rate": 29.97, "start": "01:00:00;00", "drop_frame": false, "comments": [] }), "disagree"),
        (json!({ "frame_rate": 25, "comments": [{ "text": "x" }] }), "comment 1"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": 1 }] }), "comment 1: missing field `text`"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": -1, "text": "x" }] }), "comment 1"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": 1.5, "text": "x" }] }), "comment 1"),
        (json!({ "frame_rate": 25, "comments": [{ "first": 5, "last": 4, "text": "x" }] }), "before it begins"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": 1, "text": "x", "kind": "rant" }] }), "kind"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": 1, "text": "x", "link": "file:///etc" }] }), "link"),
        (json!({ "frame_rate": 25, "comments": [{ "frame": 1, "text": "x", "mood": 1 }] }), "mood"),
        (
            json!({ "frame_rate": 25, "start": "01:00:00:00", "comments": [{ "timecode": "00:59:00:00", "text": "x" }] }),
            "lies before the start",
        ),
    ] {
        let error = Sheet::from_json(nonsense.to_string().as_bytes()).expect_err("refused").to_string();
        assert!(error.contains(reason) && !error.contains('\n'), "{nonsense}: {error}");
    }
    let deep = "[".repeat(100_000);
    assert!(Sheet::from_json(deep.as_bytes()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,40}") {
        let _ = Sheet::from_json(&bytes);
        for value in [json!({ "fps": text, "comments": [] }), json!({ "fps": 29.97, "start": text, "comments": [] })] {
            let _ = Sheet::from_json(value.to_string().as_bytes());
        }
    }
}
