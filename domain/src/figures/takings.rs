//! What was sold and what was paid back.

use super::{adding, spans};
use crate::entities::{coupon_takings, day_takings, order_lines, orders, title_takings, users};
use crate::{Day, Result, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Titles and money, of a title or of all.
#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    sold: i64,
    revenue_minor: i64,
    returned: i64,
    returned_minor: i64,
}

impl Moved {
    fn and(self, other: Self) -> Self {
        Self {
            sold: self.sold + other.sold,
            revenue_minor: self.revenue_minor + other.revenue_minor,
            returned: self.returned + other.returned,
            returned_minor: self.returned_minor + other.returned_minor,
        }
    }
}

/// Counts an order that is paid in this transaction.
pub(crate) async fn sold(tx: &Tx, order: &orders::Model) -> Result<()> {
    let lines = lines_of(tx, order_lines::Column::OrderId.eq(order.id)).await?;
    let moved = |price| Moved { sold: 1, revenue_minor: price, ..Moved::default() };
    let titles = by_title(lines, moved);
    let all = titles.values().fold(Moved::default(), |all, one| all.and(*one));
    // An order's total is what was paid, whatever its lines say.
    let all = Moved { revenue_minor: order.total_minor, ..all };
    let first = i64::from(is_first(tx, order).await?);
    write(tx, order, titles, all, 1, first).await?;
    match order.coupon_id {
        Some(coupon) => count_coupon(tx, order, coupon).await,
        None => Ok(()),
    }
}

/// Counts what goes back of titles of an order in this transaction: how much, and whether it is all that was paid.
pub(crate) async fn paid_back(tx: &Tx, order: &orders::Model, backs: Vec<(Uuid, i64, bool)>) -> Result<()> {
    let moved =
        |(minor, whole): (i64, bool)| Moved { returned: i64::from(whole), returned_minor: minor, ..Moved::default() };
    let titles = by_title(backs.into_iter().map(|(title, minor, whole)| (title, (minor, whole))), moved);
    let all = titles.values().fold(Moved::default(), |all, one| all.and(*one));
    write(tx, order, titles, all, 0, 0).await
}

async fn lines_of(tx: &Tx, which: sea_orm::sea_query::Expr) -> Result<Vec<(Uuid, i64)>> {
    Ok(order_lines::Entity::find()
        .select_only()
        .column(order_lines::Column::AudiobookId)
        .column(order_lines::Column::PriceMinor)
        .filter(which)
        .into_tuple()
        .all(tx)
        .await?)
}

/// In the order of their ids, so that two buyers never wait for each other.
fn by_title<T>(lines: impl IntoIterator<Item = (Uuid, T)>, moved: impl Fn(T) -> Moved) -> BTreeMap<Uuid, Moved> {
    let mut titles = BTreeMap::<Uuid, Moved>::new();
    for (title, of) in lines {
        let known = titles.entry(title).or_default();
        *known = known.and(moved(of));
    }
    titles
}

async fn write(
    tx: &Tx,
    order: &orders::Model,
    titles: BTreeMap<Uuid, Moved>,
    all: Moved,
    orders: i64,
    new_customers: i64,
) -> Result<()> {
    let day = Day::of(tx.now());
    let mut rows = Vec::new();
    for (span, since) in spans::rows_of(day) {
        rows.extend(titles.iter().map(|(title, moved)| {
            let row = title_takings::Model {
                span,
                since: since.0,
                currency: order.currency.clone(),
                audiobook_id: *title,
                sold: moved.sold,
                revenue_minor: moved.revenue_minor,
                returned: moved.returned,
                returned_minor: moved.returned_minor,
            };
            row.into_active_model()
        }));
    }
    if !rows.is_empty() {
        title_takings::Entity::insert_many(rows).on_conflict(title_row(tx)).exec_without_returning(tx).await?;
    }
    let row = day_takings::Model {
        day: day.0,
        currency: order.currency.clone(),
        orders,
        sold: all.sold,
        revenue_minor: all.revenue_minor,
        returned: all.returned,
        returned_minor: all.returned_minor,
        new_customers,
    };
    day_takings::Entity::insert(row.into_active_model()).on_conflict(day_row(tx)).exec_without_returning(tx).await?;
    Ok(())
}

fn title_row(tx: &Tx) -> OnConflict {
    use title_takings::Column::{AudiobookId, Currency, Returned, ReturnedMinor, RevenueMinor, Since, Sold, Span};
    let sums = [Sold, RevenueMinor, Returned, ReturnedMinor];
    adding(tx.get_database_backend(), &[Span, Since, Currency, AudiobookId], &sums)
}

fn day_row(tx: &Tx) -> OnConflict {
    use day_takings::Column::{Currency, Day, NewCustomers, Orders, Returned, ReturnedMinor, RevenueMinor, Sold};
    let sums = [Orders, Sold, RevenueMinor, Returned, ReturnedMinor, NewCustomers];
    adding(tx.get_database_backend(), &[Day, Currency], &sums)
}

/// Whether it is the first order that its buyer pays. The buyer is held, so that two first orders at one moment are told
/// apart.
async fn is_first(tx: &Tx, order: &orders::Model) -> Result<bool> {
    users::Entity::find_by_id(order.user_id)
        .select_only()
        .column(users::Column::Id)
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .one(tx)
        .await?;
    let another: Option<Uuid> = orders::Entity::find()
        .select_only()
        .column(orders::Column::Id)
        .filter(orders::Column::UserId.eq(order.user_id))
        .filter(orders::Column::PaidAt.is_not_null())
        .filter(orders::Column::Id.ne(order.id))
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(another.is_none())
}

async fn count_coupon(tx: &Tx, order: &orders::Model, coupon_id: Uuid) -> Result<()> {
    use coupon_takings::Column;
    let row = coupon_takings::Model {
        day: Day::of(tx.now()).0,
        coupon_id,
        currency: order.currency.clone(),
        orders: 1,
        discount_minor: order.discount_minor,
        revenue_minor: order.total_minor,
    };
    let key = [Column::Day, Column::CouponId, Column::Currency];
    let sums = [Column::Orders, Column::DiscountMinor, Column::RevenueMinor];
    coupon_takings::Entity::insert(row.into_active_model())
        .on_conflict(adding(tx.get_database_backend(), &key, &sums))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
