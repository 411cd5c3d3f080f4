//! `GET admin/audiobooks`: every title, whatever its status.

use super::standing::TitleStatus;
use crate::http::api::listed::{Cursor, Limit, linked};
use crate::http::api::openapi::{QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::insight::{Bounded, Lack, TitleFilter, TitleRow, TitleSort, TitleTab, title_walk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which titles.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskedTitles {
    /// Words of title, author, narrator or series.
    #[param(example = "bell")]
    text: Option<String>,
    /// Where they stand; all unless it is said.
    #[param(inline, example = "draft")]
    status: Option<Standing>,
    /// A category's slug.
    #[param(example = "adventure")]
    category: Option<String>,
    /// What they lack.
    #[param(inline, example = "price")]
    lacks: Option<Lacking>,
    /// Only what is sold for less at the moment.
    #[param(example = false)]
    reduced: Option<bool>,
    /// A language tag.
    #[param(example = "en")]
    language: Option<String>,
    /// The order; the newest first unless it is said.
    #[param(inline, example = "newest")]
    sort: Option<KeptOrder>,
    /// Items in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Where titles stand. `scheduled` are those that go on sale by themselves, or were to and could not; `attention` those of
/// which a step of production failed or waits for a person.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Draft,
    Scheduled,
    Published,
    Archived,
    Attention,
}

impl From<Standing> for TitleTab {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Draft => Self::Draft,
            Standing::Scheduled => Self::Scheduled,
            Standing::Published => Self::Published,
            Standing::Archived => Self::Archived,
            Standing::Attention => Self::Attention,
        }
    }
}

/// Something that a title needs and may lack.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lacking {
    Price,
    Description,
    Audio,
    Category,
    Author,
}

impl From<Lacking> for Lack {
    fn from(lacking: Lacking) -> Self {
        match lacking {
            Lacking::Price => Self::Price,
            Lacking::Description => Self::Description,
            Lacking::Audio => Self::Audio,
            Lacking::Category => Self::Category,
            Lacking::Author => Self::Author,
        }
    }
}

/// An order of the admin's list.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeptOrder {
    Newest,
    Title,
    Cheapest,
    Dearest,
    Sold,
    Changed,
}

impl From<KeptOrder> for TitleSort {
    fn from(order: KeptOrder) -> Self {
        match order {
            KeptOrder::Newest => Self::Newest,
            KeptOrder::Title => Self::Title,
            KeptOrder::Cheapest => Self::Cheapest,
            KeptOrder::Dearest => Self::Dearest,
            KeptOrder::Sold => Self::Sold,
            KeptOrder::Changed => Self::Changed,
        }
    }
}

/// A part of the titles that fit.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptTitles {
    items: Vec<KeptTitleRow>,
    /// Give it as `cursor` for what comes next, with the other parameters as they were. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    next: Option<String>,
    /// How many titles fit, counted up to 1,000.
    #[schema(example = 12, maximum = 1000)]
    total: u64,
    /// There are more than were counted.
    #[schema(example = false)]
    more: bool,
}

/// A title in the admin's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptTitleRow {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "the-bell-at-north-rock")]
    slug: String,
    #[schema(example = "The Bell at North Rock")]
    title: String,
    #[schema(example = json!(["Ada Moss"]))]
    authors: Vec<String>,
    status: TitleStatus,
    /// The regular price; null while nobody has set one.
    price: Option<Amount>,
    /// What is asked now, where that is less.
    sale: Option<Amount>,
    #[schema(example = 16_200_000)]
    duration_ms: i64,
    /// How often it was sold.
    #[schema(example = 41)]
    sold: i64,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    updated_at: String,
    /// When it goes on sale by itself, or was to.
    #[schema(format = DateTime, example = "2026-12-24T06:00:00Z")]
    publish_at: Option<String>,
    /// It was to and could not.
    #[schema(example = false)]
    publish_failed: bool,
}

impl From<TitleRow> for KeptTitleRow {
    fn from(row: TitleRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            authors: row.authors,
            status: row.status.into(),
            price: row.price.map(Amount::from),
            sale: row.sale.map(Amount::from),
            duration_ms: row.duration_ms,
            sold: row.sold,
            updated_at: time(row.updated_at),
            publish_at: row.publish_at.map(time),
            publish_failed: row.publish_failed,
        }
    }
}

/// All titles
///
/// Whatever their status, narrowed by whatever is given.
#[utoipa::path(
    get,
    path = "/admin/audiobooks",
    operation_id = "list_kept_audiobooks",
    tag = "catalogue",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(AskedTitles),
    responses(
        (status = 200, description = "A part of the list.", body = KeptTitles),
        Unchanged,
        TokenProblems,
        QueryProblems
    )
)]
pub async fn list(
    with: Permitted<Titles>,
    uri: OriginalUri,
    Query(asked): Query<AskedTitles>,
) -> Result<Response, Problem> {
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.unwrap_or_default().0 };
    let filter = TitleFilter {
        text: asked.text.unwrap_or_default(),
        tab: asked.status.map(TitleTab::from).unwrap_or_default(),
        category: asked.category.unwrap_or_default(),
        lacks: asked.lacks.map(Lack::from),
        reduced: asked.reduced.unwrap_or_default(),
        language: asked.language.unwrap_or_default(),
    };
    let sort = asked.sort.map(TitleSort::from).unwrap_or_default();
    let (found, total) = title_walk::walk(&with.db, &filter, sort, walk).await?;
    let next = found.next.map(|place| Cursor::of(&place).as_str().to_owned());
    let list = KeptTitles {
        items: found.items.into_iter().map(KeptTitleRow::from).collect(),
        next: next.clone(),
        total: total.0.min(Bounded::MOST),
        more: total.more(),
    };
    Ok(linked(&list, next.as_deref(), &uri))
}
