//! What hangs on a title: people, series, categories, the words it is found by, and its address. Everything here runs in
//! the transaction of the change that asks for it.

pub(super) use super::indexing::reindex;

use super::{ContributorRole, names};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, people, series};
use crate::{Error, Result, Slug, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A free address for a title: `sea`, or `sea-2` when there is a sea already. `own` does not stand in its own way.
pub(super) async fn free_slug(tx: &impl ConnectionTrait, title: &str, own: Option<Uuid>) -> Result<String> {
    let plain = Slug::from_name(title);
    // A slug holds letters, digits and hyphens only: nothing in it is a pattern.
    let like =
        audiobooks::Column::Slug.eq(plain.as_str()).or(audiobooks::Column::Slug.starts_with(format!("{plain}-")));
    let taken: HashSet<String> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Slug)
        .filter(like)
        .filter(audiobooks::Column::Id.ne(own.unwrap_or_default()))
        .into_tuple::<String>()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let numbered = (2..).map(|number| plain.numbered(number).to_string());
    let free = std::iter::once(plain.to_string()).chain(numbered).find(|slug| !taken.contains(slug));
    free.ok_or_else(|| Error::conflict("title.no-free-address"))
}

/// Links a title to its people in the order given; those whom the shop does not know yet are added.
pub(super) async fn set_contributors(
    tx: &impl ConnectionTrait,
    id: Uuid,
    authors: &[String],
    narrators: &[String],
    now: Timestamp,
) -> Result<()> {
    let names: Vec<String> = authors.iter().chain(narrators).cloned().collect();
    let known = contributors_named(tx, &names, now).await?;
    audiobook_people::Entity::delete_many().filter(audiobook_people::Column::AudiobookId.eq(id)).exec(tx).await?;

    let mut rows = Vec::new();
    let mut linked = HashSet::new();
    for (role, names) in [(ContributorRole::Author, authors), (ContributorRole::Narrator, narrators)] {
        for (position, name) in (0..).zip(names) {
            let person_id = *known.get(name).ok_or_else(|| Error::Damaged(format!("{name} was not stored")))?;
            // Two spellings of one name are one person.
            if linked.insert((person_id, role)) {
                rows.push(audiobook_people::ActiveModel {
                    audiobook_id: Set(id),
                    person_id: Set(person_id),
                    role: Set(role),
                    position: Set(position),
                });
            }
        }
    }
    if !rows.is_empty() {
        audiobook_people::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// People by name; those whom the shop does not know yet are added.
pub(super) async fn contributors_named(
    tx: &impl ConnectionTrait,
    names: &[String],
    now: Timestamp,
) -> Result<HashMap<String, Uuid>> {
    let mut known = names::contributors(tx, names).await?;
    let mut new = Vec::new();
    let mut added: HashMap<String, Uuid> = HashMap::new();
    for name in names {
        if known.found.contains_key(name) {
            continue;
        }
        // Two spellings of one name are one person.
        let id = *added.entry(Slug::from_name(name).to_string()).or_insert_with(|| {
            let id = Uuid::now_v7();
            new.push(people::ActiveModel {
                id: Set(id),
                slug: Set(known.taken.free(name)),
                name: Set(name.clone()),
                bio: Set(String::new()),
                created_at: Set(now),
                portrait_key: Set(None),
                portrait_made: Set(None),
                portrait_changed_at: Set(None),
            });
            id
        });
        known.found.insert(name.clone(), id);
    }
    if !new.is_empty() {
        people::Entity::insert_many(new).exec_without_returning(tx).await?;
    }
    Ok(known.found)
}

/// The series of that name; added when the shop does not know it yet.
pub(super) async fn series_named(tx: &impl ConnectionTrait, name: &str, now: Timestamp) -> Result<Uuid> {
    let mut known = names::series(tx, &[name.to_owned()]).await?;
    if let Some(id) = known.found.get(name) {
        return Ok(*id);
    }
    let id = Uuid::now_v7();
    let new = series::ActiveModel {
        id: Set(id),
        slug: Set(known.taken.free(name)),
        name: Set(name.to_owned()),
        description: Set(String::new()),
        created_at: Set(now),
    };
    series::Entity::insert(new).exec_without_returning(tx).await?;
    Ok(id)
}

/// Puts a title into categories, best first.
///
/// # Errors
/// [`Error::Invalid`] when the shop has no such category.
pub(super) async fn set_categories(tx: &impl ConnectionTrait, id: Uuid, slugs: &[String]) -> Result<()> {
    let known: HashMap<String, Uuid> = categories::Entity::find()
        .select_only()
        .column(categories::Column::Slug)
        .column(categories::Column::Id)
        .filter(categories::Column::Slug.is_in(slugs))
        .into_tuple::<(String, Uuid)>()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let mut rows = Vec::new();
    for (position, slug) in (0..).zip(slugs) {
        let category_id = *known
            .get(slug)
            .ok_or_else(|| Error::invalid("categories", "categories.unknown").with("slug", format!("{slug:?}")))?;
        rows.push(audiobook_categories::ActiveModel {
            audiobook_id: Set(id),
            category_id: Set(category_id),
            position: Set(position),
        });
    }
    audiobook_categories::Entity::delete_many()
        .filter(audiobook_categories::Column::AudiobookId.eq(id))
        .exec(tx)
        .await?;
    if !rows.is_empty() {
        audiobook_categories::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Gives a new title the people and categories of another.
pub(super) async fn copy(tx: &impl ConnectionTrait, from: Uuid, to: Uuid) -> Result<()> {
    let people =
        audiobook_people::Entity::find().filter(audiobook_people::Column::AudiobookId.eq(from)).all(tx).await?;
    let people = people.into_iter().map(|row| audiobook_people::Model { audiobook_id: to, ..row }.into_active_model());
    let people: Vec<_> = people.collect();
    if !people.is_empty() {
        audiobook_people::Entity::insert_many(people).exec_without_returning(tx).await?;
    }
    let shelves =
        audiobook_categories::Entity::find().filter(audiobook_categories::Column::AudiobookId.eq(from)).all(tx).await?;
    let shelves =
        shelves.into_iter().map(|row| audiobook_categories::Model { audiobook_id: to, ..row }.into_active_model());
    let shelves: Vec<_> = shelves.collect();
    if !shelves.is_empty() {
        audiobook_categories::Entity::insert_many(shelves).exec_without_returning(tx).await?;
    }
    Ok(())
}
