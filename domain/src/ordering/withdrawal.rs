//! What a buyer agrees to before titles can be heard at once. Digital content that begins within the 14 days of the right of
//! withdrawal needs their consent and that they know what they lose (Directive 2011/83/EU, article 16, letter m). The words
//! have versions, so that what somebody agreed to can be read for ever.

use crate::Timestamp;
#[cfg(feature = "ssr")]
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Every wording that there ever was, the oldest first. None is changed or taken out: orders hold their places.
const WORDINGS: [&str; 1] =
    ["I agree that I can listen at once, before the 14 days are over in which I can withdraw from this \
     purchase, and I know that I lose my right of withdrawal from a title when I first play or download it."];

/// One wording of what is agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct WithdrawalWording(usize);

/// There is no wording of that version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no wording {0:?} about the right of withdrawal")]
pub struct UnknownWording(pub String);

impl WithdrawalWording {
    /// That of today.
    pub const CURRENT: Self = Self(WORDINGS.len() - 1);

    /// Counted from 1.
    pub fn version(self) -> i32 {
        i32::try_from(self.0 + 1).unwrap_or(i32::MAX)
    }

    pub fn sentence(self) -> &'static str {
        WORDINGS[self.0]
    }
}

impl TryFrom<i32> for WithdrawalWording {
    type Error = UnknownWording;

    fn try_from(version: i32) -> Result<Self, UnknownWording> {
        let place = usize::try_from(version).ok().and_then(|version| version.checked_sub(1));
        place.filter(|place| *place < WORDINGS.len()).map(Self).ok_or_else(|| UnknownWording(version.to_string()))
    }
}

impl From<WithdrawalWording> for i32 {
    fn from(wording: WithdrawalWording) -> Self {
        wording.version()
    }
}

impl FromStr for WithdrawalWording {
    type Err = UnknownWording;

    fn from_str(text: &str) -> Result<Self, UnknownWording> {
        let version: i32 = text.trim().parse().map_err(|_| UnknownWording(text.to_owned()))?;
        version.try_into()
    }
}

impl fmt::Display for WithdrawalWording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.version())
    }
}

/// That a buyer agreed, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalConsent {
    pub agreed_at: Timestamp,
    pub wording: WithdrawalWording,
}

#[cfg(feature = "ssr")]
impl WithdrawalConsent {
    /// As an order keeps it.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a wording that there never was.
    pub(super) fn kept(agreed_at: Option<Timestamp>, version: Option<i32>) -> Result<Option<Self>> {
        let Some((agreed_at, version)) = agreed_at.zip(version) else { return Ok(None) };
        let wording = version.try_into().map_err(|error: UnknownWording| Error::Damaged(error.to_string()))?;
        Ok(Some(Self { agreed_at, wording }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_when_the_right_ends_and_are_found_by_their_version() {
        let today = WithdrawalWording::CURRENT;
        assert!(today.sentence().contains("14 days") && today.sentence().contains("first play or download"));
        assert_eq!(today.to_string().parse(), Ok(today));
        assert_eq!(serde_json::to_string(&today).unwrap(), today.version().to_string());
        for wrong in ["", "0", "-1", "on", "999"] {
            assert!(wrong.parse::<WithdrawalWording>().is_err(), "{wrong:?} was taken for a wording");
        }
    }

    #[test]
    fn what_was_agreed_to_once_stays_as_it_was() {
        let first = WithdrawalWording::try_from(1).unwrap().sentence();
        assert!(first.starts_with("I agree that I can listen at once, before the 14 days"));
        assert!(first.ends_with("I lose my right of withdrawal from a title when I first play or download it."));
    }
}
