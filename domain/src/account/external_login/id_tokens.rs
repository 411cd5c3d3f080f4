//! ID tokens that were taken: each is taken once.

use crate::entities::spent_id_tokens::{Column, Entity, Model};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Takes an ID token, known by its digest, for the first and only time; `false` when it was taken before.
pub async fn spend(db: &Db, digest: &str, expires_at: Timestamp) -> Result<bool> {
    let row = Model { digest: digest.to_owned(), expires_at }.into_active_model();
    match Entity::insert(row).exec_without_returning(db.read()).await.map_err(Error::from) {
        Ok(_) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an ID token, known by its digest, was taken before.
pub async fn is_spent(db: &Db, digest: &str) -> Result<bool> {
    Ok(Entity::find_by_id(digest).one(db.read()).await?.is_some())
}

/// Forgets the ID tokens that have expired, and says how many there were.
pub async fn delete_expired(db: &Db) -> Result<u64> {
    let expired = Column::ExpiresAt.lte(db.now());
    Ok(Entity::delete_many().filter(expired).exec(db.read()).await?.rows_affected)
}
