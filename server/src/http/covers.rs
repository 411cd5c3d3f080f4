//! Covers and portraits: the sizes that were made of a picture, or a cover drawn from title and authors where there is none.

mod art;
mod draw;
mod text;

use super::HttpError;
use crate::AppState;
use crate::artwork::{SHARED_SIDE, media_type};
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::Timestamp;
use domain::catalog::covers::{naming, portrait_made};
use domain::catalog::product_page::{CoverFacts, cover_facts};
use http::header::{self, HeaderValue};
use identity::AuthSession;
use pictures::SIDES;

/// An address that names a version never changes what it shows.
const KEPT: &str = "public, max-age=31536000, immutable";
/// One without a version follows the title within minutes.
const FRESH: &str = "public, max-age=300";
/// What only some may see stays in their browser.
const OWN: &str = "private, no-cache";
/// The size of a picture where an address names none.
const USUAL: u32 = 640;
/// Sides in which drawn covers exist as PNG, besides that of shared links: for lock screens.
const DRAWN: [u32; 2] = [256, 512];

/// `GET /covers/{slug}.svg` for a drawn cover, `/covers/{slug}.png` for one that can be shown with a shared link, 1200 pixels
/// wide or the largest there is, `/covers/{slug}` for one of the usual size. Where a title has a picture, the drawing's address
/// shows that.
///
/// # Errors
/// 404 when there is no such title, or not for this viewer.
pub async fn cover(
    State(state): State<AppState>,
    session: AuthSession,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let (slug, kind) = match name.rsplit_once('.') {
        Some((slug, kind @ ("svg" | "png"))) => (slug, kind),
        _ => (name.as_str(), ""),
    };
    let Seen { facts, cache } = look(&state, session, slug, query.as_deref()).await?;
    match (&facts.made, kind) {
        // A redirect, so that each size lies in the caches once.
        (Some(_), "png") => {
            let largest = SIDES.last().copied().unwrap_or(USUAL);
            let version = facts.updated_at.0;
            let there = Redirect::temporary(&format!("/covers/{slug}/{largest}.jpg?v={version}"));
            Ok(([(header::CACHE_CONTROL, cache)], there).into_response())
        }
        (Some(base), _) => stored(&state, &naming::size(base, USUAL, "jpg"), cache).await,
        (None, "png") => drawn(&state, slug, &facts, SHARED_SIDE, cache).await,
        (None, _) => {
            let svg = draw::cover(slug, &facts.title, &facts.authors);
            Ok(answer("image/svg+xml; charset=utf-8", cache, Body::from(svg)))
        }
    }
}

/// `GET /covers/{slug}/{side}.webp` or `.jpg` for a size of a picture, `.png` for one of a drawing.
///
/// # Errors
/// 404 when there is no such title, or not for this viewer, or no such size of it.
pub async fn sized(
    State(state): State<AppState>,
    session: AuthSession,
    Path((slug, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let (side, kind) = size(&file)?;
    let Seen { facts, cache } = look(&state, session, &slug, query.as_deref()).await?;
    match (&facts.made, kind) {
        (Some(base), "webp" | "jpg") if SIDES.contains(&side) => {
            stored(&state, &naming::size(base, side, kind), cache).await
        }
        (None, "png") if DRAWN.contains(&side) => drawn(&state, &slug, &facts, side, cache).await,
        _ => Err(HttpError::not_found()),
    }
}

/// `GET /portraits/{slug}/{side}.webp` or `.jpg` for a size of somebody's portrait.
///
/// # Errors
/// 404 when there is nobody, or no portrait, or no such size of it.
pub async fn portrait(
    State(state): State<AppState>,
    Path((slug, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let (side, kind) = size(&file)?;
    if !SIDES.contains(&side) || !matches!(kind, "webp" | "jpg") {
        return Err(HttpError::not_found());
    }
    let (base, version) = portrait_made(&state.db, &slug).await?;
    let cache = if names(query.as_deref(), version) { KEPT } else { FRESH };
    stored(&state, &naming::size(&base, side, kind), cache).await
}

/// `640.webp`.
fn size(file: &str) -> Result<(u32, &str), HttpError> {
    let (side, kind) = file.split_once('.').ok_or_else(HttpError::not_found)?;
    Ok((side.parse().map_err(|_| HttpError::not_found())?, kind))
}

/// A cover that this viewer may see, and how long it may be kept.
struct Seen {
    facts: CoverFacts,
    cache: &'static str,
}

async fn look(state: &AppState, session: AuthSession, slug: &str, query: Option<&str>) -> Result<Seen, HttpError> {
    let viewer = session.user.map(|account| account.0.user);
    let facts = cover_facts(&state.db, slug, viewer.as_ref()).await?;
    // What some see of a draft is not for the caches in between.
    let cache = if facts.hidden {
        OWN
    } else if names(query, facts.updated_at) {
        KEPT
    } else {
        FRESH
    };
    Ok(Seen { facts, cache })
}

/// Whether an address names the version that there is.
fn names(query: Option<&str>, version: Timestamp) -> bool {
    query.and_then(|query| query.strip_prefix("v=")).is_some_and(|named| named == version.0.to_string())
}

async fn drawn(
    state: &AppState,
    slug: &str,
    facts: &CoverFacts,
    side: u32,
    cache: &'static str,
) -> Result<Response, HttpError> {
    let svg = || draw::cover(slug, &facts.title, &facts.authors);
    let png = state.drawings.png(slug, facts.updated_at.0, side, svg).await.map_err(HttpError::internal)?;
    let png = png.map_err(HttpError::internal)?;
    Ok(answer("image/png", cache, Body::from(png.to_vec())))
}

async fn stored(state: &AppState, key: &str, cache: &'static str) -> Result<Response, HttpError> {
    let size = state.storage.size(key).await.map_err(HttpError::internal)?;
    let stream = state.storage.read(key, 0..size).await.map_err(HttpError::internal)?;
    let mut response = answer(media_type(key), cache, Body::from_stream(stream));
    response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
    Ok(response)
}

fn answer(media_type: &'static str, cache: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, body).into_response()
}
