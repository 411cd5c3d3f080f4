//! Finding series, and saying what they are.

use crate::audit::{self, Action, Entry};
use crate::catalog::browse::ever_published;
use crate::catalog::form::{paragraphs, required_line};
use crate::catalog::reindex::Reindex;
use crate::catalog::{RedirectKind, SeriesForm, SeriesRow, redirects};
use crate::entities::{audiobooks, series};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Page, PageRequest, Result, Slug, Tx, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, PaginatorTrait, QueryFilter,
    QuerySelect, Select, Set,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A page of the series whose name begins with `text`, in the order of their names.
pub async fn list(db: &Db, text: &str, page: PageRequest) -> Result<Page<SeriesRow>> {
    let found = found(text);
    let total = found.clone().count(db.read()).await?;
    let rows = by_name().order(found).offset(page.offset()).limit(u64::from(page.size)).all(db.read()).await?;
    Ok(Page::new(all_shown(db, rows).await?, total, page))
}

/// A part of the same list, for programs.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, text: &str, walk: Walk<'_>) -> Result<Part<SeriesRow>> {
    let rows = walk.of(found(text), &by_name())?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_text(&*row.name, row.id));
    Ok(Part { items: all_shown(db, part.items).await?, next: part.next })
}

fn by_name() -> Keys {
    Keys::text(series::Column::Name.into_expr(), series::Column::Id.into_expr(), Order::Asc)
}

fn found(text: &str) -> Select<series::Entity> {
    let beginning = text.trim();
    if beginning.is_empty() {
        return series::Entity::find();
    }
    // An address holds no letter case and no accents, so that a search need not either.
    series::Entity::find().filter(series::Column::Slug.starts_with(Slug::from_name(beginning).as_str()))
}

async fn all_shown(db: &Db, rows: Vec<series::Model>) -> Result<Vec<SeriesRow>> {
    let counts = counts(db.read(), &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().map(|row| shown(counts.get(&row.id).copied().unwrap_or_default(), row)).collect())
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such series.
pub async fn get(db: &Db, id: Uuid) -> Result<SeriesRow> {
    let row = by_id(db.read(), id).await?;
    Ok(shown(counts(db.read(), &[id]).await?.get(&id).copied().unwrap_or_default(), row))
}

/// The id of the one with an address.
///
/// # Errors
/// [`Error::NotFound`] when there is no such series.
pub async fn id_of(db: &Db, slug: &str) -> Result<Uuid> {
    let found = series::Entity::find().filter(series::Column::Slug.eq(slug)).one(db.read()).await?;
    Ok(found.ok_or(Error::NotFound("series"))?.id)
}

/// The address of one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such series.
pub async fn slug_of(db: &Db, id: Uuid) -> Result<String> {
    Ok(by_id(db.read(), id).await?.slug)
}

/// The address that a series has now, for one that it had before it was renamed or merged.
pub async fn moved_to(db: &Db, slug: &str) -> Result<Option<String>> {
    let Some(id) = redirects::target(db.read(), RedirectKind::Series, slug).await? else { return Ok(None) };
    Ok(series::Entity::find_by_id(id).one(db.read()).await?.map(|series| series.slug))
}

/// Gives a series another name and description. With the name its address changes; the one before leads on to it, and a
/// title that comes with the old name is still one of it. The words that its titles are found by follow in a job.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] at the field that needs a change.
pub async fn save(db: &Db, id: Uuid, form: &SeriesForm) -> Result<()> {
    let name = required_line("name", &form.name, 200, "series.nameless")?;
    let about = paragraphs("about", &form.about, 10_000)?;
    let slug = Slug::from_name(&name).to_string();
    db.transaction(async |tx| {
        let before = by_id(&tx, id).await?;
        let renamed = before.name != name;
        if before.slug != slug {
            free(&tx, &slug, id).await?;
            redirects::add(&tx, RedirectKind::Series, &before.slug, id).await?;
        }
        let line = entry(Action::SeriesSaved, id).with(json!({ "name": name, "before": before.name }));
        let mut change = before.into_active_model();
        change.slug = Set(slug.clone());
        change.name = Set(name.clone());
        change.description = Set(about.clone());
        change.update(&tx).await?;
        if renamed {
            jobs::enqueue(&tx, &Reindex::Series { id }).await?;
        }
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

/// Deletes a series without titles.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] while a title is in it.
pub async fn delete(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let row = by_id(&tx, id).await?;
        let (count, _) = counts(&tx, &[id]).await?.get(&id).copied().unwrap_or_default();
        if count > 0 {
            return Err(Error::conflict("series.not-empty").with("count", count));
        }
        series::Entity::delete_by_id(id).exec(&tx).await?;
        redirects::forget(&tx, id).await?;
        audit::record(&tx, entry(Action::SeriesDeleted, id).with(json!({ "name": row.name }))).await?;
        Ok(())
    })
    .await
}

pub(super) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<series::Model> {
    series::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("series"))
}

pub(super) fn entry(action: Action, id: Uuid) -> Entry {
    Entry::new(action).on("series", id)
}

/// How many titles are in some series, whatever their status, and how many of them shoppers have seen.
async fn counts(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, (i64, i64)>> {
    let counts: Vec<(Uuid, i64, i64)> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::SeriesId)
        .column_as(audiobooks::Column::Id.count(), "titles")
        .column_as(ever_published(), "shown")
        .filter(audiobooks::Column::SeriesId.is_in(ids.iter().copied()))
        .group_by(audiobooks::Column::SeriesId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(id, titles, shown)| (id, (titles, shown))).collect())
}

fn shown((titles, shown): (i64, i64), row: series::Model) -> SeriesRow {
    SeriesRow {
        id: row.id,
        slug: row.slug,
        titles: u64::try_from(titles).unwrap_or(0),
        in_shop: shown > 0,
        form: SeriesForm { name: row.name, about: row.description },
    }
}

/// Makes sure that no other series has an address, and that an older one no longer leads elsewhere from there.
async fn free(tx: &Tx, slug: &str, own: Uuid) -> Result<()> {
    let taken = series::Entity::find().filter(series::Column::Slug.eq(slug)).filter(series::Column::Id.ne(own));
    if let Some(other) = taken.one(tx).await? {
        return Err(Error::invalid("name", "series.name-taken").with("name", other.name));
    }
    redirects::free(tx, RedirectKind::Series, slug).await
}
