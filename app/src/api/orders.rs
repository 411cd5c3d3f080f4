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
}

/// The checkout page: today's prices, and a fresh key for one attempt. `None` for a guest, who is asked to log in.
#[server(name = ReadCheckoutForm, input = GetUrl, endpoint = "orders/checkout-form")]
pub async fn checkout_form() -> Result<Option<CheckoutForm>, AppError> {
    use domain::ordering::cart::{self, CartOwner};
    let Some(user) = crate::context::viewer().await? else { return Ok(None) };
    let cart = cart::get(&crate::context::db()?, Some(&CartOwner::User(user.id))).await?;
    let chosen = domain::account::profile::currency(&crate::context::db()?, user.id).await?;
    let other_currency = chosen.filter(|currency| cart.total.minor > 0 && *currency != cart.total.currency);
    Ok(Some(CheckoutForm { cart, key: domain::secret::token(), email: user.email.to_string(), other_currency }))
}

/// Pays for what is in the cart and goes on to the receipt. `total_minor` is what the page showed: when prices changed
/// since, nothing is charged and the page says so. `key` makes a second click the same order.
#[server(endpoint = "orders/checkout")]
pub async fn checkout(key: String, total_minor: i64, #[server(default)] card: String) -> Result<Order, AppError> {
    use domain::ordering::{CardNumber, InvalidCard};
    let user = crate::context::require_user().await?;
    let card = match card.trim() {
        "" => None,
        typed => Some(typed.parse::<CardNumber>().map_err(|error: InvalidCard| domain::Error::invalid("card", error))?),
    };
    crate::context::take(domain::limits::Rule::CheckoutNetwork).await?;
    let shop = crate::context::shop()?;
    shop.limits.take(domain::limits::Rule::Checkout, &[&user.id.to_string()]).await?;
    let (db, payments) = (crate::context::db()?, shop.payments);
    let order = domain::ordering::checkout::checkout(&db, &payments, user.id, total_minor, card.as_ref(), &key).await?;
    let order = domain::ordering::checkout::accepted(order)?;
    leptos_axum::redirect(&paths::order(&order.number));
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

/// One of one's own orders.
#[server(name = ReadOrder, input = GetUrl, endpoint = "orders/get")]
pub async fn order(number: String) -> Result<Order, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::ordering::orders::order(&crate::context::db()?, user.id, &number).await?)
}
