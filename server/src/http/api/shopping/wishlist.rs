//! What a person wishes for.

use crate::http::api::brief::{BriefTitle, CurrentPrice, slug_of};
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::wishlist::keep;
use domain::{Page, PageRequest};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A title that is wished for.
#[derive(Serialize, ToSchema)]
pub struct WishedTitle {
    audiobook: BriefTitle,
    price: CurrentPrice,
    /// How many licences are left to sell, where they are counted.
    #[schema(example = 3)]
    licences_left: Option<i32>,
}

/// Which part of the list is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedWishes {
    /// How many at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "eyJwYWdlIjoyfQ")]
    cursor: Option<Cursor>,
}

/// List your wishes
///
/// The latest first. What is in the library already, or nobody can buy, is left out.
#[utoipa::path(
    get,
    path = "/wishlist",
    operation_id = "list_wishes",
    tag = "shopping",
    params(WantedWishes),
    security(("access_token" = ["shopping"])),
    responses(
        (status = 200, description = "The titles.", body = Listed<WishedTitle>),
        Unchanged, QueryProblems, TokenProblems,
    )
)]
pub async fn list(
    buyer: Permitted<Shopping>,
    Query(wanted): Query<WantedWishes>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let request = PageRequest::new(Cursor::page(wanted.cursor.as_ref())?, wanted.limit.0);
    // A wishlist has an end: see `domain::wishlist::MOST`.
    let books = keep::list(&buyer.db, buyer.user.id).await?.books;
    let first = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let shown = books.iter().skip(first).take(request.size as usize).map(|title| WishedTitle {
        audiobook: title.into(),
        price: title.price.into(),
        licences_left: title.licences_left,
    });
    let page = Page::new(shown.collect(), books.len() as u64, request);
    let next = Cursor::after(&page);
    Ok(Listed::new(page.items, next).answer(&uri))
}

/// Wish for a title
///
/// Doing it again changes nothing.
#[utoipa::path(
    put,
    path = "/wishlist/{which}",
    operation_id = "wish",
    tag = "shopping",
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-snow-queen")),
    security(("access_token" = ["shopping"])),
    responses((status = 204, description = "It is on the list."), NotThere, Clash, TokenProblems)
)]
pub async fn wish(buyer: Permitted<Shopping>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let slug = slug_of(&buyer.db, &which).await?;
    keep::wish(&buyer.db, buyer.user.id, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Wish for a title no longer
///
/// Doing it again changes nothing.
#[utoipa::path(
    delete,
    path = "/wishlist/{which}",
    operation_id = "forget_wish",
    tag = "shopping",
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-snow-queen")),
    security(("access_token" = ["shopping"])),
    responses((status = 204, description = "It is not on the list."), NotThere, TokenProblems)
)]
pub async fn forget(buyer: Permitted<Shopping>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let slug = slug_of(&buyer.db, &which).await?;
    keep::forget(&buyer.db, buyer.user.id, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
