//! What the processing of a version reads and writes.

use picturelock_domain::id::{CommentId, ContentHash, VersionId};
use picturelock_domain::review::Audience;

use crate::events::audience_from;
use crate::value::values;
use crate::versions::Processed;
use crate::{DbError, Tx};

/// A comment as far as its still needs it.
#[derive(Clone, Debug)]
pub struct StillPlace {
    /// The version it is on.
    pub version: VersionId,
    /// The frame it begins at.
    pub frame: u32,
    /// Who may see it.
    pub audience: Audience,
}

/// Until the transaction ends, nobody else decides whether the files of this content stay or go.
///
/// # Errors
/// When the database is out of reach.
pub async fn lock_content(tx: &mut Tx, hash: ContentHash) -> Result<(), DbError> {
    let sql = tx.pick("SELECT $1 AS hash", "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))");
    tx.row(sql, values![hash]).await.map(|_| ())
}

/// Notes the hash of the version's bytes. `false` when the version is no longer to be processed; likewise below.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_hash(tx: &mut Tx, version: VersionId, hash: ContentHash) -> Result<bool, DbError> {
    let sql = "UPDATE version SET content_hash = $2 WHERE id = $1 AND state = 'processing'";
    Ok(tx.execute(sql, values![version, hash]).await? == 1)
}

/// Notes where the version's file lies now.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_source_key(tx: &mut Tx, version: VersionId, key: &str) -> Result<bool, DbError> {
    let sql = "UPDATE version SET source_key = $2 WHERE id = $1 AND state = 'processing'";
    Ok(tx.execute(sql, values![version, key]).await? == 1)
}

/// The version cannot be used; `reason` is for people.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_failed(tx: &mut Tx, version: VersionId, reason: &str) -> Result<bool, DbError> {
    let sql = "UPDATE version SET state = 'failed', reason = $2 WHERE id = $1 AND state = 'processing'";
    Ok(tx.execute(sql, values![version, reason]).await? == 1)
}

/// The version is to be processed once more. `false` when it had not failed.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_processing(tx: &mut Tx, version: VersionId) -> Result<bool, DbError> {
    let sql = "UPDATE version SET state = 'processing', reason = NULL WHERE id = $1 AND state = 'failed'";
    Ok(tx.execute(sql, values![version]).await? == 1)
}

/// What was made of the same bytes for another version, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn made_of(tx: &mut Tx, hash: ContentHash) -> Result<Option<Processed>, DbError> {
    let sql = "SELECT footage, frame_table, media, content_hash, source_key FROM version
               WHERE content_hash = $1 AND state = 'ready' ORDER BY created_at DESC LIMIT 1";
    let row = tx.row(sql, values![hash]).await?;
    row.map(|row| {
        Ok(Processed {
            footage: row.json("footage")?,
            frame_table: row.json("frame_table")?,
            media: row.json("media")?,
            content_hash: row.get("content_hash")?,
            source_key: row.get("source_key")?,
        })
    })
    .transpose()
}

/// Whether a version other than `version` needs the files of this content.
///
/// # Errors
/// When the database is out of reach.
pub async fn is_shared(tx: &mut Tx, hash: ContentHash, version: VersionId) -> Result<bool, DbError> {
    let sql = "SELECT id FROM version WHERE content_hash = $1 AND id <> $2 AND state <> 'deleted' LIMIT 1";
    Ok(tx.row(sql, values![hash, version]).await?.is_some())
}

/// Comments on the version that have no picture of their frame yet.
///
/// # Errors
/// When the database is out of reach.
pub async fn comments_without_still(tx: &mut Tx, version: VersionId) -> Result<Vec<CommentId>, DbError> {
    let sql = "SELECT id FROM comment WHERE version_id = $1 AND parent_id IS NULL AND still_key IS NULL
                   AND deleted_at IS NULL";
    tx.rows(sql, values![version]).await?.iter().map(|row| row.get("id")).collect()
}

/// What a still of the comment's frame needs; `None` when the comment is deleted or a reply.
///
/// # Errors
/// When the database is out of reach.
pub async fn still_place(tx: &mut Tx, comment: CommentId) -> Result<Option<StillPlace>, DbError> {
    let sql = "SELECT version_id, first_frame, audience FROM comment
               WHERE id = $1 AND parent_id IS NULL AND deleted_at IS NULL";
    let row = tx.row(sql, values![comment]).await?;
    row.map(|row| {
        Ok(StillPlace {
            version: row.get("version_id")?,
            frame: row.get("first_frame")?,
            audience: row.word("audience", audience_from)?,
        })
    })
    .transpose()
}

/// Notes where the picture of the comment's frame lies.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_still(tx: &mut Tx, comment: CommentId, key: &str) -> Result<(), DbError> {
    tx.execute("UPDATE comment SET still_key = $2 WHERE id = $1", values![comment, key]).await.map(|_| ())
}
