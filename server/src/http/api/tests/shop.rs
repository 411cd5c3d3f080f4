//! What the shop says of itself to everybody, and how it judges passwords.

use super::*;
use domain::testing;

async fn get(shop: &Shop, path: &str) -> Value {
    let answer = send(shop, "", "GET", path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[tokio::test]
async fn anybody_learns_whom_they_buy_from_and_in_which_languages() {
    let shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 500).await;
    let before = get(&shop, "shop").await;
    assert_eq!((&before["sold_by"], before.get("contact"), before.get("country")), (&json!([]), None, None));
    assert_eq!((&before["google"], before.get("pays_at")), (&json!(false), None), "cards are sent with a purchase");
    assert_eq!(before["title_languages"], json!(["en"]));

    let token = admin(&shop).await;
    let settings = json!({ "name": "The Reading Room", "country": "DE", "contact": "hello@shop.example" });
    assert_eq!(send(&shop, &token, "PATCH", "admin/settings", &settings).await.status, 200);
    let seller = json!({ "name": "Moss", "address": "Quay 1\nPort Ellery" });
    assert_eq!(send(&shop, &token, "PUT", "admin/seller", &seller).await.status, 200);
    let after = get(&shop, "shop").await;
    assert_eq!((&after["name"], &after["country"]), (&json!("The Reading Room"), &json!("DE")));
    assert_eq!(after["contact"], json!("hello@shop.example"));
    assert_eq!(after["sold_by"], json!(["Moss", "Quay 1", "Port Ellery"]));
}

#[tokio::test]
async fn a_program_reads_the_terms_that_a_page_shows() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let ours = get(&shop, "legal/terms").await;
    assert_eq!(ours["title"], json!("Terms"));
    assert!(ours["text"].as_str().unwrap().lines().any(|line| line.starts_with("# ")), "{ours}");
    let words = json!({ "text": "We answer within two days.", "instead": false });
    assert_eq!(send(&shop, &token, "PUT", "admin/legal/terms", &words).await.status, 200);
    let both = get(&shop, "legal/terms").await["text"].as_str().unwrap().to_owned();
    assert_eq!(both, format!("{}\n\nWe answer within two days.", ours["text"].as_str().unwrap()));
    let page = shop.get("", "/terms", &[("accept", "text/html")]).await;
    assert!(page.text().contains("We answer within two days."));
    assert_eq!(send(&shop, "", "GET", "legal/imprint", &Value::Null).await.problem(), "not-found");
}

#[tokio::test]
async fn a_password_is_judged_before_it_is_chosen() {
    let shop = Shop::open().await;
    let measure = async |body: Value| post(&shop, "auth/password-strength", &body).await.json();
    let short = measure(json!({ "password": "short" })).await;
    assert_eq!(short["score"], json!(0));
    assert!(short["refusal"].as_str().unwrap().contains("12 characters"), "{short}");
    let good = measure(json!({ "password": "seven grey herons at noon", "email": "ada@example.com" })).await;
    assert!(good["score"].as_u64().unwrap() >= 3 && good.get("refusal").is_none(), "{good}");
    // What it says is what choosing one comes to.
    let common = measure(json!({ "password": "password1234" })).await;
    let wish = json!({ "name": "Ada", "email": "ada@example.com", "password": "password1234" });
    let refused = post(&shop, "auth/register", &wish).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["message"]), (422, &common["refusal"]));
}
