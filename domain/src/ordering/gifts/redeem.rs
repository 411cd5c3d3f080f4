//! Accepting a gift with its code: one person, once.

use super::code::digest;
use super::keep::is_worth;
use super::{Present, PresentStanding, mail};
use crate::account::users;
use crate::audit::{self, Action, Entry};
use crate::catalog::browse;
use crate::entities::gifts::{ActiveModel, Column, Entity, Model};
use crate::entities::{cart_items, carts, orders};
use crate::entitlements::{self, owned_among};
use crate::limits::{Limits, Rule};
use crate::ordering::settle::{self, locked_order, locked_titles};
use crate::ordering::{OrderEventKind, OrderStatus, events};
use crate::{Db, Error, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

fn unknown() -> Error {
    Error::conflict("gift.unknown")
}

/// What the code of a gift opens, for whoever is logged in, or nobody. Codes are tried as often as [`Rule::Gift`] allows one
/// network.
///
/// # Errors
/// `Conflict` for a code that is none, or is worth nothing any more; `TooMany`.
pub async fn look(db: &Db, limits: &Limits, viewer: Option<Uuid>, typed: &str) -> Result<Present> {
    let gift = find(db, limits, typed).await?;
    let order = orders::Entity::find_by_id(gift.order_id).one(db.read()).await?;
    let over = order.as_ref().is_none_or(|order| !order.status.is_paid());
    if over {
        // Whoever has not paid learns nothing by guessing, and what was paid back is no secret to who has the code.
        let refunded = order.is_some_and(|order| order.status == OrderStatus::Refunded);
        return Err(if refunded { Error::conflict("gift.over") } else { unknown() });
    }
    let title = browse::summaries(db, &[gift.audiobook_id]).await?.remove(&gift.audiobook_id);
    let title = title.ok_or(Error::NotFound("title"))?;
    let owned = match viewer {
        Some(viewer) => !owned_among(db.read(), viewer, &[gift.audiobook_id]).await?.is_empty(),
        None => false,
    };
    let standing = match (gift.redeemed_at, viewer) {
        (Some(_), Some(_)) if gift.redeemed_by == viewer => PresentStanding::Yours,
        (Some(_), _) => PresentStanding::Taken,
        (None, None) => PresentStanding::AskWho,
        (None, Some(_)) if owned => PresentStanding::Owned,
        (None, Some(_)) => PresentStanding::Open,
    };
    // What was said is for whoever accepts it, and for nobody after that.
    let personal = standing != PresentStanding::Taken;
    Ok(Present {
        title,
        recipient_name: gift.recipient_name.filter(|_| personal),
        sender: gift.sender_name.filter(|_| personal),
        message: gift.message.filter(|_| personal),
        standing,
    })
}

async fn find(db: &Db, limits: &Limits, typed: &str) -> Result<Model> {
    limits.take_network(Rule::Gift, db.actor()).await?;
    let digest = digest(typed).ok_or_else(unknown)?;
    Entity::find().filter(Column::CodeDigest.eq(digest)).one(db.read()).await?.ok_or_else(unknown)
}

/// Puts the title of a gift into the library of whoever accepts it, and says its slug. Doing it again changes nothing.
///
/// # Errors
/// `Conflict` for a code that is none or is worth nothing any more, a gift that somebody else has accepted, and for somebody
/// who has the title already: the gift then stays for somebody else. `TooMany` as [`look`].
pub async fn accept(db: &Db, limits: &Limits, user_id: Uuid, typed: &str) -> Result<String> {
    let found = find(db, limits, typed).await?;
    db.transaction(async |tx| {
        let order = locked_order(&tx, found.order_id).await?;
        // A corrected address makes another code.
        let gift = Entity::find_by_id(found.id).one(&tx).await?.filter(|gift| gift.code_digest == found.code_digest);
        let gift = gift.ok_or_else(unknown)?;
        let title = locked_titles(&tx, &[gift.audiobook_id]).await?.pop().ok_or(Error::NotFound("title"))?;
        if gift.redeemed_at.is_some() && gift.redeemed_by == Some(user_id) && order.status.is_paid() {
            return Ok(title.slug);
        }
        if !is_worth(&tx, &order).await? {
            return Err(Error::conflict("gift.over"));
        }
        if gift.redeemed_at.is_some() {
            return Err(Error::conflict("gift.taken"));
        }
        // Whoever leaves at this moment accepts nothing.
        users::lock(&tx, user_id).await?;
        if !owned_among(&tx, user_id, &[title.id]).await?.is_empty() {
            return Err(Error::conflict("gift.owned").with("title", &title.title));
        }
        entitlements::grant(&tx, user_id, order.id, &[title.id]).await?;
        let row =
            ActiveModel { redeemed_by: Set(Some(user_id)), redeemed_at: Set(Some(tx.now())), ..Default::default() };
        Entity::update_many().set(row).filter(Column::Id.eq(gift.id)).exec(&tx).await?;
        if gift.forget {
            mail::forget(&tx, &[gift.id]).await?;
        }
        out_of_cart(&tx, user_id, title.id).await?;
        events::record(&tx, order.id, OrderEventKind::GiftRedeemed, "Its code").await?;
        settle::fulfilled(&tx, &order, events::GIFT_ACCEPTED).await?;
        let details = json!({ "title": title.title });
        audit::record(&tx, Entry::new(Action::GiftRedeemed).on("order", order.id).with(details)).await?;
        Ok(title.slug)
    })
    .await
}

/// Nobody has to buy what was given to them.
async fn out_of_cart(tx: &Tx, user_id: Uuid, title: Uuid) -> Result<()> {
    let Some(cart) = carts::Entity::find().filter(carts::Column::UserId.eq(user_id)).one(tx).await? else {
        return Ok(());
    };
    cart_items::Entity::delete_by_id((cart.id, title)).exec(tx).await?;
    Ok(())
}
