//! Messages looked at, sent again, forgotten.

use super::address::without_path;
use super::sending::SendWebhook;
use super::{Delivery, DeliveryPlace, DeliveryStatus, KEPT_DAYS, keep};
use crate::audit::{self, Action, Entry};
use crate::entities::webhook_deliveries::{ActiveModel, Column, Entity, Model};
use crate::{Db, Error, Result, Timestamp, jobs};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

impl From<Model> for Delivery {
    fn from(row: Model) -> Self {
        let Model {
            id,
            event,
            body,
            status,
            tries,
            created_at,
            tried_at,
            next_at,
            answer_status,
            answer,
            took_ms,
            webhook_id: _,
        } = row;
        Self { id, event, body, status, tries, created_at, tried_at, next_at, answer_status, answer, took_ms }
    }
}

impl Delivery {
    /// Where the list goes on behind this message.
    pub fn place(&self) -> DeliveryPlace {
        DeliveryPlace { at: self.created_at, id: self.id }
    }
}

/// Messages to an address, the newest first, after a place in that list: at most `limit`.
///
/// # Errors
/// `NotFound` when there is no such address.
pub async fn list(db: &Db, webhook_id: Uuid, after: Option<DeliveryPlace>, limit: u64) -> Result<Vec<Delivery>> {
    keep::get(db, webhook_id).await?;
    let after = after.map(|DeliveryPlace { at, id }| {
        Condition::any()
            .add(Column::CreatedAt.lt(at))
            .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id)))
    });
    let rows = Entity::find()
        .filter(Column::WebhookId.eq(webhook_id))
        .filter(after.unwrap_or_else(Condition::all))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Delivery::from).collect())
}

/// Sends a message once more, now, whether or not it arrived; the further tries are as those of a new one.
///
/// # Errors
/// `NotFound` when there is no such message to this address, `Conflict` while that is switched off.
pub async fn again(db: &Db, webhook_id: Uuid, id: Uuid) -> Result<Delivery> {
    db.transaction(async |tx| {
        let webhook = keep::held(&tx, webhook_id).await?.ok_or(Error::NotFound("webhook"))?;
        let row = Entity::find_by_id(id).filter(Column::WebhookId.eq(webhook_id)).lock_exclusive().one(&tx).await?;
        let row = row.ok_or(Error::NotFound("message"))?;
        if webhook.off_at.is_some() {
            return Err(Error::conflict("webhook.off"));
        }
        let change = ActiveModel {
            id: Set(row.id),
            status: Set(DeliveryStatus::Waiting),
            tries: Set(0),
            next_at: Set(Some(tx.now())),
            ..Default::default()
        };
        let row = change.update(&tx).await?;
        jobs::enqueue(&tx, &SendWebhook { delivery_id: id }).await?;
        let line = Entry::new(Action::WebhookResent).on("webhook", webhook_id);
        let address = without_path(&webhook.address);
        audit::record(&tx, line.with(json!({ "address": address, "event": row.event, "message": id }))).await?;
        Ok(row.into())
    })
    .await
}

/// Forgets messages that are old, and says how many there were.
pub async fn delete_old(db: &Db) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::CreatedAt.lt(db.now().plus_ms(-KEPT_DAYS * Timestamp::DAY_MS)));
    Ok(old.exec(db.read()).await?.rows_affected)
}
