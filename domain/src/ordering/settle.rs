//! The second half of a purchase: what its payment came to is written down, once.

use super::cart::coupon;
use super::orders::currency;
use super::spread::{self, Back};
use super::{OrderEventKind, OrderStatus, coupons, events, gifts, news};
use crate::entities::{audiobooks, cart_items, carts, order_lines, orders};
use crate::figures::takings;
use crate::webhooks::happened;
use crate::{Error, Money, Result, Tx, entitlements};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use uuid::Uuid;

/// An order, held until the transaction ends: whoever changes one or its payments holds it first.
pub(super) async fn locked_order(tx: &Tx, order_id: Uuid) -> Result<orders::Model> {
    let order = orders::Entity::find_by_id(order_id).lock_exclusive().one(tx).await?;
    order.ok_or(Error::NotFound("order"))
}

/// A pending order is paid: its titles are the buyer's and leave the cart, and the receipt is on its way. The title of a gift
/// is nobody's until it is accepted. `cause` is how the shop came to know.
pub(super) async fn paid(tx: &Tx, order: &orders::Model, cause: &str) -> Result<()> {
    let order = &transition(tx, order, OrderStatus::Paid).await?;
    let titles = titles_of(tx, order.id).await?;
    locked_titles(tx, &titles).await?;
    count_sales(tx, &titles, 1).await?;
    events::record(tx, order.id, OrderEventKind::Paid, cause).await?;
    let total = Money::new(order.total_minor, currency(&order.currency)?);
    happened::order_paid(tx, &order.number, total, &titles).await?;
    match gifts::keep::of_order(tx, order.id).await? {
        Some(gift) => gifts::keep::paid(tx, order, &gift).await?,
        None => {
            entitlements::grant(tx, order.user_id, order.id, &titles).await?;
            empty_cart(tx, order.user_id, &titles).await?;
            fulfilled(tx, order, events::PAYMENT).await?;
        }
    }
    takings::sold(tx, order).await?;
    news::receipt(tx, order).await
}

/// What a paid order was for is where it belongs: in the library of its buyer, or of whoever accepted the gift.
pub(super) async fn fulfilled(tx: &Tx, order: &orders::Model, cause: &str) -> Result<()> {
    // That some of the price of a gift came back counts more than that it was accepted.
    if order.status != OrderStatus::PartlyRefunded {
        transition(tx, order, OrderStatus::Fulfilled).await?;
    }
    events::record(tx, order.id, OrderEventKind::Fulfilled, cause).await
}

/// A pending order comes to nothing: its licences go back, the cart stays.
pub(super) async fn failed(tx: &Tx, order: &orders::Model, status: OrderStatus, why: &str) -> Result<()> {
    transition(tx, order, status).await?;
    let titles = titles_of(tx, order.id).await?;
    locked_titles(tx, &titles).await?;
    move_licences(tx, &titles, -1).await?;
    coupons::give_back(tx, order).await?;
    let kind = if status == OrderStatus::Cancelled { OrderEventKind::Cancelled } else { OrderEventKind::Declined };
    events::record(tx, order.id, kind, why).await
}

/// Money of a paid order, which is held, goes back: first that of the `chosen` lines, where it was for some; else by its amount
/// alone. Titles that are paid back whole leave the library, and their licences can be sold again. Says how the order stands then,
/// and what went back of which title.
pub(super) async fn paid_back(
    tx: &Tx,
    order: &orders::Model,
    chosen: &[Uuid],
    amount_minor: i64,
) -> Result<(orders::Model, Vec<Back>)> {
    let lines = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.eq(order.id))
        .filter(order_lines::Column::RefundedAt.is_null())
        .order_by_asc(order_lines::Column::Position)
        .all(tx)
        .await?;
    let backs = spread::backs(&lines, chosen, amount_minor);
    let minor: i64 = backs.iter().map(|back| back.minor).sum();
    let whole: Vec<Uuid> = backs.iter().filter(|back| back.whole).map(|back| back.title).collect();
    locked_titles(tx, &whole).await?;
    write_back(tx, &backs).await?;
    if !whole.is_empty() {
        let owner = match gifts::keep::of_order(tx, order.id).await? {
            Some(gift) => gifts::keep::paid_back(tx, &gift).await?,
            None => Some(order.user_id),
        };
        if let Some(owner) = owner {
            entitlements::revoke(tx, owner, order.id, &whole).await?;
        }
        move_licences(tx, &whole, -1).await?;
        count_sales(tx, &whole, -1).await?;
    }
    takings::paid_back(tx, order, backs.iter().map(|back| (back.title, back.minor, back.whole)).collect()).await?;
    orders::Entity::update_many()
        .col_expr(orders::Column::RefundedMinor, Expr::col(orders::Column::RefundedMinor).add(minor))
        .filter(orders::Column::Id.eq(order.id))
        .exec(tx)
        .await?;
    let now = orders::Model { refunded_minor: order.refunded_minor + minor, ..order.clone() };
    let status = if whole.len() < lines.len() { OrderStatus::PartlyRefunded } else { OrderStatus::Refunded };
    // Of an order that is paid back whole nothing was left to give.
    let moves = status != order.status && !backs.is_empty();
    Ok((if moves { transition(tx, &now, status).await? } else { now }, backs))
}

/// Writes down what goes back of each line.
async fn write_back(tx: &Tx, backs: &[Back]) -> Result<()> {
    let ids = |whole: bool| backs.iter().filter(move |back| back.whole == whole).map(|back| back.line);
    if ids(true).next().is_some() {
        order_lines::Entity::update_many()
            .col_expr(order_lines::Column::RefundedAt, Expr::value(tx.now()))
            .col_expr(order_lines::Column::RefundedMinor, Expr::col(order_lines::Column::PriceMinor))
            .filter(order_lines::Column::Id.is_in(ids(true)))
            .exec(tx)
            .await?;
    }
    if ids(false).next().is_some() {
        let before = || Expr::col(order_lines::Column::RefundedMinor);
        let mut then = CaseStatement::new();
        for part in backs.iter().filter(|back| !back.whole) {
            then = then.case(order_lines::Column::Id.eq(part.line), before().add(part.minor));
        }
        order_lines::Entity::update_many()
            .col_expr(order_lines::Column::RefundedMinor, then.finally(before()).into())
            .filter(order_lines::Column::Id.is_in(ids(false)))
            .exec(tx)
            .await?;
    }
    Ok(())
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

/// Turns an order that is held to another status, one to which the table leads; says how it stands then.
///
/// # Errors
/// [`Error::Damaged`] for a way that is not in the table.
async fn transition(tx: &Tx, order: &orders::Model, to: OrderStatus) -> Result<orders::Model> {
    if !order.status.may_become(to) {
        return Err(Error::Damaged(format!("an order cannot go from {} to {}", order.status.name(), to.name())));
    }
    let paid_at = if to == OrderStatus::Paid { Some(tx.now()) } else { order.paid_at };
    let changed =
        orders::ActiveModel { status: Set(to), paid_at: Set(paid_at), updated_at: Set(tx.now()), ..Default::default() };
    let outcome = orders::Entity::update_many()
        .set(changed)
        .filter(orders::Column::Id.eq(order.id))
        .filter(orders::Column::Status.eq(order.status))
        .exec(tx)
        .await?;
    // Somebody else was quicker: the next look finds it as it is.
    if outcome.rows_affected != 1 {
        return Err(Error::Busy);
    }
    Ok(orders::Model { status: to, paid_at, updated_at: tx.now(), ..order.clone() })
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

async fn empty_cart(tx: &Tx, user_id: Uuid, titles: &[Uuid]) -> Result<()> {
    let cart = carts::Entity::find().filter(carts::Column::UserId.eq(user_id)).one(tx).await?;
    let Some(cart) = cart else { return Ok(()) };
    cart_items::Entity::delete_many()
        .filter(cart_items::Column::CartId.eq(cart.id))
        .filter(cart_items::Column::AudiobookId.is_in(titles.iter().copied()))
        .exec(tx)
        .await?;
    // It was used, or taken along for nothing.
    if cart.coupon_id.is_some() { coupon::keep(tx, cart.id, None).await } else { Ok(()) }
}
