//! Requests on a condition (RFC 9110, 13): what one has already is not sent again, and what somebody else has changed in the
//! meantime is not overwritten.

use super::problem::{Kind, Problem};
use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Error;
use http::Method;
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH};
use http::request::Parts;

/// Tags every answer to a GET by what it says, unless it has a tag of its own, and answers 304 to who has it already.
pub async fn tag(request: Request, next: Next) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return crate::http::revalidated::tagged(request, next).await;
    }
    next.run(request).await
}

/// The tag of what counts its versions.
pub fn version_tag(version: i32) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\"")).unwrap_or(HeaderValue::from_static("\"v\""))
}

/// What counts its versions as the answer to a GET. Its tag begins with the version and goes on with what else it says, so
/// that [`IfMatch`] asks only for the version and `If-None-Match` for all of it.
pub fn versioned(version: i32, body: &impl serde::Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_string(body).map_err(Problem::internal)?;
    let tag = format!("\"v{version}-{}\"", domain::secret::digest(&body));
    Ok(([(ETAG, tag), (CONTENT_TYPE, "application/json".to_owned())], body).into_response())
}

/// Which versions the program knows that wants to change something: the header `If-Match`.
pub struct IfMatch(Option<String>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let tags = parts.headers.get_all(IF_MATCH).iter().map(|value| value.to_str().unwrap_or_default());
        let tags: Vec<&str> = tags.collect();
        Ok(Self((!tags.is_empty()).then(|| tags.join(","))))
    }
}

impl IfMatch {
    /// Whether this version may be changed. What comes of it goes with the change: until that is made, somebody else may be
    /// quicker.
    ///
    /// # Errors
    /// 412 when the program knows another one.
    pub fn allow(&self, version: i32) -> Result<Known, Problem> {
        if !self.knows(version) {
            return Err(outdated());
        }
        let any = self.tags().any(|tag| tag == "*");
        Ok(Known(self.0.as_ref().filter(|_| !any).map(|_| version)))
    }

    /// Whether this is a version that the program knows, or it did not say which it knows.
    pub fn knows(&self, version: i32) -> bool {
        let (current, longer) = (format!("\"v{version}\""), format!("\"v{version}-"));
        self.0.is_none() || self.tags().any(|tag| tag == "*" || tag == current || tag.starts_with(&longer))
    }

    /// A proxy that compresses makes a tag a weak one: it is the same version.
    fn tags(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|tags| tags.split(',')).map(|tag| tag.trim().trim_start_matches("W/"))
    }
}

/// The version that a program knows, and that alone it wants to change; none where any is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known(Option<i32>);

impl Known {
    pub fn version(self) -> Option<i32> {
        self.0
    }

    /// Why a change was refused: 412 where somebody else changed the version that the program knows before it did.
    pub fn refused(self, error: Error) -> Problem {
        if self.0.is_some() && error.is_outdated() { outdated() } else { error.into() }
    }
}

/// What is there is another version than the program knows.
pub fn outdated() -> Problem {
    Problem::new(Kind::PreconditionFailed, "Somebody has changed it since. Read it again, and change that.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_knows_the_version_may_change_it() {
        let allowed = |tags: &str| IfMatch(Some(tags.to_owned())).allow(3).is_ok();
        assert!(IfMatch(None).allow(3).is_ok());
        assert!(allowed("\"v3\"") && allowed("*") && allowed("\"v2\", W/\"v3\""));
        assert!(allowed("\"v3-0123abcd\"") && !allowed("\"v33-0123abcd\""));
        assert!(!allowed("\"v2\"") && !allowed("") && !allowed("v3"));
    }

    #[test]
    fn who_knew_a_version_and_was_too_slow_is_told_so() {
        let refused = |tags: Option<&str>, code: &'static str| {
            let known = IfMatch(tags.map(str::to_owned)).allow(3).unwrap();
            known.refused(Error::conflict(code)).kind
        };
        assert_eq!(refused(Some("\"v3\""), "title.changed"), Kind::PreconditionFailed);
        assert_eq!(refused(Some("\"v3\""), "title.sold"), Kind::Conflict);
        assert_eq!(refused(Some("*"), "title.changed"), Kind::Conflict);
        assert_eq!(refused(None, "title.changed"), Kind::Conflict);
    }
}
