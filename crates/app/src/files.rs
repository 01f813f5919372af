//! Where files lie in the store.
//!
//! ```text
//! uploads/<id>                    a file as it came, until it was read once
//! source/<hash>                   the same, under the BLAKE3 hash of its bytes
//! derived/<hash>/<recipe>/<name>  what was made of it
//! stills/<comment>.jpg            the frame a comment is about
//! ```
//!
//! What was made of the same bytes by the same recipe is the same, so versions with equal bytes share it.

use picturelock_api::Media;
use picturelock_domain::id::{CommentId, ContentHash};
use picturelock_store::Key;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::AppError;

/// Names how derived files are made. Raise it when the same source would come out differently.
pub const RECIPE: &str = "1";

/// What a version's `media` column holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Derived {
    /// The recipe its files were made by.
    pub recipe: String,
    /// The files.
    #[serde(flatten)]
    pub media: Media,
}

impl Derived {
    /// The names of all its files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let media = &self.media;
        let proxies = media.proxies.iter().map(|proxy| proxy.name.as_str());
        let pictures = std::iter::once(media.poster.as_str()).chain(media.sprites.sheets.iter().map(String::as_str));
        proxies.chain(pictures).chain(media.peaks.as_deref())
    }
}

/// A file as it came.
///
/// # Errors
/// Never for a well-formed id; likewise below.
pub fn upload(id: Uuid) -> Result<Key, AppError> {
    Ok(Key::new(&format!("uploads/{id}"))?)
}

/// A file whose hash is known.
///
/// # Errors
/// Never for a well-formed hash.
pub fn source(hash: ContentHash) -> Result<Key, AppError> {
    Ok(Key::new(&format!("source/{hash}"))?)
}

/// A file made of the file `hash`.
///
/// # Errors
/// When `name` is no file name.
pub fn derived(hash: ContentHash, recipe: &str, name: &str) -> Result<Key, AppError> {
    Ok(Key::new(&format!("derived/{hash}/{recipe}/{name}"))?)
}

/// Everything made of a file by any recipe.
///
/// # Errors
/// Never for a well-formed hash.
pub fn all_derived(hash: ContentHash) -> Result<Key, AppError> {
    Ok(Key::new(&format!("derived/{hash}"))?)
}

/// The frame a comment is about.
///
/// # Errors
/// Never for a well-formed id.
pub fn still(comment: CommentId) -> Result<Key, AppError> {
    Ok(Key::new(&format!("stills/{comment}.jpg"))?)
}
