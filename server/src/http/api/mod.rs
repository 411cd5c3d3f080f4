//! The API for programs, under `/api/v1`: tokens instead of cookies, JSON in and out, errors as RFC 9457 describes.
//! Each route says in its code what it takes and answers; [`openapi`] is that, collected.

mod account;
mod auth;
mod bearer;
mod body;
mod brief;
mod browse;
mod catalogue;
mod conditional;
mod cors;
#[cfg_attr(not(test), expect(dead_code, reason = "no route of version 1 is old yet; its tests mark one"))]
mod deprecated;
mod examples;
mod google;
mod keys;
mod limit;
mod listed;
mod listening;
mod machines;
mod manners;
mod office;
mod openapi;
mod params;
mod permitted;
mod problem;
mod production;
mod queries;
mod recovery;
mod shop;
mod shopping;
mod strength;
#[cfg(test)]
pub(super) mod tests;
mod unconditional;
mod users;
mod values;

pub use bearer::ApiUser;
pub use cors::{FromAllowedOrigin, share as share_with_sites};
pub use limit::{is_for_programs, programs as limit_programs};
pub use openapi::document;
pub use permitted::{Permitted, Production};

use crate::AppState;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, HeaderValue};
use problem::{Kind, Problem};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest body of a request, in bytes: far more than any that makes sense.
const BODY_MAX: usize = 16 * 1024;

/// The routes. None of them knows cookies, so they stand outside the session layer.
pub fn routes() -> Router<AppState> {
    let (routes, _) = described().split_for_parts();
    routes.method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
}

/// A refusal as programs read one, for what stands in front of the routes.
pub fn forbidden(why: &str) -> Response {
    Problem::new(Kind::Forbidden, why).into_response()
}

/// The routes with what they say of themselves.
fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::Description::openapi())
        .nest("/api/v1", version_1())
        .routes(routes!(keys::published))
}

fn version_1() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(auth::register))
        .routes(routes!(auth::login))
        .routes(routes!(google::log_in))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::revoke))
        .routes(routes!(auth::validate))
        .routes(routes!(strength::measure))
        .routes(routes!(recovery::ask))
        .routes(routes!(recovery::confirm))
        .routes(routes!(recovery::confirm_address))
        .merge(account::routes())
        .merge(catalogue::routes())
        .merge(shopping::routes())
        .merge(listening::routes())
        .merge(production::routes())
        .merge(office::routes())
        .merge(machines::routes())
        .routes(routes!(shop::read))
        .routes(routes!(shop::legal))
        .routes(routes!(openapi::serve))
        .route("/docs", get(browse::page))
        .route("/docs/plain", get(browse::plain))
        .route("/docs/style.css", get(browse::style))
        .route("/docs/try.js", get(browse::script))
        .fallback(|| async { Problem::not_found() })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn(queries::refuse_unknown))
        .layer(from_fn(unconditional::refuse))
        .layer(from_fn(conditional::tag))
        .layer(from_fn(kept))
}

/// Answers hold tokens or depend on them: nobody between may keep them (RFC 6749, 5.1), unless the answer says so itself. What
/// is only read may be kept by whoever asked, who has to ask whether it still holds.
async fn kept(request: Request, next: Next) -> Response {
    let reads = request.method().is_safe();
    let mut response = next.run(request).await;
    let kept = if reads { "private, no-cache" } else { "no-store" };
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(kept));
    response
}
