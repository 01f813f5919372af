//! Both database engines: a file of its own for each test, or a database of its own.

use std::path::Path;

use picturelock_db::Db;
use uuid::Uuid;

use crate::skip;

/// A database engine to test on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The one for several nodes.
    Postgres,
}

/// Every engine this machine has. PostgreSQL is found by `PICTURELOCK_TEST_POSTGRES`, the URL of a server
/// on which databases may be made.
pub fn engines() -> Vec<Engine> {
    if server_url().is_some() {
        return vec![Engine::Sqlite, Engine::Postgres];
    }
    skip("no PostgreSQL (PICTURELOCK_TEST_POSTGRES is not set)");
    vec![Engine::Sqlite]
}

impl Engine {
    /// The URL of a new, empty database; the embedded one lies in `folder`.
    pub async fn new_database(self, folder: &Path) -> String {
        match self {
            Self::Sqlite => folder.join("picturelock.db").display().to_string(),
            Self::Postgres => {
                let server = server_url().expect("PICTURELOCK_TEST_POSTGRES");
                let name = format!("test_{}", Uuid::now_v7().simple());
                Db::create_postgres_database(&server, &name).await.expect("a new database");
                let (base, _) = server.rsplit_once('/').expect("a URL with a database");
                format!("{base}/{name}")
            }
        }
    }
}

fn server_url() -> Option<String> {
    std::env::var("PICTURELOCK_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}
