//! The orders of a list.

use crate::Timestamp;
use crate::catalog::Sort;
use crate::entities::audiobooks;
use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, Order, QueryOrder, Select};

/// Puts titles in order. The id comes last, so that no two pages share a title or miss one.
pub fn ordered(query: Select<audiobooks::Entity>, sort: Sort, now: Timestamp) -> Select<audiobooks::Entity> {
    use audiobooks::Column;
    match sort {
        Sort::Relevance | Sort::Newest => query.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id),
        Sort::BestSelling => query.order_by_desc(Column::SoldCount).order_by_desc(Column::Id),
        Sort::BestRated => query.order_by_desc(Column::RatingRank).order_by_desc(Column::Id),
        Sort::PriceUp => query.order_by(charged(now), Order::Asc).order_by_asc(Column::Id),
        Sort::PriceDown => query.order_by(charged(now), Order::Desc).order_by_desc(Column::Id),
        Sort::Title => query.order_by_asc(Column::SortTitle).order_by_asc(Column::Id),
        Sort::Shortest => query.order_by_asc(Column::DurationMs).order_by_asc(Column::Id),
        Sort::Longest => query.order_by_desc(Column::DurationMs).order_by_desc(Column::Id),
    }
}

/// A title is sold for less than its regular price at `now`.
pub fn running(now: Timestamp) -> Condition {
    use audiobooks::Column;
    let sale = || Expr::col((audiobooks::Entity, Column::ReducedMinor));
    Condition::all()
        .add(Column::ReducedMinor.is_not_null())
        .add(sale().lt(Expr::col((audiobooks::Entity, Column::PriceMinor))))
        .add(Column::ReducedStartsAt.is_null().or(Column::ReducedStartsAt.lte(now)))
        .add(Column::ReducedEndsAt.is_null().or(Column::ReducedEndsAt.gt(now)))
}

/// What is charged at `now`, in minor units, as [`crate::pricing::reduced`] keeps it.
pub fn charged(now: Timestamp) -> Expr {
    use audiobooks::Column;
    CaseStatement::new()
        .case(running(now), Expr::col((audiobooks::Entity, Column::ReducedMinor)))
        .finally(Expr::col((audiobooks::Entity, Column::PriceMinor)))
        .into()
}
