//! A lower price for a while.

use crate::Timestamp;
use uuid::Uuid;

/// What a title costs for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub minor: i64,
    /// From ever when `None`.
    pub starts_at: Option<Timestamp>,
    /// Over from here on; never when `None`.
    pub ends_at: Option<Timestamp>,
    /// The sale of the shop that it comes from; `None` for one of the title's own.
    pub sale: Option<Uuid>,
}

impl Window {
    pub fn runs(&self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }
}

/// Those that are lower than the list price. A sale that takes nothing off is none.
pub(super) fn lower(list_minor: i64, windows: impl Iterator<Item = Window>) -> Vec<Window> {
    windows.filter(|window| window.minor < list_minor).collect()
}

/// The one that counts at `now`: the lowest, and of those the one that lasts longest.
pub(super) fn best(windows: &[Window], now: Timestamp) -> Option<Window> {
    let lasts = |window: &Window| std::cmp::Reverse(window.ends_at.map_or(i64::MAX, |end| end.0));
    windows.iter().copied().filter(|window| window.runs(now)).min_by_key(|window| (window.minor, lasts(window)))
}

/// The one that counts at `now`, or else the one that counts next. It ends early where a lower one begins.
pub(super) fn now_or_next(windows: &[Window], now: Timestamp) -> Option<Window> {
    let next = || {
        let starts = windows.iter().filter_map(|window| window.starts_at).filter(|start| *start > now);
        best(windows, starts.min()?)
    };
    let counts = best(windows, now).or_else(next)?;
    let from = counts.starts_at.map_or(now, |start| start.max(now));
    let undercut = windows.iter().filter(|other| other.minor < counts.minor).filter_map(|other| other.starts_at);
    let ends_at = undercut.filter(|start| *start > from).chain(counts.ends_at).min();
    Some(Window { ends_at, ..counts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(minor: i64, starts: i64, ends: i64) -> Window {
        Window { minor, starts_at: Some(Timestamp(starts)), ends_at: Some(Timestamp(ends)), sale: None }
    }

    #[test]
    fn the_lowest_price_counts_from_its_first_moment_to_before_its_last() {
        let windows = [window(800, 10, 40), window(600, 20, 30)];
        let minor = |at| best(&windows, Timestamp(at)).map(|window| window.minor);
        let seen = [9, 10, 19, 20, 29, 30, 39, 40].map(minor);
        assert_eq!(seen, [None, Some(800), Some(800), Some(600), Some(600), Some(800), Some(800), None]);
    }

    #[test]
    fn of_two_equal_prices_the_longer_one_says_until_when() {
        let windows = [window(800, 10, 40), window(800, 10, 50)];
        assert_eq!(best(&windows, Timestamp(10)).unwrap().ends_at, Some(Timestamp(50)));
    }

    #[test]
    fn what_is_kept_for_lists_ends_where_a_lower_price_begins() {
        let windows = [window(800, 10, 40), window(600, 20, 30)];
        let kept = |at| now_or_next(&windows, Timestamp(at)).map(|kept| (kept.minor, kept.ends_at.unwrap().0));
        assert_eq!([0, 10, 20, 30].map(kept), [Some((800, 20)), Some((800, 20)), Some((600, 30)), Some((800, 40))]);
        assert_eq!(kept(40), None);
    }

    #[test]
    fn a_price_that_is_not_lower_is_no_sale() {
        assert!(lower(800, [window(800, 0, 9), window(900, 0, 9)].into_iter()).is_empty());
    }
}
