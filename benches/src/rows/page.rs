//! What a guest's browser fetches before it shows something; the measuring is done in Chromium.

use std::process::Command;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::studio::{Studio, footage};
use crate::table::{Bar, Figure};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/page-weight.mjs");

pub async fn run() -> Vec<Figure> {
    let mut studio = Studio::open(&[]).await;
    let film = Bytes::from(std::fs::read(footage(studio.folder(), 2, 360)).expect("footage"));
    let version = studio.upload("film.mp4", film).await;
    let ready = studio.ready(&version).await;
    let form = json!({"reviewable_id": ready["reviewable_id"], "label": "Client", "target": {"type": "newest"},
        "rights": {"comment": true, "decide": true, "download": false}, "guests_see_each_other": false});
    let made = studio.owner.post(&format!("{}/shares", studio.project), form).await.json;
    let link = made["link"].as_str().expect("a link");
    let output =
        Command::new("node").args([SCRIPT, link]).stderr(std::process::Stdio::inherit()).output().expect("node");
    if !output.status.success() {
        println!("  skipped: {}", String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default());
        return Vec::new();
    }
    let measured: Value = serde_json::from_slice(&output.stdout).expect("figures");
    let figure =
        |what: &str, name: &str, unit, bar| Figure::new(what, measured[name].as_f64().unwrap_or(f64::NAN), unit, bar);
    vec![
        figure("guest's landing page, as transferred", "landing_kb", "kB", Bar::AtMost(100.0)),
        figure("guest's review page before the player's chunks, as transferred", "review_kb", "kB", Bar::AtMost(100.0)),
        figure("the player's own chunks", "player_kb", "kB", Bar::None),
        figure("first paint of the landing page", "first_paint_s", "s", Bar::AtMost(1.0)),
    ]
}
