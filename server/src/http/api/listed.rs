//! Lists that come a part at a time. The next part is asked for with a cursor: opaque to programs, so that how a list goes
//! on is ours to change.

use super::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Part, Place};
use http::header::{HeaderValue, LINK};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub struct Listed<T: ToSchema> {
    pub items: Vec<T>,
    /// Give it as `cursor` for what comes next, with the other parameters as they were. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    pub next: Option<String>,
}

impl<T: ToSchema + Serialize> Listed<T> {
    pub fn new(items: Vec<T>, next: Option<Cursor>) -> Self {
        Self { items, next: next.map(|cursor| cursor.0) }
    }

    /// The part of a list that the domain gave.
    pub fn of<U: Into<T>>(part: Part<U>) -> Self {
        Self::new(part.items.into_iter().map(Into::into).collect(), part.next.as_ref().map(Cursor::of))
    }

    /// The list as the answer to what was asked at `uri`, with a `Link` to what comes next (RFC 8288).
    pub fn answer(self, uri: &OriginalUri) -> Response {
        let next = self.next.clone();
        linked(&self, next.as_deref(), uri)
    }
}

/// A part of a list of any shape as the answer to what was asked at `uri`, with a `Link` to what comes next.
pub fn linked(body: &impl Serialize, next: Option<&str>, OriginalUri(uri): &OriginalUri) -> Response {
    let link = next.map(|cursor| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if name != "cursor" {
                query.append_pair(&name, &value);
            }
        }
        query.append_pair("cursor", cursor);
        format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish())
    });
    let mut response = Json(body).into_response();
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(LINK, link);
    }
    response
}

/// Where a list goes on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// # Panics
    /// Never: what a cursor holds are numbers and text.
    pub fn of<T: Serialize>(place: &T) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default()))
    }

    /// The place that it names.
    ///
    /// # Errors
    /// 422 when this list never gave it out.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(Self::unknown)
    }

    /// The place in a list that a cursor names; none without one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn place(cursor: Option<&Self>) -> Result<Option<Place>, Problem> {
        cursor.map(Self::read).transpose()
    }

    /// What is said of a cursor that its list never gave out.
    pub fn unknown() -> Problem {
        Problem::invalid(vec![FieldError::new("cursor", "cursor.unknown")])
    }

    /// The number of a page, for lists that go by pages; the first without a cursor.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn page(cursor: Option<&Self>) -> Result<u32, Problem> {
        cursor.map_or(Ok(1), |cursor| Ok(cursor.read::<PageAt>()?.page.clamp(2, 100_000)))
    }

    /// A part of a list that is short enough to be at hand as a whole, and where it goes on.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn part<T>(all: Vec<T>, cursor: Option<&Self>, limit: Limit) -> Result<(Vec<T>, Option<Self>), Problem> {
        let request = domain::PageRequest::new(Self::page(cursor)?, limit.0);
        let total = all.len() as u64;
        let begin = usize::try_from(request.offset()).unwrap_or(usize::MAX);
        let items = all.into_iter().skip(begin).take(limit.0 as usize).collect();
        let page = domain::Page::new(items, total, request);
        let next = Self::after(&page);
        Ok((page.items, next))
    }

    /// What comes after a page, where something does.
    pub fn after<T>(page: &domain::Page<T>) -> Option<Self> {
        (page.number < page.count()).then(|| Self::at_page(page.number + 1))
    }

    /// The cursor of a page, counted from 1.
    pub fn at_page(page: u32) -> Self {
        Self::of(&PageAt { page })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageAt {
    page: u32,
}

/// How many items a part of a list holds at most: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub u32);

impl Default for Limit {
    fn default() -> Self {
        Self(24)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By way of text: that is what a query gives.
        let text = String::deserialize(deserializer)?;
        let limit = text.parse().ok().filter(|limit| (1..=100).contains(limit));
        limit.map(Self).ok_or_else(|| D::Error::custom("a limit is a number from 1 to 100"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::Kind;
    use super::*;

    #[test]
    fn a_list_goes_on_where_its_cursor_says() {
        let page = |number| domain::Page { items: vec![1, 2], total: 5, number, size: 2 };
        let second = Cursor::after(&page(1)).unwrap();
        assert_eq!(Cursor::page(Some(&second)).unwrap(), 2);
        assert_eq!(Cursor::page(None).unwrap(), 1);
        assert_eq!(Cursor::after(&page(3)), None);
    }

    #[test]
    fn a_cursor_that_was_made_up_is_refused() {
        for made_up in ["", "2", "e30", "bnVsbA", "eyJwYWdlIjotMX0", "ö", "====", "eyJwYWdlIjoyLCJhIjoxfQ"] {
            let refused = Cursor::page(Some(&Cursor(made_up.to_owned()))).unwrap_err();
            assert_eq!(refused.kind, Kind::Invalid, "{made_up}");
        }
    }

    #[test]
    fn the_link_keeps_what_else_was_asked() {
        let uri: http::Uri = "/api/v1/audiobooks?text=a+%26+b&cursor=old".parse().unwrap();
        let listed = Listed::new(vec!["one".to_owned()], Some(Cursor("new".to_owned())));
        let answer = listed.answer(&OriginalUri(uri));
        assert_eq!(answer.headers()[LINK], "</api/v1/audiobooks?text=a+%26+b&cursor=new>; rel=\"next\"");
    }
}
