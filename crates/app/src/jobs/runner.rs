//! The worker loop: takes jobs as slots come free, and ends in good order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use picturelock_db::jobs::{Class, Job};
use picturelock_db::leases::{self, Lease};
use picturelock_media::CancellationToken;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::keeper::{Keeper, LEASE};
use super::scratch::{self, Scratch};
use super::settle::settle;
use super::shelf::Shelf;
use super::task::{Clock, Fault, Report, Stop, Task};
use super::{Work, delete, process, sample, still};
use crate::{App, AppError};

/// The doorbell is an optimisation: the table is looked at this often anyway.
const POLL: Duration = Duration::from_secs(2);
/// Rings closer together than this are one.
const BREATH: Duration = Duration::from_millis(50);
/// How long a stopped handler may take to clean up.
const GRACE: Duration = Duration::from_secs(10);

/// How many jobs run at once on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// Transcodes.
    pub media: usize,
    /// Small things.
    pub light: usize,
}

impl Slots {
    /// For a machine that also answers people: a transcode per two processors.
    pub fn fair() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { media: (cores / 2).max(1), light: 2 }
    }

    const fn of(self, class: Class) -> usize {
        match class {
            Class::Media => self.media,
            Class::Light => self.light,
        }
    }
}

struct Runner {
    app: App,
    clock: Clock,
    slots: Slots,
    scratch: Scratch,
    shelf: Arc<Shelf>,
    stop: CancellationToken,
    running: JoinSet<Class>,
    media: usize,
    light: usize,
}

/// Works until `stop`; jobs still running then go back into the queue.
///
/// # Errors
/// When the scratch folder cannot be used. Faults of the database are waited out.
pub async fn run(app: App, slots: Slots, clock: Clock, stop: CancellationToken) -> Result<(), AppError> {
    let scratch = Scratch::begin(&app.settings.scratch, clock())?;
    if let Err(error) = scratch::bury_the_dead(&app, clock()).await {
        tracing::warn!(%error, "what dead workers left waits for its leases");
    }
    let shelf = Arc::new(Shelf::new(scratch.folder()));
    let running = JoinSet::new();
    Runner { app, clock, slots, scratch, shelf, stop, running, media: 0, light: 0 }.work().await;
    Ok(())
}

impl Runner {
    async fn work(mut self) {
        while !self.stop.is_cancelled() {
            let wait = match self.fill().await {
                Ok(()) => BREATH,
                Err(error) => {
                    tracing::warn!(%error, "the job table does not answer");
                    POLL
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => break,
                Some(ended) = self.running.join_next() => self.free(ended),
                () = async { tokio::time::sleep(wait).await; self.app.bell.work().await } => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Begins jobs until slots or jobs run out.
    async fn fill(&mut self) -> Result<(), AppError> {
        for class in [Class::Light, Class::Media] {
            while *self.taken(class) < self.slots.of(class) {
                let Some((job, lease, folder)) = self.claim(class).await? else { break };
                *self.taken(class) += 1;
                self.begin(class, job, lease, folder);
            }
        }
        Ok(())
    }

    async fn claim(&self, class: Class) -> Result<Option<(Job, Lease, TempDir)>, AppError> {
        let now = (self.clock)();
        let mut tx = self.app.db.read().await?;
        if !leases::any_due(&mut tx, class, now).await? {
            return Ok(None);
        }
        drop(tx);
        // Made before the job is taken: without a place to work it stays where it is.
        let folder = self.scratch.task()?;
        let mut tx = self.app.db.write().await?;
        let claimed = leases::claim(&mut tx, self.scratch.worker(), class, now, now + LEASE).await?;
        tx.commit().await?;
        Ok(claimed.map(|(job, lease)| (job, lease, folder)))
    }

    fn begin(&mut self, class: Class, job: Job, lease: Lease, folder: TempDir) {
        let stop = Stop::new(self.stop.child_token());
        let (report, reports) = watch::channel(Report::default());
        let keeper = Keeper {
            app: self.app.clone(),
            job: job.clone(),
            lease: lease.clone(),
            clock: self.clock.clone(),
            stop: stop.clone(),
            reports,
            held_until: (self.clock)() + LEASE,
        };
        let task = Task {
            app: self.app.clone(),
            job,
            lease,
            clock: self.clock.clone(),
            folder: folder.path().to_owned(),
            stop,
            report,
            shelf: self.shelf.clone(),
        };
        self.running.spawn(async move {
            attend(&task, keeper).await;
            // The folder outlives every process that writes into it, then goes.
            drop(folder);
            class
        });
    }

    fn taken(&mut self, class: Class) -> &mut usize {
        match class {
            Class::Media => &mut self.media,
            Class::Light => &mut self.light,
        }
    }

    fn free(&mut self, ended: Result<Class, tokio::task::JoinError>) {
        match ended {
            Ok(class) => *self.taken(class) -= 1,
            // Handlers' panics are caught where they happen.
            Err(error) => tracing::error!(%error, "a job's task ended badly"),
        }
    }
}

/// Runs a job beside its keeper and writes down how it ended.
async fn attend(task: &Task, keeper: Keeper) {
    task.progress(0, "starting");
    let handled = AssertUnwindSafe(handle(task)).catch_unwind();
    let result = {
        let mut handled = std::pin::pin!(handled);
        let mut keeping = tokio::spawn(keeper.keep());
        let result = tokio::select! {
            result = &mut handled => Some(result),
            () = task.stop().cancelled() => tokio::time::timeout(GRACE, &mut handled).await.ok(),
        };
        keeping.abort();
        // Aborted or ended: either way nothing is written behind the settlement's back.
        let _ = (&mut keeping).await;
        result
    };
    let outcome = match result {
        Some(Ok(result)) => result,
        Some(Err(_)) => Err(Fault::Machine(AppError::Machine("the work panicked".to_owned()))),
        None => Err(Fault::Stopped),
    };
    if let Err(fault) = outcome
        && let Err(error) = settle(task, &fault).await
    {
        // The lease runs out, and the job is taken up again.
        tracing::error!(%error, job = %task.job.id, "how a job ended could not be written down");
    }
}

async fn handle(task: &Task) -> Result<(), Fault> {
    if task.job.cancel_requested {
        task.stop.now(super::task::Because::Cancelled);
        return Err(Fault::Stopped);
    }
    if task.job.interruptions > super::settle::MOST_INTERRUPTIONS {
        return Err(Fault::Refused(
            "The worker ended again and again while it was at this. Tell the operator.".to_owned(),
        ));
    }
    match Work::of(&task.job)? {
        Work::ProcessVersion { version } => process::run(task, version).await,
        Work::MakeStill { comment, .. } => still::run(task, comment).await,
        Work::DeleteFiles { version } => delete::run(task, version).await,
        Work::MakeSample { reviewable, owner } => sample::run(task, reviewable, owner).await,
    }
}
