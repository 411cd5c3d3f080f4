//! Paying for what is in the cart.

use super::once;
use super::orders::{Order, going_on};
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, TokenProblems};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use crate::http::api::values::Amount;
use axum::extract::State;
use axum::response::Response;
use domain::limits::Rule;
use domain::ordering::checkout::{Purchase, accepted, buy, typed_agreement, typed_card};
use domain::ordering::{CardNumber, WithdrawalWording};
use domain::{Country, Db, Money};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is bought: all that is in the cart.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// What the cart came to when its buyer saw it. When a price has changed since, nothing is charged.
    total: Amount,
    /// Where the buyer lives (ISO 3166-1), in a shop that has to know it: `tax.asked` of the cart says so.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "DE", min_length = 2, max_length = 2)]
    country: Option<Country>,
    /// The version of the words about the right of withdrawal that the buyer agreed to: the cart has them.
    #[serde(default)]
    #[schema(example = 1)]
    withdrawal: Option<i32>,
    /// The number of a card. What is free needs none, and a shop whose provider asks for it on a page of its own ignores it.
    #[serde(default)]
    #[schema(example = "4242 4242 4242 4242")]
    card: Option<String>,
}

/// What a buyer agrees to by buying, read.
pub struct Terms {
    total: Money,
    country: Option<Country>,
    agreed: Option<WithdrawalWording>,
    card: Option<CardNumber>,
}

impl Terms {
    /// # Errors
    /// 422 for what is no card, 409 for words that there never were; 429 for who tries to pay too often.
    pub async fn read(
        state: &AppState,
        buyer: &Permitted<Shopping>,
        total: &Amount,
        country: Option<Country>,
        (withdrawal, card): (Option<i32>, Option<&str>),
    ) -> Result<Self, Problem> {
        let card = typed_card(&state.payments, card.unwrap_or_default())?;
        let agreed = typed_agreement(&withdrawal.map(|version| version.to_string()).unwrap_or_default())?;
        state.limits.take_network(Rule::CheckoutNetwork, buyer.db.actor()).await?;
        state.limits.take(Rule::Checkout, &[&buyer.user.id.to_string()]).await?;
        Ok(Self { total: total.clone().into(), country, agreed, card })
    }

    /// The purchase of this name on these terms.
    pub fn purchase<'a>(&'a self, name: &'a str) -> Purchase<'a> {
        Purchase {
            expected_total_minor: self.total.minor,
            currency: Some(self.total.currency),
            card: self.card.as_ref(),
            key: name,
            agreed: self.agreed,
            country: self.country,
        }
    }
}

/// An order that was just placed, with where its buyer goes on paying; refused when its payment was declined.
///
/// # Errors
/// 422 on the field `card` for a payment that was declined.
pub async fn placed(
    state: &AppState,
    db: &Db,
    user_id: Uuid,
    order: domain::ordering::Order,
) -> Result<Order, Problem> {
    going_on(state, db, user_id, accepted(order)?).await
}

/// Pay for the cart
///
/// Name the purchase by a new UUID in the header `Idempotency-Key`, and send the same one when you try again: it is bought
/// once, and whoever asks again within 24 hours gets the same answer, also after a connection broke or a server died. Each
/// new attempt, after a card was declined or a price has changed, has a key of its own. An order whose `pay_at` is set waits
/// for its buyer to pay at that address.
#[utoipa::path(
    post,
    path = "/checkout",
    operation_id = "check_out",
    tag = "shopping",
    params(("Idempotency-Key" = String, Header, pattern = "^[!-~]+$", description = "Names this purchase: a new UUID.",
        example = "7c0a2f0e-5b1d-4a38-9f1c-2d0b8c6e4a11", min_length = 1, max_length = 255)),
    request_body = Checkout,
    security(("access_token" = ["shopping"])),
    responses(
        (status = 201, description = "The order. `Location` is its address.", body = Order),
        Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn check_out(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    headers: HeaderMap,
    Body(mut wish): Body<Checkout>,
) -> Result<Response, Problem> {
    let key = once::key(&headers)?;
    let said = (wish.withdrawal, wish.card.as_deref());
    let terms = Terms::read(&state, &buyer, &wish.total, wish.country, said).await?;
    let (db, user_id) = (buyer.db.clone(), buyer.user.id);
    // The number of a card leaves no trace, not even a digest.
    wish.card = None;
    once::answered(&buyer.db, user_id, &key, ("checkout", &wish), move |name| async move {
        let order = buy(&db, &state.payments, user_id, terms.purchase(&name)).await?;
        placed(&state, &db, user_id, order).await
    })
    .await
}
