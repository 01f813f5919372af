//! Small readers of every format. Labels are read by another crate than the one that wrote them.

use picturelock_domain::frame::{DropFrame, FrameRate, StartTimecode};
use picturelock_exchange::{Format, Sheet};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// A marker as a file says it.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    /// Frames from the first of the programme.
    pub first: i64,
    pub count: i64,
    pub note: String,
}

/// The markers of all files of an export.
pub fn read(sheet: &Sheet, format: Format) -> Vec<Seen> {
    let files = picturelock_exchange::write(sheet, format).expect("an export");
    let texts = files.into_iter().map(|file| String::from_utf8(file.bytes).expect("UTF-8"));
    texts.flat_map(|text| read_one(sheet, format, &text)).collect()
}

fn read_one(sheet: &Sheet, format: Format, text: &str) -> Vec<Seen> {
    match format {
        Format::Edl => edl(sheet, text),
        Format::Avid => avid(sheet, text),
        Format::Csv => table(text).iter().skip(1).map(|row| csv_row(sheet, row)).collect(),
        Format::Xmeml => xmeml(text),
        Format::Fcpxml => fcpxml(text),
        Format::Otio => otio(text),
    }
}

/// The frame that a label names, from the first of the programme, by the `smpte-timecode` crate.
fn frame(sheet: &Sheet, label: &str) -> i64 {
    let rate = smpte_rate(sheet.rate, sheet.start);
    assert_eq!(label.contains(';'), rate.is_drop_frame(), "{label}");
    let label = smpte_timecode::Timecode::parse(label, rate).expect("a label that exists");
    i64::from(label.frames()) - i64::from(sheet.start.frames)
}

pub fn smpte_rate(rate: FrameRate, start: StartTimecode) -> smpte_timecode::FrameRate {
    let drop = start.drop_frame == DropFrame::Drop;
    smpte_timecode::FrameRate::new(rate.nominal() as u8, rate.den() == 1001, drop).expect("a rate")
}

fn edl(sheet: &Sheet, text: &str) -> Vec<Seen> {
    let mut blocks = text.split("\n\n");
    let header = blocks.next().expect("a header");
    let drop = sheet.start.drop_frame == DropFrame::Drop;
    assert!(header.ends_with(if drop { "FCM: DROP FRAME" } else { "FCM: NON-DROP FRAME" }), "{header}");
    let mut seen = Vec::new();
    for block in blocks.filter(|block| !block.is_empty()) {
        let (event, note) = block.split_once('\n').expect("two lines");
        let fields: Vec<&str> = event.split_whitespace().collect();
        assert_eq!(fields[0], format!("{:03}", seen.len() + 1), "events are numbered from 001");
        assert_eq!(fields[1..4], ["001", "V", "C"], "{event}");
        assert_eq!(fields[4..6], fields[6..8], "source and record differ: {event}");
        let first = frame(sheet, fields[4]);
        assert_eq!(frame(sheet, fields[5]), first + 1, "{event}");
        let (note, directives) = note.split_once(" |C:ResolveColor").expect("a colour");
        assert!(!note.contains('|') && !note.contains('\n'), "{note}");
        let (_, count) = directives.rsplit_once(" |D:").expect("a duration");
        seen.push(Seen { first, count: count.parse().expect("frames"), note: note.to_owned() });
    }
    seen
}

fn avid(sheet: &Sheet, text: &str) -> Vec<Seen> {
    let line = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        assert_eq!(columns.len(), 6, "{line}");
        let count = columns[5].parse().expect("frames");
        Seen { first: frame(sheet, columns[1]), count, note: columns[4].to_owned() }
    };
    text.lines().map(line).collect()
}

fn csv_row(sheet: &Sheet, row: &[String]) -> Seen {
    let first = frame(sheet, &row[1]);
    assert_eq!(row[3], first.to_string(), "frame in");
    let end: i64 = row[4].parse().expect("frames");
    Seen { first, count: end - first, note: row[9].clone() }
}

/// The cells of a table in the form of RFC 4180.
pub fn table(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("a byte-order mark");
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => cell.extend(chars.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(chars.next(), Some('\n'), "rows end with CR LF");
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (c, _) => cell.push(c),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the table is cut off");
    rows
}

fn xmeml(text: &str) -> Vec<Seen> {
    let (mut seen, mut path, mut marker) = (Vec::new(), Vec::<String>::new(), [const { String::new() }; 3]);
    let fields = ["comment", "in", "out"];
    for event in events(text) {
        match event {
            Event::Start(start) => path.push(name(&start)),
            Event::End(_) => {
                let closed = path.pop();
                if closed.as_deref() == Some("marker") {
                    assert_eq!(path, ["xmeml", "sequence"], "markers belong to the sequence");
                    let [note, first, out] = std::mem::take(&mut marker);
                    let first: i64 = first.parse().expect("frames");
                    let count = if out == "-1" { 1 } else { out.parse::<i64>().expect("frames") - first };
                    seen.push(Seen { first, count, note });
                }
            }
            Event::Text(text) if path.iter().any(|name| name == "marker") => {
                if let Some(field) = fields.iter().position(|field| path.last().is_some_and(|name| name == field)) {
                    marker[field].push_str(&text.decode().expect("UTF-8"));
                }
            }
            Event::GeneralRef(reference) if path.last().is_some_and(|name| name == "comment") => {
                marker[0].push_str(&entity(&reference.decode().expect("UTF-8")));
            }
            _ => {}
        }
    }
    seen
}

fn fcpxml(text: &str) -> Vec<Seen> {
    let (mut seen, mut duration, mut gap) = (Vec::new(), (0, 1), 0);
    for event in events(text) {
        let (Event::Start(element) | Event::Empty(element)) = event else {
            continue;
        };
        let value = |wanted: &str| attribute(&element, wanted);
        let frames = |wanted: &str| whole_frames(seconds(&value(wanted).expect("a time")), duration);
        match name(&element).as_str() {
            "format" => duration = seconds(&value("frameDuration").expect("a duration")),
            "gap" => gap = frames("start"),
            "marker" => {
                let note = value("note").expect("a note");
                seen.push(Seen { first: frames("start") - gap, count: frames("duration"), note });
            }
            _ => {}
        }
    }
    seen
}

fn whole_frames((num, den): (i64, i64), (frame_num, frame_den): (i64, i64)) -> i64 {
    let (above, below) = (num * frame_den, den * frame_num);
    assert_eq!(above % below, 0, "{num}/{den}s is not a whole number of frames");
    above / below
}

fn seconds(time: &str) -> (i64, i64) {
    let fraction = time.strip_suffix('s').expect("seconds");
    let (num, den) = fraction.split_once('/').unwrap_or((fraction, "1"));
    (num.parse().expect("a numerator"), i64::from(den.parse::<u32>().expect("a 32-bit denominator")))
}

fn otio(text: &str) -> Vec<Seen> {
    let timeline: Value = serde_json::from_str(text).expect("JSON");
    let marker = |marker: &Value| {
        let time = |wanted: &str| marker["marked_range"][wanted]["value"].as_f64().expect("a number") as i64;
        let note = marker["comment"].as_str().expect("a comment").to_owned();
        Seen { first: time("start_time"), count: time("duration"), note }
    };
    timeline["tracks"]["markers"].as_array().expect("markers").iter().map(marker).collect()
}

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    let mut reader = Reader::from_str(text);
    std::iter::from_fn(move || match reader.read_event().expect("well-formed XML") {
        Event::Eof => None,
        event => Some(event),
    })
}

fn name(element: &BytesStart<'_>) -> String {
    String::from_utf8(element.name().as_ref().to_vec()).expect("UTF-8")
}

fn attribute(element: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = element.try_get_attribute(wanted).expect("attributes")?;
    Some(found.unescape_value().expect("a value").into_owned())
}

fn entity(name: &str) -> String {
    match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        other => panic!("unknown entity {other}"),
    }
    .to_owned()
}
