//! Uploads in progress and their parts.
//!
//! One request at a time writes an upload: it holds a *claim*, a token good for some seconds that it renews while it
//! works. Parts are counted only through the claim, so a request that lost it changes nothing.

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, ReviewableId, UploadId, UserId, VersionId};
use picturelock_domain::project::Stage;

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// An upload.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Its project.
    pub project: ProjectId,
    /// Whose it is.
    pub user: UserId,
    /// The file's name.
    pub file_name: String,
    /// Its path within the folder that was dropped; empty when it came alone.
    pub relative_path: String,
    /// The reviewable it becomes a version of; absent: a new one.
    pub reviewable: Option<ReviewableId>,
    /// The stage of a new reviewable.
    pub stage: Stage,
    /// What the browser knows the file by.
    pub fingerprint: String,
    /// The file's size.
    pub bytes: u64,
    /// How much has arrived for good.
    pub received: u64,
    /// The size of every part but the last.
    pub part_size: u64,
    /// The store's name for it.
    pub parts: String,
    /// Where the file will lie in the store.
    pub blob_key: String,
    /// The version it became.
    pub version: Option<VersionId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// When it was given up; its files are being removed since.
    pub ended_at: Option<Timestamp>,
}

/// A part that is safe in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// Counted from 0.
    pub number: u32,
    /// Its size.
    pub bytes: u64,
    /// What the store calls it.
    pub tag: String,
    /// Its BLAKE3 as hexadecimal.
    pub blake3: String,
}

/// Adds an upload of which nothing has arrived.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Upload) -> Result<(), DbError> {
    let sql =
        "INSERT INTO upload (id, project_id, user_id, file_name, relative_path, reviewable_id, stage, fingerprint,
                                   bytes, received, part_size, parts, blob_key, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14)";
    let values = values![
        new.id,
        new.project,
        new.user,
        &new.file_name,
        &new.relative_path,
        new.reviewable,
        new.stage.code(),
        &new.fingerprint,
        new.bytes,
        new.part_size,
        &new.parts,
        &new.blob_key,
        new.created_at,
        new.expires_at
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// The upload `id`, whatever its state.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: UploadId) -> Result<Option<Upload>, DbError> {
    tx.row("SELECT * FROM upload WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// The person's unfinished uploads in the project, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn unfinished(tx: &mut Tx, project: ProjectId, user: UserId, now: Timestamp) -> Result<Vec<Upload>, DbError> {
    let sql = "SELECT * FROM upload WHERE project_id = $1 AND user_id = $2 AND version_id IS NULL AND ended_at IS NULL
                  AND expires_at > $3 ORDER BY id DESC";
    tx.rows(sql, values![project, user, now]).await?.iter().map(read).collect()
}

/// How many uploads of the person are unfinished, in all projects.
///
/// # Errors
/// When the database is out of reach.
pub async fn count_unfinished(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) AS uploads FROM upload WHERE user_id = $1 AND version_id IS NULL AND ended_at IS NULL
                  AND expires_at > $2";
    tx.row(sql, values![user, now]).await?.map_or(Ok(0), |row| row.get("uploads"))
}

/// The parts of the upload that are safe, in order.
///
/// # Errors
/// When the database is out of reach.
pub async fn parts(tx: &mut Tx, id: UploadId) -> Result<Vec<StoredPart>, DbError> {
    let sql = "SELECT * FROM upload_part WHERE upload_id = $1 ORDER BY number";
    let rows = tx.rows(sql, values![id]).await?;
    let part = |row: &Row| {
        Ok(StoredPart {
            number: row.get("number")?,
            bytes: row.get("bytes")?,
            tag: row.get("tag")?,
            blake3: row.get("blake3")?,
        })
    };
    rows.iter().map(part).collect()
}

/// Claims the upload for the part that begins at `offset`; false when another request is at it, or the offset is
/// not where the upload stands.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(
    tx: &mut Tx,
    id: UploadId,
    offset: u64,
    token: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE upload SET claim = $3, claimed_until = $5
               WHERE id = $1 AND received = $2 AND version_id IS NULL AND ended_at IS NULL AND expires_at > $4
                 AND (claim IS NULL OR claimed_until <= $4)";
    Ok(tx.execute(sql, values![id, offset, token, now, until]).await? == 1)
}

/// Keeps a claim; false when it was lost.
///
/// # Errors
/// When the database is out of reach.
pub async fn renew(tx: &mut Tx, id: UploadId, token: &str, until: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE upload SET claimed_until = $3 WHERE id = $1 AND claim = $2 AND ended_at IS NULL";
    Ok(tx.execute(sql, values![id, token, until]).await? == 1)
}

/// Lets the upload go for the next request.
///
/// # Errors
/// When the database is out of reach.
pub async fn release(tx: &mut Tx, id: UploadId, token: &str) -> Result<(), DbError> {
    let sql = "UPDATE upload SET claim = NULL, claimed_until = NULL WHERE id = $1 AND claim = $2";
    tx.execute(sql, values![id, token]).await.map(|_| ())
}

/// Lets every upload go: whoever held them ended with the process before this one.
///
/// # Errors
/// When the database is out of reach.
pub async fn release_all(tx: &mut Tx) -> Result<(), DbError> {
    tx.execute("UPDATE upload SET claim = NULL, claimed_until = NULL WHERE claim IS NOT NULL", values![])
        .await
        .map(|_| ())
}

/// Counts a part that is safe in the store and lets the claim go; false when the claim was lost.
///
/// # Errors
/// When the database is out of reach.
pub async fn add_part(
    tx: &mut Tx,
    id: UploadId,
    token: &str,
    part: &StoredPart,
    expires_at: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE upload SET received = received + $3, claim = NULL, claimed_until = NULL, expires_at = $4
               WHERE id = $1 AND claim = $2 AND ended_at IS NULL";
    if tx.execute(sql, values![id, token, part.bytes, expires_at]).await? != 1 {
        return Ok(false);
    }
    let sql = "INSERT INTO upload_part (upload_id, number, bytes, tag, blake3) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, values![id, part.number, part.bytes, &part.tag, &part.blake3]).await?;
    Ok(true)
}

/// Records the version the upload became; its parts are parts no longer.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_version(tx: &mut Tx, id: UploadId, version: VersionId) -> Result<(), DbError> {
    tx.execute("UPDATE upload SET version_id = $2 WHERE id = $1", values![id, version]).await?;
    tx.execute("DELETE FROM upload_part WHERE upload_id = $1", values![id]).await.map(|_| ())
}

/// Gives an unfinished upload up: from here on it takes nothing. False when it became a version.
///
/// # Errors
/// When the database is out of reach.
pub async fn end(tx: &mut Tx, id: UploadId, at: Timestamp) -> Result<bool, DbError> {
    let sql =
        "UPDATE upload SET ended_at = $2, claim = NULL, claimed_until = NULL WHERE id = $1 AND version_id IS NULL";
    Ok(tx.execute(sql, values![id, at]).await? == 1)
}

/// Forgets an upload.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(tx: &mut Tx, id: UploadId) -> Result<(), DbError> {
    tx.execute("DELETE FROM upload_part WHERE upload_id = $1", values![id]).await?;
    tx.execute("DELETE FROM upload WHERE id = $1", values![id]).await.map(|_| ())
}

/// Uploads that have arrived whole but have not become a version yet.
///
/// # Errors
/// When the database is out of reach.
pub async fn arrived(tx: &mut Tx) -> Result<Vec<UploadId>, DbError> {
    let sql = "SELECT id FROM upload WHERE received = bytes AND version_id IS NULL AND ended_at IS NULL ORDER BY id";
    tx.rows(sql, values![]).await?.iter().map(|row| row.get("id")).collect()
}

/// Uploads to be forgotten: out of time and with no request at them, or given up.
///
/// # Errors
/// When the database is out of reach.
pub async fn over(tx: &mut Tx, now: Timestamp) -> Result<Vec<Upload>, DbError> {
    let sql = "SELECT * FROM upload WHERE ended_at IS NOT NULL
                  OR (expires_at <= $1 AND (claim IS NULL OR claimed_until <= $1)
                      AND (version_id IS NOT NULL OR received < bytes))
               ORDER BY id";
    tx.rows(sql, values![now]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Upload, DbError> {
    Ok(Upload {
        id: row.get("id")?,
        project: row.get("project_id")?,
        user: row.get("user_id")?,
        file_name: row.get("file_name")?,
        relative_path: row.get("relative_path")?,
        reviewable: row.get("reviewable_id")?,
        stage: row.word("stage", Stage::from_code)?,
        fingerprint: row.get("fingerprint")?,
        bytes: row.get("bytes")?,
        received: row.get("received")?,
        part_size: row.get("part_size")?,
        parts: row.get("parts")?,
        blob_key: row.get("blob_key")?,
        version: row.get("version_id")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        ended_at: row.get("ended_at")?,
    })
}
