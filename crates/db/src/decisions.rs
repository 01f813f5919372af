//! Decisions: a record that only grows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use picturelock_domain::id::{CommentId, ContentHash, DecisionId, GuestId, ProjectId, VersionId};
use picturelock_domain::review::{CommentStatus, DecisionOutcome};
use uuid::Uuid;

use crate::value::{Row, json, values};
use crate::{DbError, Tx};

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// A person signed in to an account.
    Account(Uuid),
    /// A person who held a link and typed a name.
    Guest(Uuid),
}

/// What a guest sees.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// Who looks.
    pub guest: GuestId,
    /// Whether their link shows them other guests' comments.
    pub sees_others: bool,
}

/// A recorded decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// Its project.
    pub project: ProjectId,
    /// The version it is about.
    pub version: VersionId,
    /// What was decided.
    pub outcome: DecisionOutcome,
    /// Who decided.
    pub by: Decider,
    /// Their name then.
    pub name: String,
    /// Their address then, where given.
    pub email: Option<String>,
    /// The sentence agreed to, signed.
    pub statement: String,
    /// A remark.
    pub note: Option<String>,
    /// The comments that say what to change.
    pub listed_comments: Vec<CommentId>,
    /// The file decided on.
    pub content_hash: ContentHash,
    /// How many of its frames they had watched.
    pub watched_frames: u32,
    /// When; no two decisions on a version have the same time.
    pub decided_at: Timestamp,
}

/// Appends a decision.
///
/// # Errors
/// When the database is out of reach, or the key was used before.
pub async fn insert(tx: &mut Tx, new: &Decision, client_key: Uuid) -> Result<(), DbError> {
    let sql = "INSERT INTO decision (id, project_id, version_id, outcome, author_kind, author_id, author_name, email,
                                     identity, statement, note, listed_comments, content_hash, watched_frames,
                                     client_key, decided_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let (kind, identity, author) = match new.by {
        Decider::Account(id) => ("account", "account", id),
        Decider::Guest(id) => ("guest", "link_only", id),
    };
    let values = values![
        new.id,
        new.project,
        new.version,
        new.outcome.code(),
        kind,
        author.to_string(),
        &new.name,
        new.email.clone(),
        identity,
        &new.statement,
        new.note.clone(),
        json(&new.listed_comments)?,
        new.content_hash,
        new.watched_frames,
        client_key.to_string(),
        new.decided_at
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// The decision `author` made on the version with this key.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_key(
    tx: &mut Tx,
    version: VersionId,
    author: Uuid,
    client_key: Uuid,
) -> Result<Option<Decision>, DbError> {
    let sql = "SELECT * FROM decision WHERE version_id = $1 AND author_id = $2 AND client_key = $3";
    let values = values![version, author.to_string(), client_key.to_string()];
    tx.row(sql, values).await?.as_ref().map(read).transpose()
}

/// The decisions on the version, oldest first; the last one stands.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_version(tx: &mut Tx, version: VersionId) -> Result<Vec<Decision>, DbError> {
    let sql = "SELECT * FROM decision WHERE version_id = $1 ORDER BY decided_at, id";
    tx.rows(sql, values![version]).await?.iter().map(read).collect()
}

/// When the version was last decided on.
///
/// # Errors
/// When the database is out of reach.
pub async fn last_at(tx: &mut Tx, version: VersionId) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT MAX(decided_at) AS last FROM decision WHERE version_id = $1";
    tx.row(sql, values![version]).await?.map_or(Ok(None), |row| row.get("last"))
}

/// The comments of the version, each with whether it is open; for a guest, those they see. Replies are not counted.
///
/// # Errors
/// When the database is out of reach.
pub async fn comments(
    tx: &mut Tx,
    version: VersionId,
    guest: Option<Sight>,
) -> Result<BTreeMap<CommentId, CommentStatus>, DbError> {
    let rows = match guest {
        None => {
            let sql = "SELECT id, status FROM comment
                       WHERE version_id = $1 AND parent_id IS NULL AND deleted_at IS NULL";
            tx.rows(sql, values![version]).await?
        }
        Some(Sight { guest, sees_others }) => {
            let sql = "SELECT id, status FROM comment
                       WHERE version_id = $1 AND parent_id IS NULL AND deleted_at IS NULL AND audience = 'everyone'
                         AND (author_kind = 'account' OR author_id = $2 OR $3 = 1)";
            tx.rows(sql, values![version, guest, sees_others]).await?
        }
    };
    rows.iter()
        .map(|row| {
            let status: String = row.get("status")?;
            let open = if status == "open" { CommentStatus::Open } else { CommentStatus::Resolved };
            Ok((row.get("id")?, open))
        })
        .collect()
}

fn read(row: &Row) -> Result<Decision, DbError> {
    let kind: String = row.get("author_kind")?;
    let author: String = row.get("author_id")?;
    let author: Uuid = author.parse().map_err(|_| DbError::Damaged("author_id".to_owned()))?;
    Ok(Decision {
        id: row.get("id")?,
        project: row.get("project_id")?,
        version: row.get("version_id")?,
        outcome: row.word("outcome", DecisionOutcome::from_code)?,
        by: if kind == "guest" { Decider::Guest(author) } else { Decider::Account(author) },
        name: row.get("author_name")?,
        email: row.get("email")?,
        statement: row.get("statement")?,
        note: row.get("note")?,
        listed_comments: row.json("listed_comments")?,
        content_hash: row.get("content_hash")?,
        watched_frames: row.get("watched_frames")?,
        decided_at: row.get("decided_at")?,
    })
}
