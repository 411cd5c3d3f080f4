//! By what a list can be narrowed: the shop's categories and languages.

use super::search::{MOST, bounded, for_sale};
use super::{CategoryCount, Link};
use crate::entities::{audiobook_categories, audiobooks, categories};
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryOrder, Statement};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a category is taken for a full one without being counted again.
const FULL_FOR: Duration = Duration::from_secs(60);
/// Each language is one step in the index, however many titles have it.
const LANGUAGES: &str = "WITH RECURSIVE spoken AS (
    SELECT MIN(language) AS language FROM audiobooks WHERE status = 'published'
    UNION ALL
    SELECT (SELECT MIN(language) FROM audiobooks WHERE status = 'published' AND audiobooks.language > spoken.language)
    FROM spoken WHERE spoken.language IS NOT NULL
) SELECT language FROM spoken WHERE language IS NOT NULL";

/// The categories of more titles than are counted, and when they were last.
#[derive(Default)]
struct Full(Mutex<HashMap<Uuid, Instant>>);

/// What the categories are remembered by.
#[derive(PartialEq, Eq, Hash)]
struct Categories;

/// What the languages are remembered by.
#[derive(PartialEq, Eq, Hash)]
struct Languages;

/// All categories in the shop's order, with the number of published titles in each: counted up to a thousand, and 1,001
/// for more. They may be a moment old.
pub async fn categories(db: &Db) -> Result<Vec<CategoryCount>> {
    db.alike(Categories, || counted(db)).await
}

async fn counted(db: &Db) -> Result<Vec<CategoryCount>> {
    let all = categories::Entity::find()
        .order_by_asc(categories::Column::Position)
        .order_by_asc(categories::Column::Slug)
        .all(db.read())
        .await?;
    // Counting a thousand titles takes milliseconds, and a category that has them does not lose them within a minute.
    let remembered = db.remembered::<Full>();
    let full: HashMap<Uuid, Instant> = {
        let mut full = remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
        full.retain(|_, counted| counted.elapsed() < FULL_FOR);
        full.clone()
    };
    let counted: Vec<Uuid> = all.iter().map(|category| category.id).filter(|id| !full.contains_key(id)).collect();
    let counts = bounded(db, counted.iter().map(|id| published_in(db.backend(), *id)).collect()).await?;
    let counts: HashMap<Uuid, u64> = counted.into_iter().zip(counts).collect();
    let now = Instant::now();
    let newly = counts.iter().filter(|(_, titles)| **titles > MOST).map(|(id, _)| (*id, now));
    remembered.0.lock().unwrap_or_else(PoisonError::into_inner).extend(newly);

    let shown = all.into_iter().map(|category| CategoryCount {
        titles: counts.get(&category.id).copied().unwrap_or(MOST + 1),
        category: Link { slug: category.slug, name: category.name },
        description: category.description,
    });
    Ok(shown.collect())
}

fn published_in(backend: DbBackend, category: Uuid) -> SelectStatement {
    let title = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((audiobook_categories::Entity, audiobook_categories::Column::AudiobookId));
    Query::select()
        .column((audiobooks::Entity, audiobooks::Column::Id))
        .from(audiobook_categories::Entity)
        .join(JoinType::InnerJoin, audiobooks::Entity, title)
        .and_where(audiobook_categories::Column::CategoryId.eq(category))
        .and_where(for_sale(backend))
        .limit(MOST + 1)
        .to_owned()
}

/// The languages of published titles, in order. They may be a moment old.
pub async fn languages(db: &Db) -> Result<Vec<String>> {
    db.alike(Languages, || async {
        let rows = db.read().query_all_raw(Statement::from_string(db.backend(), LANGUAGES)).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    })
    .await
}
