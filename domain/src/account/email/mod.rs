//! Email addresses; on the server also how they are confirmed and changed, and the mails about an account.

#[cfg(feature = "ssr")]
pub mod email_tokens;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
mod purpose;
#[cfg(feature = "ssr")]
pub mod verification;

#[cfg(feature = "ssr")]
pub use purpose::TokenPurpose;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An email address, in lower case. Only its form is checked: whether it exists, only a mail can tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Write an email address such as name@example.com.")]
pub struct InvalidEmail;

#[cfg(feature = "ssr")]
impl From<InvalidEmail> for crate::Refusal {
    fn from(_: InvalidEmail) -> Self {
        "email.malformed".into()
    }
}

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Lengths are those of RFC 5321: 64 octets before the `@`, 254 in all.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_fits =
            (1..=64).contains(&local.len()) && !local.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
        let label_fits = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        if text.len() <= 254 && local_fits && domain.contains('.') && domain.split('.').all(label_fits) {
            Ok(Self(text))
        } else {
            Err(InvalidEmail)
        }
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!("  Ada@Example.COM ".parse::<Email>().unwrap().as_str(), "ada@example.com");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "a b@example.com",
            "ada@-x.com",
            "ada@exa mple.com",
            "a@b@c..d",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text:?} was taken for an address");
        }
    }
}
