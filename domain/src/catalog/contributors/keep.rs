//! Finding contributors, and saying who they are.

use crate::audit::{self, Action, Entry};
use crate::catalog::browse::ever_published;
use crate::catalog::form::{paragraphs, required_line};
use crate::catalog::reindex::Reindex;
use crate::catalog::{ContributorForm, ContributorRole, ContributorRow, RedirectKind, redirects};
use crate::entities::{audiobook_people, audiobooks, people};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Page, PageRequest, Result, Slug, Tx, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, Order, PaginatorTrait,
    QueryFilter, QuerySelect, RelationDef, Select, Set,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A page of the contributors whose name begins with `text`, in the order of their names.
pub async fn list(db: &Db, text: &str, page: PageRequest) -> Result<Page<ContributorRow>> {
    let found = found(text);
    let total = found.clone().count(db.read()).await?;
    let rows = by_name().order(found).offset(page.offset()).limit(u64::from(page.size)).all(db.read()).await?;
    Ok(Page::new(all_shown(db, rows).await?, total, page))
}

/// A part of the same list, for programs.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, text: &str, walk: Walk<'_>) -> Result<Part<ContributorRow>> {
    let rows = walk.of(found(text), &by_name())?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_text(&*row.name, row.id));
    Ok(Part { items: all_shown(db, part.items).await?, next: part.next })
}

fn by_name() -> Keys {
    Keys::text(people::Column::Name.into_expr(), people::Column::Id.into_expr(), Order::Asc)
}

fn found(text: &str) -> Select<people::Entity> {
    let beginning = text.trim();
    if beginning.is_empty() {
        return people::Entity::find();
    }
    // An address holds no letter case and no accents, so that a search need not either.
    people::Entity::find().filter(people::Column::Slug.starts_with(Slug::from_name(beginning).as_str()))
}

async fn all_shown(db: &Db, rows: Vec<people::Model>) -> Result<Vec<ContributorRow>> {
    let mut titles = titles_of(db.read(), &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().map(|row| shown(titles.remove(&row.id).unwrap_or_default(), row)).collect())
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody.
pub async fn get(db: &Db, id: Uuid) -> Result<ContributorRow> {
    let row = by_id(db.read(), id).await?;
    let titles = titles_of(db.read(), &[id]).await?.remove(&id).unwrap_or_default();
    Ok(shown(titles, row))
}

/// The id of the one with an address.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn id_of(db: &Db, slug: &str) -> Result<Uuid> {
    let found = people::Entity::find().filter(people::Column::Slug.eq(slug)).one(db.read()).await?;
    Ok(found.ok_or(Error::NotFound("person"))?.id)
}

/// The address of one.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn slug_of(db: &Db, id: Uuid) -> Result<String> {
    Ok(by_id(db.read(), id).await?.slug)
}

/// The address that somebody has now, for one that they had before they were renamed or merged.
pub async fn moved_to(db: &Db, slug: &str) -> Result<Option<String>> {
    let Some(id) = redirects::target(db.read(), RedirectKind::Contributor, slug).await? else { return Ok(None) };
    Ok(people::Entity::find_by_id(id).one(db.read()).await?.map(|person| person.slug))
}

/// Gives somebody another name and biography. With the name their address changes; the one before leads on to it, and titles
/// that come under the old name are still theirs. The words that their titles are found by follow in a job.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] at the field that needs a change.
pub async fn save(db: &Db, id: Uuid, form: &ContributorForm) -> Result<()> {
    let name = required_line("name", &form.name, 200, "contributor.no-name")?;
    let about = paragraphs("about", &form.about, 10_000)?;
    let slug = Slug::from_name(&name).to_string();
    db.transaction(async |tx| {
        let before = by_id(&tx, id).await?;
        let renamed = before.name != name;
        if before.slug != slug {
            free(&tx, &slug, id).await?;
            redirects::add(&tx, RedirectKind::Contributor, &before.slug, id).await?;
        }
        let line = Entry::new(Action::ContributorSaved).on("contributor", id);
        let line = line.with(json!({ "name": name, "before": before.name }));
        let mut change = before.into_active_model();
        change.slug = Set(slug.clone());
        change.name = Set(name.clone());
        change.bio = Set(about.clone());
        change.update(&tx).await?;
        if renamed {
            jobs::enqueue(&tx, &Reindex::Contributor { id }).await?;
        }
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

pub(super) async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<people::Model> {
    people::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("person"))
}

/// How many titles somebody wrote and reads, and whether shoppers have seen one of them.
#[derive(Clone, Copy, Default)]
struct Work {
    wrote: u64,
    reads: u64,
    in_shop: bool,
}

/// What each of some people did.
async fn titles_of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Work>> {
    let title: RelationDef = audiobook_people::Entity::belongs_to(audiobooks::Entity)
        .from(audiobook_people::Column::AudiobookId)
        .to(audiobooks::Column::Id)
        .into();
    let counts: Vec<(Uuid, ContributorRole, i64, i64)> = audiobook_people::Entity::find()
        .select_only()
        .column(audiobook_people::Column::PersonId)
        .column(audiobook_people::Column::Role)
        .column_as(audiobook_people::Column::AudiobookId.count(), "titles")
        .column_as(ever_published(), "shown")
        .join(JoinType::InnerJoin, title)
        .filter(audiobook_people::Column::PersonId.is_in(ids.iter().copied()))
        .group_by(audiobook_people::Column::PersonId)
        .group_by(audiobook_people::Column::Role)
        .into_tuple()
        .all(db)
        .await?;
    let mut titles: HashMap<Uuid, Work> = HashMap::new();
    for (id, role, count, shown) in counts {
        let of = titles.entry(id).or_default();
        let count = u64::try_from(count).unwrap_or(0);
        match role {
            ContributorRole::Author => of.wrote = count,
            ContributorRole::Narrator => of.reads = count,
        }
        of.in_shop |= shown > 0;
    }
    Ok(titles)
}

fn shown(Work { wrote, reads, in_shop }: Work, row: people::Model) -> ContributorRow {
    ContributorRow {
        id: row.id,
        slug: row.slug,
        wrote,
        reads,
        in_shop,
        form: ContributorForm { name: row.name, about: row.bio },
    }
}

/// Makes sure that nobody else has an address, and that an older one no longer leads elsewhere from there.
async fn free(tx: &Tx, slug: &str, own: Uuid) -> Result<()> {
    let taken = people::Entity::find().filter(people::Column::Slug.eq(slug)).filter(people::Column::Id.ne(own));
    if let Some(other) = taken.one(tx).await? {
        return Err(Error::invalid("name", "contributor.name-taken").with("name", other.name));
    }
    redirects::free(tx, RedirectKind::Contributor, slug).await
}
