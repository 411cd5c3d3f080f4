//! Orders, as their buyer sees them.

use super::{Order, OrderLine, OrderStatus, PaymentStatus, WithdrawalConsent, gifts};
use crate::entities::{audiobooks, order_lines, orders, payments};
use crate::pricing::BundleSaving;
use crate::pricing::tax::LineTax;
use crate::{Country, Currency, Db, Error, Money, Page, PageRequest, Result, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether something was sold in another currency than this one, or is being paid for in one.
pub(crate) async fn any_in_another(db: &impl ConnectionTrait, currency: Currency) -> Result<bool> {
    let sold = orders::Entity::find()
        .filter(orders::Column::Status.is_not_in([OrderStatus::Declined, OrderStatus::Cancelled]))
        .filter(orders::Column::Currency.ne(currency.code()));
    Ok(sold.one(db).await?.is_some())
}

/// A person's orders, newest first.
pub async fn orders(db: &Db, user_id: Uuid, page: PageRequest) -> Result<Page<Order>> {
    let of_user = orders::Entity::find().filter(orders::Column::UserId.eq(user_id));
    let total = of_user.clone().count(db.read()).await?;
    let rows = of_user
        .order_by_desc(orders::Column::CreatedAt)
        .order_by_desc(orders::Column::Id)
        .offset(page.offset())
        .limit(u64::from(page.size))
        .all(db.read())
        .await?;
    Ok(Page::new(with_lines(db, rows).await?, total, page))
}

/// Some of a person's orders, newest first: those from before the one that was made then and has this id, at most `most`.
pub async fn orders_before(db: &Db, user_id: Uuid, before: Option<(Timestamp, Uuid)>, most: u64) -> Result<Vec<Order>> {
    let mut query = orders::Entity::find().filter(orders::Column::UserId.eq(user_id));
    if let Some((at, id)) = before {
        let same_moment = Condition::all().add(orders::Column::CreatedAt.eq(at)).add(orders::Column::Id.lt(id));
        query = query.filter(Condition::any().add(orders::Column::CreatedAt.lt(at)).add(same_moment));
    }
    let newest = query.order_by_desc(orders::Column::CreatedAt).order_by_desc(orders::Column::Id).limit(most);
    with_lines(db, newest.all(db.read()).await?).await
}

/// An order of a person by its number.
///
/// # Errors
/// `NotFound` when there is none, or it is someone else's.
pub async fn order(db: &Db, user_id: Uuid, number: &str) -> Result<Order> {
    let row = orders::Entity::find()
        .filter(orders::Column::Number.eq(number))
        .filter(orders::Column::UserId.eq(user_id))
        .one(db.read())
        .await?;
    only(db, row).await
}

/// An order by its number, whoever bought it: for those who look after orders.
///
/// # Errors
/// `NotFound` without such an order.
pub async fn any(db: &Db, number: &str) -> Result<Order> {
    only(db, Some(by_number(db, number).await?)).await
}

/// The row of an order by its number, whoever bought it.
pub(super) async fn by_number(db: &Db, number: &str) -> Result<orders::Model> {
    let row = orders::Entity::find().filter(orders::Column::Number.eq(number)).one(db.read()).await?;
    row.ok_or(Error::NotFound("order"))
}

pub(super) async fn by_id(db: &Db, id: Uuid) -> Result<Order> {
    only(db, orders::Entity::find_by_id(id).one(db.read()).await?).await
}

async fn only(db: &Db, row: Option<orders::Model>) -> Result<Order> {
    let row = row.ok_or(Error::NotFound("order"))?;
    with_lines(db, vec![row]).await?.pop().ok_or(Error::NotFound("order"))
}

/// Orders with their lines and how the last payment went.
pub(super) async fn with_lines(db: &Db, rows: Vec<orders::Model>) -> Result<Vec<Order>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|order| order.id).collect();
    let lines = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.is_in(ids.iter().copied()))
        .order_by_asc(order_lines::Column::Position)
        .all(db.read())
        .await?;
    let titles: HashSet<Uuid> = lines.iter().map(|line| line.audiobook_id).collect();
    let slugs: HashMap<Uuid, String> = audiobooks::Entity::find()
        .select_only()
        .columns([audiobooks::Column::Id, audiobooks::Column::Slug])
        .filter(audiobooks::Column::Id.is_in(titles))
        .into_tuple::<(Uuid, String)>()
        .all(db.read())
        .await?
        .into_iter()
        .collect();
    let mut last_payment: HashMap<Uuid, payments::Model> = payments::Entity::find()
        .filter(payments::Column::OrderId.is_in(ids))
        .order_by_asc(payments::Column::CreatedAt)
        .all(db.read())
        .await?
        .into_iter()
        .map(|payment| (payment.order_id, payment))
        .collect();
    let on_top: HashSet<Uuid> = rows.iter().filter(|row| row.tax_added).map(|row| row.id).collect();
    let mut lines_of: HashMap<Uuid, Vec<OrderLine>> = HashMap::new();
    for line in lines {
        let currency = currency(&line.currency)?;
        lines_of.entry(line.order_id).or_default().push(OrderLine {
            id: line.id,
            audiobook_id: line.audiobook_id,
            slug: slugs.get(&line.audiobook_id).cloned().unwrap_or_default(),
            title: line.title.clone(),
            list_price: Money::new(line.list_price_minor, currency),
            price: Money::new(line.price_minor, currency),
            tax: line_tax(&line, on_top.contains(&line.order_id))?,
            discount: Money::new(line.discount_minor, currency),
            bundle: line.bundle_name.map(|name| BundleSaving { name, off: Money::new(line.bundle_minor, currency) }),
            refunded: Money::new(line.refunded_minor, currency),
            refunded_at: line.refunded_at,
        });
    }
    let mut gifts = gifts::keep::of_orders(db.read(), &rows.iter().map(|order| order.id).collect::<Vec<_>>()).await?;
    rows.into_iter()
        .map(|row| {
            let payment = last_payment.remove(&row.id);
            let currency = currency(&row.currency)?;
            let started = payment.as_ref().filter(|payment| payment.status == PaymentStatus::Started);
            let goes_on =
                row.status == OrderStatus::Pending && started.is_some_and(|payment| payment.go_on_at.is_some());
            let provider = payment.as_ref().map(|payment| payment.provider.clone());
            let paid = payment.as_ref().is_some_and(|payment| payment.status == PaymentStatus::Succeeded);
            Ok(Order {
                id: row.id,
                number: row.number,
                status: row.status,
                coupon: row.coupon_code,
                discount: Money::new(row.discount_minor, currency),
                total: Money::new(row.total_minor, currency),
                tax: Money::new(row.tax_minor, currency),
                country: row.tax_country.as_deref().map(country).transpose()?,
                refunded: Money::new(row.refunded_minor, currency),
                created_at: row.created_at,
                paid_at: row.paid_at,
                withdrawal: WithdrawalConsent::kept(row.withdrawal_agreed_at, row.withdrawal_wording)?,
                lines: lines_of.remove(&row.id).unwrap_or_default(),
                card_last4: payment.as_ref().filter(|_| paid).and_then(|payment| payment.card_last4.clone()),
                failure: payment.filter(|_| !paid).and_then(|payment| payment.failure),
                provider,
                goes_on,
                gift: gifts.remove(&row.id),
            })
        })
        .collect()
}

/// The tax of a line; `on_top` when it was added to the price.
pub(super) fn line_tax(line: &order_lines::Model, on_top: bool) -> Result<Option<LineTax>> {
    let Some((name, rate)) = line.tax_name.clone().zip(line.tax_rate) else { return Ok(None) };
    let rate = rate.try_into().map_err(|_| Error::Damaged(format!("the tax rate {rate} of a line")))?;
    Ok(Some(LineTax { name, rate, amount: Money::new(line.tax_minor, currency(&line.currency)?), added: on_top }))
}

/// Where a person said that they live when they last ordered.
pub async fn last_country(db: &Db, user_id: Uuid) -> Result<Option<Country>> {
    let code: Option<Option<String>> = orders::Entity::find()
        .select_only()
        .column(orders::Column::TaxCountry)
        .filter(orders::Column::UserId.eq(user_id))
        .filter(orders::Column::TaxCountry.is_not_null())
        .order_by_desc(orders::Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(db.read())
        .await?;
    code.flatten().as_deref().map(country).transpose()
}

/// Where a buyer lives: as they say now, else as they last said, else where the shop stands.
pub async fn lives_in(db: &Db, user_id: Uuid, said: Option<Country>, shop: Option<Country>) -> Result<Option<Country>> {
    Ok(match said {
        Some(country) => Some(country),
        None => last_country(db, user_id).await?.or(shop),
    })
}

fn country(code: &str) -> Result<Country> {
    code.parse().map_err(|_| Error::Damaged(format!("the country {code:?} of an order")))
}

pub(super) fn currency(code: &str) -> Result<Currency> {
    code.parse().map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))
}
