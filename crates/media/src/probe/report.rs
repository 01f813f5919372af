//! ffprobe's report, read as what it is: claims of a stranger's file.

use std::collections::HashMap;

use picturelock_domain::frame::FrameRate;
use serde::Deserialize;

use super::codecs::picture_is_taken;
use super::{ColourKind, PIXELS_MAX, Quarter, TRACKS_MAX};
use crate::Refused;

const SIDE_MAX: u64 = 16_384;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Report {
    pub streams: Vec<Stream>,
    pub format: Format,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Format {
    pub duration: Option<String>,
    pub tags: HashMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stream {
    pub index: u32,
    pub codec_type: String,
    pub codec_name: String,
    pub codec_tag_string: String,
    pub profile: Option<String>,
    pub width: u64,
    pub height: u64,
    pub sample_aspect_ratio: Option<String>,
    pub pix_fmt: String,
    pub bits_per_raw_sample: Option<String>,
    pub field_order: Option<String>,
    pub color_transfer: Option<String>,
    pub color_primaries: Option<String>,
    pub color_space: Option<String>,
    pub r_frame_rate: String,
    pub avg_frame_rate: String,
    pub time_base: String,
    pub start_pts: Option<i64>,
    pub duration_ts: Option<i64>,
    pub nb_frames: Option<String>,
    pub channels: u32,
    pub sample_rate: Option<String>,
    pub disposition: Disposition,
    pub tags: HashMap<String, String>,
    pub side_data_list: Vec<SideData>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Disposition {
    pub attached_pic: u8,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SideData {
    pub rotation: Option<f64>,
}

impl Report {
    /// The picture: the first that is no cover, of a size and a codec that are taken.
    pub fn video(&self) -> Result<&Stream, Refused> {
        if self.streams.len() > TRACKS_MAX {
            return Err(Refused::TooManyTracks(self.streams.len()));
        }
        let is_picture = |stream: &&Stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0;
        let video = self.streams.iter().find(is_picture).ok_or(Refused::NoPicture)?;
        if matches!(video.codec_tag_string.as_str(), "encv" | "drmi" | "drmt") {
            return Err(Refused::Protected);
        }
        if !picture_is_taken(&video.codec_name) {
            return Err(Refused::Codec(video.codec_name.chars().filter(|c| c.is_ascii_graphic()).take(40).collect()));
        }
        let sides = [video.width, video.height];
        if sides.iter().any(|side| !(1..=SIDE_MAX).contains(side)) || video.width * video.height > PIXELS_MAX {
            return Err(Refused::PictureSize { width: video.width, height: video.height });
        }
        Ok(video)
    }
}

impl Stream {
    /// The rates that the container states, most exact first.
    pub fn stated_rates(&self) -> impl Iterator<Item = FrameRate> + '_ {
        [&self.r_frame_rate, &self.avg_frame_rate].into_iter().filter_map(|text| {
            let (num, den) = fraction(text, '/')?;
            FrameRate::new(num, den).ok()
        })
    }

    /// Seconds in a tick, as a fraction.
    pub fn time_base(&self) -> Option<(u32, u32)> {
        fraction(&self.time_base, '/').filter(|(num, den)| num <= den)
    }

    /// Width over height of a pixel; square unless the file says something believable.
    pub fn sample_aspect(&self) -> (u32, u32) {
        let stated = self.sample_aspect_ratio.as_deref().and_then(|text| fraction(text, ':'));
        stated.filter(|(num, den)| *num <= 8 * *den && *den <= 8 * *num).unwrap_or((1, 1))
    }

    /// How far the picture must be turned to be upright.
    pub fn rotation(&self) -> Quarter {
        // ffprobe reports the anticlockwise angle.
        let angle = self.side_data_list.iter().find_map(|side| side.rotation).unwrap_or(0.0);
        match (angle / 90.0).round().rem_euclid(4.0) as i64 {
            1 => Quarter::Left,
            2 => Quarter::Half,
            3 => Quarter::Right,
            _ => Quarter::None,
        }
    }

    pub fn bit_depth(&self) -> u8 {
        let stated = self.bits_per_raw_sample.as_deref().and_then(|bits| bits.parse().ok());
        let by_format = ["16", "14", "12", "10", "9"].into_iter().find(|bits| {
            let ends = [format!("p{bits}le"), format!("p{bits}be"), format!("gray{bits}le"), format!("p0{bits}le")];
            ends.iter().any(|end| self.pix_fmt.ends_with(end))
        });
        let depth = stated.or_else(|| by_format.and_then(|bits| bits.parse().ok()));
        depth.filter(|depth| (1..=32).contains(depth)).unwrap_or(8)
    }

    pub fn is_interlaced(&self) -> bool {
        matches!(self.field_order.as_deref(), Some("tt" | "bb" | "tb" | "bt"))
    }

    pub fn colour(&self) -> ColourKind {
        match (self.color_transfer.as_deref(), self.color_primaries.as_deref()) {
            (Some("smpte2084"), _) => ColourKind::Pq,
            (Some("arib-std-b67"), _) => ColourKind::Hlg,
            (_, Some("bt2020")) => ColourKind::Wide,
            _ => ColourKind::Standard,
        }
    }

    /// The matrix, if it is one that the scaler knows.
    pub fn colour_matrix(&self) -> Option<String> {
        let known = ["bt709", "smpte170m", "bt470bg", "fcc", "smpte240m", "bt2020nc", "bt2020c"];
        self.color_space.clone().filter(|matrix| known.contains(&matrix.as_str()))
    }
}

/// A fraction of two positive numbers.
fn fraction(text: &str, separator: char) -> Option<(u32, u32)> {
    let (num, den) = text.split_once(separator)?;
    let (num, den) = (num.parse().ok()?, den.parse().ok()?);
    (num > 0 && den > 0).then_some((num, den))
}
