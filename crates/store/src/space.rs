//! Room on a disk.

use std::os::fd::AsFd;
use std::path::Path;

use serde::Serialize;

use crate::{Error, Result};

/// Bytes that stay free by default: enough for a database and a system on the same disk to go on working.
pub const DEFAULT_RESERVE: u64 = 1024 * 1024 * 1024;

/// Room on the disk of a local store, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Space {
    /// What this process may still use.
    pub free: u64,
    /// What the disk holds in all.
    pub total: u64,
}

impl Space {
    /// Refuses what would leave less than `reserve` bytes free.
    ///
    /// # Errors
    /// [`Error::NoSpace`] with the figures.
    pub fn require(&self, needed: u64, reserve: u64) -> Result<()> {
        match needed.checked_add(reserve) {
            Some(sum) if sum <= self.free => Ok(()),
            Some(_) | None => Err(Error::NoSpace { needed, free: self.free, reserve }),
        }
    }
}

/// Room on the disk an open file or folder lies on.
pub(crate) fn of(file: impl AsFd) -> Result<Space> {
    let stat = rustix::fs::fstatvfs(file).map_err(|error| Error::from_disk(error.into()))?;
    Ok(Space { free: stat.f_bavail.saturating_mul(stat.f_frsize), total: stat.f_blocks.saturating_mul(stat.f_frsize) })
}

/// Room on the disk a folder lies on.
pub(crate) fn of_folder(folder: &Path) -> Result<Space> {
    of(std::fs::File::open(folder).map_err(Error::from_disk)?)
}
