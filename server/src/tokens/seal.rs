//! Private keys at rest: sealed with `tokens.secret` (AES-256-GCM), or, without one, as they are.

use anyhow::ensure;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// Shortest secret, in characters: it stands in for a key, and is not stretched like a password.
const SHORTEST: usize = 32;

/// What private keys are sealed with.
pub struct Seal(RandomizedNonceKey);

impl Seal {
    /// `None` for an empty secret. Each purpose has a key of its own.
    ///
    /// # Errors
    /// When it is too short.
    pub fn from_secret(secret: &str, purpose: &str) -> anyhow::Result<Option<Self>> {
        if secret.is_empty() {
            return Ok(None);
        }
        ensure!(secret.chars().count() >= SHORTEST, "it needs at least {SHORTEST} random characters");
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, &[])
            .extract(secret.as_bytes())
            .expand(&[purpose.as_bytes()], &AES_256_GCM)
            .and_then(|derived| derived.fill(&mut key))?;
        Ok(Some(Self(RandomizedNonceKey::new(&AES_256_GCM, &key)?)))
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

/// A private key as it is kept.
pub enum Sealed {
    Plain(Vec<u8>),
    /// Nonce, cipher text and tag.
    Closed(Vec<u8>),
}

impl Sealed {
    /// Seals a key, if there is a seal. `kid` is bound to it: it cannot be moved to another row.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn close(seal: Option<&Seal>, kid: &str, key: &[u8]) -> Result<Self> {
        let Some(seal) = seal else { return Ok(Self::Plain(key.to_owned())) };
        let mut text = key.to_owned();
        let nonce = seal
            .0
            .seal_in_place_append_tag(Aad::from(kid.as_bytes()), &mut text)
            .map_err(|_| Error::Damaged("a signing key could not be sealed".to_owned()))?;
        let nonce: &[u8; NONCE_LEN] = nonce.as_ref();
        Ok(Self::Closed([nonce.as_slice(), &text].concat()))
    }

    pub fn is_sealed(&self) -> bool {
        matches!(self, Self::Closed(_))
    }

    /// The key.
    ///
    /// # Errors
    /// When it was sealed with another secret.
    pub fn open(self, seal: Option<&Seal>, kid: &str) -> Result<Vec<u8>> {
        let closed = match self {
            Self::Plain(key) => return Ok(key),
            Self::Closed(closed) => closed,
        };
        let other = || {
            Error::Damaged(format!(
                "the signing key {kid} was sealed with another tokens.secret: give every server the same one, or delete \
                 the row from signing_keys, which ends the access tokens signed with it"
            ))
        };
        let (nonce, text) = closed.split_first_chunk::<NONCE_LEN>().ok_or_else(other)?;
        let mut text = text.to_owned();
        let seal = seal.ok_or_else(other)?;
        let opened = seal
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(kid.as_bytes()), &mut text)
            .map_err(|_| other())?;
        Ok(opened.to_vec())
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(key) => write!(f, "plain.{}", URL_SAFE_NO_PAD.encode(key)),
            Self::Closed(text) => write!(f, "sealed.{}", URL_SAFE_NO_PAD.encode(text)),
        }
    }
}

impl FromStr for Sealed {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (kind, text) = text.split_once('.').ok_or(())?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ())?;
        match kind {
            "plain" => Ok(Self::Plain(bytes)),
            "sealed" => Ok(Self::Closed(bytes)),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secret: &str) -> Option<Seal> {
        Seal::from_secret(secret, "a test").unwrap()
    }

    #[test]
    fn a_sealed_key_opens_with_its_secret_and_in_its_row_only() {
        let (ours, other) = (seal(&"a".repeat(32)), seal(&"b".repeat(32)));
        let kept = Sealed::close(ours.as_ref(), "kid", b"private").unwrap().to_string();
        let read = || kept.parse::<Sealed>().unwrap();
        assert_eq!(read().open(ours.as_ref(), "kid").unwrap(), b"private");
        assert!(read().open(other.as_ref(), "kid").is_err());
        assert!(read().open(ours.as_ref(), "another row").is_err());
        let refused = read().open(None, "kid").unwrap_err().to_string();
        assert!(refused.contains("tokens.secret"), "{refused}");
    }

    #[test]
    fn what_is_sealed_for_one_purpose_opens_for_no_other() {
        let (signing, vault) = (Seal::from_secret(&"a".repeat(32), "one"), Seal::from_secret(&"a".repeat(32), "other"));
        let kept = Sealed::close(signing.unwrap().as_ref(), "kid", b"private").unwrap();
        assert!(kept.open(vault.unwrap().as_ref(), "kid").is_err());
    }

    #[test]
    fn a_short_secret_is_refused_and_none_is_allowed() {
        assert!(seal("").is_none());
        assert!(Seal::from_secret(&"a".repeat(31), "a test").is_err());
        let kept = Sealed::close(None, "kid", b"private").unwrap().to_string();
        assert_eq!(kept.parse::<Sealed>().unwrap().open(None, "kid").unwrap(), b"private");
    }
}
