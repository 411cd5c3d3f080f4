//! What a program sends: JSON, or a clear refusal.

use super::problem::{FieldError, Kind, Problem};
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// The body of a request, read as JSON.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Kind::NotJson, "Send JSON, with the header Content-Type: application/json."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "Nothing that makes sense here is so large."),
            _ => Problem::new(Kind::Malformed, "The body ended before it was complete."),
        })?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// 400 for what is no JSON, 422 for JSON of another shape.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let malformed = |error: &serde_json::Error| Problem::new(Kind::Malformed, format!("The body is no JSON: {error}."));
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, cause) = (error.path().to_string(), error.inner());
        match cause.classify() {
            Category::Data => {
                // The path of what is missing is that of the object around it.
                let field = if path == "." { String::new() } else { path };
                Problem::invalid(vec![FieldError {
                    field,
                    code: "malformed".to_owned(),
                    message: format!("It does not fit: {cause}."),
                }])
            }
            Category::Syntax | Category::Eof | Category::Io => malformed(cause),
        }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        #[expect(dead_code, reason = "only whether it can be read is asked")]
        email: String,
    }

    fn refused(body: &str) -> Problem {
        parse::<Wish>(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_no_json_is_told_from_json_of_another_shape() {
        assert!(parse::<Wish>(br#"{"email":"ada@example.com"}"#).is_ok());
        for body in ["", "{", "email=ada", r#"{"email":"a"} x"#, "{\"email\":\"\u{1}\"}"] {
            assert_eq!(refused(body).kind, Kind::Malformed, "{body:?}");
        }
        for body in
            ["null", "[]", "{}", r#"{"email":5}"#, r#"{"email":"a","role":"admin"}"#, r#"{"email":"a","email":"b"}"#]
        {
            assert_eq!(refused(body).kind, Kind::Invalid, "{body:?}");
        }
    }

    #[test]
    fn json_is_named_as_such() {
        let named = |name: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(name));
            is_json(&headers)
        };
        assert!(named("application/json") && named("Application/JSON; charset=utf-8"));
        assert!(!named("text/plain") && !named("application/jsonp") && !named("") && !is_json(&HeaderMap::new()));
    }
}
