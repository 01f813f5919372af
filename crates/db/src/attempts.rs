//! Counts of failed attempts, so that guessing stops whichever server it asks.

use jiff::Timestamp;

use crate::value::values;
use crate::{DbError, Tx};

/// How often `name` failed since `window_start`.
///
/// # Errors
/// When the database is out of reach.
pub async fn failures(tx: &mut Tx, name: &str, window_start: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT failures FROM attempt WHERE name = $1 AND window_start >= $2";
    tx.row(sql, values![name, window_start]).await?.map_or(Ok(0), |row| row.get("failures"))
}

/// Counts one more failure; the window begins anew when the last began before `window_start`.
///
/// # Errors
/// When the database is out of reach.
pub async fn fail(tx: &mut Tx, name: &str, now: Timestamp, window_start: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO attempt (name, failures, window_start) VALUES ($1, 1, $2)
               ON CONFLICT (name) DO UPDATE SET
                   failures = CASE WHEN attempt.window_start >= $3 THEN attempt.failures + 1 ELSE 1 END,
                   window_start = CASE WHEN attempt.window_start >= $3 THEN attempt.window_start ELSE $2 END";
    tx.execute(sql, values![name, now, window_start]).await.map(|_| ())
}

/// Counts one more attempt before it is known to fail, and gives how many there are with it: parallel attempts
/// each get a number of their own. One that succeeds is given back by [`give_back`].
///
/// # Errors
/// When the database is out of reach.
pub async fn take(tx: &mut Tx, name: &str, now: Timestamp, window_start: Timestamp) -> Result<i64, DbError> {
    let sql = "INSERT INTO attempt (name, failures, window_start) VALUES ($1, 1, $2)
               ON CONFLICT (name) DO UPDATE SET
                   failures = CASE WHEN attempt.window_start >= $3 THEN attempt.failures + 1 ELSE 1 END,
                   window_start = CASE WHEN attempt.window_start >= $3 THEN attempt.window_start ELSE $2 END
               RETURNING failures";
    let row = tx.row(sql, values![name, now, window_start]).await?;
    row.map_or(Ok(1), |row| row.get("failures"))
}

/// Takes an attempt that succeeded out of the count; the failures of others stay.
///
/// # Errors
/// When the database is out of reach.
pub async fn give_back(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    let sql = "UPDATE attempt SET failures = failures - 1 WHERE name = $1 AND failures > 0";
    tx.execute(sql, values![name]).await.map(|_| ())
}

/// Forgets the failures of `name`.
///
/// # Errors
/// When the database is out of reach.
pub async fn clear(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    tx.execute("DELETE FROM attempt WHERE name = $1", values![name]).await.map(|_| ())
}
