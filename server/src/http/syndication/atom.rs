//! Feeds of new titles (Atom, RFC 4287): of the whole shop, of a category, of an author or narrator.

use super::address::Site;
use super::document::Document;
use super::remembered::Remembered;
use crate::AppState;
use crate::http::HttpError;
use crate::markup::escape;
use app::components::text::{beginning, paragraphs};
use app::paths;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::Timestamp;
use domain::catalog::syndication::{FeedOf, Publication, newest};
use http::HeaderMap;
use std::sync::Arc;

const ATOM: &str = "application/atom+xml; charset=utf-8";
/// How long a feed is good for.
const LIFETIME_S: u32 = 120;
/// Characters of a description in an entry's summary.
const SUMMARY: usize = 300;

type Shared = Extension<Arc<Remembered>>;

/// `GET /feeds/new.atom`: the newest titles.
///
/// # Errors
/// 404 for any other name.
pub async fn everything(
    State(state): State<AppState>,
    remembered: Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    if name != "new.atom" {
        return Err(HttpError::not_found());
    }
    send(&state, &remembered, FeedOf::Everything, &paths::new_titles_feed(), &headers).await
}

/// `GET /feeds/categories/{slug}.atom`: the newest titles of a category.
///
/// # Errors
/// 404 when there is no such category.
pub async fn category(
    State(state): State<AppState>,
    remembered: Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let slug = slug(&name)?;
    send(&state, &remembered, FeedOf::Category(slug), &paths::category_feed(slug), &headers).await
}

/// `GET /feeds/people/{slug}.atom`: the newest titles that somebody wrote or reads.
///
/// # Errors
/// 404 when there is nobody of that name.
pub async fn contributor(
    State(state): State<AppState>,
    remembered: Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let slug = slug(&name)?;
    send(&state, &remembered, FeedOf::Contributor(slug), &paths::contributor_feed(slug), &headers).await
}

fn slug(name: &str) -> Result<&str, HttpError> {
    name.strip_suffix(".atom").ok_or_else(HttpError::not_found)
}

async fn send(
    state: &AppState,
    remembered: &Remembered,
    of: FeedOf<'_>,
    address: &str,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let make = async {
        let (about, titles) = newest(&state.db, of).await?;
        let site = Site::new(&state.site);
        let page = match (of, about.as_ref()) {
            (FeedOf::Category(_), Some(category)) => paths::category(&category.slug),
            (FeedOf::Contributor(_), Some(person)) => paths::contributor(&person.slug),
            _ => "/".to_owned(),
        };
        let shop = state.settings.now().await.name;
        let title = match about {
            Some(about) => format!("{}: new at {shop}", about.name),
            None => format!("New at {shop}"),
        };
        Ok(Document::new(ATOM, feed(site, address, &page, title, &titles).to_string()))
    };
    let document = remembered.get(address, state.db.now(), i64::from(LIFETIME_S) * 1000, make).await?;
    Ok(document.answer(headers, LIFETIME_S))
}

fn feed(site: Site<'_>, address: &str, page: &str, title: String, titles: &[Publication]) -> Feed {
    let changed_at = titles.iter().map(|title| title.changed_at).max().unwrap_or(Timestamp(0));
    let own = site.at(address);
    Feed {
        title: Text::plain(printable(&title)),
        id: own.clone(),
        updated: moment(changed_at),
        links: vec![
            link("self", own, Some("application/atom+xml")),
            link("alternate", site.at(page), Some("text/html")),
        ],
        icon: Some(site.at("/favicon.svg")),
        generator: Some(Generator { value: "Lectern".to_owned(), ..Generator::default() }),
        entries: titles.iter().map(|title| entry(site, title)).collect(),
        ..Feed::default()
    }
}

fn entry(site: Site<'_>, title: &Publication) -> Entry {
    let summary = &title.summary;
    let address = site.book(&summary.slug);
    let person = |name: &domain::catalog::Link| Person {
        name: printable(&name.name),
        uri: Some(site.at(&paths::contributor(&name.slug))),
        ..Person::default()
    };
    let mut links = vec![link("alternate", address.clone(), Some("text/html"))];
    if title.has_sample {
        links.push(link("enclosure", site.sample(summary), Some(super::opds::SAMPLE_TYPE)));
    }
    let category = |category: &domain::catalog::Link| Category {
        term: category.slug.clone(),
        label: Some(printable(&category.name)),
        ..Category::default()
    };
    Entry {
        title: Text::plain(printable(&summary.title)),
        id: format!("urn:uuid:{}", summary.id),
        updated: moment(title.changed_at),
        published: summary.published_at.map(moment),
        authors: summary.authors.iter().map(person).collect(),
        contributors: summary.narrators.iter().map(person).collect(),
        categories: summary.categories.iter().map(category).collect(),
        links,
        summary: Some(Text::plain(printable(&beginning(&title.description, SUMMARY)))),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            lang: Some(summary.language.clone()),
            value: Some(html(site, title)),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

/// Cover and description, for a reader that shows HTML.
fn html(site: Site<'_>, title: &Publication) -> String {
    let mut html =
        format!("<p><img src=\"{}\" alt=\"\" width=\"400\" height=\"400\"></p>", escape(&site.cover(&title.summary)));
    for paragraph in paragraphs(&title.description) {
        html.push_str(&format!("<p>{}</p>", escape(&printable(&paragraph))));
    }
    html
}

/// XML has no place for control characters, escaped or not.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}

fn link(rel: &str, href: String, mime_type: Option<&str>) -> Link {
    Link { rel: rel.to_owned(), href, mime_type: mime_type.map(str::to_owned), ..Link::default() }
}

fn moment(at: Timestamp) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&at.rfc3339()).unwrap_or_default()
}
