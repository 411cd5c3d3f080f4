//! Taking a file away that has not become a part.

use super::id_of;
use crate::http::api::openapi::{Clash, NotThere, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Permitted, Production};
use crate::http::api::problem::Problem;
use domain::production::uploads;
use http::StatusCode;
use uuid::Uuid;

/// Take a file away
///
/// One that has arrived and is no part of the title yet, such as one that cannot be heard: the title is begun anew with the
/// others. A part is removed by `remove_part`, and an upload that is under way by tus.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}/uploads/{upload}",
    operation_id = "forget_upload",
    tag = "production",
    security(("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("upload" = Uuid, Path, description = "The id of the upload.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
    ),
    responses((status = 204, description = "It is gone."), TokenProblems, NotThere, Clash)
)]
pub async fn forget(
    Permitted { db, .. }: Permitted<Production>,
    Path((which, upload)): Path<(Which, Uuid)>,
) -> Result<StatusCode, Problem> {
    let id = id_of(&db, &which).await?;
    uploads::forget(&db, id, upload).await?;
    Ok(StatusCode::NO_CONTENT)
}
