//! People, as admins look after them.

use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::catalog::{ContributorForm, ContributorRow, contributors};
use domain::{Db, Place, Walk};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The id of somebody.
///
/// # Errors
/// 404 when nobody has that slug.
pub async fn person_id(db: &Db, which: Which) -> Result<Uuid, Problem> {
    Ok(match which {
        Which::Id(id) => id,
        Which::Slug(slug) => contributors::id_of(db, slug.as_str()).await?,
    })
}

/// Which part of a list of names.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AskedNames {
    /// What the name begins with.
    #[param(example = "ada")]
    pub text: Option<String>,
    /// Items in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl AskedNames {
    /// Where the list goes on.
    ///
    /// # Errors
    /// 422 for a cursor that was never given out.
    pub fn after(&self) -> Result<Option<Place>, Problem> {
        Cursor::place(self.cursor.as_ref())
    }

    /// The part of the list after a place.
    pub fn walk<'a>(&self, after: Option<&'a Place>) -> Walk<'a> {
        Walk { after, limit: self.limit.unwrap_or_default().0 }
    }
}

/// Somebody who writes or reads titles, as admins look after them.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptPerson {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "ada-moss")]
    slug: String,
    #[schema(example = "Ada Moss")]
    name: String,
    /// A biography; may be empty.
    #[schema(example = "She writes about the sea.")]
    about: String,
    /// Titles that they wrote, whatever their status.
    #[schema(example = 3)]
    wrote: u64,
    /// Titles that they read.
    #[schema(example = 0)]
    reads: u64,
    /// They have a page for shoppers: one of the titles is for sale or was.
    #[schema(example = true)]
    in_shop: bool,
}

impl From<ContributorRow> for KeptPerson {
    fn from(row: ContributorRow) -> Self {
        let ContributorForm { name, about } = row.form;
        Self { id: row.id, slug: row.slug, name, about, wrote: row.wrote, reads: row.reads, in_shop: row.in_shop }
    }
}

/// Everybody on a title
///
/// In the order of their names, those with drafts alone as well.
#[utoipa::path(
    get,
    path = "/admin/people",
    operation_id = "list_kept_people",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(AskedNames),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<KeptPerson>),
        Unchanged,
        TokenProblems,
        QueryProblems
    )
)]
pub async fn people(
    with: Permitted<Catalogue>,
    uri: OriginalUri,
    Query(asked): Query<AskedNames>,
) -> Result<Response, Problem> {
    let (after, text) = (asked.after()?, asked.text.as_deref().unwrap_or_default());
    let people = contributors::walk(&with.db, text, asked.walk(after.as_ref())).await?;
    Ok(Listed::<KeptPerson>::of(people).answer(&uri))
}

/// Somebody on a title
///
/// As admins look after them: with drafts as well.
#[utoipa::path(
    get,
    path = "/admin/people/{which}",
    operation_id = "read_kept_person",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "ada-moss")),
    responses((status = 200, description = "The person.", body = KeptPerson), Unchanged, NotThere, TokenProblems)
)]
pub async fn read_person(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Json<KeptPerson>, Problem> {
    let id = person_id(&with.db, which).await?;
    Ok(Json(contributors::get(&with.db, id).await?.into()))
}

/// What changes of a person or series. What is absent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameChange {
    #[serde(default, deserialize_with = "super::change::given")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Ada Moss")]
    pub name: Option<String>,
    /// A biography or description; may be empty.
    #[serde(default, deserialize_with = "super::change::given")]
    #[schema(nullable = false, max_length = 10000, example = "She writes about the sea.")]
    pub about: Option<String>,
}

/// Change somebody's name or biography
///
/// With the name their slug changes; the one before leads on to it.
#[utoipa::path(
    patch,
    path = "/people/{which}",
    operation_id = "change_person",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug.", example = "ada-moss")),
    request_body = NameChange,
    responses(
        (status = 200, description = "The person as they are now.", body = KeptPerson),
        TokenProblems,
        NotThere,
        BodyProblems
    )
)]
pub async fn change_person(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(change): Body<NameChange>,
) -> Result<Json<KeptPerson>, Problem> {
    let id = person_id(&with.db, which).await?;
    let before = contributors::get(&with.db, id).await?.form;
    let form =
        ContributorForm { name: change.name.unwrap_or(before.name), about: change.about.unwrap_or(before.about) };
    contributors::save(&with.db, id, &form).await?;
    Ok(Json(contributors::get(&with.db, id).await?.into()))
}

/// Into whom or what something is merged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInto {
    /// The name of the one that stays.
    #[schema(example = "Ada Moss")]
    pub into: String,
}

/// Make one person of two
///
/// The titles of this one are the other's from then on, and the slug leads there.
#[utoipa::path(
    post,
    path = "/people/{which}/merge",
    operation_id = "merge_person",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Id or slug of the one that goes.", example = "a-moss")),
    request_body = MergeInto,
    responses(
        (status = 200, description = "The one that stayed.", body = KeptPerson),
        TokenProblems,
        NotThere,
        Clash,
        BodyProblems
    )
)]
pub async fn merge_person(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(merge): Body<MergeInto>,
) -> Result<Json<KeptPerson>, Problem> {
    let id = person_id(&with.db, which).await?;
    let kept = contributors::merge(&with.db, id, &merge.into).await?;
    Ok(Json(contributors::get(&with.db, kept).await?.into()))
}
