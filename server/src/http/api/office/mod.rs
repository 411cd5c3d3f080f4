//! The desk of the shop: orders, prices, figures, people, jobs, the audit trail.

mod audit;
mod bundles;
mod coupons;
mod dashboard;
mod dispute;
mod documents;
mod flags;
mod jobs;
mod legal;
mod models;
mod opening;
mod order;
mod order_event;
mod orders;
mod people;
mod providers;
mod report;
mod sale_wish;
mod sales;
mod settings;
mod taxes;
#[cfg(test)]
mod tests;
pub(super) mod typed;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(orders::list))
        .routes(routes!(orders::one))
        .routes(routes!(orders::refund))
        .routes(routes!(orders::note))
        .routes(routes!(orders::resend_receipt))
        .routes(routes!(documents::receipt))
        .routes(routes!(documents::invoice_of))
        .routes(routes!(documents::read_invoice, documents::make_invoice))
        .routes(routes!(dashboard::read))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::requeue))
        .routes(routes!(jobs::requeue_kind))
        .routes(routes!(jobs::cancel))
        .routes(routes!(audit::list))
        .routes(routes!(coupons::list, coupons::make))
        .routes(routes!(coupons::switch_off))
        .routes(routes!(sales::list, sales::make))
        .routes(routes!(sales::one, sales::change, sales::end))
        .routes(routes!(bundles::list, bundles::make))
        .routes(routes!(bundles::one, bundles::change, bundles::end))
        .routes(routes!(taxes::list, taxes::change_mode))
        .routes(routes!(taxes::set, taxes::remove))
        .routes(routes!(people::list))
        .routes(routes!(people::one))
        .routes(routes!(people::set_permissions))
        .routes(routes!(people::disable_second_step))
        .routes(routes!(people::log_out))
        .routes(routes!(settings::read, settings::change))
        .routes(routes!(providers::list, providers::add))
        .routes(routes!(providers::get, providers::change, providers::remove))
        .routes(routes!(providers::shift))
        .routes(routes!(models::list))
        .routes(routes!(models::fetch, models::call_off))
        .routes(routes!(flags::list))
        .routes(routes!(flags::change))
        .routes(routes!(legal::seller, legal::change_seller))
        .routes(routes!(legal::words, legal::change_words))
        .routes(routes!(opening::read))
        .routes(routes!(opening::begin))
}
