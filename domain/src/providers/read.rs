//! Providers as they are, and those that may be asked.

use super::address::is_in_the_house;
use super::rows;
use super::{Month, Provider, Purpose};
use crate::entities::providers::Model;
use crate::vault::Vault;
use crate::{Db, Error, Result};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// A provider that may be asked, with what it knows the shop by.
#[derive(Clone)]
pub struct Ready {
    pub provider: Provider,
    sealed_key: Option<String>,
}

impl fmt::Debug for Ready {
    /// A key that is kept as it is never stands in a log either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("provider", &self.provider).finish_non_exhaustive()
    }
}

impl Ready {
    /// The key, opened; `None` for one that asks for none.
    ///
    /// # Errors
    /// When it was sealed with another secret.
    pub fn key(&self, vault: &dyn Vault) -> Result<Option<String>> {
        let Some(sealed) = &self.sealed_key else { return Ok(None) };
        let key = vault.open(&sealed_as(self.provider.id), sealed)?;
        String::from_utf8(key).map(Some).map_err(|_| Error::Damaged("the key of a provider".to_owned()))
    }
}

/// All providers with what they were asked this month, those of speech first, each purpose in its order.
pub async fn list(db: &Db) -> Result<Vec<Provider>> {
    let (now, months) = (db.now(), rows::months(db.read(), db.now()).await?);
    let shown = |row: Model| {
        let month = months.get(&row.id).copied().unwrap_or_default();
        rows::provider(row, month, now)
    };
    rows::all(db.read()).await?.into_iter().map(shown).collect()
}

/// # Errors
/// `NotFound` when there is no such provider.
pub async fn get(db: &Db, id: Uuid) -> Result<Provider> {
    list(db).await?.into_iter().find(|provider| provider.id == id).ok_or(Error::NotFound("provider"))
}

/// Those that are on, in the order in which they are asked. What they cost this month is not in it.
pub async fn ready(db: &Db, purpose: Purpose) -> Result<Vec<Ready>> {
    let on = rows::all(db.read()).await?.into_iter().filter(|row| row.switched_on && row.purpose == purpose);
    let ready = |row: Model| {
        let sealed_key = row.sealed_key.clone();
        Ok(Ready { provider: rows::provider(row, Month::default(), db.now())?, sealed_key })
    };
    on.map(ready).collect()
}

/// The machines elsewhere that sound or text of titles is given to, by their hosts. Everybody may read this: those of the
/// shop's own network are nobody else's, and how they are called is nobody's business.
pub async fn hosts(db: &Db) -> Result<Vec<String>> {
    let mut hosts = BTreeSet::new();
    for row in rows::all(db.read()).await?.into_iter().filter(|row| row.switched_on) {
        let provider = rows::provider(row, Month::default(), db.now())?;
        if !provider.address.as_deref().is_some_and(is_in_the_house) {
            hosts.extend(provider.host().map(str::to_owned));
        }
    }
    Ok(hosts.into_iter().collect())
}

/// Under what the key of a provider is sealed.
pub(super) fn sealed_as(id: Uuid) -> String {
    format!("key of provider {id}")
}
