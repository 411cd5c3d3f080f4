//! Series, as admins look after them.

use super::names::{AskedNames, MergeInto, NameChange};
use super::standing::TitleStatus;
use crate::http::api::body::Body;
use crate::http::api::listed::Listed;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Db;
use domain::catalog::{SeriesForm, SeriesRow, series};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The id of a series.
///
/// # Errors
/// 404 when there is none with that slug.
pub async fn id_of(db: &Db, which: Which) -> Result<Uuid, Problem> {
    Ok(match which {
        Which::Id(id) => id,
        Which::Slug(slug) => series::id_of(db, slug.as_str()).await?,
    })
}

/// A series, as admins look after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptSeries {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "bells")]
    slug: String,
    #[schema(example = "Bells")]
    name: String,
    /// A description; may be empty.
    #[schema(example = "Stories of a lighthouse.")]
    about: String,
    /// Titles in it, whatever their status.
    #[schema(example = 3)]
    titles: u64,
    /// It has a page for shoppers: one of the titles is for sale or was.
    #[schema(example = true)]
    in_shop: bool,
}

impl From<SeriesRow> for KeptSeries {
    fn from(row: SeriesRow) -> Self {
        let SeriesForm { name, about } = row.form;
        Self { id: row.id, slug: row.slug, name, about, titles: row.titles, in_shop: row.in_shop }
    }
}

/// A series with its titles in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptSeriesInOrder {
    series: KeptSeries,
    /// At most 500; those without a number last.
    order: Vec<NumberedTitle>,
}

/// A title in the order of its series.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberedTitle {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "The Bell at North Rock")]
    title: String,
    /// Counted from 1; null when it has none.
    #[schema(example = 2)]
    number: Option<i32>,
    status: TitleStatus,
}

/// A series with its titles as they are now.
///
/// # Errors
/// 404 when there is none.
pub async fn in_order(db: &Db, id: Uuid) -> Result<Json<KeptSeriesInOrder>, Problem> {
    let row = series::get(db, id).await?;
    let order = series::titles(db, id).await?.into_iter().map(|title| NumberedTitle {
        id: title.id,
        title: title.title,
        number: title.number,
        status: title.status.into(),
    });
    Ok(Json(KeptSeriesInOrder { series: row.into(), order: order.collect() }))
}

/// All series
///
/// In the order of their names, those with drafts alone as well.
#[utoipa::path(
    get,
    path = "/admin/series",
    operation_id = "list_kept_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(AskedNames),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<KeptSeries>),
        Unchanged,
        TokenProblems,
        QueryProblems
    )
)]
pub async fn list(
    with: Permitted<Catalogue>,
    uri: OriginalUri,
    Query(asked): Query<AskedNames>,
) -> Result<Response, Problem> {
    let (after, text) = (asked.after()?, asked.text.as_deref().unwrap_or_default());
    let all = series::walk(&with.db, text, asked.walk(after.as_ref())).await?;
    Ok(Listed::<KeptSeries>::of(all).answer(&uri))
}

/// A series to look after
///
/// With its titles in order, whatever their status.
#[utoipa::path(
    get,
    path = "/admin/series/{which}",
    operation_id = "read_kept_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "bells")),
    responses(
        (status = 200, description = "The series and its order.", body = KeptSeriesInOrder),
        Unchanged,
        NotThere,
        TokenProblems
    )
)]
pub async fn read(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Json<KeptSeriesInOrder>, Problem> {
    let id = id_of(&with.db, which).await?;
    in_order(&with.db, id).await
}

/// Change the name or description of a series
///
/// With the name its slug changes; the one before leads on to it.
#[utoipa::path(
    patch,
    path = "/series/{which}",
    operation_id = "change_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "bells")),
    request_body = NameChange,
    responses(
        (status = 200, description = "The series as it is now.", body = KeptSeries),
        TokenProblems,
        NotThere,
        BodyProblems
    )
)]
pub async fn change(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(change): Body<NameChange>,
) -> Result<Json<KeptSeries>, Problem> {
    let id = id_of(&with.db, which).await?;
    let before = series::get(&with.db, id).await?.form;
    let form = SeriesForm { name: change.name.unwrap_or(before.name), about: change.about.unwrap_or(before.about) };
    series::save(&with.db, id, &form).await?;
    Ok(Json(series::get(&with.db, id).await?.into()))
}

/// Delete a series
///
/// One without titles.
#[utoipa::path(
    delete,
    path = "/series/{which}",
    operation_id = "delete_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "bells")),
    responses((status = 204, description = "It is gone."), NotThere, Clash, TokenProblems)
)]
pub async fn delete(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let id = id_of(&with.db, which).await?;
    series::delete(&with.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make one series of two
///
/// The titles of this one are the other's from then on, and the slug leads there.
#[utoipa::path(
    post,
    path = "/series/{which}/merge",
    operation_id = "merge_series",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the one that goes.", example = "the-bells")),
    request_body = MergeInto,
    responses(
        (status = 200, description = "The one that stayed.", body = KeptSeries),
        TokenProblems,
        NotThere,
        Clash,
        BodyProblems
    )
)]
pub async fn merge(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(merge): Body<MergeInto>,
) -> Result<Json<KeptSeries>, Problem> {
    let id = id_of(&with.db, which).await?;
    let kept = series::merge(&with.db, id, &merge.into).await?;
    Ok(Json(series::get(&with.db, kept).await?.into()))
}
