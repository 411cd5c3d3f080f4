//! The second half of a purchase: the answer to its payment is written down, once.

use super::payment::Outcome;
use super::{OrderStatus, PaymentStatus};
use crate::entities::{audiobooks, cart_items, carts, order_lines, orders, payments};
use crate::{Db, Error, Result, Timestamp, Tx, entitlements};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

/// What the provider knows the payment of an order by.
pub(super) fn reference(order_id: Uuid) -> String {
    order_id.to_string()
}

/// Writes down how the payment of a pending order ended. Paid: the titles are the buyer's and leave the cart. Declined:
/// the licences go back, the cart stays. `None` is a free order. `false` when the order was settled before.
pub(super) async fn settle(db: &Db, order_id: Uuid, provider: &str, outcome: Option<&Outcome>) -> Result<bool> {
    db.transaction(async |tx| {
        let now = tx.now();
        let paid = !matches!(outcome, Some(Outcome::Declined { .. }));
        let (status, paid_at) = if paid { (OrderStatus::Paid, Some(now)) } else { (OrderStatus::Declined, None) };
        if !transition(&tx, order_id, OrderStatus::Pending, status, paid_at, now).await? {
            return Ok(false);
        }
        let order = orders::Entity::find_by_id(order_id).one(&tx).await?.ok_or(Error::NotFound("order"))?;
        let titles = titles_of(&tx, order_id).await?;
        locked_titles(&tx, &titles).await?;
        if let Some(outcome) = outcome {
            let payment = payment(&order, provider, outcome, now);
            payments::Entity::insert(payment.into_active_model()).exec_without_returning(&tx).await?;
        }
        if paid {
            entitlements::grant(&tx, order.user_id, order.id, &titles).await?;
            count_sales(&tx, &titles, 1).await?;
            empty_cart(&tx, order.user_id, &titles).await?;
        } else {
            move_licences(&tx, &titles, -1).await?;
        }
        Ok(true)
    })
    .await
}

/// Writes down that a paid order was paid back: its titles leave the library, its licences can be sold again.
pub(super) async fn mark_refunded(db: &Db, order_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        let order = orders::Entity::find_by_id(order_id).one(&tx).await?.ok_or(Error::NotFound("order"))?;
        if !transition(&tx, order_id, OrderStatus::Paid, OrderStatus::Refunded, order.paid_at, now).await? {
            return Ok(());
        }
        let titles = titles_of(&tx, order_id).await?;
        locked_titles(&tx, &titles).await?;
        entitlements::revoke(&tx, order.user_id, order_id, &titles).await?;
        move_licences(&tx, &titles, -1).await?;
        count_sales(&tx, &titles, -1).await?;
        Ok(())
    })
    .await
}

/// Titles, held until the transaction ends. Always in the order of their ids, so that two buyers never wait for each
/// other.
pub(super) async fn locked_titles(tx: &Tx, ids: &[Uuid]) -> Result<Vec<audiobooks::Model>> {
    Ok(audiobooks::Entity::find()
        .filter(audiobooks::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(audiobooks::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// Takes (1) or gives back (-1) a licence of each title.
pub(super) async fn move_licences(tx: &Tx, titles: &[Uuid], by: i32) -> Result<()> {
    add(tx, titles, audiobooks::Column::LicencesSold, by).await
}

async fn count_sales(tx: &Tx, titles: &[Uuid], by: i32) -> Result<()> {
    add(tx, titles, audiobooks::Column::SoldCount, by).await
}

async fn add(tx: &Tx, titles: &[Uuid], column: audiobooks::Column, by: i32) -> Result<()> {
    audiobooks::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(audiobooks::Column::Id.is_in(titles.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Turns an order from one status to another; `false` when it does not have the first.
async fn transition(
    tx: &Tx,
    order_id: Uuid,
    from: OrderStatus,
    to: OrderStatus,
    paid_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    let changed =
        orders::ActiveModel { status: Set(to), paid_at: Set(paid_at), updated_at: Set(now), ..Default::default() };
    let outcome = orders::Entity::update_many()
        .set(changed)
        .filter(orders::Column::Id.eq(order_id))
        .filter(orders::Column::Status.eq(from))
        .exec(tx)
        .await?;
    Ok(outcome.rows_affected == 1)
}

async fn titles_of(tx: &Tx, order_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(order_lines::Entity::find()
        .select_only()
        .column(order_lines::Column::AudiobookId)
        .filter(order_lines::Column::OrderId.eq(order_id))
        .into_tuple()
        .all(tx)
        .await?)
}

fn payment(order: &orders::Model, provider: &str, outcome: &Outcome, now: Timestamp) -> payments::Model {
    let (status, card_last4, failure) = match outcome {
        Outcome::Paid { card_last4 } => (PaymentStatus::Succeeded, card_last4.clone(), None),
        Outcome::Declined { card_last4, reason } => (PaymentStatus::Declined, card_last4.clone(), Some(reason.clone())),
    };
    payments::Model {
        id: Uuid::now_v7(),
        order_id: order.id,
        provider: provider.to_owned(),
        reference: reference(order.id),
        status,
        amount_minor: order.total_minor,
        currency: order.currency.clone(),
        card_last4,
        failure,
        created_at: now,
    }
}

async fn empty_cart(tx: &Tx, user_id: Uuid, titles: &[Uuid]) -> Result<()> {
    let cart = carts::Entity::find().filter(carts::Column::UserId.eq(user_id)).one(tx).await?;
    let Some(cart) = cart else { return Ok(()) };
    cart_items::Entity::delete_many()
        .filter(cart_items::Column::CartId.eq(cart.id))
        .filter(cart_items::Column::AudiobookId.is_in(titles.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}
