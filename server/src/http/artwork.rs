//! `POST /admin/pictures/{of}/{id}`: a cover or portrait by a plain form, so that it works without JavaScript. Forms of other
//! sites are refused before they come here ([`super::security`]).

#[cfg(test)]
mod tests;

use super::HttpError;
use super::client_info::Acting;
use crate::AppState;
use crate::artwork::{Failure, keep};
use axum::Router;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use bytes::{Bytes, BytesMut};
use domain::Refusal;
use domain::account::Permission;
use domain::catalog::covers::{self, PictureOf};
use http::{HeaderMap, StatusCode, header};
use identity::AuthSession;
use pictures::{MOST_BYTES, Refusal as Unfit};
use uuid::Uuid;

/// The name of the form's field.
const FIELD: &str = "picture";
/// What a form needs around its file, in bytes.
const AROUND: usize = 64 << 10;

/// The route knows who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    let limit = DefaultBodyLimit::max(MOST_BYTES + AROUND);
    Router::new().route("/admin/pictures/{of}/{id}", post(upload).layer(limit))
}

/// Keeps a picture and leads back to the page that it was sent from; the page says what was wrong with it. A page with
/// JavaScript asks for JSON and gets the status and the sentence.
async fn upload(
    State(state): State<AppState>,
    session: AuthSession,
    Acting(actor): Acting,
    Path((of, id)): Path<(String, Uuid)>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    if !identity::require_user(&session)?.may(Permission::Catalogue) {
        return Err(HttpError::forbidden());
    }
    let of = PictureOf::parse(&of, id).ok_or_else(HttpError::not_found)?;
    let db = state.db.acting(actor);
    // Before its bytes are read: whose it would be.
    covers::view(&db, of).await?;
    let form = form.map_err(|_| HttpError::new(StatusCode::BAD_REQUEST, "This is not a form with a file."))?;
    let code = match picture(form).await? {
        Ok(bytes) => match keep(&db, &*state.storage, bytes).await {
            Ok(key) => {
                covers::put(&db, of, &key).await?;
                None
            }
            Err(Failure::Refused(refusal)) => Some(refusal.code()),
            Err(Failure::Domain(error)) => return Err(error.into()),
            Err(error @ (Failure::Storage(_) | Failure::BrokeOff(_))) => return Err(HttpError::internal(error)),
        },
        Err(code) => Some(code),
    };
    Ok(told(of, code, &headers))
}

/// The bytes of the file in a form; the inner error is the code of why there are none.
async fn picture(mut form: Multipart) -> Result<Result<Bytes, &'static str>, HttpError> {
    let mut bytes = BytesMut::new();
    loop {
        let mut field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return broken(&error),
        };
        if field.name() != Some(FIELD) {
            continue;
        }
        loop {
            match field.chunk().await {
                Ok(Some(piece)) if bytes.len() + piece.len() > MOST_BYTES => {
                    return Ok(Err(Unfit::TooManyBytes.code()));
                }
                Ok(Some(piece)) => bytes.extend_from_slice(&piece),
                Ok(None) => break,
                Err(error) => return broken(&error),
            }
        }
    }
    // A form that was sent with no file chosen has an empty one.
    Ok(if bytes.is_empty() { Err("picture.missing") } else { Ok(bytes.freeze()) })
}

fn broken<T>(error: &MultipartError) -> Result<Result<T, &'static str>, HttpError> {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Ok(Err(Unfit::TooManyBytes.code()));
    }
    Err(HttpError::new(StatusCode::BAD_REQUEST, "The form broke off. Send it once more."))
}

/// Back to the page, or the sentence for its script.
fn told(of: PictureOf, code: Option<&'static str>, headers: &HeaderMap) -> Response {
    let for_script = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"));
    if for_script {
        return match code {
            None => StatusCode::NO_CONTENT.into_response(),
            Some(code) => (StatusCode::UNPROCESSABLE_ENTITY, Refusal::from(code).sentence()).into_response(),
        };
    }
    let said = code.map_or_else(|| "picture-saved=1".to_owned(), |code| format!("picture-refused={code}"));
    Redirect::to(&format!("/admin/{of}?{said}#picture")).into_response()
}
