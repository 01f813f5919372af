//! What people see of background work, and what they can do about it.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use picturelock_api::{Job as View, JobState};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::jobs::{self, Job, Shown, State};
use picturelock_db::{Tx, processing, scope};
use picturelock_domain::Refusal;
use picturelock_domain::id::VersionId;
use picturelock_domain::review::Audience;

use super::Work;
use crate::versions::announce;
use crate::{App, AppError, Context};

/// For how long ended jobs are listed.
const LISTED: SignedDuration = SignedDuration::from_hours(24);
const CANCELLED: &str = "Preparing the file was cancelled. Choose “Retry” to go on.";

/// The jobs of the project: running and waiting ones, and the last that ended.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_project(app: &App, cx: &Context) -> Result<Vec<View>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(in_order(jobs::of_project(&mut tx, cx.project()?, cx.now() - LISTED).await?))
}

/// The jobs of all projects the person belongs to.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_person(app: &App, cx: &Context) -> Result<Vec<View>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(in_order(jobs::of_member(&mut tx, cx.user()?, cx.now() - LISTED).await?))
}

/// Stops a job: at once when it waits, within a second or so when it runs.
///
/// # Errors
/// *Conflict* when it has ended or is not for people to stop.
pub async fn cancel(app: &App, cx: &Context) -> Result<View, AppError> {
    let (id, now) = (cx.job()?, cx.now());
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let job = jobs::by_id_locked(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("job"))?;
    if !view(&job).cancellable {
        return Err(Refusal::conflict("job_ended", "That work has ended already; there is nothing to cancel.").into());
    }
    stop(&mut tx, &job, now).await?;
    tell(&mut tx, &job, now).await?;
    let after = jobs::by_id(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("job"))?;
    tx.commit().await?;
    app.bell.ring(job.project);
    Ok(view(&after))
}

/// Tries a job again that failed or was cancelled.
///
/// # Errors
/// *Conflict* when it did neither, or what it is about is gone.
pub async fn retry(app: &App, cx: &Context) -> Result<View, AppError> {
    let (id, now) = (cx.job()?, cx.now());
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let job = jobs::by_id_locked(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("job"))?;
    if let Work::ProcessVersion { version } = Work::of(&job)?
        && matches!(job.state, State::Failed | State::Cancelled)
    {
        if !processing::set_processing(&mut tx, version).await? {
            return Err(Refusal::conflict("version_gone", "That version was deleted; upload the file again.").into());
        }
        tell_version(&mut tx, version, now).await?;
    }
    if !jobs::retry(&mut tx, id, now).await? {
        return Err(
            Refusal::conflict("job_going_on", "That work has not failed; there is nothing to try again.").into()
        );
    }
    tell(&mut tx, &job, now).await?;
    let after = jobs::by_id(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("job"))?;
    tx.commit().await?;
    app.bell.ring(job.project);
    Ok(view(&after))
}

/// Stops the processing of a version that is being deleted, in the caller's transaction.
///
/// # Errors
/// When the database is out of reach.
pub async fn stop_processing(tx: &mut Tx, version: VersionId, now: Timestamp) -> Result<(), AppError> {
    if let Some(job) = jobs::of_version(tx, version, Work::PROCESS_VERSION).await?
        && view(&job).cancellable
    {
        stop(tx, &job, now).await?;
        tell(tx, &job, now).await?;
    }
    Ok(())
}

/// A job as people see it.
pub fn view(job: &Job) -> View {
    View {
        id: job.id.uuid(),
        kind: job.kind.clone(),
        project_id: Some(job.project.uuid()),
        version_id: job.version.map(VersionId::uuid),
        subject: job.subject.clone(),
        state: match job.state {
            State::Queued => JobState::Queued,
            State::Running => JobState::Running,
            State::Done => JobState::Done,
            State::Failed => JobState::Failed,
            State::Cancelled => JobState::Cancelled,
        },
        progress: job.progress,
        phase: if job.cancel_requested && job.state == State::Running {
            "stopping".to_owned()
        } else {
            job.phase.clone()
        },
        attempts: job.attempts,
        error: job.error.clone(),
        cancellable: matches!(job.state, State::Queued | State::Running)
            && job.shown == Shown::Always
            && !job.cancel_requested,
        created_at: job.created_at,
        updated_at: job.updated_at,
    }
}

/// What goes on first, newest first, then what ended, last first.
fn in_order(mut jobs: Vec<Job>) -> Vec<View> {
    jobs.sort_by_key(|job| match job.state {
        State::Running => (0, Reverse(job.created_at)),
        State::Queued => (1, Reverse(job.created_at)),
        State::Done | State::Failed | State::Cancelled => (2, Reverse(job.updated_at)),
    });
    jobs.iter().map(view).collect()
}

/// Begins writing about a job, in the order every writer keeps: the project first.
pub(super) async fn begin(app: &App, job: &Job) -> Result<Tx, AppError> {
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, job.project).await?;
    Ok(tx)
}

/// Tells the project that the job has changed, if people follow it.
pub(super) async fn tell(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), AppError> {
    let Some(job) = jobs::by_id(tx, job.id).await? else { return Ok(()) };
    if job.shown == Shown::WhenFailed && job.state != State::Failed {
        return Ok(());
    }
    let payload = serde_json::json!({ "job": view(&job) });
    let event = NewEvent { kind: "job_changed", version: job.version, audience: Audience::Team, payload };
    events::append(tx, job.project, &event, now).await?;
    Ok(())
}

/// Tells the project that the version has changed.
pub(super) async fn tell_version(tx: &mut Tx, version: VersionId, now: Timestamp) -> Result<(), AppError> {
    let Some(place) = scope::version(tx, version).await? else { return Ok(()) };
    announce(tx, "version_changed", place.project, place.reviewable, version, now).await
}

/// What a cancelled job leaves of the thing it was about.
pub(super) async fn after_cancel(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), AppError> {
    give_up(tx, job, CANCELLED, now).await
}

/// What a job that was given up leaves of the thing it was about.
pub(super) async fn give_up(tx: &mut Tx, job: &Job, words: &str, now: Timestamp) -> Result<(), AppError> {
    match Work::of(job)? {
        Work::ProcessVersion { version } => {
            if processing::set_failed(tx, version, words).await? {
                tell_version(tx, version, now).await?;
            } else {
                // Deleted meanwhile: whatever was stored since must go too.
                super::enqueue(tx, job.project, &job.subject, &Work::DeleteFiles { version }, now).await?;
            }
        }
        Work::MakeStill { .. } | Work::DeleteFiles { .. } | Work::MakeSample { .. } => {}
    }
    Ok(())
}

async fn stop(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), AppError> {
    if jobs::cancel_queued(tx, job.id, now).await? {
        return after_cancel(tx, job, now).await;
    }
    Ok(jobs::request_cancel(tx, job.id, now).await?)
}
