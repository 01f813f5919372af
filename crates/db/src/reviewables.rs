//! Reviewables: the things under review, each with a stack of versions.

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, ReviewableId};
use picturelock_domain::review::Brief;

use crate::value::{Row, json, values};
use crate::{DbError, Tx};

/// A thing under review.
#[derive(Clone, Debug)]
pub struct Reviewable {
    /// Its id.
    pub id: ReviewableId,
    /// Its project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// What reviewers are told.
    pub brief: Brief,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds a reviewable without versions.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Reviewable) -> Result<(), DbError> {
    let sql = "INSERT INTO reviewable (id, project_id, name, brief, created_at) VALUES ($1, $2, $3, $4, $5)";
    let values = values![new.id, new.project, &new.name, json(&new.brief)?, new.created_at];
    tx.execute(sql, values).await.map(|_| ())
}

/// The reviewable `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: ReviewableId) -> Result<Option<Reviewable>, DbError> {
    tx.row("SELECT * FROM reviewable WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// The reviewables of the project, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Reviewable>, DbError> {
    let sql = "SELECT * FROM reviewable WHERE project_id = $1 ORDER BY created_at, id";
    tx.rows(sql, values![project]).await?.iter().map(read).collect()
}

/// Writes back what can change of a reviewable.
///
/// # Errors
/// When the database is out of reach.
pub async fn update(tx: &mut Tx, reviewable: &Reviewable) -> Result<(), DbError> {
    let sql = "UPDATE reviewable SET name = $2, brief = $3 WHERE id = $1";
    tx.execute(sql, values![reviewable.id, &reviewable.name, json(&reviewable.brief)?]).await.map(|_| ())
}

/// Takes the number of the next version: 1, 2, …; a number is never given twice.
///
/// # Errors
/// When the database is out of reach or there is no such reviewable.
pub async fn next_number(tx: &mut Tx, id: ReviewableId) -> Result<u32, DbError> {
    let sql = "UPDATE reviewable SET next_number = next_number + 1 WHERE id = $1 RETURNING next_number - 1 AS number";
    let row = tx.row(sql, values![id]).await?.ok_or_else(|| DbError::Damaged("reviewable".to_owned()))?;
    row.get("number")
}

fn read(row: &Row) -> Result<Reviewable, DbError> {
    Ok(Reviewable {
        id: row.get("id")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        brief: row.json("brief")?,
        created_at: row.get("created_at")?,
    })
}
