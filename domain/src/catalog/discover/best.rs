//! What was sold and heard most lately, from the rows of days and months.

use crate::Day;
use crate::Db;
use crate::Result;
use crate::entities::{title_interest, title_takings};
use crate::figures::spans;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use uuid::Uuid;

/// Days in which the best-sellers of the week were sold.
const WEEK: i32 = 7;

/// Ids, the best first.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    pub of_the_week: Vec<Uuid>,
    pub most_finished: Vec<Uuid>,
}

/// The best titles among those that `fitting` finds for an id in a column: one statement.
pub(super) async fn best(db: &Db, most: u64, fitting: impl Fn(Expr) -> SelectStatement) -> Result<Best> {
    const SOLD: i32 = 1;
    let today = Day::of(db.now());
    let sold = {
        use title_takings::Column::{AudiobookId, Returned, Since, Sold, Span};
        let kept =
            || db.sum(Expr::col((title_takings::Entity, Sold)).sub(Expr::col((title_takings::Entity, Returned))));
        Query::select()
            .expr_as(Expr::val(SOLD), Alias::new("list"))
            .column((title_takings::Entity, AudiobookId))
            .expr_as(kept(), Alias::new("number"))
            .from(title_takings::Entity)
            .and_where(Expr::col((title_takings::Entity, Span)).eq(spans::DAY))
            .and_where(Expr::col((title_takings::Entity, Since)).between(today.plus(1 - WEEK).0, today.0))
            .and_where(Expr::exists(fitting(Expr::col((title_takings::Entity, AudiobookId)))))
            .group_by_col((title_takings::Entity, AudiobookId))
            .and_having(kept().gt(0))
            .order_by_expr(Expr::col(Alias::new("number")), Order::Desc)
            .order_by((title_takings::Entity, AudiobookId), Order::Desc)
            .limit(most)
            .to_owned()
    };
    let finished = {
        use title_interest::Column::{AudiobookId, Finished, Since, Span};
        let months = [today.month().0, today.month_after(-1).0];
        Query::select()
            .expr_as(Expr::val(SOLD + 1), Alias::new("list"))
            .column((title_interest::Entity, AudiobookId))
            .expr_as(db.sum(Expr::col((title_interest::Entity, Finished))), Alias::new("number"))
            .from(title_interest::Entity)
            .and_where(Expr::col((title_interest::Entity, Span)).eq(spans::MONTH))
            .and_where(Expr::col((title_interest::Entity, Since)).is_in(months))
            .and_where(Expr::col((title_interest::Entity, Finished)).gt(0))
            .and_where(Expr::exists(fitting(Expr::col((title_interest::Entity, AudiobookId)))))
            .group_by_col((title_interest::Entity, AudiobookId))
            .order_by_expr(Expr::col(Alias::new("number")), Order::Desc)
            .order_by((title_interest::Entity, AudiobookId), Order::Desc)
            .limit(most)
            .to_owned()
    };
    let all = part(sold, "rows_sold").union(UnionType::All, part(finished, "rows_finished")).to_owned();
    let mut rows = Vec::new();
    for row in db.read().query_all(&all).await? {
        let (list, id, number): (i32, Uuid, i64) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        rows.push((list, number, id));
    }
    // A union has no order of its own.
    rows.sort_by_key(|(list, number, id)| std::cmp::Reverse((*list, *number, *id)));
    let of = |wanted: i32| rows.iter().filter(|(list, ..)| *list == wanted).map(|(.., id)| *id).collect();
    Ok(Best { of_the_week: of(SOLD), most_finished: of(SOLD + 1) })
}

/// A part of a union: in SQLite that has no limit of its own.
fn part(query: SelectStatement, name: &'static str) -> SelectStatement {
    let columns = ["list", "audiobook_id", "number"].map(|column| (Alias::new(name), Alias::new(column)));
    Query::select().columns(columns).from_subquery(query, Alias::new(name)).to_owned()
}
