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
    // Whose members may all be left out could be read from a list as well.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let message = "It does not fit: an object is wanted.".to_owned();
        return Err(Problem::invalid(vec![FieldError { field: String::new(), code: "malformed".to_owned(), message }]));
    }
    refuse_nul(bytes)?;
    Ok(value)
}

/// No text of ours holds a NUL, and PostgreSQL takes none.
fn refuse_nul(bytes: &[u8]) -> Result<(), Problem> {
    if !bytes.windows(6).any(|six| six == br"\u0000") {
        return Ok(());
    }
    let body: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
    let Some(field) = nul_in(&body, "") else { return Ok(()) };
    let message = "It holds a NUL character.".to_owned();
    Err(Problem::invalid(vec![FieldError { field, code: "malformed".to_owned(), message }]))
}

/// The path of a text with a NUL.
fn nul_in(value: &serde_json::Value, path: &str) -> Option<String> {
    let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        serde_json::Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| nul_in(item, &inner(&index.to_string())))
        }
        serde_json::Value::Object(members) => members
            .iter()
            .find_map(|(name, item)| if name.contains('\0') { Some(inner(name)) } else { nul_in(item, &inner(name)) }),
        _ => None,
    }
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
    fn a_nul_is_refused_wherever_it_stands() {
        assert!(parse::<Wish>(br#"{"email":"a\\u0000"}"#).is_ok());
        assert_eq!(refused(r#"{"email":"a\u0000"}"#).kind, Kind::Invalid);
        assert_eq!(nul_in(&serde_json::json!({ "a": [1, { "b": "\0" }] }), "").unwrap(), "a.1.b");
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
