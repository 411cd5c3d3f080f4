//! The catalogue as reading apps walk through it: OPDS 2.0 feeds of Readium Web Publication manifests.

use super::address::Site;
use super::document::Document;
use super::remembered::Remembered;
use crate::AppState;
use crate::http::HttpError;
use app::paths;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use domain::Page;
use domain::catalog::syndication::{Publication, publication, publications};
use domain::catalog::{Browse, CategoryCount, Link, Sort, browse};
use domain::limits::Rule;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

const FEED: &str = "application/opds+json";
const PUBLICATION: &str = "application/opds-publication+json";
const HTML: &str = "text/html";
/// What samples are made as.
pub const SAMPLE_TYPE: &str = "audio/wav";
/// How long a list is good for.
const LIFETIME_S: u32 = 60;
/// Titles of each group of the first feed.
const GROUP: usize = 8;
/// The orders that a list is offered in.
const ORDERS: [Sort; 4] = [Sort::Newest, Sort::BestSelling, Sort::Title, Sort::PriceUp];

type Shared = Extension<Arc<Remembered>>;

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    query: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: u32,
}

impl Wanted {
    fn browse(&self) -> Browse {
        Browse {
            text: self.query.trim().to_owned(),
            category: self.category.clone(),
            sort: Sort::from_param(&self.sort),
            page: self.page.max(1),
            ..Browse::default()
        }
    }
}

/// `GET /opds`: where an app begins.
///
/// # Errors
/// When the database fails.
pub async fn start(State(state): State<AppState>, remembered: Shared, request: Request) -> Result<Response, HttpError> {
    let make = async {
        let site = Site::new(&state.site);
        let categories = browse::categories(&state.db).await?;
        let list = |sort| Browse { sort, ..Browse::default() };
        let newest = publications(&state.db, &list(Sort::Newest)).await?;
        let best = publications(&state.db, &list(Sort::BestSelling)).await?;
        Ok(Document::new(FEED, first(&state.settings.now().await.name, site, &categories, &newest, &best).to_string()))
    };
    let document = remembered.get("/opds", state.db.now(), i64::from(LIFETIME_S) * 1000, make).await?;
    Ok(document.answer(request.headers(), LIFETIME_S))
}

/// `GET /opds/titles`: a page of titles, searched for, of a category, in an order.
///
/// # Errors
/// 400 for a page that is no number, 404 beyond the last page, 429 when somebody searches too often.
pub async fn titles(
    State(state): State<AppState>,
    remembered: Shared,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Result<Response, HttpError> {
    let Query(wanted) = wanted.map_err(|wrong| HttpError::new(StatusCode::BAD_REQUEST, wrong.body_text()))?;
    let wanted = wanted.browse();
    let address = address(&wanted, wanted.page);
    let make = async {
        let site = Site::new(&state.site);
        let page = publications(&state.db, &wanted).await?;
        if page.items.is_empty() && wanted.page > 1 {
            return Err(HttpError::not_found());
        }
        Ok(Document::new(FEED, list(site, &wanted, &page).to_string()))
    };
    let document = if wanted.text.is_empty() {
        remembered.get(&address, state.db.now(), i64::from(LIFETIME_S) * 1000, make).await?
    } else {
        // Each search is another one: nothing to remember, but somebody to count.
        let network = identity::actor(request.extensions()).network();
        state.limits.take(Rule::Api, &[&network]).await?;
        make.await?
    };
    Ok(document.answer(request.headers(), LIFETIME_S))
}

/// `GET /opds/titles/{slug}`: one title.
///
/// # Errors
/// 404 when it is not for sale.
pub async fn title(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    request: Request,
) -> Result<Response, HttpError> {
    let title = publication(&state.db, &slug).await?;
    let manifest = manifest(Site::new(&state.site), &title);
    Ok(Document::new(PUBLICATION, manifest.to_string()).answer(request.headers(), LIFETIME_S))
}

fn first(
    shop: &str,
    site: Site<'_>,
    categories: &[CategoryCount],
    newest: &Page<Publication>,
    best: &Page<Publication>,
) -> Value {
    let lists = ORDERS.iter().map(|sort| {
        let address = address(&Browse { sort: *sort, ..Browse::default() }, 1);
        json!({ "href": site.at(&address), "title": words(*sort), "type": FEED })
    });
    let shelves = categories.iter().filter(|shelf| shelf.titles > 0).map(|shelf| {
        let address = address(&Browse { category: shelf.category.slug.clone(), ..Browse::default() }, 1);
        json!({
            "href": site.at(&address),
            "title": shelf.category.name,
            "type": FEED,
            "rel": "subsection",
            "properties": { "numberOfItems": shelf.titles },
        })
    });
    let group = |sort: Sort, page: &Page<Publication>| {
        let own = site.at(&address(&Browse { sort, ..Browse::default() }, 1));
        json!({
            "metadata": { "title": words(sort), "numberOfItems": page.total },
            "links": [{ "rel": "self", "href": own, "type": FEED }],
            "publications": page.items.iter().take(GROUP).map(|title| manifest(site, title)).collect::<Vec<_>>(),
        })
    };
    // A group without a title in it is no group.
    let groups: Vec<Value> = [(Sort::Newest, newest), (Sort::BestSelling, best)]
        .into_iter()
        .filter(|(_, page)| !page.items.is_empty())
        .map(|(sort, page)| group(sort, page))
        .collect();
    let mut feed = json!({
        "metadata": { "title": shop },
        "links": [
            { "rel": "self", "href": site.at("/opds"), "type": FEED },
            { "rel": "start", "href": site.at("/opds"), "type": FEED },
            { "rel": "alternate", "href": site.at("/"), "type": HTML },
            search(site),
        ],
        "navigation": lists.chain(shelves).collect::<Vec<_>>(),
    });
    if !groups.is_empty() {
        feed["groups"] = json!(groups);
    }
    feed
}

fn list(site: Site<'_>, wanted: &Browse, page: &Page<Publication>) -> Value {
    let at = |number: u32| site.at(&address(wanted, number));
    let mut links = vec![
        json!({ "rel": "self", "href": at(page.number), "type": FEED }),
        json!({ "rel": "start", "href": site.at("/opds"), "type": FEED }),
        search(site),
    ];
    let last = page.count();
    if last > 1 {
        links.push(json!({ "rel": "first", "href": at(1), "type": FEED }));
        links.push(json!({ "rel": "last", "href": at(last), "type": FEED }));
    }
    if page.number > 1 {
        links.push(json!({ "rel": "previous", "href": at(page.number - 1), "type": FEED }));
    }
    if page.number < last {
        links.push(json!({ "rel": "next", "href": at(page.number + 1), "type": FEED }));
    }
    let orders = ORDERS.iter().map(|sort| {
        let mut link = json!({
            "href": site.at(&address(&Browse { sort: *sort, ..wanted.clone() }, 1)),
            "title": words(*sort),
            "type": FEED,
        });
        if *sort == wanted.sort {
            link["rel"] = json!("self");
        }
        link
    });
    let title = match (wanted.text.as_str(), wanted.category.as_str()) {
        ("", "") => words(wanted.sort).to_owned(),
        ("", category) => name_of(category, page),
        (text, _) => format!("Search for “{text}”"),
    };
    json!({
        "metadata": {
            "title": title,
            "numberOfItems": page.total,
            "itemsPerPage": page.size,
            "currentPage": page.number,
        },
        "links": links,
        "facets": [{ "metadata": { "title": "Order" }, "links": orders.collect::<Vec<_>>() }],
        "publications": page.items.iter().map(|title| manifest(site, title)).collect::<Vec<_>>(),
    })
}

/// The name of a category, as the titles in it have it.
fn name_of(category: &str, page: &Page<Publication>) -> String {
    let all = page.items.iter().flat_map(|title| &title.summary.categories);
    let found = all.into_iter().find(|known| known.slug == category);
    found.map_or_else(|| category.to_owned(), |known| known.name.clone())
}

/// A title as a Readium Web Publication manifest describes an audiobook, with what it costs.
fn manifest(site: Site<'_>, title: &Publication) -> Value {
    let Publication { summary, description, has_sample, changed_at } = title;
    let people = |people: &[Link]| -> Vec<Value> {
        let person = |person: &Link| {
            let page = site.at(&paths::contributor(&person.slug));
            json!({ "name": person.name, "links": [{ "href": page, "type": HTML }] })
        };
        people.iter().map(person).collect()
    };
    let subjects = summary.categories.iter().map(|category| {
        let shelf = address(&Browse { category: category.slug.clone(), ..Browse::default() }, 1);
        json!({
            "name": category.name,
            "code": category.slug,
            "links": [{ "href": site.at(&shelf), "type": FEED }],
        })
    });
    let mut metadata = json!({
        "@type": "http://schema.org/Audiobook",
        "identifier": format!("urn:uuid:{}", summary.id),
        "title": summary.title,
        "language": summary.language,
        "modified": changed_at.rfc3339(),
        "description": description,
        "author": people(&summary.authors),
        "narrator": people(&summary.narrators),
        "subject": subjects.collect::<Vec<_>>(),
        "duration": (summary.duration_ms + 500) / 1000,
    });
    if let Some(subtitle) = &summary.subtitle {
        metadata["subtitle"] = json!(subtitle);
    }
    if let Some(at) = summary.published_at {
        metadata["published"] = json!(at.rfc3339());
    }
    if let Some(place) = &summary.series {
        let mut series = json!({
            "name": place.series.name,
            "links": [{ "href": site.at(&paths::series(&place.series.slug)), "type": HTML }],
        });
        if let Some(position) = place.position {
            series["position"] = json!(position);
        }
        metadata["belongsTo"] = json!({ "series": [series] });
    }
    let price = summary.price.now;
    let own = site.at(&format!("/opds/titles/{}", summary.slug));
    let mut links = vec![
        json!({ "rel": "self", "href": own, "type": PUBLICATION }),
        json!({
            "rel": "http://opds-spec.org/acquisition/buy",
            "href": site.book(&summary.slug),
            "type": HTML,
            "properties": {
                "price": { "value": number(price.decimal()), "currency": price.currency.code() },
                "availability": { "state": if summary.sold_out() { "unavailable" } else { "available" } },
            },
        }),
        json!({ "rel": "alternate", "href": site.book(&summary.slug), "type": HTML }),
    ];
    if *has_sample {
        let sample = site.sample(summary);
        links.push(json!({ "rel": "http://opds-spec.org/acquisition/sample", "href": sample, "type": SAMPLE_TYPE }));
    }
    json!({
        "metadata": metadata,
        "links": links,
        "images": [{
            "href": site.cover(summary),
            "type": if summary.cover.uploaded { "image/jpeg" } else { "image/png" },
        }],
    })
}

/// An amount as JSON's number, written as it is charged: `9.90` and not a neighbour of it.
fn number(decimal: String) -> Value {
    decimal.parse::<serde_json::Number>().map_or(Value::String(decimal), Value::Number)
}

fn search(site: Site<'_>) -> Value {
    let template = format!("{}{{?query}}", site.at("/opds/titles"));
    json!({ "rel": "search", "href": template, "type": FEED, "templated": true })
}

fn words(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest | Sort::Relevance => "New",
        sort => Sort::ALL.into_iter().find(|(known, ..)| *known == sort).map_or("Titles", |(_, _, words)| words),
    }
}

/// The one address of a list; what is the default is left out.
fn address(wanted: &Browse, page: u32) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("query", wanted.text.as_str()), ("category", wanted.category.as_str())] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if wanted.sort != Sort::default() {
        query.append_pair("sort", wanted.sort.param());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    match query.finish() {
        query if query.is_empty() => "/opds/titles".to_owned(),
        query => format!("/opds/titles?{query}"),
    }
}
