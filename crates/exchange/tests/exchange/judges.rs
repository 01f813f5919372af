//! Exports judged by parsers of other projects, which `judges.py` runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use picturelock_domain::frame::DropFrame;
use picturelock_domain::review::{CommentKind, CommentStatus};
use picturelock_exchange::{Format, Sheet};
use serde_json::{Value, json};

use crate::sheets::{RATES, marker, sheet};

#[test]
fn other_parsers_find_every_marker_on_its_frame() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let cases: Vec<Value> = RATES.into_iter().map(|rate| case(&judged(rate), folder.path())).collect();
    let said = judge(&python, &cases, folder.path());
    println!("{}", String::from_utf8_lossy(&said.stdout));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn other_parsers_notice_a_marker_one_frame_off() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut shifted = case(&judged((24, 1, DropFrame::NonDrop)), folder.path());
    let frame = &mut shifted["markers"][5]["first"];
    *frame = json!(frame.as_u64().expect("a frame") + 1);
    let said = judge(&python, &[shifted], folder.path());
    let disagree = String::from_utf8_lossy(&said.stderr).matches("DISAGREES").count();
    // All but the one that looks at columns only.
    assert_eq!((disagree, said.status.success()), (6, false), "{}", String::from_utf8_lossy(&said.stderr));
}

/// The interpreter that has the judges, if there is one.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("PICTURELOCK_JUDGES_PYTHON").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.cache/judges/bin/python"),
        PathBuf::from,
    );
    if python.exists() {
        return Some(python);
    }
    println!("skipped: no judges at {}; make a venv with tests/judges.txt", python.display());
    None
}

fn judge(python: &Path, cases: &[Value], folder: &Path) -> Output {
    let manifest = folder.join("manifest.json");
    std::fs::write(&manifest, json!(cases).to_string()).expect("a file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges.py");
    Command::new(python).arg(script).arg(&manifest).output().expect("the judges start")
}

/// Comments on both sides of minutes and tens of minutes, points and ranges, plain and difficult texts.
fn judged(rate: (u32, u32, DropFrame)) -> Sheet {
    let per_minute = 60 * rate.0.div_ceil(rate.1);
    let mut sheet = sheet(rate, "00:59:50:10", 11 * per_minute);
    let texts = ["Cut earlier", "3 frames < long & \"loud\" | <b>", "日本語 = +1", "=1+1"];
    for minute in 0..11 {
        for offset in [0, 1, 2, 3, 7, 590] {
            let first = minute * per_minute + offset;
            let last = if offset == 7 { first + 47 } else { first };
            let mut comment = marker(first, last, texts[sheet.markers.len() % texts.len()]);
            comment.kind = CommentKind::ALL[sheet.markers.len() % CommentKind::ALL.len()];
            if offset == 590 {
                comment.status = CommentStatus::Resolved;
            }
            sheet.markers.push(comment);
        }
    }
    sheet
}

/// Writes every format of `sheet` to the folder and says what is in it.
fn case(sheet: &Sheet, folder: &Path) -> Value {
    let mode = sheet.start.drop_frame;
    let mut files = serde_json::Map::new();
    for format in Format::ALL {
        let file = picturelock_exchange::write(sheet, format).expect("an export").remove(0);
        let path = folder.join(format!("{}-{mode}.{}", sheet.rate, file.name));
        std::fs::write(&path, file.bytes).expect("a file");
        files.insert(format.code().to_owned(), json!(path));
    }
    let markers: Vec<Value> = sheet.markers.iter().map(|marker| {
        json!({ "first": marker.range.first(), "count": marker.range.count(), "text": marker.text, "author": marker.author })
    }).collect();
    json!({
        "name": format!("{} {mode}", sheet.rate),
        "num": sheet.rate.num(), "den": sheet.rate.den(), "drop": mode == DropFrame::Drop,
        "start": sheet.start.frames, "frame_count": sheet.frame_count,
        "markers": markers, "files": files,
    })
}
