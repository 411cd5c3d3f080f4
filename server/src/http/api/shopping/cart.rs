//! The cart of a person: the same as on pages.

use super::quoted::Cart;
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::brief::slug_of;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::State;
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::{Added, orders};
use domain::{Country, Db};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where the buyer lives.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InCountry {
    /// Where the buyer lives (ISO 3166-1): its tax is in the total. Without it, where they last said so.
    #[param(value_type = Option<String>, example = "DE", min_length = 2, max_length = 2)]
    country: Option<Country>,
}

/// A title that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Its id or its slug.
    #[schema(value_type = String, example = "the-snow-queen")]
    audiobook: Which,
}

/// What became of adding a title.
#[derive(Serialize, ToSchema)]
pub struct AddedToCart {
    outcome: Outcome,
    cart: Cart,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Added,
    AlreadyThere,
    /// It is in the library already, and was not put into the cart.
    Owned,
}

/// A coupon that is to be used.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouponCode {
    #[schema(example = "WINTER10", min_length = 1)]
    coupon: String,
}

/// A bundle that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedBundle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    bundle: Uuid,
}

/// The cart of a person, with the tax of where they live.
async fn shown(state: &AppState, db: &Db, user_id: Uuid, said: Option<Country>) -> Result<Cart, Problem> {
    let country = orders::lives_in(db, user_id, said, state.settings.now().await.country).await?;
    Ok(cart::get_in(db, Some(&CartOwner::User(user_id)), country).await?.into())
}

/// Look at the cart
///
/// With today's prices, what bundles and the coupon take off, the tax and the total. It is the same cart as on the pages of
/// the shop. What can no longer be bought is taken out, and `notices` says so once.
#[utoipa::path(
    get,
    path = "/cart",
    operation_id = "read_cart",
    tag = "shopping",
    params(InCountry),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The cart.", body = Cart), Unchanged, QueryProblems, TokenProblems)
)]
pub async fn read(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Query(asked): Query<InCountry>,
) -> Result<Json<Cart>, Problem> {
    Ok(Json(shown(&state, &buyer.db, buyer.user.id, asked.country).await?))
}

/// Put a title into the cart
///
/// Doing it again changes nothing.
#[utoipa::path(
    post,
    path = "/cart/add",
    operation_id = "add_to_cart",
    tag = "shopping",
    request_body = Wanted,
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "What became of it, and the cart.", body = AddedToCart),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn add(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Body(wanted): Body<Wanted>,
) -> Result<Json<AddedToCart>, Problem> {
    let slug = slug_of(&buyer.db, &wanted.audiobook).await?;
    let outcome = match cart::add(&buyer.db, &CartOwner::User(buyer.user.id), &slug).await? {
        Added::Added => {
            cart::put_into_cart(&buyer.db, Some(&buyer.user), &[slug]);
            Outcome::Added
        }
        Added::AlreadyThere => Outcome::AlreadyThere,
        Added::Owned => Outcome::Owned,
    };
    Ok(Json(AddedToCart { outcome, cart: shown(&state, &buyer.db, buyer.user.id, None).await? }))
}

/// Take a title out of the cart
///
/// One that is not there is out already.
#[utoipa::path(
    delete,
    path = "/cart/{which}",
    operation_id = "remove_from_cart",
    tag = "shopping",
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-snow-queen")),
    security(("access_token" = ["shopping"])),
    responses((status = 204, description = "It is not in the cart any more."), NotThere, TokenProblems)
)]
pub async fn remove(buyer: Permitted<Shopping>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let slug = slug_of(&buyer.db, &which).await?;
    cart::remove(&buyer.db, &CartOwner::User(buyer.user.id), &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Use a coupon
///
/// In place of the one that was in the cart.
#[utoipa::path(
    put,
    path = "/cart/coupon",
    operation_id = "apply_coupon",
    tag = "shopping",
    request_body = CouponCode,
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The cart.", body = Cart), Clash, BodyProblems, TokenProblems)
)]
pub async fn apply_coupon(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Body(wish): Body<CouponCode>,
) -> Result<Json<Cart>, Problem> {
    let owner = CartOwner::User(buyer.user.id);
    cart::coupon::apply(&buyer.db, &state.limits, &owner, &wish.coupon).await?;
    Ok(Json(shown(&state, &buyer.db, buyer.user.id, None).await?))
}

/// Use no coupon
///
/// One that is not there is out already.
#[utoipa::path(
    delete,
    path = "/cart/coupon",
    operation_id = "drop_coupon",
    tag = "shopping",
    security(("access_token" = ["shopping"])),
    responses((status = 204, description = "There is no coupon in the cart any more."), TokenProblems)
)]
pub async fn drop_coupon(buyer: Permitted<Shopping>) -> Result<StatusCode, Problem> {
    cart::coupon::remove(&buyer.db, &CartOwner::User(buyer.user.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a bundle into the cart
///
/// All of its titles; those that are there stay.
#[utoipa::path(
    post,
    path = "/cart/bundles",
    operation_id = "add_bundle",
    tag = "shopping",
    request_body = WantedBundle,
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The cart.", body = Cart), Clash, BodyProblems, TokenProblems)
)]
pub async fn add_bundle(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Body(wish): Body<WantedBundle>,
) -> Result<Json<Cart>, Problem> {
    let slugs = cart::bundle::add(&buyer.db, &CartOwner::User(buyer.user.id), wish.bundle).await?;
    cart::put_into_cart(&buyer.db, Some(&buyer.user), &slugs);
    Ok(Json(shown(&state, &buyer.db, buyer.user.id, None).await?))
}
