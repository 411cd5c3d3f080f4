//! Buying: cart, coupon, checkout, orders, gifts, wishes.

mod cart;
mod checkout;
pub(super) mod documents;
mod gifts;
mod given;
pub(super) mod invoices;
mod once;
mod orders;
mod quoted;
#[cfg(test)]
mod tests;
mod wishlist;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(cart::read))
        .routes(routes!(cart::add))
        .routes(routes!(cart::remove))
        .routes(routes!(cart::apply_coupon, cart::drop_coupon))
        .routes(routes!(cart::add_bundle))
        .routes(routes!(checkout::check_out))
        .routes(routes!(orders::list))
        .routes(routes!(orders::read))
        .routes(routes!(orders::cancel))
        .routes(routes!(invoices::read, invoices::make))
        .routes(routes!(documents::receipt))
        .routes(routes!(documents::invoice_of))
        .routes(routes!(gifts::quote, gifts::give))
        .routes(routes!(given::link))
        .routes(routes!(given::mail))
        .routes(routes!(gifts::look))
        .routes(routes!(gifts::accept))
        .routes(routes!(wishlist::list))
        .routes(routes!(wishlist::wish, wishlist::forget))
}
