//! Title by title: from rows of whole months, and of the days at the ends of a range.

use super::{Interest, Range, TitleLine, TitleOrder};
use crate::db::BATCH;
use crate::entities::{audiobooks, title_interest, title_takings};
use crate::figures::spans::{self, Part};
use crate::{Currency, Day, Db, Money, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What a row adds to the place of its title, and how often that was looked at.
const WORTH: &str = "worth";
const SEEN: &str = "seen";

/// What is read for a report.
struct Asked {
    parts: Vec<Part>,
    currency: Currency,
    order: TitleOrder,
}

/// The titles of a range that moved in a currency or were looked at, at most `most` of them.
pub(super) async fn lines(
    db: &Db,
    range: &Range,
    currency: Currency,
    order: TitleOrder,
    most: u64,
) -> Result<Vec<TitleLine>> {
    let parts = spans::parts_by(Day::of(db.now()), range.from, range.to);
    let asked = Asked { parts, currency, order };
    let by_views = order == TitleOrder::Views;
    let mut titles = asked.ranked(db, !by_views, by_views, most).await?;
    // Among so many there is no place for one of which the other rows alone know: that has nothing of what is asked for.
    let whole = titles.len() as u64 == most && titles.last().is_some_and(|(_, worth)| *worth >= 0);
    if !whole {
        titles = asked.ranked(db, true, true, most).await?;
    }
    let mut lines = Vec::with_capacity(titles.len());
    for some in titles.chunks(BATCH) {
        let ids: Vec<Uuid> = some.iter().map(|(id, _)| *id).collect();
        lines.extend(asked.told(db, &ids).await?);
    }
    Ok(lines)
}

impl Asked {
    /// The first titles, each with what it is put in order by, of what was taken, what was looked at, or both.
    async fn ranked(&self, db: &Db, taken: bool, seen: bool, most: u64) -> Result<Vec<(Uuid, i64)>> {
        let Some(rows) = self.rows(taken, seen) else { return Ok(Vec::new()) };
        let sum = |column: &'static str| db.sum(Expr::col(Alias::new(column)));
        let query = Query::select()
            .column(title_takings::Column::AudiobookId)
            .expr_as(sum(WORTH), Alias::new("worth_sum"))
            .from_subquery(rows, Alias::new("rows_counted"))
            .group_by_col(title_takings::Column::AudiobookId)
            .order_by_expr(sum(WORTH), Order::Desc)
            .order_by_expr(sum(SEEN), Order::Desc)
            .order_by(title_takings::Column::AudiobookId, Order::Asc)
            .limit(most)
            .to_owned();
        let found = db.read().query_all(&query).await?;
        found.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    /// The rows of the range as one table.
    fn rows(&self, taken: bool, seen: bool) -> Option<SelectStatement> {
        let taken = self.parts.iter().filter(|_| taken).map(|part| self.taken(*part));
        let seen = self.parts.iter().filter(|_| seen).map(|part| self.seen(*part));
        let mut parts = taken.chain(seen);
        let mut all = parts.next()?;
        for part in parts {
            all.union(UnionType::All, part);
        }
        Some(all)
    }

    fn taken(&self, part: Part) -> SelectStatement {
        use title_takings::Column::{AudiobookId, Currency, Returned, ReturnedMinor, RevenueMinor, Since, Sold, Span};
        let worth = match self.order {
            TitleOrder::Revenue => Expr::col(RevenueMinor).sub(Expr::col(ReturnedMinor)),
            TitleOrder::Sold => Expr::col(Sold),
            TitleOrder::Returned => Expr::col(Returned),
            TitleOrder::Views => Expr::cust("0"),
        };
        Query::select()
            .column(AudiobookId)
            .expr_as(worth, Alias::new(WORTH))
            .expr_as(Expr::cust("0"), Alias::new(SEEN))
            .from(title_takings::Entity)
            .and_where(Expr::col(Span).eq(part.span))
            .and_where(Expr::col(Since).between(part.from.0, part.to.0))
            .and_where(Expr::col(Currency).eq(self.currency.code()))
            .to_owned()
    }

    fn seen(&self, part: Part) -> SelectStatement {
        use title_interest::Column::{AudiobookId, Since, Span, Views};
        let worth = if self.order == TitleOrder::Views { Expr::col(Views) } else { Expr::cust("0") };
        Query::select()
            .column(AudiobookId)
            .expr_as(worth, Alias::new(WORTH))
            .expr_as(Expr::col(Views), Alias::new(SEEN))
            .from(title_interest::Entity)
            .and_where(Expr::col(Span).eq(part.span))
            .and_where(Expr::col(Since).between(part.from.0, part.to.0))
            .to_owned()
    }

    /// What titles are called, what was taken and what people did with them, in this order.
    async fn told(&self, db: &Db, ids: &[Uuid]) -> Result<Vec<TitleLine>> {
        let titles: Vec<(Uuid, String, String)> = audiobooks::Entity::find()
            .select_only()
            .columns([audiobooks::Column::Id, audiobooks::Column::Slug, audiobooks::Column::Title])
            .filter(audiobooks::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(db.read())
            .await?;
        let mut titles: HashMap<Uuid, (String, String)> =
            titles.into_iter().map(|(id, slug, title)| (id, (slug, title))).collect();
        let (mut taken, mut did) = (self.taken_of(db, ids).await?, self.did_with(db, ids).await?);
        let line = |id: &Uuid| {
            let (slug, title) = titles.remove(id).unwrap_or_default();
            let (sold, revenue, returned, back) = taken.remove(id).unwrap_or_default();
            TitleLine {
                id: *id,
                slug,
                title,
                sold,
                revenue: Money::new(revenue, self.currency),
                returned,
                returned_money: Money::new(back, self.currency),
                interest: did.remove(id).unwrap_or_default(),
            }
        };
        Ok(ids.iter().map(line).collect())
    }

    /// Titles sold, what they brought, titles paid back, and how much that was.
    async fn taken_of(&self, db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, (i64, i64, i64, i64)>> {
        use title_takings::Column::{AudiobookId, Currency, Returned, ReturnedMinor, RevenueMinor, Since, Sold, Span};
        let within = self.within(|part| Span.eq(part.span).and(Since.between(part.from.0, part.to.0)));
        let taken: Vec<(Uuid, i64, i64, i64, i64)> = title_takings::Entity::find()
            .select_only()
            .column(AudiobookId)
            .column_as(db.sum(Expr::col(Sold)), "sold_sum")
            .column_as(db.sum(Expr::col(RevenueMinor)), "revenue_sum")
            .column_as(db.sum(Expr::col(Returned)), "returned_sum")
            .column_as(db.sum(Expr::col(ReturnedMinor)), "back_sum")
            .filter(AudiobookId.is_in(ids.iter().copied()))
            .filter(within)
            .filter(Currency.eq(self.currency.code()))
            .group_by(AudiobookId)
            .into_tuple()
            .all(db.read())
            .await?;
        Ok(taken.into_iter().map(|(id, sold, revenue, returned, back)| (id, (sold, revenue, returned, back))).collect())
    }

    async fn did_with(&self, db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Interest>> {
        use title_interest::Column::{AudiobookId, Carts, Finished, Samples, Since, Span, Views};
        let within = self.within(|part| Span.eq(part.span).and(Since.between(part.from.0, part.to.0)));
        let did: Vec<(Uuid, i64, i64, i64, i64)> = title_interest::Entity::find()
            .select_only()
            .column(AudiobookId)
            .column_as(db.sum(Expr::col(Views)), "views_sum")
            .column_as(db.sum(Expr::col(Samples)), "samples_sum")
            .column_as(db.sum(Expr::col(Carts)), "carts_sum")
            .column_as(db.sum(Expr::col(Finished)), "finished_sum")
            .filter(AudiobookId.is_in(ids.iter().copied()))
            .filter(within)
            .group_by(AudiobookId)
            .into_tuple()
            .all(db.read())
            .await?;
        let interest = |(id, views, samples, carts, finished)| (id, Interest { views, samples, carts, finished });
        Ok(did.into_iter().map(interest).collect())
    }

    fn within(&self, one: impl Fn(&Part) -> Expr) -> Condition {
        self.parts.iter().fold(Condition::any(), |any, part| any.add(one(part)))
    }
}
