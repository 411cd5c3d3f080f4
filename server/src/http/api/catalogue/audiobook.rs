//! A title as it stands in lists.

use super::fields::{Members, Part};
use crate::http::api::values::{Amount, time};
use domain::catalog::covers::SIDES;
use domain::catalog::{AudiobookSummary, Link, Price};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A title as it stands in lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct Audiobook {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub id: Uuid,
    /// Its name in addresses.
    #[schema(example = "the-bell-at-north-rock")]
    pub slug: String,
    #[schema(example = "The Bell at North Rock")]
    pub title: String,
    #[schema(example = "A story of the sea")]
    pub subtitle: Option<String>,
    /// In their order on the cover.
    pub authors: Vec<Named>,
    pub narrators: Vec<Named>,
    /// Best first; at most three.
    pub categories: Vec<Named>,
    pub series: Option<PlaceInSeries>,
    pub price: TitlePrice,
    /// How long it takes to hear.
    #[schema(example = 16_200_000)]
    pub duration_ms: i64,
    /// A language tag (BCP 47), in lower case.
    #[schema(example = "en")]
    pub language: String,
    /// When it was first for sale; null before.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub published_at: Option<String>,
    pub cover: TitleCover,
    /// How many licences are left to sell; null when any number may be sold.
    #[schema(example = 12)]
    pub licences_left: Option<i32>,
    /// Null while nobody has rated it.
    pub rating: Option<TitleRating>,
}

/// A title, or the members of it that were asked for.
pub type AudiobookPart = Part<Audiobook>;

impl Members for Audiobook {
    const NAMES: &'static [&'static str] = &[
        "id",
        "slug",
        "title",
        "subtitle",
        "authors",
        "narrators",
        "categories",
        "series",
        "price",
        "duration_ms",
        "language",
        "published_at",
        "cover",
        "licences_left",
        "rating",
    ];
}

impl From<AudiobookSummary> for Audiobook {
    fn from(title: AudiobookSummary) -> Self {
        let cover = TitleCover::of(&title);
        let series = title.series.map(|place| PlaceInSeries { series: place.series.into(), position: place.position });
        let rating = title.rating.map(|rating| TitleRating { count: rating.count, mean_hundredths: rating.hundredths });
        Self {
            cover,
            series,
            rating,
            id: title.id,
            slug: title.slug,
            title: title.title,
            subtitle: title.subtitle,
            authors: named(title.authors),
            narrators: named(title.narrators),
            categories: named(title.categories),
            price: title.price.into(),
            duration_ms: title.duration_ms,
            language: title.language,
            published_at: title.published_at.map(time),
            licences_left: title.licences_left,
        }
    }
}

/// A name with an address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The name in addresses.
    #[schema(example = "ada-moss")]
    pub slug: String,
    #[schema(example = "Ada Moss")]
    pub name: String,
}

impl From<Link> for Named {
    fn from(link: Link) -> Self {
        Self { slug: link.slug, name: link.name }
    }
}

fn named(links: Vec<Link>) -> Vec<Named> {
    links.into_iter().map(Named::from).collect()
}

/// A place in a series.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceInSeries {
    pub series: Named,
    /// Counted from 1; null where the order does not matter.
    #[schema(example = 2)]
    pub position: Option<i32>,
}

/// What a title costs now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitlePrice {
    /// What is charged.
    pub now: Amount,
    /// The regular price.
    pub list: Amount,
    /// It costs less than it does otherwise.
    #[schema(example = false)]
    pub on_sale: bool,
    /// When the sale is over; null without one, and when nobody knows.
    #[schema(format = DateTime, example = "2026-12-01T00:00:00Z")]
    pub until: Option<String>,
}

impl From<Price> for TitlePrice {
    fn from(price: Price) -> Self {
        Self { on_sale: price.on_sale(), now: price.now.into(), list: price.list.into(), until: price.until.map(time) }
    }
}

/// What buyers think of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleRating {
    /// How many have rated it.
    #[schema(example = 12)]
    pub count: u32,
    /// The mean in hundredths of a star: 100 to 500.
    #[schema(example = 446)]
    pub mean_hundredths: u32,
}

/// The cover. Addresses are of the shop, begin with a slash, and change with the picture: what lies behind one may be kept
/// for ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleCover {
    /// There is a picture; else it is drawn from title and authors.
    #[schema(example = true)]
    pub picture: bool,
    /// In the usual size.
    #[schema(format = "uri-reference", example = "/covers/the-bell-at-north-rock?v=1795165200000")]
    pub address: String,
    pub sizes: Vec<CoverSize>,
}

/// A cover at a size.
#[derive(Debug, Serialize, ToSchema)]
pub struct CoverSize {
    /// The longer side, in pixels.
    #[schema(example = 640)]
    pub side: u32,
    #[schema(example = "image/webp")]
    pub media_type: &'static str,
    #[schema(format = "uri-reference", example = "/covers/the-bell-at-north-rock/640.webp?v=1795165200000")]
    pub address: String,
}

/// The sides in which drawn covers exist, besides the drawing itself.
const DRAWN: [u32; 2] = [256, 512];

impl TitleCover {
    fn of(title: &AudiobookSummary) -> Self {
        let at = |side, kind, media_type| CoverSize {
            side,
            media_type,
            address: app::paths::cover_size(&title.slug, title.cover.version, side, kind),
        };
        let picture = title.cover.uploaded;
        let sizes = if picture {
            SIDES.iter().flat_map(|side| [at(*side, "webp", "image/webp"), at(*side, "jpg", "image/jpeg")]).collect()
        } else {
            DRAWN.iter().map(|side| at(*side, "png", "image/png")).collect()
        };
        Self { picture, address: app::paths::cover_of(title), sizes }
    }
}
