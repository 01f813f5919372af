//! Indexes built by hand, and indexes broken at random.

use std::io::Cursor;

use proptest::prelude::*;

use super::{Mp4Error, read_video_track, shown};

/// What a test's index says.
#[derive(Clone, Debug)]
struct Index {
    timescale: u32,
    movie_timescale: u32,
    durations: Vec<(u32, u32)>,
    offsets: Vec<(u32, i32)>,
    edits: Vec<(u32, i32)>,
    samples: u32,
    /// Bytes of frames that are really there; each frame has ten.
    present: u64,
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn table(kind: &[u8; 4], pairs: impl IntoIterator<Item = Vec<u32>>) -> Vec<u8> {
    let rows: Vec<Vec<u32>> = pairs.into_iter().collect();
    let mut body = vec![0; 4];
    body.extend((rows.len() as u32).to_be_bytes());
    body.extend(rows.iter().flatten().flat_map(|field| field.to_be_bytes()));
    boxed(kind, &body)
}

fn header(kind: &[u8; 4], timescale: u32) -> Vec<u8> {
    boxed(kind, &[&[0; 12][..], &timescale.to_be_bytes(), &[0; 8]].concat())
}

impl Index {
    fn steady(frames: u32) -> Self {
        Self {
            timescale: 24_000,
            movie_timescale: 1000,
            durations: vec![(frames, 1001)],
            offsets: vec![],
            edits: vec![],
            samples: frames,
            present: u64::from(frames) * 10,
        }
    }

    fn file(&self) -> Vec<u8> {
        let mut sizes = vec![0; 4];
        sizes.extend(10_u32.to_be_bytes());
        sizes.extend(self.samples.to_be_bytes());
        // The frames come first: eight bytes of header, then ten for each.
        let tables = [
            table(b"stts", self.durations.iter().map(|(count, delta)| vec![*count, *delta])),
            table(b"ctts", self.offsets.iter().map(|(count, offset)| vec![*count, offset.cast_unsigned()])),
            boxed(b"stsz", &sizes),
            table(b"stsc", [vec![1, self.samples, 1]]),
            table(b"stco", [vec![8]]),
        ]
        .concat();
        let edits = self.edits.iter().map(|(length, start)| vec![*length, start.cast_unsigned(), 0x0001_0000]);
        let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0");
        let media = [header(b"mdhd", self.timescale), handler, boxed(b"minf", &boxed(b"stbl", &tables))].concat();
        let track = [boxed(b"edts", &table(b"elst", edits)), boxed(b"mdia", &media)].concat();
        let movie = boxed(b"moov", &[header(b"mvhd", self.movie_timescale), boxed(b"trak", &track)].concat());
        let frames = vec![0; usize::try_from(self.present).expect("few")];
        // A file that is cut off after its frames: the index is at its start there.
        [boxed(b"mdat", &frames), movie].concat()
    }

    fn times(&self) -> Result<Vec<i64>, Mp4Error> {
        shown(&read_video_track(&mut Cursor::new(self.file()))?).map(|shown| shown.times)
    }
}

#[test]
fn frames_are_shown_in_their_order_whatever_the_order_of_decoding() {
    let index = Index { offsets: vec![(1, 2002), (1, 4004), (1, 0), (1, 0)], ..Index::steady(4) };
    assert_eq!(index.times().expect("times"), [2002, 2002, 3003, 5005]);
    let negative = Index { offsets: vec![(1, 0), (1, 1001), (1, -1001)], ..Index::steady(3) };
    assert_eq!(negative.times().expect("times"), [0, 1001, 2002]);
}

#[test]
fn an_empty_edit_delays_and_a_cut_hides() {
    let delayed = Index { edits: vec![(500, -1), (167, 0)], ..Index::steady(4) };
    assert_eq!(delayed.times().expect("times"), [12_000, 13_001, 14_002, 15_003]);
    // From the middle of frame 1: it begins before the edit does, so frame 2 is the first.
    let cut = Index { edits: vec![(84, 1500)], ..Index::steady(8) };
    assert_eq!(cut.times().expect("times"), [502, 1503]);
    let twice = Index { edits: vec![(84, 0), (84, 0)], ..Index::steady(8) };
    assert!(matches!(twice.times(), Err(Mp4Error::NotSimple(_))));
}

#[test]
fn frames_beyond_the_end_of_the_file_are_counted_as_missing() {
    let whole = Index::steady(100).file();
    let track = read_video_track(&mut Cursor::new(&whole)).expect("a track");
    assert_eq!((track.complete, track.times.len()), (100, 100));
    // Twice as many frames promised as there are bytes for in the whole file.
    let index = Index { samples: 4000, durations: vec![(4000, 1001)], ..Index::steady(100) };
    let file = index.file();
    let track = read_video_track(&mut Cursor::new(&file)).expect("a track");
    assert_eq!(track.complete, (file.len() - 8) / 10);
    assert_eq!(track.times.len(), 4000);
}

#[test]
fn numbers_beyond_reason_are_refused_without_memory() {
    let endless = Index { durations: vec![(u32::MAX, 1), (u32::MAX, 1)], ..Index::steady(4) };
    assert!(matches!(endless.times(), Err(Mp4Error::Damaged(_))));
    assert!(matches!(Index { timescale: 0, ..Index::steady(4) }.times(), Err(Mp4Error::Damaged(_))));
    assert!(matches!(read_video_track(&mut Cursor::new(b"")), Err(Mp4Error::NoIndex)));
    // A table that claims four thousand million rows in a box of sixteen bytes.
    let mut file = Index::steady(4).file();
    let at = file.windows(4).position(|kind| kind == b"stts").expect("the table");
    file[at + 8..at + 12].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(matches!(read_video_track(&mut Cursor::new(&file)), Err(Mp4Error::Damaged(_))));
}

proptest! {
    #[test]
    fn any_index_is_read_or_refused(
        at in prop::collection::vec((0_usize..700, any::<u8>()), 0..12),
        cut in 0_usize..900,
        edits in prop::collection::vec((any::<u32>(), any::<i32>()), 0..3),
        offsets in prop::collection::vec((0_u32..9, any::<i32>()), 0..4),
    ) {
        let mut file = Index { edits, offsets, ..Index::steady(8) }.file();
        for (place, byte) in at {
            let place = place % file.len();
            file[place] = byte;
        }
        file.truncate(cut.max(file.len() / 2));
        if let Ok(track) = read_video_track(&mut Cursor::new(&file)) {
            prop_assert!(track.complete <= 21_000_000 && track.times.len() <= 21_000_000);
            if let Ok(shown) = shown(&track) {
                prop_assert_eq!(shown.times.len() + shown.hidden, track.times.len());
                prop_assert!(shown.times.is_sorted());
            }
        }
    }

    #[test]
    fn steady_frames_come_back(frames in 1_u32..500, delta in 1_u32..100_000) {
        let index = Index { durations: vec![(frames, delta)], ..Index::steady(frames) };
        let due: Vec<i64> = (0..frames).map(|frame| i64::from(frame) * i64::from(delta)).collect();
        prop_assert_eq!(index.times().expect("times"), due);
    }
}
