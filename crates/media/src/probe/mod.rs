//! What a file is, measured: the picture, its frames and their times, the sound, the labels.

mod codecs;
mod footage;
mod frames;
mod report;
mod whole;

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use picturelock_domain::frame::{FrameTable, TimeBase};
use picturelock_domain::version::Footage;
use tokio_util::sync::CancellationToken;

use crate::run::{Collected, Job, Limits, Tool, run};
use crate::sandbox::Reach;
use crate::{Container, MediaError, Refused, Tools, recognise};

pub(crate) use codecs::{AUDIO_DECODERS, PICTURE_DECODERS};
pub(crate) use footage::milliseconds;
use report::Report;

/// More than any honest report of 64 tracks needs.
const REPORT_MAX: usize = 4 * 1024 * 1024;
pub(crate) const PIXELS_MAX: u64 = 70_000_000;
pub(crate) const TRACKS_MAX: usize = 64;

/// What was measured of a file before anything is made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The container, by the file's own bytes.
    pub container: Container,
    /// What is kept about the version.
    pub footage: Footage,
    /// The frames that the file shows.
    pub source: SourceFrames,
    /// The index of the picture's track among all tracks.
    pub video_index: u32,
    /// Codec of the picture as ffmpeg names it.
    pub video_codec: String,
    /// Pixel format as ffmpeg names it, such as `yuv422p10le`.
    pub pixel_format: String,
    /// Bits of each component.
    pub bit_depth: u8,
    /// Width as coded, before rotation and stretching.
    pub coded_width: u32,
    /// Height as coded.
    pub coded_height: u32,
    /// Width over height of one pixel.
    pub sample_aspect: (u32, u32),
    /// How far the picture must be turned to be seen upright.
    pub rotation: Quarter,
    /// Whether frames hold two fields.
    pub interlaced: bool,
    /// How colours are coded.
    pub colour: ColourKind,
    /// Matrix from which Y'CbCr was made, where the file says so, as ffmpeg names it.
    pub colour_matrix: Option<String>,
    /// The tracks of sound, in order.
    pub audio: Vec<AudioTrack>,
    /// The file's length in bytes.
    pub file_bytes: u64,
}

/// The frames that a file shows, by its own index or by its packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFrames {
    /// When each is shown, the first at 0.
    pub table: FrameTable,
    /// When the first is shown, in ticks of the table's time base on the demuxer's clock. Sound has the same clock.
    pub first_tick: i64,
    /// How many frames an edit list hides.
    pub hidden: u32,
    /// Where this is known from.
    pub scan: Scan,
}

impl SourceFrames {
    /// How long a tick of the table and of `first_tick` lasts.
    pub const fn time_base(&self) -> TimeBase {
        self.table.time_base()
    }
}

/// Where the frames of a source are known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// The sample tables of an MP4 or QuickTime file: no packet was read.
    Index,
    /// Every packet of the picture's track.
    Packets,
}

/// Clockwise turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quarter {
    /// Upright.
    None,
    /// A quarter turn clockwise.
    Right,
    /// Upside down.
    Half,
    /// A quarter turn anticlockwise.
    Left,
}

/// How colours are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourKind {
    /// Standard dynamic range, primaries near BT.709.
    Standard,
    /// Standard dynamic range with BT.2020 primaries.
    Wide,
    /// High dynamic range by SMPTE ST 2084.
    Pq,
    /// High dynamic range by hybrid log-gamma (ARIB STD-B67).
    Hlg,
}

/// One track of sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioTrack {
    /// Index among all tracks.
    pub index: u32,
    /// Codec as ffmpeg names it.
    pub codec: String,
    /// Channels.
    pub channels: u32,
    /// Samples per second.
    pub sample_rate: u32,
}

/// Measures the file at `path` in the sandbox.
///
/// # Errors
/// [`MediaError::Refused`] with the reason when the file cannot be used; others when the tools fail.
pub async fn probe(tools: &Tools, path: &Path) -> Result<Probe, MediaError> {
    let path = std::path::absolute(path)?;
    let recognised = path.clone();
    let container = blocking(move || recognise(&recognised)).await??;
    let file_bytes = tokio::fs::metadata(&path).await?.len();
    // First, because it costs least and tells best what is missing.
    let index = match container {
        Container::Mov | Container::Mp4 => frames::read_index(&path).await?,
        Container::Matroska | Container::WebM | Container::Mxf | Container::Avi => None,
        Container::MpegTs | Container::Wav => None,
    };
    let report = report(tools, container, &path).await?;
    let video = report.video()?;
    let source = match index {
        Some(index) => frames::from_index(index, video)?,
        None => frames::from_packets(tools, container, &path, file_bytes, video).await?,
    };
    frames::refuse_gaps(&source.table)?;
    footage::measured(container, &report, video, source, file_bytes)
}

async fn report(tools: &Tools, container: Container, path: &Path) -> Result<Report, MediaError> {
    let mut arguments = input_guards(container);
    arguments.extend(["-print_format", "json=compact=1", "-show_format", "-show_streams", "-i"].map(OsString::from));
    arguments.push(file_argument(path));
    let limits = Limits { wall: Duration::from_secs(90), file_bytes: 0 };
    let job = Job { tool: Tool::Ffprobe, arguments, folder: "/".into(), reach: reading(path), limits };
    let sink = Collected { bytes: Vec::new(), limit: REPORT_MAX };
    let finished = run(tools, job, sink, |_| {}, &CancellationToken::new()).await?;
    if !finished.success || !finished.sink_content {
        return Err(refusal_for(&finished.messages));
    }
    serde_json::from_slice(&finished.sink.bytes).map_err(|_| Refused::Damaged.into())
}

/// Why a tool that could not read the file says so.
pub(crate) fn refusal_for(messages: &[String]) -> MediaError {
    let says = |words: &str| messages.iter().any(|message| message.contains(words));
    if says("moov atom not found") {
        return Refused::NoIndex.into();
    }
    if says("Permission denied") || says("Operation not permitted") || says("Cannot allocate memory") {
        return MediaError::Failed { tool: "ffprobe", detail: messages.join("\n") };
    }
    tracing::info!(messages = messages.join("\n"), "a file could not be read");
    Refused::Damaged.into()
}

/// Options that come before every input: one demuxer, one protocol, known decoders, capped sizes.
pub(crate) fn input_guards(container: Container) -> Vec<OsString> {
    let decoders = format!("{PICTURE_DECODERS},{AUDIO_DECODERS}");
    let (pixels, tracks) = (PIXELS_MAX.to_string(), TRACKS_MAX.to_string());
    [
        "-hide_banner",
        "-loglevel",
        "level+error",
        "-f",
        container.demuxer(),
        "-format_whitelist",
        container.demuxer_names(),
        "-protocol_whitelist",
        "file",
        "-codec_whitelist",
        &decoders,
        "-max_pixels",
        &pixels,
        "-max_streams",
        &tracks,
        "-probesize",
        "16M",
        "-analyzeduration",
        "10M",
    ]
    .map(OsString::from)
    .to_vec()
}

/// `path` as an input that can be nothing but a file.
pub(crate) fn file_argument(path: &Path) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}

pub(crate) fn reading(path: &Path) -> Reach {
    Reach { read: vec![path.to_owned()], write: None }
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| MediaError::Io(std::io::Error::other(error)))
}
