//! Changing the parts of a title: their order, and taking one out.

use super::id_of;
use crate::http::api::body::Body;
use crate::http::api::conditional::{IfMatch, Known, version_tag};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, Outdated, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Permitted, Production};
use crate::http::api::problem::Problem;
use axum::response::{IntoResponse, Response};
use domain::Db;
use domain::production::parts;
use http::StatusCode;
use http::header::ETAG;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The parts of a title in the order that they are to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartOrder {
    /// The id of each part, once.
    #[schema(example = json!(["0192f0c1-2b3c-7d4e-8f50-617283940a1b"]), max_items = 5000)]
    order: Vec<Uuid>,
}

/// Put parts in order
///
/// Each part is named once. Text, chapters, the sample, bookmarks and the places of listeners stay in their part, and move with it.
#[utoipa::path(
    put,
    path = "/audiobooks/{which}/parts/order",
    operation_id = "order_parts",
    tag = "production",
    security(("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("if-match" = Option<String>, Header, description = "The tag of the list of parts.", example = "\"v3\"")
    ),
    request_body = PartOrder,
    responses(
        (status = 204, description = "They are in this order.", headers(("ETag" = String, description = "Of the parts now."))),
        BodyProblems, TokenProblems, NotThere, Outdated,
    )
)]
pub async fn order(
    Permitted { db, .. }: Permitted<Production>,
    known: IfMatch,
    Path(which): Path<Which>,
    Body(wish): Body<PartOrder>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let known = allowed(&db, id, &known).await?;
    parts::put_in_order(&db, id, &wish.order, known.version()).await.map_err(|error| known.refused(error))?;
    changed(&db, id).await
}

/// Remove a part
///
/// With its text. Those who bought the title keep it; whoever was in that part is where the next one begins. The last part of a
/// title stays.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}/parts/{part}",
    operation_id = "remove_part",
    tag = "production",
    security(("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("part" = Uuid, Path, description = "The id of the part.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("if-match" = Option<String>, Header, description = "The tag of the list of parts.", example = "\"v3\"")
    ),
    responses(
        (status = 204, description = "It is gone.", headers(("ETag" = String, description = "Of the parts now."))),
        TokenProblems, NotThere, Clash, Outdated,
    )
)]
pub async fn remove(
    Permitted { db, .. }: Permitted<Production>,
    known: IfMatch,
    Path((which, part)): Path<(Which, Uuid)>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let known = allowed(&db, id, &known).await?;
    parts::remove(&db, id, part, known.version()).await.map_err(|error| known.refused(error))?;
    changed(&db, id).await
}

async fn allowed(db: &Db, id: Uuid, known: &IfMatch) -> Result<Known, Problem> {
    known.allow(parts::version(db, id).await?)
}

async fn changed(db: &Db, id: Uuid) -> Result<Response, Problem> {
    Ok((StatusCode::NO_CONTENT, [(ETAG, version_tag(parts::version(db, id).await?))]).into_response())
}
