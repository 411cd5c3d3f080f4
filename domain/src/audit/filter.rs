//! Which lines of the trail are wanted.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use uuid::Uuid;

/// How a browser's `date` field writes a day.
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// What is looked for; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// An address, whole; empty for everybody's.
    pub who: String,
    /// The name of an action; empty for all.
    pub action: String,
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Write a day such as 2026-11-20.")]
pub struct InvalidDay;

#[cfg(feature = "ssr")]
impl From<InvalidDay> for crate::Refusal {
    fn from(_: InvalidDay) -> Self {
        "day.malformed".into()
    }
}

impl Filter {
    /// Reads what stands in an address. Days are those of UTC, both included; an empty text leaves that end open.
    ///
    /// # Errors
    /// When a day is none.
    pub fn read(who: &str, action: &str, from: &str, to: &str) -> Result<Self, InvalidDay> {
        Ok(Self {
            who: who.trim().to_lowercase(),
            action: action.to_owned(),
            from: start_of_day(from)?,
            until: start_of_day(to)?.map(|day| day.plus_ms(Timestamp::DAY_MS)),
        })
    }
}

fn start_of_day(day: &str) -> Result<Option<Timestamp>, InvalidDay> {
    if day.trim().is_empty() {
        return Ok(None);
    }
    let day = Date::parse(day.trim(), DAY).map_err(|_| InvalidDay)?;
    Ok(Some(Timestamp(day.midnight().assume_utc().unix_timestamp().saturating_mul(1000))))
}

/// Where a line stands in the trail: lists go on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub at: Timestamp,
    pub id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.0, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (at, id) = text.split_once('.').ok_or(InvalidCursor)?;
        Ok(Self {
            at: Timestamp(at.parse().map_err(|_| InvalidCursor)?),
            id: Uuid::try_parse(id).map_err(|_| InvalidCursor)?,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the trail")]
pub struct InvalidCursor;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_taken_whole() {
        let filter = Filter::read(" Ada@Example.com ", "", "2026-11-20", "2026-11-20").unwrap();
        assert_eq!(filter.who, "ada@example.com");
        assert_eq!(filter.from, Some(Timestamp(1_795_132_800_000)));
        assert_eq!(filter.until, Some(Timestamp(1_795_132_800_000 + Timestamp::DAY_MS)));
        assert_eq!(Filter::read("", "", "", "").unwrap(), Filter::default());
        for wrong in ["yesterday", "2026-02-30", "20.11.2026"] {
            assert_eq!(Filter::read("", "", wrong, ""), Err(InvalidDay), "{wrong:?}");
        }
    }

    #[test]
    fn a_place_survives_an_address() {
        let place = Cursor { at: Timestamp(1_795_132_800_000), id: Uuid::from_u128(7) };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in ["", "1", "1.", "x.00000000000000000000000000000007", "1.zz"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(InvalidCursor), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_filter_and_any_place_is_read_or_refused(
            day in ".{0,20}|[+-]?[0-9]{1,6}-[0-9]{1,3}-[0-9]{1,3}",
            place in ".{0,60}|-?[0-9]{1,25}\\.[0-9a-f-]{30,40}",
        ) {
            if let Ok(filter) = Filter::read(&place, &place, &day, &day) {
                prop_assert!(filter.from <= filter.until);
            }
            if let Ok(read) = place.parse::<Cursor>() {
                prop_assert_eq!(read.to_string().parse::<Cursor>(), Ok(read));
            }
        }
    }
}
