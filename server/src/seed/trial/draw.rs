//! Numbers that look drawn, and are the same each time.

/// SplitMix64 (Steele, Lea and Flood, 2014): small, quick and good enough for made-up books.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1, all alike.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to below `end`, all alike; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.unit() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// From 0 to below `end` by Zipf's law: the second half as often as the first, the third a third as often. So are
    /// words in books, and books in baskets.
    pub fn zipf(&mut self, end: usize) -> usize {
        let rank = ((end as f64 + 1.0).ln() * self.unit()).exp();
        (rank as usize).saturating_sub(1).min(end.saturating_sub(1))
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: u32) -> bool {
        self.unit() * 100.0 < f64::from(times)
    }

    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> Option<&'a T> {
        of.get(self.below(of.len())).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Draw;

    #[test]
    fn the_same_seed_draws_the_same_and_common_things_are_common() {
        let draws = |seed| {
            let mut draw = Draw::new(seed);
            (0..10_000).map(|_| draw.zipf(1000)).collect::<Vec<_>>()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        let drawn = draws(1);
        let count = |rank| drawn.iter().filter(|one| **one == rank).count();
        assert!(count(0) > 5 * count(9) && count(0) < 20 * count(9));
        assert!(drawn.iter().all(|rank| *rank < 1000));
        let mut draw = Draw::new(3);
        assert!((0..1000).all(|_| draw.below(7) < 7 && draw.unit() < 1.0));
        assert_eq!((draw.below(0), draw.zipf(1), draw.percent(100), draw.percent(0)), (0, 0, true, false));
    }
}
