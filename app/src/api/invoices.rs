//! Invoices: asked for once, read by the buyer and by those who look after orders.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
#[cfg(feature = "ssr")]
use domain::invoices::read::Asker;
use domain::invoices::{Billing, Invoice, InvoicePage};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Who asks: somebody who looks after orders gets everybody's.
#[cfg(feature = "ssr")]
async fn asker() -> Result<Asker, AppError> {
    let user = crate::context::require_user().await?;
    Ok(if user.may(Permission::Orders) { Asker::Office } else { Asker::Buyer(user.id) })
}

/// The invoice of an order, or the form that asks for one.
#[server(name = ReadInvoice, input = GetUrl, endpoint = "orders/invoice")]
pub async fn invoice(number: String) -> Result<InvoicePage, AppError> {
    Ok(domain::invoices::read::page(&crate::context::db()?, asker().await?, &number).await?)
}

/// Makes out the invoice of an order. It does not change afterwards.
#[server(endpoint = "orders/make-invoice")]
pub async fn make_invoice(number: String, form: Billing) -> Result<Invoice, AppError> {
    let asker = asker().await?;
    crate::context::take(domain::limits::Rule::CheckoutNetwork).await?;
    let invoice = domain::invoices::issue::issue(&crate::context::db()?, asker, &number, &form).await?;
    crate::context::go_on_without_script(&paths::invoice(&invoice.order.number));
    Ok(invoice)
}
