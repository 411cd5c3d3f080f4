//! What the server answers: every answer says which version of the protocol it speaks.

use crate::http::HttpError;
use crate::http::date::http_date;
use crate::storage;
use crate::uploads::{Failure, Trouble};
use axum::response::{IntoResponse, Response};
use domain::production::uploads::Upload;
use http::{HeaderName, HeaderValue, StatusCode};
use uuid::Uuid;

/// The only version of the protocol there is.
pub const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
/// The protocol's own status for a checksum that does not fit.
const CHECKSUM_MISMATCH: u16 = 460;

/// An answer in the making.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
}

impl Answer {
    fn new(status: StatusCode) -> Self {
        Self { status, headers: Vec::new() }
    }

    pub fn created(id: Uuid) -> Self {
        Self::new(StatusCode::CREATED).with("location", format!("/uploads/{id}"))
    }

    pub fn moved() -> Self {
        Self::new(StatusCode::NO_CONTENT)
    }

    pub fn gone() -> Self {
        Self::new(StatusCode::NO_CONTENT)
    }

    /// All there is to say of an upload.
    pub fn facts(upload: Upload) -> Self {
        let mut answer = Self::new(StatusCode::OK)
            .with("upload-length", upload.size.to_string())
            .with("cache-control", "no-store".to_owned());
        if !upload.metadata.is_empty() {
            answer = answer.with("upload-metadata", upload.metadata.clone());
        }
        answer.at(upload)
    }

    /// How far the upload is, and how long it is kept.
    pub fn at(self, upload: Upload) -> Self {
        self.expiring(&upload).reaching(upload.received)
    }

    pub fn reaching(self, offset: i64) -> Self {
        self.with("upload-offset", offset.to_string())
    }

    pub fn expiring(self, upload: &Upload) -> Self {
        if upload.received >= upload.size { self } else { self.with("upload-expires", http_date(upload.expires_at)) }
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((HeaderName::from_static(name), value));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        versioned(response)
    }
}

/// The answer with the version of the protocol.
pub fn versioned(mut response: Response) -> Response {
    response.headers_mut().insert("tus-resumable", HeaderValue::from_static(VERSION));
    response
}

/// What the server can do, for OPTIONS.
pub fn abilities(limit: u64) -> Response {
    Answer::new(StatusCode::NO_CONTENT)
        .with("tus-version", VERSION.to_owned())
        .with("tus-extension", EXTENSIONS.to_owned())
        .with("tus-max-size", limit.to_string())
        .with("tus-checksum-algorithm", "sha1,sha256".to_owned())
        .into_response()
}

/// A refusal, with a sentence for the person.
#[derive(Debug)]
pub struct Refusal(HttpError);

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(HttpError::new(status, message))
    }

    /// Trying again with the same file cannot help.
    pub fn is_final(&self) -> bool {
        self.0.status.is_client_error() && self.0.status != StatusCode::REQUEST_TIMEOUT
    }

    pub fn bad(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn other_version() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "This server speaks tus 1.0.0.")
    }

    pub fn wrong_type() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Bytes come as application/offset+octet-stream.")
    }

    pub fn elsewhere(offset: i64) -> Self {
        Self::new(StatusCode::CONFLICT, format!("This upload goes on at byte {offset}."))
    }

    pub fn busy() -> Self {
        Self::new(StatusCode::LOCKED, "Another request is writing this upload.")
    }

    pub fn gone(why: &str) -> Self {
        Self::new(StatusCode::GONE, why)
    }

    pub fn too_large(limit: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "rounded to one decimal")]
        let gib = limit as f64 / f64::from(1 << 30);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, format!("A file may have at most {gib:.1} GiB."))
    }

    pub fn longer_than_announced() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "These are more bytes than the file was said to have.")
    }

    /// The file is here, and is not taken.
    pub fn refused(why: String) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, why)
    }
}

impl From<HttpError> for Refusal {
    fn from(error: HttpError) -> Self {
        Self(error)
    }
}

impl From<domain::Error> for Refusal {
    fn from(error: domain::Error) -> Self {
        Self(error.into())
    }
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "The shop's storage is full. What has arrived is kept: free some space, then go on.",
            ),
            storage::Error::Locked => Self::busy(),
            error => Self(HttpError::internal(error)),
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Storage(error) => error.into(),
            Failure::Domain(error) => error.into(),
        }
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Cut => Self::new(StatusCode::REQUEST_TIMEOUT, "The bytes stopped coming."),
            Trouble::TooLong => Self::longer_than_announced(),
            Trouble::Mismatch => Self::new(
                StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(StatusCode::BAD_REQUEST),
                "The bytes were damaged on their way: they do not fit their checksum.",
            ),
            Trouble::Storage(error) => error.into(),
            Trouble::Domain(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.0.status;
        let mut response = versioned(self.0.into_response());
        if status == StatusCode::PRECONDITION_FAILED {
            response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
        }
        response
    }
}
