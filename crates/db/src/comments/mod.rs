//! Comments and replies. What guests must not read is left out here, in SQL ([`Reader`]), not later.

use jiff::Timestamp;
use picturelock_domain::frame::FrameRange;
use picturelock_domain::id::{CommentId, ProjectId, ReviewableId, VersionId};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus, Drawing, VersionStanding, Writer};
use picturelock_domain::version::Footage;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::DbError;
use crate::events::audience_from;
use crate::value::Row;

mod reading;
mod writing;

pub use reading::{by_id, by_key, ground, of_version, replies_of_version, threads, written_by};
pub use writing::{delete, insert, reopen, resolve, restore, set_words};

/// Somebody who wrote or did something, by the name they had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Who.
    #[serde(flatten)]
    pub writer: Writer,
    /// The name at the time.
    pub name: String,
}

/// A comment, or a reply to one.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Its project.
    pub project: ProjectId,
    /// Its version.
    pub version: VersionId,
    /// The comment it answers; none for a comment itself.
    pub parent: Option<CommentId>,
    /// Who wrote it.
    pub author: Author,
    /// The frames it hangs on; a reply hangs where its comment does.
    pub frames: FrameRange,
    /// The words.
    pub text: String,
    /// What it asks for.
    pub kind: CommentKind,
    /// Who may see it.
    pub audience: Audience,
    /// Whether it still asks for something.
    pub status: CommentStatus,
    /// Who dealt with it, and when.
    pub resolved: Option<(Author, Timestamp)>,
    /// What is drawn on the picture.
    pub drawing: Option<Drawing>,
    /// Where the picture of its first frame lies in the store, once it was made.
    pub still_key: Option<String>,
    /// The key its writer's browser chose.
    pub client_key: Uuid,
    /// When it was written.
    pub created_at: Timestamp,
    /// When its words last changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted, and by whom.
    pub deleted: Option<(Writer, Timestamp)>,
}

/// What must be known of a version to write on it.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Whether somebody may write on it.
    pub standing: VersionStanding,
    /// What was measured about its file, once it was.
    pub footage: Option<Footage>,
}

/// A comment or reply with what is needed to show it.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The comment or reply.
    pub comment: Comment,
    /// The reviewable of its version.
    pub reviewable: ReviewableId,
    /// What was measured about the version's file.
    pub footage: Option<Footage>,
}

/// The word for the kind of writer, and the id.
fn writer_text(writer: Writer) -> (&'static str, String) {
    match writer {
        Writer::Account(user) => ("account", user.to_string()),
        Writer::Guest(guest) => ("guest", guest.to_string()),
    }
}

fn writer(row: &Row) -> Result<Writer, DbError> {
    let kind: String = row.get("author_kind")?;
    match kind.as_str() {
        "account" => Ok(Writer::Account(row.get("author_id")?)),
        "guest" => Ok(Writer::Guest(row.get("author_id")?)),
        _ => Err(DbError::Damaged("author_kind".to_owned())),
    }
}

fn status_from(code: &str) -> Option<CommentStatus> {
    match code {
        "open" => Some(CommentStatus::Open),
        "resolved" => Some(CommentStatus::Resolved),
        _ => None,
    }
}

fn read(row: &Row) -> Result<Comment, DbError> {
    let frames = FrameRange::new(row.get("first_frame")?, row.get("last_frame")?);
    let client_key: String = row.get("client_key")?;
    Ok(Comment {
        id: row.get("id")?,
        project: row.get("project_id")?,
        version: row.get("version_id")?,
        parent: row.get("parent_id")?,
        author: Author { writer: writer(row)?, name: row.get("author_name")? },
        frames: frames.map_err(|_| DbError::Damaged("comment frames".to_owned()))?,
        text: row.get("body")?,
        kind: row.word("kind", CommentKind::from_code)?,
        audience: row.word("audience", audience_from)?,
        status: row.word("status", status_from)?,
        resolved: row.json_option("resolved_by")?.zip(row.get("resolved_at")?),
        drawing: row.json_option("drawing")?,
        still_key: row.get("still_key")?,
        client_key: client_key.parse().map_err(|_| DbError::Damaged("client_key".to_owned()))?,
        created_at: row.get("created_at")?,
        edited_at: row.get("edited_at")?,
        deleted: row.json_option("deleted_by")?.zip(row.get("deleted_at")?),
    })
}
