//! Titles that nobody sees yet.

use super::form::required_line;
use super::titles::{by_id, currency_of, entry, locked};
use super::{Status, TextRights, associations};
use crate::audit::{self, Action};
use crate::entities::{audiobooks, order_lines};
use crate::{Currency, Db, Error, Result, Tx, entitlements};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Makes a draft with nothing but a title, and the currency in which it is priced once somebody sets a price.
///
/// # Errors
/// [`Error::Invalid`] when the title is empty or too long.
pub async fn create(db: &Db, title: &str, currency: Currency) -> Result<Uuid> {
    let title = required_line("title", title, 300, "title.no-name")?;
    db.transaction(async |tx| {
        let draft = row(&tx, &title, currency, db.now()).await?;
        let id = Uuid::now_v7();
        let draft = audiobooks::ActiveModel { id: Set(id), ..draft };
        audiobooks::Entity::insert(draft).exec_without_returning(&tx).await?;
        associations::reindex(&tx, id).await?;
        audit::record(&tx, entry(Action::TitleCreated, id, &title)).await?;
        Ok(id)
    })
    .await
}

/// A new draft without an id.
pub(super) async fn row(
    tx: &impl ConnectionTrait,
    title: &str,
    currency: Currency,
    now: crate::Timestamp,
) -> Result<audiobooks::ActiveModel> {
    Ok(audiobooks::ActiveModel {
        id: sea_orm::NotSet,
        slug: Set(associations::free_slug(tx, title, None).await?),
        status: Set(Status::Draft),
        title: Set(title.to_owned()),
        sort_title: Set(super::search_terms::sort_title(title)),
        subtitle: Set(None),
        description: Set(String::new()),
        language: Set("en".to_owned()),
        priced: Set(false),
        price_minor: Set(0),
        currency: Set(currency.code().to_owned()),
        sale_price_minor: Set(None),
        sale_starts_at: Set(None),
        sale_ends_at: Set(None),
        reduced_minor: Set(None),
        reduced_starts_at: Set(None),
        reduced_ends_at: Set(None),
        licences_total: Set(None),
        licences_sold: Set(0),
        series_id: Set(None),
        series_position: Set(None),
        duration_ms: Set(0),
        published_at: Set(None),
        publish_at: Set(None),
        publish_failure: Set(None),
        featured: Set(false),
        text_rights: Set(TextRights::ReadAlong),
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
        sold_count: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        // What it is rated begins as the table says.
        ..Default::default()
    })
}

/// What the name of a duplicate ends with.
const COPY: &str = " (copy)";
/// Longest name of a title, in characters.
const NAME: usize = 300;

/// Makes a draft with the words, people, categories, series, price and rights of a title. It has an address of its own, and
/// neither the audio and what was made from it, nor a cover, nor sales.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn duplicate(db: &Db, id: Uuid) -> Result<Uuid> {
    db.transaction(async |tx| {
        let original = by_id(&tx, id).await?;
        let kept: String = original.title.chars().take(NAME - COPY.len()).collect();
        let title = format!("{}{COPY}", kept.trim_end());
        let copy = Uuid::now_v7();
        let draft = row(&tx, &title, currency_of(&original)?, tx.now()).await?;
        let draft = audiobooks::ActiveModel {
            id: Set(copy),
            subtitle: Set(original.subtitle),
            description: Set(original.description),
            language: Set(original.language),
            priced: Set(original.priced),
            price_minor: Set(original.price_minor),
            licences_total: Set(original.licences_total),
            series_id: Set(original.series_id),
            series_position: Set(original.series_position),
            text_rights: Set(original.text_rights),
            // Not the ISBN: another edition has another one.
            published_year: Set(original.published_year),
            publisher: Set(original.publisher),
            ..draft
        };
        audiobooks::Entity::insert(draft).exec_without_returning(&tx).await?;
        associations::copy(&tx, id, copy).await?;
        associations::reindex(&tx, copy).await?;
        let details = json!({ "title": title, "from": id });
        audit::record(&tx, entry(Action::TitleDuplicated, copy, "").with(details)).await?;
        Ok(copy)
    })
    .await
}

/// A draft that may be deleted, held until the transaction ends.
///
/// # Errors
/// [`Error::Conflict`] when it is no draft or was ever sold or ordered, [`Error::NotFound`] when there is no such title.
pub(crate) async fn hold_deletable(tx: &Tx, id: Uuid) -> Result<audiobooks::Model> {
    let title = locked(tx, id).await?;
    deletable(tx, &title).await?;
    Ok(title)
}

/// Whether a title may be deleted.
///
/// # Errors
/// As [`hold_deletable`].
pub(crate) async fn deletable(db: &impl ConnectionTrait, title: &audiobooks::Model) -> Result<()> {
    if title.status != Status::Draft {
        return Err(Error::conflict("title.not-a-draft"));
    }
    let ordered = order_lines::Entity::find().filter(order_lines::Column::AudiobookId.eq(title.id)).count(db).await?;
    if title.sold_count > 0 || ordered > 0 || entitlements::ever_given(db, title.id).await? {
        return Err(Error::conflict("title.sold"));
    }
    Ok(())
}
