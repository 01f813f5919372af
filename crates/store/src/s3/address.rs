//! The address of an S3 store: `s3://bucket/prefix?endpoint=…&region=…&path_style=…`.

use std::fmt;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use url::Url;

use crate::{Error, Key, Result};

/// Connecting takes longer than this only when nobody is there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A server that sends nothing for so long is taken for dead.
const SILENCE: Duration = Duration::from_secs(30);

/// A part may take so long on its way up a slow line.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// What signs our requests.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id.
    pub access_key: String,
    /// The secret that goes with it.
    pub secret_key: String,
    /// The session token of temporary credentials.
    pub token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

/// A store's address, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) bucket: String,
    pub(crate) prefix: Option<Key>,
    endpoint: Option<String>,
    region: Option<String>,
    virtual_host: bool,
}

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let refuse = |reason: String| Error::refused(format!("not an S3 address ({reason})"));
        let url = Url::parse(text).map_err(|error| refuse(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("credentials belong in the environment, not in the address".into()));
        }
        if url.port().is_some() || url.fragment().is_some() {
            return Err(refuse("a port belongs into endpoint=".into()));
        }
        let bucket = url.host_str().ok_or_else(|| refuse("the bucket is missing".into()))?.to_owned();
        let prefix = match url.path().trim_matches('/') {
            "" => None,
            prefix => Some(Key::new(prefix)?),
        };
        let mut address = Self { bucket, prefix, endpoint: None, region: None, virtual_host: false };
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("endpoint", value) => address.endpoint = Some(endpoint(value)?),
                ("region", value) => address.region = Some(value.to_owned()),
                ("path_style", "true") => address.virtual_host = false,
                ("path_style", "false") => address.virtual_host = true,
                ("path_style", other) => return Err(refuse(format!("path_style is true or false, not {other:.20?}"))),
                (other, _) => {
                    return Err(refuse(format!("{other:.20?} is not known; endpoint, region, path_style are")));
                }
            }
        }
        Ok(address)
    }

    /// The client for short requests and for reading.
    pub(crate) fn reader(&self, credentials: Option<&Credentials>) -> Result<AmazonS3> {
        self.build(credentials, client().with_read_timeout(SILENCE))
    }

    /// The client for sending bodies: there, silence of the server only means that we are still sending.
    pub(crate) fn writer(&self, credentials: Option<&Credentials>) -> Result<AmazonS3> {
        self.build(credentials, client().with_timeout(UPLOAD_TIMEOUT))
    }

    fn build(&self, credentials: Option<&Credentials>, client: ClientOptions) -> Result<AmazonS3> {
        let plain = self.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: 5, retry_timeout: Duration::from_secs(60) };
        let mut builder = AmazonS3Builder::from_env()
            .with_client_options(client.with_allow_http(plain))
            .with_bucket_name(&self.bucket)
            .with_virtual_hosted_style_request(self.virtual_host)
            .with_retry(retry);
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = &self.region {
            builder = builder.with_region(region);
        }
        if let Some(Credentials { access_key, secret_key, token }) = credentials {
            builder = builder.with_access_key_id(access_key).with_secret_access_key(secret_key);
            if let Some(token) = token {
                builder = builder.with_token(token);
            }
        }
        builder.build().map_err(|error| Error::refused(error.to_string()))
    }
}

fn client() -> ClientOptions {
    ClientOptions::new().with_timeout_disabled().with_connect_timeout(CONNECT_TIMEOUT)
}

fn endpoint(text: &str) -> Result<String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        Ok(_) | Err(_) => Err(Error::refused(format!("endpoint is an http or https address, not {text:.80?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let address = Address::parse("s3://films/review/a?endpoint=http://127.0.0.1:9000/&region=eu-1&path_style=true")
            .expect("valid");
        assert_eq!(
            address,
            Address {
                bucket: "films".into(),
                prefix: Key::new("review/a").ok(),
                endpoint: Some("http://127.0.0.1:9000".into()),
                region: Some("eu-1".into()),
                virtual_host: false,
            }
        );
        assert_eq!(Address::parse("s3://films").expect("valid").prefix, None);
    }

    #[test]
    fn an_address_that_would_surprise_is_refused() {
        for text in [
            "s3://",
            "s3://key:secret@films",
            "s3://films?endpiont=http://x",
            "s3://films?endpoint=ftp://x",
            "s3://films?path_style=maybe",
            "s3://films:9000/",
            "s3://films/Not%20A%20Key",
        ] {
            assert!(matches!(Address::parse(text), Err(Error::Refused { .. })), "{text}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let credentials =
            Credentials { access_key: "id".into(), secret_key: "hush".into(), token: Some("hush".into()) };
        assert!(!format!("{credentials:?}").contains("hush"));
    }
}
