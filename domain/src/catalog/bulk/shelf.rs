//! Into a category and out of it.

use crate::catalog::form::MOST_CATEGORIES;
use crate::catalog::{Status, associations, publish};
use crate::entities::{audiobook_categories, audiobooks};
use crate::{Error, Result, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

async fn shelves(tx: &Tx, title: Uuid) -> Result<Vec<audiobook_categories::Model>> {
    let of_title = audiobook_categories::Entity::find().filter(audiobook_categories::Column::AudiobookId.eq(title));
    Ok(of_title.order_by_asc(audiobook_categories::Column::Position).all(tx).await?)
}

/// Puts a title into a category, after those that it is in; false when it is in it already.
pub(super) async fn add(tx: &Tx, title: &audiobooks::Model, category: Uuid) -> Result<bool> {
    let there = shelves(tx, title.id).await?;
    if there.iter().any(|row| row.category_id == category) {
        return Ok(false);
    }
    if there.len() >= MOST_CATEGORIES {
        return Err(Error::conflict("bulk.categories-full").with("most", MOST_CATEGORIES));
    }
    let row = audiobook_categories::ActiveModel {
        audiobook_id: Set(title.id),
        category_id: Set(category),
        position: Set(there.last().map_or(0, |last| last.position + 1)),
    };
    match audiobook_categories::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_))) => {
            return Err(Error::conflict("bulk.category-gone"));
        }
        inserted => inserted?,
    };
    associations::reindex(tx, title.id).await?;
    Ok(true)
}

/// Takes a title out of a category; false when it is not in it.
pub(super) async fn remove(tx: &Tx, title: &audiobooks::Model, category: Uuid) -> Result<bool> {
    let gone = audiobook_categories::Entity::delete_many()
        .filter(audiobook_categories::Column::AudiobookId.eq(title.id))
        .filter(audiobook_categories::Column::CategoryId.eq(category))
        .exec(tx)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    if title.status == Status::Published {
        publish::check(tx, title.id, "title.no-longer-ready").await?;
    }
    associations::reindex(tx, title.id).await?;
    Ok(true)
}
