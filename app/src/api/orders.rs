//! Checkout, orders, receipts.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::ordering::{Cart, Order};
use domain::{Currency, Page};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// Orders on a page of the list.
#[cfg(feature = "ssr")]
const ORDERS_A_PAGE: u32 = 20;

/// Titles on a page of purchases.
#[cfg(feature = "ssr")]
const PURCHASES_A_PAGE: u32 = 50;

/// What the checkout page needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutForm {
    pub cart: Cart,
    /// Names this attempt to pay: sending it twice buys once.
    pub key: String,
    pub email: String,
    /// What this person pays in otherwise, where the cart is in another currency.
    pub other_currency: Option<Currency>,
    /// Whom one pays at, on a page of its own; `None` where the card's number is written here.
    pub provider: Option<String>,
}

/// The checkout page: today's prices, and a fresh key for one attempt. `None` for a guest, who is asked to log in. In a shop
/// with taxes they are those of `country` (a code of ISO 3166-1), else of where the buyer last said that they live, else of
/// where the shop stands.
#[server(name = ReadCheckoutForm, input = GetUrl, endpoint = "orders/checkout-form")]
pub async fn checkout_form(#[server(default)] country: String) -> Result<Option<CheckoutForm>, AppError> {
    use domain::ordering::cart::{self, CartOwner};
    let Some(user) = crate::context::viewer().await? else { return Ok(None) };
    let db = crate::context::db()?;
    let country = lives_in(user.id, &country).await?;
    let cart = cart::get_in(&db, Some(&CartOwner::User(user.id)), country).await?;
    let chosen = domain::account::profile::currency(&crate::context::db()?, user.id).await?;
    let other_currency = chosen.filter(|currency| cart.total.minor > 0 && *currency != cart.total.currency);
    let provider = crate::context::shop()?.payments.first().page().map(|page| page.name.to_owned());
    let (key, email) = (domain::secret::token(), user.email.to_string());
    Ok(Some(CheckoutForm { cart, key, email, other_currency, provider }))
}

/// Pays for what is in the cart and goes on to the receipt, or to the provider's page (the browser does so by itself, as
/// only pages of the shop are led to by a form). `total_minor` is what the page showed: when prices changed
/// since, nothing is charged and the page says so. `key` makes a second click the same order.
///
/// `country` is where the buyer lives, for which the page showed the total; it may be empty in a shop without taxes.
///
/// `withdrawal` is the version of the words about the right of withdrawal whose box was ticked; empty when it was not.
#[server(endpoint = "orders/checkout")]
pub async fn checkout(
    key: String,
    total_minor: i64,
    #[server(default)] card: String,
    #[server(default)] withdrawal: String,
    #[server(default)] country: String,
) -> Result<Order, AppError> {
    use domain::ordering::checkout::{Purchase, accepted, buy, typed_agreement, typed_card};
    let user = crate::context::require_user().await?;
    let shop = crate::context::shop()?;
    let (card, agreed) = (typed_card(&shop.payments, &card)?, typed_agreement(&withdrawal)?);
    crate::context::take(domain::limits::Rule::CheckoutNetwork).await?;
    shop.limits.take(domain::limits::Rule::Checkout, &[&user.id.to_string()]).await?;
    let (db, payments) = (crate::context::db()?, shop.payments);
    let (card, country) = (card.as_ref(), country.parse().ok());
    let purchase = Purchase { expected_total_minor: total_minor, currency: None, card, key: &key, agreed, country };
    let order = accepted(buy(&db, &payments, user.id, purchase).await?)?;
    go_on_to(&order);
    Ok(order)
}

/// Where a buyer lives: as they say now, else as they last said, else where the shop stands.
#[cfg(feature = "ssr")]
pub(super) async fn lives_in(user_id: uuid::Uuid, typed: &str) -> Result<Option<domain::Country>, AppError> {
    let shop = crate::context::settings().await?.country;
    let db = crate::context::db()?;
    Ok(domain::ordering::orders::lives_in(&db, user_id, typed.parse().ok(), shop).await?)
}

/// Goes on to the receipt, or to the provider's page.
#[cfg(feature = "ssr")]
pub(super) fn go_on_to(order: &Order) {
    if order.goes_on {
        crate::context::go_on_without_script(&paths::order_payment(&order.number));
    } else {
        leptos_axum::redirect(&paths::order(&order.number));
    }
}

/// Gives up an order of one's own that waits for its payment at the provider. The cart is as it was.
#[server(name = GiveUpOrder, endpoint = "orders/give-up")]
pub async fn give_up_order(number: String) -> Result<Order, AppError> {
    let user = crate::context::require_user().await?;
    let shop = crate::context::shop()?;
    shop.limits.take(domain::limits::Rule::Checkout, &[&user.id.to_string()]).await?;
    let (db, payments) = (crate::context::db()?, shop.payments);
    let order = domain::ordering::going_on::give_up(&db, &payments, user.id, &number).await?;
    crate::context::go_on_without_script(&paths::order(&order.number));
    Ok(order)
}

/// A page of one's own orders, newest first.
#[server(input = GetUrl, endpoint = "orders/list")]
pub async fn orders(#[server(default)] page: u32) -> Result<Page<Order>, AppError> {
    let user = crate::context::require_user().await?;
    let page = domain::PageRequest::new(page, ORDERS_A_PAGE);
    Ok(domain::ordering::orders::orders(&crate::context::db()?, user.id, page).await?)
}

/// A page of what one has bought, and what all of it comes to.
#[server(name = ReadPurchases, input = GetUrl, endpoint = "orders/purchases")]
pub async fn purchases(#[server(default)] page: u32) -> Result<domain::insight::purchases::Purchases, AppError> {
    let user = crate::context::require_user().await?;
    let page = domain::PageRequest::new(page, PURCHASES_A_PAGE);
    Ok(domain::insight::purchases::read::purchases(&crate::context::db()?, user.id, page).await?)
}

/// One of one's own orders. With `back` the buyer comes from the provider's page: it is asked whether it was paid.
#[server(name = ReadOrder, input = GetUrl, endpoint = "orders/get")]
pub async fn order(number: String, #[server(default)] back: bool) -> Result<Order, AppError> {
    let user = crate::context::require_user().await?;
    if back {
        let (db, payments) = (crate::context::db()?, crate::context::shop()?.payments);
        domain::ordering::going_on::look(&db, &payments, user.id, &number).await?;
    }
    Ok(domain::ordering::orders::order(&crate::context::db()?, user.id, &number).await?)
}
