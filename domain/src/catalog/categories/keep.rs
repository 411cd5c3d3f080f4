//! Making, renaming, ordering and deleting categories.

use crate::audit::{self, Action, Entry};
use crate::catalog::form::{optional_line, paragraphs, required_line};
use crate::catalog::reindex::Reindex;
use crate::catalog::{CategoryForm, CategoryRow, RedirectKind, Status, redirects};
use crate::db::BATCH;
use crate::entities::{audiobook_categories, audiobooks, categories};
use crate::pricing::reduced;
use crate::{Db, Error, Result, Slug, Tx, jobs};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Characters of a name at most.
const NAME_MAX: usize = 60;
/// Characters of an address at most, as the column holds them.
const SLUG_MAX: usize = 80;
/// Categories of a shop at most: all of them stand on one page.
const MOST: u64 = 200;

/// Every category in the shop's order, with the number of titles in it, whatever their status.
pub async fn list(db: &Db) -> Result<Vec<CategoryRow>> {
    let counts: HashMap<Uuid, i64> = audiobook_categories::Entity::find()
        .select_only()
        .column(audiobook_categories::Column::CategoryId)
        .column_as(audiobook_categories::Column::AudiobookId.count(), "titles")
        .group_by(audiobook_categories::Column::CategoryId)
        .into_tuple::<(Uuid, i64)>()
        .all(db.read())
        .await?
        .into_iter()
        .collect();
    let rows = ordered().all(db.read()).await?;
    Ok(rows.into_iter().map(|row| shown(counts.get(&row.id).copied().unwrap_or(0), row)).collect())
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such category.
pub async fn get(db: &Db, id: Uuid) -> Result<CategoryRow> {
    let row = by_id(db.read(), id).await?;
    let titles = audiobook_categories::Entity::find()
        .filter(audiobook_categories::Column::CategoryId.eq(id))
        .count(db.read())
        .await?;
    Ok(shown(i64::try_from(titles).unwrap_or(i64::MAX), row))
}

/// How many there are.
pub(crate) async fn count(db: &Db) -> Result<u64> {
    Ok(categories::Entity::find().count(db.read()).await?)
}

/// The address that a category has now, for one that it had before it was renamed or merged.
pub async fn moved_to(db: &Db, slug: &str) -> Result<Option<String>> {
    let Some(id) = redirects::target(db.read(), RedirectKind::Category, slug).await? else { return Ok(None) };
    Ok(categories::Entity::find_by_id(id).one(db.read()).await?.map(|category| category.slug))
}

/// Adds a category at the end of the list.
///
/// # Errors
/// [`Error::Invalid`] at the field that needs a change, [`Error::Conflict`] when the list is full.
pub async fn create(db: &Db, form: &CategoryForm) -> Result<Uuid> {
    let wanted = Wanted::read(form)?;
    db.transaction(async |tx| {
        let there = categories::Entity::find().count(&tx).await?;
        if there >= MOST {
            return Err(Error::conflict("category.too-many").with("most", MOST));
        }
        free(&tx, &wanted.slug, None).await?;
        let last = ordered().all(&tx).await?.last().map_or(0, |category| category.position);
        let id = Uuid::now_v7();
        let row = categories::ActiveModel {
            id: Set(id),
            slug: Set(wanted.slug.clone()),
            name: Set(wanted.name.clone()),
            description: Set(wanted.description.clone()),
            keywords: Set(wanted.keywords.clone()),
            position: Set(last + 1),
        };
        categories::Entity::insert(row).exec_without_returning(&tx).await?;
        audit::record(&tx, entry(Action::CategoryCreated, id, &wanted.name)).await?;
        Ok(id)
    })
    .await
}

/// Gives a category another name, description and keywords. With the name its address changes; the one before leads on to
/// it. The words that its titles are found by follow in a job.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] at the field that needs a change.
pub async fn save(db: &Db, id: Uuid, form: &CategoryForm) -> Result<()> {
    let wanted = Wanted::read(form)?;
    db.transaction(async |tx| {
        let before = by_id(&tx, id).await?;
        let renamed = before.name != wanted.name;
        if before.slug != wanted.slug {
            free(&tx, &wanted.slug, Some(id)).await?;
            redirects::add(&tx, RedirectKind::Category, &before.slug, id).await?;
        }
        let line =
            entry(Action::CategorySaved, id, &wanted.name).with(json!({ "name": wanted.name, "before": before.name }));
        let mut change = before.into_active_model();
        change.slug = Set(wanted.slug.clone());
        change.name = Set(wanted.name.clone());
        change.description = Set(wanted.description.clone());
        change.keywords = Set(wanted.keywords.clone());
        change.update(&tx).await?;
        if renamed {
            jobs::enqueue(&tx, &Reindex::Category { id }).await?;
        }
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

/// Moves a category one place up or down the list; at its end nothing happens.
///
/// # Errors
/// [`Error::NotFound`] when there is no such category.
pub async fn shift(db: &Db, id: Uuid, up: bool) -> Result<()> {
    db.transaction(async |tx| {
        let mut rows = ordered().all(&tx).await?;
        let at = rows.iter().position(|row| row.id == id).ok_or(Error::NotFound("category"))?;
        let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < rows.len()) };
        let Some(other) = other else { return Ok(()) };
        rows.swap(at, other);
        // Positions may have been given twice by whoever filled the shop: all are counted anew, in one statement.
        let mut position = sea_orm::sea_query::CaseStatement::new();
        for (place, row) in (1..).zip(&rows) {
            position = position.case(categories::Column::Id.eq(row.id), Expr::value::<i32>(place));
        }
        categories::Entity::update_many()
            .col_expr(categories::Column::Position, position.finally(Expr::col(categories::Column::Position)).into())
            .exec(&tx)
            .await?;
        audit::record(
            &tx,
            entry(Action::CategoryMoved, id, &rows[other].name).with(json!({ "name": rows[other].name, "up": up })),
        )
        .await?;
        Ok(())
    })
    .await
}

/// Deletes a category. Its titles are no longer in it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when a published title is in no other one.
pub async fn delete(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let category = by_id(&tx, id).await?;
        let alone = only_here(&tx, id).await?;
        if alone > 0 {
            return Err(Error::conflict("category.last-of-published").with("count", alone));
        }
        // Before its rows go: the job finds the titles by their ids.
        for some in titles_in(&tx, id).await?.chunks(BATCH) {
            jobs::enqueue(&tx, &Reindex::Titles { ids: some.to_vec() }).await?;
        }
        audiobook_categories::Entity::delete_many()
            .filter(audiobook_categories::Column::CategoryId.eq(id))
            .exec(&tx)
            .await?;
        categories::Entity::delete_by_id(id).exec(&tx).await?;
        reduced::ask(&tx, []).await?;
        redirects::forget(&tx, id).await?;
        audit::record(&tx, entry(Action::CategoryDeleted, id, &category.name)).await?;
        Ok(())
    })
    .await
}

/// Titles that are published, and in no other category.
async fn only_here(tx: &Tx, id: Uuid) -> Result<u64> {
    let elsewhere = Query::select()
        .column(audiobook_categories::Column::AudiobookId)
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::CategoryId.ne(id))
        .to_owned();
    let here = Query::select()
        .column(audiobook_categories::Column::AudiobookId)
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::CategoryId.eq(id))
        .to_owned();
    let alone = audiobooks::Entity::find()
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .filter(audiobooks::Column::Id.in_subquery(here))
        .filter(audiobooks::Column::Id.not_in_subquery(elsewhere));
    Ok(alone.count(tx).await?)
}

async fn titles_in(tx: &Tx, id: Uuid) -> Result<Vec<Uuid>> {
    Ok(audiobook_categories::Entity::find()
        .select_only()
        .column(audiobook_categories::Column::AudiobookId)
        .filter(audiobook_categories::Column::CategoryId.eq(id))
        .into_tuple()
        .all(tx)
        .await?)
}

pub(super) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<categories::Model> {
    categories::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("category"))
}

pub(super) fn entry(action: Action, id: Uuid, name: &str) -> Entry {
    Entry::new(action).on("category", id).with(json!({ "name": name }))
}

fn ordered() -> sea_orm::Select<categories::Entity> {
    categories::Entity::find().order_by_asc(categories::Column::Position).order_by_asc(categories::Column::Slug)
}

fn shown(titles: i64, row: categories::Model) -> CategoryRow {
    CategoryRow {
        id: row.id,
        slug: row.slug,
        titles: u64::try_from(titles).unwrap_or(0),
        form: CategoryForm { name: row.name, description: row.description, keywords: row.keywords },
    }
}

/// Makes sure that no other category has an address, and that an older one no longer leads elsewhere from there.
async fn free(tx: &Tx, slug: &str, own: Option<Uuid>) -> Result<()> {
    let taken = categories::Entity::find()
        .filter(categories::Column::Slug.eq(slug))
        .filter(categories::Column::Id.ne(own.unwrap_or_default()));
    if let Some(other) = taken.one(tx).await? {
        return Err(Error::invalid("name", "category.name-taken").with("name", other.name));
    }
    redirects::free(tx, RedirectKind::Category, slug).await
}

/// A form that was read.
struct Wanted {
    slug: String,
    name: String,
    description: String,
    keywords: String,
}

impl Wanted {
    fn read(form: &CategoryForm) -> Result<Self> {
        let name = required_line("name", &form.name, NAME_MAX, "category.no-name")?;
        if !name.chars().any(char::is_alphanumeric) {
            return Err(Error::invalid("name", "category.no-name"));
        }
        let slug = Slug::from_name(&name).to_string();
        if slug.chars().count() > SLUG_MAX {
            return Err(Error::invalid("name", "form.too-long").with("most", NAME_MAX));
        }
        let words: Vec<_> =
            form.keywords.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()).collect();
        Ok(Self {
            slug,
            name,
            description: paragraphs("description", &form.description, 500)?,
            keywords: optional_line("keywords", &words.join(", "), 2000)?.unwrap_or_default(),
        })
    }
}
