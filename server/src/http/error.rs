//! Errors of the plain HTTP routes: a status and a sentence. Internals are logged once and never shown.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

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
        Self::new(StatusCode::NOT_FOUND, "There is nothing here.")
    }

    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Please log in first.")
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "You may not do this.")
    }

    /// Logs what went wrong and tells the client only that it did.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
    }
}

impl From<domain::Error> for HttpError {
    fn from(error: domain::Error) -> Self {
        use domain::Error;
        match error {
            Error::NotFound(_) => Self::not_found(),
            Error::Forbidden => Self::forbidden(),
            Error::Invalid { refusal, .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.sentence()),
            Error::Conflict(refusal) => Self::new(StatusCode::CONFLICT, refusal.sentence()),
            Error::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "The shop is busy, please try again."),
            Error::TooMany { .. } => Self {
                retry_after: Some(error.retry_after_seconds()),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "That was too often. Please wait before you try again.")
            },
            Error::Database { .. } | Error::Damaged(_) | Error::LeaseLost => Self::internal(error),
        }
    }
}

impl From<identity::Error> for HttpError {
    fn from(error: identity::Error) -> Self {
        use identity::Error;
        match error {
            Error::Unauthenticated => Self::unauthenticated(),
            Error::NotRecent | Error::SecondStepFirst => Self::forbidden(),
            Error::Domain(error) => error.into(),
            Error::Session(_) => Self::internal(error),
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
