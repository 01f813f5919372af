//! What every use case stands on.

use std::sync::Arc;

use picturelock_db::Db;
use picturelock_media::Tools;
use picturelock_store::Store;
use tokio::sync::Semaphore;

use crate::Bell;
use crate::uploads::UploadLimits;

/// The running application: cheap to clone, shared by every request and worker.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The files.
    pub store: Store,
    /// ffmpeg and ffprobe; `None` on a node that does no media work.
    pub tools: Option<Tools>,
    /// Tells live readers that a project's log has grown.
    pub bell: Bell,
    /// What the operator chose.
    pub settings: Settings,
    /// Password hashing takes memory and time: few at once, so that sign-ins cannot starve the player.
    pub hashing: Semaphore,
    /// Parts of uploads written at a time: on S3 each is held in memory.
    pub writing: Semaphore,
}

/// What the operator chose.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the server, without a slash at the end; links begin with it.
    pub public_url: String,
    /// A folder for work in progress, on a disk with room.
    pub scratch: std::path::PathBuf,
    /// Whether the connection is plain HTTP to other machines.
    pub plain_http: bool,
    /// How large uploads and their parts may be.
    pub uploads: UploadLimits,
}

impl App {
    /// An application of these parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
