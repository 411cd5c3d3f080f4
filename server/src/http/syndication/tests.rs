//! What machines find, asked of the whole shop.

use crate::http::testing::{Answer, Shop};
use domain::testing::{for_sale, title};
use serde_json::Value;

async fn shop() -> Shop {
    Shop::open_whole(|config| config.public_url = "https://shop.example".to_owned()).await
}

async fn get(shop: &Shop, path: &str) -> Answer {
    shop.get("", path, &[]).await
}

async fn json(shop: &Shop, path: &str) -> Value {
    let answer = get(shop, path).await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn the_sitemap_leads_to_everything_that_is_for_sale_and_to_nothing_else() {
    let shop = shop().await;
    title(&shop.db, "Sea & Salt").author("Nora Fenwick").narrator("Ben Oak").series("Tides", Some(1)).published().await;
    title(&shop.db, "Half Done").author("Una Draft").draft().await;
    title(&shop.db, "Gone").author("Ivo Past").archived().await;

    let index = get(&shop, "/sitemap.xml").await;
    assert!(index.header("content-type").starts_with("application/xml"), "{index:?}");
    let mut found = String::new();
    for file in index.text().split("<loc>").skip(1) {
        let address = file.split("</loc>").next().unwrap();
        let path = address.strip_prefix("https://shop.example").unwrap();
        let part = get(&shop, path).await;
        assert_eq!(part.status.as_u16(), 200, "{path}");
        found.push_str(part.text());
    }
    for there in [
        "/",
        "/browse",
        "/terms",
        "/privacy",
        "/contact",
        "/withdrawal",
        "/cookies",
        "/books/sea-salt",
        "/people/nora-fenwick",
        "/people/ben-oak",
        "/series/tides",
    ] {
        assert!(found.contains(&format!("<loc>https://shop.example{there}</loc>")), "{there} is missing in {found}");
    }
    assert!(found.contains("<loc>https://shop.example/browse?category=adventure</loc>"), "{found}");
    for hidden in ["half-done", "una-draft", "gone", "ivo-past"] {
        assert!(!found.contains(hidden), "{hidden} is in {found}");
    }
    assert_eq!(get(&shop, "/sitemaps/titles-2.xml").await.status.as_u16(), 404);
}

#[tokio::test]
async fn robots_are_told_where_the_sitemap_is() {
    let answer = get(&shop().await, "/robots.txt").await;
    assert!(answer.header("content-type").starts_with("text/plain"));
    assert!(answer.text().contains("Sitemap: https://shop.example/sitemap.xml"), "{}", answer.text());
}

#[tokio::test]
async fn a_feed_brings_the_newest_titles_with_their_descriptions() {
    let shop = shop().await;
    title(&shop.db, "Old <Salt>").description("First & last.\n\nThen more.").days_old(3).published().await;
    title(&shop.db, "New").author("Nora Fenwick").days_old(1).published().await;
    title(&shop.db, "Half Done").draft().await;

    let answer = get(&shop, "/feeds/new.atom").await;
    assert!(answer.header("content-type").starts_with("application/atom+xml"), "{answer:?}");
    let feed: atom_syndication::Feed = answer.text().parse().unwrap();
    let titles: Vec<&str> = feed.entries.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["New", "Old <Salt>"]);
    let entry = &feed.entries[1];
    assert_eq!(entry.links[0].href, "https://shop.example/books/old-salt");
    let content = entry.content.as_ref().unwrap().value.as_ref().unwrap();
    assert!(content.contains("<p>First &amp; last.</p><p>Then more.</p>"), "{content}");
    assert!(content.contains("https://shop.example/covers/old-salt.png?v="), "{content}");

    let of_nora = get(&shop, "/feeds/people/nora-fenwick.atom").await;
    let feed: atom_syndication::Feed = of_nora.text().parse().unwrap();
    assert_eq!(feed.title.as_str(), "Nora Fenwick: new at Lectern");
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(get(&shop, "/feeds/categories/adventure.atom").await.status.as_u16(), 200);
    for missing in
        ["/feeds/categories/none.atom", "/feeds/people/nobody.atom", "/feeds/people/nora-fenwick", "/feeds/x"]
    {
        assert_eq!(get(&shop, missing).await.status.as_u16(), 404, "{missing}");
    }
}

#[tokio::test]
async fn a_feed_of_an_empty_shop_is_a_feed() {
    let answer = get(&shop().await, "/feeds/new.atom").await;
    let feed: atom_syndication::Feed = answer.text().parse().unwrap();
    assert!(feed.entries.is_empty());
}

#[tokio::test]
async fn who_has_a_document_already_is_told_so_and_no_cache_is_given_a_cookie() {
    let shop = shop().await;
    for_sale(&shop.db, "Salt", 990).await;
    for path in ["/robots.txt", "/sitemap.xml", "/sitemaps/pages.xml", "/feeds/new.atom", "/opds", "/opds/titles"] {
        let first = get(&shop, path).await;
        assert!(first.header("cache-control").starts_with("public"), "{path}");
        assert_eq!(first.header("set-cookie"), "", "{path}");
        let again = shop.get("", path, &[("if-none-match", first.header("etag"))]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn a_document_is_made_anew_when_its_time_is_over() {
    let shop = shop().await;
    for_sale(&shop.db, "First", 990).await;
    assert!(!get(&shop, "/feeds/new.atom").await.text().contains("Second"));
    for_sale(&shop.db, "Second", 990).await;
    assert!(!get(&shop, "/feeds/new.atom").await.text().contains("Second"), "made for every reader");
    shop.clock.advance(121_000);
    assert!(get(&shop, "/feeds/new.atom").await.text().contains("Second"));
}

#[tokio::test]
async fn a_reading_app_finds_titles_prices_and_samples_in_the_catalogue() {
    let shop = shop().await;
    let salt = title(&shop.db, "Salt").author("Nora Fenwick").narrator("Ben Oak").series("Tides", Some(2));
    let salt = salt.price(990).subtitle("A voyage").published().await;
    domain::testing::sample(&shop.db, salt.id, "samples/x.wav", 0, 30_000).await;
    title(&shop.db, "Half Done").draft().await;

    let start = json(&shop, "/opds").await;
    check_feed(&start);
    let shelf = start["navigation"].as_array().unwrap().iter().find(|link| link["rel"] == "subsection").unwrap();
    assert_eq!(shelf["properties"]["numberOfItems"], 1);
    let path = shelf["href"].as_str().unwrap().strip_prefix("https://shop.example").unwrap();
    let list = json(&shop, path).await;
    check_feed(&list);
    assert_eq!(list["publications"].as_array().unwrap().len(), 1);

    let book = &list["publications"][0];
    assert_eq!(book["metadata"]["title"], "Salt");
    assert_eq!(book["metadata"]["narrator"][0]["name"], "Ben Oak");
    assert_eq!(book["metadata"]["belongsTo"]["series"][0]["position"], 2);
    let link = |rel: &str| book["links"].as_array().unwrap().iter().find(|link| link["rel"] == rel).unwrap().clone();
    let buy = link("http://opds-spec.org/acquisition/buy");
    assert_eq!(buy["properties"]["price"]["value"].as_f64(), Some(9.9));
    assert_eq!(buy["properties"]["price"]["currency"], "USD");
    assert!(link("http://opds-spec.org/acquisition/sample")["href"].as_str().unwrap().contains("/samples/salt?v="));

    let own = link("self")["href"].as_str().unwrap().strip_prefix("https://shop.example").unwrap().to_owned();
    assert_eq!(&json(&shop, &own).await, book);
    let found = json(&shop, "/opds/titles?query=salt").await;
    assert_eq!(found["metadata"]["numberOfItems"], 1);
    assert_eq!(json(&shop, "/opds/titles?query=nothing").await["publications"].as_array().unwrap().len(), 0);
    for missing in ["/opds/titles?page=2", "/opds/titles/half-done", "/opds/titles/none"] {
        assert_eq!(get(&shop, missing).await.status.as_u16(), 404, "{missing}");
    }
    assert_eq!(get(&shop, "/opds/titles?page=x").await.status.as_u16(), 400);
}

#[tokio::test]
async fn a_long_list_comes_a_page_at_a_time_and_misses_no_title() {
    let shop = shop().await;
    for number in 0..30 {
        for_sale(&shop.db, &format!("Book {number}"), 100).await;
    }
    let (mut path, mut seen) = ("/opds/titles?sort=title".to_owned(), std::collections::BTreeSet::new());
    loop {
        let page = json(&shop, &path).await;
        check_feed(&page);
        let titles = page["publications"].as_array().unwrap().iter();
        seen.extend(titles.map(|book| book["metadata"]["identifier"].as_str().unwrap().to_owned()));
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|link| link["rel"] == "next") else { break };
        path = next["href"].as_str().unwrap().strip_prefix("https://shop.example").unwrap().to_owned();
    }
    assert_eq!(seen.len(), 30);
}

/// What OPDS 2.0 and the Readium manifest ask of every feed and publication.
fn check_feed(feed: &Value) {
    assert!(feed["metadata"]["title"].is_string(), "{feed}");
    assert!(["navigation", "publications", "groups"].iter().any(|part| feed[part].is_array()), "{feed}");
    let links = feed["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link["rel"] == "self"), "{feed}");
    check_links(feed);
    let of_groups =
        feed["groups"].as_array().into_iter().flatten().filter_map(|group| group["publications"].as_array());
    for book in feed["publications"].as_array().into_iter().chain(of_groups).flatten() {
        assert!(book["metadata"]["title"].is_string() && book["metadata"]["identifier"].is_string(), "{book}");
        assert!(book["images"].as_array().is_some_and(|images| !images.is_empty()), "{book}");
        let links = book["links"].as_array().unwrap();
        let acquired =
            |link: &Value| link["rel"].as_str().unwrap_or("").starts_with("http://opds-spec.org/acquisition");
        assert!(links.iter().any(acquired), "{book}");
    }
    // A title of navigation is what the app shows.
    for link in feed["navigation"].as_array().into_iter().flatten() {
        assert!(link["title"].is_string() && link["type"].is_string(), "{link}");
    }
}

/// Every link of a feed is whole, whatever it hangs on.
fn check_links(value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(href) = fields.get("href") {
                assert!(href.as_str().is_some_and(|href| href.starts_with("https://shop.example/")), "{value}");
            }
            fields.values().for_each(check_links);
        }
        Value::Array(items) => items.iter().for_each(check_links),
        _ => {}
    }
}
