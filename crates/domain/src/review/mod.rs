//! Review: comments with drawings on exact frames, and decisions on exact versions.

mod brief;
mod comment;
mod decision;
mod drawing;
mod reader;
mod standing;
mod watched;

pub use brief::Brief;
pub use comment::{Anchor, Audience, CommentKind, CommentStatus};
pub use decision::{Ballot, DecisionOutcome, ReviewState, Subject, decide, statement};
pub use drawing::{Colour, Drawing, Point, Shape};
pub use reader::{Reader, Writer};
pub use standing::{GUEST_NOTES, VersionStanding};
pub use watched::{WatchedFrames, watched_percent};
