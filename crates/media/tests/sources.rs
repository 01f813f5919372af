//! The codecs, containers, shapes and colours that people upload.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};

use common::{Finished, clip, ingest, luma, stream_value, tools};
use picturelock_domain::frame::{DropFrame, RateClass, StartTimecode};
use picturelock_media::{CancellationToken, Container};
use picturelock_media::{ColourKind, Quarter, SampleCut, Settings, generate_sample, plan, probe, recognise};

const PICTURE: [&str; 4] = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1"];
const SOUND: [&str; 4] = ["-f", "lavfi", "-i", "sine=f=440:d=1:r=48000"];

fn made(folder: &Path, name: &str, options: &[&str]) -> Option<PathBuf> {
    clip(folder, name, &[&PICTURE[..], &SOUND, options].concat())
}

async fn taken(path: &Path) -> Finished {
    let finished = ingest(&tools(), path).await;
    finished.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn assert_browser_proxy(finished: &Finished) {
    for index in 0..finished.made.proxies.len() {
        let proxy = finished.proxy(index);
        assert_eq!(stream_value(&proxy, "stream=codec_name"), "h264");
        assert_eq!(stream_value(&proxy, "stream=pix_fmt"), "yuv420p");
        assert_eq!(stream_value(&proxy, "stream=color_space"), "bt709");
        assert_eq!(stream_value(&proxy, "stream=color_transfer"), "bt709");
        assert_eq!(stream_value(&proxy, "stream=has_b_frames"), "0");
        assert_eq!(stream_value(&proxy, "stream=sample_aspect_ratio"), "1:1");
        let stated = stream_value(&proxy, "stream=width,height");
        assert_eq!(stated, format!("{},{}", finished.made.proxies[index].width, finished.made.proxies[index].height));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn containers_and_codecs_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let hevc = ["-c:v", "libx265", "-x265-params", "log-level=error:bframes=2", "-c:a", "aac"];
    let vp8 = ["-c:v", "libvpx", "-auto-alt-ref", "1", "-lag-in-frames", "16", "-c:a", "libvorbis"];
    let sources: [(&str, &[&str], &str); 11] = [
        ("hevc.mp4", &hevc, "MP4, HEVC, AAC"),
        ("vp9.webm", &["-c:v", "libvpx-vp9", "-cpu-used", "8", "-c:a", "libopus"], "WebM, VP9, Opus"),
        ("vp8.webm", &vp8, "WebM, VP8, Vorbis"),
        ("av1.mkv", &["-c:v", "libsvtav1", "-preset", "12", "-c:a", "flac"], "Matroska, AV1, FLAC"),
        ("h264.ts", &["-c:v", "libx264", "-c:a", "aac", "-output_ts_offset", "10"], "MPEG-TS, H.264, AAC"),
        ("mpeg2.ts", &["-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2"], "MPEG-TS, MPEG-2, MP2"),
        ("h264.m2ts", &["-c:v", "libx264", "-mpegts_m2ts_mode", "1", "-f", "mpegts"], "MPEG-TS, H.264, MP2"),
        ("mpeg2.mxf", &["-c:v", "mpeg2video", "-c:a", "pcm_s16le"], "MXF, MPEG-2, PCM"),
        ("mpeg4.avi", &["-c:v", "mpeg4", "-bf", "2", "-c:a", "mp3"], "AVI, MPEG-4, MP3"),
        ("prores.mov", &["-c:v", "prores_ks", "-profile:v", "3", "-c:a", "pcm_s24le"], "QuickTime, ProRes 422 HQ, PCM"),
        ("fragments.mp4", &["-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"], "MP4, H.264, AAC"),
    ];
    for (name, options, description) in sources {
        let Some(path) = made(folder.path(), name, options) else { continue };
        let finished = taken(&path).await;
        let footage = &finished.made.footage;
        assert_eq!(footage.description, description);
        assert_eq!((footage.frame_count, footage.rate_class), (25, RateClass::Constant), "{name}");
        assert_eq!((footage.width, footage.height, footage.duration_ms), (320, 180, 1000), "{name}");
        assert!(footage.has_audio && finished.made.peaks.is_some());
        assert_eq!(finished.made.proxies.len(), 1, "nothing is scaled up");
        assert_browser_proxy(&finished);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn interlaced_frames_stay_one_frame_each() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["-vf", "setfield=tff", "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1", "-c:a", "mp2"];
    let Some(path) = made(folder.path(), "fields.ts", &options) else { return };
    let finished = taken(&path).await;
    assert!(finished.probe.interlaced);
    assert_eq!(finished.made.table.len(), 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn shapes_are_baked_in() {
    let folder = tempfile::tempdir().unwrap();
    let (tools, x264) = (tools(), ["-c:v", "libx264", "-preset", "ultrafast"]);
    // A quarter of the picture is white, so that its corner tells how it was turned.
    let corner = "color=black:s=320x180:r=25:d=0.4,drawbox=w=160:h=90:c=white:t=fill";
    let upright = clip(folder.path(), "upright.mp4", &[&["-f", "lavfi", "-i", corner][..], &x264].concat()).unwrap();
    for (angle, rotation) in [("90", Quarter::Left), ("180", Quarter::Half), ("270", Quarter::Right)] {
        let name = format!("turned-{angle}.mp4");
        let from = upright.to_str().unwrap();
        let tag = format!("rotate={angle}");
        let options = ["-i", from, "-c", "copy", "-metadata:s:v:0", &tag];
        let Some(path) = clip(folder.path(), &name, &options) else { continue };
        let probed = probe(&tools, &path).await.unwrap().rotation;
        let finished = taken(&path).await;
        let footage = &finished.made.footage;
        let (width, height) = (footage.width as usize, footage.height as usize);
        assert_eq!((width, height), if angle == "180" { (320, 180) } else { (180, 320) });
        assert_browser_proxy(&finished);
        assert_eq!(stream_value(&finished.proxy(0), "stream_side_data=rotation"), "", "players would turn it again");
        // What the reference decoder shows of the source is what the proxy holds.
        let (source, proxy) = (&luma(&path, width, height)[0], &luma(&finished.proxy(0), width, height)[0]);
        for (x, y) in [(20, 20), (width - 20, 20), (20, height - 20), (width - 20, height - 20)] {
            assert!(source[y * width + x].abs_diff(proxy[y * width + x]) < 24, "{angle}° {probed:?} at {x},{y}");
        }
        assert!([Quarter::Left, Quarter::Half, Quarter::Right].contains(&rotation) && probed != Quarter::None);
    }
    let odd = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.4", "-vf", "format=yuv444p,crop=319:179:0:0:exact=1"];
    let odd = clip(folder.path(), "odd.mp4", &[&odd[..], &x264].concat()).unwrap();
    let finished = taken(&odd).await;
    assert_eq!((finished.made.footage.width, finished.made.footage.height), (319, 179));
    assert_eq!((finished.made.proxies[0].width, finished.made.proxies[0].height), (318, 178));
    let wide = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=0.4", "-vf", "setsar=4/3"];
    let wide = clip(folder.path(), "wide.mp4", &[&wide[..], &x264].concat()).unwrap();
    let finished = taken(&wide).await;
    assert_eq!((finished.made.footage.width, finished.made.footage.height), (427, 180));
    assert_browser_proxy(&finished);
    let tall = ["-f", "lavfi", "-i", "testsrc2=s=720x1280:r=25:d=0.4"];
    let tall = clip(folder.path(), "tall.mov", &[&tall[..], &x264].concat()).unwrap();
    let finished = taken(&tall).await;
    let sizes: Vec<_> =
        finished.made.proxies.iter().map(|proxy| (proxy.name.as_str(), proxy.width, proxy.height)).collect();
    assert_eq!(sizes, [("proxy-720.mp4", 720, 1280), ("proxy-540.mp4", 540, 960)]);
    assert_eq!((finished.made.sprites.tile_width, finished.made.sprites.tile_height), (90, 160));
}

#[tokio::test(flavor = "multi_thread")]
async fn high_dynamic_range_becomes_standard() {
    let folder = tempfile::tempdir().unwrap();
    for (transfer, kind) in [("smpte2084", ColourKind::Pq), ("arib-std-b67", ColourKind::Hlg)] {
        // Middle grey at 58 % of PQ's and 75 % of HLG's range is diffuse white: well lit in the proxy, not clipped.
        let grey = "color=gray:s=320x180:r=25:d=0.4,format=yuv420p10le";
        let tags = ["-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc"];
        let codec = ["-c:v", "libx265", "-x265-params", "log-level=error"];
        let options = [&["-f", "lavfi", "-i", grey][..], &codec, &tags].concat();
        let Some(path) = clip(folder.path(), &format!("{transfer}.mp4"), &options) else { continue };
        let finished = taken(&path).await;
        assert_eq!((finished.probe.colour, finished.probe.bit_depth), (kind, 10));
        assert_browser_proxy(&finished);
        let shown = luma(&finished.proxy(0), 320, 180)[0][180 * 160];
        assert!((60..220).contains(&shown), "{transfer}: {shown}");
    }
    let ten_bit = ["-c:v", "libx264", "-pix_fmt", "yuv422p10le", "-c:a", "aac"];
    let path = made(folder.path(), "ten-bit.mov", &ten_bit).unwrap();
    let finished = taken(&path).await;
    assert_eq!((finished.probe.colour, finished.probe.bit_depth), (ColourKind::Standard, 10));
    assert_browser_proxy(&finished);
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_clips_and_single_frames_are_versions_too() {
    let folder = tempfile::tempdir().unwrap();
    let options = [&PICTURE[..], &["-c:v", "libx264", "-frames:v", "1"]].concat();
    let path = clip(folder.path(), "one.mp4", &options).unwrap();
    let finished = taken(&path).await;
    assert_eq!((finished.made.table.len(), finished.made.footage.has_audio), (1, false));
    assert_eq!((finished.made.peaks.as_deref(), &finished.made.sprites.frames[..]), (None, &[0][..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_was_shot_stays_in_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let place =
        ["-metadata", "location=+48.8577+002.295/", "-metadata", "artist=Someone", "-metadata", "comment=secret"];
    let options = [&["-c:v", "libx264", "-c:a", "aac", "-movflags", "use_metadata_tags"][..], &place].concat();
    let path = made(folder.path(), "place.mp4", &options).unwrap();
    let holds = |path: &Path, words: &str| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    };
    assert!(holds(&path, "48.8577") && holds(&path, "secret"));
    let finished = taken(&path).await;
    for entry in std::fs::read_dir(finished.folder.path()).unwrap() {
        let file = entry.unwrap().path();
        for words in ["48.8577", "Someone", "secret"] {
            assert!(!holds(&file, words), "{} tells {words}", file.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_come_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let source = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=60000/1001:d=0.5", "-c:v", "libx264"];
    for (name, label, expected) in [
        ("drop.mov", "01:00:00;58", StartTimecode { frames: 215_842, drop_frame: DropFrame::Drop }),
        ("plain.mov", "01:00:00:58", StartTimecode { frames: 216_058, drop_frame: DropFrame::NonDrop }),
    ] {
        let path = clip(folder.path(), name, &[&source[..], &["-timecode", label]].concat()).unwrap();
        let probed = probe(&tools(), &path).await.unwrap();
        assert_eq!(probed.footage.start_timecode, Some(expected), "{name}");
        assert_eq!(probed.footage.timecode().label(probed.footage.start_frames().into()), label);
    }
    let options = ["-c:v", "mpeg2video", "-c:a", "pcm_s16le", "-timecode", "10:00:00:00"];
    let path = made(folder.path(), "label.mxf", &options).unwrap();
    assert_eq!(recognise(&path), Ok(Container::Mxf));
    let footage = probe(&tools(), &path).await.unwrap().footage;
    assert_eq!(footage.timecode().label(footage.start_frames().into()), "10:00:00:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_keeps_to_what_browsers_seek_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let source = ["-f", "lavfi", "-i", "testsrc2=s=3840x2160:r=50:d=0.1", "-c:v", "libx264", "-preset", "ultrafast"];
    let path = clip(folder.path(), "large.mp4", &source).unwrap();
    let probed = probe(&tools(), &path).await.unwrap();
    let plan = plan(&probed, &Settings::default());
    let sizes: Vec<_> = plan.renditions.iter().map(|proxy| (proxy.width, proxy.height)).collect();
    assert_eq!((sizes, plan.key_frame_distance, plan.timescale), (vec![(1920, 1080), (960, 540)], 24, 50_000));
    let arguments = plan.arguments(Path::new("/in/-f concat")).into_iter().map(|word| word.into_string().unwrap());
    let arguments: Vec<String> = arguments.collect();
    let after = |option: &str| &arguments[arguments.iter().position(|word| word == option).unwrap() + 1];
    assert_eq!(after("-bf"), "0");
    assert_eq!(after("-fps_mode"), "passthrough");
    assert_eq!(after("-i"), "file:/in/-f concat");
    assert_eq!(after("-protocol_whitelist"), "file");
    assert_eq!(after("-f"), "mov");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_is_a_version_like_any_other() {
    let (tools, folder, cancel) = (tools(), tempfile::tempdir().unwrap(), CancellationToken::new());
    let path = folder.path().join("sample.mp4");
    generate_sample(&tools, SampleCut::Second, &path, &cancel).await.unwrap();
    let footage = probe(&tools, &path).await.unwrap().footage;
    assert_eq!((footage.width, footage.height, footage.frame_rate.to_string().as_str()), (1280, 720, "24"));
    assert_eq!((footage.frame_count, footage.rate_class, footage.has_audio), (480, RateClass::Constant, true));
    assert_eq!(footage.timecode().label(footage.start_frames().into()), "01:00:00:00");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else stays behind");
}
