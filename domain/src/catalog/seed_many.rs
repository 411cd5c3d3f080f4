//! Filling a shop with very many made-up titles, for trials of a large one. They can be found, looked at and put into a
//! cart; they have no audio.

use super::associations::contributors_named;
use super::form::Sale;
use super::indexing::{self, Indexed};
use super::search_terms::{Source, sort_title, weighted};
use super::{ContributorRole, NameKind, Status, TextRights, names};
use crate::db::BATCH;
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, series};
use crate::{Currency, Db, Result, Slug, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// What the address of a made-up title begins with.
const MARK: &str = "trial-";
/// Titles stored in one transaction.
pub const TOGETHER: usize = BATCH;

/// Somebody or something that the shop knows by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

/// A made-up title.
#[derive(Clone, Debug)]
pub struct TrialTitle {
    /// Tells its address from that of others of the same name.
    pub number: u32,
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<Named>,
    pub narrators: Vec<Named>,
    /// With its place in it.
    pub series: Option<(Named, i32)>,
    /// Best first.
    pub categories: Vec<Named>,
    pub description: String,
    pub language: String,
    pub currency: Currency,
    pub price_minor: i64,
    pub sale: Option<Sale>,
    pub duration_ms: i64,
    pub sold: i64,
    pub featured: bool,
    pub published_at: Timestamp,
}

/// How many made-up titles there are.
pub async fn count(db: &Db) -> Result<u64> {
    Ok(audiobooks::Entity::find().filter(audiobooks::Column::Slug.starts_with(MARK)).count(db.read()).await?)
}

/// Contributors by name, those who are new added.
pub async fn contributors(db: &Db, names: &[String]) -> Result<Vec<Named>> {
    let mut found = Vec::with_capacity(names.len());
    for some in names.chunks(BATCH) {
        let known = db.transaction(async |tx| contributors_named(&tx, some, tx.now()).await).await?;
        found.extend(in_order(some, &known));
    }
    Ok(found)
}

/// Series by name, those that are new added.
pub async fn series(db: &Db, names: &[String]) -> Result<Vec<Named>> {
    let mut found = Vec::with_capacity(names.len());
    for some in names.chunks(BATCH) {
        let known = db
            .transaction(async |tx| {
                let mut known = names::series(&tx, some).await?;
                let mut new = Vec::new();
                for name in some {
                    if !known.found.contains_key(name) {
                        let id = Uuid::now_v7();
                        new.push(series::ActiveModel {
                            id: Set(id),
                            slug: Set(known.taken.free(name)),
                            name: Set(name.clone()),
                            description: Set(String::new()),
                            created_at: Set(tx.now()),
                        });
                        known.found.insert(name.clone(), id);
                    }
                }
                if !new.is_empty() {
                    series::Entity::insert_many(new).exec_without_returning(&tx).await?;
                }
                Ok(known.found)
            })
            .await?;
        found.extend(in_order(some, &known));
    }
    Ok(found)
}

/// The shop's categories.
pub async fn categories(db: &Db) -> Result<Vec<Named>> {
    let rows = categories::Entity::find().all(db.read()).await?;
    Ok(rows.into_iter().map(|row| Named { id: row.id, name: row.name }).collect())
}

fn in_order(names: &[String], known: &HashMap<String, Uuid>) -> Vec<Named> {
    names.iter().filter_map(|name| Some(Named { id: *known.get(name)?, name: name.clone() })).collect()
}

/// Stores some titles, [`TOGETHER`] at most, all of them or none.
pub async fn titles(db: &Db, titles: &[TrialTitle]) -> Result<()> {
    db.transaction(async |tx| {
        let (mut rows, mut credits, mut shelves, mut words) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for title in titles {
            let id = Uuid::now_v7();
            rows.push(row(id, title, tx.now()));
            let people = title.authors.iter().map(|person| (person, ContributorRole::Author));
            let people = people.chain(title.narrators.iter().map(|person| (person, ContributorRole::Narrator)));
            for (position, (person, role)) in (0..).zip(people) {
                credits.push(audiobook_people::ActiveModel {
                    audiobook_id: Set(id),
                    person_id: Set(person.id),
                    role: Set(role),
                    position: Set(position),
                });
            }
            for (position, category) in (0..).zip(&title.categories) {
                shelves.push(audiobook_categories::ActiveModel {
                    audiobook_id: Set(id),
                    category_id: Set(category.id),
                    position: Set(position),
                });
            }
            words.push((id, indexed(title)));
        }
        audiobooks::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        audiobook_people::Entity::insert_many(credits).exec_without_returning(&tx).await?;
        audiobook_categories::Entity::insert_many(shelves).exec_without_returning(&tx).await?;
        indexing::store(&tx, words).await
    })
    .await
}

fn indexed(title: &TrialTitle) -> Indexed {
    let written = |people: &[Named]| people.iter().map(|person| person.name.clone()).collect::<Vec<_>>();
    let terms = weighted(&Source {
        title: &title.title,
        subtitle: title.subtitle.as_deref().unwrap_or_default(),
        authors: &written(&title.authors),
        narrators: &written(&title.narrators),
        series: title.series.as_ref().map_or("", |(series, _)| series.name.as_str()),
        categories: &written(&title.categories),
        description: &title.description,
    });
    let people = title.authors.iter().chain(&title.narrators);
    let mut names: Vec<_> = people.map(|person| (NameKind::Contributor, person.id, person.name.clone())).collect();
    names.extend(title.series.iter().map(|(series, _)| (NameKind::Series, series.id, series.name.clone())));
    Indexed { terms, names }
}

fn row(id: Uuid, title: &TrialTitle, now: Timestamp) -> audiobooks::ActiveModel {
    audiobooks::ActiveModel {
        id: Set(id),
        slug: Set(format!("{MARK}{}-{}", title.number, Slug::from_name(&title.title))),
        status: Set(Status::Published),
        title: Set(title.title.clone()),
        sort_title: Set(sort_title(&title.title)),
        subtitle: Set(title.subtitle.clone()),
        description: Set(title.description.clone()),
        language: Set(title.language.clone()),
        priced: Set(true),
        price_minor: Set(title.price_minor),
        currency: Set(title.currency.code().to_owned()),
        sale_price_minor: Set(title.sale.map(|sale| sale.minor)),
        sale_starts_at: Set(title.sale.and_then(|sale| sale.starts_at)),
        sale_ends_at: Set(title.sale.and_then(|sale| sale.ends_at)),
        // The only sale of a title is its own.
        reduced_minor: Set(title.sale.map(|sale| sale.minor)),
        reduced_starts_at: Set(title.sale.and_then(|sale| sale.starts_at)),
        reduced_ends_at: Set(title.sale.and_then(|sale| sale.ends_at)),
        licences_total: Set(None),
        licences_sold: Set(0),
        series_id: Set(title.series.as_ref().map(|(series, _)| series.id)),
        series_position: Set(title.series.as_ref().map(|(_, place)| *place)),
        duration_ms: Set(title.duration_ms),
        published_at: Set(Some(title.published_at)),
        publish_at: Set(None),
        publish_failure: Set(None),
        featured: Set(title.featured),
        text_rights: Set(TextRights::None),
        sample_start_ms: Set(0),
        sample_end_ms: Set(0),
        sample_key: Set(None),
        cover_key: Set(None),
        cover_made: Set(None),
        cover_source: Set(None),
        published_year: Set(None),
        publisher: Set(None),
        isbn: Set(None),
        filled_version: Set(None),
        sold_count: Set(title.sold),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}
