//! Chance that can be repeated.

/// Numbers that look random and are the same for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Chance from the seed in the environment variable `name`, else from a new one. Prints which, so that a failure
    /// can be repeated.
    pub fn from_environment(name: &str) -> Self {
        let new = || uuid::Uuid::now_v7().as_u64_pair().1;
        let seed = std::env::var(name).ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(new);
        println!("{name}={seed}");
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let words = (0..count.div_ceil(8)).flat_map(|_| self.below(u64::MAX).to_le_bytes());
        words.take(count).collect()
    }
}
