//! What is switched on in the shop, by a program.

use super::*;
use domain::reviews::page;

#[tokio::test]
async fn what_is_switched_off_by_a_program_is_off_for_pages_and_programs_alike() {
    let (shop, token, _) = sold(0).await;
    let standing = json!({ "name": "reviews", "words": "Reviews are taken", "rule": "on" });
    assert_eq!(get(&shop, &token, "admin/flags").await["items"], json!([standing]));
    let title = testing::title(&shop.db, "Bell").published().await;
    let (buyer, cookie) = shop.shopper().await;
    testing::give(&shop.db, &buyer, title.id).await;
    let off = send(&shop, &token, "PATCH", "admin/flags/reviews", &json!({ "rule": "off" })).await;
    assert_eq!((off.status.as_u16(), &off.json()["rule"]), (200, &json!("off")), "{}", off.text());

    let seen = page::reviews(&shop.db, "bell", Some(&buyer), None).await.unwrap().viewer;
    assert!(!seen.taken && !seen.may_rate && seen.logged_in);
    let product = shop.get(&cookie, "/books/bell", &[]).await;
    assert!(!product.text().contains("Rate this title"));
    let form = "slug=bell&story=5&performance=4&text=";
    let refused = shop.post(&cookie, "/api/reviews/rate", form, &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(refused.text().contains("not taken at the moment"), "{}", refused.text());
    let review = json!({ "story": 5, "performance": 4 });
    let kim = crate::http::api::tests::register(&shop, "kim@post.example").await;
    let refused = send(&shop, access(&kim), "PUT", "audiobooks/bell/reviews/mine", &review).await;
    assert_eq!(refused.json()["code"], "review.not-taken");

    let on = send(&shop, &token, "PATCH", "admin/flags/reviews", &json!({ "rule": "shoppers" })).await;
    assert_eq!(on.status, 200, "{}", on.text());
    assert_eq!(shop.post(&cookie, "/api/reviews/rate", form, &[]).await.status, 200, "at once, without a restart");
    assert!(shop.get(&cookie, "/books/bell", &[]).await.text().contains("Your rating"));
}

#[tokio::test]
async fn a_switch_that_makes_no_sense_is_refused() {
    let (shop, token, _) = sold(0).await;
    let ask = async |path: &str, body: Value| send(&shop, &token, "PATCH", path, &body).await;
    let share = ask("admin/flags/reviews", json!({ "rule": "share" })).await;
    assert_eq!(share.json()["errors"][0]["field"], "percent");
    assert_eq!(ask("admin/flags/reviews", json!({ "rule": "share", "percent": 101 })).await.problem(), "invalid");
    assert_eq!(ask("admin/flags/reviews", json!({ "rule": "sometimes" })).await.status, 422);
    assert_eq!(ask("admin/flags/jokes", json!({ "rule": "on" })).await.problem(), "not-found");
    let some = ask("admin/flags/reviews", json!({ "rule": "share", "percent": 30 })).await;
    assert_eq!((&some.json()["rule"], &some.json()["percent"]), (&json!("share"), &json!(30)));
    let stranger = shopper(&shop).await;
    assert_eq!(send(&shop, &stranger, "GET", "admin/flags", &Value::Null).await.status, 403);
    assert_eq!(send(&shop, "", "GET", "admin/flags", &Value::Null).await.status, 401);
}
