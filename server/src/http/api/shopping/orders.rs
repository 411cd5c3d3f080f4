//! A person's own orders.

use super::given::GivenGift;
use super::quoted::{Saving, TaxLine};
use crate::AppState;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::limits::Rule;
use domain::ordering::{self, going_on, orders};
use domain::{Db, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An order.
#[derive(Serialize, ToSchema)]
pub struct Order {
    /// What people quote.
    #[schema(example = "L-7K3Q-92MX")]
    number: String,
    /// `pending`, `paid`, `fulfilled` (its titles are in the library, or the gift is accepted), `declined`, `cancelled`,
    /// `partly-refunded` or `refunded`.
    #[schema(example = "fulfilled")]
    status: &'static str,
    lines: Vec<OrderLine>,
    /// What its titles cost before bundles and the coupon, and before tax that came on top.
    subtotal: Amount,
    /// What bundles took off.
    bundles: Vec<Saving>,
    #[schema(example = "WINTER10")]
    coupon: Option<String>,
    /// What the coupon took off.
    discount: Amount,
    /// What is paid. Tax is in it.
    total: Amount,
    /// The taxes in the total.
    taxes: Vec<TaxLine>,
    /// Where its buyer lives, by their own word: ISO 3166-1.
    #[schema(example = "DE")]
    country: Option<String>,
    /// What was paid back of it.
    refunded: Amount,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-11-20T09:30:02Z")]
    paid_at: Option<String>,
    withdrawal: Option<Consent>,
    /// The last four digits of the card that was charged.
    #[schema(example = "4242")]
    card_last4: Option<String>,
    /// Why the last payment was refused.
    #[schema(example = "The card has expired.")]
    failure: Option<String>,
    /// Through whom it was paid, or is to be.
    #[schema(example = "stripe")]
    provider: Option<String>,
    /// It waits for its buyer to go on paying elsewhere.
    #[schema(example = false)]
    goes_on: bool,
    /// Where that is: open it in a browser. Not in lists.
    #[schema(format = "uri", example = "https://checkout.stripe.com/c/pay/cs_test_a1b2c3")]
    pay_at: Option<String>,
    /// Whom it is for, where it is a gift.
    gift: Option<GivenGift>,
}

/// A title in an order, as it was then.
#[derive(Serialize, ToSchema)]
pub struct OrderLine {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c")]
    audiobook_id: Uuid,
    #[schema(example = "the-snow-queen")]
    slug: String,
    #[schema(example = "The Snow Queen")]
    title: String,
    list_price: Amount,
    /// What is paid for it, less its shares of bundle and coupon. Tax is in it.
    price: Amount,
    /// Its share of what the coupon takes off.
    discount: Amount,
    /// The bundle that it was bought in, and its share of what that took off.
    bundle: Option<Saving>,
    /// What of its price was paid back.
    refunded: Amount,
    /// When all of it was paid back, and it left the library.
    #[schema(format = DateTime, example = "2026-11-22T10:00:00Z")]
    refunded_at: Option<String>,
}

/// What its buyer agreed to about the right of withdrawal, and when.
#[derive(Serialize, ToSchema)]
pub struct Consent {
    #[schema(example = 1)]
    version: i32,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    agreed_at: String,
}

impl From<ordering::OrderLine> for OrderLine {
    fn from(line: ordering::OrderLine) -> Self {
        Self {
            id: line.id,
            audiobook_id: line.audiobook_id,
            slug: line.slug,
            title: line.title,
            list_price: line.list_price.into(),
            price: line.price.into(),
            discount: line.discount.into(),
            bundle: line.bundle.map(Into::into),
            refunded: line.refunded.into(),
            refunded_at: line.refunded_at.map(time),
        }
    }
}

impl From<ordering::Order> for Order {
    fn from(order: ordering::Order) -> Self {
        let consent = |kept: ordering::WithdrawalConsent| Consent {
            version: kept.wording.version(),
            agreed_at: time(kept.agreed_at),
        };
        Self {
            subtotal: order.subtotal().into(),
            bundles: order.bundles().into_iter().map(Into::into).collect(),
            taxes: order.taxes().into_iter().map(Into::into).collect(),
            number: order.number,
            status: order.status.name(),
            coupon: order.coupon,
            discount: order.discount.into(),
            total: order.total.into(),
            country: order.country.map(|country| country.code().to_owned()),
            refunded: order.refunded.into(),
            created_at: time(order.created_at),
            paid_at: order.paid_at.map(time),
            withdrawal: order.withdrawal.map(consent),
            card_last4: order.card_last4,
            failure: order.failure,
            provider: order.provider,
            goes_on: order.goes_on,
            pay_at: None,
            gift: order.gift.map(|gift| GivenGift::new(gift, order.status)),
            lines: order.lines.into_iter().map(Into::into).collect(),
        }
    }
}

/// An order with where its buyer goes on paying.
pub async fn going_on(state: &AppState, db: &Db, user_id: Uuid, order: ordering::Order) -> Result<Order, Problem> {
    let address = if order.goes_on { going_on::address(db, user_id, &order.number).await? } else { None };
    // The shop's own bank is a page of the shop.
    let whole = |address: String| if address.starts_with('/') { format!("{}{address}", state.site) } else { address };
    Ok(Order { pay_at: address.map(whole), ..order.into() })
}

/// Which orders are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedOrders {
    /// How many at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "WzE3OTUxNjUyMDAwMDBd")]
    cursor: Option<Cursor>,
}

/// List your orders
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/orders",
    operation_id = "list_orders",
    tag = "shopping",
    params(WantedOrders),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The orders.", body = Listed<Order>), Unchanged, QueryProblems, TokenProblems)
)]
pub async fn list(
    buyer: Permitted<Shopping>,
    Query(wanted): Query<WantedOrders>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let before: Option<(i64, Uuid)> = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let before = before.map(|(at, id)| (Timestamp(at), id));
    let size = wanted.limit.0 as usize;
    // One more than is shown tells whether there are more.
    let most = u64::from(wanted.limit.0) + 1;
    let mut found = orders::orders_before(&buyer.db, buyer.user.id, before, most).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|order| Cursor::of(&(order.created_at.0, order.id)));
    Ok(Listed::new(found.into_iter().map(Order::from).collect(), next).answer(&uri))
}

/// Look at an order
///
/// While it waits for its payment elsewhere, the provider is asked whether it was paid. Once it is paid, its receipt is a PDF at
/// `/orders/{number}/receipt.pdf`, for a browser that is logged in.
#[utoipa::path(
    get,
    path = "/orders/{number}",
    operation_id = "read_order",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The order.", body = Order), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Json<Order>, Problem> {
    let (db, user_id) = (&buyer.db, buyer.user.id);
    let mut order = orders::order(db, user_id, &number).await?;
    if order.goes_on {
        going_on::look(db, &state.payments, user_id, &number).await?;
        order = orders::order(db, user_id, &number).await?;
    }
    Ok(Json(going_on(&state, db, user_id, order).await?))
}

/// Give up an order
///
/// That waits for its payment. The cart is as it was. When it was paid in the meantime it is paid, and the answer says so.
#[utoipa::path(
    post,
    path = "/orders/{number}/cancel",
    operation_id = "cancel_order",
    tag = "shopping",
    params(("number" = String, Path, description = "The number of the order.", example = "L-7K3Q-92MX")),
    security(("access_token" = ["shopping"])),
    responses((status = 200, description = "The order, as it stands now.", body = Order), NotThere, Clash, TokenProblems)
)]
pub async fn cancel(
    State(state): State<AppState>,
    buyer: Permitted<Shopping>,
    Path(number): Path<String>,
) -> Result<Json<Order>, Problem> {
    let (db, user_id) = (&buyer.db, buyer.user.id);
    state.limits.take(Rule::Checkout, &[&user_id.to_string()]).await?;
    let order = going_on::give_up(db, &state.payments, user_id, &number).await?;
    Ok(Json(going_on(&state, db, user_id, order).await?))
}
