//! Instants in time.

use serde::{Deserialize, Serialize};
use std::time::{SystemTime, UNIX_EPOCH};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
///
/// Stored as an integer, so that every database orders and compares it alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// A day, in milliseconds.
    pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// This instant moved by `ms` milliseconds; saturates at the ends of time.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when it is later.
    pub fn since_ms(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC, to the second: `2026-11-20T09:30:00Z`.
    pub fn rfc3339(self) -> String {
        self.utc().replace_nanosecond(0).unwrap_or(self.utc()).format(&Rfc3339).unwrap_or_default()
    }

    /// Reads RFC 3339, in whichever zone it is; what is finer than a millisecond is left out.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(Self)
    }

    /// The date as a reader writes it: `20 November 2026` (UTC).
    pub fn date(self) -> String {
        let day = self.utc().date();
        format!("{} {} {}", day.day(), day.month(), day.year())
    }
}

impl From<SystemTime> for Timestamp {
    /// What lies before 1970 becomes the beginning of that year.
    fn from(time: SystemTime) -> Self {
        let ms = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Self(i64::try_from(ms).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_for_machines_and_for_readers() {
        let opening = Timestamp(1_795_165_200_999);
        assert_eq!(opening.rfc3339(), "2026-11-20T09:00:00Z");
        assert_eq!(opening.date(), "20 November 2026");
        assert_eq!(Timestamp::from_rfc3339("2026-11-20T10:00:00.9994+01:00"), Some(opening));
        assert_eq!(Timestamp::from_rfc3339("2026-11-20"), None);
    }

    #[test]
    fn an_instant_is_read_in_any_offset() {
        let opening = Some(Timestamp(1_795_165_200_250));
        assert_eq!(Timestamp::from_rfc3339("2026-11-20T09:00:00.250Z"), opening);
        assert_eq!(Timestamp::from_rfc3339("2026-11-20T10:00:00.25+01:00"), opening);
        assert!(
            ["", "2026-11-20", "2026-11-20T09:00", "yesterday"]
                .iter()
                .all(|text| Timestamp::from_rfc3339(text).is_none())
        );
    }

    #[test]
    fn time_does_not_wrap_around() {
        assert_eq!(Timestamp(i64::MAX).plus_ms(1), Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN).since_ms(Timestamp(1)), i64::MIN);
        assert_eq!(Timestamp(5).since_ms(Timestamp(7)), -2);
    }
}
