//! Comments: what they hang on, what they are, who sees them.

use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::frame::FrameRange;

/// What a comment hangs on, in one exact version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Anchor {
    /// A frame or a range of frames.
    Frames(FrameRange),
}

impl Anchor {
    /// The frames the comment hangs on.
    pub const fn frames(self) -> FrameRange {
        let Self::Frames(range) = self;
        range
    }

    /// Refuses an anchor outside a version of `frame_count` frames.
    ///
    /// # Errors
    /// When the last frame lies behind the end.
    pub fn check(self, frame_count: u32) -> Result<(), Refusal> {
        let last = self.frames().last();
        if last >= frame_count {
            return Err(Refusal::invalid(
                "frame_outside",
                format!("Frame {last} lies behind the end: this version has {frame_count} frames, counted from 0."),
            ));
        }
        Ok(())
    }
}

/// What a comment asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentKind {
    /// Something should change.
    Change,
    /// Something is unclear.
    Question,
    /// Something is good.
    Praise,
    /// The studio made a mistake; costs no round.
    StudioError,
    /// Belongs to a later stage.
    LaterStage,
}

impl CommentKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Change, Self::Question, Self::Praise, Self::StudioError, Self::LaterStage];

    /// The word used in code, database and interface.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Question => "question",
            Self::Praise => "praise",
            Self::StudioError => "studio_error",
            Self::LaterStage => "later_stage",
        }
    }

    /// The kind a word names.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Who sees a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The team and the guests of the version's share links.
    Everyone,
    /// Accounts in the project only.
    Team,
}

/// Whether a comment still asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentStatus {
    /// Still to be dealt with.
    Open,
    /// Dealt with.
    Resolved,
}

impl Audience {
    /// The audience of a reply: never wider than that of the comment it answers.
    pub const fn reply(self, wanted: Self) -> Self {
        match (self, wanted) {
            (Self::Everyone, Self::Everyone) => Self::Everyone,
            (Self::Team, _) | (_, Self::Team) => Self::Team,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_never_seen_by_more_people_than_its_comment() {
        assert_eq!(Audience::Team.reply(Audience::Everyone), Audience::Team);
        assert_eq!(Audience::Everyone.reply(Audience::Team), Audience::Team);
        assert_eq!(Audience::Everyone.reply(Audience::Everyone), Audience::Everyone);
    }

    #[test]
    fn an_anchor_must_lie_inside_the_version() {
        let anchor = Anchor::Frames(FrameRange::new(10, 20).expect("a range"));
        assert!(anchor.check(21).is_ok());
        assert_eq!(anchor.check(20).expect_err("outside").code, "frame_outside");
        let wire = serde_json::json!({"type": "frames", "first": 10, "last": 20});
        assert_eq!(serde_json::from_value::<Anchor>(wire).expect("an anchor"), anchor);
    }
}
