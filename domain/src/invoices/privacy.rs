//! What a buyer takes along of their invoices. They stay when an account is deleted, as the law asks of invoices.

use super::{Billing, number};
use crate::entities::invoices::{Column, Entity};
use crate::entities::orders;
use crate::{Db, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// An invoice, as its buyer takes it along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub id: Uuid,
    pub number: String,
    /// The number of the order.
    pub order: String,
    pub issued_at: Timestamp,
    pub billing: Billing,
}

/// Some of a person's invoices, in the order in which they were made: those after the one with the id `after`, at most
/// `most`.
pub async fn invoices_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Held>> {
    type Row = (Uuid, i64, Timestamp, String, String, String, String);
    let mut query = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Serial, Column::IssuedAt, Column::Name, Column::Address, Column::TaxNumber])
        .column(orders::Column::Number)
        .filter(orders::Column::UserId.eq(user_id))
        .order_by_asc(Column::Id)
        .limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    let of = Expr::col((orders::Entity, orders::Column::Id)).equals((Entity, Column::OrderId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, orders::Entity, of);
    let rows: Vec<Row> = query.into_tuple().all(db.read()).await?;
    let held = |(id, serial, issued_at, name, address, tax_number, order): Row| Held {
        id,
        number: number(serial),
        order,
        issued_at,
        billing: Billing { name, address, tax_number },
    };
    Ok(rows.into_iter().map(held).collect())
}
