//! Gifts as their buyers see them.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::State;
use domain::ordering::gifts::resend;
use domain::ordering::{Gift, GiftState, OrderStatus};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A gift, as its buyer sees it.
#[derive(Serialize, ToSchema)]
pub struct GivenGift {
    state: GivenState,
    /// The address that the mail goes to.
    #[schema(example = "ben@example.com")]
    recipient: Option<String>,
    #[schema(example = "Ben")]
    recipient_name: Option<String>,
    #[schema(example = "Ada")]
    sender: Option<String>,
    #[schema(example = "For the long evenings.")]
    message: Option<String>,
    /// The day on which the mail goes.
    #[schema(format = Date, example = "2026-12-24")]
    send_on: String,
    #[schema(format = DateTime, example = "2026-12-24T09:00:00Z")]
    sent_at: Option<String>,
    #[schema(format = DateTime, example = "2026-12-24T18:30:00Z")]
    accepted_at: Option<String>,
}

/// How a gift stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GivenState {
    /// Its order is not paid, or came to nothing.
    Unpaid,
    /// The mail goes on its day.
    Waits,
    Sent,
    Accepted,
    /// It was paid back.
    Over,
}

impl GivenGift {
    pub fn new(gift: Gift, order: OrderStatus) -> Self {
        let state = match gift.state(order) {
            GiftState::Unpaid => GivenState::Unpaid,
            GiftState::Waits => GivenState::Waits,
            GiftState::Sent => GivenState::Sent,
            GiftState::Redeemed => GivenState::Accepted,
            GiftState::Over => GivenState::Over,
        };
        Self {
            state,
            recipient: gift.recipient,
            recipient_name: gift.recipient_name,
            sender: gift.sender,
            message: gift.message,
            send_on: gift.send_on.to_string(),
            sent_at: gift.sent_at.map(time),
            accepted_at: gift.redeemed_at.map(time),
        }
    }
}

/// How a gift is handed over by its buyer.
#[derive(Serialize, ToSchema)]
pub struct GiftLink {
    /// The code; missing once it is used or worth nothing, and of an order that is no gift.
    #[schema(example = "7K3Q-92MX-4TRW-HB6Y")]
    code: Option<String>,
    /// The page where it is accepted.
    #[schema(format = "uri", example = "https://shop.example/gift/7K3Q-92MX-4TRW-HB6Y")]
    address: Option<String>,
}

/// Where the mail of a gift goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiftMail {
    /// The same address once more, or another one instead: that one gets another code.
    #[schema(format = Email, example = "ben@example.com", max_length = 254)]
    recipient: String,
}

/// Get the code of a gift
///
/// For its buyer, who may hand it over themselves.
#[utoipa::path(
    get,
    path = "/orders/{number}/gift",
    operation_id = "read_gift_link",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The code, while it is good.", body = GiftLink), Unchanged, NotThere, TokenProblems)
)]
pub async fn link(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Json<GiftLink>, Problem> {
    let code = resend::shown(&buyer.db, state.vault.as_ref(), buyer.user.id, &number).await?;
    let address = code.as_ref().map(|code| format!("{}{}", state.site, app::paths::gift(code)));
    Ok(Json(GiftLink { code, address }))
}

/// Send the mail of a gift again
///
/// On its day, or at once when that has come. With another address the code before is worth nothing any more.
#[utoipa::path(
    post,
    path = "/orders/{number}/gift/mail",
    operation_id = "resend_gift",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    request_body = GiftMail,
    security(("access_token" = ["shopping"])),
    responses((status = 204, description = "It goes."), NotThere, Clash, BodyProblems, TokenProblems)
)]
pub async fn mail(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
    Body(wish): Body<GiftMail>,
) -> Result<StatusCode, Problem> {
    let (db, vault) = (&buyer.db, state.vault.as_ref());
    resend::resend(db, &state.limits, vault, buyer.user.id, &number, &wish.recipient).await?;
    Ok(StatusCode::NO_CONTENT)
}
