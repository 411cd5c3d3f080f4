//! The rows of gifts, and what becomes of them in the transactions of their orders.

use super::Gift;
use super::mail::{self, SendGift};
use super::wish::{Wish, goes_at};
use crate::audit::{self, Action, Entry};
use crate::entities::gifts::{Column, Entity, Model};
use crate::entities::{orders, refunds};
use crate::ordering::RefundStatus;
use crate::{Day, Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Writes down whom an order is for.
pub(in crate::ordering) async fn keep(tx: &Tx, order_id: Uuid, wish: &Wish) -> Result<()> {
    let row = Model {
        id: wish.id,
        order_id,
        audiobook_id: wish.audiobook_id,
        recipient: Some(wish.words.recipient.as_str().to_owned()),
        recipient_name: wish.words.recipient_name.clone(),
        sender_name: Some(wish.words.sender.clone()),
        message: wish.words.message.clone(),
        send_on: wish.words.send_on.0,
        code_digest: wish.code.digest.clone(),
        code_sealed: wish.code.sealed.clone(),
        mailing: 0,
        sent_at: None,
        redeemed_by: None,
        redeemed_at: None,
        forget: false,
        created_at: tx.now(),
    };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// The gift that an order is; `None` of one whose titles are for its buyer.
pub(in crate::ordering) async fn of_order(db: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OrderId.eq(order_id)).one(db).await?)
}

/// Those of some orders that are gifts.
pub(in crate::ordering) async fn of_orders(db: &impl ConnectionTrait, orders: &[Uuid]) -> Result<HashMap<Uuid, Gift>> {
    let rows = Entity::find().filter(Column::OrderId.is_in(orders.iter().copied())).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.order_id, Gift::from(row))).collect())
}

/// The order of a gift is paid in this transaction: the mail goes on its day.
pub(in crate::ordering) async fn paid(tx: &Tx, order: &orders::Model, gift: &Model) -> Result<()> {
    send(tx, gift, gift.mailing).await?;
    let details = json!({ "number": order.number, "goes": Day(gift.send_on).to_string() });
    audit::record(tx, Entry::new(Action::GiftBought).on("order", order.id).with(details)).await
}

/// Asks for the mail of a gift, for its day.
pub(super) async fn send(tx: &Tx, gift: &Model, mailing: i32) -> Result<()> {
    mail::ask(tx, SendGift { gift_id: gift.id, mailing }, goes_at(Day(gift.send_on), tx.now())).await
}

/// The order of a gift, which is held, is paid back in this transaction. Says in whose library its title is.
pub(in crate::ordering) async fn paid_back(tx: &Tx, gift: &Model) -> Result<Option<Uuid>> {
    if gift.forget {
        mail::forget(tx, &[gift.id]).await?;
    }
    Ok(gift.redeemed_by)
}

/// Whether the code of a gift is worth something: its order is paid and not paid back whole, and nobody has asked for the money
/// back. The order is held.
pub(super) async fn is_worth(tx: &Tx, order: &orders::Model) -> Result<bool> {
    if !order.status.is_paid() {
        return Ok(false);
    }
    let asked = refunds::Entity::find()
        .filter(refunds::Column::OrderId.eq(order.id))
        .filter(refunds::Column::Late.eq(false))
        .filter(refunds::Column::Status.eq(RefundStatus::Asked));
    Ok(asked.one(tx).await?.is_none())
}

impl From<Model> for Gift {
    fn from(row: Model) -> Self {
        Self {
            recipient: row.recipient,
            recipient_name: row.recipient_name,
            sender: row.sender_name,
            message: row.message,
            send_on: Day(row.send_on),
            sent_at: row.sent_at,
            redeemed_at: row.redeemed_at,
        }
    }
}
