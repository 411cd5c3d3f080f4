//! Titles that nobody sees yet.

use super::form::required_line;
use super::titles::{by_id, entry};
use super::{Status, TextRights, associations};
use crate::audit::{self, Action};
use crate::entities::audiobooks;
use crate::{Currency, Db, Error, Result, entitlements};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
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
        licences_total: Set(None),
        licences_sold: Set(0),
        series_id: Set(None),
        series_position: Set(None),
        duration_ms: Set(0),
        published_at: Set(None),
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
    })
}

/// Deletes a draft that nobody owns, with its transcript and chapters.
///
/// # Errors
/// [`Error::Conflict`] when it is no draft or was sold, [`Error::NotFound`] when there is no such title.
pub async fn delete(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let title = by_id(&tx, id).await?;
        if title.status != Status::Draft {
            return Err(Error::conflict("title.not-a-draft"));
        }
        if entitlements::ever_given(&tx, id).await? || title.sold_count > 0 {
            return Err(Error::conflict("title.sold"));
        }
        audiobooks::Entity::delete_by_id(id).exec(&tx).await?;
        audit::record(&tx, entry(Action::TitleDeleted, id, &title.title)).await?;
        Ok(())
    })
    .await
}
