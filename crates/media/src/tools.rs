//! The media tools of this system.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::MediaError;
use crate::sandbox::{self, Sandbox};

/// ffmpeg and ffprobe, and how they can be confined.
#[derive(Clone, Debug)]
pub struct Tools {
    ffmpeg: PathBuf,
    ffprobe: PathBuf,
    setpriv: Option<PathBuf>,
    version: String,
    sandbox: Sandbox,
}

impl Tools {
    /// Finds ffmpeg and ffprobe on the search path and tries the sandbox once.
    ///
    /// # Errors
    /// When one of them is missing or does not say its version.
    pub fn find() -> Result<Self, MediaError> {
        let ffmpeg = find("ffmpeg").ok_or_else(|| missing("ffmpeg"))?;
        let ffprobe = find("ffprobe").ok_or_else(|| missing("ffprobe"))?;
        let version = version_of(&ffmpeg)?;
        Ok(Self { ffmpeg, ffprobe, setpriv: find("setpriv"), version, sandbox: sandbox::available() })
    }

    /// The version ffmpeg reports, such as "5.1.9-0+deb12u1".
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How well runs are confined.
    pub const fn sandbox(&self) -> Sandbox {
        self.sandbox
    }

    pub(crate) fn ffmpeg(&self) -> &Path {
        &self.ffmpeg
    }

    pub(crate) fn ffprobe(&self) -> &Path {
        &self.ffprobe
    }

    /// util-linux's `setpriv`, which ties the life of a tool to ours.
    pub(crate) fn setpriv(&self) -> Option<&Path> {
        self.setpriv.as_deref()
    }
}

fn missing(name: &str) -> MediaError {
    MediaError::Tools(format!("{name} is not installed"))
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

fn version_of(ffmpeg: &Path) -> Result<String, MediaError> {
    let output = Command::new(ffmpeg).arg("-version").env_clear().output();
    let output = output.map_err(|error| MediaError::Tools(format!("ffmpeg does not start: {error}")))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.strip_prefix("ffmpeg version ").and_then(|rest| rest.split_whitespace().next());
    version.map(str::to_owned).ok_or_else(|| MediaError::Tools("ffmpeg does not say its version".to_owned()))
}
