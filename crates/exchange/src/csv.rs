//! A table for spreadsheets: RFC 4180 in UTF-8 with a byte-order mark, which Excel needs to read it as such.
//!
//! *Out* columns are half-open: the frame after the last. A reply has a row of its own, which names the row it
//! answers. Cells that a spreadsheet would calculate get an apostrophe in front.

use picturelock_domain::frame::RateClass;
use picturelock_domain::review::{Audience, CommentStatus};

use crate::place::{Placed, Timeline};
use crate::text;

const COLUMNS: [&str; 18] = [
    "number",
    "timecode in",
    "timecode out",
    "frame in",
    "frame out",
    "seconds",
    "author",
    "status",
    "colour",
    "text",
    "reply to",
    "version",
    "URL",
    "kind",
    "audience",
    "drawing",
    "created",
    "remark",
];

pub(crate) fn write(timeline: &Timeline<'_>) -> Vec<u8> {
    let mut csv = String::from('\u{feff}');
    push_row(&mut csv, COLUMNS.map(str::to_owned));
    let mut number = 0_usize;
    for placed in &timeline.markers {
        number += 1;
        let comment = number;
        push_row(&mut csv, comment_row(timeline, placed, number));
        for reply in &placed.marker.replies {
            number += 1;
            let mut row = comment_row(timeline, placed, number);
            row[6] = text::one_line(&reply.author);
            row[9] = text::clean(&reply.text);
            row[10] = comment.to_string();
            // What belongs to the comment alone.
            for column in [13, 15, 16] {
                row[column].clear();
            }
            push_row(&mut csv, row);
        }
    }
    csv.into_bytes()
}

fn comment_row(timeline: &Timeline<'_>, placed: &Placed<'_>, number: usize) -> [String; COLUMNS.len()] {
    let marker = placed.marker;
    let status = match marker.status {
        CommentStatus::Open => "open",
        CommentStatus::Resolved => "resolved",
    };
    let audience = match marker.audience {
        Audience::Everyone => "everyone",
        Audience::Team => "team only",
    };
    [
        number.to_string(),
        timeline.label(placed.first),
        timeline.label(placed.end),
        marker.range.first().to_string(),
        marker.range.end().to_string(),
        seconds(timeline, marker.range.first()),
        text::one_line(&marker.author),
        status.to_owned(),
        placed.colour.name().to_owned(),
        text::clean(&marker.text),
        String::new(),
        text::one_line(&timeline.sheet.version_label),
        placed.link.as_deref().map(text::one_line).unwrap_or_default(),
        marker.kind.code().replace('_', " "),
        audience.to_owned(),
        if marker.drawing { "yes" } else { "no" }.to_owned(),
        marker.created_at.map(|at| at.to_string()).unwrap_or_default(),
        placed.remark.clone().unwrap_or_default(),
    ]
}

/// When `frame` begins, in seconds after the first, to the microsecond.
fn seconds(timeline: &Timeline<'_>, frame: u32) -> String {
    let sheet = timeline.sheet;
    let (num, den) = match (sheet.class, &sheet.table) {
        (RateClass::Variable, Some(table)) => {
            let base = table.time_base();
            (u128::from(table.start_of(frame)) * u128::from(base.num), u128::from(base.den))
        }
        (RateClass::Constant | RateClass::Variable, _) => {
            (u128::from(frame) * u128::from(sheet.rate.den()), u128::from(sheet.rate.num()))
        }
    };
    let micros = (num * 1_000_000 + den / 2) / den;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn push_row(csv: &mut String, cells: [String; COLUMNS.len()]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            csv.push(',');
        }
        push_cell(csv, cell);
    }
    csv.push_str("\r\n");
}

fn push_cell(csv: &mut String, cell: &str) {
    let calculated = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let quoted = calculated || cell.contains(['"', ',', ';', '\n', '\r', '\t']);
    if !quoted {
        csv.push_str(cell);
        return;
    }
    csv.push('"');
    if calculated {
        csv.push('\'');
    }
    csv.push_str(&cell.replace('"', "\"\""));
    csv.push('"');
}
