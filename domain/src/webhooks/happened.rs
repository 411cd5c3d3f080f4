//! What happened, written for every address that wants to be told: in the transaction in which it happened.

use super::sending::SendWebhook;
use super::{DeliveryStatus, EventKind};
use crate::entities::{webhook_deliveries, webhooks};
use crate::{Money, Result, Tx, jobs};
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, QuerySelect, Select};
use serde_json::{Value, json};
use uuid::Uuid;

/// An order was paid.
pub async fn order_paid(tx: &Tx, number: &str, total: Money, titles: &[Uuid]) -> Result<()> {
    let data = json!({ "order": number, "total": amount(total), "audiobooks": titles });
    tell(tx, EventKind::OrderPaid, &data).await
}

/// Money was paid back. `titles` leave the library of the buyer.
pub async fn order_refunded(tx: &Tx, number: &str, paid_back: Money, titles: &[Uuid]) -> Result<()> {
    let data = json!({ "order": number, "amount": amount(paid_back), "audiobooks": titles });
    tell(tx, EventKind::OrderRefunded, &data).await
}

/// A title went on sale.
pub async fn title_published(tx: &Tx, id: Uuid, slug: &str, title: &str) -> Result<()> {
    tell(tx, EventKind::TitlePublished, &json!({ "audiobook": id, "slug": slug, "title": title })).await
}

/// A step of a title's production was given up.
pub async fn production_failed(tx: &Tx, title: Uuid, step: &str, why: &str) -> Result<()> {
    tell(tx, EventKind::ProductionFailed, &json!({ "audiobook": title, "step": step, "reason": why })).await
}

fn amount(money: Money) -> Value {
    json!({ "minor": money.minor, "currency": money.currency })
}

/// All addresses, of which there are never more than a few. They stay until what happened is committed: without one that goes
/// in the meantime a message could not be written, and with it all else would be undone.
fn held() -> Select<webhooks::Entity> {
    webhooks::Entity::find().order_by_asc(webhooks::Column::Id).lock_shared()
}

async fn tell(tx: &Tx, kind: EventKind, data: &Value) -> Result<()> {
    let all = held().all(tx).await?;
    let wants = |webhook: &webhooks::Model| webhook.events.split(',').any(|event| event == kind.name());
    let told = all.iter().filter(|webhook| webhook.off_at.is_none() && wants(webhook));
    let now = tx.now();
    let body = json!({ "type": kind.name(), "timestamp": now.rfc3339(), "data": data }).to_string();
    let messages: Vec<webhook_deliveries::Model> = told
        .map(|webhook| webhook_deliveries::Model {
            id: Uuid::now_v7(),
            webhook_id: webhook.id,
            event: kind.name().to_owned(),
            body: body.clone(),
            status: DeliveryStatus::Waiting,
            tries: 0,
            created_at: now,
            tried_at: None,
            next_at: Some(now),
            answer_status: None,
            answer: None,
            took_ms: None,
        })
        .collect();
    if messages.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = messages.iter().map(|message| message.id).collect();
    let rows = messages.into_iter().map(IntoActiveModel::into_active_model);
    webhook_deliveries::Entity::insert_many::<webhook_deliveries::ActiveModel, _>(rows)
        .exec_without_returning(tx)
        .await?;
    for delivery_id in ids {
        // As many as there are addresses.
        jobs::enqueue(tx, &SendWebhook { delivery_id }).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{DbBackend, QueryTrait};

    #[test]
    fn addresses_are_held_in_the_words_of_each_database() {
        let sql = |backend| held().build(backend).to_string().trim_end().to_owned();
        assert!(sql(DbBackend::Postgres).ends_with(" FOR SHARE"));
        // MariaDB 10.11 does not know the other words.
        assert!(sql(DbBackend::MySql).ends_with(" LOCK IN SHARE MODE"));
        // Who writes there holds everything.
        assert!(sql(DbBackend::Sqlite).ends_with("ORDER BY \"webhooks\".\"id\" ASC"));
    }
}
