//! People and series, with their titles.

use super::audiobook::{Audiobook, CoverSize};
use super::moved;
use crate::AppState;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::catalog::covers::SIDES;
use domain::catalog::{Collection, ContributorRole, browse, contributors, directory, series};
use domain::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who writes or reads titles, or a series, as it stands in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedName {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "ada-moss")]
    slug: String,
    #[schema(example = "Ada Moss")]
    name: String,
    /// The sizes of a portrait; empty without one, and for a series.
    portrait: Vec<CoverSize>,
}

impl From<directory::Listed> for ListedName {
    fn from(listed: directory::Listed) -> Self {
        let portrait = portrait(&listed.link.slug, listed.portrait);
        Self { id: listed.id, slug: listed.link.slug, name: listed.link.name, portrait }
    }
}

/// A person or series with its titles.
#[derive(Debug, Serialize, ToSchema)]
pub struct NameWithTitles {
    #[schema(example = "ada-moss")]
    slug: String,
    #[schema(example = "Ada Moss")]
    name: String,
    /// A biography or a description; may be empty.
    #[schema(example = "She writes about the sea.")]
    about: String,
    /// The sizes of a portrait; empty without one, and for a series.
    portrait: Vec<CoverSize>,
    /// Titles for sale, at most 200: those of a person newest first, those of a series in its order.
    titles: Vec<Audiobook>,
}

impl NameWithTitles {
    fn new(slug: String, found: Collection) -> Self {
        let portrait = portrait(&slug, found.portrait);
        let titles = found.titles.into_iter().map(Audiobook::from).collect();
        Self { slug, name: found.name, about: found.about, portrait, titles }
    }
}

fn portrait(slug: &str, changed: Option<Timestamp>) -> Vec<CoverSize> {
    let Some(version) = changed else { return Vec::new() };
    let at = |side, kind, media_type| CoverSize {
        side,
        media_type,
        address: app::paths::portrait_size(slug, version, side, kind),
    };
    SIDES.iter().flat_map(|side| [at(*side, "webp", "image/webp"), at(*side, "jpg", "image/jpeg")]).collect()
}

/// What people do for titles.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PeopleRole {
    Author,
    Narrator,
}

/// Which people.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskedPeople {
    /// What their name begins with.
    #[param(example = "ada")]
    text: Option<String>,
    /// Only those who wrote titles, or who read them.
    #[param(inline, example = "author")]
    role: Option<PeopleRole>,
    /// Items in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Authors and narrators
///
/// Those who have a title that is for sale or was, in the order of their slugs.
#[utoipa::path(
    get,
    path = "/people",
    operation_id = "list_people",
    tag = "catalogue",
    params(AskedPeople),
    responses((status = 200, description = "A part of the list.", body = Listed<ListedName>), Unchanged, QueryProblems)
)]
pub async fn people(
    State(state): State<AppState>,
    uri: OriginalUri,
    Query(wanted): Query<AskedPeople>,
) -> Result<Response, Problem> {
    let after: Option<String> = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let asked = directory::Asked {
        text: wanted.text.as_deref().unwrap_or_default(),
        after: after.as_deref(),
        most: u64::from(wanted.limit.unwrap_or_default().0),
    };
    let role = wanted.role.map(|role| match role {
        PeopleRole::Author => ContributorRole::Author,
        PeopleRole::Narrator => ContributorRole::Narrator,
    });
    Ok(answer(directory::contributors(&state.db, &asked, role).await?, &uri))
}

/// Which series.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskedSeries {
    /// What their name begins with.
    #[param(example = "bells")]
    text: Option<String>,
    /// Items in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Series
///
/// Those that have a title that is for sale or was, in the order of their slugs.
#[utoipa::path(
    get,
    path = "/series",
    operation_id = "list_series",
    tag = "catalogue",
    params(AskedSeries),
    responses((status = 200, description = "A part of the list.", body = Listed<ListedName>), Unchanged, QueryProblems)
)]
pub async fn all_series(
    State(state): State<AppState>,
    uri: OriginalUri,
    Query(wanted): Query<AskedSeries>,
) -> Result<Response, Problem> {
    let after: Option<String> = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let asked = directory::Asked {
        text: wanted.text.as_deref().unwrap_or_default(),
        after: after.as_deref(),
        most: u64::from(wanted.limit.unwrap_or_default().0),
    };
    Ok(answer(directory::all_series(&state.db, &asked).await?, &uri))
}

fn answer((listed, more): (Vec<directory::Listed>, bool), uri: &OriginalUri) -> Response {
    let next = listed.last().filter(|_| more).map(|last| Cursor::of(&last.link.slug));
    let entries = listed.into_iter().map(ListedName::from).collect();
    Listed::<ListedName>::new(entries, next).answer(uri)
}

/// An author or narrator
///
/// With titles that they wrote or read. Where somebody has more than 200, `audiobooks?author=` goes on.
#[utoipa::path(
    get,
    path = "/people/{which}",
    operation_id = "read_person",
    tag = "catalogue",
    params(("which" = String, Path, description = "Id or slug.", example = "ada-moss")),
    responses(
        (status = 200, description = "The person.", body = NameWithTitles),
        (status = 301, description = "Renamed or merged: `Location` says where they are now."),
        Unchanged,
        NotThere,
        QueryProblems
    )
)]
pub async fn person(
    State(state): State<AppState>,
    uri: OriginalUri,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    let slug = match which {
        Which::Id(id) => contributors::slug_of(&state.db, id).await?,
        Which::Slug(slug) => slug.to_string(),
    };
    match browse::contributor(&state.db, &slug).await {
        Err(Error::NotFound(what)) => {
            let moved = contributors::moved_to(&state.db, &slug).await?.ok_or(Error::NotFound(what))?;
            Ok(moved::to(&format!("/api/v1/people/{}", moved::segment(&moved)), &uri))
        }
        found => Ok(Json(NameWithTitles::new(slug, found?)).into_response()),
    }
}

/// A series
///
/// With its titles in order, those without a number last.
#[utoipa::path(
    get,
    path = "/series/{which}",
    operation_id = "read_series",
    tag = "catalogue",
    params(("which" = String, Path, description = "Id or slug.", example = "bells")),
    responses(
        (status = 200, description = "The series.", body = NameWithTitles),
        (status = 301, description = "Renamed or merged: `Location` says where it is now."),
        Unchanged,
        NotThere,
        QueryProblems
    )
)]
pub async fn one_series(
    State(state): State<AppState>,
    uri: OriginalUri,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    let slug = match which {
        Which::Id(id) => series::slug_of(&state.db, id).await?,
        Which::Slug(slug) => slug.to_string(),
    };
    match browse::series(&state.db, &slug).await {
        Err(Error::NotFound(what)) => {
            let moved = series::moved_to(&state.db, &slug).await?.ok_or(Error::NotFound(what))?;
            Ok(moved::to(&format!("/api/v1/series/{}", moved::segment(&moved)), &uri))
        }
        found => Ok(Json(NameWithTitles::new(slug, found?)).into_response()),
    }
}
