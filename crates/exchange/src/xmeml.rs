//! Premiere Pro: Final Cut Pro 7 XML version 4, markers on the sequence in frames from its start.

use std::io;

use picturelock_domain::frame::{DropFrame, FrameRate};

use crate::place::{Placed, Timeline};
use crate::text;
use crate::xml::{self, Element};

pub(crate) fn write(timeline: &Timeline<'_>) -> io::Result<Vec<u8>> {
    let sheet = timeline.sheet;
    let head = [
        Element::text("name", text::one_line(&format!("{} {}", sheet.title, sheet.version_label))),
        Element::text("duration", timeline.length().to_string()),
        rate(sheet.rate),
        timecode(timeline),
        media(timeline),
    ];
    let sequence = Element::new("sequence").with("id", "sequence-1").holding(head);
    let sequence = sequence.holding(timeline.markers.iter().map(marker));
    xml::document(&Element::new("xmeml").with("version", "4").holding([sequence]))
}

fn rate(rate: FrameRate) -> Element {
    let ntsc = if rate.den() == 1001 { "TRUE" } else { "FALSE" };
    Element::new("rate").holding([Element::text("timebase", rate.nominal().to_string()), Element::text("ntsc", ntsc)])
}

fn timecode(timeline: &Timeline<'_>) -> Element {
    let format = match timeline.sheet.start.drop_frame {
        DropFrame::Drop => "DF",
        DropFrame::NonDrop => "NDF",
    };
    Element::new("timecode").holding([
        rate(timeline.sheet.rate),
        Element::text("string", timeline.label(0)),
        Element::text("frame", timeline.absolute(0).to_string()),
        Element::text("displayformat", format),
    ])
}

/// Without a picture format Premiere guesses anamorphic pixels.
fn media(timeline: &Timeline<'_>) -> Element {
    let sheet = timeline.sheet;
    let characteristics = Element::new("samplecharacteristics").holding([
        rate(sheet.rate),
        Element::text("width", sheet.width.to_string()),
        Element::text("height", sheet.height.to_string()),
        Element::text("anamorphic", "FALSE"),
        Element::text("pixelaspectratio", "square"),
        Element::text("fielddominance", "none"),
    ]);
    let format = Element::new("format").holding([characteristics]);
    Element::new("media").holding([Element::new("video").holding([format, Element::new("track")])])
}

fn marker(placed: &Placed<'_>) -> Element {
    let out = if placed.count() == 1 { -1 } else { placed.end };
    let colour = placed.colour.premiere().map(|integer| Element::text("pproColor", integer.to_string()));
    let fields = [
        Element::text("name", text::one_line(&placed.marker.author)),
        Element::text("comment", placed.note()),
        Element::text("in", placed.first.to_string()),
        Element::text("out", out.to_string()),
    ];
    Element::new("marker").holding(fields.into_iter().chain(colour))
}
