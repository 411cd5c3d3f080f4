//! What currencies are worth, as programs are told.

use super::*;
use domain::rates::MILLION;
use domain::rates::keep::{Fetched, fetch};

#[tokio::test]
async fn anybody_is_told_what_currencies_are_worth_and_the_same_is_not_sent_twice() {
    let shop = Shop::open().await;
    let none = get(&shop, "rates").await;
    assert_eq!((none.status.as_u16(), none.json()), (200, json!({ "items": [] })), "none are known yet");

    let fetched = fetch(&shop.db, &*shop.state.rate_source).await.unwrap();
    let Fetched::New(day) = fetched else { panic!("{fetched:?}") };
    shop.state.rates.forget();
    let told = get(&shop, "rates").await;
    let rates = told.json();
    assert_eq!(rates["day"], json!(day.to_string()));
    let rate = |item: &Value| (item["currency"].as_str().unwrap().to_owned(), item["millionths"].as_i64().unwrap());
    let items: Vec<(String, i64)> = rates["items"].as_array().unwrap().iter().map(rate).collect();
    assert!(items.len() > 10 && items.is_sorted() && items.iter().all(|(_, millionths)| *millionths > 0), "{items:?}");
    assert!(items.contains(&("EUR".to_owned(), MILLION)) && items.iter().any(|(currency, _)| currency == "USD"));

    let same = shop.get("", "/api/v1/rates", &[("if-none-match", told.header("etag"))]).await;
    assert_eq!((same.status.as_u16(), same.body.len()), (304, 0));
    let asked = get(&shop, "rates?currency=USD").await;
    assert_eq!((asked.status.as_u16(), &asked.json()["errors"][0]["field"]), (422, &json!("currency")));
}
