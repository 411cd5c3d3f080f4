//! How a report is read: from the rows of days and months, never from orders.

use super::{InCurrency, Interest, Range, Report, Takings, TitleOrder, lists, titles};
use crate::entities::{day_interest, day_takings};
use crate::figures::tally;
use crate::{Currency, Day, Db, Error, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Titles in a report.
pub const TITLES: u64 = 50;

/// A report of a range. Titles and coupons are told in `currency`, or else in the one with the most orders; `own` is the
/// shop's currency.
pub async fn report(
    db: &Db,
    range: Range,
    own: Currency,
    currency: Option<Currency>,
    order: TitleOrder,
) -> Result<Report> {
    // What this server has counted since the last minute is told, too.
    tally::flush(db).await?;
    let mut currencies = taken(db, range).await?;
    currencies.sort_by_key(|one| Reverse((one.now.orders, one.before.orders, one.currency == own)));
    if currencies.is_empty() {
        currencies.push(in_currency(own, &range, &[]));
    }
    let currency = currency.unwrap_or(currencies[0].currency);
    // Beside each other: none of them needs what another one finds.
    let (titles, coupons, [interest, interest_before], searches, empty_searches) = tokio::try_join!(
        titles::lines(db, &range, currency, order, TITLES),
        lists::coupons(db, &range, currency),
        interest(db, &range),
        lists::searches(db, &range, false),
        lists::searches(db, &range, true),
    )?;
    Ok(Report {
        range,
        buckets: range.buckets(),
        titles,
        coupons,
        interest,
        interest_before,
        searches,
        empty_searches,
        currencies,
        currency,
    })
}

/// All titles of a range in a currency, at most `most`, for a spreadsheet.
pub async fn all_titles(db: &Db, range: Range, currency: Currency, most: u64) -> Result<Vec<super::TitleLine>> {
    tally::flush(db).await?;
    titles::lines(db, &range, currency, TitleOrder::Revenue, most).await
}

/// What was taken day by day and in each currency, for a spreadsheet; days without an order are left out.
pub async fn daily(db: &Db, range: Range) -> Result<Vec<(Day, Currency, Takings)>> {
    use day_takings::Column;
    let rows = day_takings::Entity::find()
        .filter(Column::Day.between(range.from.0, range.to.0))
        .order_by_asc(Column::Day)
        .order_by_asc(Column::Currency)
        .all(db.read())
        .await?;
    rows.into_iter()
        .map(|row| {
            let currency = row
                .currency
                .parse()
                .map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))?;
            let takings = Takings {
                orders: row.orders,
                sold: row.sold,
                revenue_minor: row.revenue_minor,
                returned: row.returned,
                returned_minor: row.returned_minor,
                new_customers: row.new_customers,
            };
            Ok((Day(row.day), currency, takings))
        })
        .collect()
}

/// Every currency in which something moved in the range or in the one before.
async fn taken(db: &Db, range: Range) -> Result<Vec<InCurrency>> {
    let both = Range { from: range.before().from, ..range };
    let mut by_currency = BTreeMap::<String, (Currency, Vec<(Day, Takings)>)>::new();
    for (day, currency, takings) in daily(db, both).await? {
        let known = by_currency.entry(currency.code().to_owned()).or_insert_with(|| (currency, Vec::new()));
        known.1.push((day, takings));
    }
    Ok(by_currency.into_values().map(|(currency, days)| in_currency(currency, &range, &days)).collect())
}

fn in_currency(currency: Currency, range: &Range, days: &[(Day, Takings)]) -> InCurrency {
    let within = |from: Day, to: Day| {
        let days = days.iter().filter(|(day, _)| (from..=to).contains(day));
        days.fold(Takings::default(), |all, (_, one)| all + *one)
    };
    let before = range.before();
    InCurrency {
        currency,
        now: within(range.from, range.to),
        before: within(before.from, before.to),
        pieces: range.buckets().iter().map(|piece| within(piece.from, piece.to)).collect(),
        // The same pieces, as long before as the range is long.
        pieces_before: range
            .buckets()
            .iter()
            .map(|piece| within(piece.from.plus(-range.days()), piece.to.plus(-range.days())))
            .collect(),
    }
}

/// What people did in the range, and in the one before.
async fn interest(db: &Db, range: &Range) -> Result<[Interest; 2]> {
    use day_interest::Column;
    let mut found = [Interest::default(); 2];
    for (interest, range) in found.iter_mut().zip([*range, range.before()]) {
        let sums: Option<(i64, i64, i64, i64)> = day_interest::Entity::find()
            .select_only()
            .column_as(db.sum(Expr::col(Column::Views)), "views_sum")
            .column_as(db.sum(Expr::col(Column::Samples)), "samples_sum")
            .column_as(db.sum(Expr::col(Column::Carts)), "carts_sum")
            .column_as(db.sum(Expr::col(Column::Finished)), "finished_sum")
            .filter(Column::Day.between(range.from.0, range.to.0))
            .into_tuple()
            .one(db.read())
            .await?;
        let (views, samples, carts, finished) = sums.unwrap_or_default();
        *interest = Interest { views, samples, carts, finished };
    }
    Ok(found)
}
