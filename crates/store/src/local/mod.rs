//! Blobs as plain files beneath one root folder.

mod parts;
mod sweep;
mod tree;

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use rustix::fs::OFlags;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use crate::{ByteStream, Error, Key, Result, Space, space};
use tree::{Entry, Tree};

/// Where files are written before they get their key.
const TEMPORARY: &str = ".tmp";

/// Bytes read from disk at a time.
const READ_SIZE: usize = 256 * 1024;

/// A store on a disk of this machine.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    tree: Arc<Tree>,
    reserve: u64,
}

impl Local {
    pub(crate) fn open(root: &Path, reserve: u64) -> Result<Self> {
        let make = || -> io::Result<Tree> {
            let tree = Tree::open(root)?;
            tree.make_folder(&[TEMPORARY])?;
            tree.make_folder(&[parts::AREA])?;
            Ok(tree)
        };
        Ok(Self { tree: Arc::new(make().map_err(Error::from_disk)?), reserve })
    }

    pub(crate) fn path(&self, key: &Key) -> PathBuf {
        self.tree.path().join(key.as_str())
    }

    pub(crate) fn root(&self) -> &Path {
        self.tree.path()
    }

    pub(crate) fn space(&self) -> Result<Space> {
        space::of(self.tree.root())
    }

    pub(crate) fn require(&self, needed: u64) -> Result<()> {
        self.space()?.require(needed, self.reserve)
    }

    pub(crate) async fn put_file(&self, key: &Key, path: &Path) -> Result<u64> {
        let path = path.to_owned();
        self.run(key, move |local, key| {
            let source = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
            let (metadata, source) =
                source.map_err(|error| Error::refused(format!("{} cannot be read: {error}", path.display())))?;
            if !metadata.is_file() {
                return Err(Error::refused(format!("{} is not a file", path.display())));
            }
            let bytes = metadata.len();
            local.put(key, bytes, |file| {
                let copied = io::copy(&mut source.take(bytes), file)?;
                match copied == bytes {
                    true => Ok(()),
                    false => Err(io::Error::other("the file became shorter while it was copied")),
                }
            })?;
            Ok(bytes)
        })
        .await
    }

    pub(crate) async fn put_bytes(&self, key: &Key, content: Bytes) -> Result<()> {
        self.run(key, move |local, key| local.put(key, content.len() as u64, |file| file.write_all(&content))).await
    }

    pub(crate) async fn size(&self, key: &Key) -> Result<Option<u64>> {
        self.run(key, |local, key| local.size_now(key)).await
    }

    pub(crate) async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        let (file, size) =
            self.run(key, |local, key| local.tree.open_file(key).map_err(|error| Error::from_io(key, error))).await?;
        crate::check_range(key, &range, size)?;
        let mut file = tokio::fs::File::from_std(file);
        file.seek(io::SeekFrom::Start(range.start)).await.map_err(|error| Error::from_io(key, error))?;
        let key = key.clone();
        let stream = ReaderStream::with_capacity(file.take(range.end - range.start), READ_SIZE);
        Ok(stream.map(move |piece| piece.map_err(|error| Error::from_io(&key, error))).boxed())
    }

    pub(crate) async fn delete(&self, key: &Key) -> Result<()> {
        self.run(key, |local, key| match local.tree.entry(key).map_err(|error| Error::from_io(key, error))? {
            None | Some(Entry::Folder) => Ok(()),
            Some(Entry::File { .. } | Entry::Foreign) => {
                local.tree.remove(key).map_err(|error| Error::from_io(key, error))
            }
        })
        .await
    }

    pub(crate) async fn delete_prefix(&self, prefix: &Key) -> Result<()> {
        self.run(prefix, |local, prefix| {
            let (folders, name) = prefix.split();
            let remove = || -> io::Result<()> {
                tree::remove_folder(local.tree.folder(&folders)?, name)?;
                local.tree.prune(&folders)
            };
            match remove() {
                Err(error) if !tree::is_absent(&error) => Err(Error::from_io(prefix, error)),
                Ok(()) | Err(_) => Ok(()),
            }
        })
        .await
    }

    pub(crate) async fn list(&self, prefix: Option<&Key>) -> Result<Vec<(Key, u64)>> {
        let local = self.clone();
        let prefix = prefix.cloned();
        blocking(move || {
            let mut found = Vec::new();
            let segments = prefix.as_ref().map(Key::segments).unwrap_or_default();
            let listed = local
                .tree
                .folder(&segments)
                .and_then(|folder| collect(&folder, prefix.as_ref().map_or("", Key::as_str), &mut found));
            match (listed, &prefix) {
                (Err(error), _) if tree::is_absent(&error) => {}
                (Err(error), Some(prefix)) => return Err(Error::from_io(prefix, error)),
                (Err(error), None) => return Err(Error::from_disk(error)),
                (Ok(()), _) => {}
            }
            found.sort();
            Ok(found)
        })
        .await
    }

    pub(crate) async fn promote(&self, from: &Key, to: &Key) -> Result<u64> {
        let to = to.clone();
        self.run(from, move |local, from| {
            let (source, target) = (local.size_now(from)?, local.size_now(&to)?);
            let size = crate::may_promote(from, source, &to, target)?;
            if target.is_none() {
                let (folders, name) = from.split();
                match local.tree.folder(&folders).and_then(|folder| local.tree.publish(folder, name, &to)) {
                    Ok(()) => local.tree.prune(&folders).map_err(|error| Error::from_io(from, error))?,
                    // Another call moved it since we looked.
                    Err(error) if tree::is_absent(&error) && local.size_now(from)?.is_none() => {
                        return crate::may_promote(from, None, &to, local.size_now(&to)?);
                    }
                    Err(error) => return Err(local.write_error(&to, 0, error)),
                }
            } else {
                local.tree.remove(from).map_err(|error| Error::from_io(from, error))?;
            }
            Ok(size)
        })
        .await
    }

    fn size_now(&self, key: &Key) -> Result<Option<u64>> {
        match self.tree.entry(key).map_err(|error| Error::from_io(key, error))? {
            Some(Entry::File { size, .. }) => Ok(Some(size)),
            Some(Entry::Foreign) => Err(Error::refused(format!("{key} is a link or a device, not a file"))),
            Some(Entry::Folder) | None => Ok(None),
        }
    }

    /// Writes a new file in the temporary area and moves it to its key once it is whole and synced.
    fn put(&self, key: &Key, bytes: u64, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<()> {
        self.require(bytes)?;
        let put = || -> io::Result<()> {
            let area = self.tree.make_folder(&[TEMPORARY])?;
            let name = Uuid::now_v7().simple().to_string();
            let written = tree::create_file(&area, &name)
                .and_then(|mut file| {
                    write(&mut file)?;
                    file.sync_all()
                })
                .and_then(|()| self.tree.publish(&area, &name, key));
            if written.is_err() {
                tree::remove_file(&area, &name)?;
            }
            written
        };
        put().map_err(|error| self.write_error(key, bytes, error))
    }

    fn write_error(&self, key: &Key, needed: u64, error: io::Error) -> Error {
        if crate::error::is_full(&error) {
            return match self.space() {
                Ok(space) => Error::NoSpace { needed, free: space.free, reserve: self.reserve },
                Err(error) => error,
            };
        }
        match tree::is_absent(&error) {
            true => Error::refused(format!("another blob stands in the way of {key}")),
            false => Error::from_io(key, error),
        }
    }

    /// Runs file work on a thread that may wait.
    async fn run<T: Send + 'static>(
        &self,
        key: &Key,
        work: impl FnOnce(&Self, &Key) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (local, key) = (self.clone(), key.clone());
        blocking(move || work(&local, &key)).await
    }
}

/// Collects the blobs beneath a folder. What is no blob of ours (links, strange names) is passed over.
fn collect(folder: &impl std::os::fd::AsFd, at: &str, found: &mut Vec<(Key, u64)>) -> io::Result<()> {
    for name in tree::names(folder)? {
        let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
        let Ok(key) = Key::new(&path) else { continue };
        match tree::entry(folder, &name)? {
            Some(Entry::File { size, .. }) => found.push((key, size)),
            Some(Entry::Folder) => match tree::open_folder(folder, &name) {
                Ok(inner) => collect(&inner, &path, found)?,
                Err(error) if tree::is_absent(&error) => {}
                Err(error) => return Err(error),
            },
            Some(Entry::Foreign) => tracing::warn!(path, "not a file, passed over"),
            None => {}
        }
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => Err(Error::Unreachable(stopped.into())),
    }
}

/// Opens for reading and writing.
const READ_WRITE: OFlags = OFlags::RDWR;
