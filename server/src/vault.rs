//! Secrets of people that the shop has to read again, at rest: sealed with a key that comes of `tokens.secret`, or, without
//! one, as they are.

use crate::Config;
use crate::tokens::seal::{Seal, Sealed};
use anyhow::Context;
use domain::{Error, Result, Vault};

#[derive(Debug)]
pub struct SealedVault(Option<Seal>);

impl SealedVault {
    /// As configured.
    ///
    /// # Errors
    /// When `tokens.secret` is too short.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let seal = Seal::from_secret(&config.tokens.secret, "lectern vault").context("tokens.secret cannot be used")?;
        Ok(Self(seal))
    }
}

impl Vault for SealedVault {
    fn seal(&self, name: &str, secret: &[u8]) -> Result<String> {
        Ok(Sealed::close(self.0.as_ref(), name, secret)?.to_string())
    }

    fn open(&self, name: &str, closed: &str) -> Result<Vec<u8>> {
        let other = || {
            Error::Damaged(format!(
                "the {name} was sealed with another tokens.secret: give every server the same one, or {}",
                instead(name)
            ))
        };
        let sealed: Sealed = closed.parse().map_err(|()| other())?;
        sealed.open(self.0.as_ref(), name).map_err(|_| other())
    }
}

/// What helps where the secret is lost for good.
fn instead(name: &str) -> &'static str {
    if name.starts_with("second step") || name.starts_with("recovery codes") {
        "turn the second step of whoever it concerns off"
    } else if name.starts_with("key of provider") {
        "write the key anew at /admin/models"
    } else {
        "make another one in its place"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(secret: &str) -> SealedVault {
        let mut config = Config::load(None).unwrap();
        config.tokens.secret = secret.to_owned();
        SealedVault::new(&config).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_and_under_its_own_name() {
        let (ours, other) = (vault(&"a".repeat(32)), vault(&"b".repeat(32)));
        let closed = ours.seal("second step of Ada", b"hush").unwrap();
        assert_eq!(ours.open("second step of Ada", &closed).unwrap(), b"hush");
        assert!(ours.open("second step of Bob", &closed).is_err());
        for wrong in [other, vault("")] {
            let said = wrong.open("second step of Ada", &closed).unwrap_err().to_string();
            assert!(said.contains("tokens.secret"), "{said}");
        }
    }

    #[test]
    fn what_cannot_be_opened_says_what_helps_for_what_it_is() {
        let (ours, other) = (vault(&"a".repeat(32)), vault(&"b".repeat(32)));
        for (name, helps) in [
            ("second step of Ada", "turn the second step"),
            ("recovery codes of Ada", "turn the second step"),
            ("key of provider Cloud", "/admin/models"),
            ("code of gift 7", "make another one"),
        ] {
            let closed = ours.seal(name, b"hush").unwrap();
            let said = other.open(name, &closed).unwrap_err().to_string();
            assert!(said.contains(name) && said.contains(helps), "{said}");
        }
    }

    #[test]
    fn a_shop_that_gets_a_secret_later_still_reads_what_it_kept_without() {
        let closed = vault("").seal("second step of Ada", b"hush").unwrap();
        assert_eq!(vault(&"a".repeat(32)).open("second step of Ada", &closed).unwrap(), b"hush");
    }
}
