//! Filling a shop from a list, as often as one likes: everything is known by its slug.

use super::form::Sale;
use super::{TextRights, associations, drafts};
use crate::entities::{audiobooks, categories, people, series};
use crate::pricing::reduced;
use crate::{Currency, Db, Result, Timestamp};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

pub use super::form::Sale as SeedSale;

/// A category of the shop.
#[derive(Clone, Debug, Default)]
pub struct SeedCategory {
    pub slug: String,
    pub name: String,
    pub description: String,
    /// Words that speak for the category, separated by commas.
    pub keywords: String,
    /// Place in the shop's list.
    pub position: i32,
}

/// A title as a list describes it.
#[derive(Clone, Debug)]
pub struct SeedAudiobook {
    pub slug: String,
    pub title: String,
    pub subtitle: Option<String>,
    /// Names, in their order on the cover.
    pub authors: Vec<String>,
    pub narrators: Vec<String>,
    /// Name and place.
    pub series: Option<(String, Option<i32>)>,
    pub description: String,
    pub language: String,
    pub currency: Currency,
    /// In minor units; 0 for a free title.
    pub price_minor: i64,
    pub sale: Option<Sale>,
    /// How many may be sold; `None` for any number.
    pub licences: Option<i32>,
    /// Slugs, best first; at most three.
    pub categories: Vec<String>,
    pub text_rights: TextRights,
    pub featured: bool,
    /// The date it is to carry once published; `None` for the moment when it is.
    pub published_at: Option<Timestamp>,
}

/// Adds a category or brings it up to date.
pub async fn upsert_category(db: &Db, seed: &SeedCategory) -> Result<Uuid> {
    db.transaction(async |tx| {
        let known = categories::Entity::find().filter(categories::Column::Slug.eq(&seed.slug)).one(&tx).await?;
        let id = known.as_ref().map_or_else(Uuid::now_v7, |category| category.id);
        let row = categories::ActiveModel {
            id: Set(id),
            slug: Set(seed.slug.clone()),
            name: Set(seed.name.clone()),
            description: Set(seed.description.clone()),
            keywords: Set(seed.keywords.clone()),
            position: Set(seed.position),
        };
        match known {
            Some(_) => drop(row.update(&tx).await?),
            None => drop(categories::Entity::insert(row).exec_without_returning(&tx).await?),
        }
        Ok(id)
    })
    .await
}

/// Adds a person or brings the biography up to date. The slug follows from the name.
pub async fn upsert_contributor(db: &Db, name: &str, bio: &str) -> Result<Uuid> {
    db.transaction(async |tx| {
        let known = associations::contributors_named(&tx, &[name.to_owned()], db.now()).await?;
        let id = *known.get(name).ok_or(crate::Error::NotFound("person"))?;
        let change = people::ActiveModel {
            id: Set(id),
            name: Set(name.to_owned()),
            bio: Set(bio.to_owned()),
            ..Default::default()
        };
        change.update(&tx).await?;
        Ok(id)
    })
    .await
}

/// Adds a series or brings its description up to date. The slug follows from the name.
pub async fn upsert_series(db: &Db, name: &str, description: &str) -> Result<Uuid> {
    db.transaction(async |tx| {
        let id = associations::series_named(&tx, name, db.now()).await?;
        let change = series::ActiveModel {
            id: Set(id),
            name: Set(name.to_owned()),
            description: Set(description.to_owned()),
            ..Default::default()
        };
        change.update(&tx).await?;
        Ok(id)
    })
    .await
}

/// Adds a title as a draft, or brings it up to date as long as no admin has saved it: what a person wrote stays. Status,
/// audio, cover and sample are left as they are. Says whether the title is new.
///
/// # Errors
/// [`crate::Error::Invalid`] when a category is unknown.
pub async fn upsert_audiobook(db: &Db, seed: &SeedAudiobook) -> Result<(Uuid, bool)> {
    db.transaction(async |tx| {
        let now = tx.now();
        let known = audiobooks::Entity::find().filter(audiobooks::Column::Slug.eq(&seed.slug)).one(&tx).await?;
        if let Some(title) = known.as_ref().filter(|title| title.version > 1) {
            return Ok((title.id, false));
        }
        let series_id = match &seed.series {
            Some((name, _)) => Some(associations::series_named(&tx, name, now).await?),
            None => None,
        };
        let is_new = known.is_none();
        let (id, mut row) = match known {
            Some(title) => (title.id, title.into_active_model()),
            None => {
                let id = Uuid::now_v7();
                let mut row = drafts::row(&tx, &seed.title, seed.currency, now).await?;
                row.id = Set(id);
                row.slug = Set(seed.slug.clone());
                row.published_at = Set(seed.published_at);
                (id, row)
            }
        };
        row.title = Set(seed.title.clone());
        row.sort_title = Set(super::search_terms::sort_title(&seed.title));
        row.subtitle = Set(seed.subtitle.clone());
        row.description = Set(seed.description.clone());
        row.language = Set(seed.language.clone());
        row.currency = Set(seed.currency.code().to_owned());
        row.priced = Set(true);
        row.price_minor = Set(seed.price_minor);
        row.sale_price_minor = Set(seed.sale.map(|sale| sale.minor));
        row.sale_starts_at = Set(seed.sale.and_then(|sale| sale.starts_at));
        row.sale_ends_at = Set(seed.sale.and_then(|sale| sale.ends_at));
        row.licences_total = Set(seed.licences);
        row.series_id = Set(series_id);
        row.series_position = Set(seed.series.as_ref().and_then(|(_, position)| *position));
        row.text_rights = Set(seed.text_rights);
        row.featured = Set(seed.featured);
        if is_new {
            audiobooks::Entity::insert(row).exec_without_returning(&tx).await?;
        } else {
            row.update(&tx).await?;
        }
        associations::set_contributors(&tx, id, &seed.authors, &seed.narrators, now).await?;
        associations::set_categories(&tx, id, &seed.categories).await?;
        reduced::keep(&tx, &[id]).await?;
        associations::reindex(&tx, id).await?;
        Ok((id, is_new))
    })
    .await
}
