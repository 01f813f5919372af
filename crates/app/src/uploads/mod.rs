//! Uploads: a file comes in parts, any of which can be sent again, and becomes a version.
//!
//! The order that survives a crash at any point: a part is safe in the store, then its row is committed, then it is
//! acknowledged. When the last part is, the parts become one file, then one transaction makes the version, its job
//! and its event. Whatever is missing of that is done by the next question about the upload, or by [`sweep`].

mod finish;
mod part;

use jiff::{SignedDuration, Timestamp};
use picturelock_db::{Tx, events, scope, uploads};
use picturelock_domain::file_name::{FileName, RelativePath};
use picturelock_domain::id::{ReviewableId, UploadId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::{Refusal, RefusalKind};
use picturelock_store::{Key, MAX_PARTS, PartsId};

use crate::{App, AppError, Context, files};

pub use finish::{recover, sweep};
pub use part::{Piece, write};

/// How long an upload is kept after its last part came.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many unfinished uploads one person may have.
const MAX_UNFINISHED: u64 = 1000;

/// The longest key a browser may give a file, in characters.
const MAX_FINGERPRINT: usize = 300;

/// How large uploads and their parts may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// The size of a part in bytes; by default what suits the store.
    pub part_bytes: Option<u64>,
}

/// A file to be uploaded.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// Its size.
    pub bytes: u64,
    /// Its name, as the browser sent it.
    pub file_name: String,
    /// Its path within the folder that was dropped, as the browser sent it.
    pub relative_path: Option<String>,
    /// The reviewable it becomes a version of; absent: a new one, named after the file.
    pub reviewable: Option<ReviewableId>,
    /// The stage of a new reviewable.
    pub stage: Option<Stage>,
    /// What the browser knows the file by.
    pub fingerprint: Option<String>,
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The upload.
    pub id: UploadId,
    /// How much has arrived for good.
    pub received: u64,
    /// The file's size.
    pub bytes: u64,
    /// The size of every part but the last.
    pub part_bytes: u64,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// The version it became, once all has arrived.
    pub version: Option<VersionId>,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { max_bytes: 2 << 40, part_bytes: None }
    }
}

/// The size all parts but the last of a file must have.
pub fn part_bytes(app: &App, file_bytes: u64) -> u64 {
    let fewest = file_bytes.div_ceil(MAX_PARTS);
    app.settings.uploads.part_bytes.map_or_else(|| app.store.part_size(file_bytes), |bytes| bytes.max(fewest))
}

/// Begins an upload.
///
/// # Errors
/// *Invalid* for an empty or too large file or a name that is none; *no space*; *not found* for a reviewable of
/// another project; *too many* unfinished ones.
pub async fn begin(app: &App, cx: &Context, form: &NewUpload) -> Result<Progress, AppError> {
    let mut new = checked(app, cx, form)?;
    app.store.require_space(new.bytes)?;
    let mut tx = app.db.read().await?;
    if let Some(reviewable) = form.reviewable
        && scope::reviewable(&mut tx, reviewable).await? != Some(new.project)
    {
        return Err(Refusal::not_found("reviewable").into());
    }
    if uploads::count_unfinished(&mut tx, new.user, cx.now()).await? >= MAX_UNFINISHED {
        let words = "You have too many unfinished uploads. Finish or remove some first.";
        return Err(Refusal::new(RefusalKind::TooMany, "too_many_uploads", words).into());
    }
    drop(tx);
    let key = Key::new(&new.blob_key)?;
    let parts = app.store.begin_parts(&key).await?;
    new.parts = parts.0.clone();
    if let Err(error) = insert(app, &new).await {
        app.store.abort_parts(&key, &parts).await?;
        return Err(error);
    }
    Ok(progress(&new))
}

/// Where the upload stands. Makes the version if that is all that is missing.
///
/// # Errors
/// *Gone* when it was given up or forgotten.
pub async fn standing(app: &App, cx: &Context) -> Result<Progress, AppError> {
    let upload = live(app, cx).await?;
    finish::if_arrived(app, upload, cx.now()).await
}

/// The person's unfinished uploads in the project, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<picturelock_api::Upload>, AppError> {
    let mut tx = app.db.read().await?;
    let found = uploads::unfinished(&mut tx, cx.project()?, cx.user()?, cx.now()).await?;
    Ok(found.into_iter().map(view).collect())
}

/// Gives an upload up and removes what has arrived. A version it became stays.
///
/// # Errors
/// When the database or the store is out of reach; may be repeated.
pub async fn give_up(app: &App, cx: &Context) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let upload = stored(&mut tx, cx.upload()?).await?;
    uploads::end(&mut tx, upload.id, cx.now()).await?;
    tx.commit().await?;
    finish::remove(app, &upload).await
}

fn checked(app: &App, cx: &Context, form: &NewUpload) -> Result<uploads::Upload, AppError> {
    let max = app.settings.uploads.max_bytes;
    if form.bytes == 0 {
        return Err(Refusal::invalid("empty_file", "The file is empty. Export it again, then upload it.").into());
    }
    if form.bytes > max {
        let words = format!("The file has {} bytes; at most {max} are accepted here.", form.bytes);
        return Err(Refusal::invalid("too_large", words).into());
    }
    let fingerprint = form.fingerprint.clone().unwrap_or_default();
    if fingerprint.chars().count() > MAX_FINGERPRINT || fingerprint.contains('\0') {
        return Err(Refusal::invalid("fingerprint", "The key given for resuming this file cannot be used.").into());
    }
    let id = UploadId::from_uuid(cx.new_id());
    let relative_path = form.relative_path.as_deref().map(RelativePath::new).transpose()?;
    Ok(uploads::Upload {
        id,
        project: cx.project()?,
        user: cx.user()?,
        file_name: FileName::new(&form.file_name)?.as_str().to_owned(),
        relative_path: relative_path.map(|path| path.as_str().to_owned()).unwrap_or_default(),
        reviewable: form.reviewable,
        stage: form.stage.unwrap_or(Stage::RoughCut),
        fingerprint,
        bytes: form.bytes,
        received: 0,
        part_size: part_bytes(app, form.bytes),
        parts: String::new(),
        blob_key: files::upload(id.uuid())?.to_string(),
        version: None,
        created_at: cx.now(),
        expires_at: cx.now() + KEPT,
        ended_at: None,
    })
}

async fn insert(app: &App, new: &uploads::Upload) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    uploads::insert(&mut tx, new).await?;
    Ok(tx.commit().await?)
}

/// The upload, unless it takes nothing any more.
async fn live(app: &App, cx: &Context) -> Result<uploads::Upload, AppError> {
    let mut tx = app.db.read().await?;
    let upload = stored(&mut tx, cx.upload()?).await?;
    let forgotten = upload.expires_at <= cx.now() && upload.version.is_none() && upload.received < upload.bytes;
    if upload.ended_at.is_some() || forgotten {
        return Err(over().into());
    }
    Ok(upload)
}

async fn stored(tx: &mut Tx, id: UploadId) -> Result<uploads::Upload, AppError> {
    Ok(uploads::by_id(tx, id).await?.ok_or_else(|| Refusal::not_found("upload"))?)
}

fn over() -> Refusal {
    Refusal::new(
        RefusalKind::Gone,
        "upload_over",
        "This upload was given up or waited too long. Upload the file again.",
    )
}

/// Where the parts of the upload lie.
fn place(upload: &uploads::Upload) -> Result<(Key, PartsId), AppError> {
    Ok((Key::new(&upload.blob_key)?, PartsId(upload.parts.clone())))
}

fn progress(upload: &uploads::Upload) -> Progress {
    Progress {
        id: upload.id,
        received: upload.received,
        bytes: upload.bytes,
        part_bytes: upload.part_size,
        expires_at: upload.expires_at,
        version: upload.version,
    }
}

fn view(upload: uploads::Upload) -> picturelock_api::Upload {
    picturelock_api::Upload {
        id: upload.id.uuid(),
        file_name: upload.file_name,
        relative_path: upload.relative_path,
        reviewable_id: upload.reviewable.map(ReviewableId::uuid),
        fingerprint: upload.fingerprint,
        bytes: upload.bytes,
        offset: upload.received,
        created_at: upload.created_at,
        expires_at: upload.expires_at,
    }
}
