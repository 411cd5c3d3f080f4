//! Titles that somebody buys for somebody else.

use super::checkout::{Terms, placed};
use super::once;
use super::orders::Order;
use super::quoted::{AppliedCoupon, Tax, Withdrawal};
use crate::AppState;
use crate::http::api::bearer::ApiUser;
use crate::http::api::body::Body;
use crate::http::api::brief::{BriefTitle, slug_of};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use crate::http::api::values::Amount;
use crate::http::client_info::Acting;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::Country;
use domain::ordering::checkout::{Giving, give as buy};
use domain::ordering::gifts::{quoted, redeem};
use domain::ordering::{GiftForm, PresentStanding, WithdrawalWording, orders};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a title costs as a gift.
#[derive(Serialize, ToSchema)]
pub struct GiftQuote {
    audiobook: BriefTitle,
    coupon: Option<AppliedCoupon>,
    tax: Tax,
    /// What is to be paid.
    total: Amount,
    withdrawal: Withdrawal,
}

/// On which terms.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GiftTerms {
    /// The code of a coupon.
    #[serde(default)]
    #[param(example = "WINTER10")]
    coupon: String,
    /// Where the buyer lives (ISO 3166-1). Without it, where they last said so.
    #[param(value_type = Option<String>, example = "DE", min_length = 2, max_length = 2)]
    country: Option<Country>,
}

/// A gift that is bought.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiftPurchase {
    /// The address that the mail goes to.
    #[schema(format = Email, example = "ben@example.com", max_length = 254)]
    recipient: String,
    /// Whom the mail greets.
    #[serde(default)]
    #[schema(example = "Ben", max_length = 120)]
    recipient_name: String,
    /// Who gives, as they sign.
    #[schema(example = "Ada", min_length = 1, max_length = 120)]
    sender: String,
    #[serde(default)]
    #[schema(example = "For the long evenings.", max_length = 1000)]
    message: String,
    /// The day on which the mail goes, UTC; empty for today.
    #[serde(default)]
    #[schema(example = "")]
    send_on: String,
    /// The code of a coupon.
    #[serde(default)]
    #[schema(example = "")]
    coupon: String,
    /// What the gift came to when its buyer saw it.
    total: Amount,
    /// Where the buyer lives (ISO 3166-1), in a shop that has to know it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "DE", min_length = 2, max_length = 2)]
    country: Option<Country>,
    /// The version of the words about the right of withdrawal that the buyer agreed to.
    #[serde(default)]
    #[schema(example = 1)]
    withdrawal: Option<i32>,
    /// As at the checkout.
    #[serde(default)]
    #[schema(example = "4242 4242 4242 4242")]
    card: Option<String>,
}

/// A gift, as whoever has its code sees it.
#[derive(Serialize, ToSchema)]
pub struct Present {
    audiobook: BriefTitle,
    #[schema(example = "Ben")]
    recipient_name: Option<String>,
    #[schema(example = "Ada")]
    sender: Option<String>,
    #[schema(example = "For the long evenings.")]
    message: Option<String>,
    standing: Standing,
}

/// What whoever has the code of a gift can do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = GiftStanding)]
pub enum Standing {
    /// Log in or register first.
    AskWho,
    Open,
    /// They have the title already, and may pass the gift on.
    Owned,
    /// They have accepted it themselves.
    Yours,
    /// Somebody else has.
    Taken,
}

/// A gift that was accepted.
#[derive(Serialize, ToSchema)]
pub struct AcceptedGift {
    /// The slug of the title, which is in the library now.
    #[schema(example = "the-snow-queen")]
    audiobook: String,
}

/// Ask what a title costs as a gift
///
/// With what a coupon takes off and the tax of where the buyer lives.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/gift",
    operation_id = "quote_gift",
    tag = "shopping",
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-snow-queen"), GiftTerms),
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "What it comes to.", body = GiftQuote),
        Unchanged, NotThere, Clash, QueryProblems, TokenProblems,
    )
)]
pub async fn quote(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(which): Path<Which>,
    Query(terms): Query<GiftTerms>,
) -> Result<Json<GiftQuote>, Problem> {
    let (db, user_id) = (&buyer.db, buyer.user.id);
    let slug = slug_of(db, &which).await?;
    let country = orders::lives_in(db, user_id, terms.country, state.settings.now().await.country).await?;
    let offer = quoted::offer(db, &state.limits, user_id, &slug, &terms.coupon, country).await?;
    Ok(Json(GiftQuote {
        audiobook: (&offer.title).into(),
        coupon: offer.coupon.map(Into::into),
        tax: offer.tax.into(),
        total: offer.total.into(),
        withdrawal: WithdrawalWording::CURRENT.into(),
    }))
}

/// Buy a title for somebody else
///
/// A mail brings them a code that puts it into their library. The cart stays as it is. The header `Idempotency-Key` makes
/// sure that it is bought once, as at the checkout.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/gift",
    operation_id = "give",
    tag = "shopping",
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-snow-queen"),
        ("Idempotency-Key" = String, Header, pattern = "^[!-~]+$", description = "Names this purchase: a new UUID.",
            example = "7c0a2f0e-5b1d-4a38-9f1c-2d0b8c6e4a12", min_length = 1, max_length = 255),
    ),
    request_body = GiftPurchase,
    security(("access_token" = ["shopping"])),
    responses(
        (status = 201, description = "The order. `Location` is its address.", body = Order),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn give(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(which): Path<Which>,
    headers: HeaderMap,
    Body(mut wish): Body<GiftPurchase>,
) -> Result<Response, Problem> {
    let key = once::key(&headers)?;
    let slug = slug_of(&buyer.db, &which).await?;
    let said = (wish.withdrawal, wish.card.as_deref());
    let terms = Terms::read(&state, &buyer, &wish.total, wish.country, said).await?;
    let form = GiftForm {
        recipient: wish.recipient.clone(),
        recipient_name: wish.recipient_name.clone(),
        sender: wish.sender.clone(),
        message: wish.message.clone(),
        send_on: wish.send_on.clone(),
    };
    let (db, user_id, coupon) = (buyer.db.clone(), buyer.user.id, wish.coupon.clone());
    let what = format!("gift {slug}");
    wish.card = None;
    once::answered(&buyer.db, user_id, &key, (&what, &wish), move |name| async move {
        let giving = Giving { slug: &slug, coupon: &coupon, form: &form };
        let (limits, vault) = (&state.limits, state.vault.as_ref());
        let order = buy(&db, &state.payments, limits, vault, user_id, giving, terms.purchase(&name)).await?;
        placed(&state, &db, user_id, order).await
    })
    .await
}

/// Look at a gift by its code
///
/// Who has the code is who it is for. With a token, `standing` says whether its owner can accept it.
#[utoipa::path(
    get,
    path = "/gifts/{code}",
    operation_id = "read_gift",
    tag = "shopping",
    params(("code" = String, Path, description = "The code of the mail.", example = "7K3Q-92MX-4TRW-HB6Y")),
    security((), ("access_token" = [])),
    responses(
        (status = 200, description = "The gift.", body = Present),
        Unchanged, NotThere, Clash, TokenProblems,
    )
)]
pub async fn look(
    State(state): State<AppState>,
    Acting(actor): Acting,
    viewer: Option<ApiUser>,
    Path(code): Path<String>,
) -> Result<Json<Present>, Problem> {
    let db = state.db.acting(actor);
    let present = redeem::look(&db, &state.limits, viewer.map(|viewer| viewer.user.id), &code).await?;
    let standing = match present.standing {
        PresentStanding::AskWho => Standing::AskWho,
        PresentStanding::Open => Standing::Open,
        PresentStanding::Owned => Standing::Owned,
        PresentStanding::Yours => Standing::Yours,
        PresentStanding::Taken => Standing::Taken,
    };
    Ok(Json(Present {
        audiobook: (&present.title).into(),
        recipient_name: present.recipient_name,
        sender: present.sender,
        message: present.message,
        standing,
    }))
}

/// Accept a gift
///
/// Its title is in the library then. Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/gifts/{code}/accept",
    operation_id = "accept_gift",
    tag = "shopping",
    params(("code" = String, Path, description = "The code of the mail.", example = "7K3Q-92MX-4TRW-HB6Y")),
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "It is in the library.", body = AcceptedGift),
        NotThere, Clash, TokenProblems,
    )
)]
pub async fn accept(
    State(state): State<AppState>,
    reader: Permitted<Shopping>,
    Path(code): Path<String>,
) -> Result<Json<AcceptedGift>, Problem> {
    let audiobook = redeem::accept(&reader.db, &state.limits, reader.user.id, &code).await?;
    Ok(Json(AcceptedGift { audiobook }))
}
