//! Days of the calendar.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Month};

/// How a browser's `date` field writes a day.
const FIELD: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// 1970-01-01 as the Julian calendar of astronomers counts it.
const EPOCH: i32 = 2_440_588;

/// A day in UTC: days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day that an instant lies in.
    pub fn of(at: Timestamp) -> Self {
        let day = at.0.div_euclid(Timestamp::DAY_MS);
        Self(i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Reads what a browser's field holds, such as `2026-11-20`; `None` when it is no day.
    pub fn parse(text: &str) -> Option<Self> {
        Date::parse(text.trim(), FIELD).ok().map(Self::from)
    }

    /// The day so many days later, or earlier.
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Its midnight at the beginning.
    pub fn starts_at(self) -> Timestamp {
        Timestamp(i64::from(self.0) * Timestamp::DAY_MS)
    }

    /// The first day of its month.
    pub fn month(self) -> Self {
        let date = self.date();
        self.plus(1 - i32::from(date.day()))
    }

    /// The first day of the month so many months later, or earlier.
    pub fn month_after(self, months: i32) -> Self {
        let date = self.date();
        let month = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + months;
        let name = u8::try_from(month.rem_euclid(12) + 1).ok().and_then(|month| Month::try_from(month).ok());
        let first = name.and_then(|name| Date::from_calendar_date(month.div_euclid(12), name, 1).ok());
        first.map_or(self, Self::from)
    }

    /// As a reader writes it: `20 Nov 2026`.
    pub fn words(self) -> String {
        let date = self.date();
        format!("{} {}", date.day(), self.month_words())
    }

    /// Its month as a reader writes it: `Nov 2026`.
    pub fn month_words(self) -> String {
        let date = self.date();
        format!("{} {}", date.month().to_string().get(..3).unwrap_or_default(), date.year())
    }

    fn date(self) -> Date {
        Date::from_julian_day(self.0.saturating_add(EPOCH)).unwrap_or(Date::MIN)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date.to_julian_day() - EPOCH)
    }
}

impl fmt::Display for Day {
    /// As a browser's field holds it: `2026-11-20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.date().format(FIELD).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight() {
        let noon = Timestamp(1_795_165_200_000);
        let day = Day::of(noon);
        assert_eq!((day.to_string().as_str(), day.words().as_str()), ("2026-11-20", "20 Nov 2026"));
        assert_eq!(Day::of(day.plus(1).starts_at().plus_ms(-1)), day);
        assert_eq!(Day::of(day.plus(1).starts_at()), day.plus(1));
        assert_eq!(Day::parse("2026-11-20"), Some(day));
        assert_eq!(Day::parse("2026-02-30"), None);
        assert_eq!(Day::of(Timestamp(-1)), Day(-1));
    }

    #[test]
    fn months_begin_with_their_first_day_whatever_their_length() {
        let day = |text| Day::parse(text).unwrap_or_default();
        assert_eq!(day("2024-02-29").month(), day("2024-02-01"));
        assert_eq!(day("2024-01-31").month_after(1), day("2024-02-01"));
        assert_eq!(day("2026-11-20").month_after(-11), day("2025-12-01"));
        assert_eq!(day("2026-12-31").month_after(1).month_words(), "Jan 2027");
    }
}
