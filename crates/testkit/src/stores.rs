//! Both kinds of storage: a folder of its own for each test, or a prefix of its own in a bucket.

use std::path::Path;

use uuid::Uuid;

use crate::skip;

/// A storage to test on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A folder.
    Local,
    /// An S3 server.
    S3,
}

/// Every storage this machine has. S3 is found by `PICTURELOCK_TEST_S3`, the endpoint of a test server with a
/// bucket `picturelock`.
pub fn storages() -> Vec<Storage> {
    if endpoint().is_some() {
        return vec![Storage::Local, Storage::S3];
    }
    skip("no S3 server (PICTURELOCK_TEST_S3 is not set)");
    vec![Storage::Local]
}

impl Storage {
    /// The URL of an empty storage; the local one lies in `folder`.
    pub fn new_url(self, folder: &Path) -> String {
        match self {
            Self::Local => folder.join("files").display().to_string(),
            Self::S3 => {
                let endpoint = endpoint().expect("PICTURELOCK_TEST_S3");
                let prefix = Uuid::now_v7().simple();
                format!("s3://picturelock/{prefix}?endpoint={endpoint}&region=us-east-1&path_style=true")
            }
        }
    }
}

fn endpoint() -> Option<String> {
    std::env::var("PICTURELOCK_TEST_S3").ok().filter(|url| !url.is_empty())
}
