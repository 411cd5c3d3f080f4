//! What narrows a list, as conditions on the table of titles.

use super::order::{charged, running};
use super::postings;
use crate::Timestamp;
use crate::catalog::{Browse, ContributorRole, Sort, Status, search_terms};
use crate::entities::{audiobook_categories, audiobook_people, audiobook_terms, audiobooks, categories, people};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, Select, Value};

/// Titles of a list that can be looked at, and counted.
pub const MOST: u64 = 1000;
/// In hundredths.
const FOUR_STARS: i32 = 400;

/// By what a query comes to the titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// By ids that something else found.
    Ids,
    /// By what narrows the list, whatever is rarest.
    Filters,
    /// In the order of the list, until enough are found.
    Order(Sort),
}

/// All that are for sale.
pub fn published() -> Select<audiobooks::Entity> {
    audiobooks::Entity::find().filter(audiobooks::Column::Status.eq(Status::Published))
}

/// Titles, in any status, that hold for every word of `text` a word that begins so. Text without a single word in it, such
/// as `???`, fits nothing.
pub fn with_words(mut query: Select<audiobooks::Entity>, text: &str) -> Select<audiobooks::Entity> {
    let words = search_terms::searched(text).words;
    if words.is_empty() && !text.trim().is_empty() {
        return query.filter(Expr::val(1).eq(0));
    }
    let terms = Alias::new("terms");
    for word in &words {
        let holding = Query::select()
            .column((terms.clone(), audiobook_terms::Column::AudiobookId))
            .from_as(audiobook_terms::Entity, terms.clone())
            .cond_where(postings::fitting(&terms, word))
            .to_owned();
        query = query.filter(audiobooks::Column::Id.in_subquery(holding));
    }
    query
}

/// A column whose condition is to be checked on the way, and not to be what a plan starts from. SQLite knows little of the
/// rows and takes any condition for the rarest: there it is written so that no index serves it. The others count their
/// rows, and would be misled by that.
pub fn checked(backend: DbBackend, column: Expr, otherwise: impl Into<Value>) -> Expr {
    if backend == DbBackend::Sqlite { Func::coalesce([column, Expr::val(otherwise)]).into() } else { column }
}

/// A title that is at hand is for sale.
pub fn for_sale(backend: DbBackend) -> Expr {
    checked(backend, column(audiobooks::Column::Status), "").eq(Status::Published)
}

/// What a published title has to be to stand in the list, its words aside.
pub fn condition(backend: DbBackend, wanted: &Browse, now: Timestamp, access: Access) -> Condition {
    use audiobooks::Column;
    let by_length = matches!(access, Access::Order(Sort::Shortest | Sort::Longest)) || access == Access::Filters;
    let mut all = Condition::all().add(match access {
        Access::Ids => for_sale(backend),
        Access::Filters | Access::Order(_) => column(Column::Status).eq(Status::Published),
    });
    let filters = &wanted.filters;
    if !wanted.category.is_empty() {
        all = all.add(within(in_category(&wanted.category), audiobook_categories::Column::AudiobookId, access));
    }
    for (slug, role) in [(&filters.author, ContributorRole::Author), (&filters.narrator, ContributorRole::Narrator)] {
        if !slug.is_empty() {
            all = all.add(within(by_contributor(slug, role), audiobook_people::Column::AudiobookId, access));
        }
    }
    if !filters.language.is_empty() {
        let language = if access == Access::Filters {
            column(Column::Language)
        } else {
            checked(backend, column(Column::Language), "")
        };
        all = all.add(language.eq(filters.language.as_str()));
    }
    if let Some(length) = filters.length {
        let (from, to) = length.bounds_ms();
        let duration = || {
            if by_length { column(Column::DurationMs) } else { checked(backend, column(Column::DurationMs), 0_i64) }
        };
        all = all.add(duration().gte(from)).add(duration().lt(to));
    }
    if filters.free {
        all = all.add(charged(now).eq(0_i64));
    }
    if let Some(from) = filters.price.from {
        all = all.add(charged(now).gte(from.minor)).add(column(Column::Currency).eq(from.currency.code()));
    }
    if let Some(to) = filters.price.to {
        all = all.add(charged(now).lte(to.minor)).add(column(Column::Currency).eq(to.currency.code()));
    }
    if filters.four_stars {
        let mean = column(Column::RatingMean);
        let mean = if access == Access::Filters { mean } else { checked(backend, mean, 0_i32) };
        all = all.add(mean.gte(FOUR_STARS));
    }
    if filters.on_sale {
        all = all.add(running(now));
        if access != Access::Filters {
            all = all.add(checked(backend, column(Column::ReducedMinor), -1_i64).gte(0_i64));
        }
    }
    all
}

fn column(column: audiobooks::Column) -> Expr {
    Expr::col((audiobooks::Entity, column))
}

/// A title that stands in a list of ids: looked up one by one on the way, or what the query starts from.
fn within<C: ColumnTrait>(list: SelectStatement, id: C, access: Access) -> Expr {
    let mut list = list;
    let of_list = Expr::col((id.entity_name(), id));
    match access {
        Access::Filters => column(audiobooks::Column::Id).in_subquery(list.expr(of_list).to_owned()),
        Access::Ids | Access::Order(_) => {
            let same = of_list.equals((audiobooks::Entity, audiobooks::Column::Id));
            Expr::exists(list.expr(Expr::val(1)).and_where(same).to_owned())
        }
    }
}

fn in_category(slug: &str) -> SelectStatement {
    let named = Query::select()
        .column(categories::Column::Id)
        .from(categories::Entity)
        .and_where(categories::Column::Slug.eq(slug))
        .to_owned();
    Query::select()
        .from(audiobook_categories::Entity)
        // Equal to the one category, not in a list: SQLite would go through all titles for that.
        .and_where(audiobook_categories::Column::CategoryId.into_expr().eq(Expr::from(subquery(named))))
        .to_owned()
}

fn by_contributor(slug: &str, role: ContributorRole) -> SelectStatement {
    let named = Query::select()
        .column(people::Column::Id)
        .from(people::Entity)
        .and_where(people::Column::Slug.eq(slug))
        .to_owned();
    Query::select()
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::PersonId.into_expr().eq(Expr::from(subquery(named))))
        .and_where(audiobook_people::Column::Role.eq(role))
        .to_owned()
}

fn subquery(query: SelectStatement) -> sea_orm::sea_query::SubQueryStatement {
    query.into()
}
