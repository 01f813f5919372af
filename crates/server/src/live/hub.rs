//! One reader of the log for each watched project.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use picturelock_app::{App, AppError, events};
use picturelock_domain::id::ProjectId;
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::batch::Batch;

/// How many changes are read at once.
pub(super) const PAGE: u32 = 200;
/// How many batches a slow stream may fall behind before it reads the log itself.
const BACKLOG: usize = 64;
/// How often the log is looked into without a ring: another node does not ring here.
const POLL: Duration = Duration::from_secs(2);
/// The shortest time between two looks, so that a storm of changes is told in batches.
const BREATH: Duration = Duration::from_millis(4);

/// The watched projects.
#[derive(Clone, Default)]
pub struct Live(Arc<Watched>);

#[derive(Default)]
struct Watched {
    projects: Mutex<HashMap<ProjectId, Sender<Arc<Batch>>>>,
    closed: CancellationToken,
}

impl Live {
    /// Hears the project's changes, all after the number that the log had when this was called.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub(super) async fn listen(&self, app: &App, project: ProjectId) -> Result<Receiver<Arc<Batch>>, AppError> {
        // Read before the reader starts, so that nothing falls between its start and the caller's own reading.
        let position = events::position(app, project).await?;
        let mut projects = self.projects();
        if let Some(sender) = projects.get(&project) {
            return Ok(sender.subscribe());
        }
        let (sender, receiver) = broadcast::channel(BACKLOG);
        projects.insert(project, sender.clone());
        drop(projects);
        tokio::spawn(self.clone().read(app.clone(), project, position, sender));
        Ok(receiver)
    }

    /// Ends every stream, so that the server can stop; browsers come back by themselves.
    pub fn close(&self) {
        self.0.closed.cancel();
    }

    /// Becomes true, and stays so, when the server stops.
    pub(super) async fn closed(&self) {
        self.0.closed.cancelled().await;
    }

    /// Reads the log and repeats it until nobody listens.
    async fn read(self, app: App, project: ProjectId, mut position: i64, sender: Sender<Arc<Batch>>) {
        let mut bell = app.bell.listen();
        loop {
            let looked = Instant::now();
            let full = match events::since(&app, project, position, PAGE).await {
                Ok(changes) => {
                    let full = changes.len() == PAGE as usize;
                    if let Some(batch) = Batch::new(changes) {
                        position = batch.last();
                        // No listener is no error.
                        let _ = sender.send(Arc::new(batch));
                    }
                    full
                }
                Err(error) => {
                    tracing::warn!(%error, "the event log cannot be read; trying again");
                    sleep(POLL).await;
                    false
                }
            };
            if full {
                continue;
            }
            if self.leave(project, &sender) {
                return;
            }
            tokio::select! {
                () = rung(&mut bell, project) => sleep_until(looked + BREATH).await,
                () = self.closed() => return,
            }
        }
    }

    /// Stops reading a project nobody watches. Under the same lock as [`Live::listen`], so that none is missed.
    fn leave(&self, project: ProjectId, sender: &Sender<Arc<Batch>>) -> bool {
        let mut projects = self.projects();
        let unwatched = sender.receiver_count() == 0;
        if unwatched {
            projects.remove(&project);
        }
        unwatched
    }

    fn projects(&self) -> MutexGuard<'_, HashMap<ProjectId, Sender<Arc<Batch>>>> {
        // Every change of the map is one step, so a panic elsewhere leaves nothing half done.
        self.0.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the bell rings for the project, or it is time to look without a ring.
async fn rung(bell: &mut Receiver<ProjectId>, project: ProjectId) {
    let ring = async {
        loop {
            match bell.recv().await {
                Ok(rung) if rung == project => return,
                Ok(_) => {}
                // Rings were missed; one of them may have been ours.
                Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    // Either way it is time to look.
    let _ = timeout(POLL, ring).await;
}
