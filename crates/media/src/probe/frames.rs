//! The frames that a source shows: by its index where that is simple, else by its packets.

use std::ffi::OsString;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use picturelock_domain::frame::{FrameTable, FrameTableError, TimeBase};
use tokio_util::sync::CancellationToken;

use super::report::Stream;
use super::{Scan, SourceFrames, blocking, file_argument, input_guards, reading, refusal_for, whole};
use crate::mp4::{Mp4Error, Shown, VideoTrack, read_video_track, shown};
use crate::run::{Job, Limits, Sink, Tool, run};
use crate::{Container, MediaError, Refused, Tools};

/// A day at 60 frames per second.
const FRAMES_MAX: u64 = 24 * 60 * 60 * 60;
/// A frame that stays longer than this is a fault or a trap.
const STILL_MAX_SECONDS: u64 = 300;

/// The frames that an index shows, in its track's ticks.
pub(super) struct Index {
    timescale: u32,
    shown: Shown,
}

/// The frames by the file's own index; none when only its packets can tell.
pub(super) async fn read_index(path: &Path) -> Result<Option<Index>, MediaError> {
    let path = path.to_owned();
    let track = blocking(move || read_video_track(&mut BufReader::new(File::open(path)?))).await?;
    let track = match track {
        Ok(track) => track,
        Err(Mp4Error::NoIndex) => return Err(Refused::NoIndex.into()),
        Err(Mp4Error::Io(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    if track.fragmented {
        return if track.cut_off { Err(Refused::CutOff.into()) } else { Ok(None) };
    }
    refuse_missing(&track)?;
    Ok(shown(&track).ok().map(|shown| Index { timescale: track.timescale, shown }))
}

fn refuse_missing(track: &VideoTrack) -> Result<(), Refused> {
    let (readable, expected) = (track.complete as u64, track.times.len() as u64);
    if readable < expected { Err(Refused::EndsEarly { readable, expected }) } else { Ok(()) }
}

pub(super) fn from_index(index: Index, video: &Stream) -> Result<SourceFrames, MediaError> {
    let Index { timescale, shown } = index;
    let base = TimeBase { num: 1, den: timescale };
    let table = table(base, &shown.times, shown.last_duration)?;
    // The demuxer's clock starts a cut-off first frame at the edit; sound must be moved by that clock.
    let first_tick = video.start_pts.unwrap_or(shown.times[0]);
    Ok(SourceFrames { table, first_tick, hidden: shown.hidden as u32, scan: Scan::Index })
}

pub(super) async fn from_packets(
    tools: &Tools,
    container: Container,
    path: &Path,
    file_bytes: u64,
    video: &Stream,
) -> Result<SourceFrames, MediaError> {
    let (num, den) = video.time_base().ok_or(Refused::Damaged)?;
    let mut arguments = input_guards(container);
    let entries = ["-show_entries", "packet=pts,dts,duration,flags", "-print_format", "csv=p=0", "-select_streams"];
    arguments.extend(entries.map(OsString::from));
    arguments.extend([video.index.to_string().into(), OsString::from("-i"), file_argument(path)]);
    // Reading at 4 MB/s is slow for any disk.
    let limits = Limits { wall: Duration::from_secs(120 + file_bytes / 4_000_000), file_bytes: 0 };
    let job = Job { tool: Tool::Ffprobe, arguments, folder: "/".into(), reach: reading(path), limits };
    let finished = run(tools, job, PacketTimes::default(), |_| {}, &CancellationToken::new()).await?;
    if !finished.sink_content {
        return Err(Refused::TooManyFrames(FRAMES_MAX).into());
    }
    if !finished.success {
        return Err(refusal_for(&finished.messages));
    }
    let (hidden, packets) = (finished.sink.hidden, finished.sink.packets);
    let (times, last_duration) = finished.sink.in_order(container);
    // Without the index at its end an MXF has frames, but no times.
    let readable = if times.is_empty() { packets } else { times.len() as u64 };
    let measured = (path.to_owned(), readable);
    let stated = video.nb_frames.as_deref().and_then(|count| count.parse().ok());
    let stated = stated.or(match container {
        Container::Mxf => video.duration_ts.and_then(|duration| u64::try_from(duration).ok()),
        _ => None,
    });
    blocking(move || whole::refuse_cut_off(container, &measured.0, measured.1, stated)).await??;
    let table = table(TimeBase { num, den }, &times, last_duration)?;
    Ok(SourceFrames { table, first_tick: times[0], hidden, scan: Scan::Packets })
}

fn table(base: TimeBase, times: &[i64], last_duration: u32) -> Result<FrameTable, Refused> {
    if times.len() as u64 > FRAMES_MAX {
        return Err(Refused::TooManyFrames(FRAMES_MAX));
    }
    FrameTable::from_times(base, times, last_duration).map_err(|error| match error {
        FrameTableError::Empty => Refused::NoPicture,
        FrameTableError::TooMany => Refused::TooManyFrames(FRAMES_MAX),
        FrameTableError::NotIncreasing(frame) => Refused::TimesNotIncreasing(frame),
        FrameTableError::TooLong(frame) => {
            Refused::Gap { frame: frame.saturating_sub(1), minutes: u64::from(u32::MAX) }
        }
        FrameTableError::TimeBase(..) => Refused::Damaged,
    })
}

pub(super) fn refuse_gaps(table: &FrameTable) -> Result<(), Refused> {
    let base = table.time_base();
    let mut frame = 0;
    for run in table.runs() {
        let seconds = u64::from(run.delta) * u64::from(base.num) / u64::from(base.den);
        if seconds > STILL_MAX_SECONDS {
            return Err(Refused::Gap { frame, minutes: seconds / 60 });
        }
        frame += run.count;
    }
    Ok(())
}

/// Times of packets, gathered from ffprobe's lines as they come.
#[derive(Debug, Default)]
struct PacketTimes {
    rest: Vec<u8>,
    shown: Vec<i64>,
    decoded: Vec<i64>,
    last: Option<(i64, u32)>,
    hidden: u32,
    packets: u64,
}

impl Sink for PacketTimes {
    fn take(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match byte {
                b'\n' => {
                    let line = std::mem::take(&mut self.rest);
                    self.line(&String::from_utf8_lossy(&line));
                }
                byte if self.rest.len() < 256 => self.rest.push(*byte),
                _ => return false,
            }
        }
        self.packets <= FRAMES_MAX
    }
}

impl PacketTimes {
    /// One packet: `pts,dts,duration,flags`, each but the last a number or N/A.
    fn line(&mut self, line: &str) {
        let mut fields = line.split(',');
        let mut number = || fields.next().and_then(|field| field.parse::<i64>().ok());
        let (pts, dts, duration) = (number(), number(), number());
        let Some(flags) = fields.next() else { return };
        if flags.contains('D') {
            self.hidden += 1;
            return;
        }
        self.packets += 1;
        self.shown.extend(pts);
        self.decoded.extend(dts);
        let duration = duration.and_then(|ticks| u32::try_from(ticks).ok());
        if let (Some(pts), Some(duration)) = (pts, duration)
            && self.last.is_none_or(|(latest, _)| latest < pts)
        {
            self.last = Some((pts, duration));
        }
    }

    /// When frames are shown, in order, and how long the last is. AVI has times of decoding only; elsewhere a
    /// packet without a time of showing is the second field of a frame.
    fn in_order(self, container: Container) -> (Vec<i64>, u32) {
        let mut times = if container == Container::Avi { self.decoded } else { self.shown };
        times.sort_unstable();
        let steady = times.len().checked_sub(2).map_or(1, |before| times[before + 1] - times[before]);
        let stated = self.last.map(|(_, duration)| duration).filter(|duration| *duration > 0);
        let duration = stated.unwrap_or_else(|| u32::try_from(steady).unwrap_or(1).max(1));
        (times, duration)
    }
}
