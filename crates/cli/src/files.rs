//! `probe` and `proxy`: media files without a server.

use std::path::{Path, PathBuf};

use picturelock_domain::frame::{DropFrame, FrameRate, FrameTable, RateClass};
use picturelock_domain::version::Footage;
use picturelock_media::{CancellationToken, Progress, Settings, Tools, make, plan, probe};
use serde::Serialize;

use crate::outcome::{Outcome, Stop};

/// Measures a media file.
#[derive(clap::Args)]
pub struct Probe {
    /// The file.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Makes frame-exact proxies of a media file.
#[derive(clap::Args)]
pub struct Proxy {
    /// The file.
    file: PathBuf,
    /// The folder to make them in; made if missing, must be empty.
    #[arg(long)]
    out: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Measured {
    frame_count: u32,
    frame_rate: FrameRate,
    rate_class: RateClass,
    start_timecode: Option<String>,
    drop_frame: bool,
    width: u32,
    height: u32,
    duration_ms: u64,
    has_audio: bool,
    description: String,
    video_codec: String,
    pixel_format: String,
    bit_depth: u8,
    bytes: u64,
}

#[derive(Serialize)]
struct Proxied {
    proxy: PathBuf,
    frame_table: FrameTable,
    frame_count: u32,
    frame_rate: FrameRate,
    rate_class: RateClass,
    start_timecode: Option<String>,
    drop_frame: bool,
    width: u32,
    height: u32,
    proxies: Vec<PathBuf>,
    poster: PathBuf,
    sprites: Vec<PathBuf>,
    peaks: Option<PathBuf>,
}

impl Probe {
    /// Measures and prints.
    pub async fn run(self) -> Outcome {
        let found = probe(&Tools::find()?, &self.file).await?;
        let footage = &found.footage;
        let (start_timecode, drop_frame) = start(footage);
        let measured = Measured {
            frame_count: footage.frame_count,
            frame_rate: footage.frame_rate,
            rate_class: footage.rate_class,
            start_timecode,
            drop_frame,
            width: footage.width,
            height: footage.height,
            duration_ms: footage.duration_ms,
            has_audio: footage.has_audio,
            description: footage.description.clone(),
            video_codec: found.video_codec.clone(),
            pixel_format: found.pixel_format.clone(),
            bit_depth: found.bit_depth,
            bytes: found.file_bytes,
        };
        if self.json {
            return print(&measured);
        }
        println!("{}", measured.description);
        println!("{} frames at {} fps, {}", measured.frame_count, measured.frame_rate, class(measured.rate_class));
        println!("{} × {}", measured.width, measured.height);
        println!("start {}", measured.start_timecode.as_deref().unwrap_or("not in the file"));
        Ok(())
    }
}

impl Proxy {
    /// Makes the proxies and prints where they are.
    pub async fn run(self) -> Outcome {
        let tools = Tools::find()?;
        let found = probe(&tools, &self.file).await?;
        std::fs::create_dir_all(&self.out).map_err(Stop::failed)?;
        let plan = plan(&found, &Settings::default());
        let cancel = CancellationToken::new();
        let stopping = cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stopping.cancel();
            }
        });
        let made = make(&tools, &plan, &self.file, &self.out, show, &cancel).await?;
        let at = |name: &String| self.out.join(name);
        let (start_timecode, drop_frame) = start(&made.footage);
        let Some(first) = made.proxies.first() else { return Err(Stop::failed("no proxy was made")) };
        let proxied = Proxied {
            proxy: at(&first.name),
            frame_count: made.table.len(),
            frame_rate: made.footage.frame_rate,
            rate_class: made.footage.rate_class,
            start_timecode,
            drop_frame,
            width: first.width,
            height: first.height,
            proxies: made.proxies.iter().map(|proxy| at(&proxy.name)).collect(),
            poster: at(&made.poster),
            sprites: made.sprites.sheets.iter().map(at).collect(),
            peaks: made.peaks.as_ref().map(at),
            frame_table: made.table,
        };
        if self.json {
            return print(&proxied);
        }
        println!("{} frames in {}", proxied.frame_count, shown(&proxied.proxy));
        Ok(())
    }
}

/// Progress on a terminal; silence in a pipe.
fn show(progress: Progress) {
    use std::io::{IsTerminal as _, Write as _};
    let mut screen = std::io::stderr();
    if screen.is_terminal() {
        // A terminal that cannot be written to is no reason to stop.
        let _ = write!(screen, "\r{} of {} frames", progress.frames_done, progress.frames_expected);
    }
}

fn start(footage: &Footage) -> (Option<String>, bool) {
    let label = footage.start_timecode.map(|start| footage.timecode().label(start.frames.into()));
    (label, footage.start_timecode.is_some_and(|start| start.drop_frame == DropFrame::Drop))
}

fn class(class: RateClass) -> &'static str {
    match class {
        RateClass::Constant => "constant",
        RateClass::Variable => "variable rate: timecode is by time",
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn print(value: &impl Serialize) -> Outcome {
    println!("{}", serde_json::to_string(value).map_err(Stop::failed)?);
    Ok(())
}
