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

/// The titles of a range that moved in a currency or were looked at, at most `most` of them.
pub(super) async fn lines(
    db: &Db,
    range: &Range,
    currency: Currency,
    order: TitleOrder,
    most: u64,
) -> Result<Vec<TitleLine>> {
    let parts = spans::parts(range.from, range.to);
    let mut lines = Vec::new();
    if order != TitleOrder::Views {
        lines = summed(db, rows_of(&parts, currency, false), currency, order, most).await?;
    }
    // Among so many that moved there is no place for one that was only looked at.
    let whole = lines.len() as u64 == most && lines.last().is_some_and(|last| placed_by(last, order) > 0);
    if !whole {
        lines = summed(db, rows_of(&parts, currency, true), currency, order, most).await?;
    }
    named(db, range, &mut lines).await?;
    Ok(lines)
}

/// What a title is put in order by; of one that was only looked at that is nothing.
fn placed_by(line: &TitleLine, order: TitleOrder) -> i64 {
    match order {
        TitleOrder::Revenue => line.kept().minor,
        TitleOrder::Sold => line.sold,
        TitleOrder::Returned => line.returned,
        TitleOrder::Views => line.interest.views,
    }
}

/// The first titles of some rows, which are without their names.
async fn summed(
    db: &Db,
    rows: Option<SelectStatement>,
    currency: Currency,
    order: TitleOrder,
    most: u64,
) -> Result<Vec<TitleLine>> {
    use title_takings::Column::{AudiobookId, Returned, ReturnedMinor, RevenueMinor, Sold};
    let Some(rows) = rows else { return Ok(Vec::new()) };
    let sum = |column: title_takings::Column| db.sum(Expr::col(column));
    let views = || db.sum(Expr::col(title_interest::Column::Views));
    let wanted = match order {
        TitleOrder::Revenue => sum(RevenueMinor).sub(sum(ReturnedMinor)),
        TitleOrder::Sold => sum(Sold),
        TitleOrder::Returned => sum(Returned),
        TitleOrder::Views => views(),
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
        .order_by_expr(views(), Order::Desc)
        .order_by(AudiobookId, Order::Asc)
        .limit(most)
        .to_owned();
    let found = db.read().query_all(&query).await?;
    let mut lines = Vec::with_capacity(found.len());
    for row in found {
        let money = |minor| Money::new(minor, currency);
        lines.push(TitleLine {
            id: row.try_get_by_index(0)?,
            slug: String::new(),
            title: String::new(),
            sold: row.try_get_by_index(1)?,
            revenue: money(row.try_get_by_index(2)?),
            returned: row.try_get_by_index(3)?,
            returned_money: money(row.try_get_by_index(4)?),
            interest: Interest::default(),
        });
    }
    Ok(lines)
}

/// The rows of a range as one table: what was sold and paid back in a currency and, where that is asked for, what was looked
/// at. Each kind lacks the columns of the other.
fn rows_of(parts: &[Part], currency: Currency, looked_at: bool) -> Option<SelectStatement> {
    let nothing = || Expr::cust("0");
    let taken = |part: &Part| {
        use title_takings::Column::{AudiobookId, Currency, Returned, ReturnedMinor, RevenueMinor, Since, Sold, Span};
        Query::select()
            .columns([AudiobookId, Sold, RevenueMinor, Returned, ReturnedMinor])
            .expr_as(nothing(), title_interest::Column::Views)
            .from(title_takings::Entity)
            .and_where(Expr::col(Span).eq(part.span))
            .and_where(Expr::col(Since).between(part.from.0, part.to.0))
            .and_where(Expr::col(Currency).eq(currency.code()))
            .to_owned()
    };
    let seen = |part: &Part| {
        use title_interest::Column::{AudiobookId, Since, Span, Views};
        use title_takings::Column::{Returned, ReturnedMinor, RevenueMinor, Sold};
        let mut select = Query::select();
        select.column(AudiobookId);
        for column in [Sold, RevenueMinor, Returned, ReturnedMinor] {
            select.expr_as(nothing(), column);
        }
        select
            .column(Views)
            .from(title_interest::Entity)
            .and_where(Expr::col(Span).eq(part.span))
            .and_where(Expr::col(Since).between(part.from.0, part.to.0))
            .to_owned()
    };
    let seen = parts.iter().filter(|_| looked_at).map(seen);
    let mut parts = parts.iter().map(taken).chain(seen);
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
        let titles: Vec<(Uuid, String, String)> = audiobooks::Entity::find()
            .select_only()
            .columns([audiobooks::Column::Id, audiobooks::Column::Slug, audiobooks::Column::Title])
            .filter(audiobooks::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(db.read())
            .await?;
        let mut titles: HashMap<Uuid, (String, String)> =
            titles.into_iter().map(|(id, slug, title)| (id, (slug, title))).collect();
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
            (line.slug, line.title) = titles.remove(&line.id).unwrap_or_default();
            line.interest = did.get(&line.id).copied().unwrap_or_default();
        }
    }
    Ok(())
}
