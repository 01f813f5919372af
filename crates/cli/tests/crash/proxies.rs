//! Killed while proxies are being made.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use picturelock_testkit::{clip, eventually, tus};
use reqwest::Method;
use serde_json::{Value, json};

use crate::studio::{PROGRAM, Studio, chance, files, trials};

const FRAMES: u64 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_are_made_in_spite_of_a_kill() {
    let mut chance = chance();
    let mut studio = Studio::open(&["--workers", "1"]).await;
    let film = std::fs::read(clip(studio.folder(), 2, 0)).unwrap();
    let begun = Instant::now();
    let undisturbed = upload(&mut studio, &film, "undisturbed.mp4").await;
    ready(&studio, &undisturbed).await;
    let usual = u64::try_from(begun.elapsed().as_micros()).unwrap();

    for trial in 0..trials() {
        let version = upload(&mut studio, &film, &format!("film {trial}.mp4")).await;
        tokio::time::sleep(Duration::from_micros(chance.below(usual))).await;
        studio.server.kill();
        let data = studio.server.data().canonicalize().unwrap();
        eventually("the tools have ended with the server", async || nobody_works_in(&data).then_some(())).await;
        studio.restart();
        let version = ready(&studio, &version).await;
        assert_eq!(version["footage"]["frame_count"], FRAMES, "trial {trial}: {version}");
        for proxy in version["media"]["proxies"].as_array().unwrap() {
            assert_eq!(frames_of(&studio, &version, proxy).await, FRAMES, "trial {trial}: {proxy}");
        }
        let scratch = data.join("scratch");
        let only_a_lock = || files(&scratch).len() == 1 && std::fs::read_dir(&scratch).unwrap().count() == 1;
        eventually("nothing is left but the living worker's lock", async || only_a_lock().then_some(())).await;
    }
    let jobs = studio.owner.get("/api/jobs").await.json;
    assert!(jobs.as_array().unwrap().iter().all(|job| job["state"] == "done"), "{jobs}");
}

/// Uploads the film as a file of its own, so that nothing made before can be used.
async fn upload(studio: &mut Studio, film: &[u8], name: &str) -> String {
    let mut content = film.to_vec();
    // A box that players pass over.
    content.extend(u32::try_from(8 + name.len()).unwrap().to_be_bytes());
    content.extend(b"free");
    content.extend(name.as_bytes());
    let content = Bytes::from(content);
    let bytes = content.len() as u64;
    let upload = tus::begin(&mut studio.owner, &studio.project, bytes, &[("filename", name)]).await;
    tus::send_rest(&mut studio.owner, &upload, &content, bytes).await
}

async fn ready(studio: &Studio, version: &str) -> Value {
    let (address, owner) = (format!("{}/versions/{version}", studio.project), &studio.owner);
    eventually("the version is ready", async || {
        let version = owner.clone().get(&address).await.json;
        assert_ne!(version["state"], "failed", "{version}");
        (version["state"] == "ready" && version["job"]["state"] != "running").then_some(version)
    })
    .await
}

/// How many frames the proxy has that a player gets.
async fn frames_of(studio: &Studio, version: &Value, proxy: &Value) -> u64 {
    let (id, name) = (version["id"].as_str().unwrap(), proxy["name"].as_str().unwrap());
    let request = studio.owner.request(Method::GET, &format!("{}/versions/{id}/media/{name}", studio.project));
    let bytes = request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
    assert_eq!(json!(bytes.len()), proxy["bytes"]);
    let path = studio.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    let probed = Command::new(PROGRAM).arg("probe").arg(&path).arg("--json").output().unwrap();
    let measured: Value = serde_json::from_slice(&probed.stdout).unwrap();
    measured["frame_count"].as_u64().unwrap()
}

/// Whether no process has its working directory below `folder`.
fn nobody_works_in(folder: &Path) -> bool {
    let mut processes = std::fs::read_dir("/proc").unwrap().flatten();
    !processes.any(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder)))
}
