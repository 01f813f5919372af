//! The headers of the tus protocol, version 1.0.0, as far as Picturelock speaks it.

use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use jiff::Timestamp;
use picturelock_store::Cause;
use sha2::Digest as _;

use crate::error::problem;

/// The version we speak.
pub const VERSION: &str = "1.0.0";
/// What we offer beyond its core.
pub const EXTENSIONS: &str = "creation,termination,expiration,checksum";
/// The checksums a part can carry.
pub const CHECKSUMS: &str = "sha1,sha256,blake3";

/// The protocol's headers and our own.
pub const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
/// See [`RESUMABLE`]; likewise below.
pub const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// The size of the file.
pub const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// When the upload is forgotten.
pub const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// The size of every part but the last.
pub const PART_SIZE: HeaderName = HeaderName::from_static("picturelock-part-size");
/// The version the upload became.
pub const PICTURELOCK_VERSION: HeaderName = HeaderName::from_static("picturelock-version");

/// The longest metadata read, in bytes.
const MAX_METADATA: usize = 16 * 1024;

/// What the browser says about the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

/// The checksum a part must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    expected: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Sha1,
    Sha256,
    Blake3,
}

enum Hasher {
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Blake3(Box<blake3::Hasher>),
}

/// The part did not have the checksum the browser gave.
#[derive(Debug, thiserror::Error)]
#[error("the part does not have the checksum it was sent with")]
pub struct ChecksumMismatch;

/// A request refused in the words and statuses of the protocol.
pub struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A request that breaks the protocol.
pub fn bad(words: &str) -> Refused {
    Refused::from(problem(StatusCode::BAD_REQUEST, "tus", words))
}

/// A header that is a whole number.
///
/// # Errors
/// When it is there and is none.
pub fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Refused> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.map(Some).ok_or_else(|| bad(&format!("The header {name} must be a whole number.")))
}

/// A moment as HTTP writes it.
pub fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl Metadata {
    /// Reads `Upload-Metadata`: pairs of a key and Base64 text, separated by commas.
    ///
    /// # Errors
    /// When it is too long or is no such list of text.
    pub fn read(headers: &HeaderMap) -> Result<Self, Refused> {
        let Some(value) = headers.get("upload-metadata") else { return Ok(Self::default()) };
        let text = value.to_str().map_err(|_| bad("The header Upload-Metadata cannot be read."))?;
        Self::parse(text).ok_or_else(|| bad("The header Upload-Metadata must hold pairs of a key and Base64 text."))
    }

    fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_METADATA {
            return None;
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
            if pairs.iter().any(|(known, _)| known == key) {
                return None;
            }
            pairs.push((key.to_owned(), value));
        }
        Some(Self(pairs))
    }

    /// What stands under `key`; nothing when it is absent or empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

impl Checksum {
    /// Reads `Upload-Checksum`: the algorithm and the Base64 of the sum.
    ///
    /// # Errors
    /// When it is there and names no algorithm we announce, or is no sum of its length.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, Refused> {
        let Some(value) = headers.get("upload-checksum") else { return Ok(None) };
        let read = value.to_str().ok().and_then(Self::parse);
        read.map(Some).ok_or_else(|| bad(&format!("The header Upload-Checksum must be one of {CHECKSUMS} and a sum.")))
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, sum) = text.split_once(' ')?;
        let (algorithm, length) = match name {
            "sha1" => (Algorithm::Sha1, 20),
            "sha256" => (Algorithm::Sha256, 32),
            "blake3" => (Algorithm::Blake3, 32),
            _ => return None,
        };
        let expected = STANDARD.decode(sum.trim()).ok().filter(|sum| sum.len() == length)?;
        Some(Self { algorithm, expected })
    }

    /// Passes `body` on and ends it with [`ChecksumMismatch`] if it was another.
    pub fn check<S>(self, body: S) -> impl Stream<Item = Result<Bytes, Cause>> + Send
    where
        S: Stream<Item = Result<Bytes, Cause>> + Send,
    {
        async_stream::try_stream! {
            let mut hasher = Hasher::new(self.algorithm);
            let mut body = std::pin::pin!(body);
            while let Some(piece) = body.next().await {
                let piece = piece?;
                hasher.update(&piece);
                yield piece;
            }
            if hasher.finish() != self.expected {
                Err(ChecksumMismatch)?;
            }
        }
    }
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Blake3 => Self::Blake3(Box::default()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Blake3(hasher) => {
                hasher.update(bytes);
            }
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha1(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
            Self::Blake3(hasher) => hasher.finalize().as_bytes().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn metadata_that_was_written_is_read_again(pairs in prop::collection::btree_map("[a-z_]{1,12}", "\\PC{1,40}", 0..6)) {
            let text: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
            let read = Metadata::parse(&text.join(",")).expect("metadata");
            for (key, value) in &pairs {
                prop_assert_eq!(read.get(key), Some(value.as_str()));
            }
        }

        #[test]
        fn no_text_breaks_the_readers(text in "\\PC{0,200}|[a-z0-9 ,=+/]{0,200}") {
            Metadata::parse(&text);
            Checksum::parse(&text);
        }
    }

    #[test]
    fn metadata_that_is_none_is_refused() {
        for text in ["filename !!!", "filename Y3V0,filename Y3V0", "filename //8=", &"a".repeat(20_000)] {
            assert_eq!(Metadata::parse(text), None, "{text}");
        }
        let read = Metadata::parse("filename Y3V0Lm1vdg==, is_empty,stage ").expect("metadata");
        assert_eq!((read.get("filename"), read.get("is_empty"), read.get("stage")), (Some("cut.mov"), None, None));
    }

    #[test]
    fn moments_are_written_as_http_wants_them() {
        let at: Timestamp = "2025-06-25T16:00:00Z".parse().expect("a time");
        assert_eq!(http_date(at), "Wed, 25 Jun 2025 16:00:00 GMT");
    }
}
