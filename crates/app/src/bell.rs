//! The doorbell: says that a project's log has grown, never what with.

use std::sync::Arc;

use picturelock_domain::id::ProjectId;
use tokio::sync::{Notify, broadcast};

/// Rings when something was committed. A missed ring does no harm: readers look into the log, workers into the
/// job table.
#[derive(Clone)]
pub struct Bell(Arc<Parts>);

struct Parts {
    readers: broadcast::Sender<ProjectId>,
    workers: Notify,
    /// Rings of this process only, for whoever tells other nodes.
    own: broadcast::Sender<ProjectId>,
}

impl Bell {
    /// A bell nobody hears yet.
    pub fn new() -> Self {
        let (readers, own) = (broadcast::channel(1024).0, broadcast::channel(1024).0);
        Self(Arc::new(Parts { readers, workers: Notify::new(), own }))
    }

    /// Rings for `project`. Call it after the commit.
    pub fn ring(&self, project: ProjectId) {
        self.ring_here(project);
        // No listener is no error.
        let _ = self.0.own.send(project);
    }

    /// Passes on what rang on another node: it is not told back.
    pub fn ring_here(&self, project: ProjectId) {
        let _ = self.0.readers.send(project);
        self.0.workers.notify_one();
    }

    /// Hears every ring from now on.
    pub fn listen(&self) -> broadcast::Receiver<ProjectId> {
        self.0.readers.subscribe()
    }

    /// Hears the rings of this process from now on, not those passed on.
    pub fn listen_own(&self) -> broadcast::Receiver<ProjectId> {
        self.0.own.subscribe()
    }

    /// Waits until there may be work; a ring since the last wait counts.
    pub(crate) async fn work(&self) {
        self.0.workers.notified().await;
    }
}

impl Default for Bell {
    fn default() -> Self {
        Self::new()
    }
}
