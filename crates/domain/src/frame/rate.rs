//! Frame rates as exact fractions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Frames per second as an exact fraction in lowest terms, such as 24000/1001.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Fraction", into = "Fraction")]
pub struct FrameRate {
    num: u32,
    den: u32,
}

#[derive(Serialize, Deserialize)]
struct Fraction {
    num: u32,
    den: u32,
}

/// Whether every frame lasts equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateClass {
    /// Each frame lies within half a frame of its place on the rate's grid.
    Constant,
    /// Frames last unequally long; timecode is by time.
    Variable,
}

/// The rates of film, television and the web, slowest first.
pub const STANDARD_RATES: [FrameRate; 12] = [
    FrameRate { num: 24_000, den: 1001 },
    FrameRate { num: 24, den: 1 },
    FrameRate { num: 25, den: 1 },
    FrameRate { num: 30_000, den: 1001 },
    FrameRate { num: 30, den: 1 },
    FrameRate { num: 48_000, den: 1001 },
    FrameRate { num: 48, den: 1 },
    FrameRate { num: 50, den: 1 },
    FrameRate { num: 60_000, den: 1001 },
    FrameRate { num: 60, den: 1 },
    FrameRate { num: 120_000, den: 1001 },
    FrameRate { num: 120, den: 1 },
];

/// The fraction is not a frame rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{num}/{den} is not a frame rate: it must lie between 1 and 240 frames per second")]
pub struct FrameRateError {
    num: u32,
    den: u32,
}

impl FrameRate {
    /// A rate of `num`/`den` frames per second, brought to lowest terms.
    ///
    /// # Errors
    /// When the rate is below 1 or above 240 frames per second.
    pub fn new(num: u32, den: u32) -> Result<Self, FrameRateError> {
        if den == 0 || num < den || u64::from(num) > 240 * u64::from(den) {
            return Err(FrameRateError { num, den });
        }
        let divisor = gcd(num, den);
        Ok(Self { num: num / divisor, den: den / divisor })
    }

    /// Frames in `den()` seconds.
    pub const fn num(self) -> u32 {
        self.num
    }

    /// Seconds in which `num()` frames pass.
    pub const fn den(self) -> u32 {
        self.den
    }

    /// The whole number that timecode counts by: 24 for 23.976, 30 for 29.97.
    pub const fn nominal(self) -> u32 {
        (self.num + self.den / 2) / self.den
    }

    /// Whether drop-frame timecode exists at this rate: multiples of 30000/1001 only (SMPTE ST 12-1).
    pub const fn can_drop(self) -> bool {
        self.den == 1001 && self.num.is_multiple_of(30_000)
    }

    /// The frame that is on screen `seconds_num`/`seconds_den` after the first began, on this rate's grid.
    pub fn frame_at(self, seconds_num: i64, seconds_den: i64) -> i64 {
        let frames = i128::from(seconds_num) * i128::from(self.num);
        let per = i128::from(seconds_den) * i128::from(self.den);
        frames.div_euclid(per) as i64
    }

    /// The standard rate within half a per mille, if there is one: 2997/100 is meant as 30000/1001.
    pub fn standard(self) -> Option<Self> {
        STANDARD_RATES.into_iter().find(|standard| {
            let ours = u64::from(self.num) * u64::from(standard.den);
            let theirs = u64::from(standard.num) * u64::from(self.den);
            ours.abs_diff(theirs) * 2000 < theirs
        })
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 {
            return write!(f, "{}", self.num);
        }
        let thousandths = (u64::from(self.num) * 1000 + u64::from(self.den) / 2) / u64::from(self.den);
        let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Debug for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl TryFrom<Fraction> for FrameRate {
    type Error = FrameRateError;
    fn try_from(fraction: Fraction) -> Result<Self, Self::Error> {
        Self::new(fraction.num, fraction.den)
    }
}

impl From<FrameRate> for Fraction {
    fn from(rate: FrameRate) -> Self {
        Self { num: rate.num, den: rate.den }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_print_as_people_write_them() {
        let shown: Vec<_> = STANDARD_RATES.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60", "119.88", "120"]);
    }

    #[test]
    fn nonsense_rates_are_refused() {
        for (num, den) in [(0, 1), (1, 0), (1, 2), (241, 1), (u32::MAX, 1)] {
            assert!(FrameRate::new(num, den).is_err(), "{num}/{den}");
        }
    }

    #[test]
    fn a_rounded_rate_finds_its_standard() {
        let rounded = FrameRate::new(2997, 100).expect("a rate");
        assert_eq!(rounded.standard(), FrameRate::new(30_000, 1001).ok());
        assert_eq!(FrameRate::new(27, 1).expect("a rate").standard(), None);
        assert_eq!(FrameRate::new(24, 1).expect("a rate").standard(), FrameRate::new(24, 1).ok());
    }

    #[test]
    fn only_multiples_of_29_97_can_drop() {
        let dropping: Vec<_> = STANDARD_RATES.iter().filter(|rate| rate.can_drop()).map(ToString::to_string).collect();
        assert_eq!(dropping, ["29.97", "59.94", "119.88"]);
    }
}
