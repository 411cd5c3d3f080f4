//! Invoices, read by whom they concern.

use super::{Billing, Invoice, InvoicePage, Receipt, number};
use crate::account::users;
use crate::entities::invoices::{Column, Entity, Model};
use crate::ordering::{Order, orders};
use crate::settings::legal::{Seller, keep};
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Who asks for an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Gets those of their own orders.
    Buyer(Uuid),
    /// Looks after orders, and gets all.
    Office,
}

/// The order that is asked about.
///
/// # Errors
/// `NotFound` when there is none, or it is someone else's.
pub(super) async fn order(db: &Db, asker: Asker, number: &str) -> Result<Order> {
    match asker {
        Asker::Buyer(user_id) => orders::order(db, user_id, number).await,
        Asker::Office => orders::any(db, number).await,
    }
}

/// The invoice of an order by its number; `None` while nobody has asked for one.
///
/// # Errors
/// `NotFound` without such an order, or when it is someone else's.
pub async fn of_order(db: &Db, asker: Asker, number: &str) -> Result<Option<Invoice>> {
    let order = order(db, asker, number).await?;
    row(db.read(), order.id).await?.map(|row| invoice(row, order)).transpose()
}

/// What the page of an invoice shows.
///
/// # Errors
/// As [`of_order`].
pub async fn page(db: &Db, asker: Asker, number: &str) -> Result<InvoicePage> {
    let order = order(db, asker, number).await?;
    let (number, paid, id) = (order.number.clone(), order.paid_at.is_some(), order.id);
    if let Some(row) = row(db.read(), id).await? {
        let invoice = Some(invoice(row, order)?);
        return Ok(InvoicePage { order: number, invoice, can_be_made: false, name: String::new() });
    }
    let can_be_made = paid && keep::seller(db.read()).await?.is_known();
    let name = match asker {
        Asker::Buyer(user_id) => users::account(db, user_id).await?.map(|account| account.user.name),
        Asker::Office => None,
    };
    Ok(InvoicePage { order: number, invoice: None, can_be_made, name: name.unwrap_or_default() })
}

/// The receipt of an order.
///
/// # Errors
/// As [`of_order`]; `Conflict` while nothing of it is paid.
pub async fn receipt(db: &Db, asker: Asker, number: &str) -> Result<Receipt> {
    let order = order(db, asker, number).await?;
    if order.paid_at.is_none() {
        return Err(Error::conflict("orders.no-receipt"));
    }
    Ok(Receipt { order, seller: keep::seller(db.read()).await? })
}

pub(super) async fn row(db: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OrderId.eq(order_id)).one(db).await?)
}

pub(super) fn invoice(row: Model, order: Order) -> Result<Invoice> {
    let damaged = |_| Error::Damaged(format!("the seller of invoice {}", row.serial));
    let seller: Seller = serde_json::from_str(&row.seller).map_err(damaged)?;
    let billing = Billing { name: row.name, address: row.address, tax_number: row.tax_number };
    Ok(Invoice { number: number(row.serial), issued_at: row.issued_at, seller, billing, order })
}
