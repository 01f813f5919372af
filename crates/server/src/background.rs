//! What runs beside the requests: the worker, and the doorbell between nodes.

use std::collections::BTreeSet;
use std::time::Duration;

use picturelock_app::App;
use picturelock_app::jobs::{self, Clock, Slots};
use picturelock_db::doorbell::{Button, Doorbell};
use picturelock_domain::id::ProjectId;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Rings closer together than this are told to other nodes as one.
const COALESCED: Duration = Duration::from_millis(50);
/// How long to wait for a database that does not answer.
const AGAIN: Duration = Duration::from_secs(5);

/// How many transcodes run at once in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// One per two processors: the other half answers people.
    Fair,
    /// So many; none when 0, where other nodes do the work.
    Exactly(usize),
}

/// Starts everything that runs beside the requests until `stop`.
pub fn start(app: &App, workers: Workers, clock: Clock, stop: &CancellationToken) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    if let Some(slots) = slots(workers) {
        if app.tools.is_some() {
            tasks.spawn(work(app.clone(), slots, clock, stop.clone()));
        } else {
            tracing::warn!("without ffmpeg this process does no work: uploads wait for a worker elsewhere");
        }
    }
    let (app, stop) = (app.clone(), stop.clone());
    tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = answer_the_door(app) => {}
        }
    });
    tasks
}

fn slots(workers: Workers) -> Option<Slots> {
    match workers {
        Workers::Fair => Some(Slots::fair()),
        Workers::Exactly(0) => None,
        Workers::Exactly(media) => Some(Slots { media, ..Slots::fair() }),
    }
}

async fn work(app: App, slots: Slots, clock: Clock, stop: CancellationToken) {
    if let Err(error) = jobs::run(app, slots, clock, stop).await {
        tracing::error!(%error, "the worker ended");
    }
}

/// Passes rings between this node and the others, where there can be others.
async fn answer_the_door(app: App) {
    // A name for this run only: it tells one's own rings from others'.
    let node = uuid::Uuid::now_v7().simple().to_string();
    loop {
        match Doorbell::open(&app.db, &node).await {
            Ok(None) => return,
            Ok(Some(mut bell)) => {
                let button = bell.button();
                let ended = tokio::select! {
                    error = hear(&app, &mut bell) => error,
                    error = tell(app.bell.listen_own(), button) => error,
                };
                tracing::warn!(error = %ended, "the doorbell between nodes is broken; polling goes on");
            }
            Err(error) => tracing::warn!(%error, "no doorbell between nodes yet; polling goes on"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn hear(app: &App, bell: &mut Doorbell) -> picturelock_db::DbError {
    loop {
        match bell.heard().await {
            Ok(projects) => projects.into_iter().for_each(|project| app.bell.ring_here(project)),
            Err(error) => return error,
        }
    }
}

async fn tell(mut own: Receiver<ProjectId>, button: Button) -> picturelock_db::DbError {
    loop {
        let mut projects = BTreeSet::new();
        match own.recv().await {
            Ok(project) => projects.insert(project),
            Err(RecvError::Lagged(_)) => continue,
            // The application holds the other end for as long as this runs.
            Err(RecvError::Closed) => std::future::pending().await,
        };
        tokio::time::sleep(COALESCED).await;
        while let Ok(project) = own.try_recv() {
            projects.insert(project);
        }
        let projects: Vec<ProjectId> = projects.into_iter().collect();
        if let Err(error) = button.ring(&projects).await {
            return error;
        }
    }
}
