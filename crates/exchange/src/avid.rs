//! Media Composer: marker text, six tab-separated columns and no header.

use crate::place::{Placed, Timeline};
use crate::text;

/// The track that every sequence has.
const TRACK: &str = "V1";

pub(crate) fn write(timeline: &Timeline<'_>) -> Vec<u8> {
    timeline.markers.iter().map(|placed| line(timeline, placed)).collect::<String>().into_bytes()
}

fn line(timeline: &Timeline<'_>, placed: &Placed<'_>) -> String {
    let user = text::one_line(&placed.marker.author);
    let (label, note) = (timeline.label(placed.first), text::one_line(&placed.note()));
    let (colour, count) = (placed.colour.avid(), placed.count());
    format!("{user}\t{label}\t{TRACK}\t{colour}\t{note}\t{count}\n")
}
