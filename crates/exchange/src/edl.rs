//! DaVinci Resolve: "Timeline Markers from EDL".
//!
//! Two lines a marker: an event of one frame, whatever the marker's length, and the note followed by
//! `|C:` colour, `|M:` name and `|D:` length. Resolve keeps one marker a frame, so comments that begin on
//! one frame share it; event numbers have three digits, so a longer list takes several files.

use picturelock_domain::frame::DropFrame;

use crate::place::{Placed, Timeline};
use crate::{ExportError, text};

/// Event numbers have three digits.
pub(crate) const MOST_EVENTS: usize = 999;

/// What stands for characters outside the basic plane, which arrive garbled.
const UNREADABLE: char = '□';

pub(crate) fn write(timeline: &Timeline<'_>) -> Result<Vec<Vec<u8>>, ExportError> {
    refuse_midnight(timeline)?;
    let events: Vec<_> = timeline.markers.chunk_by(|a, b| a.first == b.first).collect();
    let mut files: Vec<_> = events.chunks(MOST_EVENTS).map(|events| file(timeline, events)).collect();
    if files.is_empty() {
        files.push(file(timeline, &[]));
    }
    Ok(files)
}

/// Whether `text` holds characters that an EDL does not carry.
pub(crate) fn is_garbled(text: &str) -> bool {
    text.chars().any(beyond_basic_plane)
}

fn refuse_midnight(timeline: &Timeline<'_>) -> Result<(), ExportError> {
    let day = i64::from(timeline.labels.frames_per_day());
    // The out of an event is the frame after it, which needs a label of the same day as well.
    match timeline.markers.iter().find(|placed| timeline.absolute(placed.end) >= day) {
        Some(placed) => Err(ExportError::Midnight(timeline.label(placed.first))),
        None => Ok(()),
    }
}

fn file(timeline: &Timeline<'_>, events: &[&[Placed<'_>]]) -> Vec<u8> {
    let mode = match timeline.sheet.start.drop_frame {
        DropFrame::Drop => "DROP FRAME",
        DropFrame::NonDrop => "NON-DROP FRAME",
    };
    let title = text::short_line(&line(&timeline.sheet.title), 70);
    let mut edl = format!("TITLE: {title}\nFCM: {mode}\n\n");
    for (index, group) in events.iter().enumerate() {
        edl.push_str(&event(timeline, index + 1, group));
    }
    edl.into_bytes()
}

fn event(timeline: &Timeline<'_>, number: usize, group: &[Placed<'_>]) -> String {
    let first = group[0].first;
    let (begin, out) = (timeline.label(first), timeline.label(first + 1));
    let count = group.iter().map(Placed::count).max().unwrap_or(1);
    let colour = group.iter().map(|placed| placed.colour).min().unwrap_or(group[0].colour).resolve();
    format!(
        "{number:03}  001      V     C        {begin} {out} {begin} {out}\n{} |C:{colour} |M:{} |D:{count}\n\n",
        note(group),
        name(group)
    )
}

fn name(group: &[Placed<'_>]) -> String {
    let mut names: Vec<_> = Vec::new();
    for placed in group {
        let author = line(&placed.marker.author);
        if !names.contains(&author) {
            names.push(author);
        }
    }
    names.join(", ")
}

fn note(group: &[Placed<'_>]) -> String {
    let note = match group {
        [placed] => line(&placed.note()),
        _ => {
            let signed = group.iter().map(|placed| format!("{}: {}", placed.marker.author, placed.note()));
            line(&signed.collect::<Vec<_>>().join("\n"))
        }
    };
    if reads_as_statement(&note) { format!("- {note}") } else { note }
}

/// Whether a reader could take the note for an event or a header and lose its place.
fn reads_as_statement(note: &str) -> bool {
    let upper: String = note.chars().take(6).collect::<String>().to_uppercase();
    note.starts_with(char::is_numeric)
        || ["TITLE:", "FCM:", "SPLIT:", "M2 ", "AUD ", ">>>"].iter().any(|word| upper.starts_with(word))
}

/// Text in one line, without what begins a directive or arrives garbled.
fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text::one_line(text).chars() {
        match c {
            '|' => line.push('¦'),
            // Emoji are often several characters; one square is enough.
            c if beyond_basic_plane(c) && line.ends_with(UNREADABLE) => {}
            c if beyond_basic_plane(c) => line.push(UNREADABLE),
            '\u{200d}' | '\u{fe0f}' if line.ends_with(UNREADABLE) => {}
            c => line.push(c),
        }
    }
    line
}

fn beyond_basic_plane(c: char) -> bool {
    c > '\u{ffff}'
}
