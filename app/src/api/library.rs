//! One's own books: the list, the player's facts, the words, the position.

use crate::AppError;
use domain::Page;
use domain::listening::{LibraryItem, Listening, Placed, Position, Quote, Quotes, Within};
use domain::transcript::Segment;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use uuid::Uuid;

/// Books on a page of the library.
#[cfg(feature = "ssr")]
const BOOKS_A_PAGE: u32 = 24;

/// A page of one's own books.
#[server(input = GetUrl, endpoint = "library/list")]
pub async fn library(
    #[server(default)] filter: String,
    #[server(default)] text: String,
    #[server(default)] page: u32,
) -> Result<Page<LibraryItem>, AppError> {
    let user = crate::context::require_user().await?;
    let filter = domain::listening::LibraryFilter::from_param(&filter);
    let page = domain::PageRequest::new(page, BOOKS_A_PAGE);
    Ok(domain::listening::library::library(&crate::context::db()?, user.id, filter, &text, page).await?)
}

/// All the player needs to know of one of one's own books.
#[server(name = ReadListening, input = GetUrl, endpoint = "library/listening")]
pub async fn listening(slug: String) -> Result<Listening, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::listening::player::listening(&crate::context::db()?, &user, &slug).await?)
}

/// What is said between two points of one of one's own books, as far as its text rights allow.
#[server(input = GetUrl, endpoint = "library/segments")]
pub async fn segments(slug: String, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::listening::player::segments(&crate::context::db()?, &user, &slug, from_ms, to_ms).await?)
}

/// Sentences of one book that are shown at once.
#[cfg(feature = "ssr")]
const FOUND_A_PAGE: usize = 20;
/// The same of all books, and of each of them.
#[cfg(feature = "ssr")]
const FOUND_EVERYWHERE: (usize, usize) = (40, 5);

/// The sentences of one of one's own books that have all of these words, after a place in milliseconds; and whether there are
/// more.
#[server(input = GetUrl, endpoint = "library/find")]
pub async fn find(
    slug: String,
    text: String,
    #[server(default)] after_ms: Option<i64>,
) -> Result<(Vec<Quote>, bool), AppError> {
    let user = crate::context::require_user().await?;
    let (db, limits) = (crate::context::db()?, crate::context::shop()?.limits);
    let most = FOUND_A_PAGE + 1;
    let mut found = domain::listening::quotes::in_book(&db, &limits, &user, &slug, &text, after_ms, most).await?;
    let more = found.len() > FOUND_A_PAGE;
    found.truncate(FOUND_A_PAGE);
    Ok((found, more))
}

/// The sentences of all of one's own books that have all of these words, after a place as its address has it.
#[server(input = GetUrl, endpoint = "library/find-everywhere")]
pub async fn find_everywhere(text: String, #[server(default)] after: String) -> Result<Quotes, AppError> {
    let user = crate::context::require_user().await?;
    let (db, limits) = (crate::context::db()?, crate::context::shop()?.limits);
    let (most, each) = FOUND_EVERYWHERE;
    // An address that somebody has changed leads to the beginning.
    let after = after.parse().ok();
    Ok(domain::listening::quotes::in_library(&db, &limits, &user, &text, after, most, each).await?)
}

/// Keeps the place in a book. An older one never overwrites a newer one.
#[server(input = Json, endpoint = "library/save-position")]
pub async fn save_position(
    audiobook_id: Uuid,
    position: Position,
    #[server(default)] within: Option<Within>,
) -> Result<Placed, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::listening::position::save_place(&crate::context::db()?, user.id, audiobook_id, position, within).await?)
}

/// The server's time in milliseconds since 1970, so that a player can correct its own clock.
#[server(input = GetUrl, endpoint = "library/now")]
pub async fn server_now() -> Result<i64, AppError> {
    Ok(crate::context::db()?.now().0)
}
