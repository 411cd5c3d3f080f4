//! Covers of titles and portraits of people: the picture itself is the body of the request.

use super::desk::id_of;
use super::names::person_id;
use crate::AppState;
use crate::artwork::{Failure, keep};
use crate::http::api::openapi::{Clash, NotThere, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::{Details, FieldError, Kind, Problem};
use crate::http::api::values::FileBytes;
use axum::extract::{FromRequest, Request, State};
use bytes::Bytes;
use domain::Db;
use domain::catalog::covers::{self, PictureOf};
use http::StatusCode;
use pictures::Refusal;

/// A picture that was sent.
pub struct Picture(Bytes);

impl<S: Send + Sync> FromRequest<S> for Picture {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "No picture may be so large."),
            _ => Problem::new(Kind::Malformed, "The picture ended before it was complete."),
        })?;
        if bytes.is_empty() { Err(refused("picture.missing")) } else { Ok(Self(bytes)) }
    }
}

fn refused(code: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::new("picture", code)])
}

/// Keeps a picture and gives it to whomever it is of; the sizes are made in a job.
async fn put(state: &AppState, db: &Db, of: PictureOf, picture: Picture) -> Result<StatusCode, Problem> {
    covers::view(db, of).await?;
    let key = keep(db, &*state.storage, picture.0).await.map_err(|failure| match failure {
        Failure::Refused(Refusal::TooManyBytes) => Problem::new(Kind::TooLarge, "No picture may be so large."),
        Failure::Refused(refusal) => refused(refusal.code()),
        Failure::Domain(error) => error.into(),
        error @ (Failure::Storage(_) | Failure::BrokeOff(_)) => Problem::internal(error),
    })?;
    covers::put(db, of, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a title a cover
///
/// The picture is the body: JPEG, PNG, WebP, GIF or BMP. Its sizes are made in a moment; until then the cover of before stays.
#[utoipa::path(
    put,
    path = "/audiobooks/{which}/cover",
    operation_id = "put_cover",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    request_body(content = FileBytes, content_type = "image/*", description = "The picture."),
    responses(
        (status = 204, description = "The picture is kept."),
        (status = 413, description = "The picture is too large.", body = Details,
            content_type = "application/problem+json"),
        (status = 422, description = "It is no picture that the shop takes.", body = Details,
            content_type = "application/problem+json"),
        NotThere,
        TokenProblems
    )
)]
pub async fn put_cover(
    State(state): State<AppState>,
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    picture: Picture,
) -> Result<StatusCode, Problem> {
    let id = id_of(&with.db, which).await?;
    put(&state, &with.db, PictureOf::Title(id), picture).await
}

/// Take the cover of a title away
///
/// It is drawn again from title and authors.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}/cover",
    operation_id = "remove_cover",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 204, description = "The cover is drawn."), NotThere, TokenProblems)
)]
pub async fn remove_cover(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let id = id_of(&with.db, which).await?;
    covers::remove(&with.db, PictureOf::Title(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Use the picture in the recording
///
/// As the cover of the title.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/cover/use-embedded",
    operation_id = "use_embedded_cover",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 204, description = "It is the cover."), NotThere, Clash, TokenProblems)
)]
pub async fn use_embedded(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let id = id_of(&with.db, which).await?;
    covers::use_embedded(&with.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give somebody a portrait
///
/// The picture is the body: JPEG, PNG, WebP, GIF or BMP. Its sizes are made in a moment.
#[utoipa::path(
    put,
    path = "/people/{which}/portrait",
    operation_id = "put_portrait",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the person.", example = "ada-moss")),
    request_body(content = FileBytes, content_type = "image/*", description = "The picture."),
    responses(
        (status = 204, description = "The picture is kept."),
        (status = 413, description = "The picture is too large.", body = Details,
            content_type = "application/problem+json"),
        (status = 422, description = "It is no picture that the shop takes.", body = Details,
            content_type = "application/problem+json"),
        NotThere,
        TokenProblems
    )
)]
pub async fn put_portrait(
    State(state): State<AppState>,
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    picture: Picture,
) -> Result<StatusCode, Problem> {
    let id = person_id(&with.db, which).await?;
    put(&state, &with.db, PictureOf::Contributor(id), picture).await
}

/// Take somebody's portrait away
///
/// Their page goes on without one.
#[utoipa::path(
    delete,
    path = "/people/{which}/portrait",
    operation_id = "remove_portrait",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the person.", example = "ada-moss")),
    responses((status = 204, description = "There is none."), NotThere, TokenProblems)
)]
pub async fn remove_portrait(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let id = person_id(&with.db, which).await?;
    covers::remove(&with.db, PictureOf::Contributor(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
