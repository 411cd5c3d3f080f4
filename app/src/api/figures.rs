//! What sells, for the people who run the shop.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::insight::report::Report;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What was taken in a range, beside the range before; see [`domain::insight::report::Range::read`] for what may be asked.
/// `currency` is the one that titles are told in, and `order` what they are put in order by.
#[server(name = ReadReport, input = GetUrl, endpoint = "office/report")]
pub async fn report(
    #[server(default)] range: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] currency: String,
    #[server(default)] order: String,
) -> Result<Report, AppError> {
    use domain::insight::report::{Range, TitleOrder, read};
    crate::context::require(Permission::Orders).await?;
    let db = crate::context::db()?;
    let range = Range::read(&range, &from, &to, domain::Day::of(db.now()));
    let own = crate::context::settings().await?.currency;
    Ok(read::report(&db, range, own, currency.parse().ok(), TitleOrder::from_param(&order)).await?)
}
