//! Comments.

use jiff::Timestamp;
use picturelock_domain::review::{Anchor, Audience, CommentKind, CommentStatus, Drawing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether an author has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// A person with an account.
    Account,
    /// A person who came by a share link.
    Guest,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// With or without an account.
    pub kind: AuthorKind,
    /// The account's or the guest's id.
    pub id: Uuid,
    /// The name at the time of writing.
    pub name: String,
}

/// A comment with its replies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version_id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// Who wrote it.
    pub author: Author,
    /// What it hangs on: `{type: "frames", first, last}`.
    #[schema(value_type = Object)]
    pub anchor: Anchor,
    /// The label of the first frame.
    pub timecode: String,
    /// The label of the frame after the last, for ranges.
    pub timecode_out: Option<String>,
    /// The words.
    pub text: String,
    /// What it asks for.
    #[schema(value_type = String)]
    pub kind: CommentKind,
    /// Who sees it.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// Whether it still asks for something.
    #[schema(value_type = String)]
    pub status: CommentStatus,
    /// Who dealt with it.
    pub resolved_by: Option<Author>,
    /// When.
    #[schema(value_type = Option<String>)]
    pub resolved_at: Option<Timestamp>,
    /// Shapes in fractions of the picture.
    #[schema(value_type = Option<Vec<Object>>)]
    pub drawing: Option<Drawing>,
    /// Whether the still of the first frame is there.
    pub has_still: bool,
    /// When it was written.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When its words last changed.
    #[schema(value_type = Option<String>)]
    pub edited_at: Option<Timestamp>,
    /// Whether the reader wrote it.
    pub mine: bool,
    /// Answers, oldest first.
    pub replies: Vec<Reply>,
}

/// An answer to a comment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reply {
    /// Its id.
    pub id: Uuid,
    /// Who wrote it.
    pub author: Author,
    /// The words.
    pub text: String,
    /// Who sees it.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// When it was written.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When its words last changed.
    #[schema(value_type = Option<String>)]
    pub edited_at: Option<Timestamp>,
    /// Whether the reader wrote it.
    pub mine: bool,
}

/// A comment to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewComment {
    /// What it hangs on: `{type: "frames", first, last}`.
    #[schema(value_type = Object)]
    pub anchor: Anchor,
    /// The words.
    pub text: String,
    /// What it asks for.
    #[schema(value_type = String)]
    pub kind: CommentKind,
    /// Who sees it; guests write for everyone.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// Shapes in fractions of the picture.
    #[schema(value_type = Option<Vec<Object>>)]
    #[serde(default)]
    pub drawing: Option<Drawing>,
    /// Chosen by the writer's browser: the same key again gives the same comment.
    pub client_key: Uuid,
}

/// A reply to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewReply {
    /// The words.
    pub text: String,
    /// Who sees it; never more people than the comment's.
    #[schema(value_type = String)]
    pub audience: Audience,
    /// Chosen by the writer's browser.
    pub client_key: Uuid,
}

/// What can change of a comment or a reply; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct EditComment {
    /// Other words.
    pub text: Option<String>,
    /// Another kind.
    #[schema(value_type = Option<String>)]
    pub kind: Option<CommentKind>,
}
