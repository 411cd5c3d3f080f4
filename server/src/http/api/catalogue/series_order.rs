//! The order of the titles of a series.

use super::kept_series::{KeptSeriesInOrder, id_of, in_order};
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::catalog::series;
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Numbers for titles of a series.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesNumbers {
    /// Titles that are not named keep theirs.
    #[schema(max_items = 500)]
    numbers: Vec<TitleNumber>,
}

/// A title and its number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleNumber {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    /// Null for none.
    #[schema(minimum = 1, maximum = 9999, example = 2)]
    number: Option<i32>,
}

/// Number the titles of a series
///
/// Those of another series are left alone.
#[utoipa::path(
    put,
    path = "/series/{which}/order",
    operation_id = "number_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "bells")),
    request_body = SeriesNumbers,
    responses(
        (status = 200, description = "The series and its order.", body = KeptSeriesInOrder),
        TokenProblems,
        NotThere,
        BodyProblems
    )
)]
pub async fn number(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(wanted): Body<SeriesNumbers>,
) -> Result<Json<KeptSeriesInOrder>, Problem> {
    let id = id_of(&with.db, which).await?;
    let typed = wanted.numbers.into_iter();
    let typed: HashMap<Uuid, String> =
        typed.map(|one| (one.id, one.number.map(|number| number.to_string()).unwrap_or_default())).collect();
    series::number(&with.db, id, &typed).await?;
    in_order(&with.db, id).await
}
