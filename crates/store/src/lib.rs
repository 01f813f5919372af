//! Blobs by key, on local disk or in any S3-compatible store, behind one type.
//!
//! [`Store::open`] takes an address and gives a [`Store`]; everything else is the same for both kinds. Knows nothing
//! of media, projects, people or HTTP.
//!
//! # What holds for both kinds
//!
//! * A blob appears under its [`Key`] whole or not at all, and whatever returned `Ok` survives a crash.
//! * Every call may be repeated after an error or a crash: putting replaces, deleting what is gone succeeds,
//!   [`Store::promote`], [`Store::complete_parts`] and [`Store::abort_parts`] find their work done.
//! * [`Error::is_retryable`] says whether repeating can help.
//! * Memory stays within some MiB per call, save [`Store::write_part`] on S3, which holds one part.
//!
//! # On disk
//!
//! ```text
//! root/
//!   media/ab/abcdef.mov     a blob: the key is the path, the content is the file
//!   .tmp/<id>               a blob being written; renamed to its key once synced
//!   .parts/<id>/key         an upload in parts: the key it is for, as text
//!   .parts/<id>/data        its bytes so far, each part at its offset
//!   .parts/<id>/00000       the receipt of part 0: "<offset> <bytes> <blake3>\n"; empty while the part is written
//! ```
//!
//! `<id>` is 32 hexadecimal digits. An upload is completed by cutting `data` to its length and renaming it to the
//! key. A writer holds `flock` on `key` (shared) and on its part's receipt (exclusive), completing holds `key`
//! exclusively: two requests cannot mix their bytes, and the locks go with the process. Keys cannot begin a segment
//! with a dot, so no key reaches `.tmp` or `.parts`. Files are 0600, folders 0700. Symbolic links beneath the root are
//! never followed. [`Store::sweep`] removes what interrupted work left in `.tmp` and `.parts`.
//!
//! # In a bucket
//!
//! The object's name is `<prefix>/<key>`, its content is the blob. Uploads in parts are S3 multipart uploads; one
//! that neither [`Store::complete_parts`] nor [`Store::abort_parts`] ends stays until the bucket's life-cycle rule
//! *AbortIncompleteMultipartUpload* removes it: set one.

mod error;
mod hash;
mod key;
mod local;
mod parts;
mod s3;
mod space;
mod store;

pub use error::{Cause, Error, Result};
pub use hash::{Hashed, hash_stream};
pub use key::Key;
pub use parts::{MAX_PARTS, MIN_PART_SIZE, PART_SIZE, Part, PartTag, PartsId, part_size};
pub use s3::Credentials;
pub use space::{DEFAULT_RESERVE, Space};
pub use store::{ByteStream, Options, Store, Swept, install_tls};

pub(crate) use store::{check_range, may_promote};
