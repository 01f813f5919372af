//! Killed while many write notes.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use picturelock_testkit::{Engine, Listener, Person, clip, engines, eventually, tus};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::studio::{Studio, chance, trials};

const WRITERS: u64 = 6;
/// The server is killed after one to so many notes of a trial.
const NOTES: u64 = 60;

/// What a writer's browser knows: the notes it sent, by their keys, and what the server called them, if it did.
#[derive(Default)]
struct Sent(HashMap<Uuid, Option<String>>);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_survive_a_kill() {
    for engine in engines() {
        survive(engine).await;
    }
}

async fn survive(engine: Engine) {
    let mut chance = chance();
    let databases = tempfile::tempdir().unwrap();
    let database = engine.new_database(databases.path()).await;
    let mut studio = Studio::open(&["--database-url", &database]).await;
    let version = watchable(&mut studio).await;
    let notes = format!("{}/versions/{version}/comments", studio.project);
    // Stills are of no interest here.
    studio.server.restart_with(&["--database-url", &database, "--workers", "0"]);
    studio.owner = studio.owner.moved_to(&studio.server.base);
    let mut all = Sent::default();
    for trial in 0..trials() {
        let (tell, mut told) = mpsc::unbounded_channel();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                tokio::spawn(write_until_cut(
                    studio.owner.clone(),
                    notes.clone(),
                    format!("{trial}.{writer}"),
                    tell.clone(),
                ))
            })
            .collect();
        for _ in 0..=chance.below(NOTES) {
            told.recv().await.unwrap();
        }
        tokio::time::sleep(Duration::from_micros(chance.below(5_000))).await;
        studio.server.kill();
        for writer in writers {
            all.0.extend(writer.await.unwrap().0);
        }
        studio.restart();
        send_again(&mut studio.owner, &notes, &mut all).await;
        agrees(&mut studio, &notes, &all, trial).await;
    }
    println!("{engine:?}: {} notes", all.0.len());
}

/// A version that can be written on.
async fn watchable(studio: &mut Studio) -> String {
    let film = Bytes::from(std::fs::read(clip(studio.folder(), 1, 0)).unwrap());
    let bytes = film.len() as u64;
    let upload = tus::begin(&mut studio.owner, &studio.project, bytes, &[("filename", "film.mp4")]).await;
    let version = tus::send_rest(&mut studio.owner, &upload, &film, bytes).await;
    let address = format!("{}/versions/{version}", studio.project);
    let owner = &studio.owner;
    eventually("the version is ready", async || {
        (owner.clone().get(&address).await.json["state"] == "ready").then_some(())
    })
    .await;
    version
}

fn note(key: Uuid, text: &str) -> Value {
    json!({"anchor": {"type": "frames", "first": 3, "last": 3}, "text": text, "kind": "change",
        "audience": "everyone", "client_key": key})
}

/// Writes note after note until the server is gone.
async fn write_until_cut(person: Person, notes: String, name: String, tell: mpsc::UnboundedSender<()>) -> Sent {
    let mut sent = Sent::default();
    loop {
        let key = Uuid::now_v7();
        sent.0.insert(key, None);
        let text = format!("{name}.{} {key}", sent.0.len());
        let Ok(answer) = person.request(Method::POST, &notes).json(&note(key, &text)).send().await else { return sent };
        assert_eq!(answer.status(), StatusCode::CREATED);
        // The server may go while it answers; then its word does not count.
        let Ok(made) = answer.json::<Value>().await else { return sent };
        sent.0.insert(key, made["id"].as_str().map(str::to_owned));
        // The test may have heard enough.
        let _ = tell.send(());
    }
}

/// Sends again what was not acknowledged, as a browser does that finds its server back.
async fn send_again(person: &mut Person, notes: &str, all: &mut Sent) {
    for (key, id) in all.0.iter_mut().filter(|(_, id)| id.is_none()) {
        let made = person.post(notes, note(*key, &format!("again {key}"))).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        *id = made.json["id"].as_str().map(str::to_owned);
    }
}

/// Every note is there once, and the log tells of each, in order and without a gap.
async fn agrees(studio: &mut Studio, notes: &str, all: &Sent, trial: u64) {
    let mut expected: Vec<&str> = all.0.values().flatten().map(String::as_str).collect();
    expected.sort_unstable();
    let listed = studio.owner.get(notes).await.json;
    let mut found: Vec<&str> = listed.as_array().unwrap().iter().map(|note| note["id"].as_str().unwrap()).collect();
    found.sort_unstable();
    assert!(found == expected, "trial {trial}: {} notes sent, {} found", expected.len(), found.len());
    let mut texts: Vec<&str> = listed.as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    texts.dedup_by_key(|text| text.rsplit(' ').next().unwrap());
    assert_eq!(texts.len(), found.len(), "trial {trial}: a note is there twice");

    let mut listener = Listener::open(&studio.owner, &studio.project, Some(0)).await;
    let (mut told, mut last) = (Vec::new(), 0);
    while told.len() < expected.len() {
        let heard = listener.next().await.unwrap();
        last += 1;
        assert_eq!(heard.id, Some(last), "trial {trial}: a gap in the log");
        if heard.json["kind"] == "comment_created" {
            told.push(heard.json["comment_id"].as_str().unwrap().to_owned());
        }
    }
    told.sort_unstable();
    assert_eq!(told, expected, "trial {trial}: the log tells of each note once");
}
