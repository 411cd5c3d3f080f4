//! Tokens for machines, webhooks to them, and what payment providers tell.

mod events;
mod tokens;
mod webhooks;

use crate::AppState;
use crate::http::payments::LONGEST;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use webhooks::messages;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(webhooks::list, webhooks::add))
        .routes(routes!(webhooks::get, webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::renew_secret))
        .routes(routes!(messages::list))
        .routes(routes!(messages::resend))
        .merge(told())
}

/// Routes whose bodies are events of a payment provider.
fn told() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events::hear)).layer(DefaultBodyLimit::max(LONGEST))
}
