//! Uploads that go on where they were cut: tus 1.0.0 (https://tus.io/protocols/resumable-upload) with the extensions
//! creation, creation-with-upload, checksum, expiration and termination. For admins with the permission for production, by
//! their browser or by a program.

mod answer;
mod headers;
mod metadata;
#[cfg(test)]
mod tests;
mod uploader;

use crate::AppState;
use crate::http::HttpError;
use crate::storage::UploadState;
use crate::uploads::{Finished, Trouble, UploadLockGuard, Uploads, receive};
use answer::{Answer, Refusal};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::options;
use domain::production::UploadStatus;
use domain::production::uploads::{self, NewUpload, Upload};
use headers::Asked;
use http::{HeaderMap, Method, StatusCode};
use metadata::Metadata;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;
use uploader::Uploader;
use uuid::Uuid;

/// How long a request waits for another on the same upload that may just have been cut.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the last request waits for the file to be looked into; after that it goes on by itself.
const LOOKED_INTO: Duration = Duration::from_secs(10);

type Service = State<Arc<Uploads>>;

/// `/uploads`. The routes know who is asking by a browser only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/uploads", options(discover).post(create))
        .route("/uploads/{id}", options(discover).head(tell).patch(go_on).delete(give_up).post(overridden))
}

/// What the server can do.
async fn discover(State(uploads): Service) -> Response {
    answer::abilities(uploads.limit)
}

/// Begins an upload; takes its first bytes too when they are in the request.
async fn create(
    State(service): Service,
    Uploader { user, actor }: Uploader,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let asked = Asked::read(&headers)?;
    let size = asked.length()?;
    if size > service.limit {
        return Err(Refusal::too_large(service.limit));
    }
    let text = headers::text(&headers, "upload-metadata").unwrap_or_default();
    let metadata = Metadata::parse(text).map_err(Refusal::bad)?;
    let id = Uuid::now_v7();
    let new = NewUpload {
        id,
        user_id: user.id,
        audiobook_id: metadata.audiobook.ok_or_else(|| Refusal::bad("Upload-Metadata must name the audiobook."))?,
        position: metadata.position,
        file_name: metadata.file_name().to_owned(),
        relative_path: metadata.path().to_owned(),
        media_type: metadata.file_type,
        fingerprint: metadata.fingerprint,
        metadata: text.to_owned(),
        size: i64::try_from(size).map_err(|_| Refusal::too_large(service.limit))?,
        storage_state: UploadState::new(id).to_json()?,
        keep_ms: service.keep_ms,
    };
    let upload = uploads::begin_for(&service.db.acting(actor), new, metadata.replaces).await?;
    let created = Answer::created(id);
    if size == 0 {
        return finish_if_complete(service, &upload, created).await;
    }
    if !asked.brings_bytes() {
        return Ok(created.expiring(&upload).into_response());
    }
    let lock = service.locks.hold(id, PATIENCE).await.ok_or_else(Refusal::busy)?;
    // The upload is there even when its first bytes were cut: the client asks how far it came.
    match take(&service, upload.clone(), &asked, body, lock).await {
        Ok(upload) => finish_if_complete(service, &upload, created).await,
        Err(refusal) if refusal.is_final() => Err(refusal),
        Err(_) => Ok(created.at(uploads::get(&service.db, id).await?).into_response()),
    }
}

/// How far an upload is.
async fn tell(
    State(service): Service,
    _: Uploader,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    Asked::read(&headers)?;
    let upload = open(&service, id).await?;
    Ok(Answer::facts(upload).into_response())
}

/// Takes the next bytes.
async fn go_on(
    State(service): Service,
    _: Uploader,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let asked = Asked::read(&headers)?;
    if !asked.brings_bytes() {
        return Err(Refusal::wrong_type());
    }
    let offset = asked.offset()?;
    let lock = service.locks.hold(id, PATIENCE).await.ok_or_else(Refusal::busy)?;
    let upload = open(&service, id).await?;
    if u64::try_from(upload.received).ok() != Some(offset) {
        return Err(Refusal::elsewhere(upload.received));
    }
    let left = u64::try_from(upload.size - upload.received).unwrap_or(0);
    if asked.content_length.is_some_and(|length| length > left) {
        return Err(Refusal::longer_than_announced());
    }
    if upload.status != UploadStatus::Receiving {
        drop(lock);
        return finish_if_complete(service, &upload, Answer::moved()).await;
    }
    let upload = take(&service, upload, &asked, body, lock).await?;
    finish_if_complete(service, &upload, Answer::moved()).await
}

/// Gives an upload up.
async fn give_up(
    State(service): Service,
    Uploader { actor, .. }: Uploader,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    Asked::read(&headers)?;
    let _held = service.locks.hold(id, PATIENCE).await.ok_or_else(Refusal::busy)?;
    let upload = open(&service, id).await?;
    crate::uploads::give_up(&service, &service.db.acting(actor), &upload).await?;
    Ok(Answer::gone().into_response())
}

/// For clients that can only POST: the protocol lets them name the method in a header.
async fn overridden(
    service: Service,
    uploader: Uploader,
    path: Path<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    match headers::text(&headers, "x-http-method-override").map(str::to_ascii_uppercase).as_deref() {
        Some("PATCH") => go_on(service, uploader, path, headers, body).await,
        Some("DELETE") => give_up(service, uploader, path, headers).await,
        _ => Err(HttpError::new(StatusCode::METHOD_NOT_ALLOWED, format!("{} is not done here.", Method::POST)).into()),
    }
}

/// The upload, unless it was given up (410) or its file refused (422).
async fn open(service: &Uploads, id: Uuid) -> Result<Upload, Refusal> {
    let upload = uploads::get(&service.db, id).await?;
    match upload.status {
        UploadStatus::Cancelled => Err(Refusal::gone("This upload was given up.")),
        UploadStatus::Refused => Err(Refusal::refused(upload.failure.unwrap_or_default())),
        UploadStatus::Receiving if upload.expires_at < service.db.now() => {
            Err(Refusal::gone("This upload has expired."))
        }
        _ => Ok(upload),
    }
}

/// Takes the bytes in a task of its own: a connection that breaks ends the handler, but what came is still written down.
async fn take(
    service: &Arc<Uploads>,
    upload: Upload,
    asked: &Asked,
    body: Body,
    lock: UploadLockGuard,
) -> Result<Upload, Refusal> {
    let (service, checksum) = (service.clone(), asked.checksum()?);
    let taking = async move {
        let received = receive(&service, upload, checksum, body.into_data_stream()).await;
        drop(lock);
        received
    };
    let task = tokio::spawn(taking.in_current_span());
    match task.await.map_err(HttpError::internal)? {
        Ok(upload) => Ok(upload),
        Err(trouble @ Trouble::Storage(crate::storage::Error::Full)) => {
            tracing::error!("an upload found the storage full");
            Err(trouble.into())
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// After the last byte: says whether the file was taken. It is looked into whether or not anyone waits for the answer.
async fn finish_if_complete(service: Arc<Uploads>, upload: &Upload, answer: Answer) -> Result<Response, Refusal> {
    if upload.status == UploadStatus::Checking
        && let Some(Finished::Refused(reason)) = crate::uploads::finish_within(service, upload.id, LOOKED_INTO).await
    {
        return Err(Refusal::refused(reason));
    }
    Ok(answer.expiring(upload).reaching(upload.received).into_response())
}
