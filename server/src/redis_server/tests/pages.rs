//! What everybody sees alike, on two servers of a shop.

use crate::http::testing::Shop;
use crate::redis_server::testing::{Server, until};
use crate::redis_server::{Redis, Use};
use domain::catalog::edit;
use domain::production::samples;
use domain::testing;
use uuid::Uuid;

/// What anybody may ask for, and shows the price of the bell.
const PAGES: [&str; 4] = ["/", "/discover", "/browse", "/books/the-bell"];

/// Two servers of a shop that sells a bell for $12.90, with one Redis, which has so many milliseconds to answer.
async fn two(server: &Server, answer_ms: u64) -> (Shop, Shop, Uuid) {
    let mut redis = server.config();
    redis.answer_ms = answer_ms;
    let shop = Shop::open_whole(|config| config.redis = redis.clone()).await;
    let other = shop.another_server(|config| config.redis = redis).await;
    let bell = testing::title(&shop.db, "The Bell").published().await.id;
    (shop, other, bell)
}

async fn page(shop: &Shop, path: &str) -> String {
    let answer = shop.get("", path, &[]).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text().to_owned()
}

async fn set_price(shop: &Shop, title: Uuid, price: &str) {
    let mut form = edit::form(&shop.db, title).await.unwrap();
    form.price = price.to_owned();
    samples::save_title(&shop.db, title, &form).await.unwrap();
}

/// Statements about titles, or about whether there are newer ones, that a page takes.
async fn asked(shop: &Shop, path: &str) -> Vec<String> {
    shop.statements.take();
    page(shop, path).await;
    let mut asked = shop.statements.take();
    let by_the_clock = ["settings", "exchange_rates", "feature_flags"];
    asked.retain(|sql| !by_the_clock.iter().any(|table| sql.contains(table)));
    asked
}

#[tokio::test]
async fn a_new_price_is_on_every_page_of_the_other_server_at_once() {
    let server = Server::start().await;
    let (shop, other, bell) = two(&server, 10_000).await;
    for path in PAGES {
        for one in [&shop, &other] {
            assert!(page(one, path).await.contains("12.90"), "{path}");
        }
    }
    set_price(&shop, bell, "9.90").await;
    for path in PAGES {
        let text = page(&other, path).await;
        assert!(text.contains("9.90") && !text.contains("12.90"), "{path}");
    }
    set_price(&other, bell, "7.90").await;
    for path in PAGES {
        let text = page(&shop, path).await;
        assert!(text.contains("7.90") && !text.contains("9.90"), "{path}");
    }
}

#[tokio::test]
async fn a_page_that_another_server_has_shown_asks_the_database_for_little_more_than_whether_it_still_stands() {
    let server = Server::start().await;
    let (shop, other, _) = two(&server, 10_000).await;
    for path in PAGES {
        let alone = asked(&shop, path).await.len();
        let spared = asked(&other, path).await;
        // A title's page asks for its status and its reviews besides, the list for the categories beside it.
        assert!(spared.len() <= if path == "/books/the-bell" { 4 } else { 2 }, "{path}: {spared:#?}");
        assert!(spared.len() < alone, "{path}: {alone} alone, then {spared:#?}");
        assert_eq!(asked(&other, path).await, Vec::<String>::new(), "{path}: what it has just shown it remembers");
    }
}

#[tokio::test]
async fn a_price_that_was_saved_while_redis_was_frozen_is_not_the_old_one_after_it_thaws() {
    let server = Server::start().await;
    let (shop, other, bell) = two(&server, 500).await;
    for path in PAGES {
        assert!(page(&other, path).await.contains("12.90"), "{path}");
    }
    server.freeze();
    set_price(&shop, bell, "9.90").await;
    assert!(page(&shop, "/books/the-bell").await.contains("9.90"), "the shop is open");
    server.thaw();
    let is_up = |shop: &Shop| shop.state.redis.as_ref().is_some_and(Redis::is_up);
    until("Redis is taken up again", async || is_up(&shop) && is_up(&other)).await;
    // What the other server remembers by itself it remembers for three seconds.
    other.clock.advance(3_000);
    for path in PAGES {
        let text = page(&other, path).await;
        assert!(text.contains("9.90") && !text.contains("12.90"), "{path}");
    }
}

#[tokio::test]
async fn what_is_charged_is_in_no_copy() {
    let server = Server::start().await;
    let (shop, other, _) = two(&server, 10_000).await;
    for path in PAGES {
        page(&shop, path).await;
    }
    // Somebody who can write to Redis, and only there.
    let kept = server.open();
    let names: Vec<String> = kept.ask(Use::Pages, redis::cmd("KEYS").arg(kept.key("page:*:*"))).await.unwrap();
    assert!(!names.is_empty());
    for name in names {
        let text: String = kept.ask(Use::Pages, redis::cmd("GET").arg(&name)).await.unwrap();
        let cheap = text.replace("\"minor\":1290", "\"minor\":1");
        kept.ask::<()>(Use::Pages, redis::cmd("SET").arg(&name).arg(cheap)).await.unwrap();
    }
    let shown = page(&other, "/books/the-bell").await;
    assert!(shown.contains("0.01") && !shown.contains("12.90"), "or the copies were not looked at");
    let (_, cookie) = other.shopper().await;
    let added = other.post(&cookie, "/api/cart/add", "slug=the-bell", &[]).await;
    assert!(added.status.is_success(), "{added:?}");
    let cart = other.get(&cookie, "/api/cart/get", &[]).await;
    assert!(cart.text().contains("\"minor\":1290") && !cart.text().contains("\"minor\":1,"), "{}", cart.text());
}
