//! Writing comments.

use jiff::Timestamp;
use picturelock_domain::id::CommentId;
use picturelock_domain::review::{CommentKind, Writer};

use super::{Author, Comment, writer_text};
use crate::events::audience_code;
use crate::value::{json, values};
use crate::{DbError, Tx};

/// Adds a comment or reply; false when its writer's browser had sent it before.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Comment) -> Result<bool, DbError> {
    let sql = "INSERT INTO comment (id, project_id, version_id, parent_id, author_kind, author_id, author_name,
                                    first_frame, last_frame, body, kind, audience, status, drawing, client_key,
                                    created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, $14, $15)
               ON CONFLICT (version_id, author_id, client_key) DO NOTHING";
    let (kind, id) = writer_text(new.author.writer);
    let values = values![
        new.id,
        new.project,
        new.version,
        new.parent,
        kind,
        id,
        &new.author.name,
        new.frames.first(),
        new.frames.last(),
        &new.text,
        new.kind.code(),
        audience_code(new.audience),
        new.drawing.as_ref().map(json).transpose()?,
        new.client_key.to_string(),
        new.created_at,
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Writes other words and another kind.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_words(
    tx: &mut Tx,
    id: CommentId,
    text: &str,
    kind: CommentKind,
    at: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE comment SET body = $2, kind = $3, edited_at = $4 WHERE id = $1";
    tx.execute(sql, values![id, text, kind.code(), at]).await.map(|_| ())
}

/// Deletes a comment or reply so that it can be brought back; false when it was deleted before.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(tx: &mut Tx, id: CommentId, by: Writer, at: Timestamp) -> Result<bool, DbError> {
    let by = json(&by)?;
    let sql = "UPDATE comment SET deleted_at = $2, deleted_by = $3 WHERE id = $1 AND deleted_at IS NULL";
    Ok(tx.execute(sql, values![id, at, by]).await? == 1)
}

/// Brings a deleted comment or reply back; false when it was not deleted.
///
/// # Errors
/// When the database is out of reach.
pub async fn restore(tx: &mut Tx, id: CommentId) -> Result<bool, DbError> {
    let sql = "UPDATE comment SET deleted_at = NULL, deleted_by = NULL WHERE id = $1 AND deleted_at IS NOT NULL";
    Ok(tx.execute(sql, values![id]).await? == 1)
}

/// Marks a comment as dealt with; false when it was before.
///
/// # Errors
/// When the database is out of reach.
pub async fn resolve(tx: &mut Tx, id: CommentId, by: &Author, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE comment SET status = 'resolved', resolved_by = $2, resolved_at = $3
               WHERE id = $1 AND status = 'open'";
    Ok(tx.execute(sql, values![id, json(by)?, at]).await? == 1)
}

/// Marks a comment as still to be dealt with; false when it was before.
///
/// # Errors
/// When the database is out of reach.
pub async fn reopen(tx: &mut Tx, id: CommentId) -> Result<bool, DbError> {
    let sql = "UPDATE comment SET status = 'open', resolved_by = NULL, resolved_at = NULL
               WHERE id = $1 AND status = 'resolved'";
    Ok(tx.execute(sql, values![id]).await? == 1)
}
