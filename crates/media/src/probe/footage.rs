//! What a report and the frames say together.

use picturelock_domain::frame::DropFrame;
use picturelock_domain::frame::{FrameRate, FrameTable, RateClass, STANDARD_RATES, StartTimecode, TimeBase, Timecode};
use picturelock_domain::version::Footage;

use super::codecs::{picture_name, sound_is_taken, sound_name};
use super::report::{Report, Stream};
use super::{AudioTrack, Probe, Quarter, SourceFrames};
use crate::{Container, MediaError, Refused};

pub(super) fn measured(
    container: Container,
    report: &Report,
    video: &Stream,
    source: SourceFrames,
    file_bytes: u64,
) -> Result<Probe, MediaError> {
    let audio = audio_tracks(report);
    let (frame_rate, rate_class) = classify(&source.table, video.stated_rates());
    let (width, height) = shown_size(video);
    let footage = Footage {
        frame_count: source.table.len(),
        frame_rate,
        rate_class,
        start_timecode: start_timecode(report, video, frame_rate),
        width,
        height,
        duration_ms: milliseconds(source.table.duration(), source.table.time_base()),
        has_audio: !audio.is_empty(),
        description: description(container, video, &audio),
    };
    if width < 2 || height < 2 {
        return Err(Refused::PictureSize { width: width.into(), height: height.into() }.into());
    }
    Ok(Probe {
        container,
        footage,
        source,
        video_index: video.index,
        video_codec: video.codec_name.clone(),
        pixel_format: video.pix_fmt.clone(),
        bit_depth: video.bit_depth(),
        coded_width: video.width as u32,
        coded_height: video.height as u32,
        sample_aspect: video.sample_aspect(),
        rotation: video.rotation(),
        interlaced: video.is_interlaced(),
        colour: video.colour(),
        colour_matrix: video.colour_matrix(),
        audio,
        file_bytes,
    })
}

/// Ticks as milliseconds, rounded.
pub(crate) fn milliseconds(ticks: u64, base: TimeBase) -> u64 {
    let den = u128::from(base.den);
    ((u128::from(ticks) * u128::from(base.num) * 1000 + den / 2) / den) as u64
}

/// The rate whose grid the whole table keeps to, and whether there is one: what the container states first, then
/// the standard rates by their distance from the mean.
fn classify(table: &FrameTable, stated: impl Iterator<Item = FrameRate>) -> (FrameRate, RateClass) {
    let mut by_distance = STANDARD_RATES;
    by_distance.sort_by_key(|rate| distance_from_mean(table, *rate));
    let stated = stated.filter_map(FrameRate::standard);
    let fits = |rate: &FrameRate| table.class_at(*rate) == RateClass::Constant;
    match stated.chain(by_distance).find(fits) {
        Some(rate) => (rate, RateClass::Constant),
        None => (by_distance[0], RateClass::Variable),
    }
}

/// How far the table's end lies from where `rate` would put it, relative to `rate`, in parts of 2^32.
fn distance_from_mean(table: &FrameTable, rate: FrameRate) -> u128 {
    let base = table.time_base();
    let shown = u128::from(table.duration()) * u128::from(base.num) * u128::from(rate.num());
    let due = u128::from(table.len()) * u128::from(base.den) * u128::from(rate.den());
    // The larger of the two ratios, so that twice as fast is as far as half as fast.
    (shown.max(due) << 32) / shown.min(due).max(1)
}

/// The picture as people see it: turned, with square pixels. Pixels are stretched to be square, never dropped.
fn shown_size(video: &Stream) -> (u32, u32) {
    let (num, den) = video.sample_aspect();
    let (mut width, mut height) = (video.width, video.height);
    if num > den {
        width = (width * u64::from(num) + u64::from(den) / 2) / u64::from(den);
    } else {
        height = (height * u64::from(den) + u64::from(num) / 2) / u64::from(num);
    }
    let (width, height) = (width as u32, height as u32);
    match video.rotation() {
        Quarter::None | Quarter::Half => (width, height),
        Quarter::Left | Quarter::Right => (height, width),
    }
}

/// The label of the first frame, by the file's own timecode. `;` before the frames says drop-frame.
fn start_timecode(report: &Report, video: &Stream, rate: FrameRate) -> Option<StartTimecode> {
    let data = report.streams.iter().filter(|stream| stream.codec_type == "data").map(|stream| &stream.tags);
    let tags = std::iter::once(&video.tags).chain(data).chain(std::iter::once(&report.format.tags));
    tags.filter_map(|tags| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case("timecode")))
        .find_map(|(_, label)| read_label(label, rate))
}

fn read_label(label: &str, rate: FrameRate) -> Option<StartTimecode> {
    let drop_frame = if label.contains(';') { DropFrame::Drop } else { DropFrame::NonDrop };
    // A label that skips at a rate that has no drop-frame is wrong about the skipping, not about the time.
    let labels = Timecode::new(rate, drop_frame).unwrap_or(Timecode::non_drop(rate));
    let frames = labels.parse(label).ok()?;
    Some(StartTimecode { frames, drop_frame: labels.drop_frame() })
}

fn audio_tracks(report: &Report) -> Vec<AudioTrack> {
    let is_usable = |stream: &&Stream| {
        stream.codec_type == "audio" && sound_is_taken(&stream.codec_name) && (1..=64).contains(&stream.channels)
    };
    report
        .streams
        .iter()
        .filter(is_usable)
        .map(|stream| AudioTrack {
            index: stream.index,
            codec: stream.codec_name.clone(),
            channels: stream.channels,
            sample_rate: stream.sample_rate.as_deref().and_then(|rate| rate.parse().ok()).unwrap_or(0),
        })
        .filter(|track| (1000..=768_000).contains(&track.sample_rate))
        .collect()
}

fn description(container: Container, video: &Stream, audio: &[AudioTrack]) -> String {
    let mut words = vec![container.name().to_owned(), picture_name(&video.codec_name, video.profile.as_deref())];
    words.extend(audio.first().map(|track| sound_name(&track.codec)));
    words.join(", ")
}
