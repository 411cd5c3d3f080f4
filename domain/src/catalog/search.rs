//! How titles are picked out and put in order, as SQL that the three databases share.

use super::{Browse, Sort, Status, search_terms};
use crate::Timestamp;
use crate::entities::{audiobook_categories, audiobook_terms, audiobooks, categories};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};

/// A word that stands whole in a title counts this many times one that only begins so.
const WHOLE_WORD: i32 = 2;

/// The published titles that fit, without an order.
pub(super) fn published(wanted: &Browse) -> Select<audiobooks::Entity> {
    let mut query = audiobooks::Entity::find().filter(audiobooks::Column::Status.eq(Status::Published));
    if !wanted.category.is_empty() {
        in_category(QuerySelect::query(&mut query), &wanted.category);
    }
    with_words(query, &wanted.text)
}

/// Keeps the titles that hold, for every word of `text`, a word that begins so.
///
/// Text without a single word in it, such as `???`, fits nothing. Each word becomes a range of the index on terms, joined: the titles are looked up by what was found, not gone through.
pub(crate) fn with_words(mut query: Select<audiobooks::Entity>, text: &str) -> Select<audiobooks::Entity> {
    let words = search_terms::searched(text);
    if words.is_empty() && !text.trim().is_empty() {
        return query.filter(Expr::val(1).eq(0));
    }
    for (n, word) in words.iter().enumerate() {
        let found = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
            .equals((word_alias(n), audiobook_terms::Column::AudiobookId));
        QuerySelect::query(&mut query).join_subquery(JoinType::InnerJoin, holding(word), word_alias(n), found);
    }
    query
}

/// Puts titles in order. The id comes last, so that no two pages share a title or miss one.
pub(super) fn ordered(
    query: Select<audiobooks::Entity>,
    wanted: &Browse,
    now: Timestamp,
) -> Select<audiobooks::Entity> {
    use audiobooks::Column;
    let ranked = wanted.sort == Sort::Relevance && !search_terms::searched(&wanted.text).is_empty();
    match wanted.sort {
        Sort::Relevance if ranked => {
            by_rank(query, &wanted.text).order_by_desc(Column::SoldCount).order_by_desc(Column::Id)
        }
        Sort::Relevance | Sort::Newest => query.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id),
        Sort::BestSelling => query.order_by_desc(Column::SoldCount).order_by_desc(Column::Id),
        Sort::PriceUp => query.order_by(charged(now), Order::Asc).order_by_asc(Column::Id),
        Sort::PriceDown => query.order_by(charged(now), Order::Desc).order_by_desc(Column::Id),
        Sort::Title => query.order_by_asc(Column::SortTitle).order_by_asc(Column::Id),
        Sort::Shortest => query.order_by_asc(Column::DurationMs).order_by_asc(Column::Id),
        Sort::Longest => query.order_by_desc(Column::DurationMs).order_by_desc(Column::Id),
    }
}

/// Best match first: the weights of the best match of each word, added up.
fn by_rank(query: Select<audiobooks::Entity>, text: &str) -> Select<audiobooks::Entity> {
    let scores = (0..search_terms::searched(text).len()).map(|n| Expr::col((word_alias(n), Alias::new("score"))));
    match scores.reduce(|sum, score| sum.add(score)) {
        Some(sum) => query.order_by(sum, Order::Desc),
        None => query,
    }
}

/// Titles with a word that begins like `word`, each with the weight of its best one.
fn holding(word: &str) -> SelectStatement {
    let term = || Expr::col(audiobook_terms::Column::Term);
    let weight = || Expr::col(audiobook_terms::Column::Weight);
    let counted = CaseStatement::new().case(term().eq(word), weight().mul(WHOLE_WORD)).finally(weight());
    Query::select()
        .column(audiobook_terms::Column::AudiobookId)
        .expr_as(Func::max(counted), Alias::new("score"))
        .from(audiobook_terms::Entity)
        .and_where(term().gte(word))
        .and_where(term().lt(search_terms::after(word)))
        .group_by_col(audiobook_terms::Column::AudiobookId)
        .to_owned()
}

fn word_alias(n: usize) -> Alias {
    Alias::new(format!("word_{n}"))
}

/// Category slugs are unique, so that a title comes once.
fn in_category(query: &mut SelectStatement, slug: &str) {
    let of_title = Expr::col((audiobook_categories::Entity, audiobook_categories::Column::AudiobookId))
        .equals((audiobooks::Entity, audiobooks::Column::Id));
    let of_category = Expr::col((categories::Entity, categories::Column::Id))
        .equals((audiobook_categories::Entity, audiobook_categories::Column::CategoryId))
        .and(Expr::col((categories::Entity, categories::Column::Slug)).eq(slug));
    query.join(JoinType::InnerJoin, audiobook_categories::Entity, of_title);
    query.join(JoinType::InnerJoin, categories::Entity, of_category);
}

/// What is charged at `now`, in minor units: the same rule as [`super::price::Pricing::at`].
fn charged(now: Timestamp) -> Expr {
    use audiobooks::Column;
    let running = Column::SalePriceMinor
        .is_not_null()
        .and(
            Expr::col((audiobooks::Entity, Column::SalePriceMinor))
                .lt(Expr::col((audiobooks::Entity, Column::PriceMinor))),
        )
        .and(Column::SaleStartsAt.is_null().or(Column::SaleStartsAt.lte(now)))
        .and(Column::SaleEndsAt.is_null().or(Column::SaleEndsAt.gt(now)));
    CaseStatement::new()
        .case(running, Expr::col((audiobooks::Entity, Column::SalePriceMinor)))
        .finally(Expr::col((audiobooks::Entity, Column::PriceMinor)))
        .into()
}
