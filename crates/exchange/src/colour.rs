//! The colours of markers.

use picturelock_domain::review::{CommentKind, CommentStatus};

use crate::Marker;

/// The colour of a marker, translated by table: palettes of editing systems differ, and the nearest RGB
/// misleads (the green of Premiere is olive).
///
/// | comment | colour | Resolve | Avid | Premiere | OTIO | FCPXML |
/// |---|---|---|---|---|---|---|
/// | studio error, open | red | Red | red | red | RED | to-do |
/// | change, open | blue | Blue | blue | blue | BLUE | to-do |
/// | question, open | yellow | Yellow | yellow | yellow | YELLOW | to-do |
/// | later stage, open | purple | Purple | magenta | purple | PURPLE | to-do |
/// | praise, open | grey | Cream | white | white | WHITE | standard |
/// | any, resolved | green | Green | green | green | GREEN | completed |
///
/// In order of urgency: where comments share a marker, the first colour wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkerColour {
    /// The studio's own mistake.
    Red,
    /// A change is wanted.
    Blue,
    /// A question waits for an answer.
    Yellow,
    /// For a later stage.
    Purple,
    /// A remark that asks for nothing.
    Grey,
    /// Resolved.
    Green,
}

impl MarkerColour {
    /// The colour of `marker`: by its kind while it is open, green when it is resolved.
    pub const fn of(marker: &Marker) -> Self {
        match (marker.status, marker.kind) {
            (CommentStatus::Resolved, _) => Self::Green,
            (CommentStatus::Open, CommentKind::Change) => Self::Blue,
            (CommentStatus::Open, CommentKind::Question) => Self::Yellow,
            (CommentStatus::Open, CommentKind::Praise) => Self::Grey,
            (CommentStatus::Open, CommentKind::StudioError) => Self::Red,
            (CommentStatus::Open, CommentKind::LaterStage) => Self::Purple,
        }
    }

    /// The word for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Blue => "blue",
            Self::Yellow => "yellow",
            Self::Purple => "purple",
            Self::Grey => "grey",
            Self::Green => "green",
        }
    }

    pub(crate) const fn resolve(self) -> &'static str {
        match self {
            Self::Red => "ResolveColorRed",
            Self::Blue => "ResolveColorBlue",
            Self::Yellow => "ResolveColorYellow",
            Self::Purple => "ResolveColorPurple",
            Self::Grey => "ResolveColorCream",
            Self::Green => "ResolveColorGreen",
        }
    }

    pub(crate) const fn avid(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Blue => "blue",
            Self::Yellow => "yellow",
            Self::Purple => "magenta",
            Self::Grey => "white",
            Self::Green => "green",
        }
    }

    /// The integer of `pproColor`, 0xAABBGGRR; none for green, which Premiere takes when the element is missing.
    pub(crate) const fn premiere(self) -> Option<u32> {
        match self {
            Self::Red => Some(4_281_740_498),
            Self::Blue => Some(4_294_741_314),
            Self::Yellow => Some(4_281_049_552),
            Self::Purple => Some(4_289_825_711),
            Self::Grey => Some(4_294_967_295),
            Self::Green => None,
        }
    }

    pub(crate) const fn otio(self) -> &'static str {
        match self {
            Self::Red => "RED",
            Self::Blue => "BLUE",
            Self::Yellow => "YELLOW",
            Self::Purple => "PURPLE",
            Self::Grey => "WHITE",
            Self::Green => "GREEN",
        }
    }

    /// The value of FCPXML's `completed`: to do, done, or a standard marker without it.
    pub(crate) const fn final_cut(self) -> Option<&'static str> {
        match self {
            Self::Red | Self::Blue | Self::Yellow | Self::Purple => Some("0"),
            Self::Grey => None,
            Self::Green => Some("1"),
        }
    }
}
