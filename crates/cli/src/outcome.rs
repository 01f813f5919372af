//! How a command ends.

use std::fmt;
use std::process::ExitCode;

use picturelock_app::AppError;
use picturelock_media::MediaError;

/// What a command gives.
pub type Outcome = Result<(), Stop>;

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Stop {
    /// The input is not accepted; another one may be.
    Refused(String),
    /// Something on the machine failed.
    Failed(String),
}

impl Stop {
    /// The input is not accepted.
    pub fn refused(why: impl fmt::Display) -> Self {
        Self::Refused(why.to_string())
    }

    /// Something on the machine failed.
    pub fn failed(why: impl fmt::Display) -> Self {
        Self::Failed(why.to_string())
    }

    /// 2 for refused input, 1 for a failure.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Refused(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(why) | Self::Failed(why)) = self;
        // One line, whatever a tool had to say.
        f.write_str(&why.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl From<MediaError> for Stop {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Refused(why) => Self::refused(why),
            other => Self::failed(other),
        }
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(why) => Self::refused(why),
            other => Self::failed(other),
        }
    }
}
