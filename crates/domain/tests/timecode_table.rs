//! One table of cases holds the player's timecode (TypeScript) and these rules to each other.

use picturelock_domain::frame::{DropFrame, FrameRate, Timecode, TimecodeError};
use serde_json::Value;

const TABLE: &str = include_str!("../../../web/src/lib/timecode-cases.json");

fn cases(name: &str) -> Vec<Value> {
    let table: Value = serde_json::from_str(TABLE).expect("the table");
    let cases = table[name].as_array().expect(name).clone();
    assert!(!cases.is_empty(), "{name}");
    cases
}

fn rate(case: &Value) -> FrameRate {
    serde_json::from_value(serde_json::json!({"num": case["num"], "den": case["den"]})).expect("a rate")
}

fn labels(case: &Value) -> Timecode {
    let drop: DropFrame = serde_json::from_value(case["drop"].clone()).expect("a mode");
    Timecode::new(rate(case), drop).expect("labels")
}

#[test]
fn frames_are_labelled_as_the_table_says() {
    for case in cases("labels") {
        let frames = case["frames"].as_i64().expect("frames");
        assert_eq!(labels(&case).label(frames), case["label"].as_str().expect("a label"), "{case}");
    }
}

#[test]
fn labels_are_read_as_the_table_says() {
    for case in cases("parses") {
        let label = case["label"].as_str().expect("a label");
        let frames = case["frames"].as_u64().expect("frames");
        assert_eq!(labels(&case).parse(label).map(u64::from), Ok(frames), "{case}");
    }
}

#[test]
fn labels_are_refused_as_the_table_says() {
    for case in cases("refused") {
        let refused = labels(&case).parse(case["label"].as_str().expect("a label")).expect_err("refused");
        let fault = match refused {
            TimecodeError::Form(_) => "form",
            TimecodeError::Range { .. } => "range",
            TimecodeError::Dropped(_) => "dropped",
            TimecodeError::NoDrop(_) => "no_drop",
        };
        assert_eq!(fault, case["fault"], "{case}");
    }
}

#[test]
fn days_and_drop_frame_are_as_the_table_says() {
    for case in cases("days") {
        let frames = case["frames_per_day"].as_u64().expect("frames");
        assert_eq!(u64::from(labels(&case).frames_per_day()), frames, "{case}");
    }
    for case in cases("no_drop") {
        assert!(Timecode::new(rate(&case), DropFrame::Drop).is_err(), "{case}");
    }
}
