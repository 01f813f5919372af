//! What can go wrong in a use case.

use picturelock_db::DbError;
use picturelock_domain::Refusal;

/// A use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule said no; the words are for the person who asked.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Files could not be read or written.
    #[error(transparent)]
    Store(#[from] picturelock_store::Error),
    /// A media tool failed, through no fault of the file.
    #[error(transparent)]
    Media(#[from] picturelock_media::MediaError),
    /// Something on the machine failed.
    #[error("{0}")]
    Machine(String),
}

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::Machine(error.to_string())
    }
}
