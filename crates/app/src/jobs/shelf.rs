//! Copies of proxies that a worker keeps at hand where the store is elsewhere, so that a hundred notes on a version
//! do not fetch its proxy a hundred times.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use picturelock_store::{Error, Key, Store};
use tokio::sync::Mutex;

/// More versions than people usually comment at one time would only fill the disk.
const KEPT: usize = 2;

/// The copies, last used last.
pub(super) struct Shelf {
    folder: PathBuf,
    kept: Mutex<VecDeque<(Key, Arc<Local>)>>,
}

/// A blob as a file of this machine, there for as long as this is held.
pub(super) enum Local {
    /// In the store's own folder.
    InPlace(PathBuf),
    /// A copy.
    Copy(tempfile::TempDir),
}

impl Local {
    pub fn path(&self) -> PathBuf {
        match self {
            Self::InPlace(path) => path.clone(),
            Self::Copy(folder) => file(folder.path()),
        }
    }
}

impl Shelf {
    /// An empty shelf in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), kept: Mutex::default() }
    }

    /// The blob on this machine: in place where the store is here, a copy otherwise.
    pub async fn get(&self, store: &Store, key: &Key) -> Result<Arc<Local>, Error> {
        if let Some(path) = store.local_path(key) {
            return Ok(Arc::new(Local::InPlace(path)));
        }
        // Held while fetching: who wants the same waits for it instead of fetching it again.
        let mut kept = self.kept.lock().await;
        let local = match kept.iter().position(|(known, _)| known == key).and_then(|at| kept.remove(at)) {
            Some((_, local)) => local,
            None => Arc::new(self.fetch(store, key).await?),
        };
        kept.push_back((key.clone(), local.clone()));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(local)
    }

    async fn fetch(&self, store: &Store, key: &Key) -> Result<Local, Error> {
        let unusable = |error: std::io::Error| Error::Unreachable(error.into());
        let folder = tempfile::Builder::new().prefix("copy-").tempdir_in(&self.folder).map_err(unusable)?;
        store.fetch(key, &file(folder.path())).await?;
        Ok(Local::Copy(folder))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("blob")
}
