//! What buyers think of titles.

use super::*;
use crate::http::api::tests::{access, register};
use domain::account::users;

#[tokio::test]
async fn who_owns_a_title_rates_it_and_admins_moderate() {
    let shop = Shop::open().await;
    let title = testing::title(&shop.db, "Bell").published().await;
    let tokens = register(&shop, "kim@post.example").await;
    let buyer = access(&tokens).to_owned();
    let mine = "audiobooks/bell/reviews/mine";
    let review = json!({ "story": 5, "performance": 4, "text": "As if one stood there." });
    assert_eq!(send(&shop, &buyer, "PUT", mine, &review).await.json()["code"], "review.not-owned");
    let id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    let user = users::account(&shop.db, id).await.unwrap().unwrap().user;
    testing::give(&shop.db, &user, title.id).await;
    let rated = send(&shop, &buyer, "PUT", mine, &review).await;
    assert_eq!((rated.status.as_u16(), &rated.json()["story"]), (200, &json!(5)), "{}", rated.text());
    let wrong = send(&shop, &buyer, "PUT", mine, &json!({ "story": 6, "performance": 4 })).await;
    assert_eq!(wrong.json()["errors"][0]["field"], "story");

    let list = get(&shop, "audiobooks/bell/reviews").await.json();
    assert_eq!((&list["breakdown"]["mean_hundredths"], &list["items"][0]["owned"]), (&json!(450), &json!(true)));
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let own = send(&shop, &buyer, "POST", &format!("reviews/{id}/report"), &Value::Null).await;
    assert_eq!(own.json()["code"], "review.own");
    let stranger = crate::http::api::tests::shopper(&shop).await;
    assert_eq!(send(&shop, &stranger, "POST", &format!("reviews/{id}/report"), &Value::Null).await.status, 204);
    assert_eq!(send(&shop, &stranger, "GET", mine, &Value::Null).await.problem(), "not-found");

    let token = admin(&shop).await;
    let all = send(&shop, &token, "GET", "admin/reviews?limit=1", &Value::Null).await.json();
    assert_eq!((&all["items"][0]["open_reports"], &all["items"][0]["title"]["slug"]), (&json!(1), &json!("bell")));
    let hide = format!("admin/reviews/{id}/hide");
    assert_eq!(send(&shop, &token, "POST", &hide, &json!({ "reason": "" })).await.problem(), "invalid");
    assert_eq!(send(&shop, &token, "POST", &hide, &json!({ "reason": "It tells the end." })).await.status, 204);
    assert_eq!(get(&shop, "audiobooks/bell/reviews").await.json()["items"], json!([]));
    assert_eq!(send(&shop, &buyer, "GET", mine, &Value::Null).await.json()["hidden"], "It tells the end.");
    assert_eq!(send(&shop, &token, "POST", &format!("admin/reviews/{id}/show"), &Value::Null).await.status, 204);

    assert_eq!(send(&shop, &buyer, "DELETE", mine, &Value::Null).await.status, 204);
    assert_eq!(get(&shop, "audiobooks/bell/reviews").await.json()["breakdown"], Value::Null);
}

#[tokio::test]
async fn reviews_are_read_part_by_part() {
    let shop = Shop::open().await;
    let title = testing::title(&shop.db, "Bell").published().await;
    let unlimited = domain::limits::Limits::in_memory(Default::default(), shop.clock.clone());
    for n in 0..3 {
        let reader = testing::shopper(&shop.db, &format!("Reader{n}")).await;
        testing::give(&shop.db, &reader, title.id).await;
        let form = domain::reviews::ReviewForm { story: 5, performance: 4, text: format!("Number {n}") };
        domain::reviews::keep::rate(&shop.db, &unlimited, reader.id, "bell", &form).await.unwrap();
    }
    let few = asked(&shop, "", "audiobooks/bell/reviews?limit=1").await.len();
    assert!(asked(&shop, "", "audiobooks/bell/reviews?limit=3").await.len() <= few);
    let first = get(&shop, "audiobooks/bell/reviews?limit=2").await;
    let texts =
        |list: &Value| list["items"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect::<Vec<_>>();
    assert_eq!(texts(&first.json()), ["Number 2", "Number 1"]);
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = get(&shop, &format!("audiobooks/bell/reviews?limit=2&cursor={next}")).await;
    assert_eq!(texts(&second.json()), ["Number 0"]);
    assert_eq!(get(&shop, "audiobooks/bell/reviews?cursor=abc").await.problem(), "invalid");
}
