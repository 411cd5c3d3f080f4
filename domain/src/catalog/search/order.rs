//! The orders of a list.

use crate::Timestamp;
use crate::catalog::Sort;
use crate::entities::audiobooks;
use crate::keyset::Keys;
use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, Order};

/// By what titles are put in order. The id comes last, so that no two parts of a list share a title or miss one.
pub fn keys(sort: Sort, now: Timestamp) -> Keys {
    use audiobooks::Column;
    match sort {
        Sort::Relevance | Sort::Newest => by(Column::PublishedAt, Order::Desc),
        Sort::BestSelling => by(Column::SoldCount, Order::Desc),
        Sort::BestRated => by(Column::RatingRank, Order::Desc),
        Sort::PriceUp => Keys::number(charged(now), column(Column::Id), Order::Asc),
        Sort::PriceDown => Keys::number(charged(now), column(Column::Id), Order::Desc),
        Sort::Title => Keys::text(column(Column::SortTitle), column(Column::Id), Order::Asc),
        Sort::Shortest => by(Column::DurationMs, Order::Asc),
        Sort::Longest => by(Column::DurationMs, Order::Desc),
    }
}

/// In the order of a number.
pub fn by(key: audiobooks::Column, order: Order) -> Keys {
    Keys::number(column(key), column(audiobooks::Column::Id), order)
}

fn column(column: audiobooks::Column) -> Expr {
    Expr::col((audiobooks::Entity, column))
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
