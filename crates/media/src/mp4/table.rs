//! From samples and edits to the frames that are shown.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use picturelock_domain::frame::{FrameTable, TimeBase};

use super::{Mp4Error, VideoTrack, read_video_track};

/// The frames that a track shows, in the order of showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// When each is shown, in ticks of the track, increasing; counted from the start of the movie.
    pub times: Vec<i64>,
    /// How long the last is shown, in ticks.
    pub last_duration: u32,
    /// How many samples an edit hides.
    pub hidden: usize,
}

/// Reads the frame table of a finished MP4, such as a proxy, from its sample tables.
///
/// # Errors
/// When the file has no usable index, its frames are fragmented or out of order, or its first is not at 0.
pub fn read_frame_table(path: &Path) -> Result<FrameTable, Mp4Error> {
    let track = read_video_track(&mut BufReader::new(File::open(path)?))?;
    if track.fragmented {
        return Err(Mp4Error::NotSimple("fragments"));
    }
    if track.complete != track.times.len() {
        return Err(Mp4Error::Damaged("frames are missing"));
    }
    let shown = shown(&track)?;
    if shown.times.first().is_some_and(|first| *first != 0) {
        return Err(Mp4Error::Damaged("its first frame is not shown at zero"));
    }
    Ok(FrameTable::from_times(TimeBase { num: 1, den: track.timescale }, &shown.times, shown.last_duration)?)
}

/// Which frames `track` shows and when: empty edits delay them, and one edit may cut off both ends. A frame
/// belongs to an edit when it begins in it, which is the rule of the decoder that makes the proxies.
pub(crate) fn shown(track: &VideoTrack) -> Result<Shown, Mp4Error> {
    let mut times = track.times.clone();
    times.sort_unstable();
    let empty = track.edits.iter().take_while(|edit| edit.media_time == -1);
    let delay: u64 = empty.clone().fold(0, |sum, edit| sum.saturating_add(edit.length));
    let delay = rescale(delay, track.movie_timescale, track.timescale)?;
    let whole = times.len();
    let mut end = i64::MAX;
    let start = match &track.edits[empty.count()..] {
        [] => 0,
        [edit] if edit.normal_speed && edit.media_time >= 0 => {
            if edit.length > 0 {
                let length = rescale(edit.length, track.movie_timescale, track.timescale)?;
                end = edit.media_time.saturating_add(length);
            }
            edit.media_time
        }
        [_] => return Err(Mp4Error::NotSimple("an edit that changes the speed")),
        _ => return Err(Mp4Error::NotSimple("several edits")),
    };
    times.retain(|time| (start..end).contains(time));
    let last_duration = match times.last() {
        Some(last) => i64::from(track.last_duration).min(end.saturating_sub(*last)).max(1),
        None => 1,
    };
    let shift = delay.checked_sub(start).ok_or(Mp4Error::Damaged("an edit is out of range"))?;
    for time in &mut times {
        *time = time.checked_add(shift).ok_or(Mp4Error::Damaged("an edit is out of range"))?;
    }
    let hidden = whole - times.len();
    Ok(Shown { times, last_duration: last_duration as u32, hidden })
}

fn rescale(ticks: u64, from: u32, to: u32) -> Result<i64, Mp4Error> {
    let (from, to) = (u128::from(from), u128::from(to));
    let rounded = (u128::from(ticks) * to + from / 2) / from.max(1);
    i64::try_from(rounded).map_err(|_| Mp4Error::Damaged("an edit is out of range"))
}
