//! Final Cut Pro: FCPXML 1.10, markers on one gap over the whole programme.
//!
//! The start of a marker is on the gap's own time, which begins at the gap's `start`, not at 0; the gap states
//! `offset` and `start` so that both are the sequence's start timecode. Times are exact fractions of a second.

use std::io;

use picturelock_domain::frame::DropFrame;

use crate::place::{Placed, Timeline};
use crate::text;
use crate::xml::{self, Element};

/// The longest name of a marker; the note holds the whole text.
const LONGEST_NAME: usize = 100;

pub(crate) fn write(timeline: &Timeline<'_>) -> io::Result<Vec<u8>> {
    let sheet = timeline.sheet;
    let format = Element::new("format")
        .with("id", "r1")
        .with("frameDuration", time(timeline, 1))
        .with("width", sheet.width.to_string())
        .with("height", sheet.height.to_string());
    let name = text::one_line(&format!("{} {}", sheet.title, sheet.version_label));
    let project = Element::new("project").with("name", name).holding([sequence(timeline)]);
    let event = Element::new("event").with("name", text::one_line(&sheet.project)).holding([project]);
    let resources = Element::new("resources").holding([format]);
    let root = Element::new("fcpxml").with("version", "1.10");
    xml::document(&root.holding([resources, Element::new("library").holding([event])]))
}

fn sequence(timeline: &Timeline<'_>) -> Element {
    let format = match timeline.sheet.start.drop_frame {
        DropFrame::Drop => "DF",
        DropFrame::NonDrop => "NDF",
    };
    let start = time(timeline, timeline.absolute(0));
    let duration = time(timeline, timeline.length());
    let gap = Element::new("gap")
        .with("name", "Gap")
        .with("offset", start.clone())
        .with("start", start.clone())
        .with("duration", duration.clone())
        .holding(timeline.markers.iter().map(|placed| marker(timeline, placed)));
    Element::new("sequence")
        .with("format", "r1")
        .with("duration", duration)
        .with("tcStart", start)
        .with("tcFormat", format)
        .holding([Element::new("spine").holding([gap])])
}

fn marker(timeline: &Timeline<'_>, placed: &Placed<'_>) -> Element {
    let name = format!("{}: {}", placed.marker.author, placed.marker.text);
    let mut marker = Element::new("marker")
        .with("start", time(timeline, timeline.absolute(placed.first)))
        .with("duration", time(timeline, placed.count()))
        .with("value", text::short_line(&name, LONGEST_NAME));
    if let Some(completed) = placed.colour.final_cut() {
        marker = marker.with("completed", completed);
    }
    marker.with("note", placed.note())
}

/// `frames` as a fraction of seconds: whole multiples of the duration of a frame.
fn time(timeline: &Timeline<'_>, frames: i64) -> String {
    let rate = timeline.sheet.rate;
    let numerator = frames * i64::from(rate.den());
    if numerator == 0 { "0s".to_owned() } else { format!("{numerator}/{}s", rate.num()) }
}
