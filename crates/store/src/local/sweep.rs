//! Clearing up what interrupted work left behind.

use std::io;
use std::os::fd::AsFd;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Entry, Local, TEMPORARY, blocking, parts, tree};
use crate::{Error, Result, Swept};

impl Local {
    pub(crate) async fn sweep(&self, older_than: SystemTime) -> Result<Swept> {
        let local = self.clone();
        blocking(move || {
            let limit = older_than.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut swept = Swept::default();
            for area in [TEMPORARY, parts::AREA] {
                local.sweep_area(area, limit, &mut swept).map_err(Error::from_disk)?;
            }
            Ok(swept)
        })
        .await
    }

    fn sweep_area(&self, area: &str, limit: i64, swept: &mut Swept) -> io::Result<()> {
        let area = self.tree.make_folder(&[area])?;
        for name in tree::names(&area)? {
            let (bytes, newest) = weigh(&area, &name)?;
            if newest >= limit {
                continue;
            }
            match tree::entry(&area, &name)? {
                Some(Entry::Folder) => tree::remove_folder(&area, &name)?,
                Some(Entry::File { .. } | Entry::Foreign) => tree::remove_file(&area, &name)?,
                None => continue,
            }
            swept.removed += 1;
            swept.bytes += bytes;
        }
        Ok(())
    }
}

/// The bytes of a file or of all in a folder, and when the newest of them changed, in seconds since 1970.
fn weigh(folder: impl AsFd, name: &str) -> io::Result<(u64, i64)> {
    match tree::entry(&folder, name)? {
        Some(Entry::File { size, modified }) => Ok((size, modified)),
        Some(Entry::Folder) => {
            let folder = match tree::open_folder(&folder, name) {
                Ok(folder) => folder,
                Err(error) if tree::is_absent(&error) => return Ok((0, i64::MAX)),
                Err(error) => return Err(error),
            };
            // A folder just made has no files yet: its own time counts as well.
            let made = rustix::fs::fstat(&folder)?.st_mtime;
            let mut sum = (0, made);
            for inner in tree::names(&folder)? {
                let (bytes, modified) = weigh(&folder, &inner)?;
                sum = (sum.0 + bytes, sum.1.max(modified));
            }
            Ok(sum)
        }
        Some(Entry::Foreign) => Ok((0, i64::MIN)),
        None => Ok((0, i64::MAX)),
    }
}
