//! Uploads in parts on local disk.
//!
//! `.parts/<id>/key` names the blob to be, `data` holds the bytes, each part at its offset, and `00000`, `00001`, …
//! are the receipts of the parts that are safe. A receipt is emptied before its part is written anew and filled after
//! the bytes are synced, so a part broken on the way can never be taken for a whole one.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::Stream;
use rustix::fs::{FlockOperation, OFlags};
use uuid::Uuid;

use super::{Entry, Local, READ_WRITE, blocking, tree};
use crate::error::Cause;
use crate::parts::{Body, Part, PartTag, PartsId, in_order};
use crate::{Error, Key, Result};

/// Where uploads in progress live.
pub(super) const AREA: &str = ".parts";

const KEY: &str = "key";
const DATA: &str = "data";

/// Bytes gathered before they are handed to the disk.
const WRITE_SIZE: usize = 1024 * 1024;

/// The open files of one part being written. The locks go when the last user is gone, even a write whose request was
/// given up in the middle.
struct Writing {
    data: File,
    receipt: File,
    _upload: File,
}

impl Local {
    pub(crate) async fn begin_parts(&self, key: &Key) -> Result<PartsId> {
        self.run(key, |local, key| {
            let id = Uuid::now_v7().simple().to_string();
            let begin = || -> io::Result<()> {
                let folder = local.tree.make_folder(&[AREA, &id])?;
                tree::create_file(&folder, DATA)?.sync_all()?;
                let mut name = tree::create_file(&folder, KEY)?;
                name.write_all(key.as_str().as_bytes())?;
                name.sync_all()?;
                Ok(rustix::fs::fsync(&folder)?)
            };
            begin().map_err(|error| local.write_error(key, 0, error))?;
            Ok(PartsId(id))
        })
        .await
    }

    pub(crate) async fn write_part<S, E>(&self, key: &Key, id: &PartsId, part: Part, body: S) -> Result<PartTag>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send,
        E: Into<Cause>,
    {
        let upload = id.clone();
        let writing = self
            .run(key, move |local, key| {
                local.require(part.bytes)?;
                let begun = local.upload(key, &upload)?.ok_or_else(|| Error::not_found(key))?;
                begin_part(key, &begun, part.number)
            })
            .await?;
        let writing = Arc::new(writing);
        let mut body = Body::new(body, part.bytes);
        let mut gathered = BytesMut::with_capacity(WRITE_SIZE);
        let mut offset = part.offset;
        while let Some(piece) = body.next().await? {
            gathered.extend_from_slice(&piece);
            if gathered.len() >= WRITE_SIZE {
                let written = gathered.len() as u64;
                self.write_at(key, &writing, offset, gathered.split().freeze(), part.bytes).await?;
                offset += written;
            }
        }
        self.write_at(key, &writing, offset, gathered.freeze(), part.bytes).await?;
        let blake3 = body.blake3();
        let tag = PartTag { number: part.number, offset: part.offset, bytes: part.bytes, tag: blake3.clone(), blake3 };
        let receipt = receipt(&tag);
        self.run(key, move |local, key| {
            let finish = || -> io::Result<()> {
                writing.data.sync_data()?;
                writing.receipt.write_all_at(receipt.as_bytes(), 0)?;
                writing.receipt.sync_all()
            };
            finish().map_err(|error| local.write_error(key, part.bytes, error))
        })
        .await?;
        Ok(tag)
    }

    pub(crate) async fn complete_parts(&self, key: &Key, id: &PartsId, tags: &[PartTag]) -> Result<u64> {
        let (id, tags) = (id.clone(), tags.to_vec());
        self.run(key, move |local, key| {
            let (tags, total) = in_order(&tags)?;
            let begun = match local.upload(key, &id)? {
                Some(begun) => begun,
                None => return local.already_complete(key, total),
            };
            lock(&begun.lock, FlockOperation::NonBlockingLockExclusive).map_err(|error| Error::from_io(key, error))?;
            match tree::entry(&begun.folder, DATA).map_err(|error| Error::from_io(key, error))? {
                // Moved to its key before a crash kept us from clearing up.
                None => {
                    local.already_complete(key, total)?;
                }
                Some(Entry::File { size, .. }) => {
                    for tag in &tags {
                        check_receipt(key, &begun.folder, tag)?;
                    }
                    if size < total {
                        return Err(Error::damaged(key, format!("{size} bytes on disk of {total} acknowledged")));
                    }
                    local.publish_upload(key, &begun.folder, total)?;
                }
                Some(Entry::Folder | Entry::Foreign) => {
                    return Err(Error::refused("what was uploaded was replaced by a link or a folder"));
                }
            }
            local.remove_upload(&id).map_err(|error| Error::from_io(key, error))?;
            Ok(total)
        })
        .await
    }

    pub(crate) async fn abort_parts(&self, key: &Key, id: &PartsId) -> Result<()> {
        let id = id.clone();
        self.run(key, move |local, key| {
            if local.upload(key, &id)?.is_some() {
                local.remove_upload(&id).map_err(|error| Error::from_io(key, error))?;
            }
            Ok(())
        })
        .await
    }

    /// Opens an upload and checks that it is for this key; `None` when there is no such upload (any more).
    fn upload(&self, key: &Key, id: &PartsId) -> Result<Option<Begun>> {
        let folder = match self.tree.folder(&[AREA, upload_folder(id)?]) {
            Ok(folder) => folder,
            Err(error) if tree::is_absent(&error) => return Ok(None),
            Err(error) => return Err(Error::from_io(key, error)),
        };
        let lock = match tree::open_file(&folder, KEY, READ_WRITE) {
            Ok(file) => file,
            Err(error) if tree::is_absent(&error) => return Ok(None),
            Err(error) => return Err(Error::from_io(key, error)),
        };
        let mut text = String::new();
        let read = (&lock).take(Key::MAX as u64 + 1).read_to_string(&mut text);
        read.map_err(|error| Error::from_io(key, error))?;
        match text == key.as_str() {
            true => Ok(Some(Begun { folder, lock })),
            false => Err(Error::refused(format!("this upload is not for {key}"))),
        }
    }

    fn publish_upload(&self, key: &Key, folder: &OwnedFd, total: u64) -> Result<()> {
        let publish = || -> io::Result<()> {
            let data = tree::open_file(folder, DATA, READ_WRITE)?;
            // An earlier, longer attempt at the last part may have left bytes behind the end.
            data.set_len(total)?;
            data.sync_all()?;
            self.tree.publish(folder, DATA, key)
        };
        publish().map_err(|error| self.write_error(key, 0, error))
    }

    fn already_complete(&self, key: &Key, total: u64) -> Result<u64> {
        match self.size_now(key)? {
            Some(size) if size == total => Ok(total),
            Some(_) | None => Err(Error::not_found(key)),
        }
    }

    fn remove_upload(&self, id: &PartsId) -> io::Result<()> {
        tree::remove_folder(self.tree.folder(&[AREA])?, &id.0)
    }

    async fn write_at(&self, key: &Key, to: &Arc<Writing>, offset: u64, piece: Bytes, needed: u64) -> Result<()> {
        let to = Arc::clone(to);
        let written = blocking(move || Ok(to.data.write_all_at(&piece, offset))).await?;
        written.map_err(|error| self.write_error(key, needed, error))
    }
}

/// An upload in progress, found on disk.
struct Begun {
    folder: OwnedFd,
    lock: File,
}

/// Takes the locks of one part and voids its earlier receipt.
fn begin_part(key: &Key, begun: &Begun, number: u32) -> Result<Writing> {
    let begin = || -> io::Result<Writing> {
        let upload = begun.lock.try_clone()?;
        lock(&upload, FlockOperation::NonBlockingLockShared)?;
        let data = tree::open_file(&begun.folder, DATA, READ_WRITE)?;
        let receipt = tree::open_file(&begun.folder, &receipt_name(number), READ_WRITE | OFlags::CREATE)?;
        lock(&receipt, FlockOperation::NonBlockingLockExclusive)?;
        receipt.set_len(0)?;
        receipt.sync_all()?;
        rustix::fs::fsync(&begun.folder)?;
        Ok(Writing { data, receipt, _upload: upload })
    };
    begin().map_err(|error| Error::from_io(key, error))
}

fn check_receipt(key: &Key, folder: &OwnedFd, tag: &PartTag) -> Result<()> {
    let missing = || Error::refused(format!("part {} of {key} is not in the store as acknowledged", tag.number));
    let mut found = String::new();
    let read = tree::open_file(folder, &receipt_name(tag.number), OFlags::RDONLY)
        .and_then(|file| file.take(256).read_to_string(&mut found));
    match read {
        Ok(_) if found == receipt(tag) && tag.tag == tag.blake3 => Ok(()),
        Ok(_) => Err(missing()),
        Err(error) if tree::is_absent(&error) => Err(missing()),
        Err(error) => Err(Error::from_io(key, error)),
    }
}

fn receipt_name(number: u32) -> String {
    format!("{number:05}")
}

fn receipt(tag: &PartTag) -> String {
    format!("{} {} {}\n", tag.offset, tag.bytes, tag.blake3)
}

fn lock(file: &File, operation: FlockOperation) -> io::Result<()> {
    Ok(rustix::fs::flock(file, operation)?)
}

/// The folder of an upload; its name comes back from the caller, so it is checked.
fn upload_folder(id: &PartsId) -> Result<&str> {
    match id.0.len() == 32 && id.0.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(&id.0),
        false => Err(Error::refused("not the name of an upload")),
    }
}
