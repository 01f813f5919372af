//! The event log: what changed in a project, in an order every reader agrees on.

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, VersionId};
use picturelock_domain::review::Audience;
use serde_json::Value as Json;

use crate::value::{Row, json, values};
use crate::{DbError, Tx};

/// A change to tell browsers of.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// A word such as `comment_created`.
    pub kind: &'static str,
    /// The version it is about, if it is about one.
    pub version: Option<VersionId>,
    /// Who may hear of it.
    pub audience: Audience,
    /// What browsers need to show it; holds nothing its audience may not see.
    pub payload: Json,
}

/// A change as it stands in the log.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its place in the project's log, from 1, without gaps.
    pub seq: i64,
    /// A word such as `comment_created`.
    pub kind: String,
    /// The version it is about.
    pub version: Option<VersionId>,
    /// Who may hear of it.
    pub audience: Audience,
    /// What browsers need to show it.
    pub payload: Json,
}

/// Appends `event` to the project's log; gives its number. The counter is taken in the caller's
/// transaction, so a reader never sees a later event before an earlier one.
///
/// # Errors
/// When the database is out of reach or there is no such project.
pub async fn append(tx: &mut Tx, project: ProjectId, event: &NewEvent, now: Timestamp) -> Result<i64, DbError> {
    let sql = "UPDATE project SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq";
    let row = tx.row(sql, values![project]).await?.ok_or_else(|| DbError::Damaged("project".to_owned()))?;
    let seq: i64 = row.get("event_seq")?;
    let sql = "INSERT INTO event (project_id, seq, kind, version_id, audience, payload, at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values =
        values![project, seq, event.kind, event.version, audience_code(event.audience), json(&event.payload)?, now];
    tx.execute(sql, values).await?;
    Ok(seq)
}

/// Up to `limit` events of the project after number `after`, in order.
///
/// # Errors
/// When the database is out of reach.
pub async fn after(tx: &mut Tx, project: ProjectId, after: i64, limit: u32) -> Result<Vec<Event>, DbError> {
    let sql = "SELECT * FROM event WHERE project_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    tx.rows(sql, values![project, after, limit]).await?.iter().map(read).collect()
}

/// The number of the project's last event, 0 before the first.
///
/// # Errors
/// When the database is out of reach.
pub async fn last(tx: &mut Tx, project: ProjectId) -> Result<i64, DbError> {
    let row = tx.row("SELECT event_seq FROM project WHERE id = $1", values![project]).await?;
    row.map_or(Ok(0), |row| row.get("event_seq"))
}

/// Holds the project until the transaction ends, so that its changes happen one after another.
/// SQLite's single writer has that order already.
///
/// # Errors
/// When the database is out of reach.
pub async fn lock(tx: &mut Tx, project: ProjectId) -> Result<(), DbError> {
    let sql = tx.pick("SELECT id FROM project WHERE id = $1", "SELECT id FROM project WHERE id = $1 FOR UPDATE");
    tx.row(sql, values![project]).await.map(|_| ())
}

/// The word an audience is stored as.
pub(crate) const fn audience_code(audience: Audience) -> &'static str {
    match audience {
        Audience::Everyone => "everyone",
        Audience::Team => "team",
    }
}

/// The audience a stored word names.
pub(crate) fn audience_from(code: &str) -> Option<Audience> {
    [Audience::Everyone, Audience::Team].into_iter().find(|audience| audience_code(*audience) == code)
}

fn read(row: &Row) -> Result<Event, DbError> {
    Ok(Event {
        seq: row.get("seq")?,
        kind: row.get("kind")?,
        version: row.get("version_id")?,
        audience: row.word("audience", audience_from)?,
        payload: row.json("payload")?,
    })
}
