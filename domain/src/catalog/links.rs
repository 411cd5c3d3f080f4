//! What titles lead to: their people, categories and series, of all of them in one query.

use super::{ContributorRole, Link};
use crate::Result;
use crate::db::BATCH;
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, people, series};
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait};
use std::collections::HashMap;
use uuid::Uuid;

/// What one title leads to, each list in its order.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub authors: Vec<Link>,
    pub narrators: Vec<Link>,
    pub categories: Vec<Link>,
    pub series: Option<Link>,
}

/// As numbers, which a union writes alike in every database.
const AUTHOR: i32 = 0;
const NARRATOR: i32 = 1;
const CATEGORY: i32 = 2;
const SERIES: i32 = 3;

/// What each title leads to.
pub(super) async fn links_of(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Links>> {
    let mut found: HashMap<Uuid, Links> = HashMap::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let mut all = of_people(batch);
        all.union(UnionType::All, of_categories(batch)).union(UnionType::All, of_series(batch));
        let rows = connection.query_all(&all).await?;
        let mut links = Vec::with_capacity(rows.len());
        for row in &rows {
            // A title without a series.
            let Some(id) = row.try_get_by_index::<Option<Uuid>>(3)? else { continue };
            let place: i32 = row.try_get_by_index(2)?;
            let link = Link { slug: row.try_get_by_index(4)?, name: row.try_get_by_index(5)? };
            links.push((place, id, row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<i32>(1)?, link));
        }
        links.sort_unstable_by_key(|(place, id, ..)| (*place, *id));
        for (_, _, title, kind, link) in links {
            let of_title = found.entry(title).or_default();
            match kind {
                AUTHOR => of_title.authors.push(link),
                NARRATOR => of_title.narrators.push(link),
                CATEGORY => of_title.categories.push(link),
                _ => of_title.series = Some(link),
            }
        }
    }
    Ok(found)
}

/// A part of the union: which title, what kind of link, its place among them and its id, its slug and its name.
fn part(title: Expr, kind: Expr, place: Expr, id: Expr, slug: Expr, name: Expr) -> SelectStatement {
    let mut part = Query::select();
    for (column, alias) in
        [(title, "title"), (kind, "kind"), (place, "place"), (id, "id"), (slug, "slug"), (name, "name")]
    {
        part.expr_as(column, Alias::new(alias));
    }
    part
}

fn of_people(titles: &[Uuid]) -> SelectStatement {
    use audiobook_people::Column;
    let link = |column: Column| Expr::col((audiobook_people::Entity, column));
    let person = |column: people::Column| Expr::col((people::Entity, column));
    let role = CaseStatement::new()
        .case(link(Column::Role).eq(ContributorRole::Author), Expr::val(AUTHOR))
        .finally(Expr::val(NARRATOR));
    let (slug, name) = (person(people::Column::Slug), person(people::Column::Name));
    part(link(Column::AudiobookId), role.into(), link(Column::Position), link(Column::PersonId), slug, name)
        .from(audiobook_people::Entity)
        .join(JoinType::InnerJoin, people::Entity, person(people::Column::Id).eq(link(Column::PersonId)))
        .and_where(Column::AudiobookId.is_in(titles.iter().copied()))
        .to_owned()
}

fn of_categories(titles: &[Uuid]) -> SelectStatement {
    use audiobook_categories::Column;
    let link = |column: Column| Expr::col((audiobook_categories::Entity, column));
    let category = |column: categories::Column| Expr::col((categories::Entity, column));
    let (slug, name) = (category(categories::Column::Slug), category(categories::Column::Name));
    let kind = Expr::val(CATEGORY);
    part(link(Column::AudiobookId), kind, link(Column::Position), link(Column::CategoryId), slug, name)
        .from(audiobook_categories::Entity)
        .join(JoinType::InnerJoin, categories::Entity, category(categories::Column::Id).eq(link(Column::CategoryId)))
        .and_where(Column::AudiobookId.is_in(titles.iter().copied()))
        .to_owned()
}

fn of_series(titles: &[Uuid]) -> SelectStatement {
    let title = |column: audiobooks::Column| Expr::col((audiobooks::Entity, column));
    let series = |column: series::Column| Expr::col((series::Entity, column));
    let (slug, name) = (series(series::Column::Slug), series(series::Column::Name));
    let id = title(audiobooks::Column::Id);
    part(id, Expr::val(SERIES), Expr::val(0), series(series::Column::Id), slug, name)
        .from(audiobooks::Entity)
        // Not an inner join, which might begin with all series.
        .join(JoinType::LeftJoin, series::Entity, series(series::Column::Id).eq(title(audiobooks::Column::SeriesId)))
        .and_where(audiobooks::Column::Id.is_in(titles.iter().copied()))
        .to_owned()
}
