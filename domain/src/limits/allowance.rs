//! How much is allowed, as the configuration says it.

use crate::Timestamp;
use std::str::FromStr;

/// So many at once, and as many again spread over a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    count: i64,
    interval_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as a count and a while, such as 10/5m (s, m, h or d), or off")]
pub struct InvalidAllowance;

impl Allowance {
    /// Milliseconds after which one more is allowed.
    pub(super) fn interval_ms(self) -> i64 {
        self.interval_ms
    }

    /// How far ahead of time a burst may run, in milliseconds.
    pub(super) fn tolerance_ms(self) -> i64 {
        self.interval_ms.saturating_mul(self.count - 1)
    }

    /// How many are let through at once, and after how many seconds all of them again.
    pub fn quota(self) -> (i64, i64) {
        (self.count, up_to_seconds(self.interval_ms.saturating_mul(self.count)))
    }

    /// How many more are let through at this moment, and after how many seconds all of them are again.
    pub(super) fn left(self, empty_at: Timestamp, now: Timestamp) -> (i64, i64) {
        let until_empty_ms = empty_at.since_ms(now).max(0);
        // One more is let through as long as it begins within the tolerance.
        let room_ms = self.tolerance_ms().saturating_sub(until_empty_ms);
        let left = if room_ms < 0 { 0 } else { room_ms / self.interval_ms + 1 };
        (left, up_to_seconds(until_empty_ms))
    }

    /// So many times as much in the same while.
    pub(super) fn times(self, times: i64) -> Self {
        Self { count: self.count.saturating_mul(times), interval_ms: (self.interval_ms / times.max(1)).max(1) }
    }

    /// The generic cell rate algorithm: when the bucket is empty again after one more attempt, or how many milliseconds
    /// to wait for it.
    pub(super) fn admit(self, empty_at: Timestamp, now: Timestamp) -> Result<Timestamp, i64> {
        let wait_ms = empty_at.since_ms(now.plus_ms(self.tolerance_ms()));
        if wait_ms > 0 { Err(wait_ms) } else { Ok(empty_at.max(now).plus_ms(self.interval_ms)) }
    }

    /// Reads an allowance; `off` is none, and so no limit.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(text: &str) -> Result<Option<Self>, InvalidAllowance> {
        if text.trim() == "off" { Ok(None) } else { text.parse().map(Some) }
    }
}

fn up_to_seconds(ms: i64) -> i64 {
    ms.saturating_add(999) / 1000
}

impl FromStr for Allowance {
    type Err = InvalidAllowance;

    /// `10/5m`: ten at once, and one more every half minute.
    fn from_str(text: &str) -> Result<Self, InvalidAllowance> {
        let (count, period) = text.trim().split_once('/').ok_or(InvalidAllowance)?;
        let unit_ms = match period.chars().last() {
            Some('s') => 1000,
            Some('m') => 60 * 1000,
            Some('h') => 60 * 60 * 1000,
            Some('d') => 24 * 60 * 60 * 1000,
            _ => return Err(InvalidAllowance),
        };
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0).map(i64::from);
        let count = number(count).ok_or(InvalidAllowance)?;
        let period_ms = number(&period[..period.len() - 1]).ok_or(InvalidAllowance)?.saturating_mul(unit_ms);
        Ok(Self { count, interval_ms: (period_ms / count).max(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_a_count_and_a_while() {
        let ten: Allowance = "10/5m".parse().unwrap();
        assert_eq!((ten.interval_ms(), ten.tolerance_ms()), (30_000, 270_000));
        assert_eq!(Allowance::read("off"), Ok(None));
        for wrong in ["", "10", "10/", "/m", "10/m", "0/1m", "10/0s", "-1/1m", "10/5x", "10/5é", "on"] {
            assert_eq!(Allowance::read(wrong), Err(InvalidAllowance), "{wrong:?}");
        }
    }

    #[test]
    fn a_burst_is_let_through_and_then_one_for_each_interval() {
        const NOW: Timestamp = Timestamp(1_000_000);
        let three_a_minute: Allowance = "3/1m".parse().unwrap();
        let mut bucket = Timestamp(0);
        for _ in 0..3 {
            bucket = three_a_minute.admit(bucket, NOW).unwrap();
        }
        assert_eq!(three_a_minute.quota(), (3, 60));
        assert_eq!(three_a_minute.left(bucket, NOW), (0, 60));
        assert_eq!(three_a_minute.left(bucket, NOW.plus_ms(20_000)), (1, 40));
        assert_eq!(three_a_minute.left(bucket, NOW.plus_ms(59_999)), (2, 1));
        assert_eq!(three_a_minute.left(bucket, NOW.plus_ms(60_000)), (3, 0));
        assert_eq!(three_a_minute.admit(bucket, NOW), Err(20_000));
        assert_eq!(three_a_minute.admit(bucket, NOW.plus_ms(19_999)), Err(1));
        let bucket = three_a_minute.admit(bucket, NOW.plus_ms(20_000)).unwrap();
        assert_eq!(three_a_minute.admit(bucket, NOW.plus_ms(20_000)), Err(20_000));
        assert!(three_a_minute.admit(bucket, NOW.plus_ms(3_600_000)).is_ok());
    }
}
