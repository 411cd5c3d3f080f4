//! What pages cost the database.

use super::testing::Shop;
use super::tests::plain;
use domain::catalog::titles;
use domain::limits::Limits;
use domain::promotions::{BundleForm, Chosen, SaleForm, bundles, sales};
use domain::reviews::{ReviewForm, keep};
use domain::{Currency, testing};

/// Statements of one answer. What the settings and switches of the shop are is asked once a second, and what currencies are
/// worth once a minute, whatever pages are asked for.
async fn asked(shop: &Shop, path: &str) -> Vec<String> {
    shop.statements.take();
    let answer = shop.get("", path, &[]).await;
    assert!(answer.status.is_success() || answer.status == http::StatusCode::NOT_FOUND, "{path}: {answer:?}");
    let mut asked = shop.statements.take();
    let by_the_clock = [r#"FROM "settings""#, r#"FROM "exchange_rates""#, r#"FROM "feature_flags""#];
    asked.retain(|sql| !by_the_clock.iter().any(|read| sql.contains(read)));
    asked
}

async fn open() -> Shop {
    let shop = Shop::open_whole(plain).await;
    for n in 0..9_i32 {
        testing::title(&shop.db, &format!("Bell {n}"))
            .narrator("Ben Oak")
            .series("Bells", Some(n + 1))
            .sold(1)
            .featured()
            .published()
            .await;
    }
    fill(&shop).await;
    shop
}

/// A title with all that a page can tell of one: a sample that speaks, a review, a sale by its category, and a
/// bundle.
async fn fill(shop: &Shop) {
    let bell = titles::id_of(&shop.db, "bell-1").await.unwrap();
    testing::say(&shop.db, bell, 0, 0, 5_000, "Once there was a bell.").await;
    testing::sample(&shop.db, bell, "samples/bell-1", 0, 10_000).await;
    let buyer = testing::shopper(&shop.db, "Ann").await;
    testing::give(&shop.db, &buyer, bell).await;
    let unlimited = Limits::in_memory(Default::default(), shop.clock.clone());
    let form = ReviewForm { story: 5, performance: 4, text: "As if one stood there.".to_owned() };
    keep::rate(&shop.db, &unlimited, buyer.id, "bell-1", &form).await.unwrap();
    let chosen = Chosen { categories: vec!["adventure".to_owned()], ..Chosen::default() };
    let sale = SaleForm { name: "Bells".to_owned(), percent: "20".to_owned(), chosen, ..SaleForm::default() };
    sales::save(&shop.db, None, &sale, Currency::USD).await.unwrap();
    let titles = "bell-1\nbell-2".to_owned();
    let form = BundleForm { name: "Two bells".to_owned(), price: "1.00".to_owned(), titles, ..BundleForm::default() };
    bundles::save(&shop.db, None, &form, Currency::USD).await.unwrap();
}

#[tokio::test]
async fn no_page_that_anybody_may_see_asks_the_database_more_than_six_times() {
    let shop = open().await;
    let pages = [
        "/",
        "/discover",
        "/discover?category=adventure",
        "/browse",
        "/browse?category=adventure",
        "/browse?sort=price-up",
        "/browse?page=2",
        "/books/bell-1",
        "/people/ada-moss",
        "/series/bells",
        "/cart",
        "/login",
        "/register",
        "/forgot-password",
        "/nothing",
    ];
    for path in pages {
        // Whatever was remembered is too old.
        shop.clock.advance(60_000);
        let asked = asked(&shop, path).await;
        assert!(asked.len() <= 6, "{path}: {} statements: {asked:#?}", asked.len());
    }
}

#[tokio::test]
async fn what_everybody_sees_alike_is_looked_up_once() {
    let shop = open().await;
    for path in ["/", "/discover", "/browse", "/browse?category=adventure", "/books/bell-1"] {
        asked(&shop, path).await;
        assert_eq!(asked(&shop, path).await, Vec::<String>::new(), "{path}");
    }
    testing::title(&shop.db, "Bell of the evening").published().await;
    assert!(shop.get("", "/", &[]).await.text().contains("Bell of the evening"), "a change is seen at once");
    assert!(shop.get("", "/browse", &[]).await.text().contains("Bell of the evening"));
}

#[tokio::test]
async fn files_of_the_site_ask_the_database_nothing() {
    let shop = open().await;
    for path in ["/favicon.svg", "/apple-touch-icon.png", "/fonts/x.woff2", "/pkg/x.js", "/healthz"] {
        shop.clock.advance(60_000);
        assert_eq!(asked(&shop, path).await, Vec::<String>::new(), "{path}");
    }
}
