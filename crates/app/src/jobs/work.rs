//! What work there is.

use jiff::{SignedDuration, Timestamp};
use picturelock_db::jobs::{Class, NewJob, Shown};
use picturelock_db::{Tx, jobs};
use picturelock_domain::id::{CommentId, JobId, ProjectId, ReviewableId, UserId, VersionId};
use serde::{Deserialize, Serialize};

use crate::AppError;
use crate::access::id_at;

/// A piece of background work. Doing it twice is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Check a version's file and make what the player needs.
    ProcessVersion {
        /// The version.
        version: VersionId,
    },
    /// Keep a picture of the frame a comment is about.
    MakeStill {
        /// The comment.
        comment: CommentId,
        /// Its version.
        version: VersionId,
    },
    /// Remove a deleted version's files, save those that another version shares.
    DeleteFiles {
        /// The version.
        version: VersionId,
    },
    /// Film a sample and add it to its project, with notes.
    MakeSample {
        /// What it is added to.
        reviewable: ReviewableId,
        /// Who it is for.
        owner: UserId,
    },
}

impl Work {
    /// The word for the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ProcessVersion { .. } => Self::PROCESS_VERSION,
            Self::MakeStill { .. } => "make_still",
            Self::DeleteFiles { .. } => "delete_files",
            Self::MakeSample { .. } => "make_sample",
        }
    }

    /// The word for [`Work::ProcessVersion`], for looking up a version's job.
    pub const PROCESS_VERSION: &'static str = "process_version";

    /// What the job was asked to do.
    ///
    /// # Errors
    /// When another version of the program asked for it.
    pub fn of(job: &jobs::Job) -> Result<Self, AppError> {
        serde_json::from_str(&job.payload)
            .map_err(|error| AppError::Machine(format!("a job that is not known here: {error}")))
    }

    /// The version it is about.
    pub const fn version(&self) -> Option<VersionId> {
        match *self {
            Self::ProcessVersion { version } | Self::MakeStill { version, .. } | Self::DeleteFiles { version } => {
                Some(version)
            }
            Self::MakeSample { .. } => None,
        }
    }

    const fn class(&self) -> Class {
        match self {
            Self::ProcessVersion { .. } | Self::MakeSample { .. } => Class::Media,
            Self::MakeStill { .. } | Self::DeleteFiles { .. } => Class::Light,
        }
    }

    const fn shown(&self) -> Shown {
        match self {
            Self::ProcessVersion { .. } | Self::MakeSample { .. } => Shown::Always,
            Self::MakeStill { .. } | Self::DeleteFiles { .. } => Shown::WhenFailed,
        }
    }

    /// Stills before deletions: somebody is waiting for them.
    const fn priority(&self) -> i64 {
        match self {
            Self::MakeStill { .. } | Self::MakeSample { .. } => 10,
            Self::ProcessVersion { .. } | Self::DeleteFiles { .. } => 0,
        }
    }

    fn unique_key(&self) -> String {
        match self {
            Self::ProcessVersion { version } | Self::DeleteFiles { version } => format!("{}:{version}", self.kind()),
            Self::MakeStill { comment, .. } => format!("make_still:{comment}"),
            Self::MakeSample { reviewable, .. } => format!("make_sample:{reviewable}"),
        }
    }
}

/// Asks for `work` in the caller's transaction; `subject` says for people what it is about, such as a file's name.
/// After the commit, [`Bell::ring`](crate::Bell::ring) for the project wakes the workers too.
///
/// # Errors
/// When the database is out of reach.
pub async fn enqueue(
    tx: &mut Tx,
    project: ProjectId,
    subject: &str,
    work: &Work,
    now: Timestamp,
) -> Result<JobId, AppError> {
    enqueue_at(tx, project, subject, work, now, SignedDuration::ZERO).await
}

/// As [`enqueue`], to begin after `delay`.
///
/// # Errors
/// When the database is out of reach.
pub async fn enqueue_at(
    tx: &mut Tx,
    project: ProjectId,
    subject: &str,
    work: &Work,
    now: Timestamp,
    delay: SignedDuration,
) -> Result<JobId, AppError> {
    let payload = serde_json::to_string(work).map_err(|error| AppError::Machine(error.to_string()))?;
    let id = JobId::from_uuid(id_at(now));
    let job = NewJob {
        id,
        kind: work.kind(),
        project,
        version: work.version(),
        subject,
        payload: &payload,
        class: work.class(),
        priority: work.priority(),
        shown: work.shown(),
        unique_key: &work.unique_key(),
        run_after: now + delay,
        at: now,
    };
    Ok(jobs::enqueue(tx, &job).await?)
}
