//! The proxy's frames are the source's frames, read from pixels, whatever the source's clock.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::{Finished, bar_codes, coded_clips, flashes, ingest, samples, seconds, sidecar, tools};
use picturelock_domain::frame::{DropFrame, RateClass, StartTimecode};
use picturelock_media::{CancellationToken, Tools, still};

/// Ingests `clip` and checks the whole chain: source, table, every proxy, pixel by pixel.
async fn exact(tools: &Tools, clip: &Path) -> Finished {
    let finished = ingest(tools, clip).await.unwrap_or_else(|error| panic!("{}: {error}", clip.display()));
    let expected: Vec<_> = sidecar(clip).into_iter().map(|(number, _)| Some(number)).collect();
    assert_eq!(finished.made.table.len() as usize, expected.len(), "{}", clip.display());
    assert_eq!(finished.made.footage.frame_count as usize, expected.len());
    for index in 0..finished.made.proxies.len() {
        assert_eq!(bar_codes(&finished.proxy(index)), expected, "{} proxy {index}", clip.display());
    }
    finished
}

fn name(clip: &Path) -> &str {
    clip.file_stem().unwrap().to_str().unwrap()
}

/// Each tone begins with the frame that flashes: within a millisecond and one AAC frame.
fn assert_in_sync(finished: &Finished) {
    let proxy = finished.proxy(0);
    let (sound, flashes) = (samples(&proxy), flashes(&proxy));
    let mut checked = 0;
    for (frame, _) in flashes.iter().enumerate().filter(|(_, bright)| **bright) {
        let due = seconds(&finished.made.table, frame as u32) * 48_000.0;
        let window = due.max(4800.0) as usize - 4800..sound.len().min(due as usize + 4800);
        let Some(onset) = window.clone().find(|at| sound[*at].unsigned_abs() > 2000) else {
            panic!("no tone near frame {frame}");
        };
        let late = onset as f64 - due;
        assert!(late.abs() <= 48.0 + 1024.0, "the tone of frame {frame} is {late} samples off");
        checked += 1;
    }
    assert!(checked >= 2, "{checked} flashes");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rate_keeps_its_frames() {
    let Some(clips) = coded_clips("rates", "b3", "2") else { return };
    let tools = tools();
    for clip in clips {
        let finished = exact(&tools, &clip).await;
        let footage = &finished.made.footage;
        let label = match footage.frame_rate.to_string().as_str() {
            "23.976" => "rate-23976-b3".to_owned(),
            "29.97" => "rate-2997-b3".to_owned(),
            "59.94" => "rate-5994-b3".to_owned(),
            whole => format!("rate-{whole}-b3"),
        };
        assert_eq!(name(&clip), label);
        assert_eq!(footage.rate_class, RateClass::Constant);
        assert_eq!(finished.made.table.runs().len(), 1);
        let base = finished.made.table.time_base();
        assert!(base.den.is_multiple_of(footage.frame_rate.num()), "{base:?} does not hold the rate exactly");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn variable_rates_keep_frames_and_times() {
    let Some(clips) = coded_clips("vfr", "b2", "8") else { return };
    let tools = tools();
    for clip in clips {
        let finished = exact(&tools, &clip).await;
        assert_eq!(finished.made.footage.rate_class, RateClass::Variable);
        let times = sidecar(&clip);
        for (frame, (_, tick)) in times.iter().enumerate() {
            assert_eq!(finished.made.table.start_of(frame as u32) as i64, tick - times[0].1);
        }
        assert_in_sync(&finished);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn awkward_clocks_keep_frames_and_sync() {
    let Some(clips) = coded_clips("offsets", "", "3") else { return };
    let tools = tools();
    for clip in clips {
        let finished = exact(&tools, &clip).await;
        println!("{}: {:?}", name(&clip), finished.probe.source.scan);
        assert_eq!(finished.made.footage.frame_rate.to_string(), "29.97");
        assert_eq!(finished.made.footage.rate_class, RateClass::Constant);
        // Its tones belong to frames that the edit hides, all but one.
        if name(&clip) != "trim-edit" {
            assert_in_sync(&finished);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn camera_files_keep_frames_and_labels() {
    let Some(clips) = coded_clips("camera", "", "1") else { return };
    let tools = tools();
    for clip in clips {
        let finished = exact(&tools, &clip).await;
        let names: Vec<_> = finished.made.proxies.iter().map(|proxy| proxy.name.as_str()).collect();
        let footage = finished.made.footage;
        match name(&clip) {
            "camera-dropframe" => {
                let start = StartTimecode { frames: 107_742, drop_frame: DropFrame::Drop };
                assert_eq!(footage.start_timecode, Some(start));
                assert_eq!(footage.timecode().label(i64::from(footage.start_frames()) + 150), "01:00:00;00");
            }
            "camera-prores" => assert!(footage.description.starts_with("QuickTime, ProRes 422"), "{footage:?}"),
            _ => assert!(footage.description.contains("DNxHR"), "{footage:?}"),
        }
        assert!(footage.start_timecode.is_some());
        assert!(names.contains(&"proxy-540.mp4"), "{names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_is_exactly_the_frame() {
    let Some(clips) = coded_clips("vfr", "b2", "8") else { return };
    let tools = tools();
    let finished = ingest(&tools, &clips[0]).await.unwrap();
    let last = finished.made.table.len() - 1;
    let cancel = CancellationToken::new();
    for frame in [0, 1, 11, 12, 13, last / 2, last - 1, last] {
        let picture = finished.folder.path().join("frame.jpg");
        still(&tools, &finished.proxy(0), &finished.made.table, frame, &picture, &cancel).await.unwrap();
        assert_eq!(bar_codes(&picture), [Some(frame)]);
    }
    let nothing = finished.folder.path().join("none.jpg");
    let refused = still(&tools, &finished.proxy(0), &finished.made.table, last + 1, &nothing, &cancel).await;
    assert!(refused.is_err() && !nothing.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_show_the_frames_they_are_marked_with() {
    let Some(clips) = coded_clips("rates", "b3", "2") else { return };
    let clip = clips.iter().find(|clip| name(clip) == "rate-60-b3").unwrap();
    let finished = ingest(&tools(), clip).await.unwrap();
    let sprites = &finished.made.sprites;
    assert_eq!(sprites.frames, [0, 24, 48, 72, 96]);
    // Tiles of 160 pixels give a cell of the code 4 pixels: enough to be read.
    let (tile_width, tile_height) = (sprites.tile_width as usize, sprites.tile_height as usize);
    let width = tile_width * sprites.columns as usize;
    let sheet = &common::luma(&finished.folder.path().join(&sprites.sheets[0]), width, tile_height)[0];
    for (tile, frame) in sprites.frames.iter().enumerate() {
        let picture: Vec<u8> = sheet
            .chunks_exact(width)
            .flat_map(|row| row[tile * tile_width..(tile + 1) * tile_width].iter().copied())
            .collect();
        assert_eq!(common::bar_code(&picture, tile_width, tile_height), Some(*frame), "tile {tile}");
    }
}
