//! Receipts and invoices as documents.

use crate::http::api::openapi::{Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::{Kind, Problem};
use crate::http::api::values::FileBytes;
use crate::http::invoices::pdf;
use crate::{AppState, invoice};
use axum::extract::State;
use axum::response::Response;
use domain::invoices::read::{self, Asker};
use domain::limits::Rule;

/// Download the receipt of an order
///
/// As a PDF, once it is paid (409 before).
#[utoipa::path(
    get,
    path = "/orders/{number}/receipt.pdf",
    operation_id = "download_receipt",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "The receipt.", body = FileBytes, content_type = "application/pdf"),
        Unchanged, NotThere, Clash, TokenProblems,
    )
)]
pub async fn receipt(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    receipt_for(&state, &buyer, Asker::Buyer(buyer.user.id), &number).await
}

/// Download the invoice of an order
///
/// As a PDF, once it is made out (404 before).
#[utoipa::path(
    get,
    path = "/orders/{number}/invoice.pdf",
    operation_id = "download_invoice",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "The invoice.", body = FileBytes, content_type = "application/pdf"),
        Unchanged, NotThere, TokenProblems,
    )
)]
pub async fn invoice_of(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    invoice_for(&state, &buyer, Asker::Buyer(buyer.user.id), &number).await
}

/// The receipt of an order that `asker` may see. Setting a document is dear: an account gets only so many.
///
/// # Errors
/// 404 without such an order, 409 while nothing of it is paid.
pub async fn receipt_for<N>(
    state: &AppState,
    with: &Permitted<N>,
    asker: Asker,
    number: &str,
) -> Result<Response, Problem> {
    let found = read::receipt(&with.db, asker, number).await?;
    state.limits.take(Rule::Document, &[&with.user.id.to_string()]).await?;
    let (name, shop) = (format!("receipt-{}", found.order.number), state.settings.at_hand().name.clone());
    pdf(&name, move || invoice::receipt(&found, &shop)).await.map_err(Problem::internal)
}

/// As [`receipt_for`], of the invoice.
///
/// # Errors
/// 404 without such an order, and while its invoice is not made out.
pub async fn invoice_for<N>(
    state: &AppState,
    with: &Permitted<N>,
    asker: Asker,
    number: &str,
) -> Result<Response, Problem> {
    let Some(found) = read::of_order(&with.db, asker, number).await? else {
        return Err(Problem::new(Kind::NotFound, "No invoice of this order is made out yet."));
    };
    state.limits.take(Rule::Document, &[&with.user.id.to_string()]).await?;
    let name = found.number.clone();
    pdf(&name, move || invoice::document(&found)).await.map_err(Problem::internal)
}
