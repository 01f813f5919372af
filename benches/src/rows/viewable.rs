//! From the last byte of an upload to the list, and to the first frame in a browser.

use std::time::Instant;

use bytes::Bytes;

use crate::studio::{Studio, footage};
use crate::table::{Bar, Figure};

const SECONDS: u32 = 10;

pub async fn run() -> Vec<Figure> {
    let mut studio = Studio::open(&[]).await;
    let film = Bytes::from(std::fs::read(footage(studio.folder(), SECONDS, 1080)).expect("footage"));
    let version = studio.upload("film.mp4", film).await;
    let sent = Instant::now();
    let listed = studio.owner.get(&format!("{}/reviewables", studio.project)).await.json;
    assert_eq!(listed[0]["versions"][0]["id"], version.as_str());
    let listed = sent.elapsed().as_secs_f64();
    studio.ready(&version).await;
    let ready = sent.elapsed().as_secs_f64();
    vec![
        Figure::new("upload finished → listed", listed, "s", Bar::AtMost(0.3)),
        Figure::new(format!("upload finished → ready, {SECONDS} s of 1080p"), ready, "s", Bar::AtMost(2.0)),
        Figure::new("the same ÷ the footage's duration", ready / f64::from(SECONDS), "×", Bar::None),
    ]
}
