//! Notes: how fast they are taken, how soon watchers have them, what they cost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use picturelock_testkit::{Listener, Person};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::machine::cpu;
use crate::studio::{Studio, footage, note};
use crate::table::{Bar, Figure, p95};

const WATCHERS: usize = 50;
const WATCHED: usize = 100;
const NOTES: usize = 1000;

pub async fn run() -> Vec<Figure> {
    let mut studio = Studio::open(&[]).await;
    let film = Bytes::from(std::fs::read(footage(studio.folder(), 1, 180)).expect("footage"));
    let version = studio.upload("film.mp4", film).await;
    studio.ready(&version).await;
    // Stills are made by the worker, in their own time.
    studio.restart_with(&["--workers", "0"]);
    let notes = format!("{}/versions/{version}/comments", studio.project);

    let before = cpu(studio.server.id());
    let one = rate(&studio.owner, &notes, 1).await;
    let eight = rate(&studio.owner, &notes, 8).await;
    let each = (cpu(studio.server.id()) - before) * 1000.0 / (2 * NOTES) as f64;
    let latency = latency(&studio, &notes).await;
    vec![
        Figure::new(format!("note → {WATCHERS} watchers, p95"), latency * 1000.0, "ms", Bar::AtMost(15.0)),
        Figure::new("notes of one writer", one, "/s", Bar::AtLeast(1000.0)),
        Figure::new("notes of eight writers", eight, "/s", Bar::None),
        Figure::new("CPU of a note", each, "ms", Bar::AtMost(0.3)),
        Figure::new("what the disk allows: synced appends", synced_appends(&studio), "/s", Bar::None),
    ]
}

/// Notes a second of so many writers, each waiting for its answer before it writes the next.
async fn rate(owner: &Person, notes: &str, writers: usize) -> f64 {
    let began = Instant::now();
    let mut writing = JoinSet::new();
    for _ in 0..writers {
        let (owner, notes) = (owner.clone(), notes.to_owned());
        writing.spawn(async move {
            for number in 0..NOTES / writers {
                write(&owner, &notes, &format!("Note {number}")).await;
            }
        });
    }
    writing.join_all().await;
    NOTES as f64 / began.elapsed().as_secs_f64()
}

async fn write(owner: &Person, notes: &str, text: &str) {
    let answer = owner.request(Method::POST, notes).json(&note(text)).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.bytes().await.expect("a body");
}

/// Seconds from sending a note to a watcher's having it, at a note every 50 ms.
async fn latency(studio: &Studio, notes: &str) -> f64 {
    let sent: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let mut watching = JoinSet::new();
    for _ in 0..WATCHERS {
        let mut listener = Listener::open(&studio.owner, &studio.project, None).await;
        let sent = sent.clone();
        watching.spawn(async move {
            let mut took = Vec::with_capacity(WATCHED);
            while took.len() < WATCHED {
                let heard: Value = listener.next().await.expect("an event").json;
                let now = Instant::now();
                let text = heard["comment"]["text"].as_str().unwrap_or_default();
                if let Some(at) = sent.lock().expect("unbroken").get(text) {
                    took.push((now - *at).as_secs_f64());
                }
            }
            took
        });
    }
    for number in 0..WATCHED {
        let text = format!("Watched {number}");
        sent.lock().expect("unbroken").insert(text.clone(), Instant::now());
        write(&studio.owner, notes, &text).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    p95(watching.join_all().await.concat())
}

/// How often a second this disk makes a small write durable: no acknowledged note is faster.
fn synced_appends(studio: &Studio) -> f64 {
    use std::io::Write as _;
    let mut file = std::fs::File::create(studio.folder().join("synced")).expect("a file");
    let began = Instant::now();
    for _ in 0..300 {
        file.write_all(&[7; 4096]).expect("written");
        file.sync_data().expect("synced");
    }
    300.0 / began.elapsed().as_secs_f64()
}
