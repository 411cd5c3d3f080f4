//! How admins change a title.

use super::form::{ValidatedTitle, moment_text, text_rights_text};
use super::sample_range::{check_sample, seconds_text};
use super::titles::{by_id, currency_of};
use super::{AudiobookForm, Link, Status, associations, publish, summaries};
use crate::audit::{self, Action, Entry};
use crate::entities::{audiobooks, series};
use crate::pricing::reduced;
use crate::{Db, Error, Money, Result, Slug, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// What the admin's form shows.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn form(db: &Db, id: Uuid) -> Result<AudiobookForm> {
    form_in(db.read(), id).await
}

/// As [`form`], within a transaction or without.
pub(crate) async fn form_in(db: &impl ConnectionTrait, id: Uuid) -> Result<AudiobookForm> {
    let title = by_id(db, id).await?;
    let (authors, narrators) = summaries::contributors_of(db, &[id]).await?.remove(&id).unwrap_or_default();
    let categories = summaries::categories_of(db, &[id]).await?.remove(&id).unwrap_or_default();
    let series = match title.series_id {
        Some(id) => series::Entity::find_by_id(id).one(db).await?.map(|series| series.name),
        None => None,
    };
    let currency = currency_of(&title)?;
    let amount = |minor: i64| Money::new(minor, currency).decimal();
    let names = |people: Vec<Link>| people.into_iter().map(|person| person.name).collect::<Vec<_>>().join(", ");
    let has_sample = title.sample_end_ms > title.sample_start_ms;
    let sample_at = |ms: i64| if has_sample { seconds_text(ms) } else { String::new() };
    Ok(AudiobookForm {
        subtitle: title.subtitle.unwrap_or_default(),
        authors: names(authors),
        narrators: names(narrators),
        series: series.unwrap_or_default(),
        series_position: title.series_position.map(|position| position.to_string()).unwrap_or_default(),
        price: if title.priced { amount(title.price_minor) } else { String::new() },
        sale_price: title.sale_price_minor.map(amount).unwrap_or_default(),
        sale_starts: moment_text(title.sale_starts_at),
        sale_ends: moment_text(title.sale_ends_at),
        licences: title.licences_total.map(|total| total.to_string()).unwrap_or_default(),
        categories: categories.into_iter().map(|category| category.slug).collect(),
        text_rights: text_rights_text(title.text_rights).to_owned(),
        sample_start: sample_at(title.sample_start_ms),
        sample_end: sample_at(title.sample_end_ms),
        title: title.title,
        description: title.description,
        language: title.language,
        year: title.published_year.map(|year| year.to_string()).unwrap_or_default(),
        publisher: title.publisher.unwrap_or_default(),
        isbn: title.isbn.unwrap_or_default(),
        featured: title.featured,
        version: title.version,
    })
}

/// What came of saving a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// The new version.
    pub version: i32,
    /// The sample lies elsewhere now, and its audio is gone.
    pub sample_moved: bool,
}

/// Saves the form over the version that it was opened at, and says what came of it. People and a series that the shop
/// does not know are added. While a title was never published, its address follows its name. Another place for the sample
/// takes the old sample away until the caller has a new one cut.
///
/// # Errors
/// [`Error::Invalid`] with what to do, [`Error::Conflict`] when somebody else saved in between, [`Error::NotFound`].
pub(crate) async fn save(tx: &Tx, id: Uuid, form: &AudiobookForm) -> Result<Saved> {
    let now = tx.now();
    let title = by_id(tx, id).await?;
    if title.version != form.version {
        return Err(stale());
    }
    let filled = ValidatedTitle::read(form, currency_of(&title)?, title.duration_ms)?;
    let series_id = match &filled.series {
        Some(name) => Some(associations::series_named(tx, name, now).await?),
        None => None,
    };
    let slug = match title.published_at {
        None if Slug::from_name(&filled.title) != Slug::from_name(&title.title) => {
            associations::free_slug(tx, &filled.title, Some(id)).await?
        }
        _ => title.slug.clone(),
    };
    let (sample_start_ms, sample_end_ms) = filled.sample.unwrap_or((title.sample_start_ms, title.sample_end_ms));
    let same_sample = (sample_start_ms, sample_end_ms) == (title.sample_start_ms, title.sample_end_ms);
    if !same_sample {
        check_sample((sample_start_ms, sample_end_ms), title.duration_ms)?;
    }
    let details = json!({
        "title": &filled.title,
        "version": form.version + 1,
        "changed": changed(&title, &filled, series_id, same_sample),
    });

    use audiobooks::Column;
    let saved = audiobooks::Entity::update_many()
        .col_expr(Column::Slug, Expr::val(slug))
        .col_expr(Column::SortTitle, Expr::val(super::search_terms::sort_title(&filled.title)))
        .col_expr(Column::Title, Expr::val(filled.title))
        .col_expr(Column::Subtitle, Expr::val(filled.subtitle))
        .col_expr(Column::Description, Expr::val(filled.description))
        .col_expr(Column::Language, Expr::val(filled.language))
        .col_expr(Column::PublishedYear, Expr::val(filled.edition.year))
        .col_expr(Column::Publisher, Expr::val(filled.edition.publisher))
        .col_expr(Column::Isbn, Expr::val(filled.edition.isbn))
        .col_expr(Column::Priced, Expr::val(filled.price_minor.is_some()))
        .col_expr(Column::PriceMinor, Expr::val(filled.price_minor.unwrap_or(0)))
        .col_expr(Column::SalePriceMinor, Expr::val(filled.sale.map(|sale| sale.minor)))
        .col_expr(Column::SaleStartsAt, Expr::val(filled.sale.and_then(|sale| sale.starts_at)))
        .col_expr(Column::SaleEndsAt, Expr::val(filled.sale.and_then(|sale| sale.ends_at)))
        .col_expr(Column::LicencesTotal, Expr::val(filled.licences))
        .col_expr(Column::SeriesId, Expr::val(series_id))
        .col_expr(Column::SeriesPosition, Expr::val(filled.series_position))
        .col_expr(Column::Featured, Expr::val(filled.featured))
        .col_expr(Column::TextRights, Expr::val(text_rights_text(filled.text_rights)))
        .col_expr(Column::SampleStartMs, Expr::val(sample_start_ms))
        .col_expr(Column::SampleEndMs, Expr::val(sample_end_ms))
        .col_expr(Column::SampleKey, Expr::val(title.sample_key.filter(|_| same_sample)))
        .col_expr(Column::Version, Expr::val(form.version + 1))
        .col_expr(Column::UpdatedAt, Expr::val(now))
        .filter(Column::Id.eq(id))
        // Again, because another transaction may have saved since the title was read.
        .filter(Column::Version.eq(form.version))
        .exec(tx)
        .await?;
    if saved.rows_affected == 0 {
        return Err(stale());
    }
    associations::set_contributors(tx, id, &filled.authors, &filled.narrators, now).await?;
    associations::set_categories(tx, id, &filled.categories).await?;
    reduced::keep(tx, &[id]).await?;
    if title.status == Status::Published {
        publish::check(tx, id, "title.no-longer-ready").await?;
    }
    associations::reindex(tx, id).await?;
    audit::record(tx, Entry::new(Action::TitleSaved).on("title", id).with(details)).await?;
    Ok(Saved { version: form.version + 1, sample_moved: !same_sample })
}

/// What a form changes in a title's own row, for the audit trail.
fn changed(
    title: &audiobooks::Model,
    filled: &ValidatedTitle,
    series_id: Option<Uuid>,
    same_sample: bool,
) -> Vec<&'static str> {
    let price = (title.priced.then_some(title.price_minor), title.sale_price_minor);
    let sale = (title.sale_starts_at, title.sale_ends_at);
    let filled_sale = filled.sale.map_or((None, None), |sale| (sale.starts_at, sale.ends_at));
    let parts = [
        ("title", title.title == filled.title),
        ("subtitle", title.subtitle == filled.subtitle),
        ("description", title.description == filled.description),
        ("language", title.language == filled.language),
        ("year", title.published_year == filled.edition.year),
        ("publisher", title.publisher == filled.edition.publisher),
        ("isbn", title.isbn == filled.edition.isbn),
        ("price", price == (filled.price_minor, filled.sale.map(|sale| sale.minor)) && sale == filled_sale),
        ("licences", title.licences_total == filled.licences),
        ("series", (title.series_id, title.series_position) == (series_id, filled.series_position)),
        ("featured", title.featured == filled.featured),
        ("text_rights", title.text_rights == filled.text_rights),
        ("sample", same_sample),
    ];
    parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect()
}

/// Where the sample of a title lies or shall lie, in milliseconds; `None` when nobody has chosen yet.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn sample_range(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<(i64, i64)>> {
    let title = by_id(db, id).await?;
    let chosen = title.sample_end_ms > title.sample_start_ms;
    Ok(chosen.then_some((title.sample_start_ms, title.sample_end_ms)))
}

fn stale() -> Error {
    Error::conflict("title.changed")
}
