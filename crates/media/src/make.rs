//! Everything that a version needs, from one decode of its file, and the gate that it must pass.

use std::path::{Path, PathBuf};

use picturelock_domain::frame::{FrameTable, RateClass, Run};
use picturelock_domain::version::Footage;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::mp4::{Mp4Error, read_frame_table};
use crate::peaks::{Peaks, PeaksBuilder};
use crate::probe::blocking;
use crate::run::{Job, Limits, Tool, run};
use crate::sandbox::Reach;
use crate::{MediaError, Plan, Refused, Tools};

const POSTER: &str = "poster.jpg";
const PEAKS: &str = "peaks.json";

/// How far the work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Frames that are in the proxies.
    pub frames_done: u32,
    /// Frames that will be.
    pub frames_expected: u32,
}

/// What was made of a version's file. Names are those of files in the output folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// What is known of the version.
    pub footage: Footage,
    /// When each frame of every proxy is shown.
    pub table: FrameTable,
    /// The proxies, largest first.
    pub proxies: Vec<Proxy>,
    /// The picture that stands for the version.
    pub poster: String,
    /// Small pictures for scrubbing.
    pub sprites: Sprites,
    /// Peaks of the sound, if there is any.
    pub peaks: Option<String>,
}

/// One proxy: H.264 and AAC in MP4, every frame of the source in its order, the first at 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// File name.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Length of the file.
    pub bytes: u64,
}

/// Sheets of tiles, filled row by row, `columns` to a row and as many rows as a sheet is high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sprites {
    /// Width of a tile.
    pub tile_width: u32,
    /// Height of a tile.
    pub tile_height: u32,
    /// Tiles beside each other.
    pub columns: u32,
    /// File names, in order.
    pub sheets: Vec<String>,
    /// The frame that each tile shows, over all sheets.
    pub frames: Vec<u32>,
}

/// Makes what `plan` says of `input` in `out`, which must be an empty folder. On failure it is empty again.
///
/// # Errors
/// [`MediaError::Refused`] when what comes out are not exactly the frames of the source.
pub async fn make(
    tools: &Tools,
    plan: &Plan,
    input: &Path,
    out: &Path,
    on_progress: impl Fn(Progress) + Send + Sync,
    cancel: &CancellationToken,
) -> Result<Made, MediaError> {
    let (input, out) = (std::path::absolute(input)?, std::path::absolute(out)?);
    if std::fs::read_dir(&out)?.next().is_some() {
        return Err(std::io::Error::other("the output folder is not empty").into());
    }
    let clearing = ClearOnDrop(Some(out.clone()));
    let peaks = transcode(tools, plan, &input, &out, on_progress, cancel).await?;
    let made = {
        let (plan, out) = (plan.clone(), out.clone());
        blocking(move || gathered(&plan, &out, peaks)).await??
    };
    clearing.keep();
    Ok(made)
}

async fn transcode(
    tools: &Tools,
    plan: &Plan,
    input: &Path,
    out: &Path,
    on_progress: impl Fn(Progress),
    cancel: &CancellationToken,
) -> Result<Option<Peaks>, MediaError> {
    let expected = plan.probe.footage.frame_count;
    let job = Job {
        tool: Tool::Ffmpeg,
        arguments: plan.arguments(input),
        folder: out.to_owned(),
        reach: Reach { read: vec![input.to_owned()], write: Some(out.to_owned()) },
        limits: Limits { wall: plan.wall_limit(), file_bytes: plan.file_limit() },
    };
    let (mut done, mut damaged_near_end) = (0, false);
    // ffmpeg reports twice a second: damage seen within the last seconds belongs to the end of the file.
    let end_begins = expected.saturating_sub(10 * plan.probe.footage.frame_rate.nominal());
    let on_line = |line: &str| match line.strip_prefix("frame=") {
        Some(frames) => {
            done = frames.trim().parse().unwrap_or(done);
            on_progress(Progress { frames_done: done.min(expected), frames_expected: expected });
        }
        None => damaged_near_end |= done >= end_begins && tells_of_missing_data(line),
    };
    let sink = PeaksBuilder::new(plan.probe.footage.duration_ms);
    let finished = run(tools, job, sink, on_line, cancel).await?;
    let says = |words: &str| finished.messages.iter().any(|message| message.contains(words));
    if finished.success && !says("File ended prematurely") && !damaged_near_end && finished.sink_content {
        return Ok(finished.sink.finish());
    }
    if says("No space left") || says("Cannot allocate memory") || says("Permission denied") || says("Error reinit") {
        return Err(MediaError::Failed { tool: "ffmpeg", detail: finished.messages.join("\n") });
    }
    tracing::info!(messages = finished.messages.join("\n"), done, expected, "a file could not be transcoded");
    Err(if finished.success { Refused::CutOff } else { Refused::Damaged }.into())
}

/// Decoders' words for a picture of which a part was not there.
fn tells_of_missing_data(line: &str) -> bool {
    const WORDS: [&str; 7] = [
        "error while decoding",
        "concealing",
        "corrupt decoded frame",
        "partial file",
        "Invalid NAL unit size",
        "damaged at",
        "truncated",
    ];
    WORDS.iter().any(|words| line.contains(words))
}

/// Reads back what was made, and lets it pass only when every count and time agrees.
fn gathered(plan: &Plan, out: &Path, peaks: Option<Peaks>) -> Result<Made, MediaError> {
    let mut table: Option<FrameTable> = None;
    let mut proxies = Vec::new();
    for rendition in &plan.renditions {
        let path = out.join(&rendition.name);
        let read = read_frame_table(&path).map_err(|error| unreadable_proxy(plan, &error))?;
        let read = pass_gate(plan, read)?;
        if table.as_ref().is_some_and(|first| *first != read) {
            return Err(MediaError::Failed { tool: "ffmpeg", detail: "the proxies' frames differ".to_owned() });
        }
        let (name, bytes) = (rendition.name.clone(), path.metadata()?.len());
        proxies.push(Proxy { name, width: rendition.width, height: rendition.height, bytes });
        table = Some(read);
    }
    let table = table.ok_or_else(|| MediaError::Failed { tool: "ffmpeg", detail: "no proxy was made".to_owned() })?;
    let sprites = gathered_sprites(plan, out)?;
    out.join(POSTER).metadata()?;
    let peaks_name = peaks.as_ref().map(|_| PEAKS.to_owned());
    if let Some(peaks) = peaks {
        std::fs::write(out.join(PEAKS), serde_json::to_vec(&peaks).map_err(std::io::Error::other)?)?;
    }
    let footage = plan.probe.footage.clone();
    Ok(Made { footage, table, proxies, poster: POSTER.to_owned(), sprites, peaks: peaks_name })
}

fn unreadable_proxy(plan: &Plan, error: &Mp4Error) -> MediaError {
    match error {
        Mp4Error::Table(picturelock_domain::frame::FrameTableError::Empty) => {
            let source_frames = plan.probe.footage.frame_count.into();
            Refused::FramesDiffer { source_frames, decoded: 0 }.into()
        }
        other => MediaError::Failed { tool: "ffmpeg", detail: format!("a proxy cannot be read: {other}") },
    }
}

/// Proxy frames, table and shown frames of the source are equal in number, and each begins when it should.
/// Gives the table to keep: at a constant rate the last frame, whose end no frame marks, lasts as long as any.
fn pass_gate(plan: &Plan, made: FrameTable) -> Result<FrameTable, MediaError> {
    let source = &plan.probe.source.table;
    if made.len() != source.len() {
        let (source_frames, decoded) = (source.len().into(), made.len().into());
        return Err(Refused::FramesDiffer { source_frames, decoded }.into());
    }
    let changed = || MediaError::Failed { tool: "ffmpeg", detail: "frame times were changed".to_owned() };
    match plan.class() {
        RateClass::Constant => {
            let delta = plan.timescale / plan.time_base.den * plan.time_base.num;
            let steady = FrameTable::from_runs(made.time_base(), vec![Run { delta, count: made.len() }]);
            steady.ok().filter(|steady| starts_agree(steady, &made)).ok_or_else(changed)
        }
        RateClass::Variable if source.time_base() != made.time_base() => {
            let is_variable = made.class_at(plan.probe.footage.frame_rate) == RateClass::Variable;
            if is_variable { Ok(made) } else { Err(changed()) }
        }
        RateClass::Variable => {
            if starts_agree(source, &made) {
                Ok(made)
            } else {
                Err(changed())
            }
        }
    }
}

/// Whether all frames begin at the same ticks of the same clock.
fn starts_agree(one: &FrameTable, other: &FrameTable) -> bool {
    let deltas = |table: &FrameTable| {
        let (runs, gaps) = (table.runs().to_vec(), table.len() as usize - 1);
        runs.into_iter().flat_map(|run| std::iter::repeat_n(run.delta, run.count as usize)).take(gaps)
    };
    one.len() == other.len() && deltas(one).eq(deltas(other))
}

fn gathered_sprites(plan: &Plan, out: &Path) -> Result<Sprites, MediaError> {
    let sprites = &plan.sprites;
    let sheets: Vec<String> = (0..sprites.tiles.div_ceil(sprites.columns * sprites.rows))
        .map(|sheet| format!("sprite-{sheet}.jpg"))
        .collect();
    for sheet in &sheets {
        out.join(sheet).metadata()?;
    }
    Ok(Sprites {
        tile_width: sprites.tile_width,
        tile_height: sprites.tile_height,
        columns: sprites.columns,
        sheets,
        frames: (0..sprites.tiles).map(|tile| tile * sprites.every).collect(),
    })
}

/// Empties the output folder unless the work was finished.
struct ClearOnDrop(Option<PathBuf>);

impl ClearOnDrop {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for ClearOnDrop {
    fn drop(&mut self) {
        let Some(folder) = &self.0 else { return };
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            if let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::warn!(%error, "an unfinished file stays behind");
            }
        }
    }
}
