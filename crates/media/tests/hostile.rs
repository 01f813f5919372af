//! Files that lie, and runs that must end: each with its reason, nothing opened, nothing left.
#![allow(clippy::unwrap_used)]

mod common;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::{clip, coded_clips, ingest, shared, tools};
use picturelock_media::{CancellationToken, MediaError, Progress, Refused, Settings, make, plan, probe};
use rustix::fs::inotify;

fn refused(result: Result<common::Finished, MediaError>, what: &str) -> Refused {
    match result {
        Err(MediaError::Refused(refused)) => refused,
        Err(other) => panic!("{what}: {other}"),
        Ok(_) => panic!("{what} was taken"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hostile_sample_ends_as_it_must() {
    let Some(folder) = shared("hostile-media") else { return };
    // The samples name this path; what watches it sees any opening.
    let canary = Path::new("/tmp/canary.txt");
    if !canary.exists() {
        std::fs::write(canary, "canary").unwrap();
    }
    let watch = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).unwrap();
    inotify::add_watch(&watch, canary, inotify::WatchFlags::OPEN | inotify::WatchFlags::ACCESS).unwrap();
    let listener = TcpListener::bind("127.0.0.1:9137").ok();
    if let Some(listener) = &listener {
        listener.set_nonblocking(true).unwrap();
    }
    let tools = tools();
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let result = ingest(&tools, &path).await;
        match name.as_str() {
            "README.md" | "xxe.fcpxml" | "formula-comments.csv" | "script-cues.vtt" => {
                assert_eq!(refused(result, &name), Refused::Text, "{name}");
            }
            "good.mp4" | "good.ts" => assert_eq!(result.unwrap().made.table.len(), 25, "{name}"),
            "png-16000x16000-mono.png" => assert_eq!(refused(result, &name), Refused::StillPicture),
            "ten-hour-gap.mkv" => {
                assert!(matches!(refused(result, &name), Refused::Gap { minutes: 599.., .. }));
            }
            _ => assert_eq!(refused(result, &name), Refused::Playlist, "{name}"),
        }
        seen += 1;
    }
    assert!(seen >= 16);
    let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
    let mut events = inotify::Reader::new(&watch, &mut buffer);
    assert!(events.next().is_err(), "the canary was opened");
    if let Some(listener) = listener {
        assert!(listener.accept().is_err(), "a connection arrived");
    }
}

/// The first `share` of a file's bytes.
fn cut(path: &Path, share: f64) -> PathBuf {
    let bytes = std::fs::read(path).unwrap();
    let cut = path.with_file_name(format!("cut-{}", path.file_name().unwrap().to_str().unwrap()));
    std::fs::write(&cut, &bytes[..(bytes.len() as f64 * share) as usize]).unwrap();
    cut
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_ends_early_is_never_a_version() {
    let (tools, folder) = (tools(), tempfile::tempdir().unwrap());
    let source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2:r=48000"];
    let cases: [(&str, &[&str]); 7] = [
        ("index-first.mp4", &["-c:v", "libx264", "-movflags", "+faststart"]),
        ("index-last.mov", &["-c:v", "libx264"]),
        ("fragments.mp4", &["-c:v", "libx264", "-g", "10", "-movflags", "frag_keyframe+empty_moov"]),
        ("cut.mkv", &["-c:v", "libx264"]),
        ("cut.ts", &["-c:v", "libx264"]),
        ("cut.mxf", &["-c:v", "mpeg2video"]),
        ("cut.avi", &["-c:v", "mpeg4"]),
    ];
    for (name, options) in cases {
        let path = clip(folder.path(), name, &[&source[..], options].concat()).unwrap();
        // The last frames, a third, and almost nothing but the start.
        for share in [0.97, 0.661, 0.3] {
            let reason = refused(ingest(&tools, &cut(&path, share)).await, name);
            println!("{name} {share}: {reason}");
            assert!(reason.to_string().starts_with("The file ends early"), "{name} {share}: {reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_ends_between_packets_is_known_by_its_last_picture() {
    let (tools, folder) = (tools(), tempfile::tempdir().unwrap());
    let options = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-c:v", "mpeg2video", "-b:v", "3M"];
    let path = clip(folder.path(), "whole.ts", &options).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let short = folder.path().join("short.ts");
    std::fs::write(&short, &bytes[..bytes.len() * 2 / 5 / 188 * 188]).unwrap();
    assert_eq!(refused(ingest(&tools, &short).await, "a short stream"), Refused::CutOff);
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_can_be_read_are_counted_for_the_person() {
    let (tools, folder) = (tools(), tempfile::tempdir().unwrap());
    let options = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=2", "-c:v", "mjpeg", "-movflags", "+faststart"];
    let path = clip(folder.path(), "even.mov", &options).unwrap();
    match refused(ingest(&tools, &cut(&path, 0.5)).await, "half a file") {
        Refused::EndsEarly { readable, expected } => assert!(expected == 50 && (15..35).contains(&readable)),
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_bytes_end_with_a_reason() {
    let (tools, folder) = (tools(), tempfile::tempdir().unwrap());
    let options = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1", "-c:v", "libx264", "-movflags", "+faststart"];
    let path = clip(folder.path(), "whole.mp4", &options).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let mut state = 1_u32;
    for round in 0..6 {
        let mut broken = bytes.clone();
        // A few bytes in the index, by a fixed generator, so that a failure can be repeated.
        for _ in 0..=round * 3 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = 32 + (state >> 8) as usize % 1500;
            broken[at] = (state >> 24) as u8;
        }
        let path = folder.path().join("broken.mp4");
        std::fs::write(&path, broken).unwrap();
        match ingest(&tools, &path).await {
            Ok(finished) => assert_eq!(finished.made.table.len(), finished.probe.footage.frame_count),
            Err(MediaError::Refused(_) | MediaError::Failed { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

/// Whether any process runs in `folder`.
fn is_in_use(folder: &Path) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok()).any(|cwd| cwd == folder)
}

async fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_ends_every_process_and_leaves_nothing() {
    let Some(clips) = coded_clips("vfr", "b2", "8") else { return };
    let (tools, out) = (tools(), tempfile::tempdir().unwrap());
    let folder = out.path().canonicalize().unwrap();
    let probed = probe(&tools, &clips[0]).await.unwrap();
    let plan = plan(&probed, &Settings { short_sides: vec![360, 270, 180], ..Settings::default() });
    let cancel = CancellationToken::new();
    let seen = Mutex::new(Vec::new());
    let on_progress = |progress: Progress| {
        seen.lock().unwrap().push((progress, is_in_use(&folder)));
        cancel.cancel();
    };
    let result = make(&tools, &plan, &clips[0], &folder, on_progress, &cancel).await;
    assert!(matches!(result, Err(MediaError::Cancelled)), "{result:?}");
    let seen = seen.into_inner().unwrap();
    assert!(seen[0].1 && seen[0].0.frames_expected == probed.footage.frame_count, "{seen:?}");
    assert!(!is_in_use(&folder), "a process goes on");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);

    // The same when nobody waits any more.
    let started = std::sync::Arc::new(tokio::sync::Notify::new());
    let (notify, task_folder) = (started.clone(), folder.clone());
    let task = tokio::spawn(async move {
        let cancel = CancellationToken::new();
        make(&tools, &plan, &clips[0], &task_folder, |_| notify.notify_one(), &cancel).await.map(|_| ())
    });
    started.notified().await;
    task.abort();
    wait_until("the process ends", || !is_in_use(&folder)).await;
    assert!(task.await.unwrap_err().is_cancelled());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_use_is_left_alone() {
    let (tools, folder) = (tools(), tempfile::tempdir().unwrap());
    let options = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.2", "-c:v", "libx264"];
    let input = clip(folder.path(), "small.mp4", &options).unwrap();
    let plan = plan(&probe(&tools, &input).await.unwrap(), &Settings::default());
    let cancel = CancellationToken::new();
    assert!(make(&tools, &plan, &input, folder.path(), |_| {}, &cancel).await.is_err());
    assert!(input.exists());
}
