//! Which currency titles are priced in, where that of the shop changes.

use crate::entities::audiobooks::{Column, Entity};
use crate::{Currency, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Titles that have a price in another currency, whatever their status.
pub(crate) async fn priced_in_another(tx: &Tx, currency: Currency) -> Result<u64> {
    let priced = Entity::find().filter(Column::Priced.eq(true)).filter(Column::Currency.ne(currency.code()));
    Ok(priced.count(tx).await?)
}

/// Lets titles without a price be priced in this currency. A form of one that is open is out of date by that, so that nobody
/// sets a price in a currency that they did not see.
pub(crate) async fn leave_unpriced_to(tx: &Tx, currency: Currency) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Currency, Expr::val(currency.code()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Priced.eq(false))
        .filter(Column::Currency.ne(currency.code()))
        .exec(tx)
        .await?;
    Ok(())
}
