//! What somebody wishes for: to take along, and to forget.

use crate::catalog::titles::names_of;
use crate::entities::{sales_told, wishes};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A wish as whoever has it takes it along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub audiobook_id: Uuid,
    pub slug: String,
    pub title: String,
    pub at: Timestamp,
}

/// Some of a person's wishes: those for titles whose id is beyond `after`, at most `most`.
pub async fn wishes_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Wish>> {
    let mut query = wishes::Entity::find().filter(wishes::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(wishes::Column::AudiobookId.gt(after));
    }
    let rows = query.order_by_asc(wishes::Column::AudiobookId).limit(most).all(db.read()).await?;
    let mut names = names_of(db, &rows.iter().map(|row| row.audiobook_id).collect::<Vec<_>>()).await?;
    let wish = |row: wishes::Model| {
        let (slug, title) = names.remove(&row.audiobook_id).unwrap_or_default();
        Wish { audiobook_id: row.audiobook_id, slug, title, at: row.created_at }
    };
    Ok(rows.into_iter().map(wish).collect())
}

/// Some of the sales that somebody was told of, and when: those whose key is beyond `after`, at most `most`.
pub async fn told_after(db: &Db, user_id: Uuid, after: Option<String>, most: u64) -> Result<Vec<(String, Timestamp)>> {
    let mut query = sales_told::Entity::find().filter(sales_told::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(sales_told::Column::SaleKey.gt(after));
    }
    let rows = query.order_by_asc(sales_told::Column::SaleKey).limit(most).all(db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.sale_key, row.told_at)).collect())
}

/// Forgets what somebody wished for. Belongs into the transaction that deletes the account.
pub async fn forget_wisher(tx: &Tx, user_id: Uuid) -> Result<()> {
    wishes::Entity::delete_many().filter(wishes::Column::UserId.eq(user_id)).exec(tx).await?;
    sales_told::Entity::delete_many().filter(sales_told::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}
