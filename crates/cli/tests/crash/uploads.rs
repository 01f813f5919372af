//! Killed while a file is being uploaded.

use std::collections::HashSet;
use std::fs::{File, FileTimes};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use picturelock_testkit::{Person, eventually, tus};
use reqwest::StatusCode;

use crate::studio::{Studio, chance, files, trials};

const MIB: usize = 1024 * 1024;
/// A file of three parts, and one whose only part is cut.
const SIZES: [usize; 2] = [65 * MIB, 3 * MIB];
/// One trial in so many is with the large file.
const LARGE: u64 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_survives_a_kill() {
    let mut chance = chance();
    let mut studio = Studio::open(&["--workers", "0"]).await;
    let film = Bytes::from(chance.bytes(SIZES[0]));
    let mut known = HashSet::new();
    let mut usual = [Duration::ZERO; 2];
    for (kind, usual) in usual.iter_mut().enumerate() {
        let film = one_of_its_own(&film[..SIZES[kind]], u64::MAX - kind as u64);
        let (upload, part) = begin(&mut studio, "undisturbed.mov", &film).await;
        let begun = Instant::now();
        tus::send_rest(&mut studio.owner, &upload, &film, part).await;
        *usual = begun.elapsed();
        whole(&studio, &film, &mut known);
    }
    for trial in 0..trials() {
        let kind = usize::from(!trial.is_multiple_of(LARGE));
        let film = one_of_its_own(&film[..SIZES[kind]], trial);
        let life = Duration::from_micros(chance.below(usual[kind].as_micros() as u64 * 5 / 4));
        interrupted(&mut studio, life, trial, film, &mut known).await;
    }
    sweeps_up(&mut studio, film).await;
}

/// A film that is like no other, or its bytes would be known.
fn one_of_its_own(film: &[u8], number: u64) -> Bytes {
    let mut content = film.to_vec();
    content[..8].copy_from_slice(&number.to_le_bytes());
    content.into()
}

/// Begins an upload; gives its address and the size of its parts.
async fn begin(studio: &mut Studio, name: &str, film: &Bytes) -> (String, u64) {
    let begun = tus::ask(&mut studio.owner, &studio.project, film.len() as u64, &[("filename", name)]).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{:?}", begun.json);
    let header = |name: &str| begun.headers[name].to_str().unwrap().to_owned();
    (header("location"), header("picturelock-part-size").parse().unwrap())
}

async fn interrupted(studio: &mut Studio, life: Duration, trial: u64, film: Bytes, known: &mut HashSet<PathBuf>) {
    let name = format!("cut {trial}.mov");
    let (upload, part) = begin(studio, &name, &film).await;
    let sending = tokio::spawn(send_until_cut(studio.owner.clone(), upload.clone(), film.clone(), part));
    tokio::time::sleep(life).await;
    studio.server.kill();
    let acknowledged = sending.await.unwrap();

    whole(studio, &film, known);
    studio.restart();
    let offset = tus::offset(&mut studio.owner, &upload).await;
    assert!(offset >= acknowledged, "trial {trial}: {acknowledged} bytes acknowledged, {offset} kept");
    println!("trial {trial}: {acknowledged} of {} bytes acknowledged, {offset} kept", film.len());
    let version = tus::send_rest(&mut studio.owner, &upload, &film, part).await;
    assert!(tus::original(&studio.owner, &studio.project, &version).await == film, "trial {trial}: other bytes");
    whole(studio, &film, known);
    let versions = studio.versions_of(&name).await;
    assert_eq!(versions.len(), 1, "trial {trial}: {versions:?}");
    assert_eq!(versions[0]["id"], version.as_str());
}

/// What is new under a final name is the film and all of it.
fn whole(studio: &Studio, film: &Bytes, known: &mut HashSet<PathBuf>) {
    for path in studio.stored().0 {
        if known.insert(path.clone()) {
            assert!(std::fs::read(&path).unwrap() == *film, "{} is not whole", path.display());
        }
    }
}

/// Sends part after part until the server is gone; gives how much it acknowledged.
async fn send_until_cut(person: Person, upload: String, film: Bytes, part: u64) -> u64 {
    let mut at = 0;
    while at < film.len() {
        let end = (at + part as usize).min(film.len());
        match tus::part(&person, &upload, at as u64).body(film.slice(at..end)).send().await {
            Ok(answer) => assert_eq!(answer.status(), StatusCode::NO_CONTENT),
            Err(_) => break,
        }
        at = end;
    }
    at as u64
}

/// What an upload left that nobody came back for is removed once it is older than any upload can be.
async fn sweeps_up(studio: &mut Studio, film: Bytes) {
    let (abandoned, part) = begin(studio, "abandoned.mov", &film).await;
    assert_eq!(
        tus::send(&mut studio.owner, &abandoned, 0, film.slice(..part as usize)).await.status,
        StatusCode::NO_CONTENT
    );
    studio.server.kill();
    assert!(!studio.stored().1.is_empty());
    let long_ago = FileTimes::new().set_modified(SystemTime::now() - Duration::from_secs(30 * 24 * 3600));
    let areas = [".parts", ".tmp"].map(|area| studio.server.data().join("files").join(area));
    for path in areas.iter().flat_map(|area| std::fs::read_dir(area).into_iter().flatten().flatten()) {
        let folder = path.path();
        for path in files(&folder).iter().chain([&folder]) {
            File::open(path).unwrap().set_times(long_ago).unwrap();
        }
    }
    studio.restart();
    let empty = || areas.iter().all(|area| std::fs::read_dir(area).map_or(0, Iterator::count) == 0);
    eventually("nothing is left of interrupted work", async || empty().then_some(())).await;
}
