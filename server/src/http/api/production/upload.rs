//! A recording in one form.

use super::intake::{self, Taken};
use crate::AppState;
use crate::http::api::openapi::{NotThere, TokenProblems};
use crate::http::api::permitted::{Permitted, Production};
use crate::http::api::problem::{Details, Kind, Problem};
use axum::Json;
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, HeaderValue, LINK, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use tracing::Instrument;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a form needs around its file, in bytes.
const AROUND: u64 = 64 << 10;
/// Where uploads are begun that can be gone on with, and what they are.
const RESUMABLE: &str = "</uploads>; rel=\"https://tus.io/protocols/resumable-upload\"";

/// A form with a recording. The file comes last.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read field by field, and is here to be described")]
pub struct RecordingForm {
    /// What the new title is called. Without it `audiobook_id` says which title the file is for.
    #[schema(example = "The Bell at North Rock", max_length = 300)]
    title: Option<String>,
    /// The title that the file is another part of.
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    audiobook_id: Option<Uuid>,
    /// The part of that title whose place it takes: text and places of listeners in the others stay.
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c")]
    replaces: Option<Uuid>,
    /// Its place among the files of the title, counted from 0; files with a number in their name are put in order by that.
    #[schema(example = 0, minimum = 0)]
    position: Option<i32>,
    /// Of the file, in hexadecimal: what does not fit it is not taken.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: Option<String>,
    /// The recording, or what lies beside one: a cover, chapters, a text.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// A recording that has arrived.
#[derive(Serialize, ToSchema)]
pub struct RecordingTaken {
    /// The title that it is for: a new draft, or the one that was named.
    pub audiobook_id: Uuid,
    /// By which the title's production names the file.
    pub upload_id: Uuid,
    /// Where its production is followed.
    #[schema(format = "uri-reference", example = "/api/v1/audiobooks/0192f0c1-2b3c-7d4e-8f50-617283940a1b/production")]
    pub production: String,
}

/// Upload a recording
///
/// In one form of 100 MB at most, or of what the shop allows. A larger one comes by tus 1.0.0, which goes on where it was cut:
/// at `/uploads`, with the same token. The answer to a file that is too large names that address in `Link`. When every file of
/// the title has arrived, its production begins by itself.
#[utoipa::path(
    post,
    path = "/audiobooks/upload",
    operation_id = "upload_recording",
    tag = "production",
    security(("access_token" = ["production"])),
    request_body(content = RecordingForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, description = "It has arrived.", body = RecordingTaken,
            headers(("Location" = String, description = "Where its production is followed."))),
        (status = 400, description = "The form cannot be read, or broke off.", body = Details,
            content_type = "application/problem+json"),
        (status = 413, description = "The file is too large for a form.", body = Details,
            content_type = "application/problem+json",
            headers(("Link" = String, description = "Where files of any size are taken, by tus."))),
        (status = 415, description = "The body is not said to be a form with a file.", body = Details,
            content_type = "application/problem+json"),
        (status = 422, description = "A field is not valid, or the file is none that the shop takes.", body = Details,
            content_type = "application/problem+json"),
        (status = 409, description = "Too many uploads of this person are open.", body = Details,
            content_type = "application/problem+json"),
        NotThere, TokenProblems,
    )
)]
pub async fn upload(
    State(state): State<AppState>,
    Permitted { db, user, .. }: Permitted<Production>,
    mut request: Request,
) -> Result<Response, Problem> {
    let most = state.config.uploads.form_max_bytes.min(state.uploads.limit);
    let length = length(request.headers());
    if length.is_some_and(|length| length > most + AROUND) {
        return Ok(too_large(most));
    }
    // Of what is said to come no more is taken, and of what is not said no more than may.
    let file_max = i64::try_from(length.unwrap_or(most).min(most)).unwrap_or(i64::MAX);
    DefaultBodyLimit::max(usize::try_from(most + AROUND).unwrap_or(usize::MAX)).apply(&mut request);
    let form = Multipart::from_request(request, &()).await.map_err(|_| {
        Problem::new(Kind::NotMultipart, "Send a form, with the header Content-Type: multipart/form-data; boundary=…")
    })?;
    // In a task of its own: when the connection breaks, what was begun is given up all the same.
    let taking = async move { intake::take(&state, &db, &user, form, file_max).await };
    let task = tokio::spawn(taking.in_current_span());
    match task.await.map_err(Problem::internal)? {
        Ok(Taken { audiobook_id, upload_id }) => {
            let production = format!("/api/v1/audiobooks/{audiobook_id}/production");
            let there = [(LOCATION, production.clone())];
            let taken = Json(RecordingTaken { audiobook_id, upload_id, production });
            Ok((StatusCode::ACCEPTED, there, taken).into_response())
        }
        Err(problem) if problem.kind == Kind::TooLarge => Ok(too_large(most)),
        Err(problem) => Err(problem),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(most: u64) -> Response {
    let detail =
        format!("A form may bring {most} bytes. Send a larger file by tus 1.0.0, at /uploads, with the same token.");
    let mut response = Problem::new(Kind::TooLarge, detail).into_response();
    response.headers_mut().insert(LINK, HeaderValue::from_static(RESUMABLE));
    response
}
