//! Keeps a running job's lease, passes on how far it is, and stops it when it must stop.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use picturelock_db::leases::{self, Lease, Standing};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::task::{Because, Clock, Report, Stop};
use super::tray;
use crate::{App, AppError};

/// For how long a job is a worker's without another word.
pub(super) const LEASE: SignedDuration = SignedDuration::from_secs(30);
const RENEWED_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// How often the worker looks whether it must stop.
const LOOK: Duration = Duration::from_secs(1);
/// How often progress is told at most.
const TOLD: Duration = Duration::from_millis(300);

pub(super) struct Keeper {
    pub app: App,
    pub job: picturelock_db::jobs::Job,
    pub lease: Lease,
    pub clock: Clock,
    pub stop: Stop,
    pub reports: watch::Receiver<Report>,
    /// Until when the lease was last made to hold.
    pub held_until: Timestamp,
}

impl Keeper {
    /// Keeps the job until it is stopped; dropped when the job ends by itself.
    pub async fn keep(mut self) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told = Instant::now() - TOLD;
        loop {
            let told_enough = told.elapsed() < TOLD;
            let step = tokio::select! {
                () = self.stop.token().cancelled() => return,
                _ = look.tick() => self.look().await,
                Ok(()) = self.reports.changed(), if !told_enough => {
                    told = Instant::now();
                    self.tell().await
                }
                () = tokio::time::sleep_until(told + TOLD), if told_enough => continue,
            };
            match step {
                Ok(Standing::Held) => {}
                Ok(Standing::CancelRequested) => self.stop.now(Because::Cancelled),
                Ok(Standing::Lost) => self.stop.now(Because::Lost),
                Err(error) => {
                    tracing::warn!(%error, job = %self.job.id, "the job table does not answer");
                    // Another worker may have the job once the lease has run out: do not go on blindly.
                    if (self.clock)() >= self.held_until {
                        self.stop.now(Because::Lost);
                    }
                }
            }
        }
    }

    async fn look(&mut self) -> Result<Standing, AppError> {
        let now = (self.clock)();
        let mut tx = self.app.db.read().await?;
        let standing = leases::standing(&mut tx, &self.lease).await?;
        drop(tx);
        if standing != Standing::Held || now < self.held_until - LEASE + RENEWED_EVERY {
            return Ok(standing);
        }
        let mut tx = self.app.db.write().await?;
        let held = leases::renew(&mut tx, &self.lease, now + LEASE).await?;
        tx.commit().await?;
        self.held_until = now + LEASE;
        Ok(if held { Standing::Held } else { Standing::Lost })
    }

    async fn tell(&mut self) -> Result<Standing, AppError> {
        let report = *self.reports.borrow_and_update();
        let now = (self.clock)();
        let mut tx = tray::begin(&self.app, &self.job).await?;
        if !leases::progress(&mut tx, &self.lease, report.per_mille, report.phase, now).await? {
            return Ok(Standing::Lost);
        }
        tray::tell(&mut tx, &self.job, now).await?;
        tx.commit().await?;
        self.app.bell.ring(self.job.project);
        Ok(Standing::Held)
    }
}
