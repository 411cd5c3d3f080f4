//! What was said in one's books, as it is shown to who looks for it.

use crate::catalog::AudiobookSummary;
use crate::spoken::Spot;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A sentence that was found, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub spot: Spot,
    /// The chapter that it is in, where the book has chapters.
    pub chapter: Option<String>,
}

/// What was found in a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    pub summary: AudiobookSummary,
    pub quotes: Vec<Quote>,
    /// As many as are shown of one book at most: there may be more in it.
    pub full: bool,
}

/// What was found in one's books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotes {
    /// The book that was bought last first.
    pub books: Vec<Quoted>,
    /// Where it goes on; none at the end.
    pub next: Option<After>,
    /// Books whose text is still being put in order, and is not looked through yet.
    pub unready: u64,
}

/// Where a list of what was found goes on: after what was last shown. Written as one word, for addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// When the book was bought, in milliseconds since 1970, and the id of the purchase.
    pub bought_at: i64,
    pub purchase: Uuid,
    /// Where the last sentence of it begins, in milliseconds from its start.
    pub start_ms: i64,
    /// How many of it were shown.
    pub shown: u32,
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bought_at, purchase, start_ms, shown } = self;
        write!(f, "{bought_at}.{}.{start_ms}.{shown}", purchase.simple())
    }
}

/// What is no such word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchPlace;

impl FromStr for After {
    type Err = NoSuchPlace;

    fn from_str(text: &str) -> Result<Self, NoSuchPlace> {
        let parts: Vec<&str> = text.split('.').collect();
        let [bought_at, purchase, start_ms, shown] = parts.as_slice() else { return Err(NoSuchPlace) };
        Ok(Self {
            bought_at: bought_at.parse().map_err(|_| NoSuchPlace)?,
            purchase: purchase.parse().map_err(|_| NoSuchPlace)?,
            start_ms: start_ms.parse().map_err(|_| NoSuchPlace)?,
            shown: shown.parse().map_err(|_| NoSuchPlace)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_into_an_address_and_read_again() {
        let after = After { bought_at: 1_795_165_200_000, purchase: Uuid::from_u128(7), start_ms: 12_400, shown: 2 };
        assert_eq!(after.to_string().parse::<After>(), Ok(after));
        for made_up in ["", "1", "a.b.c.d", "1.2.3.4", "1.00000000000000000000000000000007.1.-1"] {
            assert_eq!(made_up.parse::<After>(), Err(NoSuchPlace), "{made_up}");
        }
    }
}
