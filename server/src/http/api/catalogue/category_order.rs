//! The order of the categories, and making one of two.

use super::kept_categories::{KeptCategory, answer};
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::catalog::categories;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Into which category another is merged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeCategory {
    /// The id of the one that stays.
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c")]
    into: Uuid,
}

/// Make one category of two
///
/// The titles of this one are in the other from then on, and the slug leads there.
#[utoipa::path(
    post,
    path = "/categories/{id}/merge",
    operation_id = "merge_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The one that goes.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = MergeCategory,
    responses(
        (status = 200, description = "The one that stayed.", body = KeptCategory),
        TokenProblems,
        NotThere,
        Clash,
        BodyProblems
    )
)]
pub async fn merge(
    with: Permitted<Catalogue>,
    Path(id): Path<Uuid>,
    Body(merge): Body<MergeCategory>,
) -> Result<Json<KeptCategory>, Problem> {
    categories::merge(&with.db, id, merge.into).await?;
    answer(&with.db, merge.into).await
}

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveCategory {
    /// A place up the list, else down.
    #[schema(example = true)]
    up: bool,
}

/// Move a category
///
/// One place up or down the list; at its end nothing happens.
#[utoipa::path(
    post,
    path = "/categories/{id}/move",
    operation_id = "move_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The category.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = MoveCategory,
    responses((status = 204, description = "It has its place."), TokenProblems, NotThere, BodyProblems)
)]
pub async fn shift(
    with: Permitted<Catalogue>,
    Path(id): Path<Uuid>,
    Body(wish): Body<MoveCategory>,
) -> Result<StatusCode, Problem> {
    categories::shift(&with.db, id, wish.up).await?;
    Ok(StatusCode::NO_CONTENT)
}
