//! Opening, making and removing files beneath a root, one segment at a time, never through a symbolic link.
//!
//! Every folder on the way is held open and the next name is looked up in it, so that nothing swapped in between
//! (a folder replaced by a link) can lead outside.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::Key;

/// Attempts to publish into a folder that another call removes because it has just become empty.
const ATTEMPTS: usize = 16;

/// What one name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A regular file.
    File {
        /// Its bytes.
        size: u64,
        /// When it last changed, in seconds since 1970.
        modified: i64,
    },
    /// A folder.
    Folder,
    /// A symbolic link, a device, a pipe: never ours.
    Foreign,
}

/// The root folder of a store.
#[derive(Debug)]
pub(super) struct Tree {
    path: PathBuf,
    root: OwnedFd,
}

impl Tree {
    /// Opens the root, making it when it is missing. The root itself may be reached through links: that is the
    /// administrator's choice.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        let root = rustix::fs::open(&path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { path, root })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn root(&self) -> &OwnedFd {
        &self.root
    }

    /// Opens an existing folder.
    pub(super) fn folder(&self, segments: &[&str]) -> io::Result<OwnedFd> {
        segments.iter().try_fold(self.root.try_clone()?, |folder, segment| open_folder(&folder, segment))
    }

    /// Opens a folder, making those that are missing, durably.
    pub(super) fn make_folder(&self, segments: &[&str]) -> io::Result<OwnedFd> {
        let mut folder = self.root.try_clone()?;
        for segment in segments {
            match rustix::fs::mkdirat(&folder, *segment, Mode::RWXU) {
                Ok(()) => rustix::fs::fsync(&folder)?,
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            folder = open_folder(&folder, segment)?;
        }
        Ok(folder)
    }

    /// What lies under a key, if anything.
    pub(super) fn entry(&self, key: &Key) -> io::Result<Option<Entry>> {
        let (folders, name) = key.split();
        match self.folder(&folders).and_then(|folder| entry(&folder, name)) {
            Ok(found) => Ok(found),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the file under a key for reading.
    pub(super) fn open_file(&self, key: &Key) -> io::Result<(File, u64)> {
        let (folders, name) = key.split();
        let file = open_file(&self.folder(&folders)?, name, OFlags::RDONLY)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }

    /// Moves a finished, synced file to its key in one step, replacing what was there, durably.
    pub(super) fn publish(&self, from: impl AsFd, name: &str, key: &Key) -> io::Result<()> {
        let (folders, leaf) = key.split();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let folder = self.make_folder(&folders);
            match folder.and_then(|folder| Ok(rustix::fs::renameat(&from, name, &folder, leaf).map(|()| folder)?)) {
                Ok(folder) => return Ok(rustix::fs::fsync(&folder)?),
                Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => {
                    // A deletion took the folder away: make it again. The file itself must still be there.
                    if entry(&from, name)?.is_none() {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Removes the file under a key and the folders this leaves empty; a missing file is no error.
    pub(super) fn remove(&self, key: &Key) -> io::Result<()> {
        let (folders, name) = key.split();
        match self.folder(&folders) {
            Ok(folder) => remove_file(&folder, name)?,
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.prune(&folders)
    }

    /// Removes folders from the innermost outwards for as long as they are empty.
    pub(super) fn prune(&self, folders: &[&str]) -> io::Result<()> {
        for depth in (1..=folders.len()).rev() {
            let parent = match self.folder(&folders[..depth - 1]) {
                Ok(parent) => parent,
                Err(error) if is_absent(&error) => continue,
                Err(error) => return Err(error),
            };
            match rustix::fs::unlinkat(&parent, folders[depth - 1], AtFlags::REMOVEDIR) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Opens a folder within a folder; a link in its place is `ELOOP`.
pub(super) fn open_folder(folder: impl AsFd, name: &str) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::openat(&folder, name, flags, Mode::empty()) {
        Ok(opened) => Ok(opened),
        // With O_DIRECTORY, Linux says "not a directory" of a link as well.
        Err(Errno::NOTDIR) if is_link(&folder, name) => Err(Errno::LOOP.into()),
        Err(error) => Err(error.into()),
    }
}

/// Opens a regular file within a folder; a link in its place is `ELOOP`, anything else is absent.
pub(super) fn open_file(folder: impl AsFd, name: &str, access: OFlags) -> io::Result<File> {
    // Without O_NONBLOCK, opening a pipe somebody left here would wait for ever.
    let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::openat(&folder, name, flags, Mode::RUSR | Mode::WUSR)?);
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(Errno::NOENT.into()),
    }
}

/// Makes a new file within a folder; it must not exist.
pub(super) fn create_file(folder: impl AsFd, name: &str) -> io::Result<File> {
    open_file(folder, name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
}

/// What a name in a folder stands for.
pub(super) fn entry(folder: impl AsFd, name: &str) -> io::Result<Option<Entry>> {
    let stat = match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {
            Entry::File { size: u64::try_from(stat.st_size).unwrap_or(0), modified: stat.st_mtime }
        }
        FileType::Directory => Entry::Folder,
        _ => Entry::Foreign,
    }))
}

/// The names in a folder.
pub(super) fn names(folder: impl AsFd) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for found in Dir::read_from(folder)? {
        // A name that is not UTF-8 is none of ours.
        if let Ok(name) = found?.file_name().to_str()
            && name != "."
            && name != ".."
        {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Removes a file (or a link, not what it points to), durably; a missing one is no error.
pub(super) fn remove_file(folder: impl AsFd, name: &str) -> io::Result<()> {
    match rustix::fs::unlinkat(&folder, name, AtFlags::empty()) {
        Ok(()) => Ok(rustix::fs::fsync(folder)?),
        Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Removes a folder and everything in it, following no link; a missing one is no error.
pub(super) fn remove_folder(parent: impl AsFd, name: &str) -> io::Result<()> {
    let folder = match open_folder(&parent, name) {
        Ok(folder) => folder,
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(error),
    };
    for inner in names(&folder)? {
        match entry(&folder, &inner)? {
            Some(Entry::Folder) => remove_folder(&folder, &inner)?,
            Some(Entry::File { .. } | Entry::Foreign) => match rustix::fs::unlinkat(&folder, &*inner, AtFlags::empty())
            {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(error) => return Err(error.into()),
            },
            None => {}
        }
    }
    rustix::fs::fsync(&folder)?;
    match rustix::fs::unlinkat(&parent, name, AtFlags::REMOVEDIR) {
        Ok(()) => Ok(rustix::fs::fsync(parent)?),
        Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether an error says that there is nothing of that name.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::NOENT | Errno::NOTDIR))
}

fn is_link(folder: impl AsFd, name: &str) -> bool {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}
