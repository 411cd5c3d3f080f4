//! Errors as programs see them: problem details for HTTP APIs (RFC 9457).

use axum::response::{IntoResponse, Response};
use domain::{Error, ErrorKind, Refusal};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of problem details.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Where the kinds of problems are described.
pub const DOCS: &str = "/api/v1/docs";
const OUR_FAULT: &str = "What it was is in the shop's log. Try again in a moment.";

/// The kinds of problems. A program may rely on them; the sentences are for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Malformed,
    IdempotencyKeyMissing,
    NoToken,
    InvalidToken,
    WrongCredentials,
    CodeNeeded,
    WrongCode,
    GoogleRefused,
    RefreshRefused,
    RefreshReused,
    LoginTooOld,
    Forbidden,
    ScopeMissing,
    NotFound,
    MethodNotAllowed,
    Conflict,
    RefreshJustUsed,
    IdempotencyKeyBusy,
    PreconditionFailed,
    ConditionUnknown,
    TooLarge,
    NotJson,
    NotMultipart,
    NoSuchRange,
    Invalid,
    IdempotencyKeyReused,
    TooMany,
    Internal,
    Busy,
    GoogleAway,
}

impl Kind {
    pub const ALL: [Self; 30] = [
        Self::Malformed,
        Self::IdempotencyKeyMissing,
        Self::NoToken,
        Self::InvalidToken,
        Self::WrongCredentials,
        Self::CodeNeeded,
        Self::WrongCode,
        Self::GoogleRefused,
        Self::RefreshRefused,
        Self::RefreshReused,
        Self::LoginTooOld,
        Self::Forbidden,
        Self::ScopeMissing,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::RefreshJustUsed,
        Self::IdempotencyKeyBusy,
        Self::PreconditionFailed,
        Self::ConditionUnknown,
        Self::TooLarge,
        Self::NotJson,
        Self::NotMultipart,
        Self::NoSuchRange,
        Self::Invalid,
        Self::IdempotencyKeyReused,
        Self::TooMany,
        Self::Internal,
        Self::Busy,
        Self::GoogleAway,
    ];

    /// Status, name and title.
    pub fn facts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read"),
            Self::IdempotencyKeyMissing => {
                (StatusCode::BAD_REQUEST, "idempotency-key-missing", "The request has to be named by a key")
            }
            Self::NoToken => (StatusCode::UNAUTHORIZED, "no-token", "An access token is needed"),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "invalid-token", "The access token is not valid"),
            Self::WrongCredentials => {
                (StatusCode::UNAUTHORIZED, "wrong-credentials", "Address and password do not match")
            }
            Self::CodeNeeded => (StatusCode::UNAUTHORIZED, "code-needed", "A code of the second step is needed"),
            Self::WrongCode => (StatusCode::UNAUTHORIZED, "wrong-code", "The code of the second step is wrong"),
            Self::GoogleRefused => (StatusCode::UNAUTHORIZED, "google-refused", "Google's word opens nothing here"),
            Self::RefreshRefused => (StatusCode::UNAUTHORIZED, "refresh-refused", "The refresh token is not valid"),
            Self::RefreshReused => (StatusCode::UNAUTHORIZED, "refresh-reused", "The refresh token was used before"),
            Self::LoginTooOld => (StatusCode::UNAUTHORIZED, "login-too-old", "The log-in is too long ago"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "This is not allowed"),
            Self::ScopeMissing => (StatusCode::FORBIDDEN, "scope-missing", "The token was not made for this"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing here"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This is not done with that method")
            }
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "It clashes with what is there"),
            Self::RefreshJustUsed => {
                (StatusCode::CONFLICT, "refresh-just-used", "The refresh token was used a moment ago")
            }
            Self::IdempotencyKeyBusy => {
                (StatusCode::CONFLICT, "idempotency-key-busy", "The request with this key is being answered")
            }
            Self::PreconditionFailed => {
                (StatusCode::PRECONDITION_FAILED, "precondition-failed", "It was changed in the meantime")
            }
            Self::ConditionUnknown => {
                (StatusCode::PRECONDITION_FAILED, "condition-unknown", "This is not done on a condition")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large"),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "The body has to be JSON"),
            Self::NotMultipart => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-multipart", "The body has to be a form with a file")
            }
            Self::NoSuchRange => (StatusCode::RANGE_NOT_SATISFIABLE, "no-such-range", "There is nothing in that range"),
            Self::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some of what was sent is not valid"),
            Self::IdempotencyKeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The key named another request before")
            }
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many", "It was tried too often"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "The shop is busy"),
            Self::GoogleAway => (StatusCode::SERVICE_UNAVAILABLE, "google-away", "Google does not answer"),
        }
    }

    /// What a 401 asks for (RFC 6750, 3).
    fn challenge(self) -> Option<&'static str> {
        match self {
            Self::InvalidToken => Some(
                r#"Bearer realm="lectern", error="invalid_token", error_description="The access token expired, was revoked or is not valid""#,
            ),
            Self::LoginTooOld => Some(
                r#"Bearer realm="lectern", error="insufficient_user_authentication", error_description="A log-in of the last ten minutes is needed", max_age=600"#,
            ),
            Self::ScopeMissing => Some(r#"Bearer realm="lectern", error="insufficient_scope""#),
            _ if self.facts().0 == StatusCode::UNAUTHORIZED => Some(r#"Bearer realm="lectern""#),
            _ => None,
        }
    }
}

/// What was wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    #[schema(example = "email")]
    pub field: String,
    /// A stable name of the case.
    #[schema(example = "email.malformed")]
    pub code: String,
    #[schema(example = "Write an email address such as name@example.com.")]
    pub message: String,
}

/// An error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: Kind,
    /// A closer name of the case than its kind.
    code: Option<String>,
    detail: String,
    errors: Vec<FieldError>,
    /// After how many seconds it is worth trying again.
    retry_after: Option<i64>,
}

/// An error as RFC 9457 writes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Names the kind of problem, and leads to where it is described.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/api/v1/docs#problem-invalid")]
    kind: String,
    /// The kind, for people.
    #[schema(example = "Some of what was sent is not valid")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// A stable name of the case, for programs: closer than `type`, or the same where there is nothing closer.
    #[schema(example = "password.too-short")]
    code: String,
    /// What happened this time, for people.
    #[schema(example = "Choose a password of at least 12 characters.")]
    detail: String,
    /// The fields that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let retry_after = match kind {
            Kind::Busy | Kind::IdempotencyKeyBusy => Some(1),
            Kind::GoogleAway => Some(10),
            _ => None,
        };
        Self { kind, code: None, detail: detail.into(), errors: Vec::new(), retry_after }
    }

    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, format!("There is no such address. {DOCS} lists every one."))
    }

    pub fn method_not_allowed() -> Self {
        Self::new(Kind::MethodNotAllowed, "The header Allow names the methods for this address.")
    }

    /// Fields that were refused.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let sentences: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        let detail = sentences.join(" ");
        let code = errors.first().map(|error| error.code.clone());
        Self { errors, code, ..Self::new(Kind::Invalid, detail) }
    }

    /// Logs what went wrong and tells the program only that it did.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(Kind::Internal, OUR_FAULT)
    }
}

impl FieldError {
    /// `refusal` names the case and says what is wrong.
    pub fn new(field: impl Into<String>, refusal: impl Into<Refusal>) -> Self {
        let refusal = refusal.into();
        Self { field: field.into(), code: refusal.code().to_owned(), message: refusal.sentence() }
    }
}

impl From<ErrorKind> for Kind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Forbidden => Self::Forbidden,
            ErrorKind::Invalid => Self::Invalid,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::TooMany => Self::TooMany,
            ErrorKind::Internal => Self::Internal,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        error.log();
        let (kind, retry_after) = (Kind::from(error.kind()), error.retry_after_seconds());
        let code = Some(error.code().to_owned());
        let detail = match error {
            Error::Invalid { field, refusal } => return Self::invalid(vec![FieldError::new(field, refusal)]),
            Error::Conflict(refusal) => refusal.sentence(),
            Error::NotFound(what) => format!("There is no such {what}."),
            Error::Forbidden => "You may not do this.".to_owned(),
            Error::Busy => "Try again in a moment.".to_owned(),
            Error::TooMany { .. } => "The header Retry-After says for how many seconds to wait.".to_owned(),
            Error::LeaseLost | Error::Database { .. } | Error::Damaged(_) => OUR_FAULT.to_owned(),
        };
        Self { retry_after, code, ..Self::new(kind, detail) }
    }
}

impl Problem {
    /// As it is written, with its status.
    pub fn written(&self) -> (StatusCode, Details) {
        let (status, name, title) = self.kind.facts();
        let kind = format!("{DOCS}#problem-{name}");
        let code = self.code.clone().unwrap_or_else(|| name.to_owned());
        let (detail, errors) = (self.detail.clone(), self.errors.clone());
        (status, Details { kind, title, status: status.as_u16(), code, detail, errors })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, details) = self.written();
        let mut response = (status, axum::Json(details)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(challenge) = self.kind.challenge() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
