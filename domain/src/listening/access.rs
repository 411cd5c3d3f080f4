//! Who may hear and read what.

use crate::account::{Role, store::account};
use crate::catalog::TextRights;
use crate::entities::audiobooks;
use crate::{Db, Error, Result, ordering};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A title that somebody may listen to.
///
/// # Errors
/// `NotFound` when there is no such title or this person neither bought it nor runs the shop: it does not say which.
pub(super) async fn title_for(db: &Db, user_id: Uuid, id: Uuid) -> Result<audiobooks::Model> {
    permitted(db, user_id, audiobooks::Entity::find_by_id(id).one(db.read()).await?).await
}

/// As [`title_for`], by slug.
pub(super) async fn title_at(db: &Db, user_id: Uuid, slug: &str) -> Result<audiobooks::Model> {
    let title = audiobooks::Entity::find().filter(audiobooks::Column::Slug.eq(slug)).one(db.read()).await?;
    permitted(db, user_id, title).await
}

/// Whether what was said in a title may be shown to whoever may listen to it.
pub(super) fn readable(title: &audiobooks::Model) -> bool {
    title.text_rights != TextRights::None
}

async fn permitted(db: &Db, user_id: Uuid, title: Option<audiobooks::Model>) -> Result<audiobooks::Model> {
    let title = title.ok_or(Error::NotFound("book"))?;
    if ordering::store::owns(db, user_id, title.id).await? || is_admin(db, user_id).await? {
        Ok(title)
    } else {
        Err(Error::NotFound("book"))
    }
}

async fn is_admin(db: &Db, user_id: Uuid) -> Result<bool> {
    Ok(account(db, user_id).await?.is_some_and(|account| account.user.role == Role::Admin))
}
