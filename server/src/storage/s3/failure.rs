//! What an S3 server's refusals mean.

use crate::storage::Error;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// The longest cause that is told, in characters; the log has all of it.
const TOLD: usize = 200;

/// Says what went wrong with `key`, in words for whoever runs the shop. What the client itself has to say goes into the log.
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
        _ => {
            let words = words(&error, status, &code);
            let all = DisplayErrorContext(error);
            tracing::warn!(key, error = %all, "the object storage failed");
            Error::Remote(format!("{key}: {words}"))
        }
    }
}

fn words<E>(error: &SdkError<E, HttpResponse>, status: Option<u16>, code: &str) -> String
where
    E: std::error::Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => "its server did not answer in time".to_owned(),
        SdkError::DispatchFailure(_) => format!("its server cannot be reached ({})", cause(error)),
        _ => match (status, code) {
            (Some(status), "") => format!("its server answered {status}"),
            (Some(status), code) => format!("its server answered {status} ({})", shortened(code)),
            (None, _) => format!("it could not be asked ({})", cause(error)),
        },
    }
}

/// The innermost of the causes, which says most: `Connection refused`.
fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    shortened(&inner.to_string())
}

/// Servers choose what they say.
fn shortened(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(TOLD).collect()
}
