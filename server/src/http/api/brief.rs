//! Titles as they stand in what is about something else: a cart, an order, a library.

use super::params::Which;
use super::problem::Problem;
use super::values::{Amount, time};
use domain::catalog::{AudiobookSummary, Link, titles};
use domain::pricing::Price;
use domain::{Db, Slug};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A title, in short. `audiobooks/{id or slug}` says everything of it.
#[derive(Serialize, ToSchema)]
pub struct BriefTitle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    /// Its name in addresses.
    #[schema(example = "the-snow-queen")]
    slug: String,
    #[schema(example = "The Snow Queen")]
    title: String,
    #[schema(example = "A tale in seven stories")]
    subtitle: Option<String>,
    #[schema(example = json!(["Hans Christian Andersen"]))]
    authors: Vec<String>,
    #[schema(example = json!(["Ben Oak"]))]
    narrators: Vec<String>,
    #[schema(example = 4_200_000)]
    duration_ms: i64,
    /// BCP 47.
    #[schema(example = "en")]
    language: String,
}

impl From<&AudiobookSummary> for BriefTitle {
    fn from(title: &AudiobookSummary) -> Self {
        let names = |links: &[Link]| links.iter().map(|link| link.name.clone()).collect();
        Self {
            id: title.id,
            slug: title.slug.clone(),
            title: title.title.clone(),
            subtitle: title.subtitle.clone(),
            authors: names(&title.authors),
            narrators: names(&title.narrators),
            duration_ms: title.duration_ms,
            language: title.language.clone(),
        }
    }
}

/// What a title costs now.
#[derive(Serialize, ToSchema)]
pub struct CurrentPrice {
    /// The regular price.
    list: Amount,
    /// What is charged: that of a sale while one runs.
    now: Amount,
    /// When the sale is over, where one runs and its end is known.
    #[schema(format = DateTime, example = "2026-12-24T00:00:00Z")]
    until: Option<String>,
}

impl From<Price> for CurrentPrice {
    fn from(price: Price) -> Self {
        Self { list: price.list.into(), now: price.now.into(), until: price.until.map(time) }
    }
}

/// The address of a title that is named either way.
///
/// # Errors
/// 404 when there is no title with this id.
pub async fn slug_of(db: &Db, which: &Which) -> Result<String, Problem> {
    match which {
        Which::Slug(slug) => Ok(Slug::canonical(slug.as_str())),
        Which::Id(id) => Ok(titles::slug_of(db, *id).await?),
    }
}
