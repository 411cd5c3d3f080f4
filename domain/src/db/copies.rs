//! Copies of what every visitor sees alike, left by one server for the others: one looks it up, all show it.
//!
//! The name of a copy says how often the shelves had changed before it was looked up, which the database counts in the
//! transaction of each change (`generation.rs`). So a copy is never taken for something newer than it is: not after a server
//! died between its change and the word of it, not when the place was away meanwhile and came back as it was, and not when
//! whoever looked was slow to leave it. What the shelves do not tell, such as the best-selling of the week, is as old as the
//! copy at most.
//!
//! What each server remembers of its own (`alike.rs`) counts from its own changes; here it hears of those of others.

use super::Db;
use super::shelves::SHELVES;
use crate::{Error, Result, Timestamp, secret};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long a copy is kept, in milliseconds: for what is in none of the tables that are watched.
pub(super) const COPIED_MS: i64 = 60_000;
/// Longest copy, in bytes.
const LONGEST: usize = 1024 * 1024;
/// How long the word of the last change is kept, in milliseconds: a day. Without one it is as if there was another change.
const WORD_MS: u64 = 86_400_000;
/// Another version of the program may make something else of the same name.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A copy.
#[derive(Serialize, Deserialize)]
struct Kept<V> {
    at: Timestamp,
    /// When a price in it changes by itself, because a sale begins or ends.
    changes_at: Option<Timestamp>,
    value: V,
}

impl<V: DeserializeOwned> Kept<V> {
    /// A copy that still counts; nothing where it is none, whoever wrote it.
    fn read(text: &str, now: Timestamp) -> Option<Self> {
        let kept: Self = serde_json::from_str(text).ok()?;
        // The clocks of two servers differ a little.
        let young = (-COPIED_MS..COPIED_MS).contains(&now.since_ms(kept.at));
        (young && kept.changes_at.is_none_or(|at| at > now)).then_some(kept)
    }
}

impl Db {
    /// What `look` finds, or another server found since the shelves last changed; on a server that shares nothing, what
    /// `look` finds. Kinds with different keys or values have different names. It must not depend on who asks, and not be
    /// about somebody, and what was read before is no part of it: that may be older than the copy's name says. One statement
    /// where there is a copy.
    ///
    /// # Errors
    /// As `look`; nothing is left then.
    pub(crate) async fn copied<V, F>(&self, kind: &str, key: &impl Serialize, look: impl FnOnce() -> F) -> Result<V>
    where
        V: Serialize + DeserializeOwned + Send,
        F: Future<Output = Result<V>>,
    {
        let Some(shared) = self.shared.as_ref().filter(|shared| shared.is_there()) else { return look().await };
        let key = serde_json::to_string(key).map_err(|error| Error::Damaged(error.to_string()))?;
        // Before what it belongs to.
        let generation = self.generation().await?;
        let name = format!("{kind}:{VERSION}:{generation}:{}", secret::digest(&key));
        if let Some(text) = shared.read(&name).await.flatten()
            && let Some(kept) = Kept::read(&text, self.now())
        {
            self.changes_at(kept.changes_at.into_iter());
            return Ok(kept.value);
        }
        let at = self.now();
        let value = look().await?;
        let text = serde_json::to_string(&Kept { at, changes_at: self.next_change(at), value: &value });
        if let Ok(text) = text
            && text.len() <= LONGEST
        {
            shared.write(&name, &text, COPIED_MS.unsigned_abs()).await;
        }
        Ok(value)
    }

    /// Whether copies are left for other servers, or would be if the place for them were not away.
    pub(crate) fn shares(&self) -> bool {
        self.shared.is_some()
    }

    /// The word of the last change that any server made to the shelves; `None` where nothing is shared, or not now.
    pub(super) async fn word(&self) -> Option<String> {
        let shared = self.shared.as_ref()?;
        Some(shared.read(SHELVES).await?.unwrap_or_default())
    }

    /// Tells the other servers that the shelves have changed. One that does not hear it is late by a moment.
    pub(super) async fn spread_the_word(&self) {
        let Some(shared) = self.shared.clone() else { return };
        // It goes out, too, when whoever asked for the change has gone by now.
        let spread = tokio::spawn(async move { shared.write(SHELVES, &secret::token(), WORD_MS).await });
        if let Err(error) = spread.await {
            tracing::error!(%error, "the word of a change broke off");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_young_copy_whose_prices_still_stand_is_shown() {
        let at = Timestamp(1_000_000);
        let text = |changes_at| serde_json::to_string(&Kept { at, changes_at, value: 7 }).unwrap();
        let shown = |text: &str, now: i64| Kept::<i32>::read(text, Timestamp(now)).map(|kept| kept.value);
        let plain = text(None);
        assert_eq!(shown(&plain, at.0), Some(7));
        assert_eq!(shown(&plain, at.0 + COPIED_MS - 1), Some(7));
        assert_eq!(shown(&plain, at.0 - 500), Some(7), "by a clock that is a little behind");
        assert_eq!(shown(&plain, at.0 + COPIED_MS), None);
        assert_eq!(shown(&plain, at.0 - COPIED_MS - 1), None);
        let reduced = text(Some(Timestamp(at.0 + 5_000)));
        assert_eq!((shown(&reduced, at.0 + 4_999), shown(&reduced, at.0 + 5_000)), (Some(7), None));
        for garbage in ["", "7", "null", "{}", r#"{"at":1000000,"changes_at":null}"#, r#"{"at":1000000,"value":"x"}"#] {
            assert_eq!(shown(garbage, at.0), None, "{garbage:?}");
        }
    }
}
