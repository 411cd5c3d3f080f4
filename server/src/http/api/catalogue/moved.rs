//! What was renamed or merged: whoever kept the address is told where it is now.

use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use url::form_urlencoded;

/// It is at `path` for good, with whatever else was asked.
pub fn to(path: &str, OriginalUri(uri): &OriginalUri) -> Response {
    there(&uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// The same question with another `value` for the parameter `name`.
pub fn with(OriginalUri(uri): &OriginalUri, name: &str, value: &str) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (parameter, before) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        query.append_pair(&parameter, if parameter == name { value } else { &before });
    }
    there(&format!("{}?{}", uri.path(), query.finish()))
}

/// A segment of an address as it is sent.
pub fn segment(slug: &str) -> String {
    form_urlencoded::byte_serialize(slug.as_bytes()).collect()
}

fn there(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(location) => (StatusCode::MOVED_PERMANENTLY, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_else_was_asked_goes_along() {
        let uri = OriginalUri("/api/v1/audiobooks?category=old&sort=title".parse().unwrap());
        let answer = with(&uri, "category", "neu ö");
        assert_eq!(answer.headers()[LOCATION], "/api/v1/audiobooks?category=neu+%C3%B6&sort=title");
        let answer = to("/api/v1/people/ada", &OriginalUri("/api/v1/people/ida?limit=3".parse().unwrap()));
        assert_eq!(answer.headers()[LOCATION], "/api/v1/people/ada?limit=3");
    }
}
