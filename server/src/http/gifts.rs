//! The pages of gifts and bundles, as a browser without JavaScript gets them.

use crate::http::testing::{Answer, Shop};
use crate::http::tests::{ada, log_in, plain};
use domain::Currency;
use domain::limits::Rule;
use domain::ordering::WithdrawalWording;
use domain::promotions::{BundleForm, bundles};
use domain::testing::title;

const HTML: (&str, &str) = ("accept", "text/html");
const WORDS: &str =
    "form%5Brecipient%5D=bea%40example.com&form%5Bsender%5D=Ada+%3Ci%3E&form%5Bmessage%5D=%3Cb%3EHear%3C%2Fb%3E+it";

/// Ada gives the bell, and is led to the page of the order.
async fn give(shop: &Shop, cookie: &str, slug: &str, more: &str) -> Answer {
    let form = format!(
        "slug={slug}&{WORDS}&key=k&total_minor=1290&card=4242424242424242&withdrawal={}{more}",
        WithdrawalWording::CURRENT
    );
    shop.post(cookie, "/api/gifts/buy", &form, &[]).await
}

fn number(answer: &Answer) -> String {
    let order: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    order["number"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_gift_is_bought_looked_at_and_accepted_and_its_page_is_kept_and_listed_by_nobody() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let bell = title(&shop.db, "The Bell").price(1290).published().await;
    let cookie = log_in(&shop, "ada@example.com").await;
    let product = shop.get("", &format!("/books/{}", bell.slug), &[HTML]).await;
    assert!(product.text().contains(&format!("href=\"/books/{}/gift\"", bell.slug)), "{}", product.text());
    let asked = shop.get("", &format!("/books/{}/gift", bell.slug), &[HTML]).await;
    assert!(asked.text().contains("Who is giving?") && asked.text().contains("noindex"), "{}", asked.text());
    let page = shop.get(&cookie, &format!("/books/{}/gift", bell.slug), &[HTML]).await;
    for words in ["Their email address", "Send the mail on", WithdrawalWording::CURRENT.sentence(), "Pay $12.90"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let bought = give(&shop, &cookie, &bell.slug, "").await;
    assert_eq!(bought.status, 200, "{}", bought.text());
    let number = number(&bought);
    let link = shop.get(&cookie, &format!("/api/gifts/link?number={number}"), &[]).await;
    let link: Option<String> = serde_json::from_slice(&link.body).unwrap();
    let link = link.unwrap();
    let path = &link[link.find("/gift/").unwrap()..];
    let order = shop.get(&cookie, &format!("/orders/{number}"), &[HTML]).await;
    for words in ["Your gift", "bea@example.com", path, "&lt;b"] {
        assert!(order.text().contains(words), "{words}: {}", order.text());
    }

    let present = shop.get("", path, &[HTML]).await;
    assert_eq!((present.status.as_u16(), present.header("cache-control")), (200, "private, no-store"));
    for words in ["Ada &lt;i", "has given you an audiobook", "The Bell", "noindex", "/login?next="] {
        assert!(present.text().contains(words), "{words}: {}", present.text());
    }
    assert!(!present.text().contains("<b>Hear"), "{}", present.text());
    assert!(shop.get("", "/robots.txt", &[]).await.text().contains("Disallow: /gift/"));
    let unknown = shop.get("", "/gift/2222-2222-2222-2222-2222", &[HTML]).await;
    assert_eq!((unknown.status.as_u16(), unknown.header("cache-control")), (409, "private, no-store"));
    assert!(unknown.text().contains("There is no gift with this code."), "{}", unknown.text());

    let code = path.trim_start_matches("/gift/");
    assert_eq!(shop.post("", "/api/gifts/accept", &format!("code={code}"), &[]).await.status, 401);
    let accepted = shop.post(&cookie, "/api/gifts/accept", &format!("code={code}"), &[HTML]).await;
    assert_eq!((accepted.status.as_u16(), accepted.header("location")), (302, &*format!("/library/{}", bell.slug)));
    let taken = shop.get("", path, &[HTML]).await;
    let shown = taken.text();
    assert!(shown.contains("This gift is accepted") && !shown.contains("Ada &lt;i"), "{shown}");
}

#[tokio::test]
async fn what_was_typed_for_a_gift_is_still_there_when_it_was_refused_without_javascript() {
    let shop = Shop::open_whole(plain).await;
    ada(&shop).await;
    let bell = title(&shop.db, "The Bell").price(1290).published().await;
    let cookie = log_in(&shop, "ada@example.com").await;
    let path = format!("/books/{}/gift", bell.slug);
    let referrer = format!("http://localhost:3000{path}");
    let headers = [HTML, ("host", "localhost:3000"), ("referer", referrer.as_str())];
    let form =
        format!("slug={}&{WORDS}&form%5Bsend_on%5D=2001-01-01&key=k&total_minor=1290&card=4242424242424242", bell.slug);
    let form = format!("{form}&withdrawal={}", WithdrawalWording::CURRENT);
    let refused = shop.post(&cookie, "/api/gifts/buy", &form, &headers).await;
    assert_eq!(refused.status, 302, "{refused:?}");
    let back = refused.header("location").replace("http://localhost:3000", "");
    let again = shop.get(&cookie, &back, &[HTML]).await;
    for words in ["value=\"bea@example.com\"", "Choose a day from", "Hear"] {
        assert!(again.text().contains(words), "{words}: {}", again.text());
    }
}

#[tokio::test]
async fn codes_of_gifts_are_tried_only_so_often_from_one_network() {
    let shop = Shop::open_whole(|config| {
        plain(config);
        config.limits.set(Rule::Gift, "3/1h");
    })
    .await;
    let tried =
        async |n: u32| shop.get("", &format!("/gift/{n}222-2222-2222-2222-2222"), &[HTML]).await.status.as_u16();
    assert_eq!([tried(2).await, tried(3).await, tried(4).await, tried(5).await], [409, 409, 409, 429]);
}

#[tokio::test]
async fn a_bundle_is_offered_put_into_the_cart_and_its_price_is_what_the_cart_shows() {
    let shop = Shop::open_whole(plain).await;
    let bell = title(&shop.db, "The Bell").price(1000).published().await;
    let owl = title(&shop.db, "The Owl").price(1000).published().await;
    let titles = format!("{}\n{}", bell.slug, owl.slug);
    let form = BundleForm { name: "Two <b>".into(), price: "15.00".into(), titles, ..BundleForm::default() };
    let id = bundles::save(&shop.db, None, &form, Currency::USD).await.unwrap();
    let product = shop.get("", &format!("/books/{}", bell.slug), &[HTML]).await;
    for words in ["Together with", "The Owl", "$15.00", "you save $5.00", "Two &lt;b", "/api/cart/add-bundle"] {
        assert!(product.text().contains(words), "{words}: {}", product.text());
    }
    let added = shop.post("", "/api/cart/add-bundle", &format!("id={id}"), &[HTML]).await;
    assert_eq!((added.status.as_u16(), added.header("location")), (302, "/cart"));
    let cart = shop.get(&added.cookies(), "/cart", &[HTML]).await;
    for words in ["Together as “Two &lt;b", "−$5.00", "$15.00"] {
        assert!(cart.text().contains(words), "{words}: {}", cart.text());
    }
}
