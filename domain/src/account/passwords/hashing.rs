//! How passwords are kept: argon2id, salted, at the cost that OWASP asks for.

use super::Password;
use super::gate::HASHING;
use crate::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Memory in KiB, passes and lanes: OWASP's Password Storage Cheat Sheet, argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash of no password, at the same cost: checked when an address is unknown, so that it takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gb25lIGxpdmVzIGhlcg$q0eQd4h6B1q8c3g8m5nT0yq9ZkQJd0f0Xo7c2b9R1sE";

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::Damaged(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password with a salt of its own, as a PHC string. Takes tens of milliseconds and runs apart.
///
/// # Errors
/// When the machine has no randomness or memory to give.
pub async fn hash(password: &Password) -> Result<String> {
    let password = password.clone();
    HASHING
        .run(move || {
            let hash: PasswordHash = argon2()?
                .hash_password(password.expose().as_bytes())
                .map_err(|error| Error::Damaged(error.to_string()))?;
            Ok(hash.to_string())
        })
        .await
}

/// Whether a password is the one behind a hash. Without a hash it is not, and finding out takes as long.
///
/// # Errors
/// When the stored hash cannot be read.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let known = hash.is_some();
    let hash = hash.unwrap_or(NOBODY).to_owned();
    HASHING
        .run(move || {
            let hash = PasswordHash::new(&hash).map_err(|error| Error::Damaged(error.to_string()))?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let password = Password::parse("correct horse battery").unwrap();
        let (first, second) = (hash(&password).await.unwrap(), hash(&password).await.unwrap());
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(first, second, "two hashes share their salt");
        assert!(verify("correct horse battery", Some(&first)).await.unwrap());
        assert!(!verify("correct horse batterY", Some(&first)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_address_costs_as_much_as_a_known_one() {
        let known = hash(&Password::parse("correct horse battery").unwrap()).await.unwrap();
        // All but salt and hash, whose lengths count as well.
        let cost = |hash: &str| {
            let mut parts = hash.rsplitn(3, '$');
            (parts.next().map(str::len), parts.next().map(str::len), parts.next().map(str::to_owned))
        };
        assert_eq!(cost(NOBODY), cost(&known));
    }

    #[tokio::test]
    async fn nobody_has_a_password() {
        assert!(!verify("correct horse battery", None).await.unwrap());
        assert!(verify("correct horse battery", Some("not a hash")).await.is_err());
    }
}
