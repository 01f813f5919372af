//! What somebody has watched of a version.

use picturelock_api::{Watched, WatchedRanges};
use picturelock_db::{versions, watched};
use picturelock_domain::Refusal;
use picturelock_domain::frame::FrameRange;
use picturelock_domain::review::watched_percent;
use picturelock_domain::version::VersionState;

use crate::{App, AppError, Context};

/// The most ranges one request brings; a player that reports every few seconds needs a handful.
const MOST_RANGES: usize = 1_000;

/// Adds what the person has just watched; without ranges it only says how much they have watched so far.
///
/// # Errors
/// *Invalid* for ranges that are none or lie behind the end; *conflict* when the version is not ready to watch.
pub async fn add(app: &App, cx: &Context, form: &WatchedRanges) -> Result<Watched, AppError> {
    let (id, viewer) = (cx.version()?, cx.author()?.id);
    if form.ranges.len() > MOST_RANGES {
        return Err(Refusal::invalid("too_many_ranges", format!("Send at most {MOST_RANGES} ranges at once.")).into());
    }
    let ranges = form.ranges.iter().map(|&(first, last)| FrameRange::new(first, last)).collect::<Result<Vec<_>, _>>();
    let ranges = ranges.map_err(|error| Refusal::invalid("range", error.to_string()))?;
    let mut tx = app.db.read().await?;
    let version = versions::get(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("version"))?;
    let frames = version.footage.as_ref().map_or(0, |footage| footage.frame_count);
    if ranges.is_empty() {
        let count = watched::count(&mut tx, id, viewer).await?;
        return Ok(Watched { watched_percent: watched_percent(count, frames) });
    }
    drop(tx);
    if version.state != VersionState::Ready {
        return Err(Refusal::conflict("not_ready", "This version is not ready to watch.").into());
    }
    if let Some(range) = ranges.iter().find(|range| range.last() >= frames) {
        let words = format!("Frame {} lies behind the end: this version has {frames} frames.", range.last());
        return Err(Refusal::invalid("frame_outside", words).into());
    }
    let mut tx = app.db.write().await?;
    let mut seen = watched::take(&mut tx, id, viewer, cx.now()).await?;
    seen.add(ranges, frames);
    watched::put(&mut tx, id, viewer, &seen, cx.now()).await?;
    tx.commit().await?;
    Ok(Watched { watched_percent: watched_percent(seen.count(), frames) })
}
