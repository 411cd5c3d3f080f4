//! How fast a book is read, how long that still takes, and small steps back.

/// How far the button back goes, in milliseconds.
pub const BACK_MS: i64 = 15_000;
/// How far the button on goes, in milliseconds.
pub const ON_MS: i64 = 30_000;

/// A speed, in percent of the one the book was read at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speed(i32);

impl Default for Speed {
    fn default() -> Self {
        Self(100)
    }
}

impl Speed {
    /// Every speed there is: fine steps where most people listen.
    pub const STEPS: [Self; 27] = [
        Self(50),
        Self(60),
        Self(70),
        Self(75),
        Self(80),
        Self(85),
        Self(90),
        Self(95),
        Self(100),
        Self(105),
        Self(110),
        Self(115),
        Self(120),
        Self(125),
        Self(130),
        Self(135),
        Self(140),
        Self(145),
        Self(150),
        Self(160),
        Self(170),
        Self(180),
        Self(190),
        Self(200),
        Self(225),
        Self(250),
        Self(300),
    ];

    /// The step nearest to a speed in percent; the ordinary speed when there was none yet.
    pub fn nearest(percent: i32) -> Self {
        if percent <= 0 {
            return Self::default();
        }
        Self::STEPS.into_iter().min_by_key(|step| (step.0 - percent).abs()).unwrap_or_default()
    }

    pub fn percent(self) -> i32 {
        self.0
    }

    /// As a factor: 1 is the ordinary speed.
    pub fn rate(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    pub fn faster(self) -> Self {
        Self::STEPS.into_iter().find(|step| *step > self).unwrap_or(self)
    }

    pub fn slower(self) -> Self {
        Self::STEPS.into_iter().rev().find(|step| *step < self).unwrap_or(self)
    }

    /// `1×`, `1.25×`, `0.8×`.
    pub fn words(self) -> String {
        let factor = format!("{}.{:02}", self.0 / 100, self.0 % 100);
        format!("{}×", factor.trim_end_matches('0').trim_end_matches('.'))
    }

    /// How long it takes to hear `book_ms` of a book at this speed, in milliseconds.
    pub fn takes_ms(self, book_ms: i64) -> i64 {
        book_ms.max(0).saturating_mul(100) / i64::from(self.0.max(1))
    }
}

/// How far to step back when a book goes on after a pause, in milliseconds: the longer the pause, the more of the
/// thread was lost.
pub fn rewind_ms(paused_ms: i64) -> i64 {
    const SECOND: i64 = 1_000;
    const MINUTE: i64 = 60 * SECOND;
    match paused_ms {
        ..MINUTE => 0,
        paused if paused < 10 * MINUTE => 3 * SECOND,
        paused if paused < 24 * 60 * MINUTE => 6 * SECOND,
        _ => 10 * SECOND,
    }
}

/// When listening ends by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sleep {
    #[default]
    Never,
    /// At an instant of the browser's clock, in milliseconds since 1970.
    At(i64),
    /// At a place in the book, in milliseconds: the end of the chapter.
    Place(i64),
}

impl Sleep {
    /// Whether it is time, at an instant of the browser's clock and a place in the book.
    pub fn is_due(self, now_ms: i64, at_ms: i64) -> bool {
        match self {
            Self::Never => false,
            Self::At(due) => now_ms >= due,
            Self::Place(end) => at_ms >= end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_depends_on_the_speed() {
        assert_eq!(Speed::default().takes_ms(60_000), 60_000);
        assert_eq!(Speed::nearest(200).takes_ms(60_000), 30_000);
        assert_eq!(Speed::nearest(50).takes_ms(60_000), 120_000);
        assert_eq!(Speed::nearest(150).takes_ms(-3), 0);
    }

    #[test]
    fn speeds_stay_between_half_and_three_times() {
        assert_eq!(Speed::nearest(0), Speed::default(), "a book never heard starts at the ordinary speed");
        assert_eq!(Speed::nearest(10).percent(), 50);
        assert_eq!(Speed::nearest(900).percent(), 300);
        assert_eq!(Speed::nearest(300).faster().percent(), 300);
        assert_eq!(Speed::nearest(50).slower().percent(), 50);
        assert_eq!(Speed::default().faster().percent(), 105);
        assert_eq!(Speed::default().slower().percent(), 95);
        assert!(Speed::STEPS.is_sorted());
    }

    #[test]
    fn a_speed_is_written_without_needless_zeros() {
        let words: Vec<_> =
            [50, 80, 100, 125, 200].into_iter().map(|percent| Speed::nearest(percent).words()).collect();
        assert_eq!(words, ["0.5×", "0.8×", "1×", "1.25×", "2×"]);
    }

    #[test]
    fn a_longer_pause_steps_further_back() {
        assert_eq!(rewind_ms(5_000), 0, "a short pause changes nothing");
        let steps: Vec<_> = [60_000, 900_000, 90_000_000].into_iter().map(rewind_ms).collect();
        assert!(steps.is_sorted() && steps.iter().all(|step| (1_000..=10_000).contains(step)), "{steps:?}");
    }

    #[test]
    fn the_sleep_timer_ends_at_its_time_or_with_the_chapter() {
        assert!(!Sleep::Never.is_due(i64::MAX, i64::MAX));
        assert!(!Sleep::At(1_000).is_due(999, 5_000) && Sleep::At(1_000).is_due(1_000, 0));
        assert!(!Sleep::Place(5_000).is_due(9_999, 4_999) && Sleep::Place(5_000).is_due(0, 5_000));
    }
}
