//! Guests: people who came by a share link, without an account.

use jiff::Timestamp;
use picturelock_domain::id::{GuestId, ProjectId, ShareId, VersionId};

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// A person who opened a link.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Their id.
    pub id: GuestId,
    /// The link.
    pub share: ShareId,
    /// As they gave it.
    pub name: Option<String>,
    /// As they gave it.
    pub email: Option<String>,
    /// How often they opened the link.
    pub opens: u32,
    /// When last.
    pub last_opened_at: Timestamp,
}

/// A guest with the browsers they use.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The guest.
    pub guest: Guest,
    /// From how many browsers they came.
    pub devices: u32,
    /// The newest epoch of the link that one of these browsers opened.
    pub epoch: Option<i64>,
}

/// Adds a guest who opens the link for the first time.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, id: GuestId, share: ShareId, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO guest (id, share_id, opens, created_at, last_opened_at) VALUES ($1, $2, 0, $3, $3)";
    tx.execute(sql, values![id, share, now]).await.map(|_| ())
}

/// The guest `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: GuestId) -> Result<Option<Guest>, DbError> {
    tx.row("SELECT * FROM guest WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// Counts one more opening.
///
/// # Errors
/// When the database is out of reach.
pub async fn opened(tx: &mut Tx, id: GuestId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE guest SET opens = opens + 1, last_opened_at = $2 WHERE id = $1";
    tx.execute(sql, values![id, now]).await.map(|_| ())
}

/// Records who the guest says they are.
///
/// # Errors
/// When the database is out of reach.
pub async fn introduce(tx: &mut Tx, id: GuestId, name: &str, email: Option<&str>) -> Result<(), DbError> {
    let sql = "UPDATE guest SET name = $2, email = $3 WHERE id = $1";
    tx.execute(sql, values![id, name, email.map(str::to_owned)]).await.map(|_| ())
}

/// Everybody who opened a link of the project, those who came last first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Visitor>, DbError> {
    let sql = "SELECT guest.*, seen.devices, seen.epoch FROM guest JOIN share ON share.id = guest.share_id
               LEFT JOIN (SELECT guest_id, COUNT(*) AS devices, MAX(share_epoch) AS epoch FROM session
                          WHERE guest_id IS NOT NULL GROUP BY guest_id) AS seen ON seen.guest_id = guest.id
               WHERE share.project_id = $1 ORDER BY guest.last_opened_at DESC, guest.id";
    tx.rows(sql, values![project]).await?.iter().map(visitor).collect()
}

/// How many comments of the version the guest sees; replies are not counted.
///
/// # Errors
/// When the database is out of reach.
pub async fn comments_seen(
    tx: &mut Tx,
    version: VersionId,
    guest: GuestId,
    sees_others: bool,
) -> Result<(u32, u32), DbError> {
    let sql = "SELECT COUNT(*) AS everything, COALESCE(SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END), 0) AS open
               FROM comment
               WHERE version_id = $1 AND parent_id IS NULL AND deleted_at IS NULL AND audience = 'everyone'
                 AND (author_kind = 'account' OR author_id = $2 OR $3 = 1)";
    let row = tx.row(sql, values![version, guest, sees_others]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.get("everything")?, row.get("open")?)))
}

fn visitor(row: &Row) -> Result<Visitor, DbError> {
    let devices: Option<i64> = row.get("devices")?;
    Ok(Visitor {
        guest: read(row)?,
        devices: devices.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        epoch: row.get("epoch")?,
    })
}

fn read(row: &Row) -> Result<Guest, DbError> {
    Ok(Guest {
        id: row.get("id")?,
        share: row.get("share_id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        opens: row.get("opens")?,
        last_opened_at: row.get("last_opened_at")?,
    })
}
