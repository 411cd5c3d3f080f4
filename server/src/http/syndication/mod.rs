//! What machines read to find the shop and its titles: robots.txt, sitemaps, Atom feeds, an OPDS 2 catalogue.
//!
//! Everybody gets the same, so it stands outside the session layer, may be kept by every cache in between, and is made
//! at most once in a while, however often it is asked for.

mod address;
mod atom;
mod document;
mod opds;
mod remembered;
mod robots;
mod sitemap;
#[cfg(test)]
mod tests;

use crate::AppState;
use axum::Router;
use axum::routing::get;
use document::Document;
use remembered::Remembered;
use std::sync::Arc;

/// The routes. None of them knows cookies.
pub fn routes() -> Router<AppState> {
    let remembered = Arc::new(Remembered::default());
    Router::new()
        .route("/robots.txt", get(robots::rules))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{name}", get(sitemap::part))
        .route("/feeds/{name}", get(atom::everything))
        .route("/feeds/categories/{name}", get(atom::category))
        .route("/feeds/people/{name}", get(atom::contributor))
        .route("/opds", get(opds::start))
        .route("/opds/titles", get(opds::titles))
        .route("/opds/titles/{slug}", get(opds::title))
        .layer(axum::Extension(remembered))
}
