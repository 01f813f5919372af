//! The first video track's samples: times, places in the file, edits.

use std::io::{Read, Seek, SeekFrom};

use super::Mp4Error;
use super::boxes::{BoxSpan, Fields, boxes, child};

/// As many frames as a [`picturelock_domain::frame::FrameTable`] can hold.
const SAMPLES_MAX: usize = 21_000_000;
const EDITS_MAX: usize = 10_000;
const TRACKS_MAX: usize = 64;

/// What the index says of the first video track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct VideoTrack {
    /// Ticks per second of the track.
    pub timescale: u32,
    /// Ticks per second of edit lengths.
    pub movie_timescale: u32,
    /// For each sample in the order of decoding, when it is shown.
    pub times: Vec<i64>,
    /// Ticks of the sample that is decoded last.
    pub last_duration: u32,
    /// How many samples are key frames; all when the file does not say.
    pub key_frames: usize,
    pub edits: Vec<Edit>,
    /// Samples whose bytes lie within the file.
    pub complete: usize,
    /// Whether there are samples outside this index, in fragments.
    pub fragmented: bool,
    /// Whether the file ends before one of its outermost boxes does.
    pub cut_off: bool,
}

/// One entry of an edit list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// In ticks of the movie; 0 means to the end.
    pub length: u64,
    /// In ticks of the track; -1 shows nothing.
    pub media_time: i64,
    /// Whether it plays at normal speed.
    pub normal_speed: bool,
}

/// Reads the index of the first video track that is not a cover picture.
///
/// # Errors
/// When there is none, or it contradicts itself.
pub(crate) fn read_video_track(file: &mut (impl Read + Seek)) -> Result<VideoTrack, Mp4Error> {
    let length = file.seek(SeekFrom::End(0))?;
    let top = boxes(file, 0, length)?;
    let moov = child(&top, b"moov").filter(|moov| !moov.is_cut).ok_or(Mp4Error::NoIndex)?;
    let movie = moov.children(file)?;
    let header = child(&movie, b"mvhd").ok_or(Mp4Error::Damaged("no movie header"))?;
    let movie_timescale = timescale(&header.body(file)?)?;
    let fragmented = child(&movie, b"mvex").is_some();
    for track in movie.iter().filter(|child| &child.kind == b"trak").take(TRACKS_MAX) {
        let parts = track.children(file)?;
        let Some(media) = child(&parts, b"mdia") else { continue };
        let media = media.children(file)?;
        if handler(file, &media)? != *b"vide" {
            continue;
        }
        let mut video = read_samples(file, &media, length)?;
        video.movie_timescale = movie_timescale;
        video.fragmented = fragmented;
        video.cut_off = top.iter().any(|outermost| outermost.is_cut);
        video.edits = read_edits(file, &parts)?;
        return Ok(video);
    }
    Err(Mp4Error::NoVideo)
}

fn timescale(header: &[u8]) -> Result<u32, Mp4Error> {
    let mut fields = Fields(header);
    let wide = fields.version()? == 1;
    fields.skip(if wide { 16 } else { 8 })?;
    match fields.u32()? {
        0 => Err(Mp4Error::Damaged("a time scale of zero")),
        scale => Ok(scale),
    }
}

fn handler(file: &mut (impl Read + Seek), media: &[BoxSpan]) -> Result<[u8; 4], Mp4Error> {
    let Some(handler) = child(media, b"hdlr") else { return Ok([0; 4]) };
    let body = handler.body(file)?;
    let mut fields = Fields(&body);
    fields.skip(8)?;
    Ok(fields.u32()?.to_be_bytes())
}

fn read_samples(file: &mut (impl Read + Seek), media: &[BoxSpan], file_length: u64) -> Result<VideoTrack, Mp4Error> {
    let find = |parent: &[BoxSpan], kind| child(parent, kind).ok_or(Mp4Error::Damaged("a table is missing"));
    let timescale = timescale(&find(media, b"mdhd")?.body(file)?)?;
    let info = find(media, b"minf")?.children(file)?;
    let tables = find(&info, b"stbl")?.children(file)?;
    let (mut times, last_duration) = decode_times(&find(&tables, b"stts")?.body(file)?)?;
    if let Some(offsets) = child(&tables, b"ctts") {
        add_offsets(&mut times, &offsets.body(file)?)?;
    }
    let key_frames = match child(&tables, b"stss") {
        Some(keys) => {
            let body = keys.body(file)?;
            let mut fields = Fields(&body);
            fields.version()?;
            fields.count(4)?
        }
        None => times.len(),
    };
    let sizes = find(&tables, b"stsz")?.body(file)?;
    let chunks = find(&tables, b"stsc")?.body(file)?;
    let (offsets, wide) = match child(&tables, b"co64") {
        Some(offsets) => (offsets.body(file)?, true),
        None => (find(&tables, b"stco")?.body(file)?, false),
    };
    let complete = complete_samples(&sizes, &chunks, &offsets, wide, file_length)?;
    Ok(VideoTrack { timescale, times, last_duration, key_frames, complete, ..VideoTrack::default() })
}

/// When each sample is decoded, and the duration of the last.
fn decode_times(stts: &[u8]) -> Result<(Vec<i64>, u32), Mp4Error> {
    let mut fields = Fields(stts);
    fields.version()?;
    let (mut times, mut time, mut last) = (Vec::new(), 0_i64, 0);
    for _ in 0..fields.count(8)? {
        let (count, delta) = (fields.u32()? as usize, fields.u32()?);
        if count > SAMPLES_MAX - times.len() {
            return Err(Mp4Error::Damaged("it has too many frames"));
        }
        for _ in 0..count {
            times.push(time);
            time += i64::from(delta);
        }
        last = if count > 0 { delta } else { last };
    }
    Ok((times, last))
}

/// Adds the composition offsets; they are read as signed whatever the version, as players do.
fn add_offsets(times: &mut [i64], ctts: &[u8]) -> Result<(), Mp4Error> {
    let mut fields = Fields(ctts);
    fields.version()?;
    let mut left = times.iter_mut();
    for _ in 0..fields.count(8)? {
        let (count, offset) = (fields.u32()? as usize, fields.i32()?);
        for time in left.by_ref().take(count) {
            *time += i64::from(offset);
        }
    }
    Ok(())
}

/// How many samples lie wholly within the file.
fn complete_samples(stsz: &[u8], stsc: &[u8], offsets: &[u8], wide: bool, file_length: u64) -> Result<usize, Mp4Error> {
    let mut sizes = Fields(stsz);
    sizes.version()?;
    let steady = sizes.u32()?;
    let total = if steady == 0 { sizes.count(4)? } else { sizes.u32()? as usize };
    if total > SAMPLES_MAX {
        return Err(Mp4Error::Damaged("it has too many frames"));
    }
    let mut places = Fields(offsets);
    places.version()?;
    let chunk_count = places.count(if wide { 8 } else { 4 })?;
    let mut runs = Fields(stsc);
    runs.version()?;
    let run_count = runs.count(12)?;
    let mut next_run = (0..run_count).map(|_| -> Result<(usize, u32), Mp4Error> {
        let run = (runs.u32()? as usize, runs.u32()?);
        runs.skip(4)?;
        Ok(run)
    });
    let mut upcoming = next_run.next().transpose()?;
    let (mut seen, mut complete, mut per_chunk) = (0, 0, 0);
    for chunk in 1..=chunk_count {
        if let Some((_, samples)) = upcoming.filter(|(first, _)| *first <= chunk) {
            per_chunk = samples;
            upcoming = next_run.next().transpose()?;
        }
        let mut end = if wide { places.u64()? } else { u64::from(places.u32()?) };
        for _ in 0..per_chunk {
            if seen == total {
                return Ok(complete);
            }
            end = end.saturating_add(u64::from(if steady == 0 { sizes.u32()? } else { steady }));
            seen += 1;
            complete += usize::from(end <= file_length);
        }
    }
    Ok(complete)
}

fn read_edits(file: &mut (impl Read + Seek), track: &[BoxSpan]) -> Result<Vec<Edit>, Mp4Error> {
    let Some(list) = child(track, b"edts") else { return Ok(Vec::new()) };
    let children = list.children(file)?;
    let Some(list) = child(&children, b"elst") else { return Ok(Vec::new()) };
    let body = list.body(file)?;
    let mut fields = Fields(&body);
    let wide = fields.version()? == 1;
    let count = fields.count(if wide { 20 } else { 12 })?;
    if count > EDITS_MAX {
        return Err(Mp4Error::Damaged("it has too many edits"));
    }
    (0..count)
        .map(|_| {
            let (length, media_time) = match wide {
                true => (fields.u64()?, fields.i64()?),
                false => (u64::from(fields.u32()?), i64::from(fields.i32()?)),
            };
            Ok(Edit { length, media_time, normal_speed: fields.u32()? == 0x0001_0000 })
        })
        .collect()
}
