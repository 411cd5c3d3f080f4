//! What the shop sells, as shoppers and admins see it.

#[cfg(feature = "ssr")]
mod associations;
#[cfg(feature = "ssr")]
pub mod browse;
#[cfg(feature = "ssr")]
pub mod bulk;
#[cfg(feature = "ssr")]
mod bundled;
#[cfg(feature = "ssr")]
pub mod categories;
#[cfg(feature = "ssr")]
pub mod contributors;
pub mod covers;
#[cfg(feature = "ssr")]
pub mod directory;
pub mod discover;
#[cfg(feature = "ssr")]
pub mod drafts;
#[cfg(feature = "ssr")]
pub mod edit;
#[cfg(feature = "ssr")]
mod folding;
#[cfg(feature = "ssr")]
pub(crate) mod form;
#[cfg(feature = "ssr")]
mod indexing;
#[cfg(feature = "ssr")]
mod licences;
#[cfg(feature = "ssr")]
mod links;
#[cfg(feature = "ssr")]
mod names;
#[cfg(feature = "ssr")]
pub(crate) mod pricing;
#[cfg(feature = "ssr")]
pub mod product_page;
pub mod proposal;
#[cfg(feature = "ssr")]
pub mod publish;
mod query;
mod rating;
#[cfg(feature = "ssr")]
mod redirects;
#[cfg(feature = "ssr")]
pub mod reindex;
#[cfg(feature = "ssr")]
mod said;
#[cfg(feature = "ssr")]
pub(crate) mod sample_range;
#[cfg(feature = "ssr")]
mod sampled;
#[cfg(feature = "ssr")]
pub mod scheduled;
#[cfg(feature = "ssr")]
pub mod scheduling;
#[cfg(feature = "ssr")]
pub(crate) mod search;
#[cfg(feature = "ssr")]
pub mod search_terms;
#[cfg(feature = "ssr")]
pub mod seed;
#[cfg(feature = "ssr")]
pub mod seed_many;
#[cfg(feature = "ssr")]
pub mod series;
#[cfg(feature = "ssr")]
mod shelves;
#[cfg(feature = "ssr")]
mod similar;
pub mod suggest;
#[cfg(feature = "ssr")]
pub(crate) mod summaries;
#[cfg(feature = "ssr")]
pub mod syndication;
#[cfg(feature = "ssr")]
pub mod titles;
#[cfg(feature = "ssr")]
mod window;

#[cfg(feature = "ssr")]
pub(crate) use form::isbn;
pub use proposal::{CategoryReason, Evidence, Proposal};
pub use query::{Browse, BrowseForm, Filters, Length, PriceRange, Sort};
pub use rating::{Rating, stars};
#[cfg(feature = "ssr")]
pub use redirects::RedirectKind;

pub use crate::pricing::Price;

use crate::transcript::{Chapter, Segment};
use crate::{Page, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a title stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Only admins see it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "draft"))]
    Draft,
    /// For sale.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "published"))]
    Published,
    /// No longer for sale; those who bought it keep it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "archived"))]
    Archived,
}

/// What a buyer may do with the text of a title. Governs transcript, search and exports alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum TextRights {
    /// The text stays inside.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "none"))]
    None,
    /// Shown while listening.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "read-along"))]
    ReadAlong,
    /// Shown, and exported as TXT, VTT and SRT.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "download"))]
    Download,
}

impl TextRights {
    /// Whether whoever may listen may read what is said.
    pub fn may_be_read(self) -> bool {
        self != Self::None
    }
}

/// What a person did for a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum ContributorRole {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "author"))]
    Author,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "narrator"))]
    Narrator,
}

/// A name with an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub slug: String,
    pub name: String,
}

/// A title's place in a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesPlace {
    pub series: Link,
    /// Counted from 1; `None` when the order does not matter.
    pub position: Option<i32>,
}

/// A title as it stands in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudiobookSummary {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub authors: Vec<Link>,
    pub narrators: Vec<Link>,
    pub categories: Vec<Link>,
    pub series: Option<SeriesPlace>,
    pub price: Price,
    /// Length in milliseconds.
    pub duration_ms: i64,
    pub language: String,
    pub published_at: Option<Timestamp>,
    pub cover: Cover,
    /// How many licences are left to sell; `None` when any number may be sold.
    pub licences_left: Option<i32>,
    /// None while nobody has rated it.
    #[serde(default)]
    pub rating: Option<Rating>,
}

impl AudiobookSummary {
    /// Whether no licence is left to sell.
    pub fn sold_out(&self) -> bool {
        self.licences_left == Some(0)
    }
}

/// Which cover a title has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// There is a picture, in sizes; else it is drawn from title and authors.
    pub uploaded: bool,
    /// Changes with the title, and so with the cover.
    pub version: Timestamp,
}

/// A title as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudiobookDetail {
    pub summary: AudiobookSummary,
    /// Paragraphs separated by blank lines.
    pub description: String,
    pub status: Status,
    pub text_rights: TextRights,
    pub edition: Edition,
    /// Where the sample lies in the book, in milliseconds; `None` when it has none.
    pub sample: Option<Sample>,
    pub chapters: Vec<Chapter>,
    /// The bundles that it can be bought in now.
    #[serde(default)]
    pub bundles: Vec<BundleOffer>,
}

/// Several titles at one price, as the page of one of them offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleOffer {
    pub id: Uuid,
    pub name: String,
    /// The other titles.
    pub others: Vec<AudiobookSummary>,
    /// What all of them cost together.
    pub price: crate::Money,
    /// How much less that is than their prices of now.
    pub saves: crate::Money,
    /// When it is over; `None` when nobody knows.
    pub until: Option<Timestamp>,
}

/// When and by whom a recording was published, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub year: Option<i32>,
    pub publisher: Option<String>,
    /// Digits and a last X, without hyphens.
    pub isbn: Option<String>,
}

/// The part of a book that anyone may hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub start_ms: i64,
    pub end_ms: i64,
    /// Changes with the title, and so with the audio of the sample.
    pub version: Timestamp,
    /// What is said in it, times from the start of the book; empty when the text rights keep it inside.
    pub segments: Vec<Segment>,
}

/// A category and how many published titles it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCount {
    pub category: Link,
    pub description: String,
    /// Counted up to a thousand; 1,001 for more.
    pub titles: u64,
}

/// A category as admins keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRow {
    pub id: Uuid,
    pub slug: String,
    /// Titles in it, whatever their status.
    pub titles: u64,
    pub form: CategoryForm,
}

/// The form of a category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryForm {
    pub name: String,
    pub description: String,
    /// Words that speak for it, separated by commas, for the writer that needs no model.
    pub keywords: String,
}

/// An author or narrator, as admins look after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributorRow {
    pub id: Uuid,
    pub slug: String,
    /// Titles that they wrote, whatever their status.
    pub wrote: u64,
    /// Titles that they read.
    pub reads: u64,
    /// They have a page for shoppers: one of the titles is published or was.
    pub in_shop: bool,
    pub form: ContributorForm,
}

/// The form of an author or narrator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributorForm {
    pub name: String,
    /// A biography.
    pub about: String,
}

/// A page of a list, and what was made of the words that were looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its total is counted up to a thousand, and nothing beyond is shown.
    pub page: Page<AudiobookSummary>,
    /// There are more titles than were counted.
    pub more: bool,
    pub correction: Option<Corrected>,
}

/// Words that somebody probably meant, because no title has those that were typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    pub text: String,
    /// The list shows what they find; else they are only offered.
    pub shown: bool,
}

/// What a name that is found while somebody types belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum NameKind {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "contributor"))]
    Contributor,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "series"))]
    Series,
}

/// A series, as admins look after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesRow {
    pub id: Uuid,
    pub slug: String,
    /// Titles in it, whatever their status.
    pub titles: u64,
    /// It has a page for shoppers: one of the titles is published or was.
    pub in_shop: bool,
    pub form: SeriesForm,
}

/// The form of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesForm {
    pub name: String,
    /// A description.
    pub about: String,
}

/// A title as it stands in the order of its series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesTitle {
    pub id: Uuid,
    pub title: String,
    /// Counted from 1; `None` when it has none.
    pub number: Option<i32>,
    pub status: Status,
}

/// What the home page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// What anyone can hear at once; absent where no sample can be heard and read.
    pub showcase: Option<Showcase>,
    pub featured: Vec<AudiobookSummary>,
    pub newest: Vec<AudiobookSummary>,
    pub best_selling: Vec<AudiobookSummary>,
    pub categories: Vec<CategoryCount>,
}

/// A title with a sample that can be heard and read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Showcase {
    pub summary: AudiobookSummary,
    pub sample: Sample,
}

/// A person or series with their titles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    pub name: String,
    /// A biography or a description; may be empty.
    pub about: String,
    /// When the portrait of a person last changed; none without one.
    pub portrait: Option<Timestamp>,
    pub titles: Vec<AudiobookSummary>,
}

/// A title as the admin's form holds it. Prices are text, as typed (see [`Money::parse`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudiobookForm {
    pub title: String,
    pub subtitle: String,
    /// Names separated by commas.
    pub authors: String,
    /// Names separated by commas.
    pub narrators: String,
    pub series: String,
    pub series_position: String,
    pub description: String,
    pub language: String,
    /// When the recording was published: four digits, or empty.
    #[serde(default)]
    pub year: String,
    #[serde(default)]
    pub publisher: String,
    /// With or without hyphens; may be empty.
    #[serde(default)]
    pub isbn: String,
    pub price: String,
    /// Empty for no sale.
    pub sale_price: String,
    /// When the sale begins, in UTC: `2026-11-20T09:30`. Empty for at once.
    #[serde(default)]
    pub sale_starts: String,
    /// When the sale is over, likewise. Empty for never.
    #[serde(default)]
    pub sale_ends: String,
    /// How many licences may be sold in all, those that are sold included. Empty for any number.
    #[serde(default)]
    pub licences: String,
    /// Category slugs, best first; at most three.
    pub categories: Vec<String>,
    /// `none`, `read-along` or `download`.
    pub text_rights: String,
    /// In seconds from the start of the book.
    pub sample_start: String,
    pub sample_end: String,
    /// A box that is not ticked is not sent.
    #[serde(default)]
    pub featured: bool,
    /// The version that was edited: saving over a newer one is refused.
    pub version: i32,
}
