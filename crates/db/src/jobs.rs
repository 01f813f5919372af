//! The job table: work asked for in the transaction that makes it necessary, and what people see of it.
//!
//! How workers take jobs is in [`leases`](crate::leases). Knows nothing of what a job does: its kind is a word,
//! its payload text.

use jiff::Timestamp;
use picturelock_domain::id::{JobId, ProjectId, UserId, VersionId};

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// Jobs of one class share a limit on how many run at once on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Takes all of a processor for minutes: transcoding.
    Media,
    /// Over in a moment: a still, files to delete.
    Light,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its turn, or for another try.
    Queued,
    /// A worker is at it, or was when it died.
    Running,
    /// Done.
    Done,
    /// Given up.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// Whether people follow a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It stands in the tray.
    Always,
    /// Housekeeping: it stands in the tray only when it failed.
    WhenFailed,
}

/// Work to be done.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// Its id, unless the same work was asked for before.
    pub id: JobId,
    /// What it does, a word.
    pub kind: &'a str,
    /// Its project.
    pub project: ProjectId,
    /// Its version.
    pub version: Option<VersionId>,
    /// What it works on, for people.
    pub subject: &'a str,
    /// What it needs to know.
    pub payload: &'a str,
    /// With which jobs it shares a limit.
    pub class: Class,
    /// Higher goes first.
    pub priority: i64,
    /// Whether people follow it.
    pub shown: Shown,
    /// Names the work: asked for twice, it is one job.
    pub unique_key: &'a str,
    /// When it may begin.
    pub run_after: Timestamp,
    /// When it is asked for.
    pub at: Timestamp,
}

/// A job as it stands.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does, a word.
    pub kind: String,
    /// Its project.
    pub project: ProjectId,
    /// Its version.
    pub version: Option<VersionId>,
    /// What it works on, for people.
    pub subject: String,
    /// What it needs to know.
    pub payload: String,
    /// Whether people follow it.
    pub shown: Shown,
    /// Where it stands.
    pub state: State,
    /// Per mille done.
    pub progress: u32,
    /// What it is doing, in a word or two.
    pub phase: String,
    /// How often it was begun.
    pub attempts: u32,
    /// Faults of the machine since somebody last asked for it.
    pub failures: u32,
    /// Sudden ends of workers since somebody last asked for it.
    pub interruptions: u32,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// Asks for work in the caller's transaction: both happen or neither. The same work still waiting or running is
/// one job; one that has ended runs again. Gives the job's id.
///
/// # Errors
/// When the database is out of reach.
pub async fn enqueue(tx: &mut Tx, new: &NewJob<'_>) -> Result<JobId, DbError> {
    let sql = "INSERT INTO job (id, kind, project_id, version_id, subject, payload, class, priority, shown, state,
                                run_after, unique_key, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10, $11, $12, $12)
               ON CONFLICT (unique_key) DO UPDATE SET state = 'queued', payload = excluded.payload, failures = 0,
                   interruptions = 0, cancel_requested = 0, error = NULL, progress = 0, phase = '',
                   run_after = excluded.run_after, updated_at = excluded.updated_at
               WHERE job.state IN ('done', 'failed', 'cancelled')
               RETURNING id";
    let values = values![
        new.id,
        new.kind,
        new.project,
        new.version,
        new.subject,
        new.payload,
        class_code(new.class),
        new.priority,
        new.shown == Shown::Always,
        new.run_after,
        new.unique_key,
        new.at,
    ];
    if let Some(row) = tx.row(sql, values).await? {
        return row.get("id");
    }
    let row = tx.row("SELECT id FROM job WHERE unique_key = $1", values![new.unique_key]).await?;
    row.ok_or_else(|| DbError::Damaged("job".to_owned()))?.get("id")
}

/// The job `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: JobId) -> Result<Option<Job>, DbError> {
    tx.row("SELECT * FROM job WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// The job `id`, held until the transaction ends, so that its worker and a person do not cross.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id_locked(tx: &mut Tx, id: JobId) -> Result<Option<Job>, DbError> {
    let sql = tx.pick("SELECT * FROM job WHERE id = $1", "SELECT * FROM job WHERE id = $1 FOR UPDATE");
    tx.row(sql, values![id]).await?.as_ref().map(read).transpose()
}

/// The jobs people follow in a project: all that have not ended, and the last of those that ended after `since`.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId, since: Timestamp) -> Result<Vec<Job>, DbError> {
    let sql = "SELECT * FROM (SELECT * FROM job WHERE project_id = $1 AND state IN ('queued', 'running')
                                 AND shown = 1 ORDER BY id DESC LIMIT 200) AS unfinished
               UNION ALL
               SELECT * FROM (SELECT * FROM job WHERE project_id = $1 AND updated_at > $2
                                 AND (state = 'failed' OR (shown = 1 AND state IN ('done', 'cancelled')))
                              ORDER BY updated_at DESC LIMIT 20) AS finished";
    tx.rows(sql, values![project, since]).await?.iter().map(read).collect()
}

/// As [`of_project`], over all projects `user` belongs to.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_member(tx: &mut Tx, user: UserId, since: Timestamp) -> Result<Vec<Job>, DbError> {
    let sql = "SELECT * FROM (SELECT * FROM job WHERE state IN ('queued', 'running') AND shown = 1
                                 AND project_id IN (SELECT project_id FROM member WHERE user_id = $1)
                              ORDER BY id DESC LIMIT 200) AS unfinished
               UNION ALL
               SELECT * FROM (SELECT * FROM job WHERE updated_at > $2
                                 AND project_id IN (SELECT project_id FROM member WHERE user_id = $1)
                                 AND (state = 'failed' OR (shown = 1 AND state IN ('done', 'cancelled')))
                              ORDER BY updated_at DESC LIMIT 20) AS finished";
    tx.rows(sql, values![user, since]).await?.iter().map(read).collect()
}

/// The job of this kind that is about the version, if there ever was one.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_version(tx: &mut Tx, version: VersionId, kind: &str) -> Result<Option<Job>, DbError> {
    let sql = "SELECT * FROM job WHERE version_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1";
    tx.row(sql, values![version, kind]).await?.as_ref().map(read).transpose()
}

/// The jobs of this kind about the versions of a reviewable's project, for lists: one query, not one per version.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project_versions(tx: &mut Tx, project: ProjectId, kind: &str) -> Result<Vec<Job>, DbError> {
    let sql = "SELECT * FROM job WHERE project_id = $1 AND kind = $2 AND state <> 'done'";
    tx.rows(sql, values![project, kind]).await?.iter().map(read).collect()
}

/// How many jobs wait or run, housekeeping included.
///
/// # Errors
/// When the database is out of reach.
pub async fn unfinished(tx: &mut Tx) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) AS jobs FROM job WHERE state IN ('queued', 'running')";
    tx.row(sql, values![]).await?.map_or(Ok(0), |row| row.get("jobs"))
}

/// Asks the worker to stop a running job, within a second or so.
///
/// # Errors
/// When the database is out of reach.
pub async fn request_cancel(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE job SET cancel_requested = 1, updated_at = $2 WHERE id = $1 AND state = 'running'";
    tx.execute(sql, values![id, now]).await.map(|_| ())
}

/// Takes a job out of the queue. `false` when it is not waiting there.
///
/// # Errors
/// When the database is out of reach.
pub async fn cancel_queued(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'cancelled', updated_at = $2 WHERE id = $1 AND state = 'queued'";
    Ok(tx.execute(sql, values![id, now]).await? == 1)
}

/// Puts a job that failed or was cancelled back into the queue. `false` when it did neither.
///
/// # Errors
/// When the database is out of reach.
pub async fn retry(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'queued', failures = 0, interruptions = 0, cancel_requested = 0, error = NULL,
                              progress = 0, phase = '', run_after = $2, updated_at = $2
               WHERE id = $1 AND state IN ('failed', 'cancelled')";
    Ok(tx.execute(sql, values![id, now]).await? == 1)
}

pub(crate) const fn class_code(class: Class) -> &'static str {
    match class {
        Class::Media => "media",
        Class::Light => "light",
    }
}

fn state_from(code: &str) -> Option<State> {
    Some(match code {
        "queued" => State::Queued,
        "running" => State::Running,
        "done" => State::Done,
        "failed" => State::Failed,
        "cancelled" => State::Cancelled,
        _ => return None,
    })
}

pub(crate) fn read(row: &Row) -> Result<Job, DbError> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.get("kind")?,
        project: row.get("project_id")?,
        version: row.get("version_id")?,
        subject: row.get("subject")?,
        payload: row.get("payload")?,
        shown: if row.get::<bool>("shown")? { Shown::Always } else { Shown::WhenFailed },
        state: row.word("state", state_from)?,
        progress: row.get("progress")?,
        phase: row.get("phase")?,
        attempts: row.get("attempts")?,
        failures: row.get("failures")?,
        interruptions: row.get("interruptions")?,
        cancel_requested: row.get("cancel_requested")?,
        error: row.get("error")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
