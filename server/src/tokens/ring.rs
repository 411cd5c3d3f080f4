//! The keys of the shop, remembered for a minute. They are in the database: every server signs with the same one, and
//! checks by the same ones.

use super::key;
use super::seal::Seal;
use domain::account::tokens::signing_keys::{self, Key};
use domain::{Db, Error, Result, Timestamp};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey};
use std::sync::{Arc, PoisonError, RwLock};

/// How long what was read is taken for true, in milliseconds. A key whose row is deleted is forgotten by then.
const REMEMBERED_MS: i64 = 60_000;
/// How often a key is looked for or made before giving up: each try is lost only to another server that made one.
const TRIES: u32 = 4;

/// The keys, and when a new one is made.
#[derive(Debug)]
pub struct KeyRing {
    seal: Option<Seal>,
    rotate_ms: i64,
    keep_ms: i64,
    remembered: RwLock<Arc<Ring>>,
}

/// The key that signs.
#[derive(Debug)]
pub struct Signer {
    pub kid: String,
    pub private: EncodingKey,
}

/// The keys as they were at some moment, the newest first.
#[derive(Debug, Default)]
struct Ring {
    read_at: Option<Timestamp>,
    keys: Vec<(Key, DecodingKey)>,
}

impl Ring {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.read_at.is_some_and(|read_at| (0..REMEMBERED_MS).contains(&now.since_ms(read_at)))
    }

    /// The key that was not retired.
    fn signing(&self) -> Option<&Key> {
        self.keys.first().map(|(key, _)| key).filter(|key| key.retired_at.is_none())
    }

    fn verifier(&self, kid: &str) -> Option<DecodingKey> {
        self.keys.iter().find(|(key, _)| key.kid == kid).map(|(_, verifier)| verifier.clone())
    }
}

impl KeyRing {
    /// Keys sign for `rotate_ms` and are published for `keep_ms` more.
    pub fn new(seal: Option<Seal>, rotate_ms: i64, keep_ms: i64) -> Self {
        Self { seal, rotate_ms, keep_ms, remembered: RwLock::default() }
    }

    pub fn keep_ms(&self) -> i64 {
        self.keep_ms
    }

    /// The key to sign with; made when there is none, or when the one that there is has signed for long enough.
    ///
    /// # Errors
    /// When the database fails, or the key was sealed with another secret.
    pub async fn signer(&self, db: &Db) -> Result<Signer> {
        let ring = self.current(db).await?;
        if let Some(signer) = self.usable(&ring, db.now())? {
            return Ok(signer);
        }
        for _ in 0..TRIES {
            let ring = self.read(db).await?;
            if let Some(signer) = self.usable(&ring, db.now())? {
                return Ok(signer);
            }
            let old = ring.signing().map(|key| key.kid.as_str());
            if signing_keys::replace(db, old, &key::make(self.seal.as_ref())?).await? {
                tracing::info!("access tokens are signed with a new key");
            }
        }
        Err(Error::Busy)
    }

    /// The key to check a token by, if it is one of the shop's.
    pub async fn verifier(&self, db: &Db, kid: &str) -> Result<Option<DecodingKey>> {
        match self.current(db).await?.verifier(kid) {
            Some(verifier) => Ok(Some(verifier)),
            // Another server may have made it since.
            None => Ok(self.read(db).await?.verifier(kid)),
        }
    }

    /// The public keys.
    pub async fn public(&self, db: &Db) -> Result<Vec<Jwk>> {
        Ok(self.current(db).await?.keys.iter().map(|(key, _)| key::publish(key)).collect())
    }

    fn usable(&self, ring: &Ring, now: Timestamp) -> Result<Option<Signer>> {
        let Some(key) = ring.signing().filter(|key| !key.is_due(now, self.rotate_ms)) else { return Ok(None) };
        let private = key::signer(key, self.seal.as_ref())?;
        Ok(private.map(|private| Signer { kid: key.kid.clone(), private }))
    }

    /// The keys as remembered, or read again.
    async fn current(&self, db: &Db) -> Result<Arc<Ring>> {
        let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner).clone();
        if remembered.is_fresh(db.now()) { Ok(remembered) } else { self.read(db).await }
    }

    async fn read(&self, db: &Db) -> Result<Arc<Ring>> {
        let read_at = Some(db.now());
        let keys = signing_keys::published(db, self.keep_ms).await?;
        let keys = keys.into_iter().map(|key| key::verifier(&key).map(|verifier| (key, verifier)));
        let ring = Arc::new(Ring { read_at, keys: keys.collect::<Result<_>>()? });
        *self.remembered.write().unwrap_or_else(PoisonError::into_inner) = ring.clone();
        Ok(ring)
    }
}
