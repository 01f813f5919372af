//! The frame table: when each frame of a version is shown.

use serde::{Deserialize, Serialize};

use super::{FrameRate, RateClass};

/// The most frames a version may have: more than a day at 240 frames per second is no programme.
const MAX_FRAMES: u64 = 21_000_000;

/// Ticks per second as a fraction: a tick lasts `num`/`den` seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeBase {
    /// Seconds in `den` ticks.
    pub num: u32,
    /// Ticks in `num` seconds.
    pub den: u32,
}

/// `count` frames in a row that each last `delta` ticks. On the wire `[delta, count]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Run {
    /// Ticks each frame lasts, at least one.
    pub delta: u32,
    /// Frames in the run, at least one.
    pub count: u32,
}

/// When each frame of a version is shown: the first at tick 0, each for as long as its run says.
///
/// Kept as runs of equal durations, so that a constant rate needs one run whatever its length.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct FrameTable {
    time_base: TimeBase,
    runs: Vec<Run>,
    frames: u32,
    ticks: u64,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    time_base: TimeBase,
    runs: Vec<Run>,
}

/// The numbers make no frame table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameTableError {
    /// No frame at all.
    #[error("there are no frames")]
    Empty,
    /// Too many frames for a programme.
    #[error("there are too many frames")]
    TooMany,
    /// A time base with a zero, or ticks longer than a second.
    #[error("the time base {0}/{1} cannot be used")]
    TimeBase(u32, u32),
    /// Two frames at one time, or one before its predecessor.
    #[error("frame {0} is not shown after the frame before it")]
    NotIncreasing(u32),
    /// A gap that no table can hold.
    #[error("frame {0} lasts too long")]
    TooLong(u32),
}

impl FrameTable {
    /// A table from runs of equal durations.
    ///
    /// # Errors
    /// When there is no frame, a duration is zero, or the sums are out of range.
    pub fn from_runs(time_base: TimeBase, runs: Vec<Run>) -> Result<Self, FrameTableError> {
        if time_base.num == 0 || time_base.den == 0 || time_base.num > time_base.den {
            return Err(FrameTableError::TimeBase(time_base.num, time_base.den));
        }
        let mut merged: Vec<Run> = Vec::new();
        let (mut frames, mut ticks) = (0_u64, 0_u64);
        for run in runs.into_iter().filter(|run| run.count > 0) {
            if run.delta == 0 {
                return Err(FrameTableError::NotIncreasing(frames as u32));
            }
            frames += u64::from(run.count);
            ticks += u64::from(run.delta) * u64::from(run.count);
            if frames > MAX_FRAMES {
                return Err(FrameTableError::TooMany);
            }
            match merged.last_mut() {
                Some(last) if last.delta == run.delta => last.count += run.count,
                _ => merged.push(run),
            }
        }
        if frames == 0 {
            return Err(FrameTableError::Empty);
        }
        Ok(Self { time_base, runs: merged, frames: frames as u32, ticks })
    }

    /// A table from the ticks at which frames are shown, in order, and how long the last is shown.
    /// The first becomes tick 0.
    ///
    /// # Errors
    /// When times do not increase, or there are none.
    pub fn from_times(time_base: TimeBase, times: &[i64], last_duration: u32) -> Result<Self, FrameTableError> {
        let mut runs = Vec::new();
        for (frame, pair) in times.windows(2).enumerate() {
            let frame = frame as u32 + 1;
            let delta = pair[1].checked_sub(pair[0]).ok_or(FrameTableError::TooLong(frame))?;
            if delta <= 0 {
                return Err(FrameTableError::NotIncreasing(frame));
            }
            let delta = u32::try_from(delta).map_err(|_| FrameTableError::TooLong(frame))?;
            runs.push(Run { delta, count: 1 });
        }
        if !times.is_empty() {
            runs.push(Run { delta: last_duration, count: 1 });
        }
        Self::from_runs(time_base, runs)
    }

    /// How long a tick is.
    pub const fn time_base(&self) -> TimeBase {
        self.time_base
    }

    /// The runs, in order; neighbours differ.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// How many frames there are, at least one.
    pub const fn len(&self) -> u32 {
        self.frames
    }

    /// Always false: a table without frames cannot be made.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// The whole duration in ticks.
    pub const fn duration(&self) -> u64 {
        self.ticks
    }

    /// The tick at which `frame` begins; for `len()` and beyond the end of the last.
    pub fn start_of(&self, frame: u32) -> u64 {
        let (mut left, mut tick) = (frame.min(self.frames), 0_u64);
        for run in &self.runs {
            let here = left.min(run.count);
            tick += u64::from(here) * u64::from(run.delta);
            left -= here;
            if left == 0 {
                break;
            }
        }
        tick
    }

    /// The frame on screen at `tick`: the last that begins no later.
    pub fn frame_at(&self, tick: u64) -> u32 {
        let (mut frame, mut begin) = (0_u32, 0_u64);
        for run in &self.runs {
            let length = u64::from(run.delta) * u64::from(run.count);
            if tick < begin + length {
                return frame + ((tick - begin) / u64::from(run.delta)) as u32;
            }
            begin += length;
            frame += run.count;
        }
        self.frames - 1
    }

    /// The label position of `frame` at a steady `rate`: its ordinal when the table is constant, else the
    /// frame of that rate on screen when it begins (with half a tick of tolerance for rounded time stamps).
    pub fn position_at(&self, frame: u32, rate: FrameRate, class: RateClass) -> i64 {
        match class {
            RateClass::Constant => i64::from(frame),
            RateClass::Variable => {
                let half_ticks = 2 * self.start_of(frame) as i64 + 1;
                rate.frame_at(half_ticks * i64::from(self.time_base.num), 2 * i64::from(self.time_base.den))
            }
        }
    }

    /// Whether every frame lies within half a frame of its place at `rate`.
    pub fn class_at(&self, rate: FrameRate) -> RateClass {
        let (mut frame, mut tick) = (0_u64, 0_u64);
        for run in &self.runs {
            // Within a run the drift is linear, so its ends decide.
            for step in [0, u64::from(run.count) - 1] {
                if !self.on_grid(frame + step, tick + step * u64::from(run.delta), rate) {
                    return RateClass::Variable;
                }
            }
            frame += u64::from(run.count);
            tick += u64::from(run.count) * u64::from(run.delta);
        }
        RateClass::Constant
    }

    fn on_grid(&self, frame: u64, tick: u64, rate: FrameRate) -> bool {
        // |tick · base − frame / rate| < 1 / (2 rate), in integers.
        let shown = 2 * u128::from(tick) * u128::from(self.time_base.num) * u128::from(rate.num());
        let unit = u128::from(self.time_base.den) * u128::from(rate.den());
        shown.abs_diff(2 * u128::from(frame) * unit) < unit
    }
}

impl From<(u32, u32)> for Run {
    fn from((delta, count): (u32, u32)) -> Self {
        Self { delta, count }
    }
}

impl From<Run> for (u32, u32) {
    fn from(run: Run) -> Self {
        (run.delta, run.count)
    }
}

impl TryFrom<Wire> for FrameTable {
    type Error = FrameTableError;
    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        Self::from_runs(wire.time_base, wire.runs)
    }
}

impl From<FrameTable> for Wire {
    fn from(table: FrameTable) -> Self {
        Self { time_base: table.time_base, runs: table.runs }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MILLIS: TimeBase = TimeBase { num: 1, den: 1000 };

    proptest! {
        #[test]
        fn every_frame_is_found_at_its_start_and_its_last_tick(
            deltas in prop::collection::vec(1_u32..200, 1..200)
        ) {
            let runs = deltas.iter().map(|&delta| Run { delta, count: 1 }).collect();
            let table = FrameTable::from_runs(MILLIS, runs).expect("a table");
            prop_assert_eq!(table.len() as usize, deltas.len());
            for frame in 0..table.len() {
                prop_assert_eq!(table.frame_at(table.start_of(frame)), frame);
                prop_assert_eq!(table.frame_at(table.start_of(frame + 1) - 1), frame);
            }
        }

        #[test]
        fn times_give_back_the_table(deltas in prop::collection::vec(1_u32..50, 1..100), first in -1000_i64..1000) {
            let mut times = vec![first];
            for delta in &deltas[..deltas.len() - 1] {
                times.push(times[times.len() - 1] + i64::from(*delta));
            }
            let table = FrameTable::from_times(MILLIS, &times, deltas[deltas.len() - 1]).expect("a table");
            for (frame, time) in times.iter().enumerate() {
                prop_assert_eq!(table.start_of(frame as u32) as i64, time - first);
            }
        }

        #[test]
        fn a_steady_table_labels_by_ordinal_even_when_rounded(frame in 0_u32..200_000) {
            let rate = FrameRate::new(30_000, 1001).expect("a rate");
            let base = TimeBase { num: 1, den: 90_000 };
            let table = FrameTable::from_runs(base, vec![Run { delta: 3003, count: 200_001 }]).expect("a table");
            prop_assert_eq!(table.position_at(frame, rate, RateClass::Variable), i64::from(frame));
            prop_assert_eq!(table.class_at(rate), RateClass::Constant);
        }
    }

    #[test]
    fn rounded_milliseconds_are_still_constant() {
        let rate = FrameRate::new(30_000, 1001).expect("a rate");
        let times: Vec<i64> = (0..5000).map(|frame| (frame * 1001 * 1000 + 15_000) / 30_000).collect();
        let table = FrameTable::from_times(MILLIS, &times, 33).expect("a table");
        assert_eq!(table.class_at(rate), RateClass::Constant);
        let jittered: Vec<i64> = times.iter().enumerate().map(|(i, t)| t + if i % 3 == 1 { 20 } else { 0 }).collect();
        let table = FrameTable::from_times(MILLIS, &jittered, 33).expect("a table");
        assert_eq!(table.class_at(rate), RateClass::Variable);
    }

    #[test]
    fn a_constant_table_is_one_run_on_the_wire() {
        let table = FrameTable::from_runs(
            TimeBase { num: 1, den: 24_000 },
            vec![Run { delta: 1001, count: 10 }, Run { delta: 1001, count: 90 }],
        )
        .expect("a table");
        let wire = serde_json::to_string(&table).expect("json");
        assert_eq!(wire, r#"{"time_base":{"num":1,"den":24000},"runs":[[1001,100]]}"#);
        assert_eq!(serde_json::from_str::<FrameTable>(&wire).expect("a table"), table);
    }

    #[test]
    fn hostile_tables_are_refused() {
        for wire in [
            r#"{"time_base":{"num":1,"den":24},"runs":[]}"#,
            r#"{"time_base":{"num":0,"den":24},"runs":[[1,1]]}"#,
            r#"{"time_base":{"num":1,"den":0},"runs":[[1,1]]}"#,
            r#"{"time_base":{"num":1,"den":24},"runs":[[0,5]]}"#,
            r#"{"time_base":{"num":1,"den":24},"runs":[[1,4294967295],[2,4294967295]]}"#,
        ] {
            assert!(serde_json::from_str::<FrameTable>(wire).is_err(), "{wire}");
        }
    }
}
