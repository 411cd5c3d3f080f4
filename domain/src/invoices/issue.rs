//! Making out an invoice.

use super::read::{Asker, invoice, order, row};
use super::{ADDRESS_MAX, Billing, Invoice, NAME_MAX, NUMBER_MAX, number};
use crate::audit::{self, Action, Entry};
use crate::catalog::form;
use crate::entities::{invoice_numbers, invoices};
use crate::settings::legal::keep;
use crate::{Db, Error, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, TryInsertResult};
use serde_json::json;
use uuid::Uuid;

/// The one row that numbers come from.
const NUMBERS: i32 = 1;

/// Makes out the invoice of an order, once, under the next number; asking for the same one again gives it. The row of the
/// numbers is held until it is kept, so that there is never a gap nor one number twice, however many servers there are.
///
/// # Errors
/// `NotFound` without such an order, or when it is someone else's; `Conflict` when it was not paid, the shop does not say
/// who sells, or its invoice is made out to somebody else; `Invalid` at the field that needs a change.
pub async fn issue(db: &Db, asker: Asker, order_number: &str, typed: &Billing) -> Result<Invoice> {
    let order = order(db, asker, order_number).await?;
    let billing = validated(typed)?;
    if order.paid_at.is_none() {
        return Err(Error::conflict("invoice.not-paid"));
    }
    let row = db.transaction(async |tx| kept(&tx, order.id, &order.number, &billing).await).await?;
    invoice(row, order)
}

async fn kept(tx: &Tx, order_id: Uuid, order: &str, billing: &Billing) -> Result<invoices::Model> {
    let last = held_number(tx).await?;
    if let Some(known) = row(tx, order_id).await? {
        let same =
            known.name == billing.name && known.address == billing.address && known.tax_number == billing.tax_number;
        return if same { Ok(known) } else { Err(Error::conflict("invoice.made")) };
    }
    let seller = keep::seller(tx).await?;
    if !seller.is_known() {
        return Err(Error::conflict("invoice.no-seller"));
    }
    let made = invoices::Model {
        id: Uuid::now_v7(),
        order_id,
        serial: last + 1,
        issued_at: tx.now(),
        seller: serde_json::to_string(&seller)?,
        name: billing.name.clone(),
        address: billing.address.clone(),
        tax_number: billing.tax_number.clone(),
    };
    invoices::Entity::insert(made.clone().into_active_model()).exec_without_returning(tx).await?;
    invoice_numbers::Entity::update_many()
        .col_expr(invoice_numbers::Column::Last, Expr::value(made.serial))
        .filter(invoice_numbers::Column::Id.eq(NUMBERS))
        .exec(tx)
        .await?;
    let details = json!({ "number": number(made.serial), "order": order });
    audit::record(tx, Entry::new(Action::InvoiceIssued).on("order", order_id).with(details)).await?;
    Ok(made)
}

/// The last number, whose row is held.
async fn held_number(tx: &Tx) -> Result<i64> {
    let held = async || invoice_numbers::Entity::find_by_id(NUMBERS).lock_exclusive().one(tx).await;
    if let Some(numbers) = held().await? {
        return Ok(numbers.last);
    }
    // A database that was emptied, not made anew: the numbers go on after the last invoice that is left.
    let last: Option<Option<i64>> = invoices::Entity::find()
        .select_only()
        .column_as(invoices::Column::Serial.max(), "last")
        .into_tuple()
        .one(tx)
        .await?;
    let first = invoice_numbers::Model { id: NUMBERS, last: last.flatten().unwrap_or(0) };
    // Another server may do the same at this moment.
    let _: TryInsertResult<u64> = invoice_numbers::Entity::insert(first.into_active_model())
        .on_conflict_do_nothing_on([invoice_numbers::Column::Id])
        .exec_without_returning(tx)
        .await?;
    Ok(held().await?.ok_or_else(|| Error::Damaged("the numbers of invoices are gone".to_owned()))?.last)
}

fn validated(typed: &Billing) -> Result<Billing> {
    let address = keep::in_lines("address", &typed.address)?;
    if address.chars().count() > ADDRESS_MAX {
        return Err(Error::invalid("address", "form.too-long").with("most", ADDRESS_MAX));
    }
    Ok(Billing {
        name: form::required_line("name", &typed.name, NAME_MAX, "invoice.no-name")?,
        address,
        tax_number: form::optional_line("tax_number", &typed.tax_number, NUMBER_MAX)?.unwrap_or_default(),
    })
}
