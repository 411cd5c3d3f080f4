//! Categories, as admins keep them.

use super::change::given;
use super::title::PartOf;
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use domain::Db;
use domain::catalog::{CategoryForm, CategoryRow, categories};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A category, as admins keep it.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptCategory {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "adventure")]
    slug: String,
    #[schema(example = "Adventure")]
    name: String,
    /// May be empty.
    #[schema(example = "Far away and in danger.")]
    description: String,
    /// Words that speak for it, separated by commas, for the writer that needs no model.
    #[schema(example = "ship, storm, treasure")]
    keywords: String,
    /// Titles in it, whatever their status.
    #[schema(example = 3)]
    titles: u64,
}

impl From<CategoryRow> for KeptCategory {
    fn from(row: CategoryRow) -> Self {
        let CategoryForm { name, description, keywords } = row.form;
        Self { id: row.id, slug: row.slug, name, description, keywords, titles: row.titles }
    }
}

/// A category as it is now.
///
/// # Errors
/// 404 when there is none.
pub async fn answer(db: &Db, id: Uuid) -> Result<Json<KeptCategory>, Problem> {
    Ok(Json(categories::get(db, id).await?.into()))
}

/// All categories
///
/// In the shop's order.
#[utoipa::path(
    get,
    path = "/admin/categories",
    operation_id = "list_kept_categories",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(PartOf),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<KeptCategory>),
        Unchanged,
        TokenProblems,
        QueryProblems
    )
)]
pub async fn list(
    with: Permitted<Catalogue>,
    uri: OriginalUri,
    Query(part): Query<PartOf>,
) -> Result<Response, Problem> {
    let all = categories::list(&with.db).await?;
    let (some, next) = Cursor::part(all, part.cursor.as_ref(), part.limit.unwrap_or_default())?;
    Ok(Listed::new(some.into_iter().map(KeptCategory::from).collect(), next).answer(&uri))
}

/// A new category.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    #[schema(min_length = 1, max_length = 60, example = "Tall tales")]
    name: String,
    /// May be empty.
    #[serde(default)]
    #[schema(example = "Far away and in danger.")]
    description: String,
    /// Words that speak for it, separated by commas.
    #[serde(default)]
    #[schema(example = "ship, storm, treasure")]
    keywords: String,
}

/// Add a category
///
/// At the end of the list.
#[utoipa::path(
    post,
    path = "/categories",
    operation_id = "create_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    request_body = NewCategory,
    responses(
        (status = 201, description = "The category.", body = KeptCategory),
        TokenProblems,
        Clash,
        BodyProblems
    )
)]
pub async fn create(with: Permitted<Catalogue>, Body(new): Body<NewCategory>) -> Result<Response, Problem> {
    let form = CategoryForm { name: new.name, description: new.description, keywords: new.keywords };
    let id = categories::create(&with.db, &form).await?;
    let category = answer(&with.db, id).await?;
    Ok((StatusCode::CREATED, [(LOCATION, format!("/api/v1/admin/categories/{id}"))], category).into_response())
}

/// How many categories were added.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarterCategories {
    /// None where the shop has one already.
    #[schema(example = 14)]
    added: usize,
}

/// Begin with a usual list
///
/// Adds the categories that most shops of audiobooks have, with words that speak for each, to a shop that has none. One with a
/// list of its own keeps that as it is.
#[utoipa::path(
    post,
    path = "/categories/starters",
    operation_id = "add_starter_categories",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    responses((status = 200, description = "It is done, or was needless.", body = StarterCategories), TokenProblems)
)]
pub async fn add_starters(with: Permitted<Catalogue>) -> Result<Json<StarterCategories>, Problem> {
    Ok(Json(StarterCategories { added: categories::add_starters(&with.db).await? }))
}

/// A category to look after
///
/// With the words that speak for it.
#[utoipa::path(
    get,
    path = "/admin/categories/{id}",
    operation_id = "read_kept_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The category.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The category.", body = KeptCategory), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(with: Permitted<Catalogue>, Path(id): Path<Uuid>) -> Result<Json<KeptCategory>, Problem> {
    answer(&with.db, id).await
}

/// What changes of a category. What is absent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryChange {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 60, example = "Tall tales")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "Far away and in danger.")]
    description: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "ship, storm, treasure")]
    keywords: Option<String>,
}

/// Change a category
///
/// With the name its slug changes; the one before leads on to it.
#[utoipa::path(
    patch,
    path = "/categories/{id}",
    operation_id = "change_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The category.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = CategoryChange,
    responses(
        (status = 200, description = "The category as it is now.", body = KeptCategory),
        TokenProblems,
        NotThere,
        BodyProblems
    )
)]
pub async fn change(
    with: Permitted<Catalogue>,
    Path(id): Path<Uuid>,
    Body(change): Body<CategoryChange>,
) -> Result<Json<KeptCategory>, Problem> {
    let before = categories::get(&with.db, id).await?.form;
    let form = CategoryForm {
        name: change.name.unwrap_or(before.name),
        description: change.description.unwrap_or(before.description),
        keywords: change.keywords.unwrap_or(before.keywords),
    };
    categories::save(&with.db, id, &form).await?;
    answer(&with.db, id).await
}

/// Delete a category
///
/// Its titles are no longer in it. Refused while a title that is for sale is in no other one.
#[utoipa::path(
    delete,
    path = "/categories/{id}",
    operation_id = "delete_category",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The category.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is gone."), NotThere, Clash, TokenProblems)
)]
pub async fn delete(with: Permitted<Catalogue>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    categories::delete(&with.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
