//! What to make of a file: sizes, times, and the exact arguments. Pure: the same probe gives the same plan.

mod arguments;
mod filters;

use std::time::Duration;

use picturelock_domain::frame::{FrameTable, RateClass, TimeBase};
use picturelock_domain::version::Footage;

use crate::Probe;
use crate::probe::milliseconds;

/// Samples per second of the proxies' sound.
pub(crate) const SOUND_RATE: u64 = 48_000;
/// Samples per second from which peaks are taken.
pub(crate) const PEAK_RATE: u32 = 8000;

/// The long side of a tile.
const TILE_SIDE: u32 = 160;
/// What decoders in browsers take; a banner's long side is held to it.
const LONG_SIDE_MAX: u32 = 8192;

/// What a server may choose about proxies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The short sides of the renditions, largest first; larger ones than the source are left out.
    pub short_sides: Vec<u32>,
    /// Constant rate factor of x264: 21 to 23.
    pub crf: u8,
    /// The most tiles in all sprite sheets together.
    pub tiles_max: u32,
    /// Threads for decoding; 0 lets ffmpeg choose.
    pub threads: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(16) as u32);
        Self { short_sides: vec![1080, 540], crf: 23, tiles_max: 1000, threads: cores }
    }
}

/// What will be made of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The probe this plan was made from.
    pub probe: Probe,
    /// The proxies, largest first; at least one. All show the same frames.
    pub renditions: Vec<Rendition>,
    /// Frames from key frame to key frame.
    pub key_frame_distance: u32,
    /// A tick of the proxies' encoders: one frame when the rate is constant.
    pub time_base: TimeBase,
    /// Ticks per second in the proxies' files.
    pub timescale: u32,
    /// The frame that stands for the version.
    pub poster_frame: u32,
    /// The sheets of small pictures.
    pub sprites: SpritePlan,
    /// Settings that it was made with.
    pub settings: Settings,
}

/// One proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// File name, such as `proxy-1080.mp4`: the number is the picture's short side.
    pub name: String,
    /// Width in pixels, even.
    pub width: u32,
    /// Height in pixels, even.
    pub height: u32,
    /// Upper limit of the picture's bit rate.
    pub max_kilobits: u32,
}

/// Sheets of small pictures for scrubbing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpritePlan {
    /// Width of a tile.
    pub tile_width: u32,
    /// Height of a tile.
    pub tile_height: u32,
    /// Tiles beside each other.
    pub columns: u32,
    /// Tiles above each other.
    pub rows: u32,
    /// Tile `i` shows frame `i · every`.
    pub every: u32,
    /// Tiles in all sheets.
    pub tiles: u32,
}

/// Decides what to make of the file that `probe` measured.
pub fn plan(probe: &Probe, settings: &Settings) -> Plan {
    let footage = &probe.footage;
    let renditions = renditions(footage, settings);
    let fast = footage.frame_rate.num() > 30 * footage.frame_rate.den();
    let key_frame_distance = if fast { 24 } else { 12 };
    let (time_base, timescale) = proxy_clock(footage, &probe.source.table);
    let sprites = sprites(footage, key_frame_distance, settings.tiles_max);
    let ten_seconds = 10 * footage.frame_rate.nominal();
    Plan {
        probe: probe.clone(),
        renditions,
        key_frame_distance,
        time_base,
        timescale,
        // Past a leader's fade-in, before the story is given away.
        poster_frame: (footage.frame_count / 10).min(ten_seconds),
        sprites,
        settings: settings.clone(),
    }
}

impl Plan {
    /// Whether the rate is constant, so that frame `n` is shown at tick `n`.
    pub(crate) fn class(&self) -> RateClass {
        self.probe.footage.rate_class
    }

    /// Samples of sound until the picture ends.
    pub(crate) fn sound_samples(&self) -> u64 {
        let table = &self.probe.source.table;
        let base = table.time_base();
        let den = u128::from(base.den);
        ((u128::from(table.duration()) * u128::from(base.num) * u128::from(SOUND_RATE) + den / 2) / den) as u64
    }

    /// Ample time for a slow machine with other work, so that only what hangs is stopped.
    pub(crate) fn wall_limit(&self) -> Duration {
        Duration::from_secs(900 + self.seconds() * 60)
    }

    /// More bytes than any of the files can have.
    pub(crate) fn file_limit(&self) -> u64 {
        let kilobits = self.renditions.first().map_or(0, |largest| u64::from(largest.max_kilobits)) + 400;
        (64 << 20) + self.seconds() * kilobits * 1000 / 8 * 2
    }

    fn seconds(&self) -> u64 {
        let table = &self.probe.source.table;
        milliseconds(table.duration(), table.time_base()).div_ceil(1000)
    }
}

fn renditions(footage: &Footage, settings: &Settings) -> Vec<Rendition> {
    let source_short = even(footage.width.min(footage.height));
    let mut sides: Vec<u32> = settings.short_sides.iter().map(|side| even(*side).min(source_short)).collect();
    sides.sort_unstable_by(|a, b| b.cmp(a));
    sides.dedup();
    if sides.is_empty() {
        sides.push(source_short);
    }
    sides.into_iter().map(|side| rendition(footage, side)).collect()
}

fn rendition(footage: &Footage, short_side: u32) -> Rendition {
    let (width, height) = (footage.width, footage.height);
    let scaled = |long: u32, short: u32| scaled_even(long, short_side, short).min(LONG_SIDE_MAX);
    let (width, height) =
        if width >= height { (scaled(width, height), short_side) } else { (short_side, scaled(height, width)) };
    let pixels = u64::from(width) * u64::from(height);
    // 12 Mbit/s at 1080p, less in proportion, never below 1.
    let max_kilobits = (pixels * 12_000 / (1920 * 1080)).clamp(1000, 40_000) as u32;
    Rendition { name: format!("proxy-{short_side}.mp4"), width, height, max_kilobits }
}

fn even(side: u32) -> u32 {
    (side & !1).max(2)
}

/// The even number nearest to `side · num / den`, but no larger than `side`.
fn scaled_even(side: u32, num: u32, den: u32) -> u32 {
    let (side, num, den) = (u64::from(side), u64::from(num), u64::from(den));
    let halves = (side * num + den) / (2 * den);
    even((2 * halves).min(side) as u32)
}

/// A tick of the encoders and ticks per second of the files. A constant rate counts frames; a variable one keeps
/// the source's clock where a file can hold it.
fn proxy_clock(footage: &Footage, table: &FrameTable) -> (TimeBase, u32) {
    match footage.rate_class {
        RateClass::Constant => {
            let rate = footage.frame_rate;
            let timescale = if rate.den() == 1 { rate.num() * 1000 } else { rate.num() };
            (TimeBase { num: rate.den(), den: rate.num() }, timescale)
        }
        RateClass::Variable => {
            let base = table.time_base();
            let kept = base.num == 1 && (240..=1_000_000).contains(&base.den);
            let timescale = if kept { base.den } else { 90_000 };
            (TimeBase { num: 1, den: timescale }, timescale)
        }
    }
}

fn sprites(footage: &Footage, key_frame_distance: u32, tiles_max: u32) -> SpritePlan {
    let frames = footage.frame_count;
    let every = frames.div_ceil(tiles_max.max(1)).next_multiple_of(key_frame_distance);
    let tiles = frames.div_ceil(every);
    let columns = tiles.min(10);
    let rows = tiles.div_ceil(columns).min(10);
    let long = footage.width.max(footage.height);
    let fit = |side: u32| scaled_even(side, TILE_SIDE.min(long), long);
    SpritePlan { tile_width: fit(footage.width), tile_height: fit(footage.height), columns, rows, every, tiles }
}
