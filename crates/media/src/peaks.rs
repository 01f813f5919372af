//! Peaks of the sound for drawing a waveform, in several resolutions.

use serde::Serialize;

use crate::plan::PEAK_RATE;
use crate::run::Sink;

/// The finest level: a hundred peaks per second, or fewer in a long programme.
const FINEST_SAMPLES: u32 = 80;
const POINTS_MAX: u64 = 60_000;
/// Each level is this much coarser than the one before; the last has fewer points than this.
const STEP: usize = 4;
const POINTS_MIN: usize = 500;

/// What `peaks.json` holds: levels from fine to coarse, of all channels mixed to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Peaks {
    /// Samples per second that `samples_per_peak` counts in.
    pub sample_rate: u32,
    /// Fine to coarse.
    pub levels: Vec<PeakLevel>,
}

/// One resolution. Peak `i` covers the samples from `i · samples_per_peak`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeakLevel {
    /// How many samples one peak stands for.
    pub samples_per_peak: u32,
    /// Lowest value in each span, −128 to 127.
    pub min: Vec<i8>,
    /// Highest value in each span, −128 to 127.
    pub max: Vec<i8>,
}

/// Takes 16-bit little-endian samples as they come and keeps the finest level only.
#[derive(Debug)]
pub(crate) struct PeaksBuilder {
    level: PeakLevel,
    half_sample: Option<u8>,
    span: (i16, i16),
    in_span: u32,
    points_max: usize,
}

impl PeaksBuilder {
    /// For a programme of `milliseconds`; more sound than that is refused.
    pub fn new(milliseconds: u64) -> Self {
        let samples = milliseconds * u64::from(PEAK_RATE) / 1000;
        let mut per_peak = FINEST_SAMPLES;
        while samples / u64::from(per_peak) > POINTS_MAX {
            per_peak *= 2;
        }
        let points_max = (samples / u64::from(per_peak)) as usize + 1000;
        let level = PeakLevel { samples_per_peak: per_peak, min: Vec::new(), max: Vec::new() };
        Self { level, half_sample: None, span: (i16::MAX, i16::MIN), in_span: 0, points_max }
    }

    /// All levels, or none when there was no sample.
    pub fn finish(mut self) -> Option<Peaks> {
        if self.in_span > 0 {
            self.end_span();
        }
        if self.level.min.is_empty() {
            return None;
        }
        let mut levels = vec![self.level];
        while let Some(finer) = levels.last().filter(|level| level.min.len() > POINTS_MIN) {
            levels.push(coarser(finer));
        }
        Some(Peaks { sample_rate: PEAK_RATE, levels })
    }

    fn sample(&mut self, sample: i16) {
        self.span = (self.span.0.min(sample), self.span.1.max(sample));
        self.in_span += 1;
        if self.in_span == self.level.samples_per_peak {
            self.end_span();
        }
    }

    fn end_span(&mut self) {
        self.level.min.push((self.span.0 >> 8) as i8);
        self.level.max.push((self.span.1 >> 8) as i8);
        self.span = (i16::MAX, i16::MIN);
        self.in_span = 0;
    }
}

impl Sink for PeaksBuilder {
    fn take(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match self.half_sample.take() {
                Some(low) => self.sample(i16::from_le_bytes([low, *byte])),
                None => self.half_sample = Some(*byte),
            }
        }
        self.level.min.len() <= self.points_max
    }
}

fn coarser(finer: &PeakLevel) -> PeakLevel {
    let lowest = |span: &[i8]| span.iter().copied().min().unwrap_or(0);
    let highest = |span: &[i8]| span.iter().copied().max().unwrap_or(0);
    PeakLevel {
        samples_per_peak: finer.samples_per_peak * STEP as u32,
        min: finer.min.chunks(STEP).map(lowest).collect(),
        max: finer.max.chunks(STEP).map(highest).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_seen_at_every_level() {
        let mut builder = PeaksBuilder::new(20_000);
        let mut samples = vec![0_i16; 20 * 8000];
        samples[80_001] = 30_000;
        samples[80_002] = -20_000;
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        // Odd pieces, so that samples are split between them.
        assert!(bytes.chunks(777).all(|piece| builder.take(piece)));
        let peaks = builder.finish().expect("peaks");
        assert_eq!(peaks.levels.iter().map(|level| level.min.len()).collect::<Vec<_>>(), [2000, 500]);
        for level in &peaks.levels {
            let at = 80_001 / level.samples_per_peak as usize;
            assert_eq!((level.min[at], level.max[at]), (-79, 117));
            assert_eq!(level.max.iter().filter(|value| **value != 0).count(), 1);
        }
    }

    #[test]
    fn a_long_programme_stays_small_and_silence_of_no_length_is_none() {
        let builder = PeaksBuilder::new(4 * 60 * 60 * 1000);
        assert_eq!(builder.level.samples_per_peak, 2560);
        assert!(builder.finish().is_none());
        let mut endless = PeaksBuilder::new(10);
        let megabyte = vec![0_u8; 1 << 20];
        assert!(!endless.take(&megabyte), "more sound than picture is refused");
    }
}
