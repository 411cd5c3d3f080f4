//! What people are called.

use super::Email;
use crate::{Error, Result};

/// Characters of a name at most.
const MOST: usize = 120;

/// A name as it is kept: no line, not empty, nothing around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonName(String);

impl PersonName {
    /// What somebody typed.
    ///
    /// # Errors
    /// `Invalid` when it is none.
    pub fn parse(typed: &str) -> Result<Self> {
        let name = typed.trim();
        if name.is_empty() || name.chars().count() > MOST || name.chars().any(char::is_control) {
            return Err(Error::invalid("name", "account.name-length").with("most", MOST));
        }
        Ok(Self(name.to_owned()))
    }

    /// As they are called at the provider by which they came, as far as that is a name; or else as the beginning of their
    /// address. Nobody is turned away for it.
    pub fn from_provider(claimed: Option<&str>, email: &Email) -> Self {
        let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(MOST).collect() };
        let name = claimed.map(plain).unwrap_or_default();
        Self(match name.trim() {
            "" => plain(email.as_str().split('@').next().unwrap_or_default()),
            name => name.to_owned(),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_provider_says_becomes_a_name_that_could_have_been_typed() {
        let ada: Email = "ada@example.com".parse().unwrap();
        let long = "é".repeat(500);
        let most = "é".repeat(MOST);
        for (claimed, name) in [
            (Some(" Ada\u{0} King\r\n"), "Ada King"),
            (Some("\u{7}"), "ada"),
            (Some("\t \n"), "ada"),
            (None, "ada"),
            (Some(&*long), &*most),
        ] {
            let kept = PersonName::from_provider(claimed, &ada);
            assert_eq!(kept.as_str(), name);
            assert_eq!(PersonName::parse(kept.as_str()).unwrap(), kept);
        }
    }
}
