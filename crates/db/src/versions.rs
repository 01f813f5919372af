//! Versions: one exact file each, and what was made and measured of it.

use std::collections::HashMap;

use jiff::Timestamp;
use picturelock_domain::frame::FrameTable;
use picturelock_domain::id::{ContentHash, GuestId, ProjectId, ReviewableId, UserId, VersionId};
use picturelock_domain::review::ReviewState;
use picturelock_domain::version::{Footage, VersionState};
use serde_json::Value as Json;

use crate::value::{Row, json, values};
use crate::{DbError, Tx};

/// A version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Its project.
    pub project: ProjectId,
    /// Its reviewable.
    pub reviewable: ReviewableId,
    /// Counted from 1 within the reviewable.
    pub number: u32,
    /// The name the file came with.
    pub file_name: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's hash, once the whole file was read.
    pub content_hash: Option<ContentHash>,
    /// Where the file lies in the store.
    pub source_key: String,
    /// Where it stands on its way to the player.
    pub state: VersionState,
    /// Where it stands in its review.
    pub review: ReviewState,
    /// What was measured about the file.
    pub footage: Option<Footage>,
    /// The files made from it, as their maker describes them.
    pub media: Option<Json>,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// The name of who uploaded it.
    pub uploader: String,
    /// When the upload was complete.
    pub created_at: Timestamp,
}

/// A version to be added; it begins as *processing* and *in review*.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Its id.
    pub id: VersionId,
    /// Its project.
    pub project: ProjectId,
    /// Its reviewable.
    pub reviewable: ReviewableId,
    /// From [`crate::reviewables::next_number`].
    pub number: u32,
    /// The name the file came with.
    pub file_name: String,
    /// The file's size.
    pub bytes: u64,
    /// Where the file lies in the store.
    pub source_key: String,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When the upload was complete.
    pub created_at: Timestamp,
}

/// What processing found out and made.
#[derive(Clone, Debug)]
pub struct Processed {
    /// What was measured about the file.
    pub footage: Footage,
    /// When each frame is shown.
    pub frame_table: FrameTable,
    /// The files made from it, as their maker describes them.
    pub media: Json,
    /// The file's hash.
    pub content_hash: ContentHash,
    /// Where the file lies in the store now.
    pub source_key: String,
}

/// Who counts notes: each sees their own share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The team sees all.
    Team,
    /// A guest sees the team's notes for everyone and those of all guests.
    AnyGuest,
    /// A guest sees the team's notes for everyone and their own.
    OneGuest(GuestId),
}

/// The versions something is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Those of a project.
    Project(ProjectId),
    /// Those of a reviewable.
    Reviewable(ReviewableId),
}

/// How many notes a version has, replies not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoteCounts {
    /// All of them.
    pub all: u32,
    /// Those still open.
    pub open: u32,
}

/// Adds a version.
///
/// # Errors
/// When the database is out of reach, or the number is taken.
pub async fn insert(tx: &mut Tx, new: &NewVersion) -> Result<(), DbError> {
    let sql = "INSERT INTO version (id, project_id, reviewable_id, number, file_name, bytes, source_key, state, review,
                                    uploaded_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'processing', 'in_review', $8, $9)";
    let values = values![
        new.id,
        new.project,
        new.reviewable,
        new.number,
        &new.file_name,
        new.bytes,
        &new.source_key,
        new.uploaded_by,
        new.created_at
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// The version `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(tx: &mut Tx, id: VersionId) -> Result<Option<Version>, DbError> {
    let sql = "SELECT version.*, account.name AS uploader FROM version
               JOIN account ON account.id = version.uploaded_by WHERE version.id = $1";
    tx.row(sql, values![id]).await?.as_ref().map(read).transpose()
}

/// The versions of the reviewable, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_reviewable(tx: &mut Tx, reviewable: ReviewableId) -> Result<Vec<Version>, DbError> {
    let sql = "SELECT version.*, account.name AS uploader FROM version
               JOIN account ON account.id = version.uploaded_by
               WHERE version.reviewable_id = $1 ORDER BY version.number DESC";
    tx.rows(sql, values![reviewable]).await?.iter().map(read).collect()
}

/// The versions of every reviewable of the project, newest first within each.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Version>, DbError> {
    let sql = "SELECT version.*, account.name AS uploader FROM version
               JOIN account ON account.id = version.uploaded_by
               WHERE version.project_id = $1 ORDER BY version.reviewable_id, version.number DESC";
    tx.rows(sql, values![project]).await?.iter().map(read).collect()
}

/// When each frame of the version is shown, once it is known.
///
/// # Errors
/// When the database is out of reach.
pub async fn frame_table(tx: &mut Tx, id: VersionId) -> Result<Option<FrameTable>, DbError> {
    let row = tx.row("SELECT frame_table FROM version WHERE id = $1", values![id]).await?;
    row.map_or(Ok(None), |row| row.json_option("frame_table"))
}

/// Makes the version *ready*; false when it was deleted meanwhile.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_processed(tx: &mut Tx, id: VersionId, made: &Processed) -> Result<bool, DbError> {
    let sql = "UPDATE version SET state = 'ready', reason = NULL, footage = $2, frame_table = $3, media = $4,
                      content_hash = $5, source_key = $6
               WHERE id = $1 AND state <> 'deleted'";
    let values = values![
        id,
        json(&made.footage)?,
        json(&made.frame_table)?,
        json(&made.media)?,
        made.content_hash,
        &made.source_key
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

/// Makes the version *deleted*; false when it was so before. Its comments and decisions stay.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_deleted(tx: &mut Tx, id: VersionId, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE version SET state = 'deleted', reason = NULL, media = NULL, deleted_at = $2
               WHERE id = $1 AND state <> 'deleted'";
    Ok(tx.execute(sql, values![id, at]).await? == 1)
}

/// Records where the version stands in its review.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_review(tx: &mut Tx, id: VersionId, review: ReviewState) -> Result<(), DbError> {
    let sql = "UPDATE version SET review = $2 WHERE id = $1";
    tx.execute(sql, values![id, review_code(review)]).await.map(|_| ())
}

/// How many notes each of the versions has, as far as `reader` sees them. Versions without notes are absent.
///
/// # Errors
/// When the database is out of reach.
pub async fn note_counts(
    tx: &mut Tx,
    within: Within,
    reader: Reader,
) -> Result<HashMap<VersionId, NoteCounts>, DbError> {
    macro_rules! counting {
        ($condition:literal) => {
            concat!(
                "SELECT version_id, COUNT(*) AS notes, COUNT(CASE WHEN status = 'open' THEN 1 END) AS open_notes
                 FROM comment WHERE version_id IN (SELECT id FROM version WHERE project_id = $1 OR reviewable_id = $1)
                   AND parent_id IS NULL AND deleted_at IS NULL",
                $condition,
                " GROUP BY version_id"
            )
        };
    }
    let within = match within {
        Within::Project(id) => id.to_string(),
        Within::Reviewable(id) => id.to_string(),
    };
    let rows = match reader {
        Reader::Team => tx.rows(counting!(""), values![within]).await?,
        Reader::AnyGuest => tx.rows(counting!(" AND audience = 'everyone'"), values![within]).await?,
        Reader::OneGuest(guest) => {
            let sql = counting!(" AND audience = 'everyone' AND (author_kind = 'account' OR author_id = $2)");
            tx.rows(sql, values![within, guest]).await?
        }
    };
    let count =
        |row: &Row| Ok((row.get("version_id")?, NoteCounts { all: row.get("notes")?, open: row.get("open_notes")? }));
    rows.iter().map(count).collect()
}

const fn review_code(review: ReviewState) -> &'static str {
    match review {
        ReviewState::InReview => "in_review",
        ReviewState::Approved => "approved",
        ReviewState::ApprovedWithChanges => "approved_with_changes",
        ReviewState::ChangesRequested => "changes_requested",
    }
}

pub(crate) fn review_from(code: &str) -> Option<ReviewState> {
    let all =
        [ReviewState::InReview, ReviewState::Approved, ReviewState::ApprovedWithChanges, ReviewState::ChangesRequested];
    all.into_iter().find(|review| review_code(*review) == code)
}

pub(crate) fn state(row: &Row) -> Result<VersionState, DbError> {
    let code: String = row.get("state")?;
    Ok(match code.as_str() {
        "processing" => VersionState::Processing,
        "ready" => VersionState::Ready,
        "failed" => {
            let reason: Option<String> = row.get("reason")?;
            VersionState::Failed { reason: reason.unwrap_or_default() }
        }
        "deleted" => VersionState::Deleted,
        _ => return Err(DbError::Damaged("version state".to_owned())),
    })
}

fn read(row: &Row) -> Result<Version, DbError> {
    Ok(Version {
        id: row.get("id")?,
        project: row.get("project_id")?,
        reviewable: row.get("reviewable_id")?,
        number: row.get("number")?,
        file_name: row.get("file_name")?,
        bytes: row.get("bytes")?,
        content_hash: row.get("content_hash")?,
        source_key: row.get("source_key")?,
        state: state(row)?,
        review: row.word("review", review_from)?,
        footage: row.json_option("footage")?,
        media: row.json_option("media")?,
        uploaded_by: row.get("uploaded_by")?,
        uploader: row.get("uploader")?,
        created_at: row.get("created_at")?,
    })
}
