//! Days in a row.

use crate::Day;
use serde::{Deserialize, Serialize};

/// On how many days in a row somebody heard something. Days are in UTC: the shop does not know where its listeners are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streak {
    /// Up to today, or to yesterday while nothing was heard today; else 0.
    pub current: u32,
    pub longest: u32,
}

impl Streak {
    /// What days, each of them once and the newest first, come to on the day that is `today`.
    pub fn of(days: impl IntoIterator<Item = Day>, today: Day) -> Self {
        let (mut all, mut run) = (Self::default(), 0);
        let mut later: Option<Day> = None;
        // The run that is still going on.
        let mut going = false;
        for day in days {
            if later.is_some_and(|later| day.plus(1) == later) {
                run += 1;
            } else {
                going = later.is_none() && day >= today.plus(-1);
                run = 1;
            }
            if going {
                all.current = run;
            }
            all.longest = all.longest.max(run);
            later = Some(day);
        }
        all
    }

    /// In a sentence, as soon as there are two days in a row. It blames nobody for a day without a book.
    pub fn sentence(self) -> Option<String> {
        let Self { current, longest } = self;
        match (current, longest) {
            (_, 0 | 1) => None,
            (0 | 1, _) => Some(format!("The longest run of days on which you listened, counted in UTC, is {longest}.")),
            _ if current == longest => Some(format!("You have listened on {current} days in a row, counted in UTC.")),
            _ => Some(format!(
                "You have listened on {current} days in a row, counted in UTC; the longest run is {longest}."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streak(days: &[i32]) -> (u32, u32) {
        let Streak { current, longest } = Streak::of(days.iter().copied().map(Day), Day(100));
        (current, longest)
    }

    #[test]
    fn a_streak_goes_on_until_a_whole_day_is_left_out() {
        assert_eq!(streak(&[]), (0, 0));
        assert_eq!(streak(&[100]), (1, 1));
        assert_eq!(streak(&[100, 99, 98]), (3, 3));
        assert_eq!(streak(&[99, 98]), (2, 2), "today is not over");
        assert_eq!(streak(&[98, 97]), (0, 2));
        assert_eq!(streak(&[100, 99, 97, 96, 95, 94, 50]), (2, 4));
        assert_eq!(streak(&[100, 98, 97]), (1, 2));
        assert_eq!(streak(&[101, 100]), (2, 2), "a clock that is a little ahead");
    }

    #[test]
    fn a_streak_is_told_in_one_sentence_and_only_where_there_is_one() {
        let told = |current, longest| Streak { current, longest }.sentence();
        assert_eq!((told(0, 0), told(1, 1), told(0, 1)), (None, None, None));
        assert_eq!(told(3, 3).unwrap_or_default(), "You have listened on 3 days in a row, counted in UTC.");
        assert!(told(2, 5).unwrap_or_default().ends_with("the longest run is 5."));
        let over = told(0, 5).unwrap_or_default();
        assert!(over.ends_with("is 5.") && !over.contains("You have"), "{over}");
    }
}
