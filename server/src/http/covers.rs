//! Covers: the uploaded one, or one drawn from title and authors where none was uploaded.

mod art;
mod draw;
mod text;

use super::HttpError;
use crate::AppState;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use domain::catalog::product_page::{CoverFacts, cover_facts};
use http::header::{self, HeaderValue};
use identity::AuthSession;

/// An address that names a version never changes what it shows.
const KEPT: &str = "public, max-age=31536000, immutable";
/// One without a version follows the title within minutes.
const FRESH: &str = "public, max-age=300";
/// What only some may see stays in their browser.
const OWN: &str = "private, no-cache";

/// `GET /covers/{slug}.svg` for a drawn cover, `GET /covers/{slug}` for an uploaded one.
///
/// # Errors
/// 404 when there is no such title, or not for this viewer.
pub async fn cover(
    State(state): State<AppState>,
    session: AuthSession,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let slug = name.strip_suffix(".svg").unwrap_or(&name);
    let viewer = session.user.map(|account| account.0.user);
    let facts = cover_facts(&state.db, slug, viewer.as_ref()).await?;
    let named = query.as_deref().and_then(|query| query.strip_prefix("v="));
    let cache = match named {
        // What some see of a draft is not for the caches in between.
        _ if facts.hidden => OWN,
        Some(version) if version == facts.updated_at.0.to_string() => KEPT,
        _ => FRESH,
    };
    let (media_type, body) = match &facts.key {
        Some(key) => (media_type(key), uploaded(&state, key).await?),
        None => ("image/svg+xml; charset=utf-8", Body::from(drawn(slug, &facts))),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    Ok((headers, body).into_response())
}

fn drawn(slug: &str, facts: &CoverFacts) -> String {
    draw::cover(slug, &facts.title, &facts.authors)
}

async fn uploaded(state: &AppState, key: &str) -> Result<Body, HttpError> {
    let size = state.storage.size(key).await.map_err(HttpError::internal)?;
    let stream = state.storage.read(key, 0..size).await.map_err(HttpError::internal)?;
    Ok(Body::from_stream(stream))
}

/// The media type by the ending of a storage key, which the shop chose itself from the content.
fn media_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, ending)| ending) {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
