//! What the shop has written for the page of a title, until somebody puts it there.

use super::desk::id_of;
use super::kept::{self, KeptTitle};
use crate::http::api::conditional::IfMatch;
use crate::http::api::openapi::{Clash, NotThere, Outdated, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted, Titles};
use crate::http::api::problem::{Details, Problem};
use axum::Json;
use axum::response::Response;
use domain::Error;
use domain::catalog::{edit, proposal};
use domain::production::{proposals, steps};
use serde::Serialize;
use utoipa::ToSchema;

/// What the shop has written for the page of a title.
#[derive(Serialize, ToSchema)]
pub struct Proposal {
    #[schema(example = "A keeper, a lantern and a long winter.")]
    description: String,
    /// Slugs, best first; at most three.
    #[schema(example = json!(["adventure"]))]
    categories: Vec<String>,
    /// Where in the book each sentence of the description comes from.
    evidence: Vec<Evidence>,
    /// Why each of the categories, in their order.
    reasons: Vec<CategoryReason>,
}

/// Why a title belongs to a category.
#[derive(Serialize, ToSchema)]
pub struct CategoryReason {
    #[schema(example = "adventure")]
    category: String,
    #[schema(example = "Said in the book: “captain” (12), “ship” (9).")]
    because: String,
}

/// A sentence and the stretch of sound behind it.
#[derive(Serialize, ToSchema)]
pub struct Evidence {
    #[schema(example = "A keeper lights his lantern.")]
    sentence: String,
    /// From the start of the book.
    #[schema(example = 61_000)]
    start_ms: i64,
    #[schema(example = 64_500)]
    end_ms: i64,
}

impl From<proposal::Proposal> for Proposal {
    fn from(proposal: proposal::Proposal) -> Self {
        let evidence =
            |one: proposal::Evidence| Evidence { sentence: one.sentence, start_ms: one.start_ms, end_ms: one.end_ms };
        let reason = |one: proposal::CategoryReason| CategoryReason { category: one.category, because: one.because };
        Self {
            description: proposal.description,
            categories: proposal.categories,
            evidence: proposal.evidence.into_iter().map(evidence).collect(),
            reasons: proposal.reasons.into_iter().map(reason).collect(),
        }
    }
}

/// What is proposed for the page of a title
///
/// By the step `describe` of its production: nothing while it has not written anything. For admins with the permission
/// `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/proposal",
    operation_id = "read_proposal",
    tag = "catalogue",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "What is proposed.", body = Proposal), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
) -> Result<Json<Proposal>, Problem> {
    let id = id_of(&db, which).await?;
    let proposal = steps::view(&db, id).await?.proposal.ok_or(Error::NotFound("proposal"))?;
    Ok(Json(proposal.into()))
}

/// Take over what is proposed
///
/// Its description takes the place of the title's, and so do its categories, if it has any. With `If-Match`, only while nobody
/// else has changed the title.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/proposal/use",
    operation_id = "use_proposal",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(
        ("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock"),
        ("if-match" = Option<String>, Header, description = "The tag of what is changed.", example = "\"v3\"")
    ),
    responses(
        (status = 200, description = "The title as it is now.", body = KeptTitle),
        (status = 422, description = "The title could not be saved with it: `errors` says why.", body = Details,
            content_type = "application/problem+json"),
        NotThere,
        Clash,
        Outdated,
        TokenProblems
    )
)]
pub async fn adopt(with: Permitted<Catalogue>, known: IfMatch, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    let version = edit::form(&with.db, id).await?.version;
    let known = known.allow(version)?;
    proposals::adopt(&with.db, id, version).await.map_err(|error| known.refused(error))?;
    kept::answer(&with.db, id).await
}
