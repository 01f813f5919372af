//! Copying within the bucket without the bytes passing through this machine, whatever the size.
//!
//! One request copies at most 5 GiB; what is larger is copied in parts. The S3 client has no call for that, but signs
//! the requests.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;
use object_store::multipart::{MultipartStore, PartId};
use object_store::signer::{SignedUrlOptions, Signer};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use super::{CONCURRENT, S3, error};
use crate::parts::{MAX_PARTS, PartsId};
use crate::{Error, Key, Result};

/// The largest object S3 copies in one request.
pub(super) const LIMIT: u64 = 5 * 1024 * 1024 * 1024;

/// Parts of a large copy: a server takes some seconds for each.
const COPY_PART: u64 = 512 * 1024 * 1024;

/// How long the server may take to copy one part.
const COPY_TIMEOUT: Duration = Duration::from_secs(10 * 60);

const SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");
const SOURCE_RANGE: HeaderName = HeaderName::from_static("x-amz-copy-source-range");

/// The client that sends the requests we sign ourselves.
pub(super) fn client() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .timeout(COPY_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    client.map_err(|error| Error::refused(error.to_string()))
}

impl S3 {
    pub(super) async fn copy(&self, from: &Key, to: &Key, size: u64) -> Result<()> {
        if size <= self.copy_limit {
            // The writer waits: a server sends nothing while it copies.
            let copied = self.writer.copy(&self.at(from)?, &self.at(to)?).await;
            return copied.map_err(|error| error::at_key(from, error));
        }
        let id = self.begin_parts(to).await?;
        let copied = self.copy_parts(from, to, &id, size).await;
        if copied.is_err()
            && let Err(error) = self.abort_parts(to, &id).await
        {
            tracing::warn!(%to, %error, "an unfinished copy stays in the bucket");
        }
        copied
    }

    async fn copy_parts(&self, from: &Key, to: &Key, id: &PartsId, size: u64) -> Result<()> {
        let step = COPY_PART.min(self.copy_limit).max(size.div_ceil(MAX_PARTS));
        let starts = (0..size).step_by(usize::try_from(step).map_err(|error| Error::refused(error.to_string()))?);
        let parts: Vec<PartId> = futures::stream::iter(starts.zip(1u32..))
            .map(|(start, number)| self.copy_part(from, to, id, number, start, (start + step).min(size)))
            .buffered(CONCURRENT)
            .try_collect()
            .await?;
        let completed = self.writer.complete_multipart(&self.at(to)?, &id.0, parts).await;
        completed.map_err(|error| error::at_key(to, error))?;
        Ok(())
    }

    /// Copies the bytes `start..end`; `number` counts from 1 here.
    async fn copy_part(&self, from: &Key, to: &Key, id: &PartsId, number: u32, start: u64, end: u64) -> Result<PartId> {
        let header = |text: String| HeaderValue::from_str(&text).map_err(|error| Error::refused(error.to_string()));
        let source = header(format!("{}/{}", self.bucket, self.at(from)?))?;
        let range = header(format!("bytes={start}-{}", end - 1))?;
        let options = SignedUrlOptions::new()
            .with_query([("partNumber", number.to_string()), ("uploadId", id.0.clone())])
            .with_signed_header(SOURCE, source.clone())
            .with_signed_header(SOURCE_RANGE, range.clone());
        let signed = self.writer.signed_url_opts(Method::PUT, &self.at(to)?, COPY_TIMEOUT, &options).await;
        let url = signed.map_err(|error| error::at_key(to, error))?;
        let request = self.http.put(url).header(SOURCE, source).header(SOURCE_RANGE, range);
        // The signed address would let its reader write: it stays out of messages.
        let unreachable = |error: reqwest::Error| Error::Unreachable(error.without_url().into());
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.text().await.map_err(unreachable)?;
        // A copy that fails midway is answered with 200 and an error as the body.
        match etag(&body) {
            Some(content_id) if status.is_success() => Ok(PartId { content_id }),
            Some(_) | None if status.is_client_error() => {
                Err(Error::refused(format!("the server does not copy {from}: {status} {body:.200}")))
            }
            Some(_) | None => Err(Error::Unreachable(format!("{status} while copying {from}: {body:.200}").into())),
        }
    }
}

/// The ETag in the answer to a copied part.
fn etag(body: &str) -> Option<String> {
    let mut reader = Reader::from_str(body);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if start.local_name().as_ref() == b"ETag" => {
                let text = reader.read_text(start.name()).ok()?;
                return Some(unescape(&text).ok()?.into_owned());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::etag;
    use crate::s3::S3;
    use crate::{Credentials, Key, install_tls};

    /// What no test can hold (5 GiB) with a smaller limit, on the server `PICTURELOCK_TEST_S3` names.
    #[tokio::test]
    async fn a_blob_too_large_for_one_copy_is_copied_in_parts() {
        const LIMIT: u64 = 5 * 1024 * 1024;
        let Ok(endpoint) = std::env::var("PICTURELOCK_TEST_S3") else {
            println!("skipped: PICTURELOCK_TEST_S3 names no S3 server");
            return;
        };
        install_tls();
        reqwest::Client::new().put(format!("{endpoint}/picturelock-copy")).send().await.expect("the server answers");
        let credentials = Credentials { access_key: "test".into(), secret_key: "test".into(), token: None };
        let address = format!("s3://picturelock-copy/{}?endpoint={endpoint}", uuid::Uuid::now_v7());
        let store = S3 { copy_limit: LIMIT, ..S3::open(&address, Some(&credentials)).expect("opens") };
        let (from, to) = (Key::new("uploads/1").expect("a key"), Key::new("media/1").expect("a key"));
        let mut content = vec![0; 2 * LIMIT as usize + 17];
        blake3::Hasher::new().finalize_xof().fill(&mut content);
        store.put_bytes(&from, content.clone().into()).await.expect("put");

        assert_eq!(store.promote(&from, &to).await.expect("promote"), content.len() as u64);
        let stream = store.read(&to, 0..content.len() as u64).await.expect("read");
        let read: Vec<bytes::Bytes> = futures::TryStreamExt::try_collect(stream).await.expect("read");
        assert_eq!(read.concat(), content);
        assert_eq!(store.size(&from).await.expect("size"), None);
        assert!(store.copy(&from, &to, LIMIT + 1).await.is_err(), "what is gone cannot be copied");
        assert_eq!(store.size(&to).await.expect("size"), Some(content.len() as u64), "nor does it harm the target");
    }

    #[test]
    fn the_etag_of_a_copied_part_is_found() {
        let answer = r#"<?xml version="1.0"?><CopyPartResult xmlns="x"><LastModified>2026</LastModified><ETag>&quot;9b2c&quot;</ETag></CopyPartResult>"#;
        assert_eq!(etag(answer).as_deref(), Some("\"9b2c\""));
        assert_eq!(etag("<Error><Code>InternalError</Code></Error>"), None);
        assert_eq!(etag("<CopyPartResult><ETag>"), None);
        assert_eq!(etag(""), None);
    }
}
