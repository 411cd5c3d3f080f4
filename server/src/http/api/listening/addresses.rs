//! Addresses that play, save and read a book without a token, for players that send no headers: made for one person and one
//! book, signed, and good for a quarter of an hour. What the person may is looked up whenever one is used: after a refund it
//! opens nothing.

use crate::AppState;
use crate::http::HttpError;
use crate::http::api::openapi::{NotThere, Outdated, QueryProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::problem::{Details, Kind, Problem};
use crate::http::api::values::FileBytes;
use crate::http::listen::{TextFormat, part_by_address, written};
use crate::tokens::ADDRESS_MS;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use domain::account::users;
use http::header::CONTENT_RANGE;
use http::{HeaderMap, Method, StatusCode};
use serde::Deserialize;

use uuid::Uuid;

/// The addresses of a book for one person.
pub struct Addresses {
    folder: String,
    query: String,
    pub good_until: Timestamp,
}

/// What makes an address good.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Seal {
    /// Whom it was made for.
    #[param(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    person: Uuid,
    /// When it ends, in seconds since 1970.
    #[param(example = 1_795_166_100)]
    until: i64,
    /// The name of the key that it is signed with.
    #[param(example = "nZ4v…")]
    key: String,
    /// Made with that key, of all the others.
    #[param(example = "c2ln…")]
    signature: String,
}

/// Below this path lies all that one signature is for.
fn folder(audiobook: Uuid) -> String {
    format!("/api/v1/listen/{audiobook}")
}

fn signed_text(audiobook: Uuid, person: Uuid, until: i64) -> String {
    format!("lectern address\n{}\n{person}\n{until}", folder(audiobook))
}

impl Addresses {
    /// # Errors
    /// When there is no key to sign with.
    pub async fn new(state: &AppState, person: Uuid, audiobook: Uuid) -> Result<Self, Problem> {
        let until = state.db.now().plus_ms(ADDRESS_MS).0 / 1000;
        let (key, signature) = state.tokens.sign(&state.db, &signed_text(audiobook, person, until)).await?;
        let folder = format!("{}{}", state.site, folder(audiobook));
        let query = format!("person={person}&until={until}&key={key}&signature={signature}");
        Ok(Self { folder, query, good_until: Timestamp(until * 1000) })
    }

    pub fn stream(&self, number: i32) -> String {
        format!("{}/parts/{number}?{}", self.folder, self.query)
    }

    pub fn download(&self, number: i32) -> String {
        format!("{}/parts/{number}/download?{}", self.folder, self.query)
    }

    pub fn transcript(&self, format: TextFormat) -> String {
        format!("{}/transcript/{}?{}", self.folder, format.extension(), self.query)
    }
}

impl Seal {
    /// Whom the address was made for.
    ///
    /// # Errors
    /// 403 when the shop has not made it, or it has ended.
    async fn person(&self, state: &AppState, audiobook: Uuid) -> Result<Uuid, Problem> {
        let text = signed_text(audiobook, self.person, self.until);
        let ends = Timestamp(self.until.saturating_mul(1000));
        let good =
            ends > state.db.now() && state.tokens.is_signed(&state.db, &self.key, &self.signature, &text).await?;
        if good {
            return Ok(self.person);
        }
        Err(Problem::new(Kind::Forbidden, "This address is not good, or no longer: ask my-books for a new one."))
    }
}

fn refused(error: HttpError) -> Problem {
    match error.status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::SERVICE_UNAVAILABLE => Problem::new(Kind::Busy, "Try again in a moment."),
        _ => Problem::internal(error.message),
    }
}

/// What is sent of a part, with refusals as programs read them.
fn sent(response: Response) -> Response {
    match response.status() {
        StatusCode::RANGE_NOT_SATISFIABLE => {
            let size = response.headers().get(CONTENT_RANGE).cloned();
            let mut refused = Problem::new(Kind::NoSuchRange, "Content-Range says how long it is.").into_response();
            refused.headers_mut().extend(size.map(|size| (CONTENT_RANGE, size)));
            refused
        }
        StatusCode::PRECONDITION_FAILED => {
            Problem::new(Kind::PreconditionFailed, "The file is another one than If-Match names.").into_response()
        }
        _ => response,
    }
}

/// Stream a part
///
/// The addresses that `my-books/{id or slug}` gives lead here; they need no token. Ranges work, so a player can begin anywhere.
#[utoipa::path(
    get,
    path = "/listen/{audiobook}/parts/{number}",
    operation_id = "stream_part",
    tag = "listening",
    params(
        ("audiobook" = Uuid, Path, description = "The book.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("number" = i32, Path, description = "Counted from 0.", example = 0, minimum = 0),
        Seal,
    ),
    responses(
        (status = 200, description = "The sound.", body = FileBytes, content_type = "audio/*"),
        (status = 206, description = "A range of it.", body = FileBytes, content_type = "audio/*"),
        (status = 302, description = "Somebody else sends it: `Location` says where."),
        (status = 403, description = "The address is not good, or no longer.", body = Details,
            content_type = "application/problem+json"),
        (status = 416, description = "There is nothing in that range.", body = Details,
            content_type = "application/problem+json"),
        Unchanged, NotThere, Outdated, QueryProblems,
    )
)]
pub async fn stream(
    State(state): State<AppState>,
    Path((audiobook, number)): Path<(Uuid, i32)>,
    Query(seal): Query<Seal>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let person = seal.person(&state, audiobook).await?;
    let response = part_by_address(&state, &method, &headers, (person, audiobook, number), false).await;
    response.map(sent).map_err(refused)
}

/// Download a part
///
/// As streaming it, to be saved under the name of the title.
#[utoipa::path(
    get,
    path = "/listen/{audiobook}/parts/{number}/download",
    operation_id = "download_part",
    tag = "listening",
    params(
        ("audiobook" = Uuid, Path, description = "The book.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("number" = i32, Path, description = "Counted from 0.", example = 0, minimum = 0),
        Seal,
    ),
    responses(
        (status = 200, description = "The file.", body = FileBytes, content_type = "audio/*"),
        (status = 206, description = "A range of it.", body = FileBytes, content_type = "audio/*"),
        (status = 302, description = "Somebody else sends it: `Location` says where."),
        (status = 403, description = "The address is not good, or no longer.", body = Details,
            content_type = "application/problem+json"),
        (status = 416, description = "There is nothing in that range.", body = Details,
            content_type = "application/problem+json"),
        Unchanged, NotThere, Outdated, QueryProblems,
    )
)]
pub async fn download(
    State(state): State<AppState>,
    Path((audiobook, number)): Path<(Uuid, i32)>,
    Query(seal): Query<Seal>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let person = seal.person(&state, audiobook).await?;
    let response = part_by_address(&state, &method, &headers, (person, audiobook, number), true).await;
    response.map(sent).map_err(refused)
}

/// Download a transcript
///
/// Where the rights of the text allow it.
#[utoipa::path(
    get,
    path = "/listen/{audiobook}/transcript/{format}",
    operation_id = "download_transcript",
    tag = "listening",
    params(
        ("audiobook" = Uuid, Path, description = "The book.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
        ("format" = String, Path, description = "`txt`, `vtt` or `srt`.", example = "vtt"),
        Seal,
    ),
    responses(
        (status = 200, description = "The transcript.",
            content((String = "text/plain"), (String = "text/vtt"), (String = "application/x-subrip"))),
        (status = 403, description = "The address is not good any more, or the text may not be taken away.", body = Details,
            content_type = "application/problem+json"),
        Unchanged, NotThere, QueryProblems,
    )
)]
pub async fn transcript(
    State(state): State<AppState>,
    Path((audiobook, format)): Path<(Uuid, String)>,
    Query(seal): Query<Seal>,
) -> Result<Response, Problem> {
    let format = TextFormat::of_extension(&format).ok_or_else(Problem::not_found)?;
    let person = seal.person(&state, audiobook).await?;
    let account = users::account(&state.db, person).await?.ok_or_else(Problem::not_found)?;
    let viewer = identity::as_seen(account, state.config.accounts.admins_need_two_factor).user;
    Ok(written(&state.db, &viewer, audiobook, format).await?)
}
