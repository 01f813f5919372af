//! The doorbell: says that a project's log has grown, never what with.

use std::sync::Arc;

use picturelock_domain::id::ProjectId;
use tokio::sync::broadcast;

/// Rings when something was committed. A missed ring does no harm: readers look into the log.
#[derive(Clone)]
pub struct Bell(Arc<broadcast::Sender<ProjectId>>);

impl Bell {
    /// A bell nobody hears yet.
    pub fn new() -> Self {
        Self(Arc::new(broadcast::channel(1024).0))
    }

    /// Rings for `project`. Call it after the commit.
    pub fn ring(&self, project: ProjectId) {
        // No listener is no error.
        let _ = self.0.send(project);
    }

    /// Hears every ring from now on.
    pub fn listen(&self) -> broadcast::Receiver<ProjectId> {
        self.0.subscribe()
    }
}

impl Default for Bell {
    fn default() -> Self {
        Self::new()
    }
}
