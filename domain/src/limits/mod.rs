//! How often something may be tried. Trying too often is answered with how long to wait: nobody is locked out.
//!
//! Each limit is a bucket kept by the generic cell rate algorithm (ITU-T I.371): one moment for each key, before which the
//! bucket is not empty again. That is one number, so that several servers can share it through the database, or a store
//! that is quicker, and change it in one statement; in memory the same arithmetic serves one server.

mod allowance;
mod elsewhere;
mod memory;
mod rule;
mod shared;

pub use allowance::{Allowance, InvalidAllowance};
pub use elsewhere::Buckets;
pub use rule::Rule;
pub use shared::delete_idle;

use crate::{Actor, Clock, Db, Error, Result};
use elsewhere::Elsewhere;
use memory::Memory;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// As many times what one IPv6 /64 may, all those of a /48 may together.
const WIDER: i64 = 16;

/// How much of a limit is left to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many are let through at once.
    pub most: i64,
    /// Seconds after which all of them are let through again.
    pub window_s: i64,
    /// How many are let through now.
    pub left: i64,
    /// Seconds until all are again.
    pub full_in_s: i64,
}

/// What is allowed, and how much of it was used.
#[derive(Clone, Debug)]
pub struct Limits(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    allowances: HashMap<Rule, Allowance>,
    used: Used,
}

#[derive(Debug)]
enum Used {
    Memory(Memory, Arc<dyn Clock>),
    Shared(Db),
    Elsewhere(Elsewhere),
}

impl Limits {
    /// Counted by this process alone. A rule without an allowance is not limited.
    pub fn in_memory(allowances: HashMap<Rule, Allowance>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { allowances, used: Used::Memory(Memory::default(), clock) }))
    }

    /// Counted together with every other server of this database.
    pub fn in_database(allowances: HashMap<Rule, Allowance>, db: &Db) -> Self {
        Self(Arc::new(Inner { allowances, used: Used::Shared(db.clone()) }))
    }

    /// Counted together with every other server of a store that may go away; then by this process alone until it is back.
    pub fn in_buckets(allowances: HashMap<Rule, Allowance>, buckets: Arc<dyn Buckets>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { allowances, used: Used::Elsewhere(Elsewhere::new(buckets, clock)) }))
    }

    /// Counts one attempt, by whatever `key` names: a network, an account, or both.
    ///
    /// # Errors
    /// [`Error::TooMany`] when it was one too many, with how long to wait. It is not counted then, so that trying on does
    /// not make the wait longer.
    pub async fn take(&self, rule: Rule, key: &[&str]) -> Result<()> {
        self.count(rule, key, 1).await
    }

    /// Counts one attempt by the network that somebody comes from and, where they may have many such networks, by the
    /// larger one around it, with more room.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub async fn take_network(&self, rule: Rule, actor: &Actor) -> Result<()> {
        if let Some(wider) = actor.wider_network() {
            self.count(rule, &[&wider], WIDER).await?;
        }
        self.count(rule, &[&actor.network()], 1).await
    }

    async fn count(&self, rule: Rule, key: &[&str], times: i64) -> Result<()> {
        let Some(allowance) = self.0.allowances.get(&rule) else { return Ok(()) };
        let allowance = allowance.times(times);
        let key = digest(rule, key);
        let wait_ms = match &self.0.used {
            Used::Memory(memory, clock) => memory.take(&key, allowance, clock.now()),
            Used::Shared(db) => shared::take(db, &key, allowance).await?,
            Used::Elsewhere(elsewhere) => elsewhere.take(&key, allowance).await,
        };
        if wait_ms == 0 {
            return Ok(());
        }
        tracing::warn!(rule = rule.name(), wait_ms, "too many attempts");
        Err(Error::TooMany { wait_ms })
    }

    /// How the network that somebody comes from stands with a rule; `None` for what is not limited.
    pub async fn standing(&self, rule: Rule, actor: &Actor) -> Result<Option<Standing>> {
        let Some(allowance) = self.0.allowances.get(&rule) else { return Ok(None) };
        let key = digest(rule, &[&actor.network()]);
        let (empty_at, now) = match &self.0.used {
            Used::Memory(memory, clock) => (memory.empty_at(&key), clock.now()),
            Used::Shared(db) => (shared::empty_at(db, &key).await?, db.now()),
            Used::Elsewhere(elsewhere) => elsewhere.empty_at(&key).await,
        };
        let ((most, window_s), (left, full_in_s)) = (allowance.quota(), allowance.left(empty_at, now));
        Ok(Some(Standing { most, window_s, left, full_in_s }))
    }

    /// Forgets the attempts of a key, such as those before the right password.
    pub async fn forget(&self, rule: Rule, key: &[&str]) -> Result<()> {
        let key = digest(rule, key);
        match &self.0.used {
            Used::Memory(memory, _) => memory.forget(&key),
            Used::Shared(db) => shared::forget(db, &key).await?,
            Used::Elsewhere(elsewhere) => elsewhere.forget(&key).await,
        }
        Ok(())
    }
}

/// Addresses are not kept as they are, and a key has one length whatever was typed.
fn digest(rule: Rule, key: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in [rule.name()].iter().chain(key) {
        // The length first, so that no two lists of parts are one text.
        hasher.update(part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_run_into_each_other() {
        let keys = [
            digest(Rule::Register, &["a", "b"]),
            digest(Rule::Register, &["ab"]),
            digest(Rule::Register, &["b", "a"]),
            digest(Rule::Meter, &["a", "b"]),
        ];
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len());
    }
}
