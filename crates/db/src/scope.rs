//! What belongs to what: the facts that authorisation stands on.

use picturelock_domain::id::{
    CommentId, GuestId, JobId, ProjectId, ReviewableId, ShareId, UploadId, UserId, VersionId,
};
use picturelock_domain::review::Audience;
use picturelock_domain::share::{Rights, ShareLife};

use crate::events::audience_from;
use crate::value::{Row, values};
use crate::{DbError, Tx};

/// Where a version belongs.
#[derive(Clone, Copy, Debug)]
pub struct VersionPlace {
    /// Its project.
    pub project: ProjectId,
    /// Its reviewable.
    pub reviewable: ReviewableId,
}

/// Where a comment or reply belongs.
#[derive(Clone, Copy, Debug)]
pub struct CommentPlace {
    /// Its project.
    pub project: ProjectId,
    /// Its reviewable.
    pub reviewable: ReviewableId,
    /// Its version.
    pub version: VersionId,
    /// Who may see it.
    pub audience: Audience,
    /// The guest who wrote it, if a guest did.
    pub by_guest: Option<GuestId>,
    /// The account that wrote it, if an account did.
    pub by_account: Option<UserId>,
}

/// A guest with the link they came by.
#[derive(Clone, Debug)]
pub struct GuestPlace {
    /// The guest's name, once given.
    pub name: Option<String>,
    /// The guest's address, once given.
    pub email: Option<String>,
    /// The link.
    pub share: ShareId,
    /// Its project.
    pub project: ProjectId,
    /// What it shows.
    pub reviewable: ReviewableId,
    /// The one version it shows, or the newest.
    pub version: Option<VersionId>,
    /// What guests may do.
    pub rights: Rights,
    /// Whether guests see comments of other guests.
    pub see_each_other: bool,
    /// When it ends or ended.
    pub life: ShareLife,
    /// Sessions of an earlier epoch are void.
    pub epoch: i64,
}

/// Where the version belongs.
///
/// # Errors
/// When the database is out of reach.
pub async fn version(tx: &mut Tx, id: VersionId) -> Result<Option<VersionPlace>, DbError> {
    let sql = "SELECT project_id, reviewable_id FROM version WHERE id = $1";
    let row = tx.row(sql, values![id]).await?;
    row.map(|row| Ok(VersionPlace { project: row.get("project_id")?, reviewable: row.get("reviewable_id")? }))
        .transpose()
}

/// The project of the reviewable.
///
/// # Errors
/// When the database is out of reach.
pub async fn reviewable(tx: &mut Tx, id: ReviewableId) -> Result<Option<ProjectId>, DbError> {
    project_of(tx.row("SELECT project_id FROM reviewable WHERE id = $1", values![id]).await?)
}

/// The project of the share link.
///
/// # Errors
/// When the database is out of reach.
pub async fn share(tx: &mut Tx, id: ShareId) -> Result<Option<ProjectId>, DbError> {
    project_of(tx.row("SELECT project_id FROM share WHERE id = $1", values![id]).await?)
}

/// The project of the job; jobs without one belong to nobody.
///
/// # Errors
/// When the database is out of reach.
pub async fn job(tx: &mut Tx, id: JobId) -> Result<Option<ProjectId>, DbError> {
    project_of(tx.row("SELECT project_id FROM job WHERE id = $1 AND project_id IS NOT NULL", values![id]).await?)
}

/// The project of the upload, and whose it is.
///
/// # Errors
/// When the database is out of reach.
pub async fn upload(tx: &mut Tx, id: UploadId) -> Result<Option<(ProjectId, UserId)>, DbError> {
    let row = tx.row("SELECT project_id, user_id FROM upload WHERE id = $1", values![id]).await?;
    row.map(|row| Ok((row.get("project_id")?, row.get("user_id")?))).transpose()
}

/// Where the comment or reply belongs.
///
/// # Errors
/// When the database is out of reach.
pub async fn comment(tx: &mut Tx, id: CommentId) -> Result<Option<CommentPlace>, DbError> {
    let sql = "SELECT comment.project_id, version.reviewable_id, comment.version_id, comment.audience,
                      comment.author_kind, comment.author_id
               FROM comment JOIN version ON version.id = comment.version_id WHERE comment.id = $1";
    let row = tx.row(sql, values![id]).await?;
    row.map(|row| {
        let kind: String = row.get("author_kind")?;
        Ok(CommentPlace {
            project: row.get("project_id")?,
            reviewable: row.get("reviewable_id")?,
            version: row.get("version_id")?,
            audience: row.word("audience", audience_from)?,
            by_guest: if kind == "guest" { Some(row.get("author_id")?) } else { None },
            by_account: if kind == "account" { Some(row.get("author_id")?) } else { None },
        })
    })
    .transpose()
}

/// The guest with the link they came by.
///
/// # Errors
/// When the database is out of reach.
pub async fn guest(tx: &mut Tx, id: GuestId) -> Result<Option<GuestPlace>, DbError> {
    let sql = "SELECT guest.name, guest.email, share.* FROM guest JOIN share ON share.id = guest.share_id
               WHERE guest.id = $1";
    let row = tx.row(sql, values![id]).await?;
    row.map(|row| {
        Ok(GuestPlace {
            name: row.get("name")?,
            email: row.get("email")?,
            share: row.get("id")?,
            project: row.get("project_id")?,
            reviewable: row.get("reviewable_id")?,
            version: row.get("version_id")?,
            rights: Rights {
                comment: row.get("can_comment")?,
                decide: row.get("can_decide")?,
                download: row.get("can_download")?,
            },
            see_each_other: row.get("guests_see_each_other")?,
            life: ShareLife { expires_at: row.get("expires_at")?, revoked_at: row.get("revoked_at")? },
            epoch: row.get("epoch")?,
        })
    })
    .transpose()
}

fn project_of(row: Option<Row>) -> Result<Option<ProjectId>, DbError> {
    row.map(|row| row.get("project_id")).transpose()
}
