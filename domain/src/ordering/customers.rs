//! What a payment provider calls a buyer: their next payment there is theirs as well.

use crate::entities::{orders, payments as rows};
use crate::{Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

/// Longest name that is kept, in bytes.
const NAME_MAX: usize = 255;

/// Keeps what the provider of an attempt calls its buyer. A name that is too long is none.
pub(super) async fn remember(tx: &Tx, attempt: Uuid, customer: &str) -> Result<()> {
    if customer.is_empty() || customer.len() > NAME_MAX {
        return Ok(());
    }
    rows::Entity::update_many()
        .col_expr(rows::Column::Customer, Expr::value(customer))
        .filter(rows::Column::Id.eq(attempt))
        .exec(tx)
        .await?;
    Ok(())
}

/// What a provider calls a buyer; `None` for one who never paid there, or whose account is deleted.
pub(super) async fn name(tx: &Tx, user_id: Uuid, provider: &str) -> Result<Option<String>> {
    let theirs = orders::Entity::find()
        .select_only()
        .column(orders::Column::Id)
        .filter(orders::Column::UserId.eq(user_id))
        .into_query();
    let named: Option<Option<String>> = rows::Entity::find()
        .select_only()
        .column(rows::Column::Customer)
        .filter(rows::Column::OrderId.in_subquery(theirs))
        .filter(rows::Column::Provider.eq(provider))
        .filter(rows::Column::Customer.is_not_null())
        .order_by_desc(rows::Column::CreatedAt)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(named.flatten())
}
