//! Everybody's orders, and paying them back.

use super::order::{OfficeOrder, OfficeOrderDetails};
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Orders, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use domain::Walk;
use domain::ordering::filtered::Typed;
use domain::ordering::{OrderFilter, OrderStatus, office, refunds};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which orders are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersAsked {
    /// The beginning of a number or of a buyer's address, or words of a title.
    #[serde(default)]
    #[param(example = "L-7K")]
    text: String,
    /// `pending`, `paid`, `fulfilled`, `declined`, `cancelled`, `partly-refunded` or `refunded`. Without it: all.
    #[param(value_type = Option<String>, example = "fulfilled")]
    status: Option<OrderStatus>,
    /// Placed on this day (UTC) or later.
    #[serde(default)]
    #[param(format = Date, example = "2026-11-01")]
    from: String,
    /// Placed on this day (UTC) or earlier.
    #[serde(default)]
    #[param(format = Date, example = "2026-11-30")]
    to: String,
    /// Through whom somebody tried to pay it, as its attempts name them.
    #[serde(default)]
    #[param(example = "stripe")]
    provider: String,
    /// The total is no less, in the currency that the order is in: `12.90`, with up to three decimals.
    #[serde(default)]
    #[param(example = "10")]
    least: String,
    /// The total is no more, likewise.
    #[serde(default)]
    #[param(example = "12.90")]
    most: String,
    /// Orders in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// What is to be paid back, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundWish {
    /// The lines of the order, by their ids. Without them: every line that nobody has asked for yet.
    #[serde(default)]
    lines: Option<Vec<Uuid>>,
    /// For the books.
    #[schema(example = "Bought twice", min_length = 1, max_length = 500)]
    reason: String,
}

/// A refund that was asked for.
#[derive(Serialize, ToSchema)]
pub struct RefundAsked {
    /// By which the order's refunds name it.
    refund_id: Uuid,
}

/// A note to an order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderNote {
    #[schema(example = "The buyer called: wants the audio in another language.", min_length = 1, max_length = 500)]
    note: String,
}

/// All orders
///
/// The newest first. For admins with the permission `orders`.
#[utoipa::path(
    get,
    path = "/admin/orders",
    operation_id = "office_orders",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(OrdersAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<OfficeOrder>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Orders>,
    uri: OriginalUri,
    Query(asked): Query<OrdersAsked>,
) -> Result<Response, Problem> {
    let after = Cursor::place(asked.cursor.as_ref())?;
    let filter =
        OrderFilter { text: asked.text, status: asked.status, provider: asked.provider, ..OrderFilter::default() };
    let typed = Typed { from: &asked.from, to: &asked.to, least: &asked.least, most: &asked.most };
    let filter = filter.within(&typed)?;
    let found = office::walk(&db, &filter, Walk { after: after.as_ref(), limit: asked.limit.0 }).await?;
    Ok(Listed::<OfficeOrder>::of(found).answer(&uri))
}

/// An order
///
/// With its attempts to pay, its refunds and all that happened to it.
#[utoipa::path(
    get,
    path = "/admin/orders/{number}",
    operation_id = "office_order",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    responses(
        (status = 200, description = "The order.", body = OfficeOrderDetails),
        Unchanged, TokenProblems, NotThere,
    )
)]
pub async fn one(
    Permitted { db, .. }: Permitted<Orders>,
    Path(number): Path<String>,
) -> Result<Json<OfficeOrderDetails>, Problem> {
    Ok(Json(office::get(&db, &number).await?.into()))
}

/// Pay an order back
///
/// Whole or by line. The wish is written down at once; a job asks the provider until it has said yes, then the titles leave
/// the buyer's library. The order tells how far that is. A person has to have logged in within the last ten minutes; a
/// machine's token for `orders` is enough.
#[utoipa::path(
    post,
    path = "/orders/{number}/refund",
    operation_id = "refund_order",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    request_body = RefundWish,
    responses(
        (status = 202, description = "It will be paid back.", body = RefundAsked,
            headers(("Location" = String, description = "The order, which tells how far its refunds are."))),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn refund(
    Permitted { db, with, .. }: Permitted<Orders>,
    Path(number): Path<String>,
    Body(wish): Body<RefundWish>,
) -> Result<Response, Problem> {
    if with.logged_in_at.is_some() {
        with.require_recent_login(db.now())?;
    }
    let refund_id = match &wish.lines {
        Some(lines) => refunds::ask(&db, &number, lines, &wish.reason).await?,
        None => refunds::ask_for_all(&db, &number, &wish.reason).await?,
    };
    let order = [(LOCATION, format!("/api/v1/admin/orders/{number}"))];
    Ok((StatusCode::ACCEPTED, order, Json(RefundAsked { refund_id })).into_response())
}

/// Write a note to an order
///
/// For the people who run the shop; its buyer does not see it.
#[utoipa::path(
    post,
    path = "/admin/orders/{number}/notes",
    operation_id = "note_order",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    request_body = OrderNote,
    responses((status = 204, description = "It is written down."), BodyProblems, TokenProblems, NotThere)
)]
pub async fn note(
    Permitted { db, .. }: Permitted<Orders>,
    Path(number): Path<String>,
    Body(wish): Body<OrderNote>,
) -> Result<StatusCode, Problem> {
    office::note(&db, &number, &wish.note).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a receipt again
///
/// To the address of the buyer's account.
#[utoipa::path(
    post,
    path = "/admin/orders/{number}/receipt",
    operation_id = "resend_receipt",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    responses((status = 202, description = "The mail is on its way."), TokenProblems, NotThere, Clash)
)]
pub async fn resend_receipt(
    Permitted { db, .. }: Permitted<Orders>,
    Path(number): Path<String>,
) -> Result<StatusCode, Problem> {
    office::resend_receipt(&db, &number).await?;
    Ok(StatusCode::ACCEPTED)
}
