//! Access tokens: signed here, checked here and by whoever reads the published keys (RFC 9068, RFC 7519, RFC 8037).

mod claims;
mod key;
mod ring;
pub(crate) mod seal;
#[cfg(test)]
mod tests;

pub use claims::{Claims, TokenRole};

use crate::Config;
use anyhow::{Context, ensure};
use domain::account::User;
use domain::account::machines::MachineToken;
use domain::account::tokens::{Lifetimes, RefreshFamily};
use domain::{Db, Error, Result};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, Header, Validation, crypto, decode, decode_header, encode};
use ring::KeyRing;
use seal::Seal;
use std::collections::HashSet;
use uuid::Uuid;

/// What an access token calls itself, so that no other kind of JWT is taken for one (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";
/// Longer texts are no tokens of ours, which have about 600 characters.
const LONGEST: usize = 4096;
/// Another server's clock may be this much ahead, in seconds.
const SKEW_S: i64 = 60;
/// How long an address is good that opens without a token, in milliseconds: 15 minutes.
pub const ADDRESS_MS: i64 = 15 * 60 * 1000;
/// How long a retired key is published after its last token expired, in milliseconds: the other servers have noticed.
const KEY_MARGIN_MS: i64 = 5 * 60 * 1000;

const MINUTE_MS: i64 = 60 * 1000;

/// Signs and checks the access tokens of the shop.
#[derive(Debug)]
pub struct Tokens {
    issuer: String,
    audience: String,
    access_ms: i64,
    lifetimes: Lifetimes,
    validation: Validation,
    ring: KeyRing,
}

/// An access token and how long it is good for.
pub struct Access {
    pub token: String,
    pub expires_in_s: i64,
}

impl Tokens {
    /// As configured.
    ///
    /// # Errors
    /// When a value makes no sense; the sentence names the key.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let keys = &config.tokens;
        ensure!((1..=60).contains(&keys.access_minutes), "tokens.access_minutes must be 1 to 60");
        ensure!(keys.rotate_days >= 1, "tokens.rotate_days must be at least 1");
        ensure!(keys.refresh_days >= 1, "tokens.refresh_days must be at least 1");
        ensure!(keys.refresh_max_days >= keys.refresh_days, "tokens.refresh_max_days is less than tokens.refresh_days");
        let seal = Seal::from_secret(&keys.secret, "lectern signing keys").context("tokens.secret cannot be used")?;
        let (issuer, audience) = (config.token_issuer(), keys.audience.clone());
        let access_ms = keys.access_minutes * MINUTE_MS;
        let lifetimes = Lifetimes {
            idle_ms: keys.refresh_days.saturating_mul(domain::Timestamp::DAY_MS),
            max_ms: keys.refresh_max_days.saturating_mul(domain::Timestamp::DAY_MS),
        };
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.required_spec_claims = HashSet::from(["iss", "aud", "sub", "exp"].map(str::to_owned));
        // By the shop's clock, below.
        validation.validate_exp = false;
        let ring = KeyRing::new(
            seal,
            keys.rotate_days.saturating_mul(domain::Timestamp::DAY_MS),
            access_ms.max(ADDRESS_MS) + KEY_MARGIN_MS,
        );
        Ok(Self { issuer, audience, access_ms, lifetimes, validation, ring })
    }

    /// How long a program stays logged in.
    pub fn lifetimes(&self) -> Lifetimes {
        self.lifetimes
    }

    /// Makes sure that there is a key to sign with, and that it can be opened.
    ///
    /// # Errors
    /// When the database fails, or the key was sealed with another secret.
    pub async fn check(&self, db: &Db) -> Result<()> {
        self.ring.signer(db).await.map(drop)
    }

    /// An access token for what a program holds. It is never good for longer than the log-in it comes of.
    ///
    /// # Errors
    /// When the database fails, or there is no key to sign with.
    pub async fn issue(&self, db: &Db, held: &RefreshFamily) -> Result<Access> {
        let key = self.ring.signer(db).await?;
        let now = db.now();
        let (iat, exp) = (now.0 / 1000, now.plus_ms(self.access_ms).min(held.expires_at).0 / 1000);
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: held.user.id,
            aud: self.audience.clone(),
            exp,
            iat,
            jti: Uuid::now_v7(),
            sid: held.family_id,
            role: held.user.role.into(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let token = encode(&header, &claims, &key.private).map_err(|error| Error::Damaged(error.to_string()))?;
        Ok(Access { token, expires_in_s: exp - iat })
    }

    /// What the token of a machine says, which itself is no more than a random text.
    pub fn claims_of_machine(&self, owner: &User, token: &MachineToken) -> Claims {
        Claims {
            iss: self.issuer.clone(),
            sub: owner.id,
            aud: self.audience.clone(),
            exp: token.ends_at.0 / 1000,
            iat: token.created_at.0 / 1000,
            jti: token.id,
            sid: token.id,
            role: owner.role.into(),
        }
    }

    /// What a token says, if one of the shop's keys signed it for this shop and it has not expired. Whether its log-in
    /// still stands, the database knows.
    pub async fn verify(&self, db: &Db, token: &str) -> Result<Option<Claims>> {
        if token.len() > LONGEST {
            return Ok(None);
        }
        let Ok(header) = decode_header(token) else { return Ok(None) };
        // `crit` would name extensions that must be understood, and none is (RFC 7515, 4.1.11).
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Ok(None);
        }
        let Some(kid) = header.kid else { return Ok(None) };
        let Some(key) = self.ring.verifier(db, &kid).await? else { return Ok(None) };
        let Ok(token) = decode::<Claims>(token, &key, &self.validation) else { return Ok(None) };
        let now_s = db.now().0 / 1000;
        let in_time = token.claims.exp > now_s && token.claims.iat <= now_s.saturating_add(SKEW_S);
        Ok(in_time.then_some(token.claims))
    }

    /// Signs a text that is no token, so that this shop, on whichever server, knows it again: the name of the key, and the
    /// signature. A line break in the text keeps it from being taken for a token.
    ///
    /// # Errors
    /// When the database fails, or there is no key to sign with.
    pub async fn sign(&self, db: &Db, text: &str) -> Result<(String, String)> {
        let key = self.ring.signer(db).await?;
        let signature = crypto::sign(text.as_bytes(), &key.private, Algorithm::EdDSA);
        Ok((key.kid, signature.map_err(|error| Error::Damaged(error.to_string()))?))
    }

    /// Whether a key of the shop's signed this text.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_signed(&self, db: &Db, kid: &str, signature: &str, text: &str) -> Result<bool> {
        if signature.len() > LONGEST {
            return Ok(false);
        }
        let Some(key) = self.ring.verifier(db, kid).await? else { return Ok(false) };
        Ok(crypto::verify(signature, text.as_bytes(), &key, Algorithm::EdDSA).unwrap_or(false))
    }

    /// The public keys by which access tokens can be checked: the one that signs, and those that did not long ago.
    pub async fn public_keys(&self, db: &Db) -> Result<Vec<Jwk>> {
        self.ring.signer(db).await?;
        self.ring.public(db).await
    }

    /// Forgets keys that nobody needs any more.
    pub async fn delete_retired_keys(&self, db: &Db) -> Result<u64> {
        domain::account::tokens::signing_keys::delete_retired(db, self.ring.keep_ms()).await
    }
}
