//! Orders, for the people who run the shop.
#![expect(clippy::too_many_arguments, reason = "an argument is a field of its form")]

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::ordering::{OrderDetails, OrderRow};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Orders on a page of the list.
#[cfg(feature = "ssr")]
const ORDERS_A_PAGE: u32 = 50;

/// A page of everybody's orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllOrders {
    pub page: Page<OrderRow>,
    /// Through whom the shop is paid, by their names in the books.
    pub providers: Vec<String>,
}

/// A page of everybody's orders, newest first: those whose number or buyer's address begins with `text`, or that have a
/// title with its words; of one status, or of all where `status` names none; and within days, amounts and a provider, where
/// what is empty leaves it open. See [`domain::ordering::OrderFilter`].
#[server(name = ReadAllOrders, input = GetUrl, endpoint = "office/orders")]
pub async fn all_orders(
    #[server(default)] text: String,
    #[server(default)] status: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] provider: String,
    #[server(default)] least: String,
    #[server(default)] most: String,
    #[server(default)] page: u32,
) -> Result<AllOrders, AppError> {
    use domain::ordering::filtered::Typed;
    use domain::ordering::{OrderFilter, OrderStatus};
    crate::context::require(Permission::Orders).await?;
    let filter = OrderFilter { text, status: OrderStatus::from_name(&status), provider, ..OrderFilter::default() };
    let filter = filter.within(&Typed { from: &from, to: &to, least: &least, most: &most })?;
    let page = domain::PageRequest::new(page, ORDERS_A_PAGE);
    let providers = crate::context::shop()?.payments.names().map(str::to_owned).collect();
    Ok(AllOrders { page: domain::ordering::office::list(&crate::context::db()?, &filter, page).await?, providers })
}

/// One of them with all that happened to it.
#[server(name = ReadAnyOrder, input = GetUrl, endpoint = "office/order")]
pub async fn any_order(number: String) -> Result<OrderDetails, AppError> {
    crate::context::require(Permission::Orders).await?;
    Ok(domain::ordering::office::get(&crate::context::db()?, &number).await?)
}

/// Asks for the ticked lines of an order to be paid back; a job does it.
#[server(endpoint = "office/refund")]
pub async fn refund_lines(
    number: String,
    #[server(default)] lines: Vec<Uuid>,
    #[server(default)] reason: String,
) -> Result<(), AppError> {
    crate::context::require(Permission::Orders).await?;
    crate::context::require_recent_login().await?;
    domain::ordering::refunds::ask(&crate::context::db()?, &number, &lines, &reason).await?;
    crate::context::go_on_without_script(&(paths::admin_order(&number) + "?refund=1"));
    Ok(())
}

/// Writes a note to an order.
#[server(endpoint = "office/note")]
pub async fn note_order(number: String, #[server(default)] note: String) -> Result<(), AppError> {
    crate::context::require(Permission::Orders).await?;
    domain::ordering::office::note(&crate::context::db()?, &number, &note).await?;
    crate::context::go_on_without_script(&(paths::admin_order(&number) + "?noted=1"));
    Ok(())
}

/// Sends the receipt of an order to its buyer once more.
#[server(endpoint = "office/resend-receipt")]
pub async fn resend_receipt(number: String) -> Result<(), AppError> {
    crate::context::require(Permission::Orders).await?;
    domain::ordering::office::resend_receipt(&crate::context::db()?, &number).await?;
    crate::context::go_on_without_script(&(paths::admin_order(&number) + "?sent=1"));
    Ok(())
}
