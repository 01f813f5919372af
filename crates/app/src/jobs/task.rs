//! A job while a worker is at it: what its handler is given, and how it may end.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use picturelock_db::jobs::Job;
use picturelock_db::leases::{self, Lease, Standing};
use picturelock_db::{DbError, Tx};
use picturelock_media::{CancellationToken, MediaError};
use tokio::sync::watch;

use super::shelf::Shelf;
use crate::{App, AppError};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A job in the hands of its handler.
pub struct Task {
    /// The application.
    pub app: App,
    /// The job as it was claimed.
    pub job: Job,
    pub(super) lease: Lease,
    pub(super) clock: Clock,
    pub(super) folder: PathBuf,
    pub(super) stop: Stop,
    pub(super) report: watch::Sender<Report>,
    pub(super) shelf: Arc<Shelf>,
}

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The thing itself cannot be done, and trying again would not help; the words are for people.
    #[error("{0}")]
    Refused(String),
    /// The machine failed; worth another try.
    #[error(transparent)]
    Machine(AppError),
    /// Work was asked to stop.
    #[error("the work was stopped")]
    Stopped,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub per_mille: u32,
    pub phase: &'static str,
}

/// Who wants a running job to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// A person.
    Cancelled,
    /// Another worker, which has the job now.
    Lost,
    /// The operator, who ends this process.
    Leaving,
}

/// Stops a job, once, for the first reason given.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    token: CancellationToken,
    because: Arc<Mutex<Option<Because>>>,
}

impl Task {
    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// An empty folder for work in progress; it goes with the task.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Set when the work must stop.
    pub fn stop(&self) -> &CancellationToken {
        &self.stop.token
    }

    /// Says how far the work is: per mille done, and what is being done in a word or two.
    pub fn progress(&self, per_mille: u32, phase: &'static str) {
        self.report.send_replace(Report { per_mille: per_mille.min(1000), phase });
    }

    /// Waits for `work` unless the task must stop before.
    ///
    /// # Errors
    /// [`Fault::Stopped`], or the work's own.
    pub async fn unless_stopped<T, E: Into<Fault>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        tokio::select! {
            () = self.stop.token.cancelled() => Err(Fault::Stopped),
            result = work => result.map_err(Into::into),
        }
    }

    /// Makes sure, in a transaction that holds a part of the result, that the job is still this worker's.
    ///
    /// # Errors
    /// [`Fault::Stopped`] when another worker has it by now: then the transaction must not be committed.
    pub async fn still_held(&self, tx: &mut Tx) -> Result<(), Fault> {
        match leases::standing(tx, &self.lease).await? {
            Standing::Held | Standing::CancelRequested => Ok(()),
            Standing::Lost => {
                self.stop.now(Because::Lost);
                Err(Fault::Stopped)
            }
        }
    }

    /// Marks the job done in the transaction that holds its result.
    ///
    /// # Errors
    /// [`Fault::Stopped`] when another worker has it by now: then the transaction must not be committed.
    pub async fn finish(&self, tx: &mut Tx) -> Result<(), Fault> {
        if leases::finish(tx, &self.lease, self.now()).await? {
            return super::tray::tell(tx, &self.job, self.now()).await.map_err(Fault::from);
        }
        self.stop.now(Because::Lost);
        Err(Fault::Stopped)
    }
}

impl Stop {
    pub fn new(token: CancellationToken) -> Self {
        Self { token, because: Arc::default() }
    }

    pub fn now(&self, because: Because) {
        self.because.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(because);
        self.token.cancel();
    }

    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Why work was stopped; where nobody said, the whole process is leaving.
    pub fn because(&self) -> Because {
        self.because.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(Because::Leaving)
    }
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => Self::Refused(refusal.message),
            AppError::Media(error) => error.into(),
            AppError::Store(error) => error.into(),
            error @ (AppError::Db(_) | AppError::Machine(_)) => Self::Machine(error),
        }
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        Self::Machine(error.into())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Machine(error.into())
    }
}

impl From<MediaError> for Fault {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Cancelled => Self::Stopped,
            error if error.is_worth_retrying() => Self::Machine(error.into()),
            error => Self::Refused(error.user_message()),
        }
    }
}

impl From<picturelock_store::Error> for Fault {
    fn from(error: picturelock_store::Error) -> Self {
        use picturelock_store::Error;
        match error {
            Error::NotFound { .. } => {
                Self::Refused("The file is missing from the storage. Upload it again.".to_owned())
            }
            Error::Damaged { .. } => {
                Self::Refused("The stored file is damaged. Restore it from a backup, or upload it again.".to_owned())
            }
            error @ (Error::NoSpace { .. }
            | Error::OutOfRange { .. }
            | Error::Interrupted { .. }
            | Error::Busy { .. }
            | Error::Unreachable(_)
            | Error::Denied(_)
            | Error::Refused { .. }) => Self::Machine(error.into()),
        }
    }
}

impl Fault {
    /// What people are told of it.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Refused(words) => words.clone(),
            Self::Machine(AppError::Media(error)) => error.user_message(),
            Self::Machine(AppError::Store(error @ picturelock_store::Error::NoSpace { .. })) => error.to_string(),
            Self::Machine(_) => "A fault on the server, not of the file. Try again later.".to_owned(),
            Self::Stopped => "The work was stopped.".to_owned(),
        }
    }
}
