//! Receipts and invoices of everybody's orders.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Orders, Permitted};
use crate::http::api::problem::Problem;
use crate::http::api::shopping::documents::{invoice_for, receipt_for};
use crate::http::api::shopping::invoices::{Invoice, InvoiceState, InvoiceTo};
use crate::http::api::values::FileBytes;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::invoices::issue;
use domain::invoices::read::{Asker, page};

/// Download the receipt of any order
///
/// As a PDF, once it is paid (409 before). For admins with the permission `orders`.
#[utoipa::path(
    get,
    path = "/admin/orders/{number}/receipt.pdf",
    operation_id = "office_receipt",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    responses(
        (status = 200, description = "The receipt.", body = FileBytes, content_type = "application/pdf"),
        Unchanged, NotThere, Clash, TokenProblems,
    )
)]
pub async fn receipt(
    State(state): State<AppState>,
    with: Permitted<Orders>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    receipt_for(&state, &with, Asker::Office, &number).await
}

/// Download the invoice of any order
///
/// As a PDF, once it is made out (404 before). For admins with the permission `orders`.
#[utoipa::path(
    get,
    path = "/admin/orders/{number}/invoice.pdf",
    operation_id = "office_invoice_document",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    responses(
        (status = 200, description = "The invoice.", body = FileBytes, content_type = "application/pdf"),
        Unchanged, NotThere, TokenProblems,
    )
)]
pub async fn invoice_of(
    State(state): State<AppState>,
    with: Permitted<Orders>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    invoice_for(&state, &with, Asker::Office, &number).await
}

/// Look at the invoice of any order
///
/// As a PDF it is at `/admin/orders/{number}/invoice.pdf`. For admins with the permission `orders`.
#[utoipa::path(
    get,
    path = "/admin/orders/{number}/invoice",
    operation_id = "office_invoice",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    responses((status = 200, description = "How it stands.", body = InvoiceState), Unchanged, NotThere, TokenProblems)
)]
pub async fn read_invoice(
    Permitted { db, .. }: Permitted<Orders>,
    Path(number): Path<String>,
) -> Result<Json<InvoiceState>, Problem> {
    Ok(Json(page(&db, Asker::Office, &number).await?.into()))
}

/// Have the invoice of any order made out
///
/// For a buyer who asks for it by mail. Once: it does not change afterwards. Asking for the same one again gives it.
#[utoipa::path(
    post,
    path = "/admin/orders/{number}/invoice",
    operation_id = "make_office_invoice",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    request_body = InvoiceTo,
    responses(
        (status = 200, description = "The invoice.", body = Invoice),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn make_invoice(
    Permitted { db, .. }: Permitted<Orders>,
    Path(number): Path<String>,
    Body(to): Body<InvoiceTo>,
) -> Result<Json<Invoice>, Problem> {
    Ok(Json(issue::issue(&db, Asker::Office, &number, &to.into()).await?.into()))
}
