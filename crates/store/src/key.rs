//! Names of blobs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The name of a blob: segments of `a-z 0-9 . _ -` joined by `/`, at most 512 bytes.
///
/// No segment is empty, longer than 200 bytes, or begins or ends with a dot; so a key is never absolute, never
/// climbs (`..`), never reaches the store's own areas (`.tmp`, `.parts`), and two keys never differ by case or
/// by Unicode form alone. A file's own name is data and belongs in the database, not in a key.
///
/// ```
/// use picturelock_store::Key;
/// assert!(Key::new("media/ab/abcdef.mov").is_ok());
/// assert!(Key::new("../etc/passwd").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// The longest key, in bytes.
    pub const MAX: usize = 512;
    /// The longest segment, in bytes: file systems allow 255.
    pub const MAX_SEGMENT: usize = 200;

    /// Checks a text and makes it a key.
    ///
    /// # Errors
    /// [`Error::Refused`] when it breaks a rule.
    pub fn new(text: &str) -> Result<Self> {
        let refuse = |reason: &str| Err(Error::refused(format!("not a storage key ({reason}): {text:.80?}")));
        if text.len() > Self::MAX {
            return refuse("too long");
        }
        for segment in text.split('/') {
            if segment.is_empty() {
                return refuse("an empty segment");
            }
            if segment.len() > Self::MAX_SEGMENT {
                return refuse("a segment is too long");
            }
            if segment.starts_with('.') || segment.ends_with('.') {
                return refuse("a segment begins or ends with a dot");
            }
            if !segment.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-')) {
                return refuse("only a-z 0-9 . _ - are allowed");
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The key one level below this one, or several when `rest` has slashes.
    ///
    /// # Errors
    /// [`Error::Refused`] when the result breaks a rule.
    pub fn join(&self, rest: &str) -> Result<Self> {
        Self::new(&format!("{}/{rest}", self.0))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders of the key, outermost first, and its last segment.
    pub(crate) fn split(&self) -> (Vec<&str>, &str) {
        match self.0.rsplit_once('/') {
            Some((folders, name)) => (folders.split('/').collect(), name),
            None => (Vec::new(), &self.0),
        }
    }

    /// All segments of the key.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.0.split('/').collect()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Key {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text)
    }
}

impl TryFrom<String> for Key {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}
