//! Places in a book that its listener marks.

use super::position::place;
use crate::http::api::body::Body;
use crate::http::api::brief::slug_of;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::listening::bookmarks;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A place that was marked.
#[derive(Serialize, ToSchema)]
pub struct Bookmark {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d")]
    id: Uuid,
    /// From the start of the book.
    #[schema(example = 1_050_000)]
    position_ms: i64,
    /// May be empty.
    #[schema(example = "The robber girl!")]
    note: String,
    #[schema(format = DateTime, example = "2026-11-20T20:15:00Z")]
    created_at: String,
    #[schema(format = DateTime, example = "2026-11-20T20:15:00Z")]
    updated_at: String,
}

impl From<bookmarks::Bookmark> for Bookmark {
    fn from(mark: bookmarks::Bookmark) -> Self {
        Self {
            id: mark.id,
            position_ms: mark.position_ms,
            note: mark.note,
            created_at: time(mark.created_at),
            updated_at: time(mark.updated_at),
        }
    }
}

/// A new bookmark.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBookmark {
    /// From the start of the book. Beyond its end is its end.
    #[serde(deserialize_with = "place")]
    #[schema(example = 1_050_000, minimum = 0)]
    position_ms: i64,
    #[serde(default)]
    #[schema(example = "The robber girl!", max_length = 1000)]
    note: String,
}

/// What is to change of a bookmark; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookmarkChange {
    #[serde(default, deserialize_with = "other_place")]
    #[schema(nullable = false, example = 1_051_000, minimum = 0)]
    position_ms: Option<i64>,
    #[serde(default)]
    #[schema(example = "Here the robber girl comes.", max_length = 1000)]
    note: Option<String>,
}

fn other_place<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    place(deserializer).map(Some)
}

/// Which bookmarks are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedBookmarks {
    /// How many at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "WzEwNTAwMDBd")]
    cursor: Option<Cursor>,
}

/// List your bookmarks in a book
///
/// In the order of their places.
#[utoipa::path(
    get,
    path = "/my-books/{which}/bookmarks",
    operation_id = "list_bookmarks",
    tag = "listening",
    params(
        ("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen"),
        WantedBookmarks,
    ),
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The bookmarks.", body = Listed<Bookmark>),
        Unchanged, NotThere, QueryProblems, TokenProblems,
    )
)]
pub async fn list(
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Query(wanted): Query<WantedBookmarks>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let (db, size) = (&listener.db, wanted.limit.0 as usize);
    let after = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let slug = slug_of(db, &which).await?;
    // One more than is shown tells whether there are more.
    let mut found = bookmarks::list(db, &listener.user, &slug, after, u64::from(wanted.limit.0) + 1).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|last| Cursor::of(&(last.position_ms, last.id)));
    Ok(Listed::new(found.into_iter().map(Bookmark::from).collect(), next).answer(&uri))
}

/// Mark a place
///
/// At most 1,000 in a book.
#[utoipa::path(
    post,
    path = "/my-books/{which}/bookmarks",
    operation_id = "add_bookmark",
    tag = "listening",
    params(("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen")),
    request_body = NewBookmark,
    security(("access_token" = ["listening"])),
    responses(
        (status = 201, description = "The bookmark.", body = Bookmark),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn add(
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Body(new): Body<NewBookmark>,
) -> Result<(StatusCode, Json<Bookmark>), Problem> {
    let slug = slug_of(&listener.db, &which).await?;
    let mark = bookmarks::add(&listener.db, &listener.user, &slug, new.position_ms, &new.note).await?;
    Ok((StatusCode::CREATED, Json(mark.into())))
}

/// Change a bookmark
#[utoipa::path(
    patch,
    path = "/my-books/{which}/bookmarks/{id}",
    operation_id = "change_bookmark",
    tag = "listening",
    description = "Its place, its note, or both.",
    params(
        ("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen"),
        ("id" = Uuid, Path, description = "The bookmark.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d"),
    ),
    request_body = BookmarkChange,
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The bookmark, as it is now.", body = Bookmark),
        NotThere, BodyProblems, TokenProblems,
    )
)]
pub async fn change(
    listener: Permitted<Listening>,
    Path((which, id)): Path<(Which, Uuid)>,
    Body(wish): Body<BookmarkChange>,
) -> Result<Json<Bookmark>, Problem> {
    let slug = slug_of(&listener.db, &which).await?;
    let (place, note) = (wish.position_ms, wish.note.as_deref());
    Ok(Json(bookmarks::change(&listener.db, &listener.user, &slug, id, place, note).await?.into()))
}

/// Take a bookmark out
#[utoipa::path(
    delete,
    path = "/my-books/{which}/bookmarks/{id}",
    operation_id = "remove_bookmark",
    tag = "listening",
    description = "It cannot be brought back.",
    params(
        ("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen"),
        ("id" = Uuid, Path, description = "The bookmark.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d"),
    ),
    security(("access_token" = ["listening"])),
    responses((status = 204, description = "It is gone."), NotThere, TokenProblems)
)]
pub async fn remove(
    listener: Permitted<Listening>,
    Path((which, id)): Path<(Which, Uuid)>,
) -> Result<StatusCode, Problem> {
    let slug = slug_of(&listener.db, &which).await?;
    bookmarks::remove(&listener.db, &listener.user, &slug, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
