//! The invoice of an order.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::State;
use domain::invoices::read::{Asker, page};
use domain::invoices::{self, Billing, InvoicePage, issue};
use domain::limits::Rule;
use domain::settings::legal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom an invoice is made out to.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceTo {
    /// A person or company.
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 200)]
    name: String,
    /// In lines, as on a letter.
    #[serde(default)]
    #[schema(example = "12 St James's Square\nLondon", max_length = 500)]
    address: String,
    #[serde(default)]
    #[schema(example = "GB123456789", max_length = 40)]
    tax_number: String,
}

/// Who sells.
#[derive(Serialize, ToSchema)]
pub struct InvoiceFrom {
    #[schema(example = "Lectern Ltd")]
    name: String,
    #[schema(example = "1 Harbour Street\nBristol")]
    address: String,
    #[schema(example = "+44 117 000 0000")]
    phone: String,
    /// Which register they stand in, and under which number.
    #[schema(example = "Companies House 01234567")]
    register: String,
    /// Their number for value added tax.
    #[schema(example = "GB987654321")]
    vat: String,
}

/// An invoice. What it is about stands in the order.
#[derive(Serialize, ToSchema)]
pub struct Invoice {
    #[schema(example = "INV-000042")]
    number: String,
    #[schema(example = "L-7K3Q-92MX")]
    order: String,
    #[schema(format = DateTime, example = "2026-11-20T10:00:00Z")]
    issued_at: String,
    /// As they were when it was made out.
    from: InvoiceFrom,
    to: InvoiceTo,
}

/// How the invoice of an order stands.
#[derive(Serialize, ToSchema)]
pub struct InvoiceState {
    /// Missing while nobody has asked for it.
    invoice: Option<Invoice>,
    /// Whether one can be made: the order was paid, and the shop says who sells.
    #[schema(example = true)]
    can_be_made: bool,
}

impl From<legal::Seller> for InvoiceFrom {
    fn from(seller: legal::Seller) -> Self {
        let legal::Seller { name, address, phone, register, vat } = seller;
        Self { name, address, phone, register, vat }
    }
}

impl From<invoices::Invoice> for Invoice {
    fn from(invoice: invoices::Invoice) -> Self {
        let Billing { name, address, tax_number } = invoice.billing;
        Self {
            number: invoice.number,
            order: invoice.order.number,
            issued_at: time(invoice.issued_at),
            from: invoice.seller.into(),
            to: InvoiceTo { name, address, tax_number },
        }
    }
}

impl From<InvoicePage> for InvoiceState {
    fn from(page: InvoicePage) -> Self {
        Self { invoice: page.invoice.map(Into::into), can_be_made: page.can_be_made }
    }
}

impl From<InvoiceTo> for Billing {
    fn from(to: InvoiceTo) -> Self {
        let InvoiceTo { name, address, tax_number } = to;
        Self { name, address, tax_number }
    }
}

/// Look at the invoice of an order
///
/// As a PDF it is at `/orders/{number}/invoice.pdf`.
#[utoipa::path(
    get,
    path = "/orders/{number}/invoice",
    operation_id = "read_invoice",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "How it stands.", body = InvoiceState), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(buyer: Permitted<Shopping>, Path(number): Path<String>) -> Result<Json<InvoiceState>, Problem> {
    Ok(Json(page(&buyer.db, Asker::Buyer(buyer.user.id), &number).await?.into()))
}

/// Have the invoice of an order made out
///
/// Once: it does not change afterwards. Asking for the same one again gives it.
#[utoipa::path(
    post,
    path = "/orders/{number}/invoice",
    operation_id = "make_invoice",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    request_body = InvoiceTo,
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "The invoice.", body = Invoice),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn make(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
    Body(to): Body<InvoiceTo>,
) -> Result<Json<Invoice>, Problem> {
    state.limits.take_network(Rule::CheckoutNetwork, buyer.db.actor()).await?;
    Ok(Json(issue::issue(&buyer.db, Asker::Buyer(buyer.user.id), &number, &to.into()).await?.into()))
}
