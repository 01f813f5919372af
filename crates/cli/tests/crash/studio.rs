//! A studio on a server that is killed again and again.

use std::path::{Path, PathBuf};

use picturelock_testkit::{Chance, Person, Process};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_picturelock");

/// How often each kind of work is interrupted.
pub fn trials() -> u64 {
    std::env::var("PICTURELOCK_CRASH_TRIALS").ok().and_then(|trials| trials.parse().ok()).unwrap_or(20)
}

/// Chance that can be repeated by the seed it prints.
pub fn chance() -> Chance {
    Chance::from_environment("PICTURELOCK_CRASH_SEED")
}

pub struct Studio {
    pub server: Process,
    pub owner: Person,
    /// Where the project is, such as `/api/projects/…`.
    pub project: String,
    folder: TempDir,
}

impl Studio {
    /// Opens a studio with a project on a server with these arguments.
    pub async fn open(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Process::start(PROGRAM, &folder.path().join("data"), arguments);
        let mut owner = server.owner().await;
        let made = owner.post("/api/projects", json!({"name": "Brand film", "client": "Acme"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        let project = format!("/api/projects/{}", made.json["id"].as_str().unwrap());
        Self { server, owner, project, folder }
    }

    /// Starts the server anew; people find it where it is now.
    pub fn restart(&mut self) {
        self.server.restart();
        self.owner = self.owner.moved_to(&self.server.base);
    }

    /// The versions of the file `name`, through all reviewables.
    pub async fn versions_of(&mut self, name: &str) -> Vec<Value> {
        let listed = self.owner.get(&format!("{}/reviewables", self.project)).await.json;
        let versions =
            listed.as_array().unwrap().iter().flat_map(|reviewable| reviewable["versions"].as_array().unwrap());
        versions.filter(|version| version["file_name"] == name).cloned().collect()
    }

    /// A folder beside the data, for the test's own files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the store keeps under final names, and what under names of its own for work in progress.
    pub fn stored(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let root = self.server.data().join("files");
        let in_progress = |path: &PathBuf| [".parts", ".tmp"].iter().any(|area| path.starts_with(root.join(area)));
        files(&root).into_iter().partition(|path| !in_progress(path))
    }
}

/// All files below `folder`.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
