//! A title as those see it who look after it: what may be changed, with its version.

use super::standing::{TextUse, TitleStatus};
use crate::http::api::conditional::versioned;
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::response::Response;
use domain::catalog::covers::{self, CoverSource, PictureOf};
use domain::catalog::{AudiobookForm, edit, publish, titles};
use domain::{Currency, Db, Money};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A title as those see it who look after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptTitle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "the-bell-at-north-rock")]
    slug: String,
    status: TitleStatus,
    /// Changes with what is written here, not with its status. The tag of the answer begins with it: give that as `If-Match`.
    #[schema(example = 3)]
    version: i32,
    #[schema(example = "The Bell at North Rock")]
    title: String,
    /// May be empty, as all text here.
    #[schema(example = "A story of the sea")]
    subtitle: String,
    #[schema(example = json!(["Ada Moss"]))]
    authors: Vec<String>,
    #[schema(example = json!(["Ben Oak"]))]
    narrators: Vec<String>,
    #[schema(example = "Bells")]
    series: String,
    #[schema(example = 2)]
    series_position: Option<i32>,
    #[schema(example = "A keeper, a lantern and a long winter.")]
    description: String,
    #[schema(example = "en")]
    language: String,
    #[schema(example = 2021)]
    year: Option<i32>,
    #[schema(example = "North Rock Press")]
    publisher: String,
    #[schema(example = "9783161484100")]
    isbn: String,
    /// ISO 4217: what its prices are in.
    #[schema(example = "USD", min_length = 3, max_length = 3)]
    currency: String,
    /// The regular price; null while nobody has set one.
    price: Option<Amount>,
    sale: Option<KeptSale>,
    /// How many licences may be sold in all, those that are sold included; null for any number.
    #[schema(example = 100)]
    licences: Option<i32>,
    /// Slugs, best first.
    #[schema(example = json!(["adventure"]))]
    categories: Vec<String>,
    text_rights: TextUse,
    sample: Option<SampleRange>,
    /// It stands on the home page.
    #[schema(example = false)]
    featured: bool,
    cover: KeptCover,
    /// What it lacks to be sold.
    #[schema(example = json!(["a price (0 for a free title)"]))]
    missing: Vec<String>,
    /// When it goes on sale by itself.
    #[schema(format = DateTime, example = "2026-12-24T06:00:00Z")]
    publish_at: Option<String>,
    /// Why it did not, in a sentence.
    #[schema(example = json!(null))]
    publish_failure: Option<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    updated_at: String,
}

/// A price for a while, of the title alone: sales of the whole shop stand elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptSale {
    price: Amount,
    /// Null for at once.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    starts_at: Option<String>,
    /// Null for never.
    #[schema(format = DateTime, example = "2026-12-01T00:00:00Z")]
    ends_at: Option<String>,
}

/// Where the sample lies in the title.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleRange {
    #[schema(minimum = 0, example = 60_000)]
    pub start_ms: i64,
    /// At most five minutes later.
    #[schema(minimum = 0, example = 180_000)]
    pub end_ms: i64,
}

/// The cover, as those see it who look after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptCover {
    source: KeptCoverSource,
    /// There is a picture whose sizes are being made.
    #[schema(example = false)]
    pending: bool,
    /// The recording has a picture, and it is not the cover now.
    #[schema(example = false)]
    in_recording: bool,
}

/// Where a cover comes from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeptCoverSource {
    Drawn,
    Uploaded,
    Embedded,
    Folder,
}

impl From<Option<CoverSource>> for KeptCoverSource {
    fn from(source: Option<CoverSource>) -> Self {
        match source {
            None => Self::Drawn,
            Some(CoverSource::Uploaded) => Self::Uploaded,
            Some(CoverSource::Embedded) => Self::Embedded,
            Some(CoverSource::Folder) => Self::Folder,
        }
    }
}

/// The title as it is now, with the tag of its version.
///
/// # Errors
/// 404 when there is none.
pub async fn answer(db: &Db, id: Uuid) -> Result<Response, Problem> {
    let kept = look(db, id).await?;
    versioned(kept.version, &kept)
}

/// The same for a title that was made just now.
///
/// # Errors
/// As [`answer`].
pub async fn created(db: &Db, id: Uuid) -> Result<Response, Problem> {
    let mut response = answer(db, id).await?;
    *response.status_mut() = StatusCode::CREATED;
    let at = HeaderValue::from_str(&format!("/api/v1/admin/audiobooks/{id}")).map_err(Problem::internal)?;
    response.headers_mut().insert(LOCATION, at);
    Ok(response)
}

async fn look(db: &Db, id: Uuid) -> Result<KeptTitle, Problem> {
    let form = edit::form(db, id).await?;
    let header = titles::title_header(db, id).await?;
    let cover = covers::view(db, PictureOf::Title(id)).await?;
    let sample = edit::sample_range(db.read(), id).await?;
    let missing = publish::missing(db, id).await?.into_iter().map(str::to_owned).collect();
    let sale = sale(&form, header.currency);
    Ok(KeptTitle {
        id,
        slug: header.slug,
        status: header.status.into(),
        version: form.version,
        title: form.title,
        subtitle: form.subtitle,
        authors: names(&form.authors),
        narrators: names(&form.narrators),
        series: form.series,
        series_position: form.series_position.parse().ok(),
        description: form.description,
        language: form.language,
        year: form.year.parse().ok(),
        publisher: form.publisher,
        isbn: form.isbn,
        currency: header.currency.to_string(),
        price: amount(&form.price, header.currency),
        sale,
        licences: form.licences.parse().ok(),
        categories: form.categories,
        text_rights: match form.text_rights.as_str() {
            "none" => TextUse::None,
            "download" => TextUse::Download,
            _ => TextUse::ReadAlong,
        },
        sample: sample.map(|(start_ms, end_ms)| SampleRange { start_ms, end_ms }),
        featured: form.featured,
        cover: KeptCover { pending: cover.pending(), in_recording: cover.in_recording, source: cover.source.into() },
        missing,
        publish_at: header.publish_at.map(time),
        publish_failure: header.publish_failure,
        updated_at: time(header.updated_at),
    })
}

/// Names as the form joins them.
fn names(joined: &str) -> Vec<String> {
    joined.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn amount(text: &str, currency: Currency) -> Option<Amount> {
    Money::parse(text, currency).ok().map(Amount::from)
}

fn sale(form: &AudiobookForm, currency: Currency) -> Option<KeptSale> {
    let price = amount(&form.sale_price, currency)?;
    // The form writes moments to the minute, in UTC.
    let moment = |text: &str| (!text.is_empty()).then(|| format!("{text}:00Z"));
    Some(KeptSale { price, starts_at: moment(&form.sale_starts), ends_at: moment(&form.sale_ends) })
}
