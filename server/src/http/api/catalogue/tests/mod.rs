//! The catalogue as programs meet it.

mod browse;
mod desk;
mod names;
mod proposal;
mod rates;
mod reviews;

use crate::http::api::tests::{admin, send};
use crate::http::testing::{Answer, Shop};
use domain::testing;
use serde_json::{Value, json};

/// Asks without a token.
async fn get(shop: &Shop, path: &str) -> Answer {
    send(shop, "", "GET", path, &Value::Null).await
}

/// What the database was asked for an answer, the settings of the shop, its switches, its keys and what currencies are worth aside.
async fn asked(shop: &Shop, token: &str, path: &str) -> Vec<String> {
    // Whatever was remembered is too old, and the token is not.
    shop.clock.advance(5_000);
    shop.statements.take();
    let answer = send(shop, token, "GET", path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let mut asked = shop.statements.take();
    let aside =
        ["settings", "exchange_rates", "signing_keys", "feature_flags"].map(|table| format!(r#"FROM "{table}""#));
    asked.retain(|sql| !aside.iter().any(|from| sql.contains(from)));
    asked
}

/// So many titles of a series, in adventure.
async fn bells(shop: &Shop, numbers: std::ops::Range<i32>) {
    for n in numbers {
        let title = testing::title(&shop.db, &format!("Bell {n}"));
        title.narrator("Ben Oak").series("Bells", Some(n + 1)).published().await;
    }
}

fn slugs(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}
