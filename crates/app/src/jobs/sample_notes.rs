//! The notes on the sample: what notes can be, for a newcomer to answer, resolve and delete.

use jiff::Timestamp;
use picturelock_db::comments::{self, Author, Comment};
use picturelock_db::{Tx, accounts};
use picturelock_domain::frame::FrameRange;
use picturelock_domain::id::{CommentId, ProjectId, UserId, VersionId};
use picturelock_domain::review::{Audience, Colour, CommentKind, CommentStatus, Drawing, Point, Shape, Writer};

use crate::AppError;
use crate::access::id_at;

/// The frames are those of the second cut: its shots begin at 0, 108, 204, 276 and 372.
const NOTES: [(u32, u32, CommentKind, &str); 3] = [
    (
        130,
        130,
        CommentKind::Question,
        "Should the sun stand lower here? I have drawn around it. Click the note to see.",
    ),
    (
        204,
        275,
        CommentKind::Change,
        "This shot lost a second against version 1, and the cut now comes early. Give it half a second back.",
    ),
    (
        300,
        300,
        CommentKind::Praise,
        "The warmer dusk is right. Reply to these notes, resolve them or delete them: they are only samples.",
    ),
];

/// Writes the notes on the version in the name of `owner`, in the caller's transaction.
pub(super) async fn add(
    tx: &mut Tx,
    project: ProjectId,
    version: VersionId,
    owner: UserId,
    now: Timestamp,
) -> Result<(), AppError> {
    let Some(account) = accounts::by_id(tx, owner).await? else { return Ok(()) };
    for (first, last, kind, text) in NOTES {
        let id = id_at(now);
        let note = Comment {
            id: CommentId::from_uuid(id),
            project,
            version,
            parent: None,
            author: Author { writer: Writer::Account(owner), name: account.name.clone() },
            frames: FrameRange::new(first, last).map_err(|error| AppError::Machine(error.to_string()))?,
            text: text.to_owned(),
            kind,
            audience: Audience::Everyone,
            status: CommentStatus::Open,
            resolved: None,
            drawing: if kind == CommentKind::Question { Some(around_the_sun()?) } else { None },
            still_key: None,
            client_key: id,
            created_at: now,
            edited_at: None,
            deleted: None,
        };
        comments::insert(tx, &note).await?;
    }
    Ok(())
}

fn around_the_sun() -> Result<Drawing, AppError> {
    let (from, to) = (Point::new(0.16, 0.07)?, Point::new(0.29, 0.30)?);
    Ok(Drawing::new(vec![Shape::Ellipse { colour: Colour::Yellow, from, to }])?)
}
