//! What an S3 server's refusals mean.

use crate::storage::Error;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// Says what went wrong with `key`.
pub fn explain<E>(key: &str, error: SdkError<E, HttpResponse>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let code = error.as_service_error().and_then(|error| error.code()).unwrap_or_default().to_owned();
    match (status, code.as_str()) {
        (_, "NoSuchKey" | "NoSuchUpload" | "NotFound") => Error::NotFound(key.to_owned()),
        (Some(404), code) if code != "NoSuchBucket" => Error::NotFound(key.to_owned()),
        (Some(507), _) => Error::Full,
        _ => Error::Remote(format!("{key}: {}", DisplayErrorContext(error))),
    }
}
