//! Title by title: from rows of whole months, and of the days at the ends of a range.

use super::{Interest, Range, TitleLine, TitleOrder};
use crate::db::BATCH;
use crate::entities::{audiobooks, title_interest, title_takings};
use crate::figures::spans::{self, Part};
use crate::{Currency, Db, Money, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The titles of a range that moved in a currency, at most `most` of them.
pub(super) async fn lines(
    db: &Db,
    range: &Range,
    currency: Currency,
    order: TitleOrder,
    most: u64,
) -> Result<Vec<TitleLine>> {
    use title_takings::Column::{AudiobookId, Returned, ReturnedMinor, RevenueMinor, Sold};
    let Some(rows) = rows_of(range, currency) else { return Ok(Vec::new()) };
    let sum = |column: title_takings::Column| db.sum(Expr::col(column));
    let wanted = match order {
        TitleOrder::Revenue => sum(RevenueMinor).sub(sum(ReturnedMinor)),
        TitleOrder::Sold => sum(Sold),
        TitleOrder::Returned => sum(Returned),
    };
    let query = Query::select()
        .column(AudiobookId)
        .expr_as(sum(Sold), Alias::new("sold_sum"))
        .expr_as(sum(RevenueMinor), Alias::new("revenue_sum"))
        .expr_as(sum(Returned), Alias::new("returned_sum"))
        .expr_as(sum(ReturnedMinor), Alias::new("back_sum"))
        .from_subquery(rows, Alias::new("rows_taken"))
        .group_by_col(AudiobookId)
        .order_by_expr(wanted, Order::Desc)
        .order_by(AudiobookId, Order::Asc)
        .limit(most)
        .to_owned();
    let found = db.read().query_all(&query).await?;
    let mut lines = Vec::with_capacity(found.len());
    for row in found {
        let money = |minor| Money::new(minor, currency);
        lines.push(TitleLine {
            id: row.try_get_by_index(0)?,
            title: String::new(),
            sold: row.try_get_by_index(1)?,
            revenue: money(row.try_get_by_index(2)?),
            returned: row.try_get_by_index(3)?,
            returned_money: money(row.try_get_by_index(4)?),
            interest: Interest::default(),
        });
    }
    named(db, range, &mut lines).await?;
    Ok(lines)
}

/// The rows of a range as one table.
fn rows_of(range: &Range, currency: Currency) -> Option<SelectStatement> {
    use title_takings::Column::{AudiobookId, Currency, Returned, ReturnedMinor, RevenueMinor, Since, Sold, Span};
    let part = |part: Part| {
        Query::select()
            .columns([AudiobookId, Sold, RevenueMinor, Returned, ReturnedMinor])
            .from(title_takings::Entity)
            .and_where(Expr::col(Span).eq(part.span))
            .and_where(Expr::col(Since).between(part.from.0, part.to.0))
            .and_where(Expr::col(Currency).eq(currency.code()))
            .to_owned()
    };
    let mut parts = spans::parts(range.from, range.to).into_iter().map(part);
    let mut all = parts.next()?;
    for part in parts {
        all.union(UnionType::All, part);
    }
    Some(all)
}

/// Adds what the titles are called and what people did with them.
async fn named(db: &Db, range: &Range, lines: &mut [TitleLine]) -> Result<()> {
    use title_interest::Column::{AudiobookId, Carts, Finished, Samples, Since, Span, Views};
    let parts = spans::parts(range.from, range.to);
    for some in lines.chunks_mut(BATCH) {
        let ids: Vec<Uuid> = some.iter().map(|line| line.id).collect();
        let titles: Vec<(Uuid, String)> = audiobooks::Entity::find()
            .select_only()
            .column(audiobooks::Column::Id)
            .column(audiobooks::Column::Title)
            .filter(audiobooks::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(db.read())
            .await?;
        let mut titles: HashMap<Uuid, String> = titles.into_iter().collect();
        let within = parts
            .iter()
            .fold(Condition::any(), |any, part| any.add(Span.eq(part.span).and(Since.between(part.from.0, part.to.0))));
        let did: Vec<(Uuid, i64, i64, i64, i64)> = title_interest::Entity::find()
            .select_only()
            .column(AudiobookId)
            .column_as(db.sum(Expr::col(Views)), "views_sum")
            .column_as(db.sum(Expr::col(Samples)), "samples_sum")
            .column_as(db.sum(Expr::col(Carts)), "carts_sum")
            .column_as(db.sum(Expr::col(Finished)), "finished_sum")
            .filter(AudiobookId.is_in(ids))
            .filter(within)
            .group_by(AudiobookId)
            .into_tuple()
            .all(db.read())
            .await?;
        let did: HashMap<Uuid, Interest> = did
            .into_iter()
            .map(|(id, views, samples, carts, finished)| (id, Interest { views, samples, carts, finished }))
            .collect();
        for line in some {
            line.title = titles.remove(&line.id).unwrap_or_default();
            line.interest = did.get(&line.id).copied().unwrap_or_default();
        }
    }
    Ok(())
}
