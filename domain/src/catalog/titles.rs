//! Titles by id and by address.

use super::Status;
use crate::audit::{Action, Entry};
use crate::entities::audiobooks;
use crate::{Currency, Db, Error, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

pub(crate) async fn by_id(connection: &impl ConnectionTrait, id: Uuid) -> Result<audiobooks::Model> {
    audiobooks::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("title"))
}

/// A title that nobody else changes until the transaction ends.
pub(crate) async fn locked(tx: &Tx, id: Uuid) -> Result<audiobooks::Model> {
    audiobooks::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("title"))
}

/// Holds a title that is still at the version that somebody knows; any title where they know none.
///
/// # Errors
/// [`Error::Conflict`] when somebody else has saved it since, [`Error::NotFound`].
pub(crate) async fn held_at(tx: &Tx, id: Uuid, known: Option<i32>) -> Result<()> {
    match known {
        Some(version) if locked(tx, id).await?.version != version => Err(Error::conflict("title.changed")),
        _ => Ok(()),
    }
}

/// What the jobs of a title belong to.
pub(crate) fn job_group(id: Uuid) -> String {
    format!("title:{}", id.simple())
}

pub(super) async fn by_slug(db: &Db, slug: &str) -> Result<audiobooks::Model> {
    audiobooks::Entity::find()
        .filter(audiobooks::Column::Slug.eq(slug))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("title"))
}

/// The id of a title, whatever its status.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn id_of(db: &Db, slug: &str) -> Result<Uuid> {
    audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Slug.eq(slug))
        .into_tuple()
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("title"))
}

/// The address of a title, whatever its status; it may be a moment old.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn slug_of(db: &Db, id: Uuid) -> Result<String> {
    db.alike(Address(id), || async {
        let titles = audiobooks::Entity::find_by_id(id).select_only().column(audiobooks::Column::Slug);
        titles.into_tuple().one(db.read()).await?.ok_or(Error::NotFound("title"))
    })
    .await
}

/// What the address of a title is remembered by.
#[derive(PartialEq, Eq, Hash)]
struct Address(Uuid);

/// How many there are, whatever their status.
pub(crate) async fn count(db: &Db) -> Result<u64> {
    Ok(audiobooks::Entity::find().count(db.read()).await?)
}

/// Whether one is published, or was.
pub(crate) async fn ever_published(db: &Db) -> Result<bool> {
    let published = audiobooks::Entity::find().filter(audiobooks::Column::PublishedAt.is_not_null());
    Ok(published.one(db.read()).await?.is_some())
}

/// Slug and title of some titles, whatever their status, by id.
pub(crate) async fn names_of(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, (String, String)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(Uuid, String, String)> = audiobooks::Entity::find()
        .select_only()
        .columns([audiobooks::Column::Id, audiobooks::Column::Slug, audiobooks::Column::Title])
        .filter(audiobooks::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(names.into_iter().map(|(id, slug, title)| (id, (slug, title))).collect())
}

/// What stands above and beside the admin's form of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleHeader {
    pub slug: String,
    pub status: Status,
    /// That of its price.
    pub currency: Currency,
    /// When it goes on sale by itself.
    pub publish_at: Option<Timestamp>,
    /// Why it did not, in a sentence.
    pub publish_failure: Option<String>,
    /// How often its form was saved, and one.
    pub version: i32,
    pub updated_at: Timestamp,
}

/// What stands above and beside the admin's form of a title.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn title_header(db: &Db, id: Uuid) -> Result<TitleHeader> {
    let title = by_id(db.read(), id).await?;
    Ok(TitleHeader {
        currency: currency_of(&title)?,
        slug: title.slug,
        status: title.status,
        publish_at: title.publish_at,
        publish_failure: title.publish_failure,
        version: title.version,
        updated_at: title.updated_at,
    })
}

/// The currencies that something is sold in. The shop's own one comes first, also while nothing is.
pub async fn currencies(db: &Db, own: Currency) -> Result<Vec<Currency>> {
    let codes: Vec<String> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Currency)
        .distinct()
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .order_by_asc(audiobooks::Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    let others = codes.iter().filter_map(|code| code.parse().ok()).filter(|currency| *currency != own);
    Ok(std::iter::once(own).chain(others).collect())
}

pub(super) fn currency_of(title: &audiobooks::Model) -> Result<Currency> {
    title.currency.parse().map_err(|error| Error::Damaged(format!("{error}")))
}

/// A line about a title, with the name it has now.
pub(super) fn entry(action: Action, id: Uuid, title: &str) -> Entry {
    Entry::new(action).on("title", id).with(json!({ "title": title }))
}
