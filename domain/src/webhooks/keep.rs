//! Addresses added, changed, switched off and on, removed; and the secrets that messages to them are signed with.

use super::{EventKind, MOST, OLD_SECRET_HOURS, OffWhy, SigningSecret, Webhook, WebhookForm};
use crate::audit::{self, Action, Entry};
use crate::entities::webhooks::{ActiveModel, Column, Entity, Model};
use crate::vault::Vault;
use crate::{Db, Error, Result, Tx, secret};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect,
};
use serde_json::json;
use url::{Host, Url};
use uuid::Uuid;

const HOUR_MS: i64 = 60 * 60 * 1000;
const ADDRESS_MAX: usize = 500;

impl From<Model> for Webhook {
    fn from(row: Model) -> Self {
        // Those of a newer version of the shop are left out.
        let events = row.events.split(',').filter_map(EventKind::from_name).collect();
        Self {
            id: row.id,
            address: row.address,
            events,
            created_at: row.created_at,
            failing_since: row.failing_since,
            off: row.off_at.zip(row.off_why),
            old_secret_until: row.old_secret_until,
            version: row.version,
        }
    }
}

/// Where messages may go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// This machine itself, by http too: for those who try their programs beside the shop.
    pub loopback: bool,
}

/// All of them, at most [`MOST`], the newest first.
pub async fn list(db: &Db) -> Result<Vec<Webhook>> {
    let rows = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(db.read()).await?;
    Ok(rows.into_iter().map(Webhook::from).collect())
}

/// # Errors
/// `NotFound` when there is no such address.
pub async fn get(db: &Db, id: Uuid) -> Result<Webhook> {
    Ok(Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("webhook"))?.into())
}

/// Adds an address; returns it with the secret that messages to it are signed with, which nobody can read again.
///
/// # Errors
/// `Invalid` on the field `address` or `events`, `Conflict` when there are too many already.
pub async fn add(db: &Db, vault: &dyn Vault, reach: Reach, form: &WebhookForm) -> Result<(Webhook, SigningSecret)> {
    let (address, events) = (checked_address(&form.address, reach)?, checked_events(&form.events)?);
    let (id, signing) = (Uuid::now_v7(), new_secret());
    let row = Model {
        id,
        address,
        events,
        secret: vault.seal(&sealed_as(id), signing.expose().as_bytes())?,
        old_secret: None,
        old_secret_until: None,
        failing_since: None,
        off_at: None,
        off_why: None,
        version: 1,
        created_at: db.now(),
    };
    db.transaction(async |tx| {
        if Entity::find().count(&tx).await? >= MOST as u64 {
            return Err(Error::conflict("webhook.too-many"));
        }
        Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        audit::record(&tx, entry(Action::WebhookAdded, &row)).await
    })
    .await?;
    Ok((row.into(), signing))
}

/// Changes where an address is and what it is told.
///
/// # Errors
/// As [`add`], and `NotFound`.
pub async fn change(db: &Db, reach: Reach, id: Uuid, form: &WebhookForm) -> Result<Webhook> {
    let (address, events) = (checked_address(&form.address, reach)?, checked_events(&form.events)?);
    changed(db, id, Action::WebhookChanged, |row| {
        // Elsewhere it may work.
        let moved = row.address != address;
        ActiveModel {
            address: Set(address.clone()),
            events: Set(events.clone()),
            failing_since: Set(row.failing_since.filter(|_| !moved)),
            ..Default::default()
        }
    })
    .await
}

/// Switches an address on again, or off: it is told nothing of what happens in the meantime.
///
/// # Errors
/// `NotFound` when there is no such address.
pub async fn switch(db: &Db, id: Uuid, on: bool) -> Result<Webhook> {
    let action = if on { Action::WebhookOn } else { Action::WebhookOff };
    let now = db.now();
    changed(db, id, action, |row| {
        let off = (!on).then(|| (row.off_at.unwrap_or(now), row.off_why.unwrap_or(OffWhy::Switched)));
        ActiveModel {
            off_at: Set(off.map(|(at, _)| at)),
            off_why: Set(off.map(|(_, why)| why)),
            failing_since: Set(None),
            ..Default::default()
        }
    })
    .await
}

/// Gives an address a new secret; the one of before signs as well for a day, so that its program can be told in peace.
///
/// # Errors
/// `NotFound` when there is no such address.
pub async fn rotate(db: &Db, vault: &dyn Vault, id: Uuid) -> Result<(Webhook, SigningSecret)> {
    let signing = new_secret();
    let sealed = vault.seal(&sealed_as(id), signing.expose().as_bytes())?;
    let until = db.now().plus_ms(OLD_SECRET_HOURS * HOUR_MS);
    let webhook = changed(db, id, Action::WebhookSecretRenewed, |row| ActiveModel {
        secret: Set(sealed.clone()),
        old_secret: Set(Some(row.secret.clone())),
        old_secret_until: Set(Some(until)),
        ..Default::default()
    })
    .await?;
    Ok((webhook, signing))
}

/// Removes an address with what was sent to it.
///
/// # Errors
/// `NotFound` when there is no such address.
pub async fn remove(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let row = locked(&tx, id).await?;
        Entity::delete_by_id(id).exec(&tx).await?;
        audit::record(&tx, entry(Action::WebhookRemoved, &row)).await
    })
    .await
}

async fn changed(db: &Db, id: Uuid, action: Action, change: impl Fn(&Model) -> ActiveModel) -> Result<Webhook> {
    db.transaction(async |tx| {
        let row = locked(&tx, id).await?;
        let change = ActiveModel { id: Set(id), version: Set(row.version + 1), ..change(&row) };
        let row = change.update(&tx).await?;
        audit::record(&tx, entry(action, &row)).await?;
        Ok(row.into())
    })
    .await
}

pub(super) async fn locked(tx: &Tx, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("webhook"))
}

fn entry(action: Action, row: &Model) -> Entry {
    Entry::new(action).on("webhook", row.id).with(json!({ "address": row.address, "events": row.events }))
}

/// 33 random bytes as Base64 writes them: 44 of its letters, none of them a filler.
fn new_secret() -> SigningSecret {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = secret::random::<44>().into_iter().map(|byte| char::from(LETTERS[usize::from(byte & 63)]));
    SigningSecret::from(letters.fold(SigningSecret::PREFIX.to_owned(), |mut text, letter| {
        text.push(letter);
        text
    }))
}

pub(super) fn sealed_as(id: Uuid) -> String {
    format!("secret of webhook {id}")
}

fn checked_events(events: &[EventKind]) -> Result<String> {
    let names: Vec<&str> =
        EventKind::ALL.into_iter().filter(|kind| events.contains(kind)).map(EventKind::name).collect();
    if names.is_empty() { Err(Error::invalid("events", "webhook.no-event")) } else { Ok(names.join(",")) }
}

/// An address that may be told something. Whether it leads into a private network is found out each time it is told.
///
/// # Errors
/// `Invalid` on the field `address`.
pub fn checked_address(written: &str, reach: Reach) -> Result<String> {
    let malformed = || Error::invalid("address", "webhook.address-malformed");
    let url = Url::parse(written.trim()).map_err(|_| malformed())?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(malformed()),
    };
    if url.as_str().len() > ADDRESS_MAX || !url.username().is_empty() || url.password().is_some() {
        return Err(malformed());
    }
    match url.scheme() {
        "https" => {}
        "http" if here && reach.loopback => {}
        _ => return Err(Error::invalid("address", "webhook.not-https")),
    }
    if here && !reach.loopback {
        return Err(Error::invalid("address", "webhook.private"));
    }
    let mut url = url;
    url.set_fragment(None);
    Ok(url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_by_https_and_to_this_machine_only_where_that_is_allowed() {
        let strict = |text: &str| checked_address(text, Reach::default());
        assert_eq!(strict(" https://app.example/hooks#x").unwrap(), "https://app.example/hooks");
        for wrong in [
            "",
            "app.example",
            "ftp://app.example",
            "http://app.example",
            "https://me:secret@app.example",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "http://localhost:9000/",
            "mailto:a@app.example",
        ] {
            assert!(strict(wrong).is_err(), "{wrong}");
        }
        let here = |text: &str| checked_address(text, Reach { loopback: true });
        assert!(here("http://localhost:9000/").is_ok() && here("http://127.0.0.1:9000/hooks").is_ok());
        assert!(here("http://app.example").is_err());
    }
}
