//! Projects and who belongs to them.

use jiff::Timestamp;
use picturelock_domain::frame::FrameRate;
use picturelock_domain::id::{ProjectId, UserId};

use crate::accounts::Account;
use crate::value::{Row, json, values};
use crate::{DbError, Tx};

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// For whom.
    pub client: String,
    /// The rate the team cuts at, where agreed.
    pub frame_rate: Option<FrameRate>,
    /// The label timelines begin at, where agreed.
    pub start_timecode: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds a project made by `by`, who becomes its first member.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Project, by: UserId) -> Result<(), DbError> {
    let rate = new.frame_rate.as_ref().map(json).transpose()?;
    let sql = "INSERT INTO project (id, name, client, frame_rate, start_timecode, created_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![new.id, &new.name, &new.client, rate, new.start_timecode.clone(), by, new.created_at];
    tx.execute(sql, values).await?;
    add_member(tx, new.id, by, new.created_at).await
}

/// The project `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: ProjectId) -> Result<Option<Project>, DbError> {
    tx.row("SELECT * FROM project WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// Writes back what can change of a project.
///
/// # Errors
/// When the database is out of reach.
pub async fn update(tx: &mut Tx, project: &Project) -> Result<(), DbError> {
    let rate = project.frame_rate.as_ref().map(json).transpose()?;
    let sql = "UPDATE project SET name = $2, client = $3, frame_rate = $4, start_timecode = $5 WHERE id = $1";
    let values = values![project.id, &project.name, &project.client, rate, project.start_timecode.clone()];
    tx.execute(sql, values).await.map(|_| ())
}

/// Every project, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn all(tx: &mut Tx) -> Result<Vec<Project>, DbError> {
    tx.rows("SELECT * FROM project ORDER BY created_at DESC, id DESC", values![]).await?.iter().map(read).collect()
}

/// The projects `user` belongs to, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_member(tx: &mut Tx, user: UserId) -> Result<Vec<Project>, DbError> {
    let sql = "SELECT project.* FROM project JOIN member ON member.project_id = project.id
               WHERE member.user_id = $1 ORDER BY project.created_at DESC, project.id DESC";
    tx.rows(sql, values![user]).await?.iter().map(read).collect()
}

/// Whether `user` belongs to the project.
///
/// # Errors
/// When the database is out of reach.
pub async fn has_member(tx: &mut Tx, project: ProjectId, user: UserId) -> Result<bool, DbError> {
    let sql = "SELECT user_id FROM member WHERE project_id = $1 AND user_id = $2";
    Ok(tx.row(sql, values![project, user]).await?.is_some())
}

/// Adds a person to the project; adding twice changes nothing.
///
/// # Errors
/// When the database is out of reach.
pub async fn add_member(tx: &mut Tx, project: ProjectId, user: UserId, at: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO member (project_id, user_id, added_at) VALUES ($1, $2, $3)
               ON CONFLICT (project_id, user_id) DO NOTHING";
    tx.execute(sql, values![project, user, at]).await.map(|_| ())
}

/// Takes a person off the project; false when they were not on it.
///
/// # Errors
/// When the database is out of reach.
pub async fn remove_member(tx: &mut Tx, project: ProjectId, user: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM member WHERE project_id = $1 AND user_id = $2";
    Ok(tx.execute(sql, values![project, user]).await? == 1)
}

/// The people of the project, by name, each with the time they were added.
///
/// # Errors
/// When the database is out of reach.
pub async fn members(tx: &mut Tx, project: ProjectId) -> Result<Vec<(Account, Timestamp)>, DbError> {
    let sql = "SELECT account.*, member.added_at FROM member JOIN account ON account.id = member.user_id
               WHERE member.project_id = $1 ORDER BY account.name, account.id";
    let rows = tx.rows(sql, values![project]).await?;
    rows.iter().map(|row| Ok((crate::accounts::read(row)?, row.get("added_at")?))).collect()
}

fn read(row: &Row) -> Result<Project, DbError> {
    Ok(Project {
        id: row.get("id")?,
        name: row.get("name")?,
        client: row.get("client")?,
        frame_rate: row.json_option("frame_rate")?,
        start_timecode: row.get("start_timecode")?,
        created_at: row.get("created_at")?,
    })
}
