//! The comments of one version, as an export needs them.

use jiff::Timestamp;
use picturelock_domain::frame::{FrameRange, FrameRate, FrameTable, RateClass, StartTimecode};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus};

/// The comments of one version, with all that is needed to place them on a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The name of what is under review; names the files.
    pub title: String,
    /// The name of the project.
    pub project: String,
    /// What people call the version, such as `v3`.
    pub version_label: String,
    /// The rate of the timeline. For a variable rate, the rate by which time becomes timecode.
    pub rate: FrameRate,
    /// Whether frames last equally long.
    pub class: RateClass,
    /// The label of the first frame.
    pub start: StartTimecode,
    /// How many frames the version has.
    pub frame_count: u32,
    /// The picture's width in pixels.
    pub width: u32,
    /// The picture's height in pixels.
    pub height: u32,
    /// When each frame is shown; needed for a variable rate.
    pub table: Option<FrameTable>,
    /// The comments, in any order.
    pub markers: Vec<Marker>,
    /// A web address to which a comment's id is appended, for comments without a link of their own.
    pub link_base: Option<String>,
}

/// One comment with its replies. Whoever fills the sheet decides who may see what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// The comment's identifier; may be empty.
    pub id: String,
    /// The frames it hangs on, counted from 0.
    pub range: FrameRange,
    /// Who wrote it.
    pub author: String,
    /// What it says; may have several lines.
    pub text: String,
    /// What it asks for.
    pub kind: CommentKind,
    /// Whether it still asks for something.
    pub status: CommentStatus,
    /// Who sees it in Picturelock.
    pub audience: Audience,
    /// The replies, oldest first.
    pub replies: Vec<Reply>,
    /// Whether something is drawn on the picture.
    pub drawing: bool,
    /// Where the comment can be opened.
    pub link: Option<String>,
    /// When it was written.
    pub created_at: Option<Timestamp>,
}

/// A reply to a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub text: String,
}

impl Sheet {
    /// Where `marker` can be opened, if anywhere.
    pub(crate) fn link(&self, marker: &Marker) -> Option<String> {
        let made = || match &self.link_base {
            Some(base) if !marker.id.is_empty() => Some(base.clone() + &marker.id),
            Some(_) | None => None,
        };
        marker.link.clone().or_else(made)
    }
}
