//! Receipts and invoices as documents.

use crate::http::api::openapi::{Clash, NotThere, TokenProblems};
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
        NotThere, Clash, TokenProblems,
    )
)]
pub async fn receipt(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let found = read::receipt(&buyer.db, Asker::Buyer(buyer.user.id), &number).await?;
    state.limits.take(Rule::Document, &[&buyer.user.id.to_string()]).await?;
    let (name, shop) = (format!("receipt-{}", found.order.number), state.settings.at_hand().name.clone());
    pdf(&name, move || invoice::receipt(&found, &shop)).await.map_err(Problem::internal)
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
        NotThere, TokenProblems,
    )
)]
pub async fn invoice_of(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let found = read::of_order(&buyer.db, Asker::Buyer(buyer.user.id), &number).await?;
    let Some(found) = found else {
        return Err(Problem::new(Kind::NotFound, "No invoice of this order is made out yet."));
    };
    state.limits.take(Rule::Document, &[&buyer.user.id.to_string()]).await?;
    let name = found.number.clone();
    pdf(&name, move || invoice::document(&found)).await.map_err(Problem::internal)
}
