//! What the server takes when nobody asks for anything, fresh and after work.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use tokio::task::JoinSet;

use crate::machine::{cpu, memory, processors, threads};
use crate::studio::{Studio, footage, note};
use crate::table::{Bar, Figure};

const REST: Duration = Duration::from_secs(20);
const FILE: usize = 128 << 20;
const FILES: usize = 8;
const NOTES: usize = 10_000;
const WRITERS: usize = 8;

pub async fn run() -> Vec<Figure> {
    let mut studio = Studio::open(&[]).await;
    let server = studio.server.id();
    let before = cpu(server);
    tokio::time::sleep(REST).await;
    let percent = (cpu(server) - before) * 100.0 / REST.as_secs_f64();
    let mut figures = vec![
        Figure::new("idle memory", memory(server), "MB", Bar::AtMost(25.0)),
        Figure::new("idle threads", threads(server), "", Bar::AtMost(8.0 + processors())),
        Figure::new("idle CPU", percent, "%", Bar::AtMost(0.05)),
    ];

    let film = Bytes::from(std::fs::read(footage(studio.folder(), 1, 180)).expect("footage"));
    let version = studio.upload("film.mp4", film).await;
    studio.ready(&version).await;
    studio.restart_with(&["--workers", "0"]);
    let server = studio.server.id();
    work(&mut studio, &version).await;
    let once = memory(server);
    work(&mut studio, &version).await;
    let work = format!("{FILES} × {} MiB uploaded and {NOTES} notes", FILE >> 20);
    figures.push(Figure::new(format!("memory after {work}"), once, "MB", Bar::AtMost(40.0)));
    figures.push(Figure::new("memory after as much again ÷ before", memory(server) / once, "×", Bar::AtMost(1.1)));
    figures
}

/// Uploads and notes, then a rest.
async fn work(studio: &mut Studio, version: &str) {
    let content = Bytes::from(vec![7; FILE]);
    for number in 0..FILES {
        studio.upload(&format!("file {number}.mov"), content.clone()).await;
    }
    let notes = format!("{}/versions/{version}/comments", studio.project);
    let mut writing = JoinSet::new();
    for _ in 0..WRITERS {
        let (owner, notes) = (studio.owner.clone(), notes.clone());
        writing.spawn(async move {
            for number in 0..NOTES / WRITERS {
                let request = owner.request(Method::POST, &notes).json(&note(&format!("Note {number}")));
                let answer = request.send().await.expect("an answer").error_for_status().expect("taken");
                answer.bytes().await.expect("a body");
            }
        });
    }
    writing.join_all().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
}
