//! `GET audiobooks/{which}`: a title, and its chapters.

use super::fields::Fields;
use super::product::{Product, ProductPart};
use super::visitor::Visitor;
use crate::AppState;
use crate::http::api::conditional::versioned;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::Db;
use domain::catalog::{Status, product_page, titles};
use domain::figures::tally::{self, Did};
use domain::ordering::availability;
use domain::ordering::cart::CartOwner;
use domain::transcript::Chapter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Titles that are shown as more like this.
const SIMILAR: u64 = 6;

/// What is wanted of a title.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Names of the members that are wanted, between commas; all unless it is said. The id is always there.
    #[param(example = "title,description,price")]
    fields: Option<String>,
}

/// The address of a title, which is how pages ask for it.
///
/// # Errors
/// 404 when there is none with that id.
pub async fn slug_of(db: &Db, which: Which) -> Result<String, Problem> {
    Ok(match which {
        Which::Id(id) => titles::slug_of(db, id).await?,
        Which::Slug(slug) => slug.to_string(),
    })
}

/// A title
///
/// All that its page says. Drafts are there for admins, archived titles for those who bought them. What a token is good for
/// is the availability, which says whether the title is in the cart or owned already; for an admin who looks after titles
/// there is its version too, and a tag to give as `If-Match`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}",
    operation_id = "read_audiobook",
    tag = "catalogue",
    security((), ("access_token" = [])),
    params(
        ("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock"),
        Wanted
    ),
    responses(
        (status = 200, description = "The title.", body = ProductPart),
        Unchanged,
        TokenProblems,
        NotThere,
        QueryProblems
    )
)]
pub async fn read(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let fields = Fields::of::<Product>(wanted.fields.as_deref())?;
    let (db, viewer) = (&state.db, visitor.0.as_ref());
    let slug = slug_of(db, which).await?;
    let (detail, similar) = product_page::page(db, &slug, viewer, SIMILAR).await?;
    let owner = viewer.map(|user| CartOwner::User(user.id));
    let availability = availability::of_title(db, viewer, owner.as_ref(), &slug).await?;
    if detail.status == Status::Published && !visitor.is_admin() {
        tally::did(db, &slug, Did::View);
    }
    let mut product = Product::new(detail, similar, availability);
    if !visitor.keeps_titles() {
        return Ok(Json(fields.pick(product)).into_response());
    }
    let version = titles::title_header(db, product.id).await?.version;
    product.version = Some(version);
    versioned(version, &fields.pick(product))
}

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartOf {
    /// Items in a part of the list; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    pub limit: Option<Limit>,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

/// A chapter.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleChapter {
    /// Counted from 1.
    #[schema(example = 1)]
    number: usize,
    #[schema(example = "The lantern")]
    title: String,
    /// From the start of the title.
    #[schema(example = 0)]
    start_ms: i64,
    #[schema(example = 1_140_000)]
    end_ms: i64,
}

/// The chapters of a title
///
/// In their order. For everybody who sees the title.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/chapters",
    operation_id = "list_chapters",
    tag = "catalogue",
    security((), ("access_token" = [])),
    params(
        ("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock"),
        PartOf
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<TitleChapter>),
        Unchanged,
        TokenProblems,
        NotThere,
        QueryProblems
    )
)]
pub async fn chapters(
    State(state): State<AppState>,
    visitor: Visitor,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(part): Query<PartOf>,
) -> Result<Response, Problem> {
    let slug = slug_of(&state.db, which).await?;
    let (detail, _) = product_page::page(&state.db, &slug, visitor.0.as_ref(), SIMILAR).await?;
    let chapters = (1..).zip(detail.chapters).map(|(number, chapter)| {
        let Chapter { title, start_ms, end_ms } = chapter;
        TitleChapter { number, title, start_ms, end_ms }
    });
    let (chapters, next) = Cursor::part(chapters.collect(), part.cursor.as_ref(), part.limit.unwrap_or_default())?;
    Ok(Listed::new(chapters, next).answer(&uri))
}
