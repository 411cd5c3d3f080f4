//! Addresses added, changed, switched off and on, removed; and the secrets that messages to them are signed with.

use super::address::{Reach, checked_address, without_path};
use super::{EventKind, MOST, OLD_SECRET_HOURS, OffWhy, SigningSecret, Webhook, WebhookChange, WebhookForm};
use crate::audit::{self, Action, Entry};
use crate::entities::webhooks::{ActiveModel, Column, Entity, Model};
use crate::vault::Vault;
use crate::{Db, Error, Result, Tx, secret};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// By what it is told that somebody else has changed an address in the meantime.
pub const CHANGED_SINCE: &str = "webhook.changed-since";

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
    let WebhookForm { address, events } = form.clone();
    let wish = WebhookChange { address: Some(address), events: Some(events), on: None };
    change_known(db, reach, id, &wish, |_| true).await
}

/// Switches an address on again, or off: it is told nothing of what happens in the meantime, and messages whose time comes in
/// the meantime are given up.
///
/// # Errors
/// `NotFound` when there is no such address.
pub async fn switch(db: &Db, id: Uuid, on: bool) -> Result<Webhook> {
    let wish = WebhookChange { on: Some(on), ..WebhookChange::default() };
    change_known(db, Reach::default(), id, &wish, |_| true).await
}

/// Changes what `wish` says, where `known` says that the version there is the one that whoever asks has seen.
///
/// # Errors
/// As [`add`], `NotFound`, and `Conflict` by the code [`CHANGED_SINCE`] where it is another version.
pub async fn change_known(
    db: &Db,
    reach: Reach,
    id: Uuid,
    wish: &WebhookChange,
    known: impl Fn(i32) -> bool,
) -> Result<Webhook> {
    let address = wish.address.as_deref().map(|address| checked_address(address, reach)).transpose()?;
    let events = wish.events.as_deref().map(checked_events).transpose()?;
    db.transaction(async |tx| {
        let row = locked(&tx, id).await?;
        if !known(row.version) {
            return Err(Error::conflict(CHANGED_SINCE));
        }
        let mut change = ActiveModel { id: Set(id), version: Set(row.version + 1), ..Default::default() };
        let mut done = Vec::new();
        if address.is_some() || events.is_some() {
            // Elsewhere it may work.
            if address.as_ref().is_some_and(|address| *address != row.address) {
                change.failing_since = Set(None);
            }
            change.address = Set(address.clone().unwrap_or_else(|| row.address.clone()));
            change.events = Set(events.clone().unwrap_or_else(|| row.events.clone()));
            done.push(Action::WebhookChanged);
        }
        if let Some(on) = wish.on.filter(|on| *on == row.off_at.is_some()) {
            change.off_at = Set((!on).then(|| tx.now()));
            change.off_why = Set((!on).then_some(OffWhy::Switched));
            change.failing_since = Set(None);
            done.push(if on { Action::WebhookOn } else { Action::WebhookOff });
        }
        if done.is_empty() {
            return Ok(row.into());
        }
        let row = change.update(&tx).await?;
        for action in done {
            // Two at most.
            audit::record(&tx, entry(action, &row)).await?;
        }
        Ok(row.into())
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
    let webhook = db
        .transaction(async |tx| {
            let row = locked(&tx, id).await?;
            let change = ActiveModel {
                id: Set(id),
                secret: Set(sealed.clone()),
                old_secret: Set(Some(row.secret)),
                old_secret_until: Set(Some(until)),
                version: Set(row.version + 1),
                ..Default::default()
            };
            let row = change.update(&tx).await?;
            audit::record(&tx, entry(Action::WebhookSecretRenewed, &row)).await?;
            Ok(Webhook::from(row))
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

async fn locked(tx: &Tx, id: Uuid) -> Result<Model> {
    held(tx, id).await?.ok_or(Error::NotFound("webhook"))
}

/// An address, held until the transaction ends; `None` where it is gone.
pub(super) async fn held(tx: &Tx, id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(tx).await?)
}

fn entry(action: Action, row: &Model) -> Entry {
    let details = json!({ "address": without_path(&row.address), "events": row.events });
    Entry::new(action).on("webhook", row.id).with(details)
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
