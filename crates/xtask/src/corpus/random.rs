//! Numbers that look random and are the same everywhere: splitmix64.
//!
//! Not for secrets. Integers only, because floating point may round differently from machine to machine.

/// A stream of numbers that depends on the seed alone.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let high = (self.bits() >> 32) * u64::from(limit);
        u32::try_from(high >> 32).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True once in `times` on average.
    pub(super) fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of `items`, each as often as the number beside it says; the default when there are none.
    pub(super) fn weighted<T: Copy + Default>(&mut self, items: &[(T, u32)]) -> T {
        let mut drawn = self.below(items.iter().map(|(_, weight)| weight).sum());
        for (item, weight) in items {
            match drawn.checked_sub(*weight) {
                Some(left) => drawn = left,
                None => return *item,
            }
        }
        T::default()
    }

    /// One of `items`; the default when there are none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let index = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(index as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_splitmix64() {
        let mut random = Random::new(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn bounds_are_kept_and_reached() {
        let mut random = Random::new(1);
        let drawn: Vec<u32> = (0..1000).map(|_| random.between(3, 7)).collect();
        assert_eq!(drawn.iter().min(), Some(&3));
        assert_eq!(drawn.iter().max(), Some(&7));
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u32>(&[]), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut random = Random::new(1);
        let drawn: Vec<&str> = (0..4000)
            .map(|_| random.weighted(&[("a", 3), ("b", 0), ("c", 1)]))
            .collect();
        let count = |wanted: &str| drawn.iter().filter(|item| **item == wanted).count();
        assert!((2900..3100).contains(&count("a")), "{}", count("a"));
        assert_eq!(count("a") + count("c"), 4000);
        assert_eq!(random.weighted::<u32>(&[]), 0);
    }
}
