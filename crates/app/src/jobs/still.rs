//! Keeps a picture of the exact frame a comment is about.

use std::sync::Arc;

use picturelock_db::events::{self, NewEvent};
use picturelock_db::processing::{self, StillPlace};
use picturelock_db::versions::{self, Version};
use picturelock_domain::frame::FrameTable;
use picturelock_domain::id::CommentId;
use picturelock_domain::version::VersionState;
use picturelock_media as media;

use super::shelf::Local;
use super::task::{Fault, Task};
use super::tray;
use crate::AppError;
use crate::files::{self, Derived};

struct Frame {
    place: StillPlace,
    version: Version,
    table: FrameTable,
}

/// Makes the still. Where there is nothing to make one of, the job ends all the same: a version that becomes ready
/// asks again for all its comments.
pub(super) async fn run(task: &Task, comment: CommentId) -> Result<(), Fault> {
    let Some(frame) = frame_of(task, comment).await? else { return conclude(task, comment, None).await };
    let Some(tools) = &task.app.tools else {
        return Err(AppError::Machine("this worker has no ffmpeg".to_owned()).into());
    };
    let proxy = proxy(task, &frame.version).await?;
    let picture = task.folder().join("still.jpg");
    media::still(tools, &proxy.path(), &frame.table, frame.place.frame, &picture, task.stop()).await?;
    task.unless_stopped(task.app.store.put_file(&files::still(comment)?, &picture)).await?;
    conclude(task, comment, Some(&frame.place)).await
}

async fn frame_of(task: &Task, comment: CommentId) -> Result<Option<Frame>, Fault> {
    let mut tx = task.app.db.read().await?;
    let Some(place) = processing::still_place(&mut tx, comment).await? else { return Ok(None) };
    let Some(version) = versions::get(&mut tx, place.version).await? else { return Ok(None) };
    let table = versions::frame_table(&mut tx, place.version).await?;
    Ok(table.filter(|_| version.state == VersionState::Ready).map(|table| Frame { place, version, table }))
}

/// The largest proxy, on this machine.
async fn proxy(task: &Task, version: &Version) -> Result<Arc<Local>, Fault> {
    let missing = || Fault::Machine(AppError::Machine("a ready version without proxies".to_owned()));
    let media = version.media.clone().ok_or_else(missing)?;
    let derived: Derived = serde_json::from_value(media).map_err(|_| missing())?;
    let (Some(hash), Some(largest)) = (version.content_hash, derived.media.proxies.first()) else {
        return Err(missing());
    };
    let key = files::derived(hash, &derived.recipe, &largest.name)?;
    task.unless_stopped(task.shelf.get(&task.app.store, &key)).await
}

async fn conclude(task: &Task, comment: CommentId, made: Option<&StillPlace>) -> Result<(), Fault> {
    let mut tx = tray::begin(&task.app, &task.job).await?;
    if let Some(place) = made {
        processing::set_still(&mut tx, comment, files::still(comment)?.as_str()).await?;
        let event = NewEvent {
            kind: "still_ready",
            version: Some(place.version),
            audience: place.audience,
            payload: serde_json::json!({ "comment_id": comment }),
        };
        events::append(&mut tx, task.job.project, &event, task.now()).await?;
    }
    task.finish(&mut tx).await?;
    tx.commit().await?;
    task.app.bell.ring(task.job.project);
    Ok(())
}
