//! What a browser is told of the shop that somebody keeps on their screen (<https://www.w3.org/TR/appmanifest/>).

#[cfg(test)]
mod tests;

use crate::AppState;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use serde_json::json;

pub fn routes() -> Router<AppState> {
    Router::new().route("/site.webmanifest", get(manifest))
}

async fn manifest(State(state): State<AppState>) -> Response {
    let shop = state.settings.now().await;
    let manifest = json!({
        "name": shop.name,
        "short_name": shop.name,
        "lang": shop.language.tag(),
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#fdfdfb",
        "theme_color": "#17594a",
        "icons": [
            { "src": "/favicon.svg", "type": "image/svg+xml", "sizes": "any" },
            { "src": "/apple-touch-icon.png", "type": "image/png", "sizes": "180x180" },
        ],
    });
    ([(CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response()
}
