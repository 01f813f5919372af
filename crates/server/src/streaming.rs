//! Files to the browser: whole or in one range, and no longer than the person may have them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use picturelock_app::Context;
use picturelock_app::versions::{self, Blob};
use picturelock_domain::file_name::FileName;
use tokio::time::Instant;

use crate::error::Answer;
use crate::guard::Web;
use crate::headers::USER_CONTENT_POLICY;
use crate::range::{Wanted, wanted};

/// How often a running stream asks whether it may go on. A link must be dead 5 seconds after it was revoked.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// What the browser does with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Plays or shows it.
    Inline,
    /// Saves it; whatever it is, it never runs here.
    Attachment,
}

/// What a request for a file says.
pub struct Asked {
    /// `GET` or `HEAD`.
    pub method: Method,
    /// Range and what the browser has already.
    pub headers: HeaderMap,
}

/// Answers with the blob, or the range of it that is asked for.
///
/// # Errors
/// When the blob is not in the store, or the store fails.
pub async fn stream(web: Web, cx: Context, blob: Blob, shape: Shape, asked: &Asked) -> Answer<Response> {
    let headers = &asked.headers;
    let tag = format!("\"{}\"", blob.tag);
    let (status, range) = match choose(headers, &tag, blob.bytes) {
        Chosen::NotModified => return Ok(described(StatusCode::NOT_MODIFIED.into_response(), &blob, &tag, shape)),
        Chosen::Whole => (StatusCode::OK, 0..blob.bytes),
        Chosen::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Chosen::Unsatisfiable => {
            let mut response = described(StatusCode::RANGE_NOT_SATISFIABLE.into_response(), &blob, &tag, shape);
            insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{}", blob.bytes));
            return Ok(response);
        }
    };
    let body = if asked.method == Method::HEAD {
        Body::empty()
    } else {
        let bytes = web.app.store.read(&blob.key, range.clone()).await?;
        Body::from_stream(while_allowed(web, cx, bytes))
    };
    let mut response = described((status, body).into_response(), &blob, &tag, shape);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if status == StatusCode::PARTIAL_CONTENT {
        let text = format!("bytes {}-{}/{}", range.start, range.end - 1, blob.bytes);
        insert(headers, header::CONTENT_RANGE, &text);
    }
    Ok(response)
}

enum Chosen {
    Whole,
    Part(std::ops::Range<u64>),
    NotModified,
    Unsatisfiable,
}

/// The order of RFC 9110, section 13.2.2.
fn choose(headers: &HeaderMap, tag: &str, size: u64) -> Chosen {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH)
        && known.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
    {
        return Chosen::NotModified;
    }
    let Some(asked) = text(header::RANGE) else { return Chosen::Whole };
    // A range of something else than what the browser has begun would be spliced into nonsense.
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(tag) {
        return Chosen::Whole;
    }
    match wanted(asked, size) {
        Wanted::Whole => Chosen::Whole,
        Wanted::Part(range) => Chosen::Part(range),
        Wanted::Unsatisfiable => Chosen::Unsatisfiable,
    }
}

fn described(mut response: Response, blob: &Blob, tag: &str, shape: Shape) -> Response {
    let headers = response.headers_mut();
    insert(headers, header::ETAG, tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Kept by the browser, but asked about each time: a revoked link shows nothing from a cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(USER_CONTENT_POLICY));
    match shape {
        Shape::Inline => {
            let kind = mime_guess::from_path(&blob.name).first_or_octet_stream();
            insert(headers, header::CONTENT_TYPE, kind.as_ref());
        }
        Shape::Attachment => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
            insert(headers, header::CONTENT_DISPOSITION, &attachment(&blob.name));
        }
    }
    response
}

/// RFC 6266: the name in plain letters for old programs, and as it is, encoded, for the others.
pub fn attachment(name: &str) -> String {
    let plain = FileName::new(name).map_or_else(|_| "download".to_owned(), |name| name.plain());
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// The bytes, until they end or the person may no longer have them; then the connection breaks off, so that nobody
/// takes the beginning for the whole.
fn while_allowed(
    web: Web,
    cx: Context,
    bytes: picturelock_store::ByteStream,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send {
    async_stream::try_stream! {
        let mut bytes = bytes;
        let mut ask_at = Instant::now() + ASK_EVERY;
        loop {
            // Asked before the next piece goes out, however long the browser took to want it.
            if Instant::now() >= ask_at {
                versions::may_go_on(&web.app, &cx, (web.clock)()).await.map_err(std::io::Error::other)?;
                ask_at = Instant::now() + ASK_EVERY;
            }
            match tokio::time::timeout_at(ask_at, bytes.next()).await {
                Ok(Some(piece)) => yield piece.map_err(std::io::Error::other)?,
                Ok(None) => break,
                Err(_slow_store) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_header_whatever_its_letters() {
        assert_eq!(attachment("Cut 3.mov"), "attachment; filename=\"Cut 3.mov\"; filename*=UTF-8''Cut%203.mov");
        let odd = attachment("剪\"辑\r\n.mov");
        assert!(HeaderValue::from_str(&odd).is_ok() && odd.matches('"').count() == 2, "{odd}");
    }
}
