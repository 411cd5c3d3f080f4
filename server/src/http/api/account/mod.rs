//! Whoever is logged in: name, address, password, log-ins, second step, what is known of them, leaving.

mod address;
mod data;
mod google;
mod leaving;
mod password;
mod profile;
mod sessions;
#[cfg(test)]
mod tests;
mod two_factor;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(profile::me, profile::change, leaving::leave))
        .routes(routes!(leaving::preview))
        .routes(routes!(sessions::list, sessions::end_all))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::end_others))
        .routes(routes!(address::read, address::begin))
        .routes(routes!(address::stay))
        .routes(routes!(address::send_again))
        .routes(routes!(password::change))
        .routes(routes!(google::read, google::link, google::unlink))
        .routes(routes!(data::read))
        .routes(routes!(two_factor::read, two_factor::begin, two_factor::enable, two_factor::disable))
        .routes(routes!(two_factor::renew_codes, two_factor::keep_codes))
}
