//! Which frames of a version somebody has watched.

use std::collections::HashMap;

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, VersionId};
use picturelock_domain::review::WatchedFrames;
use uuid::Uuid;

use crate::value::{json, values};
use crate::{DbError, Tx};

/// How many frames of the version `viewer` (an account or a guest) has watched.
///
/// # Errors
/// When the database is out of reach.
pub async fn count(tx: &mut Tx, version: VersionId, viewer: Uuid) -> Result<u32, DbError> {
    let sql = "SELECT frames FROM watched WHERE version_id = $1 AND viewer = $2";
    tx.row(sql, values![version, viewer.to_string()]).await?.map_or(Ok(0), |row| row.get("frames"))
}

/// What `viewer` has watched of the version, held until the transaction ends: two tabs of one person add up.
///
/// # Errors
/// When the database is out of reach.
pub async fn take(tx: &mut Tx, version: VersionId, viewer: Uuid, now: Timestamp) -> Result<WatchedFrames, DbError> {
    let viewer = viewer.to_string();
    let sql = "INSERT INTO watched (version_id, viewer, ranges, frames, updated_at) VALUES ($1, $2, '[]', 0, $3)
               ON CONFLICT (version_id, viewer) DO NOTHING";
    tx.execute(sql, values![version, &viewer, now]).await?;
    let sql = tx.pick(
        "SELECT ranges FROM watched WHERE version_id = $1 AND viewer = $2",
        "SELECT ranges FROM watched WHERE version_id = $1 AND viewer = $2 FOR UPDATE",
    );
    let row = tx.row(sql, values![version, &viewer]).await?;
    row.map_or_else(|| Ok(WatchedFrames::default()), |row| row.json("ranges"))
}

/// Writes back what `viewer` has watched.
///
/// # Errors
/// When the database is out of reach.
pub async fn put(
    tx: &mut Tx,
    version: VersionId,
    viewer: Uuid,
    watched: &WatchedFrames,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE watched SET ranges = $3, frames = $4, updated_at = $5 WHERE version_id = $1 AND viewer = $2";
    let values = values![version, viewer.to_string(), json(watched)?, watched.count(), now];
    tx.execute(sql, values).await.map(|_| ())
}

/// How many frames each viewer has watched of each version of the project.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<HashMap<(VersionId, String), u32>, DbError> {
    let sql = "SELECT watched.version_id, watched.viewer, watched.frames FROM watched
               JOIN version ON version.id = watched.version_id WHERE version.project_id = $1";
    let rows = tx.rows(sql, values![project]).await?;
    rows.iter().map(|row| Ok(((row.get("version_id")?, row.get("viewer")?), row.get("frames")?))).collect()
}
