//! The worker's own folder: its name is the worker's name, its lock says that the worker lives.
//!
//! Whoever finds a folder whose lock is free knows its worker dead: the folder goes, and the jobs it was at wait
//! for another worker at once instead of after their leases.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use picturelock_db::leases;

use crate::access::id_at;
use crate::{App, AppError};

const PREFIX: &str = "worker-";
const LOCK: &str = "lock";

/// A worker's folder, its for as long as this lives.
pub(super) struct Scratch {
    name: String,
    folder: PathBuf,
    _lock: File,
}

impl Scratch {
    /// A folder of one's own beneath `root`.
    pub fn begin(root: &Path, now: Timestamp) -> Result<Self, AppError> {
        let name = format!("{PREFIX}{}", id_at(now).simple());
        let folder = root.join(&name);
        // Locked before it has its name: nobody finds it unlocked and takes its worker for dead.
        let unnamed = tempfile::Builder::new().prefix("new-").tempdir_in(root)?.keep();
        let lock = File::create_new(unnamed.join(LOCK))?;
        lock.lock()?;
        std::fs::rename(unnamed, &folder)?;
        Ok(Self { name, folder, _lock: lock })
    }

    /// The worker's name.
    pub fn worker(&self) -> &str {
        &self.name
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A new folder for one task.
    pub fn task(&self) -> Result<tempfile::TempDir, AppError> {
        Ok(tempfile::Builder::new().prefix("task-").tempdir_in(&self.folder)?)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "the worker's folder stays behind");
        }
    }
}

/// Removes the folders of dead workers and puts their jobs back into the queue.
pub(super) async fn bury_the_dead(app: &App, now: Timestamp) -> Result<(), AppError> {
    for (folder, worker) in dead(&app.settings.scratch)? {
        let mut tx = app.db.write().await?;
        let jobs = leases::release_dead(&mut tx, &worker, now).await?;
        tx.commit().await?;
        tracing::info!(worker, jobs, "put back what a dead worker left");
        match std::fs::remove_dir_all(folder) {
            // Another process found it too.
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn dead(root: &Path) -> Result<Vec<(PathBuf, String)>, AppError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().filter(|name| name.starts_with(PREFIX)).map(str::to_owned) else {
            continue;
        };
        if is_dead(&entry.path().join(LOCK))? {
            found.push((entry.path(), name));
        }
    }
    Ok(found)
}

fn is_dead(lock: &Path) -> Result<bool, AppError> {
    match File::open(lock) {
        Ok(file) => match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error.into()),
        },
        // Being made or being removed by its owner.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
