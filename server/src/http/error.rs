//! Errors of the plain HTTP routes: a status and a sentence. Internals are logged once and never shown.

use axum::response::{IntoResponse, Response};
use domain::Error;
use http::{StatusCode, header};

const NOTHING: &str = "There is nothing here.";
const NOT_ALLOWED: &str = "You may not do this.";
const OUR_FAULT: &str = "Something went wrong on our side.";

/// An error as a client sees it.
#[derive(Debug)]
pub struct HttpError {
    pub status: StatusCode,
    pub message: String,
    /// After how many seconds it is worth trying again.
    pub retry_after: Option<i64>,
}

impl HttpError {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after: None }
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, NOTHING)
    }

    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Please log in first.")
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, NOT_ALLOWED)
    }

    /// Logs what went wrong and tells the client only that it did.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, OUR_FAULT)
    }
}

impl From<Error> for HttpError {
    fn from(error: Error) -> Self {
        error.log();
        let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = error.retry_after_seconds();
        let message = match error {
            Error::Invalid { refusal, .. } | Error::Conflict(refusal) => refusal.sentence(),
            Error::NotFound(_) => NOTHING.to_owned(),
            Error::Forbidden => NOT_ALLOWED.to_owned(),
            Error::Busy => "The shop is busy, please try again.".to_owned(),
            Error::TooMany { .. } => "That was too often. Please wait before you try again.".to_owned(),
            Error::LeaseLost | Error::Database { .. } | Error::Damaged(_) => OUR_FAULT.to_owned(),
        };
        Self { status, message, retry_after }
    }
}

impl From<identity::Error> for HttpError {
    fn from(error: identity::Error) -> Self {
        match error {
            identity::Error::Unauthenticated => Self::unauthenticated(),
            identity::Error::ReauthRequired | identity::Error::TwoFactorRequired => Self::forbidden(),
            identity::Error::Domain(error) => error.into(),
            identity::Error::Session(_) => Self::internal(error),
        }
    }
}

impl From<std::io::Error> for HttpError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::not_found(),
            std::io::ErrorKind::StorageFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "The shop's disk is full."),
            _ => Self::internal(error),
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.message).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
