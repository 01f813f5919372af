//! Writes down how a job ended that did not come to its end by itself.

use jiff::SignedDuration;
use picturelock_db::leases;

use super::task::{Because, Fault, Task};
use super::tray;
use crate::AppError;

/// How often a fault of the machine is met with another try.
const MOST_FAILURES: u32 = 3;
/// How often a job may be under way when its worker dies before it is suspected of killing it.
pub(super) const MOST_INTERRUPTIONS: u32 = 30;

/// How long a job waits after its `failures`th fault.
const fn back_off(failures: u32) -> SignedDuration {
    SignedDuration::from_secs(5 * 6_i64.pow(if failures > 4 { 4 } else { failures.saturating_sub(1) }))
}

pub(super) async fn settle(task: &Task, fault: &Fault) -> Result<(), AppError> {
    let (job, lease, now) = (&task.job, &task.lease, task.now());
    let mut tx = tray::begin(&task.app, job).await?;
    let held = match fault {
        Fault::Stopped => match task.stop.because() {
            Because::Lost => false,
            Because::Leaving => leases::hand_back(&mut tx, lease, now).await?,
            Because::Cancelled => {
                let held = leases::cancel(&mut tx, lease, now).await?;
                if held {
                    tray::after_cancel(&mut tx, job, now).await?;
                }
                held
            }
        },
        Fault::Machine(error) if job.failures + 1 < MOST_FAILURES => {
            tracing::warn!(%error, job = %job.id, kind = job.kind, "a job failed and will be tried again");
            let again = now + back_off(job.failures + 1);
            leases::put_off(&mut tx, lease, &fault.words(), again, now).await?
        }
        Fault::Machine(_) | Fault::Refused(_) => {
            tracing::warn!(error = %fault, job = %job.id, kind = job.kind, "a job failed");
            let held = leases::fail(&mut tx, lease, &fault.words(), now).await?;
            if held {
                tray::give_up(&mut tx, job, &fault.words(), now).await?;
            }
            held
        }
    };
    if !held {
        tracing::info!(job = %job.id, "another worker has the job");
        return Ok(());
    }
    tray::tell(&mut tx, job, now).await?;
    tx.commit().await?;
    task.app.bell.ring(job.project);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_stays_within_an_hour_or_two() {
        let waits: Vec<i64> = (1..8).map(|failures| back_off(failures).as_secs()).collect();
        assert_eq!(waits, [5, 30, 180, 1080, 6480, 6480, 6480]);
    }
}
