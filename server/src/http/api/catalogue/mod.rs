//! What the shop sells: titles, people, series, categories, reviews, search.

pub mod audiobook;
mod bulk;
mod bulk_run;
mod category_order;
mod change;
mod choices;
mod collections;
mod deletion;
mod desk;
mod fields;
mod images;
mod inventory;
mod kept;
mod kept_categories;
mod kept_series;
mod listing;
mod moderation;
mod moved;
mod my_review;
mod names;
mod product;
mod proposal;
mod rates;
mod reviews;
mod search;
mod series_order;
mod shelf;
mod standing;
#[cfg(test)]
mod tests;
mod title;
mod visitor;

use crate::AppState;
use axum::extract::DefaultBodyLimit;
use pictures::MOST_BYTES;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(listing::list, desk::create))
        .routes(routes!(title::read, desk::change, desk::remove))
        .routes(routes!(title::chapters))
        .routes(routes!(reviews::list))
        .routes(routes!(my_review::mine, my_review::rate, my_review::remove))
        .routes(routes!(my_review::report))
        .routes(routes!(search::search))
        .routes(routes!(search::categories, kept_categories::create))
        .routes(routes!(search::dashboard))
        .routes(routes!(rates::rates))
        .routes(routes!(collections::people))
        .routes(routes!(collections::person, names::change_person))
        .routes(routes!(collections::all_series))
        .routes(routes!(collections::one_series, kept_series::change, kept_series::delete))
        .merge(kept())
        .merge(with_pictures())
}

/// What admins look after.
fn kept() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(shelf::publish))
        .routes(routes!(shelf::unpublish))
        .routes(routes!(shelf::schedule, shelf::unschedule))
        .routes(routes!(shelf::duplicate))
        .routes(routes!(proposal::read))
        .routes(routes!(proposal::adopt))
        .routes(routes!(inventory::list))
        .routes(routes!(desk::read))
        .routes(routes!(deletion::preview))
        .routes(routes!(bulk::change))
        .routes(routes!(bulk::read))
        .routes(routes!(moderation::list))
        .routes(routes!(moderation::hide))
        .routes(routes!(moderation::show))
        .routes(routes!(kept_categories::list))
        .routes(routes!(kept_categories::read))
        .routes(routes!(kept_categories::change, kept_categories::delete))
        .routes(routes!(kept_categories::add_starters))
        .routes(routes!(category_order::merge))
        .routes(routes!(category_order::shift))
        .routes(routes!(names::people))
        .routes(routes!(names::read_person))
        .routes(routes!(names::merge_person))
        .routes(routes!(kept_series::list))
        .routes(routes!(kept_series::read))
        .routes(routes!(kept_series::merge))
        .routes(routes!(series_order::number))
}

/// Routes whose bodies are pictures, which are larger than anything else.
fn with_pictures() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(images::put_cover, images::remove_cover))
        .routes(routes!(images::use_embedded))
        .routes(routes!(images::put_portrait, images::remove_portrait))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}
