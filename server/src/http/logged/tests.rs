//! What stands in the lines of requests.

use crate::http::api::tests::{access, register, send};
use crate::http::testing::Shop;
use crate::telemetry::captured::Lines;
use domain::limits::Rule;
use domain::testing;
use serde_json::json;
use tracing::instrument::WithSubscriber;
use uuid::Uuid;

/// Says something deep in the shop at the second try.
const TWICE: &str = "slug=bell&story=5&performance=4&text=";

#[tokio::test]
async fn a_line_from_deep_in_the_shop_says_which_request_which_route_and_who() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::Rate, "1/1h")).await;
    let title = testing::title(&shop.db, "Bell").published().await;
    let (buyer, cookie) = shop.shopper().await;
    testing::give(&shop.db, &buyer, title.id).await;
    let lines = Lines::default();
    let asking = async {
        for id in ["first", "second"] {
            shop.post(&cookie, "/api/reviews/rate", TWICE, &[("x-request-id", id)]).await;
        }
    };
    asking.with_subscriber(lines.subscriber("warn")).await;
    let line = lines.saying("too many attempts");
    let request = Lines::span(&line, "request");
    assert_eq!((&request["id"], &request["method"]), (&json!("second"), &json!("POST")), "{line}");
    assert_eq!(request["user"], json!(buyer.id.to_string()), "{line}");
    let route = request["route"].as_str().unwrap();
    assert!(route.starts_with("/api/"), "{line}");
}

#[tokio::test]
async fn a_program_is_named_too_and_a_route_is_told_without_what_was_asked_for() {
    let shop = Shop::open_whole(|config| config.limits.set(Rule::Rate, "1/1h")).await;
    testing::title(&shop.db, "Bell").published().await;
    let tokens = register(&shop, "kim@post.example").await;
    let lines = Lines::default();
    let asking = async {
        for _ in 0..2 {
            let review = json!({ "story": 5, "performance": 4 });
            send(&shop, access(&tokens), "PUT", "audiobooks/bell/reviews/mine", &review).await;
        }
    };
    asking.with_subscriber(lines.subscriber("warn")).await;
    let line = lines.saying("too many attempts");
    let request = Lines::span(&line, "request");
    assert_eq!(request["route"], "/api/v1/audiobooks/{which}/reviews/mine", "{line}");
    assert_eq!(request["user"], tokens["user"]["id"], "{line}");
    assert!(
        request["id"].as_str().is_some_and(|id| !id.is_empty()),
        "the shop gives an id where none was sent: {line}"
    );
}

#[tokio::test]
async fn an_id_that_a_request_brings_is_kept_only_where_it_is_one() {
    let shop = Shop::open().await;
    for id in ["tills-42", "0192f0c1-2b3c-7d4e-8f50-617283940a1b", "Root=1:a/b+c.d_e", &"a".repeat(64)] {
        let answer = shop.get("", "/healthz", &[("x-request-id", id)]).await;
        assert_eq!(answer.header("x-request-id"), id);
    }
    for id in ["", "kim@post.example", "two words", "<b>", &"a".repeat(65)] {
        let answer = shop.get("", "/healthz", &[("x-request-id", id)]).await;
        assert!(Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{id}");
    }
    let twice = shop.get("", "/healthz", &[("x-request-id", "one"), ("x-request-id", "two")]).await;
    assert!(Uuid::try_parse(twice.header("x-request-id")).is_ok());
}
