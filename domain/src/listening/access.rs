//! Who may hear and read what.

use crate::account::{Role, User, users::account};
use crate::entities::audiobooks;
use crate::entitlements::owns;
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A title that somebody may listen to.
///
/// # Errors
/// `NotFound` when there is no such title or this person neither bought it nor runs the shop: it does not say which.
pub(super) async fn title_for(db: &Db, viewer: &User, id: Uuid) -> Result<audiobooks::Model> {
    let title = audiobooks::Entity::find_by_id(id).one(db.read()).await?;
    permitted(db, viewer, title).await
}

/// As [`title_for`], by slug.
pub(super) async fn title_at(db: &Db, viewer: &User, slug: &str) -> Result<audiobooks::Model> {
    let title = audiobooks::Entity::find().filter(audiobooks::Column::Slug.eq(slug)).one(db.read()).await?;
    permitted(db, viewer, title).await
}

/// As [`title_for`], for somebody's place in it, which nothing is heard or read by.
pub(super) async fn title_for_position(db: &Db, user_id: Uuid, id: Uuid) -> Result<audiobooks::Model> {
    let title = audiobooks::Entity::find_by_id(id).one(db.read()).await?.ok_or_else(missing)?;
    if owns(db, user_id, title.id).await? || is_admin(db, user_id).await? { Ok(title) } else { Err(missing()) }
}

/// An admin is one who is so in this request, where one without a second step may be none, and in the database.
async fn permitted(db: &Db, viewer: &User, title: Option<audiobooks::Model>) -> Result<audiobooks::Model> {
    let title = title.ok_or_else(missing)?;
    let may = owns(db, viewer.id, title.id).await? || viewer.is_admin() && is_admin(db, viewer.id).await?;
    if may { Ok(title) } else { Err(missing()) }
}

pub(super) fn missing() -> Error {
    Error::NotFound("book")
}

pub(super) async fn is_admin(db: &Db, user_id: Uuid) -> Result<bool> {
    Ok(account(db, user_id).await?.is_some_and(|account| account.user.role == Role::Admin))
}
