//! Removes the files of a deleted version.

use picturelock_db::versions::Version;
use picturelock_db::{processing, versions};
use picturelock_domain::id::VersionId;
use picturelock_domain::version::VersionState;
use picturelock_store::Key;

use super::task::{Fault, Task};
use crate::files;

/// Removes the version's files, save those that another version shares. Comments keep their stills.
pub(super) async fn run(task: &Task, version: VersionId) -> Result<(), Fault> {
    let mut tx = task.app.db.read().await?;
    let source = versions::get(&mut tx, version).await?;
    drop(tx);
    if let Some(source) = source.filter(|source| source.state == VersionState::Deleted) {
        remove(task, version, &source).await?;
    }
    let mut tx = super::tray::begin(&task.app, &task.job).await?;
    task.finish(&mut tx).await?;
    Ok(tx.commit().await?)
}

async fn remove(task: &Task, version: VersionId, source: &Version) -> Result<(), Fault> {
    let store = &task.app.store;
    let as_it_came = Key::new(&source.source_key)?;
    if as_it_came.as_str().starts_with("uploads/") {
        store.delete(&as_it_came).await?;
    }
    let Some(hash) = source.content_hash else { return Ok(()) };
    // Held while files go: nobody may count on them in between.
    let mut tx = task.app.db.write().await?;
    processing::lock_content(&mut tx, hash).await?;
    if !processing::is_shared(&mut tx, hash, version).await? {
        store.delete(&files::source(hash)?).await?;
        store.delete_prefix(&files::all_derived(hash)?).await?;
    }
    Ok(tx.commit().await?)
}
