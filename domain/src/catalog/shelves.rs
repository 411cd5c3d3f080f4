//! By what a list can be narrowed: the shop's categories and languages.

use super::search::{MOST, bounded, for_sale};
use super::{CategoryCount, Link};
use crate::entities::{audiobook_categories, audiobooks};
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, Statement};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a category is taken for a full one without being counted again.
const FULL_FOR: Duration = Duration::from_secs(60);
/// The categories, and after them the languages of published titles, of which each is one step in the index, however many
/// titles have it.
const ALL: &str = "WITH RECURSIVE spoken AS (
    SELECT MIN(language) AS language FROM audiobooks WHERE status = 'published'
    UNION ALL
    SELECT (SELECT MIN(language) FROM audiobooks WHERE status = 'published' AND audiobooks.language > spoken.language)
    FROM spoken WHERE spoken.language IS NOT NULL
)
SELECT id, slug, name, description, position FROM categories
UNION ALL
SELECT NULL, language, '', '', 0 FROM spoken WHERE language IS NOT NULL";

/// The categories of more titles than are counted, and when they were last.
#[derive(Default)]
struct Full(Mutex<HashMap<Uuid, Instant>>);

/// What categories and languages are remembered by.
#[derive(PartialEq, Eq, Hash, Serialize)]
struct Shelves;

#[derive(Clone, Serialize, Deserialize)]
struct Found {
    categories: Vec<CategoryCount>,
    languages: Vec<String>,
}

/// All categories in the shop's order, with the number of published titles in each: counted up to a thousand, and 1,001
/// for more. They may be a moment old.
pub async fn categories(db: &Db) -> Result<Vec<CategoryCount>> {
    Ok(shelves(db).await?.categories)
}

/// The languages of published titles, in order. They may be a moment old.
pub async fn languages(db: &Db) -> Result<Vec<String>> {
    Ok(shelves(db).await?.languages)
}

async fn shelves(db: &Db) -> Result<Found> {
    db.alike(Shelves, || db.copied("shelves", &Shelves, || look(db))).await
}

/// A category, without its titles.
struct Shelf {
    id: Uuid,
    position: i32,
    category: Link,
    description: String,
}

async fn look(db: &Db) -> Result<Found> {
    let (mut shelves, mut languages) = (Vec::new(), Vec::new());
    for row in db.read().query_all_raw(Statement::from_string(db.backend(), ALL)).await? {
        let slug = row.try_get_by_index(1)?;
        match row.try_get_by_index(0)? {
            None => languages.push(slug),
            Some(id) => shelves.push(Shelf {
                id,
                category: Link { slug, name: row.try_get_by_index(2)? },
                description: row.try_get_by_index(3)?,
                position: row.try_get_by_index(4)?,
            }),
        }
    }
    shelves.sort_by(|a, b| (a.position, &a.category.slug).cmp(&(b.position, &b.category.slug)));
    languages.sort_unstable();
    Ok(Found { categories: counted(db, shelves).await?, languages })
}

async fn counted(db: &Db, all: Vec<Shelf>) -> Result<Vec<CategoryCount>> {
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
        category: category.category,
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
