//! The one type for both kinds of store.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use tokio::io::AsyncWriteExt;
use url::Url;
use uuid::Uuid;

use crate::error::Cause;
use crate::local::Local;
use crate::parts::{self, Part, PartTag, PartsId};
use crate::s3::{Credentials, S3};
use crate::space::{self, DEFAULT_RESERVE, Space};
use crate::{Error, Hashed, Key, Result, hash_stream};

/// The bytes of a blob as they come from the store.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// What [`Store::open_with`] may be told beyond the address.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes to keep free on every disk written to; [`DEFAULT_RESERVE`] by default.
    pub reserve: u64,
    /// Credentials for S3; by default those of the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, …).
    pub credentials: Option<Credentials>,
}

impl Default for Options {
    fn default() -> Self {
        Self { reserve: DEFAULT_RESERVE, credentials: None }
    }
}

/// What [`Store::sweep`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files never finished and uploads never completed.
    pub removed: u64,
    /// The bytes they held.
    pub bytes: u64,
}

/// Blobs by key. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Store {
    kind: Kind,
    reserve: u64,
}

#[derive(Clone, Debug)]
enum Kind {
    Local(Local),
    S3(Box<S3>),
}

impl Store {
    /// Opens a store: a folder (`/srv/picturelock/files`, `file:///srv/…`; made when missing) or a bucket
    /// (`s3://bucket/prefix?endpoint=https://…&region=…&path_style=true`, credentials from the environment).
    ///
    /// Nothing is sent to a server yet: [`Store::probe`] does that. Blocks briefly on a local disk.
    ///
    /// # Errors
    /// [`Error::Refused`] for an address it does not understand, [`Error::Denied`] or [`Error::Unreachable`] when the
    /// folder cannot be made or opened.
    pub fn open(address: &str) -> Result<Self> {
        Self::open_with(address, Options::default())
    }

    /// As [`Store::open`], with options.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(address: &str, options: Options) -> Result<Self> {
        let kind = match address.split_once("://") {
            None => Kind::Local(Local::open(Path::new(address), options.reserve)?),
            Some(("file", _)) => Kind::Local(Local::open(&file_path(address)?, options.reserve)?),
            Some(("s3", _)) => {
                install_tls();
                Kind::S3(Box::new(S3::open(address, options.credentials.as_ref())?))
            }
            Some((other, _)) => {
                return Err(Error::refused(format!("storage is a folder, file:// or s3://, not {other:.20}://")));
            }
        };
        Ok(Self { kind, reserve: options.reserve })
    }

    /// Stores a copy of a file under `key`, replacing what was there; returns its bytes. May be repeated.
    ///
    /// # Errors
    /// [`Error::Refused`] when the file cannot be read or changes meanwhile, [`Error::NoSpace`], or that the store
    /// fails. After an error `key` is as it was.
    pub async fn put_file(&self, key: &Key, path: &Path) -> Result<u64> {
        match &self.kind {
            Kind::Local(local) => local.put_file(key, path).await,
            Kind::S3(s3) => s3.put_file(key, path).await,
        }
    }

    /// Stores bytes held in memory under `key`, replacing what was there. May be repeated.
    ///
    /// # Errors
    /// As [`Store::put_file`].
    pub async fn put_bytes(&self, key: &Key, content: Bytes) -> Result<()> {
        match &self.kind {
            Kind::Local(local) => local.put_bytes(key, content).await,
            Kind::S3(s3) => s3.put_bytes(key, content).await,
        }
    }

    /// The bytes of a blob; `None` when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>> {
        match &self.kind {
            Kind::Local(local) => local.size(key).await,
            Kind::S3(s3) => s3.size(key).await,
        }
    }

    /// Streams the bytes `range` of a blob, counted from 0, the end not included. An empty range within the blob is an
    /// empty stream. The stream gives exactly the bytes asked for or ends with an error.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::OutOfRange`] with the size; or that the store fails.
    pub async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        let expected = range.end.saturating_sub(range.start);
        let stream = match &self.kind {
            Kind::Local(local) => local.read(key, range).await,
            Kind::S3(s3) => s3.read(key, range).await,
        }?;
        Ok(exactly(stream, expected, key.clone()))
    }

    /// Reads a whole small blob into memory.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it has more than `limit` bytes; or that the store fails.
    pub async fn read_bytes(&self, key: &Key, limit: u64) -> Result<Bytes> {
        let size = self.existing_size(key).await?;
        if size > limit {
            return Err(Error::refused(format!("{key} has {size} bytes, more than the {limit} expected")));
        }
        let mut content = Vec::new();
        let mut stream = self.read(key, 0..size).await?;
        while let Some(piece) = stream.next().await {
            content.extend_from_slice(&piece?);
        }
        Ok(content.into())
    }

    /// Copies a blob to a file of this machine, replacing it in one step; returns its bytes. May be repeated.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NoSpace`]; [`Error::Refused`] when the file cannot be written; or that the store
    /// fails. After an error `to` is as it was.
    pub async fn fetch(&self, key: &Key, to: &Path) -> Result<u64> {
        let unwritable = |error: std::io::Error| Error::refused(format!("{} cannot be written: {error}", to.display()));
        let size = self.existing_size(key).await?;
        let folder = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            Some(_) | None => Path::new("."),
        };
        space::of_folder(folder)?.require(size, self.reserve)?;
        let (file, path) = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        let mut stream = self.read(key, 0..size).await?;
        while let Some(piece) = stream.next().await {
            file.write_all(&piece?).await.map_err(unwritable)?;
        }
        file.flush().await.map_err(unwritable)?;
        path.persist(to).map_err(|error| unwritable(error.error))?;
        Ok(size)
    }

    /// The file a blob lies in, for a worker that reads in place; `None` on S3. It need not exist, and must not be
    /// written to.
    pub fn local_path(&self, key: &Key) -> Option<PathBuf> {
        match &self.kind {
            Kind::Local(local) => Some(local.path(key)),
            Kind::S3(_) => None,
        }
    }

    /// Removes a blob. One that is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete(&self, key: &Key) -> Result<()> {
        match &self.kind {
            Kind::Local(local) => local.delete(key).await,
            Kind::S3(s3) => s3.delete(key).await,
        }
    }

    /// Removes every blob whose key lies beneath `prefix` (`a/b` means `a/b/…`, not `a/bc` nor `a/b` itself). May be
    /// repeated; after an error some may be gone.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_prefix(&self, prefix: &Key) -> Result<()> {
        match &self.kind {
            Kind::Local(local) => local.delete_prefix(prefix).await,
            Kind::S3(s3) => s3.delete_prefix(prefix).await,
        }
    }

    /// Every blob beneath `prefix`, or every blob, with its bytes, ordered by key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, prefix: Option<&Key>) -> Result<Vec<(Key, u64)>> {
        match &self.kind {
            Kind::Local(local) => local.list(prefix).await,
            Kind::S3(s3) => s3.list(prefix).await,
        }
    }

    /// Moves a finished blob to the key its content gives it; returns its bytes.
    ///
    /// When `to` exists with the same size, only `from` is removed; when `from` is gone and `to` exists, an earlier
    /// call did the work. So it may be repeated.
    ///
    /// # Errors
    /// [`Error::NotFound`] when neither exists; [`Error::Damaged`] when `to` exists with another size: nothing is
    /// changed then; or that the store fails.
    pub async fn promote(&self, from: &Key, to: &Key) -> Result<u64> {
        match &self.kind {
            Kind::Local(local) => local.promote(from, to).await,
            Kind::S3(s3) => s3.promote(from, to).await,
        }
    }

    /// Room on the disk; `None` on S3.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when the disk does not say.
    pub fn space(&self) -> Result<Option<Space>> {
        match &self.kind {
            Kind::Local(local) => local.space().map(Some),
            Kind::S3(_) => Ok(None),
        }
    }

    /// Asks whether `bytes` more will fit, so that a large upload can be refused before it begins. Nothing is set
    /// aside: every write asks again.
    ///
    /// # Errors
    /// [`Error::NoSpace`] with the figures.
    pub fn require_space(&self, bytes: u64) -> Result<()> {
        match &self.kind {
            Kind::Local(local) => local.require(bytes),
            Kind::S3(_) => Ok(()),
        }
    }

    /// Begins an upload in parts. Keep the id: it outlives this process. Each call begins another upload.
    ///
    /// Give each upload a key of its own (`uploads/<id>`) and [`Store::promote`] it once its content is known.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn begin_parts(&self, key: &Key) -> Result<PartsId> {
        match &self.kind {
            Kind::Local(local) => local.begin_parts(key).await,
            Kind::S3(s3) => s3.begin_parts(key).await,
        }
    }

    /// Writes one part; when it returns, the part is safe. Parts may come in any order and at the same time.
    ///
    /// The body must have exactly `part.bytes` bytes and is read to its end; if it fails, even after its last byte,
    /// nothing is acknowledged and the same part can be sent again. Writing a part again makes its earlier tag void:
    /// forget that one first. Parts must not overlap. On S3 all but the last have at least [`MIN_PART_SIZE`](crate::MIN_PART_SIZE).
    ///
    /// # Errors
    /// [`Error::Interrupted`]: send the part again; [`Error::Busy`]: another request writes this part;
    /// [`Error::NotFound`]: no such upload; [`Error::NoSpace`]; [`Error::Refused`]: a body too long, or an upload for
    /// another key; or that the store fails.
    pub async fn write_part<S, E>(&self, key: &Key, id: &PartsId, part: Part, body: S) -> Result<PartTag>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send,
        E: Into<Cause>,
    {
        parts::check(&part)?;
        match &self.kind {
            Kind::Local(local) => local.write_part(key, id, part, body).await,
            Kind::S3(s3) => s3.write_part(key, id, part, body).await,
        }
    }

    /// Makes the parts one blob under `key`, in one step; returns its bytes. The tags may come in any order; no tags
    /// make an empty blob. May be repeated: an upload completed before, with as many bytes, is completed.
    ///
    /// # Errors
    /// [`Error::Refused`] when a part is missing, does not begin where the one before it ends, or is not in the store
    /// as its tag says; [`Error::Busy`] while a part is being written; [`Error::NotFound`] when there is no such
    /// upload; or that the store fails. The upload stays as it was then.
    pub async fn complete_parts(&self, key: &Key, id: &PartsId, tags: &[PartTag]) -> Result<u64> {
        match &self.kind {
            Kind::Local(local) => local.complete_parts(key, id, tags).await,
            Kind::S3(s3) => s3.complete_parts(key, id, tags).await,
        }
    }

    /// Gives an upload up and removes all its parts. One that is gone already is no error.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn abort_parts(&self, key: &Key, id: &PartsId) -> Result<()> {
        match &self.kind {
            Kind::Local(local) => local.abort_parts(key, id).await,
            Kind::S3(s3) => s3.abort_parts(key, id).await,
        }
    }

    /// The size all parts but the last should have; see [`parts::part_size`](crate::part_size).
    pub fn part_size(&self, total_bytes: u64) -> u64 {
        parts::part_size(total_bytes)
    }

    /// Reads a blob and hashes it; `progress` gets the bytes read so far.
    ///
    /// # Errors
    /// [`Error::NotFound`], or that the store fails.
    pub async fn hash(&self, key: &Key, progress: impl FnMut(u64) + Send) -> Result<Hashed> {
        let size = self.existing_size(key).await?;
        hash_stream(self.read(key, 0..size).await?, progress).await
    }

    /// Removes what interrupted work left behind: files and uploads nobody has written to since `older_than`. Uploads
    /// may rest for days between two parts: choose a time before the last moment an upload may be resumed. Nothing to
    /// do on S3, where the bucket's own rule does it. May be repeated and may run beside everything else.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self, older_than: SystemTime) -> Result<Swept> {
        match &self.kind {
            Kind::Local(local) => local.sweep(older_than).await,
            Kind::S3(_) => Ok(Swept::default()),
        }
    }

    /// Writes, reads and removes a small blob: whether the store works, with its credentials.
    ///
    /// # Errors
    /// What keeps it from working; [`Error::Damaged`] when it gives back other bytes than it got.
    pub async fn probe(&self) -> Result<()> {
        let key = Key::new(&format!("probe/{}", Uuid::now_v7().simple()))?;
        let content = Bytes::from(key.as_str().to_owned());
        self.put_bytes(&key, content.clone()).await?;
        let read = self.read_bytes(&key, content.len() as u64).await;
        self.delete(&key).await?;
        match read? == content {
            true => Ok(()),
            false => Err(Error::damaged(&key, "the store gave back other bytes than it got")),
        }
    }

    async fn existing_size(&self, key: &Key) -> Result<u64> {
        self.size(key).await?.ok_or_else(|| Error::not_found(key))
    }
}

/// Where the store is, without credentials.
impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Local(local) => write!(formatter, "{}", local.root().display()),
            Kind::S3(s3) => formatter.write_str(&s3.place()),
        }
    }
}

/// Makes ring the process's TLS provider, unless one is installed already. [`Store::open`] does it for S3; a program
/// that uses TLS elsewhere does it at its start.
pub fn install_tls() {
    // An error means that there is a provider, which is all we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Refuses a range that does not lie within a blob.
pub(crate) fn check_range(key: &Key, range: &Range<u64>, size: u64) -> Result<()> {
    match range.start <= range.end && range.end <= size {
        true => Ok(()),
        false => Err(Error::OutOfRange { key: key.clone(), start: range.start, end: range.end, size }),
    }
}

/// Whether a blob may move, given the sizes of what is there; returns the size it has or had.
pub(crate) fn may_promote(from: &Key, source: Option<u64>, to: &Key, target: Option<u64>) -> Result<u64> {
    match (source, target) {
        _ if from == to => Err(Error::refused(format!("{from} cannot move to itself"))),
        (None, None) => Err(Error::not_found(from)),
        (Some(source), Some(target)) if source != target => {
            Err(Error::damaged(to, format!("it has {target} bytes, the same content has {source}")))
        }
        (Some(size), _) | (None, Some(size)) => Ok(size),
    }
}

fn file_path(address: &str) -> Result<PathBuf> {
    let path = Url::parse(address).ok().and_then(|url| url.to_file_path().ok());
    path.ok_or_else(|| Error::refused(format!("not an address of a folder on this machine: {address:.80}")))
}

/// Passes a stream on; an end before all expected bytes came is an error.
fn exactly(stream: ByteStream, expected: u64, key: Key) -> ByteStream {
    let steps = futures::stream::try_unfold((stream, expected, key), |(mut stream, left, key)| async move {
        match stream.next().await.transpose()? {
            Some(piece) => {
                let left = left.saturating_sub(piece.len() as u64);
                Ok(Some((piece, (stream, left, key))))
            }
            None if left > 0 => Err(Error::damaged(&key, format!("its last {left} bytes are missing"))),
            None => Ok(None),
        }
    });
    steps.boxed()
}
