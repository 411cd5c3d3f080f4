//! Files on their way in.

use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::permitted::{Permitted, Production};
use crate::http::api::problem::Problem;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::production::{UnfinishedUpload, uploads};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which part of the list is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadsAsked {
    /// Uploads in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A file that has not arrived whole.
#[derive(Serialize, ToSchema)]
pub struct OpenUpload {
    pub id: Uuid,
    /// The title that it is for.
    pub audiobook_id: Uuid,
    #[schema(example = "chapter-01.mp3")]
    pub file_name: String,
    /// What whoever sends it knows the file by, as its upload said in `fingerprint`; empty where it said nothing.
    #[schema(example = "chapter-01.mp3-48000000-1763630000000")]
    pub fingerprint: String,
    /// In bytes.
    #[schema(example = 48_000_000)]
    pub size: i64,
    /// Of that, what has arrived.
    #[schema(example = 16_000_000)]
    pub received: i64,
    /// Where it goes on, by tus 1.0.0.
    #[schema(format = "uri-reference", example = "/uploads/0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub address: String,
}

impl From<UnfinishedUpload> for OpenUpload {
    fn from(upload: UnfinishedUpload) -> Self {
        Self {
            id: upload.id,
            audiobook_id: upload.audiobook_id,
            file_name: upload.file_name,
            fingerprint: upload.fingerprint,
            size: upload.size,
            received: upload.received,
            address: format!("/uploads/{}", upload.id),
        }
    }
}

/// Uploads that are not finished
///
/// What whoever asks began by tus and did not finish, what moved last first: the latest 200. Each goes on at its `address`,
/// with the same token, until it is given up there or has lain too long.
#[utoipa::path(
    get,
    path = "/uploads",
    operation_id = "unfinished_uploads",
    tag = "production",
    security(("access_token" = ["production"])),
    params(UploadsAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<OpenUpload>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, user, .. }: Permitted<Production>,
    uri: OriginalUri,
    Query(asked): Query<UploadsAsked>,
) -> Result<Response, Problem> {
    let all = uploads::unfinished(&db, user.id).await?;
    let (some, next) = Cursor::part(all, asked.cursor.as_ref(), asked.limit)?;
    Ok(Listed::new(some.into_iter().map(OpenUpload::from).collect(), next).answer(&uri))
}
