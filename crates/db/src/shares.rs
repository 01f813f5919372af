//! Share links. The secret half is known by its hash only.

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, ReviewableId, ShareId, UserId, VersionId};
use picturelock_domain::share::{Rights, ShareLife, ShareTarget};

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// A share link.
#[derive(Clone, Debug)]
pub struct Share {
    /// Its id, the public half of the link.
    pub id: ShareId,
    /// Its project.
    pub project: ProjectId,
    /// What it shows.
    pub reviewable: ReviewableId,
    /// Which version of it.
    pub target: ShareTarget,
    /// For whom it was made.
    pub label: String,
    /// The SHA-256 of the secret half.
    pub secret_hash: String,
    /// The hash of the passphrase, where one is asked for.
    pub passphrase: Option<String>,
    /// What guests may do.
    pub rights: Rights,
    /// Whether guests see comments of other guests.
    pub see_each_other: bool,
    /// When it ends or ended.
    pub life: ShareLife,
    /// Sessions of an earlier epoch are void.
    pub epoch: i64,
    /// Who made it.
    pub created_by: UserId,
    /// The name of who made it.
    pub creator: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Adds a link.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Share) -> Result<(), DbError> {
    let sql = "INSERT INTO share (id, project_id, reviewable_id, version_id, label, secret_hash, passphrase,
                                  can_comment, can_decide, can_download, guests_see_each_other, expires_at,
                                  epoch, created_by, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let values = values![
        new.id,
        new.project,
        new.reviewable,
        only_version(new.target),
        &new.label,
        &new.secret_hash,
        new.passphrase.clone(),
        new.rights.comment,
        new.rights.decide,
        new.rights.download,
        new.see_each_other,
        new.life.expires_at,
        new.epoch,
        new.created_by,
        new.created_at
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// The link `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: ShareId) -> Result<Option<Share>, DbError> {
    let sql = "SELECT share.*, account.name AS creator FROM share JOIN account ON account.id = share.created_by
               WHERE share.id = $1";
    tx.row(sql, values![id]).await?.as_ref().map(read).transpose()
}

/// The links of the project, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Share>, DbError> {
    let sql = "SELECT share.*, account.name AS creator FROM share JOIN account ON account.id = share.created_by
               WHERE share.project_id = $1 ORDER BY share.created_at DESC, share.id DESC";
    tx.rows(sql, values![project]).await?.iter().map(read).collect()
}

/// Writes back what can change of a link: all but where it belongs and whether it was revoked.
///
/// # Errors
/// When the database is out of reach.
pub async fn update(tx: &mut Tx, share: &Share) -> Result<(), DbError> {
    let sql = "UPDATE share SET version_id = $2, label = $3, secret_hash = $4, passphrase = $5, can_comment = $6,
                      can_decide = $7, can_download = $8, guests_see_each_other = $9, expires_at = $10, epoch = $11
               WHERE id = $1";
    let values = values![
        share.id,
        only_version(share.target),
        &share.label,
        &share.secret_hash,
        share.passphrase.clone(),
        share.rights.comment,
        share.rights.decide,
        share.rights.download,
        share.see_each_other,
        share.life.expires_at,
        share.epoch
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// Ends the link for good; false when it had been ended before.
///
/// # Errors
/// When the database is out of reach.
pub async fn revoke(tx: &mut Tx, id: ShareId, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE share SET revoked_at = $2, epoch = epoch + 1 WHERE id = $1 AND revoked_at IS NULL";
    Ok(tx.execute(sql, values![id, at]).await? == 1)
}

const fn only_version(target: ShareTarget) -> Option<VersionId> {
    match target {
        ShareTarget::Newest => None,
        ShareTarget::Version { version } => Some(version),
    }
}

fn read(row: &Row) -> Result<Share, DbError> {
    let version: Option<VersionId> = row.get("version_id")?;
    Ok(Share {
        id: row.get("id")?,
        project: row.get("project_id")?,
        reviewable: row.get("reviewable_id")?,
        target: version.map_or(ShareTarget::Newest, |version| ShareTarget::Version { version }),
        label: row.get("label")?,
        secret_hash: row.get("secret_hash")?,
        passphrase: row.get("passphrase")?,
        rights: Rights {
            comment: row.get("can_comment")?,
            decide: row.get("can_decide")?,
            download: row.get("can_download")?,
        },
        see_each_other: row.get("guests_see_each_other")?,
        life: ShareLife { expires_at: row.get("expires_at")?, revoked_at: row.get("revoked_at")? },
        epoch: row.get("epoch")?,
        created_by: row.get("created_by")?,
        creator: row.get("creator")?,
        created_at: row.get("created_at")?,
    })
}
