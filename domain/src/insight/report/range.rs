//! The days that a report is about, and those it is compared with.

use crate::Day;
use serde::{Deserialize, Serialize};

/// Longest range, in days: ten years.
const MOST_DAYS: i32 = 3_660;
/// Up to so many days a chart has a bar for each; then one for each month.
const DAILY: i32 = 92;

/// A range that is often asked for, up to today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    Week,
    #[default]
    Month,
    Quarter,
    /// This month and the eleven before it.
    Year,
    Own,
}

impl Preset {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Week, "7", "7 days"),
        (Self::Month, "30", "30 days"),
        (Self::Quarter, "90", "90 days"),
        (Self::Year, "12m", "12 months"),
        (Self::Own, "own", "Own range"),
    ];

    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(preset, ..)| preset)
    }

    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(preset, ..)| *preset == self).map_or("", |(_, param, _)| param)
    }
}

/// A range of days, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub preset: Preset,
    pub from: Day,
    pub to: Day,
}

/// What one bar of a chart stands for: days, both ends in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    pub from: Day,
    pub to: Day,
    /// A month, or what of it lies in the range.
    pub month: bool,
}

impl Bucket {
    /// As a reader says it.
    pub fn words(&self) -> String {
        if self.month { self.from.month_words() } else { self.from.words() }
    }
}

impl Range {
    /// Reads what stands in an address. What is no day, or lies the wrong way round, makes the best of it: a page is always
    /// shown.
    pub fn read(preset: &str, from: &str, to: &str, today: Day) -> Self {
        let preset = Preset::from_param(preset);
        let last = |days: i32| Self { preset, from: today.plus(1 - days), to: today };
        match preset {
            Preset::Week => last(7),
            Preset::Month => last(30),
            Preset::Quarter => last(90),
            Preset::Year => Self { preset, from: today.month_after(-11), to: today },
            Preset::Own => {
                let to = Day::parse(to).unwrap_or(today);
                let from = Day::parse(from).unwrap_or(to.plus(-29));
                let (from, to) = if from <= to { (from, to) } else { (to, from) };
                Self { preset, from: std::cmp::max(from, to.plus(1 - MOST_DAYS)), to }
            }
        }
    }

    /// How many days it has.
    pub fn days(&self) -> i32 {
        self.to.0 - self.from.0 + 1
    }

    /// As many days, just before it.
    pub fn before(&self) -> Self {
        Self { preset: self.preset, from: self.from.plus(-self.days()), to: self.from.plus(-1) }
    }

    /// The range in pieces that a chart can show.
    pub fn buckets(&self) -> Vec<Bucket> {
        if self.days() <= DAILY {
            return (self.from.0..=self.to.0)
                .map(|day| Bucket { from: Day(day), to: Day(day), month: false })
                .collect();
        }
        let mut buckets = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let next = from.month_after(1);
            buckets.push(Bucket { from, to: std::cmp::min(next.plus(-1), self.to), month: true });
            from = next;
        }
        buckets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap_or_default()
    }

    #[test]
    fn a_range_is_compared_with_as_many_days_before_it() {
        let today = day("2026-11-20");
        let week = Range::read("7", "", "", today);
        assert_eq!((week.from, week.to, week.days()), (day("2026-11-14"), today, 7));
        assert_eq!((week.before().from, week.before().to), (day("2026-11-07"), day("2026-11-13")));
        let year = Range::read("12m", "", "", today);
        assert_eq!((year.from, year.buckets().len()), (day("2025-12-01"), 12));
        assert_eq!(year.before().days(), year.days());
    }

    #[test]
    fn an_own_range_is_shown_however_it_is_written() {
        let today = day("2026-11-20");
        let own = Range::read("own", "2026-03-01", "2026-01-15", today);
        assert_eq!((own.from, own.to), (day("2026-01-15"), day("2026-03-01")));
        let half = Range::read("own", "soon", "2026-03-01", today);
        assert_eq!((half.days(), half.to), (30, day("2026-03-01")));
        assert_eq!(Range::read("own", "0001-01-01", "9999-12-31", today).days(), MOST_DAYS);
        assert_eq!(Range::read("nonsense", "", "", today).days(), 30);
    }

    #[test]
    fn the_pieces_of_a_range_are_all_its_days_once() {
        for days in [1, 7, 92, 93, 400, 3_000] {
            let to = day("2026-11-20");
            let range = Range { preset: Preset::Own, from: to.plus(1 - days), to };
            let pieces = range.buckets();
            let length: i32 = pieces.iter().map(|piece| piece.to.0 - piece.from.0 + 1).sum();
            assert_eq!((pieces[0].from, length), (range.from, days));
            assert!(pieces.windows(2).all(|two| two[0].to.plus(1) == two[1].from));
        }
    }
}
