//! From a file as it came to a version that can be watched.

use std::path::PathBuf;

use picturelock_api::{Media, Rendition, Sprites};
use picturelock_db::versions::{Processed, Version};
use picturelock_db::{processing, versions};
use picturelock_domain::id::{ContentHash, VersionId};
use picturelock_domain::version::VersionState;
use picturelock_media as media;
use picturelock_store::Key;

use super::task::{Fault, Task};
use super::{Work, tray};
use crate::files::{self, Derived, RECIPE};
use crate::{AppError, jobs};

/// Checks the version's file, makes what the player needs, stores it, and only then calls the version ready.
pub(super) async fn run(task: &Task, version: VersionId) -> Result<(), Fault> {
    let Some(source) = source_of(task, version).await? else { return conclude(task, version, None).await };
    let Some(hash) = identify(task, version, &source).await? else { return conclude(task, version, None).await };
    let made = match reuse(task, hash).await? {
        Some(made) => made,
        None => make(task, hash).await?,
    };
    conclude(task, version, Some(&made)).await
}

async fn source_of(task: &Task, version: VersionId) -> Result<Option<Version>, Fault> {
    let mut tx = task.app.db.read().await?;
    let source = versions::get(&mut tx, version).await?;
    Ok(source.filter(|source| source.state == VersionState::Processing))
}

/// Reads the whole file once, and gives it the place its content names. `None` when the version was deleted.
async fn identify(task: &Task, version: VersionId, source: &Version) -> Result<Option<ContentHash>, Fault> {
    let (store, came) = (&task.app.store, Key::new(&source.source_key)?);
    let hash = match source.content_hash {
        Some(hash) => hash,
        None => {
            let per_mille = |bytes: u64| (bytes.saturating_mul(100) / source.bytes.max(1)).min(100) as u32;
            task.progress(0, "checking");
            let hashing = store.hash(&came, |bytes| task.progress(per_mille(bytes), "checking"));
            ContentHash::from_bytes(task.unless_stopped(hashing).await?.blake3)
        }
    };
    let mut tx = task.app.db.write().await?;
    processing::lock_content(&mut tx, hash).await?;
    if !processing::set_hash(&mut tx, version, hash).await? {
        return Ok(None);
    }
    tx.commit().await?;
    let place = files::source(hash)?;
    if came != place {
        store.promote(&came, &place).await?;
        let mut tx = task.app.db.write().await?;
        processing::set_source_key(&mut tx, version, place.as_str()).await?;
        tx.commit().await?;
    }
    Ok(Some(hash))
}

/// What was made of the same bytes before, if all of it is still there.
async fn reuse(task: &Task, hash: ContentHash) -> Result<Option<Processed>, Fault> {
    let mut tx = task.app.db.read().await?;
    let Some(made) = processing::made_of(&mut tx, hash).await? else { return Ok(None) };
    drop(tx);
    let Ok(derived) = serde_json::from_value::<Derived>(made.media.clone()) else { return Ok(None) };
    if derived.recipe != RECIPE {
        return Ok(None);
    }
    for name in derived.names() {
        if task.app.store.size(&files::derived(hash, RECIPE, name)?).await?.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(made))
}

async fn make(task: &Task, hash: ContentHash) -> Result<Processed, Fault> {
    let Some(tools) = &task.app.tools else {
        return Err(AppError::Machine("this worker has no ffmpeg".to_owned()).into());
    };
    let input = input(task, hash).await?;
    task.progress(150, "measuring");
    let probe = task.unless_stopped(media::probe(tools, &input)).await?;
    let plan = media::plan(&probe, &media::Settings::default());
    let out = task.folder().join("out");
    tokio::fs::create_dir(&out).await?;
    let on_progress = |progress: media::Progress| {
        let share = u64::from(progress.frames_done) * 750 / u64::from(progress.frames_expected.max(1));
        task.progress(200 + share.min(750) as u32, "making proxies");
    };
    let made = media::make(tools, &plan, &input, &out, on_progress, task.stop()).await?;
    let derived = Derived { recipe: RECIPE.to_owned(), media: listed(&plan, &made) };
    let names: Vec<&str> = derived.names().collect();
    for (index, name) in names.iter().enumerate() {
        task.progress(950 + (index * 50 / names.len()) as u32, "storing");
        let (key, path) = (files::derived(hash, RECIPE, name)?, out.join(name));
        task.unless_stopped(task.app.store.put_file(&key, &path)).await?;
    }
    let media = serde_json::to_value(&derived).map_err(|error| AppError::Machine(error.to_string()))?;
    Ok(Processed {
        footage: made.footage,
        frame_table: made.table,
        media,
        content_hash: hash,
        source_key: files::source(hash)?.as_str().to_owned(),
    })
}

/// The file on this machine: in place where the store is here, a copy otherwise.
async fn input(task: &Task, hash: ContentHash) -> Result<PathBuf, Fault> {
    let key = files::source(hash)?;
    if let Some(path) = task.app.store.local_path(&key) {
        return Ok(path);
    }
    task.progress(100, "fetching");
    let path = task.folder().join("source");
    task.unless_stopped(task.app.store.fetch(&key, &path)).await?;
    Ok(path)
}

fn listed(plan: &media::Plan, made: &media::Made) -> Media {
    let rendition = |proxy: &media::Proxy| Rendition {
        name: proxy.name.clone(),
        width: proxy.width,
        height: proxy.height,
        bytes: proxy.bytes,
    };
    Media {
        proxies: made.proxies.iter().map(rendition).collect(),
        poster: made.poster.clone(),
        sprites: Sprites {
            tile_width: made.sprites.tile_width,
            tile_height: made.sprites.tile_height,
            columns: made.sprites.columns,
            rows: plan.sprites.rows,
            sheets: made.sprites.sheets.clone(),
            frames: made.sprites.frames.clone(),
        },
        peaks: made.peaks.clone(),
    }
}

/// Ready, the event and the end of the job are one. Without `made`, or when the version was deleted meanwhile, only
/// the job ends, and what was stored goes.
async fn conclude(task: &Task, version: VersionId, made: Option<&Processed>) -> Result<(), Fault> {
    let (job, now) = (&task.job, task.now());
    let mut tx = tray::begin(&task.app, job).await?;
    let ready = match made {
        Some(made) => versions::set_processed(&mut tx, version, made).await?,
        None => false,
    };
    if ready {
        tray::tell_version(&mut tx, version, now).await?;
        for comment in processing::comments_without_still(&mut tx, version).await? {
            let still = Work::MakeStill { comment, version };
            jobs::enqueue(&mut tx, job.project, &job.subject, &still, now).await?;
        }
    } else {
        jobs::enqueue(&mut tx, job.project, &job.subject, &Work::DeleteFiles { version }, now).await?;
    }
    task.finish(&mut tx).await?;
    tx.commit().await?;
    task.app.bell.ring(job.project);
    Ok(())
}
