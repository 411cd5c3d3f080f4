//! Rows of titles are kept for each day and for each month, so that a year is read as a few months and the days at its ends.

use crate::Day;

/// A row for a day.
pub const DAY: i32 = 0;
/// A row for a month, known by its first day.
pub const MONTH: i32 = 1;

/// Rows of one span, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub span: i32,
    pub from: Day,
    pub to: Day,
}

/// The rows that a day is counted in: its own, and that of its month.
pub fn rows_of(day: Day) -> [(i32, Day); 2] {
    [(DAY, day), (MONTH, day.month())]
}

/// The rows that make up the days from the first to the last, each day in one of them.
pub fn parts(from: Day, to: Day) -> Vec<Part> {
    let first = if from == from.month() { from } else { from.month_after(1) };
    // The month in which the first day after them lies is not whole.
    let after = to.plus(1).month();
    if first >= after {
        return Vec::from_iter((from <= to).then_some(Part { span: DAY, from, to }));
    }
    let days = [(from, first.plus(-1)), (after, to)];
    let days = days.into_iter().filter(|(from, to)| from <= to).map(|(from, to)| Part { span: DAY, from, to });
    let months = Part { span: MONTH, from: first, to: after.month_after(-1) };
    std::iter::once(months).chain(days).collect()
}

/// As [`parts`], for what has been counted on the day that is `today`: of the days to come there are no rows, so the last
/// month of a range up to now is read as one.
pub fn parts_by(today: Day, from: Day, to: Day) -> Vec<Part> {
    parts(from, if to < today { to } else { to.month_after(1).plus(-1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days of a part, month by month.
    fn days(part: Part) -> Vec<Day> {
        let all = (part.from.0..=part.to.0).map(Day);
        match part.span {
            DAY => all.collect(),
            _ => {
                let months = all.filter(|day| *day == day.month());
                months.flat_map(|month| (month.0..month.month_after(1).0).map(Day)).collect()
            }
        }
    }

    #[test]
    fn every_day_of_a_range_is_read_once_and_no_other() {
        let start = Day::parse("2023-12-25").unwrap_or_default();
        for begin in 0..70 {
            for length in 0..420 {
                let (from, to) = (start.plus(begin), start.plus(begin + length));
                let mut read: Vec<Day> = parts(from, to).into_iter().flat_map(days).collect();
                read.sort();
                assert_eq!(read, (from.0..=to.0).map(Day).collect::<Vec<_>>(), "{from} to {to}");
            }
        }
        assert_eq!(parts(start, start.plus(-1)), []);
    }

    #[test]
    fn the_month_that_goes_on_is_read_as_one() {
        let day = |text| Day::parse(text).unwrap_or_default();
        let (from, today) = (day("2025-12-01"), day("2026-11-20"));
        let months = Part { span: MONTH, from, to: day("2026-11-01") };
        assert_eq!(parts_by(today, from, today), [months]);
        assert_eq!(parts_by(today, from, day("2026-11-19")), parts(from, day("2026-11-19")));
        let week = parts_by(today, day("2026-11-14"), today);
        assert!(week.iter().all(|part| part.span == DAY), "{week:?}");
    }

    #[test]
    fn a_year_is_a_few_months_and_not_two_months_of_days() {
        let (from, to) = (Day(20_000), Day(20_365));
        let days: i32 =
            parts(from, to).iter().filter(|part| part.span == DAY).map(|part| part.to.0 - part.from.0).sum();
        assert!(days < 62, "{days}");
    }
}
