//! Sitemaps (sitemaps.org 0.9): an index, and the pages of each kind, 50,000 to a file.

use super::address::Site;
use super::document::Document;
use super::remembered::Remembered;
use crate::AppState;
use crate::http::HttpError;
use app::paths;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::catalog::syndication::{PageKind, PublicPage, count_of_pages, pages};
use domain::settings::legal::LegalPage;
use http::HeaderMap;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::Error;
use std::sync::Arc;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const XML: &str = "application/xml; charset=utf-8";
/// Most addresses in a file, as the protocol has it.
const MOST: u64 = 50_000;
/// How long a sitemap is good for: crawlers come a few times a day.
const LIFETIME_S: u32 = 600;

/// Pages that are there in every shop.
fn standing() -> impl Iterator<Item = &'static str> {
    ["/", "/browse", "/discover"].into_iter().chain(LegalPage::ALL.map(LegalPage::path))
}

/// `GET /sitemap.xml`
///
/// # Errors
/// When the database fails.
pub async fn index(
    State(state): State<AppState>,
    Extension(remembered): Extension<Arc<Remembered>>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let make = async {
        let site = Site::new(&state.site);
        let mut files = vec![site.at("/sitemaps/pages.xml")];
        for kind in PageKind::ALL {
            let number = count_of_pages(&state.db, kind).await?.div_ceil(MOST);
            files.extend((1..=number).map(|part| site.at(&format!("/sitemaps/{}-{part}.xml", name(kind)))));
        }
        list("sitemapindex", "sitemap", files.into_iter().map(|address| (address, None)))
    };
    send(&state, &remembered, "/sitemap.xml", make, &headers).await
}

/// `GET /sitemaps/pages.xml`, `GET /sitemaps/titles-1.xml` and so on.
///
/// # Errors
/// 404 when the index names no such file.
pub async fn part(
    State(state): State<AppState>,
    Extension(remembered): Extension<Arc<Remembered>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let wanted = read(&file).ok_or_else(HttpError::not_found)?;
    let make = async {
        let site = Site::new(&state.site);
        let Some((kind, part)) = wanted else {
            return list("urlset", "url", standing().map(|path| (site.at(path), None)));
        };
        let found = pages(&state.db, kind, (part - 1) * MOST, MOST).await?;
        if found.is_empty() {
            return Err(HttpError::not_found());
        }
        let entry = |page: PublicPage| (site.at(&address(kind, &page.slug)), page.changed_at.map(|at| at.rfc3339()));
        list("urlset", "url", found.into_iter().map(entry))
    };
    send(&state, &remembered, &format!("/sitemaps/{file}"), make, &headers).await
}

async fn send(
    state: &AppState,
    remembered: &Remembered,
    address: &str,
    make: impl Future<Output = Result<Document, HttpError>>,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let document = remembered.get(address, state.db.now(), i64::from(LIFETIME_S) * 1000, make).await?;
    Ok(document.answer(headers, LIFETIME_S))
}

fn name(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Title => "titles",
        PageKind::Person => "people",
        PageKind::Series => "series",
        PageKind::Category => "categories",
    }
}

fn address(kind: PageKind, slug: &str) -> String {
    match kind {
        PageKind::Title => paths::book(slug),
        PageKind::Person => paths::contributor(slug),
        PageKind::Series => paths::series(slug),
        PageKind::Category => paths::category(slug),
    }
}

/// What a file name asks for: a kind and a part, counted from 1, or the standing pages (`Some(None)`).
fn read(file: &str) -> Option<Option<(PageKind, u64)>> {
    let stem = file.strip_suffix(".xml")?;
    if stem == "pages" {
        return Some(None);
    }
    let (kind, part) = stem.rsplit_once('-')?;
    let kind = PageKind::ALL.into_iter().find(|known| name(*known) == kind)?;
    // Only as the index writes it: `titles-01` is no other name for the same file.
    let number: u64 = part.parse().ok().filter(|number| (1..=10_000).contains(number))?;
    (number.to_string() == part).then_some(Some((kind, number)))
}

/// A list of addresses, each with the moment of its last change where it is known (RFC 3339).
fn list(
    root: &str,
    entry: &str,
    addresses: impl Iterator<Item = (String, Option<String>)>,
) -> Result<Document, HttpError> {
    let mut writer = Writer::new(Vec::new());
    let written: Result<(), Error> = (|| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.create_element(root).with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
            for (address, changed_at) in addresses {
                writer.create_element(entry).write_inner_content(|writer| {
                    writer.create_element("loc").write_text_content(BytesText::new(&encoded(&address)))?;
                    if let Some(at) = &changed_at {
                        writer.create_element("lastmod").write_text_content(BytesText::new(at))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        Ok(())
    })();
    written.map_err(HttpError::internal)?;
    let text = String::from_utf8(writer.into_inner()).map_err(HttpError::internal)?;
    Ok(Document::new(XML, text))
}

/// An address as RFC 3986 has it: letters of other scripts are percent-encoded.
fn encoded(address: &str) -> String {
    url::Url::parse(address).map_or_else(|_| address.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name() {
        assert_eq!(read("pages.xml"), Some(None));
        assert_eq!(read("titles-2.xml"), Some(Some((PageKind::Title, 2))));
        for wrong in ["titles.xml", "titles-0.xml", "titles-01.xml", "titles-x.xml", "drafts-1.xml", "titles-1", ""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn addresses_stand_in_xml_as_they_must() {
        let entries = [("https://shop.example/books/राम?a=1&b=2".to_owned(), Some("2026-11-28T12:00:00Z".to_owned()))];
        let body = list("urlset", "url", entries.into_iter()).unwrap().body;
        let text = std::str::from_utf8(&body).unwrap();
        assert!(
            text.contains("<loc>https://shop.example/books/%E0%A4%B0%E0%A4%BE%E0%A4%AE?a=1&amp;b=2</loc>"),
            "{text}"
        );
        assert!(text.contains("<lastmod>2026-11-28T12:00:00Z</lastmod>"), "{text}");
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{text}");
    }
}
