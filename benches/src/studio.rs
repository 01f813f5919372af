//! A studio on a real server, with what the rows need.

use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use picturelock_testkit::{Person, Process, eventually, tus};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::machine::program;

/// A server with an owner and a project.
pub struct Studio {
    pub server: Process,
    pub owner: Person,
    /// Where the project is, such as `/api/projects/…`.
    pub project: String,
    folder: TempDir,
}

impl Studio {
    /// Opens a studio on a server with these arguments.
    pub async fn open(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Process::start(program(), &folder.path().join("data"), arguments);
        let mut owner = server.owner().await;
        let project = project(&mut owner, "Brand film").await;
        Self { server, owner, project, folder }
    }

    /// A folder beside the data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the server anew with other arguments.
    pub fn restart_with(&mut self, arguments: &[&str]) {
        self.server.restart_with(arguments);
        self.owner = self.owner.moved_to(&self.server.base);
    }

    /// Uploads a file; gives its version's id.
    pub async fn upload(&mut self, name: &str, content: Bytes) -> String {
        let bytes = content.len() as u64;
        let begun = tus::ask(&mut self.owner, &self.project, bytes, &[("filename", name)]).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{:?}", begun.json);
        let header = |name: &str| begun.headers[name].to_str().expect("text").to_owned();
        let part = header("picturelock-part-size").parse().expect("a number");
        tus::send_rest(&mut self.owner, &header("location"), &content, part).await
    }

    /// The version, once it can be watched.
    pub async fn ready(&self, version: &str) -> Value {
        let address = format!("{}/versions/{version}", self.project);
        eventually("the version is ready", async || {
            let version = self.owner.clone().get(&address).await.json;
            assert_ne!(version["state"], "failed", "{version}");
            (version["state"] == "ready").then_some(version)
        })
        .await
    }
}

/// Makes a project; gives its address.
pub async fn project(owner: &mut Person, name: &str) -> String {
    let made = owner.post("/api/projects", json!({"name": name, "client": "Acme"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    format!("/api/projects/{}", made.json["id"].as_str().expect("an id"))
}

/// A note as a browser sends it.
pub fn note(text: &str) -> Value {
    json!({"anchor": {"type": "frames", "first": 3, "last": 3}, "text": text, "kind": "change",
        "audience": "everyone", "client_key": Uuid::now_v7()})
}

/// Footage of `seconds` at 25 frames per second and `height` lines: a moving picture with grain, and a tone.
pub fn footage(folder: &Path, seconds: u32, height: u32) -> PathBuf {
    let path = folder.join(format!("footage-{seconds}-{height}.mp4"));
    let picture = format!("testsrc2=size={}x{height}:rate=25:duration={seconds},noise=alls=6:allf=t", height * 16 / 9);
    let sound = format!("sine=frequency=440:duration={seconds}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac"])
        .arg(&path)
        .status()
        .expect("ffmpeg");
    assert!(status.success(), "ffmpeg could not make footage");
    path
}
