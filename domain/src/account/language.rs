//! The languages that somebody can choose.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// A language of the shop, and how dates are written in it. The words are the same in all of them so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "en-US")]
    AmericanEnglish,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::AmericanEnglish];

    /// As BCP 47 names it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::AmericanEnglish => "en-US",
        }
    }

    /// As its speakers name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::AmericanEnglish => "English (United States)",
        }
    }

    /// The language of a tag; `None` when the shop does not have it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
    }

    /// The language of a tag as it was kept. A newer version of the shop may have written one that this one does not have.
    pub fn read(tag: &str) -> Self {
        Self::from_tag(tag).unwrap_or_default()
    }

    /// A date as its readers write it (UTC): `20 November 2026`, `November 20, 2026`.
    pub fn date(self, at: Timestamp) -> String {
        match self {
            Self::English => at.date(),
            Self::AmericanEnglish => {
                let day = at.utc().date();
                format!("{} {}, {}", day.month(), day.day(), day.year())
            }
        }
    }

    /// A date and the time of day as its readers write them: `20 November 2026, 09:05 UTC`.
    pub fn moment(self, at: Timestamp) -> String {
        let (date, time) = (self.date(at), at.utc().time());
        match self {
            Self::English => format!("{date}, {:02}:{:02} UTC", time.hour(), time.minute()),
            Self::AmericanEnglish => {
                let (hour, half) = (time.hour(), if time.hour() < 12 { "AM" } else { "PM" });
                let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
                format!("{date}, {hour}:{:02} {half} UTC", time.minute())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T09:05:00Z, and 15 hours later.
    const MORNING: Timestamp = Timestamp(1_795_165_500_000);
    const MIDNIGHT: Timestamp = Timestamp(1_795_165_500_000 + 15 * 3_600_000);

    #[test]
    fn a_language_is_known_by_its_tag() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
            assert_eq!(serde_json::to_value(language).unwrap(), language.tag());
        }
        assert_eq!(Language::from_tag("EN-us"), Some(Language::AmericanEnglish));
        assert_eq!(Language::from_tag("tlh"), None);
        assert_eq!(Language::read("tlh"), Language::English);
    }

    #[test]
    fn a_moment_is_written_as_its_readers_write_it() {
        assert_eq!(Language::English.moment(MORNING), "20 November 2026, 09:05 UTC");
        assert_eq!(Language::AmericanEnglish.moment(MORNING), "November 20, 2026, 9:05 AM UTC");
        assert_eq!(Language::English.moment(MIDNIGHT), "21 November 2026, 00:05 UTC");
        assert_eq!(Language::AmericanEnglish.moment(MIDNIGHT), "November 21, 2026, 12:05 AM UTC");
    }
}
