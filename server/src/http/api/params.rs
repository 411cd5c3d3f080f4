//! What stands in the address of a request: read whole, or refused by name. A parameter that nobody knows is a mistake of
//! whoever wrote it, so it is never passed over.

use super::problem::{FieldError, Problem};
use axum::extract::FromRequestParts;
use axum::extract::rejection::PathRejection;
use domain::Slug;
use http::request::Parts;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use url::form_urlencoded;
use uuid::Uuid;

/// The query of a request. Its type says `deny_unknown_fields`.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let refused = |field: String, message: String| {
        Problem::invalid(vec![FieldError { field, code: "malformed".to_owned(), message }])
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // No text of ours holds one, and PostgreSQL takes none.
        if value.contains('\0') {
            return Err(refused(name.into_owned(), "It holds a NUL character.".to_owned()));
        }
        // A form of a page sends all its fields; a program that names one means something by it.
        if value.is_empty() {
            return Err(refused(name.into_owned(), "It is empty: say what is meant, or leave it out.".to_owned()));
        }
    }
    let reader = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        refused(if path == "." { String::new() } else { path }, format!("The query does not fit: {}.", error.inner()))
    })
}

/// The variable parts of an address. What cannot be read is not there.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(Problem::not_found());
        }
        let read: Result<axum::extract::Path<T>, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|path| Self(path.0)).map_err(|_| Problem::not_found())
    }
}

/// One of many, by its id or by its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Id(Uuid),
    Slug(Slug),
}

impl<'de> Deserialize<'de> for Which {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Uuid::try_parse(&text) {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Slug).map_err(|_| D::Error::custom("neither an id nor a slug")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::Kind;
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        text: Option<String>,
        limit: Option<u32>,
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(read::<Asked>("").unwrap(), Asked { text: None, limit: None });
        assert_eq!(
            read::<Asked>("text=a%20b&limit=3").unwrap(),
            Asked { text: Some("a b".to_owned()), limit: Some(3) }
        );
        for query in ["size=3", "limit=many", "limit=1&limit=2", "text=%00", "limit", "text=", "text"] {
            assert_eq!(read::<Asked>(query).unwrap_err().kind, Kind::Invalid, "{query}");
        }
    }

    #[test]
    fn a_title_is_named_by_its_id_or_its_slug() {
        let which = |text: &str| serde_json::from_value::<Which>(text.into());
        assert!(matches!(which("0192f0c1-2b3c-7d4e-8f50-617283940a1b").unwrap(), Which::Id(_)));
        assert!(matches!(which("the-snow-queen").unwrap(), Which::Slug(_)));
        assert!(which("a/b").is_err() && which("").is_err());
    }
}
