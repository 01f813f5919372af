//! What the tests of the media crate share: clips, tools, and reading frame numbers out of pixels.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use picturelock_domain::frame::FrameTable;
use picturelock_media::{CancellationToken, Made, MediaError, Probe, Settings, Tools, make, plan, probe};
use tempfile::TempDir;

/// The folder of shared test data, or none (which is printed) when this machine has none.
pub fn shared(below: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PICTURELOCK_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(below);
    if !path.exists() {
        println!("skipped: no test data at {}", path.display());
        return None;
    }
    Some(path)
}

pub fn tools() -> Tools {
    Tools::find().unwrap()
}

/// Frame-coded clips of `set` whose names contain `only`; none when the generator is missing.
pub fn coded_clips(set: &str, only: &str, seconds: &str) -> Option<Vec<PathBuf>> {
    let generator = shared("media-tools/make-frame-coded-clips")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clips-{set}-{seconds}-{only}"));
    std::fs::create_dir_all(&folder).unwrap();
    // Tests run side by side, also in processes of their own: one makes the clips, the others wait.
    let lock = std::fs::File::create(folder.join("lock.json")).unwrap();
    lock.lock().unwrap();
    let status = Command::new(generator)
        .args(["--set", set, "--only", only, "--seconds", seconds, "--keep", "--out"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let mut clips: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    clips.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    clips.sort();
    assert!(!clips.is_empty());
    Some(clips)
}

/// What a clip's sidecar says: the number that each shown frame carries, and its time in ticks.
pub fn sidecar(clip: &Path) -> Vec<(u32, i64)> {
    let text = std::fs::read_to_string(clip.with_extension("json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let frames = json["frames"].as_array().unwrap();
    frames.iter().map(|frame| (frame[0].as_u64().unwrap() as u32, frame[1].as_i64().unwrap())).collect()
}

/// A clip written by ffmpeg from generated sources; none (which is printed) when this ffmpeg cannot.
pub fn clip(folder: &Path, name: &str, arguments: &[&str]) -> Option<PathBuf> {
    let path = folder.join(name);
    let output =
        Command::new("ffmpeg").args(["-v", "error", "-nostdin", "-y"]).args(arguments).arg(&path).output().unwrap();
    if output.status.success() {
        return Some(path);
    }
    println!("skipped: {name} cannot be made: {}", String::from_utf8_lossy(&output.stderr));
    None
}

/// A finished version and the folder that holds it.
pub struct Finished {
    pub probe: Probe,
    pub made: Made,
    pub folder: TempDir,
}

impl Finished {
    pub fn proxy(&self, index: usize) -> PathBuf {
        self.folder.path().join(&self.made.proxies[index].name)
    }
}

/// The whole way of an upload.
pub async fn ingest(tools: &Tools, input: &Path) -> Result<Finished, MediaError> {
    let probe = probe(tools, input).await?;
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(&probe, &Settings::default());
    let cancel = CancellationToken::new();
    let result = make(tools, &plan, input, folder.path(), |_| {}, &cancel).await;
    if result.is_err() {
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "an unfinished file was left behind");
    }
    Ok(Finished { probe, made: result?, folder })
}

/// The picture of every frame of `file` as rows of luma, all frames as they are stored.
pub fn luma(file: &Path, width: usize, height: usize) -> Vec<Vec<u8>> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(["-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-vf"])
        .arg(format!("scale={width}:{height}"))
        .arg("-")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout.chunks_exact(width * height).map(<[u8]>::to_vec).collect()
}

/// The frame number that each picture of `file` carries; none for a void read.
pub fn bar_codes(file: &Path) -> Vec<Option<u32>> {
    luma(file, 640, 360).iter().map(|picture| bar_code(picture, 640, 360)).collect()
}

/// Reads the strip of 40 cells in two complementary rows, as the clips' generator documents it.
pub fn bar_code(picture: &[u8], width: usize, height: usize) -> Option<u32> {
    let row = |share: f64| (share * height as f64).round() as usize * width;
    let mut cells = [false; 40];
    for (index, cell) in cells.iter_mut().enumerate() {
        let x = ((index as f64 + 0.5) * width as f64 / 40.0) as usize;
        let (above, below) = (picture[row(0.08) + x], picture[row(0.16) + x]);
        if above.abs_diff(below) < 48 {
            return None;
        }
        *cell = above > below;
    }
    let number =
        |range: std::ops::Range<usize>| cells[range].iter().fold(0_u32, |sum, cell| sum << 1 | u32::from(*cell));
    let (sync, id, frame, check) = (number(0..4), number(4..8), number(8..32), number(32..40));
    let crc = [id, frame >> 16, frame >> 8, frame].iter().fold(0_u8, |crc, byte| {
        (0..8).fold(crc ^ *byte as u8, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { crc << 1 ^ 7 })
    });
    (sync == 0b1010 && check == u32::from(crc)).then_some(frame)
}

/// The mean luma of each frame in the flash patch of the frame-coded clips.
pub fn flashes(file: &Path) -> Vec<bool> {
    let (width, height) = (320, 180);
    let is_bright = |picture: Vec<u8>| picture[(0.8 * 180.0) as usize * width + (0.875 * 320.0) as usize] > 128;
    luma(file, width, height).into_iter().map(is_bright).collect()
}

/// The sound of `file` as samples of one channel at 48 kHz, from its time 0.
pub fn samples(file: &Path) -> Vec<i16> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(["-map", "0:a:0", "-af", "aresample=48000:async=1:first_pts=0", "-ac", "1", "-f", "s16le", "-"])
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// When `frame` begins, in seconds.
pub fn seconds(table: &FrameTable, frame: u32) -> f64 {
    let base = table.time_base();
    table.start_of(frame) as f64 * f64::from(base.num) / f64::from(base.den)
}

/// One value that ffprobe reports of the first picture track.
pub fn stream_value(file: &Path, entry: &str) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries", entry, "-of", "csv=p=0"])
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().trim_end_matches(',').to_owned()
}
