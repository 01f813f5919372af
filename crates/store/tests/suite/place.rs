//! The stores the suite runs against, and content to put into them.

use bytes::Bytes;
use picturelock_store::{Credentials, Key, Options, Store, install_tls};
use tempfile::TempDir;

/// A store of its own for one test.
pub struct Place {
    pub store: Store,
    address: String,
    options: Options,
    folder: TempDir,
}

impl Place {
    /// A store in a temporary folder, with little kept in reserve.
    pub fn local() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = folder.path().join("store").to_str().expect("UTF-8").to_owned();
        Self::open(address, Options { reserve: 0, ..Options::default() }, folder)
    }

    /// A store in a bucket of the test server; `None`, and a word about it, when there is no server.
    pub async fn s3() -> Option<Self> {
        let Ok(endpoint) = std::env::var("PICTURELOCK_TEST_S3") else {
            println!("skipped: PICTURELOCK_TEST_S3 names no S3 server");
            return None;
        };
        install_tls();
        let bucket = reqwest::Client::new().put(format!("{endpoint}/picturelock-test")).send().await;
        let status = bucket.expect("the S3 server answers").status();
        assert!(status.is_success() || status.as_u16() == 409, "making the bucket: {status}");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = format!("s3://picturelock-test/{}?endpoint={endpoint}&region=us-east-1", uuid::Uuid::now_v7());
        Some(Self::open(address, Options { reserve: 0, credentials: Some(credentials()) }, folder))
    }

    fn open(address: String, options: Options, folder: TempDir) -> Self {
        let store = Store::open_with(&address, options.clone()).expect("the store opens");
        Self { store, address, options, folder }
    }

    /// The store as another process would open it.
    pub fn reopened(&self) -> Store {
        Store::open_with(&self.address, self.options.clone()).expect("the store opens again")
    }

    /// A folder outside the store, for files to put and fetch.
    pub fn scratch(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Any credentials do for the test server.
pub fn credentials() -> Credentials {
    Credentials { access_key: "test".into(), secret_key: "test".into(), token: None }
}

/// A key known to be one.
pub fn key(text: &str) -> Key {
    Key::new(text).expect("a key")
}

/// Content that differs at every place and for every seed.
pub fn content(bytes: usize, seed: u64) -> Bytes {
    let mut content = vec![0; bytes];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut content);
    content.into()
}

/// All bytes of a blob.
pub async fn all(store: &Store, key: &Key) -> Bytes {
    store.read_bytes(key, u64::MAX).await.expect("the blob is there")
}

/// Makes one test per kind of store of each function that takes a `&Place`.
macro_rules! on_every_store {
    ($($name:ident),+ $(,)?) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&$crate::place::Place::local()).await;
            })+
        }
        mod s3 {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(place) = $crate::place::Place::s3().await {
                    super::$name(&place).await;
                }
            })+
        }
    };
}
