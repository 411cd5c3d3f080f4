//! What the owner says of the shop, on its pages.

use crate::http::testing::Shop;

async fn save(shop: &Shop, admin: &str, name: &str) {
    let form = format!("name={name}&currency=EUR&country=DE&contact=desk%40shop.example&language=en-US");
    let saved = shop.post(admin, "/api/admin/save-settings", &form, &[]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
}

#[tokio::test]
async fn a_new_name_stands_everywhere_without_a_restart() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let before = shop.get("", "/", &[]).await;
    assert!(before.text().contains("<title>Lectern</title>"), "{}", before.text());
    save(&shop, &admin, "The+Reading+Room").await;

    let home = shop.get("", "/", &[]).await;
    assert!(home.text().contains("<title>The Reading Room</title>"), "{}", home.text());
    assert!(home.text().contains("<html lang=\"en-US\""), "{}", home.text());
    assert!(home.text().contains("content=\"The Reading Room\""), "for those who share it");
    assert!(home.text().contains("mailto:desk@shop.example"), "at the foot");
    assert!(!home.text().contains(">Lectern<"), "{}", home.text());
    let login = shop.get("", "/login", &[]).await;
    assert!(login.text().contains(" · The Reading Room</title>"), "{}", login.text());
    let manifest = shop.get("", "/site.webmanifest", &[]).await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.body).unwrap();
    assert_eq!((manifest["name"].as_str(), manifest["lang"].as_str()), (Some("The Reading Room"), Some("en-US")));
}

#[tokio::test]
async fn a_name_is_never_markup_and_never_ends_the_script_that_carries_it() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    save(&shop, &admin, "Tea+%26+%27Books%27+-+%2Fscript").await;
    let home = shop.get("", "/", &[]).await;
    assert!(home.text().contains("<title>Tea &amp; 'Books' - /script</title>"), "{}", home.text());
    assert!(
        shop.post(&admin, "/api/admin/save-settings", "name=%3Cb%3E&currency=EUR&language=en", &[]).await.status == 422
    );
}

#[tokio::test]
async fn new_titles_are_priced_in_the_currency_that_the_shop_has_now() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    save(&shop, &admin, "Room").await;
    let made = shop.post(&admin, "/api/uploads/begin-title", "title=The+Bell", &[]).await;
    let id: uuid::Uuid = serde_json::from_slice(&made.body).unwrap();
    let header = domain::catalog::titles::title_header(&shop.db, id).await.unwrap();
    assert_eq!(header.currency.code(), "EUR");
}
