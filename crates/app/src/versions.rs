//! Versions: what they are, what was made of them, and how they go.

use std::collections::HashMap;

use jiff::Timestamp;
use picturelock_api::{FrameTable, UserName, Version, VersionStateCode};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::jobs::{self as job_table, Job};
use picturelock_db::versions::{self, NoteCounts, Reader, Within};
use picturelock_db::{Tx, reviewables};
use picturelock_domain::Refusal;
use picturelock_domain::frame::Run;
use picturelock_domain::id::{ContentHash, ProjectId, ReviewableId, VersionId};
use picturelock_domain::people::Principal;
use picturelock_domain::review::Audience;
use picturelock_domain::version::VersionState;
use picturelock_store::Key;
use serde::Deserialize as _;

use crate::accounts::studio_name;
use crate::decisions;
use crate::files::{self, Derived};
use crate::jobs::{self, Work};
use crate::{App, AppError, Context};

/// A file to be streamed.
#[derive(Clone, Debug)]
pub struct Blob {
    /// Where it lies in the store.
    pub key: Key,
    /// Its size.
    pub bytes: u64,
    /// Names its content: other bytes, other tag.
    pub tag: String,
    /// The name it is known by.
    pub name: String,
}

/// One version.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(app: &App, cx: &Context) -> Result<Version, AppError> {
    let mut tx = app.db.read().await?;
    view(&mut tx, cx, cx.version()?).await
}

/// When each frame of the version is shown.
///
/// # Errors
/// *Not found* before the version is ready.
pub async fn frame_table(app: &App, cx: &Context) -> Result<FrameTable, AppError> {
    let mut tx = app.db.read().await?;
    let table =
        versions::frame_table(&mut tx, cx.version()?).await?.ok_or_else(|| Refusal::not_found("frame table"))?;
    let runs = table.runs().iter().map(|&Run { delta, count }| (delta, count)).collect();
    Ok(FrameTable { time_base: table.time_base(), runs })
}

/// A file made from the version, by the name its [`picturelock_api::Media`] lists.
///
/// # Errors
/// *Not found* for any other name, and once the version is deleted.
pub async fn media(app: &App, cx: &Context, name: &str) -> Result<Blob, AppError> {
    let mut tx = app.db.read().await?;
    let version = stored(&mut tx, cx.version()?).await?;
    let missing = || Refusal::not_found("file");
    let derived = derived(&version)?.ok_or_else(missing)?;
    let name = derived.names().find(|known| *known == name).ok_or_else(missing)?;
    let hash = version.content_hash.ok_or_else(missing)?;
    let key = files::derived(hash, &derived.recipe, name)?;
    let proxy = derived.media.proxies.iter().find(|proxy| proxy.name == name);
    let bytes = match proxy {
        Some(proxy) => proxy.bytes,
        None => app.store.size(&key).await?.ok_or_else(missing)?,
    };
    Ok(Blob { bytes, tag: tag(&[key.as_str(), &bytes.to_string()]), name: name.to_owned(), key })
}

/// The file as it was uploaded.
///
/// # Errors
/// *Not found* once the version is deleted.
pub async fn original(app: &App, cx: &Context) -> Result<Blob, AppError> {
    let mut tx = app.db.read().await?;
    let version = stored(&mut tx, cx.version()?).await?;
    if version.state == VersionState::Deleted {
        return Err(Refusal::not_found("file").into());
    }
    // The version's id, not the key: the key changes once the file was read, its bytes never do.
    let tag = tag(&["original", &version.id.to_string()]);
    Ok(Blob { key: Key::new(&version.source_key)?, bytes: version.bytes, tag, name: version.file_name })
}

/// Whether a stream of the version's files that `cx` began may go on.
///
/// # Errors
/// The refusal a new request would meet.
pub async fn may_go_on(app: &App, cx: &Context, now: Timestamp) -> Result<(), AppError> {
    app.enter_again(cx, now).await?;
    let mut tx = app.db.read().await?;
    match stored(&mut tx, cx.version()?).await?.state {
        VersionState::Deleted => Err(Refusal::not_found("file").into()),
        VersionState::Processing | VersionState::Ready | VersionState::Failed { .. } => Ok(()),
    }
}

/// Deletes the version's files; its notes and decisions stay. Deleting twice changes nothing.
///
/// # Errors
/// When the database is out of reach.
pub async fn delete(app: &App, cx: &Context) -> Result<(), AppError> {
    let (project, id) = (cx.project()?, cx.version()?);
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let version = stored(&mut tx, id).await?;
    if versions::set_deleted(&mut tx, id, cx.now()).await? {
        let work = Work::DeleteFiles { version: id };
        jobs::enqueue(&mut tx, project, &version.file_name, &work, cx.now()).await?;
        jobs::tray::stop_processing(&mut tx, id, cx.now()).await?;
        announce(&mut tx, "version_deleted", project, version.reviewable, id, cx.now()).await?;
    }
    tx.commit().await?;
    app.bell.ring(project);
    Ok(())
}

/// Tells readers that something about a version changed; they fetch it anew, each as far as they may see it.
pub(crate) async fn announce(
    tx: &mut Tx,
    kind: &'static str,
    project: ProjectId,
    reviewable: ReviewableId,
    version: VersionId,
    now: Timestamp,
) -> Result<(), AppError> {
    let payload = serde_json::json!({"reviewable_id": reviewable.uuid()});
    let event = NewEvent { kind, version: Some(version), audience: Audience::Everyone, payload };
    events::append(tx, project, &event, now).await?;
    Ok(())
}

/// One version as the person sees it.
pub(crate) async fn view(tx: &mut Tx, cx: &Context, id: VersionId) -> Result<Version, AppError> {
    let version = stored(tx, id).await?;
    let stack = stack(tx, cx, version.reviewable).await?;
    let view = stack.into_iter().find(|view| view.id == id.uuid()).ok_or_else(|| Refusal::not_found("version"))?;
    Ok(match cx.is_team() {
        true => view,
        false => without_the_team(view, &studio_name(tx).await?),
    })
}

/// The versions of a reviewable as the person sees them, newest first.
pub(crate) async fn stack(tx: &mut Tx, cx: &Context, reviewable: ReviewableId) -> Result<Vec<Version>, AppError> {
    let place = reviewables::by_id(tx, reviewable).await?.ok_or_else(|| Refusal::not_found("reviewable"))?;
    let around = Around::of(tx, cx, place.project, Within::Reviewable(reviewable)).await?;
    views(&versions::of_reviewable(tx, reviewable).await?, &around)
}

/// The versions of every reviewable of a project as the person sees them, newest first within each.
pub(crate) async fn stacks(
    tx: &mut Tx,
    cx: &Context,
    project: ProjectId,
) -> Result<HashMap<ReviewableId, Vec<Version>>, AppError> {
    let around = Around::of(tx, cx, project, Within::Project(project)).await?;
    let found = versions::of_project(tx, project).await?;
    let stacks = found.chunk_by(|a, b| a.reviewable == b.reviewable);
    stacks.map(|stack| Ok((stack[0].reviewable, views(stack, &around)?))).collect()
}

/// What a version's view shows besides the version.
struct Around {
    notes: HashMap<VersionId, NoteCounts>,
    jobs: Vec<Job>,
}

impl Around {
    async fn of(tx: &mut Tx, cx: &Context, project: ProjectId, within: Within) -> Result<Self, AppError> {
        let notes = versions::note_counts(tx, within, reader(cx)).await?;
        let jobs = match cx.is_team() {
            true => job_table::of_project_versions(tx, project, Work::PROCESS_VERSION).await?,
            false => Vec::new(),
        };
        Ok(Self { notes, jobs })
    }
}

fn reader(cx: &Context) -> Reader {
    match (cx.principal(), cx.guest()) {
        (Principal::Guest { .. }, Some(place)) if place.see_each_other => Reader::AnyGuest,
        (Principal::Guest { guest, .. }, _) => Reader::OneGuest(*guest),
        (Principal::Anonymous, _) => Reader::AnyGuest,
        (Principal::Account { .. } | Principal::Operator, _) => Reader::Team,
    }
}

/// Views of one reviewable's versions, which come newest first.
fn views(stack: &[versions::Version], around: &Around) -> Result<Vec<Version>, AppError> {
    let current = decisions::newest(stack);
    let same = |version: &versions::Version| earlier_with(stack, version.number, version.content_hash?);
    stack
        .iter()
        .map(|version| {
            let notes = around.notes.get(&version.id).copied().unwrap_or_default();
            let (state, reason) = state(&version.state);
            Ok(Version {
                id: version.id.uuid(),
                reviewable_id: version.reviewable.uuid(),
                project_id: version.project.uuid(),
                number: version.number,
                file_name: version.file_name.clone(),
                bytes: version.bytes,
                content_hash: version.content_hash.map(|hash| hash.to_string()),
                uploaded_by: UserName { id: version.uploaded_by.uuid(), name: version.uploader.clone() },
                created_at: version.created_at,
                state,
                reason,
                review: version.review,
                current: current == Some(version.id),
                same_bytes_as: same(version),
                footage: version.footage.clone(),
                media: derived(version)?.map(|derived| derived.media),
                comment_count: notes.all,
                open_comment_count: notes.open,
                job: around.jobs.iter().find(|job| job.version == Some(version.id)).map(jobs::tray::view),
            })
        })
        .collect()
}

/// The newest version before number `before` that was made of the same bytes.
fn earlier_with(stack: &[versions::Version], before: u32, hash: ContentHash) -> Option<u32> {
    let earlier = stack.iter().filter(|version| version.number < before && version.content_hash == Some(hash));
    earlier.map(|version| version.number).max()
}

pub(crate) fn state(state: &VersionState) -> (VersionStateCode, Option<String>) {
    match state {
        VersionState::Processing => (VersionStateCode::Processing, None),
        VersionState::Ready => (VersionStateCode::Ready, None),
        VersionState::Failed { reason } => (VersionStateCode::Failed, Some(reason.clone())),
        VersionState::Deleted => (VersionStateCode::Deleted, None),
    }
}

/// A version as guests see it: without its jobs, who of the team uploaded it, why it failed, and which other versions
/// there are.
pub(crate) fn without_the_team(version: Version, studio: &str) -> Version {
    let uploaded_by = UserName { id: uuid::Uuid::nil(), name: studio.to_owned() };
    Version { uploaded_by, reason: None, same_bytes_as: None, job: None, ..version }
}

/// What was made of the version; nothing before it is ready and after it is deleted.
pub(crate) fn derived(version: &versions::Version) -> Result<Option<Derived>, AppError> {
    let Some(media) = version.media.as_ref().filter(|_| version.state == VersionState::Ready) else { return Ok(None) };
    let derived = Derived::deserialize(media);
    derived.map(Some).map_err(|error| AppError::Machine(format!("the media of {} cannot be read: {error}", version.id)))
}

async fn stored(tx: &mut Tx, id: VersionId) -> Result<versions::Version, AppError> {
    Ok(versions::get(tx, id).await?.ok_or_else(|| Refusal::not_found("version"))?)
}

fn tag(parts: &[&str]) -> String {
    blake3::hash(parts.join("\n").as_bytes()).to_hex()[..32].to_owned()
}
