//! What of a version somebody has watched.

use serde::{Deserialize, Serialize};

use crate::frame::FrameRange;

/// Frames somebody has watched: sorted ranges that neither overlap nor touch. Stored as `[[first, last], …]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u32, u32)>", into = "Vec<(u32, u32)>")]
pub struct WatchedFrames(Vec<FrameRange>);

impl WatchedFrames {
    /// The most ranges that are kept. Of more, the shortest are forgotten: the count may fall short of the truth,
    /// never exceed it.
    pub const MOST_RANGES: usize = 2048;

    /// Adds what was just watched; frames behind the end of a version of `frame_count` frames are left out.
    pub fn add(&mut self, watched: impl IntoIterator<Item = FrameRange>, frame_count: u32) {
        let inside = watched.into_iter().filter_map(|range| {
            let last = frame_count.checked_sub(1)?;
            FrameRange::new(range.first(), range.last().min(last)).ok()
        });
        self.0.extend(inside);
        self.0.sort_unstable();
        let mut joined: Vec<FrameRange> = Vec::with_capacity(self.0.len());
        for &range in &self.0 {
            match joined.last_mut() {
                Some(before) if range.first() <= before.end() => {
                    let last = before.last().max(range.last());
                    *before = FrameRange::new(before.first(), last).unwrap_or(*before);
                }
                Some(_) | None => joined.push(range),
            }
        }
        if joined.len() > Self::MOST_RANGES {
            joined.sort_by_key(|range| std::cmp::Reverse(range.count()));
            joined.truncate(Self::MOST_RANGES);
            joined.sort_unstable();
        }
        self.0 = joined;
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[FrameRange] {
        &self.0
    }

    /// How many frames were watched.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|range| range.count()).sum()
    }
}

impl From<Vec<(u32, u32)>> for WatchedFrames {
    fn from(pairs: Vec<(u32, u32)>) -> Self {
        let mut watched = Self::default();
        watched.add(pairs.into_iter().filter_map(|(first, last)| FrameRange::new(first, last).ok()), u32::MAX);
        watched
    }
}

impl From<WatchedFrames> for Vec<(u32, u32)> {
    fn from(watched: WatchedFrames) -> Self {
        watched.0.iter().map(|range| (range.first(), range.last())).collect()
    }
}

/// The share of `frame_count` frames that `watched` frames are, 0 to 100, rounded down: 100 means every frame.
pub fn watched_percent(watched: u32, frame_count: u32) -> u32 {
    let percent = u64::from(watched) * 100 / u64::from(frame_count.max(1));
    percent.min(100) as u32
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn ranges() -> impl Strategy<Value = Vec<FrameRange>> {
        let range = (0_u32..130, 0_u32..40)
            .prop_map(|(first, more)| FrameRange::new(first, first + more).expect("an ordered range"));
        prop::collection::vec(range, 0..30)
    }

    proptest! {
        #[test]
        fn what_is_watched_is_the_union_whatever_the_order(batches in prop::collection::vec(ranges(), 0..5), frames in 0_u32..140) {
            let mut watched = WatchedFrames::default();
            let mut expected = BTreeSet::new();
            for batch in &batches {
                watched.add(batch.clone(), frames);
                expected.extend(batch.iter().flat_map(|range| range.first()..range.end()).filter(|at| *at < frames));
            }
            let held: BTreeSet<u32> = watched.ranges().iter().flat_map(|range| range.first()..range.end()).collect();
            prop_assert_eq!(&held, &expected);
            prop_assert_eq!(watched.count() as usize, expected.len());
            prop_assert!(watched.ranges().windows(2).all(|pair| pair[0].end() < pair[1].first()));
            let mut backwards = WatchedFrames::default();
            for batch in batches.iter().rev() {
                backwards.add(batch.iter().rev().copied(), frames);
            }
            prop_assert_eq!(&backwards, &watched);
            let text = serde_json::to_string(&watched).expect("json");
            prop_assert_eq!(serde_json::from_str::<WatchedFrames>(&text).expect("read back"), watched);
        }

        #[test]
        fn a_hundred_percent_means_every_frame(watched in 0_u32..1_000_000, frames in 1_u32..1_000_000) {
            let percent = watched_percent(watched.min(frames), frames);
            prop_assert_eq!(percent == 100, watched >= frames);
            prop_assert!(u64::from(percent) * u64::from(frames) <= u64::from(watched.min(frames)) * 100);
        }
    }

    #[test]
    fn scattered_frames_are_bounded_and_never_overstated() {
        let scattered = (0..10_000).map(|at| FrameRange::single(at * 2));
        let mut watched = WatchedFrames::default();
        watched.add(scattered, 20_000);
        assert_eq!(watched.ranges().len(), WatchedFrames::MOST_RANGES);
        assert_eq!(watched.count() as usize, WatchedFrames::MOST_RANGES);
        watched.add([FrameRange::new(0, 19_999).expect("a range")], 20_000);
        assert_eq!((watched.ranges().len(), watched.count()), (1, 20_000));
    }
}
