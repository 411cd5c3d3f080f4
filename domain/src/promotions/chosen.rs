//! What a sale or coupon is for.

use super::{Chosen, Covers};
use crate::entities::{audiobooks, categories};
use crate::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Most titles that are chosen one by one. For more there are categories.
const MOST_TITLES: usize = 500;

/// What was chosen, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub everything: bool,
    pub titles: Vec<Uuid>,
    pub categories: Vec<Uuid>,
}

/// Finds what was chosen.
///
/// # Errors
/// `Invalid` on the field `titles` or `categories` when something is unknown, or nothing was chosen.
pub(super) async fn find(db: &impl ConnectionTrait, chosen: &Chosen) -> Result<Found> {
    if chosen.everything {
        return Ok(Found { everything: true, ..Found::default() });
    }
    let slugs: BTreeSet<String> = chosen.titles.split([',', '\n', ' ', '\r', '\t']).filter_map(slug).collect();
    if slugs.len() > MOST_TITLES {
        return Err(Error::invalid("titles", "promotion.too-many-titles").with("most", MOST_TITLES));
    }
    if slugs.is_empty() && chosen.categories.is_empty() {
        return Err(Error::invalid("titles", "promotion.nothing-chosen"));
    }
    let titles: Vec<(Uuid, String)> = audiobooks::Entity::find()
        .select_only()
        .columns([audiobooks::Column::Id, audiobooks::Column::Slug])
        .filter(audiobooks::Column::Slug.is_in(slugs.iter().cloned()))
        .into_tuple()
        .all(db)
        .await?;
    let known: HashMap<&str, Uuid> = titles.iter().map(|(id, slug)| (slug.as_str(), *id)).collect();
    if let Some(unknown) = slugs.iter().find(|slug| !known.contains_key(slug.as_str())) {
        return Err(Error::invalid("titles", "promotion.title-unknown").with("slug", unknown));
    }
    let shelves: Vec<(Uuid, String)> = categories::Entity::find()
        .select_only()
        .columns([categories::Column::Id, categories::Column::Slug])
        .filter(categories::Column::Slug.is_in(chosen.categories.iter().cloned()))
        .into_tuple()
        .all(db)
        .await?;
    if let Some(unknown) = chosen.categories.iter().find(|slug| !shelves.iter().any(|(_, known)| known == *slug)) {
        return Err(Error::invalid("categories", "categories.unknown").with("slug", format!("{unknown:?}")));
    }
    Ok(Found {
        everything: false,
        titles: slugs.iter().filter_map(|slug| known.get(slug.as_str()).copied()).collect(),
        categories: shelves.into_iter().map(|(id, _)| id).collect(),
    })
}

/// The slug at the end of an address, or what was typed as one.
fn slug(typed: &str) -> Option<String> {
    let end = typed.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    Some(end.to_owned()).filter(|slug| !slug.is_empty())
}

/// How many rows of a table belong to each of some owners.
pub(super) async fn counts<E, C>(db: &impl ConnectionTrait, owner: C, owners: &[Uuid]) -> Result<HashMap<Uuid, u64>>
where
    E: EntityTrait,
    C: ColumnTrait,
{
    let counted: Vec<(Uuid, i64)> = E::find()
        .select_only()
        .column(owner)
        .column_as(Expr::col(owner).count(), "counted")
        .filter(owner.is_in(owners.iter().copied()))
        .group_by(owner)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted.into_iter().map(|(id, count)| (id, u64::try_from(count).unwrap_or(0))).collect())
}

pub(super) fn covers(everything: bool, id: Uuid, titles: &HashMap<Uuid, u64>, shelves: &HashMap<Uuid, u64>) -> Covers {
    let of = |counts: &HashMap<Uuid, u64>| counts.get(&id).copied().unwrap_or(0);
    Covers { everything, titles: of(titles), categories: of(shelves) }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_title_is_chosen_by_its_address_or_the_end_of_it() {
        for typed in ["the-bell", "/books/the-bell", "https://shop.example/books/the-bell/?from=mail#about"] {
            assert_eq!(slug(typed).as_deref(), Some("the-bell"), "{typed}");
        }
        assert_eq!(slug(""), None);
    }
}
