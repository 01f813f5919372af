//! What a format cannot hold, said to the person who exports.

use std::collections::HashSet;

use picturelock_domain::frame::RateClass;
use picturelock_domain::review::{CommentKind, CommentStatus};

use crate::{Format, Marker, Sheet, edl};

/// Something of a comment that a format changes or leaves out.
#[derive(Clone, Copy)]
enum Loss {
    Drawing,
    VariableRate,
    Author,
    Colour,
    Kind,
    Replies,
    SharedFrame,
    Lines,
    Emoji,
    Start,
    ManyFiles,
}

const EDL: &[Loss] = &[
    Loss::Start,
    Loss::Author,
    Loss::Kind,
    Loss::Replies,
    Loss::SharedFrame,
    Loss::Lines,
    Loss::Emoji,
    Loss::ManyFiles,
    Loss::VariableRate,
    Loss::Drawing,
];
const FCPXML: &[Loss] = &[Loss::Colour, Loss::Author, Loss::Replies, Loss::VariableRate, Loss::Drawing];
const XMEML: &[Loss] = &[Loss::Author, Loss::Kind, Loss::Replies, Loss::VariableRate, Loss::Drawing];
const AVID: &[Loss] = &[Loss::Start, Loss::Kind, Loss::Replies, Loss::Lines, Loss::VariableRate, Loss::Drawing];
const OTIO: &[Loss] = &[Loss::VariableRate, Loss::Drawing];
const CSV: &[Loss] = &[Loss::VariableRate, Loss::Drawing];

/// What `format` changes or leaves out of the comments of `sheet`: a sentence each, for the person who exports.
pub fn losses(sheet: &Sheet, format: Format) -> Vec<&'static str> {
    all(format).iter().filter(|loss| loss.concerns(sheet)).map(|loss| loss.sentence()).collect()
}

impl Format {
    /// What the format changes or leaves out of any comments: a sentence each.
    pub fn losses(self) -> Vec<&'static str> {
        all(self).iter().map(|loss| loss.sentence()).collect()
    }
}

const fn all(format: Format) -> &'static [Loss] {
    match format {
        Format::Edl => EDL,
        Format::Fcpxml => FCPXML,
        Format::Xmeml => XMEML,
        Format::Avid => AVID,
        Format::Otio => OTIO,
        Format::Csv => CSV,
    }
}

impl Loss {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Drawing => "Drawings are left out; the note says so and links to the comment where there is a link.",
            Self::VariableRate => {
                "The frame rate is variable: timecode is by time, and the note tells the exact frame."
            }
            Self::Author => "There is no field for the author, so the marker's name tells it.",
            Self::Colour => {
                "Markers have no colour: open comments become to-dos, resolved ones completed, praise plain markers."
            }
            Self::Kind => "There is no field for kind and status, so colour and words in the note tell them.",
            Self::Replies => "Replies are written into the note of the comment they answer.",
            Self::SharedFrame => "Comments that begin on one frame share one marker.",
            Self::Lines => "Line breaks become “ / ”.",
            Self::Emoji => "Emoji and rare characters become □.",
            Self::Start => {
                "Markers are placed by timecode: the timeline must start at the timecode the export was made with."
            }
            Self::ManyFiles => "A file holds 999 markers; more comments make several files.",
        }
    }

    fn concerns(self, sheet: &Sheet) -> bool {
        let any = |says: fn(&Marker) -> bool| sheet.markers.iter().any(says);
        match self {
            Self::Drawing => any(|marker| marker.drawing),
            Self::VariableRate => sheet.class == RateClass::Variable,
            Self::Author | Self::Colour | Self::Start => !sheet.markers.is_empty(),
            Self::Kind => any(|marker| marker.kind != CommentKind::Change || marker.status != CommentStatus::Open),
            Self::Replies => any(|marker| !marker.replies.is_empty()),
            Self::SharedFrame => starts(sheet) < sheet.markers.len(),
            Self::Lines => any(|marker| marker.text.trim().lines().count() > 1),
            Self::Emoji => any(|marker| edl::is_garbled(&marker.text) || edl::is_garbled(&marker.author)),
            Self::ManyFiles => starts(sheet) > edl::MOST_EVENTS,
        }
    }
}

/// On how many different frames comments begin.
fn starts(sheet: &Sheet) -> usize {
    sheet.markers.iter().map(|marker| marker.range.first()).collect::<HashSet<_>>().len()
}
