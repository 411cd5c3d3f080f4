//! A title as its page shows it.

use super::audiobook::{Audiobook, Named, PlaceInSeries, TitleCover, TitlePrice, TitleRating};
use super::fields::{Members, Part};
use super::standing::{Available, TextUse, TitleStatus};
use crate::http::api::values::{Amount, time};
use domain::catalog::{AudiobookDetail, AudiobookSummary, BundleOffer, Sample};
use domain::ordering::Availability;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A title as its page shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub id: Uuid,
    /// Its name in addresses.
    #[schema(example = "the-bell-at-north-rock")]
    pub slug: String,
    #[schema(example = "The Bell at North Rock")]
    pub title: String,
    #[schema(example = "A story of the sea")]
    pub subtitle: Option<String>,
    /// Paragraphs, with empty lines between them.
    #[schema(example = "A keeper, a lantern and a long winter.")]
    pub description: String,
    /// In their order on the cover.
    pub authors: Vec<Named>,
    pub narrators: Vec<Named>,
    /// Best first; at most three.
    pub categories: Vec<Named>,
    pub series: Option<PlaceInSeries>,
    pub price: TitlePrice,
    /// The bundles that it can be bought in now.
    pub bundles: Vec<Bundle>,
    /// Whether it is for whoever asks to buy.
    pub availability: Available,
    /// How many licences are left to sell; null when any number may be sold.
    #[schema(example = 12)]
    pub licences_left: Option<i32>,
    /// How long it takes to hear.
    #[schema(example = 16_200_000)]
    pub duration_ms: i64,
    #[schema(example = 14)]
    pub chapters_count: usize,
    /// A language tag (BCP 47), in lower case.
    #[schema(example = "en")]
    pub language: String,
    /// When this recording was published anywhere, where that is known.
    #[schema(example = 2021)]
    pub year: Option<i32>,
    #[schema(example = "North Rock Press")]
    pub publisher: Option<String>,
    /// Without hyphens.
    #[schema(example = "9783161484100")]
    pub isbn: Option<String>,
    /// When it was first for sale here; null before.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub published_at: Option<String>,
    pub cover: TitleCover,
    /// Null for a title without one.
    pub sample: Option<TitleSample>,
    pub text_rights: TextUse,
    /// Null while nobody has rated it.
    pub rating: Option<TitleRating>,
    pub status: TitleStatus,
    /// More like this.
    pub similar: Vec<Audiobook>,
    /// For admins who look after titles: the version of what they may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 3)]
    pub version: Option<i32>,
}

/// A title, or the members of it that were asked for.
pub type ProductPart = Part<Product>;

impl Members for Product {
    const NAMES: &'static [&'static str] = &[
        "id",
        "slug",
        "title",
        "subtitle",
        "description",
        "authors",
        "narrators",
        "categories",
        "series",
        "price",
        "bundles",
        "availability",
        "licences_left",
        "duration_ms",
        "chapters_count",
        "language",
        "year",
        "publisher",
        "isbn",
        "published_at",
        "cover",
        "sample",
        "text_rights",
        "rating",
        "status",
        "similar",
        "version",
    ];
}

impl Product {
    pub fn new(detail: AudiobookDetail, similar: Vec<AudiobookSummary>, availability: Availability) -> Self {
        let sample = detail.sample.map(|sample| TitleSample::of(&detail.summary.slug, sample));
        let title = Audiobook::from(detail.summary);
        Self {
            id: title.id,
            slug: title.slug,
            title: title.title,
            subtitle: title.subtitle,
            description: detail.description,
            authors: title.authors,
            narrators: title.narrators,
            categories: title.categories,
            series: title.series,
            price: title.price,
            bundles: detail.bundles.into_iter().map(Bundle::from).collect(),
            availability: availability.into(),
            licences_left: title.licences_left,
            duration_ms: title.duration_ms,
            chapters_count: detail.chapters.len(),
            language: title.language,
            year: detail.edition.year,
            publisher: detail.edition.publisher,
            isbn: detail.edition.isbn,
            published_at: title.published_at,
            cover: title.cover,
            sample,
            text_rights: detail.text_rights.into(),
            rating: title.rating,
            status: detail.status.into(),
            similar: similar.into_iter().map(Audiobook::from).collect(),
            version: None,
        }
    }
}

/// Several titles at one price.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bundle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub id: Uuid,
    #[schema(example = "Three bells")]
    pub name: String,
    /// The other titles.
    pub others: Vec<Audiobook>,
    /// What all of them cost together.
    pub price: Amount,
    /// How much less that is than their prices of now.
    pub saves: Amount,
    /// When it is over; null when nobody knows.
    #[schema(format = DateTime, example = "2026-12-01T00:00:00Z")]
    pub until: Option<String>,
}

impl From<BundleOffer> for Bundle {
    fn from(bundle: BundleOffer) -> Self {
        Self {
            id: bundle.id,
            name: bundle.name,
            others: bundle.others.into_iter().map(Audiobook::from).collect(),
            price: bundle.price.into(),
            saves: bundle.saves.into(),
            until: bundle.until.map(time),
        }
    }
}

/// The part of a title that anybody may hear.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleSample {
    /// Where it begins in the title.
    #[schema(example = 60_000)]
    pub start_ms: i64,
    #[schema(example = 180_000)]
    pub end_ms: i64,
    /// Its sound.
    #[schema(format = "uri-reference", example = "/samples/the-bell-at-north-rock?v=1795165200000")]
    pub address: String,
    /// What is said in it; empty where the text stays inside.
    pub segments: Vec<SampleSegment>,
}

/// A sentence or so of what is said.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleSegment {
    /// From the start of the title.
    #[schema(example = 60_000)]
    pub start_ms: i64,
    #[schema(example = 64_500)]
    pub end_ms: i64,
    #[schema(example = "Once there was a bell.")]
    pub text: String,
}

impl TitleSample {
    fn of(slug: &str, sample: Sample) -> Self {
        let segments = sample.segments.into_iter();
        Self {
            start_ms: sample.start_ms,
            end_ms: sample.end_ms,
            address: app::paths::sample(slug, sample.version),
            segments: segments
                .map(|segment| SampleSegment { start_ms: segment.start_ms, end_ms: segment.end_ms, text: segment.text })
                .collect(),
        }
    }
}
