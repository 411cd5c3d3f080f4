//! What happened to an order, written in the transaction in which it happened.

use super::OrderEventKind;
use crate::entities::order_events;
use crate::{Result, Tx};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// Longest cause that is kept, in characters.
pub(super) const CAUSE_MAX: usize = 500;

/// Writes down what happened to an order, done by whoever the transaction acts for.
pub(super) async fn record(tx: &Tx, order_id: Uuid, kind: OrderEventKind, cause: Option<&str>) -> Result<()> {
    let event = order_events::Model {
        id: Uuid::now_v7(),
        order_id,
        at: tx.now(),
        kind,
        cause: cause.map(shortened),
        actor_id: tx.actor().user_id,
    };
    order_events::Entity::insert(event.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// As much of a text as is kept.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(CAUSE_MAX).collect()
}
