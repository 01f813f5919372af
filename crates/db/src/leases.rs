//! How workers take jobs: a lease that must be renewed, and a fence against those who wake up late.
//!
//! A job belongs to `(worker, attempt)` until its lease runs out. Whatever a worker says about a job afterwards
//! touches no row, and says so.

use jiff::Timestamp;
use picturelock_domain::id::JobId;

use crate::jobs::{Class, Job, class_code, read};
use crate::value::values;
use crate::{DbError, Tx};

/// Proof that a worker holds a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// Who works at it: one process, one name.
    pub worker: String,
    /// Which beginning this is.
    pub attempt: u32,
}

/// What the table says to the holder of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Go on.
    Held,
    /// Stop: somebody asked for it.
    CancelRequested,
    /// Stop: the job is no longer this worker's.
    Lost,
}

/// Whether a job of `class` could be claimed now. Only reads, so that idle workers do not queue for the writer.
///
/// # Errors
/// When the database is out of reach.
pub async fn any_due(tx: &mut Tx, class: Class, now: Timestamp) -> Result<bool, DbError> {
    let sql = "SELECT id FROM job WHERE class = $1 AND ((state = 'queued' AND run_after <= $2)
                   OR (state = 'running' AND lease_until < $2)) LIMIT 1";
    Ok(tx.row(sql, values![class_code(class), now]).await?.is_some())
}

/// Takes the next job of `class` for `worker` until `lease_until`: one that waits, or one whose worker was not
/// heard of in time.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(
    tx: &mut Tx,
    worker: &str,
    class: Class,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<(Job, Lease)>, DbError> {
    let sql = tx.pick(
        "UPDATE job SET interruptions = interruptions + CASE WHEN state = 'running' THEN 1 ELSE 0 END,
                        state = 'running', worker = $1, attempts = attempts + 1, lease_until = $2, progress = 0,
                        phase = '', updated_at = $3
         WHERE id = (SELECT id FROM job WHERE class = $4 AND ((state = 'queued' AND run_after <= $3)
                         OR (state = 'running' AND lease_until < $3))
                     ORDER BY priority DESC, run_after, id LIMIT 1)
         RETURNING *",
        "UPDATE job SET interruptions = interruptions + CASE WHEN state = 'running' THEN 1 ELSE 0 END,
                        state = 'running', worker = $1, attempts = attempts + 1, lease_until = $2, progress = 0,
                        phase = '', updated_at = $3
         WHERE id = (SELECT id FROM job WHERE class = $4 AND ((state = 'queued' AND run_after <= $3)
                         OR (state = 'running' AND lease_until < $3))
                     ORDER BY priority DESC, run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING *",
    );
    let row = tx.row(sql, values![worker, lease_until, now, class_code(class)]).await?;
    row.map(|row| {
        let job = read(&row)?;
        let lease = Lease { job: job.id, worker: worker.to_owned(), attempt: job.attempts };
        Ok((job, lease))
    })
    .transpose()
}

/// What the table says to the holder.
///
/// # Errors
/// When the database is out of reach.
pub async fn standing(tx: &mut Tx, lease: &Lease) -> Result<Standing, DbError> {
    let sql = "SELECT cancel_requested FROM job
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    Ok(match tx.row(sql, values![lease.job, &lease.worker, lease.attempt]).await? {
        None => Standing::Lost,
        Some(row) if row.get("cancel_requested")? => Standing::CancelRequested,
        Some(_) => Standing::Held,
    })
}

/// Holds the job until `lease_until`. `false`: it is no longer this worker's; likewise below.
///
/// # Errors
/// When the database is out of reach.
pub async fn renew(tx: &mut Tx, lease: &Lease, lease_until: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET lease_until = $4
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, lease_until]).await)
}

/// Says how far the job is.
///
/// # Errors
/// When the database is out of reach.
pub async fn progress(
    tx: &mut Tx,
    lease: &Lease,
    per_mille: u32,
    phase: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE job SET progress = $4, phase = $5, updated_at = $6
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, per_mille, phase, now]).await)
}

/// The job is done. Housekeeping leaves no row behind: nobody follows it, and there is much of it.
///
/// # Errors
/// When the database is out of reach.
pub async fn finish(tx: &mut Tx, lease: &Lease, now: Timestamp) -> Result<bool, DbError> {
    let sql = "DELETE FROM job WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running' AND shown = 0";
    if tx.execute(sql, values![lease.job, &lease.worker, lease.attempt]).await? == 1 {
        return Ok(true);
    }
    let sql = "UPDATE job SET state = 'done', progress = 1000, phase = '', error = NULL, updated_at = $4
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, now]).await)
}

/// The job is given up; `error` is for people.
///
/// # Errors
/// When the database is out of reach.
pub async fn fail(tx: &mut Tx, lease: &Lease, error: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'failed', phase = '', error = $4, updated_at = $5
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, error, now]).await)
}

/// The job is stopped, as somebody asked.
///
/// # Errors
/// When the database is out of reach.
pub async fn cancel(tx: &mut Tx, lease: &Lease, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'cancelled', phase = '', updated_at = $4
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, now]).await)
}

/// The machine failed: the job waits until `run_after` for another try.
///
/// # Errors
/// When the database is out of reach.
pub async fn put_off(
    tx: &mut Tx,
    lease: &Lease,
    error: &str,
    run_after: Timestamp,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'queued', failures = failures + 1, error = $4, run_after = $5, progress = 0,
                              phase = '', updated_at = $6
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, error, run_after, now]).await)
}

/// The worker goes in good order: the job waits for another, and nothing is held against it.
///
/// # Errors
/// When the database is out of reach.
pub async fn hand_back(tx: &mut Tx, lease: &Lease, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'queued', progress = 0, phase = '', updated_at = $4
               WHERE id = $1 AND worker = $2 AND attempts = $3 AND state = 'running'";
    held(tx.execute(sql, values![lease.job, &lease.worker, lease.attempt, now]).await)
}

/// Puts back what a worker known to be dead left running, without waiting for its leases; gives how many.
///
/// # Errors
/// When the database is out of reach.
pub async fn release_dead(tx: &mut Tx, worker: &str, now: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE job SET state = 'queued', interruptions = interruptions + 1, progress = 0, phase = '',
                              updated_at = $2
               WHERE worker = $1 AND state = 'running'";
    tx.execute(sql, values![worker, now]).await
}

fn held(touched: Result<u64, DbError>) -> Result<bool, DbError> {
    touched.map(|rows| rows == 1)
}
