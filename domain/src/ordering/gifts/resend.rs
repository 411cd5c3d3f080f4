//! The mail of a gift once more, and its link, for who bought it.

use super::code::{self, open};
use super::keep::{is_worth, of_order, send};
use super::wish::address;
use crate::audit::{self, Action, Entry};
use crate::entities::gifts::{ActiveModel, Column, Entity};
use crate::entities::orders;
use crate::limits::{Limits, Rule};
use crate::ordering::settle::locked_order;
use crate::ordering::{OrderEventKind, OrderStatus, events};
use crate::{Db, Error, Result, Vault};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

async fn order_of(db: &Db, user_id: Uuid, number: &str) -> Result<orders::Model> {
    let order = orders::Entity::find()
        .filter(orders::Column::Number.eq(number))
        .filter(orders::Column::UserId.eq(user_id))
        .one(db.read())
        .await?;
    order.ok_or(Error::NotFound("order"))
}

/// The code of a gift for its buyer, who may hand it over themselves; `None` of an order that is no gift, and once the code
/// is used or worth nothing.
///
/// # Errors
/// `NotFound` when there is no such order, or it is someone else's.
pub async fn shown(db: &Db, vault: &dyn Vault, user_id: Uuid, number: &str) -> Result<Option<String>> {
    let order = order_of(db, user_id, number).await?;
    let gift = of_order(db.read(), order.id).await?.filter(|gift| gift.redeemed_at.is_none());
    match gift.filter(|_| order.status == OrderStatus::Paid) {
        Some(gift) => open(vault, gift.id, &gift.code_sealed).map(Some),
        None => Ok(None),
    }
}

/// Sends the mail of a gift to an address, once more or instead of the one before: on its day, or at once when that has
/// come. Another address gets another code, and the one before is worth nothing any more. As often as [`Rule::MailAddress`]
/// allows for the address, whoever asks.
///
/// # Errors
/// `Invalid` on the field `recipient`; `Conflict` when it was accepted or paid back; `NotFound` when there is no such gift,
/// or it is someone else's; `TooMany`.
pub async fn resend(
    db: &Db,
    limits: &Limits,
    vault: &dyn Vault,
    user_id: Uuid,
    number: &str,
    typed: &str,
) -> Result<()> {
    let recipient = address(typed)?;
    let order_id = order_of(db, user_id, number).await?.id;
    if of_order(db.read(), order_id).await?.is_none() {
        return Err(Error::NotFound("gift"));
    }
    limits.take(Rule::MailAddress, &[recipient.as_str()]).await?;
    db.transaction(async |tx| {
        let order = locked_order(&tx, order_id).await?;
        let gift = of_order(&tx, order.id).await?.ok_or(Error::NotFound("gift"))?;
        if gift.redeemed_at.is_some() {
            return Err(Error::conflict("gift.accepted"));
        }
        if !is_worth(&tx, &order).await? {
            return Err(Error::conflict("gift.not-sent"));
        }
        let moved = gift.recipient.as_deref() != Some(recipient.as_str());
        let mailing = gift.mailing.saturating_add(1);
        let mut row = ActiveModel { mailing: Set(mailing), sent_at: Set(None), ..Default::default() };
        if moved {
            let code = code::make(vault, gift.id)?;
            row.recipient = Set(Some(recipient.as_str().to_owned()));
            row.code_digest = Set(code.digest);
            row.code_sealed = Set(code.sealed);
        }
        Entity::update_many().set(row).filter(Column::Id.eq(gift.id)).exec(&tx).await?;
        send(&tx, &gift, mailing).await?;
        let cause = if moved { "Another address" } else { "Asked for once more" };
        events::record(&tx, order.id, OrderEventKind::GiftResent, cause).await?;
        let details = json!({ "number": order.number, "another_address": moved });
        audit::record(&tx, Entry::new(Action::GiftResent).on("order", order.id).with(details)).await
    })
    .await
}
