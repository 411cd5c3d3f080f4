//! Buying, as programs do it.

use crate::http::api::tests::{send, shopper};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use domain::entities::{kept_answers, orders};
use domain::ordering::CardNumber;
use domain::ordering::answers::{BUSY_MS, KEPT_MS, forget_old};
use domain::testing;
use http::Request;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

fn dollars(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "USD" })
}

fn wish(minor: i64) -> Value {
    json!({ "total": dollars(minor), "withdrawal": 1, "card": CardNumber::ACCEPTED })
}

/// Sends a purchase under a key; without one where that is empty.
async fn pay(shop: &Shop, token: &str, path: &str, key: &str, body: &Value) -> Answer {
    let mut request = Request::post(format!("/api/v1/{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    if !key.is_empty() {
        request = request.header("idempotency-key", key);
    }
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn put_in(shop: &Shop, token: &str, slug: &str) -> Value {
    let answer = send(shop, token, "POST", "cart/add", &json!({ "audiobook": slug })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn count(shop: &Shop) -> u64 {
    orders::Entity::find().count(shop.db.read()).await.unwrap()
}

/// A shop with a title, and who has it in the cart.
async fn ready() -> (Shop, String) {
    let shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 1290).await;
    let token = shopper(&shop).await;
    put_in(&shop, &token, "the-bell").await;
    (shop, token)
}

#[tokio::test]
async fn a_program_fills_the_cart_pays_and_finds_the_order() {
    let (shop, token) = ready().await;
    assert_eq!(put_in(&shop, &token, "the-bell").await["outcome"], "already-there");
    let cart = send(&shop, &token, "GET", "cart", &Value::Null).await.json();
    assert_eq!((&cart["total"], &cart["items"][0]["audiobook"]["slug"]), (&dollars(1290), &json!("the-bell")));
    assert_eq!(cart["withdrawal"]["version"], 1);
    let bought = pay(&shop, &token, "checkout", "\"one\"", &wish(1290)).await;
    assert_eq!(bought.status, 201, "{}", bought.text());
    let order = bought.json();
    assert_eq!(
        (&order["status"], &order["card_last4"], &order["pay_at"]),
        (&json!("fulfilled"), &json!("4242"), &Value::Null)
    );
    let path = bought.header("location").strip_prefix("/api/v1/").unwrap().to_owned();
    assert_eq!(send(&shop, &token, "GET", &path, &Value::Null).await.json(), order);
    let list = send(&shop, &token, "GET", "orders", &Value::Null).await.json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["number"]), (1, &order["number"]));
    let stranger = shopper(&shop).await;
    assert_eq!(send(&shop, &stranger, "GET", &path, &Value::Null).await.status, 404);
    let cart = send(&shop, &token, "GET", "cart", &Value::Null).await.json();
    assert_eq!(cart["items"], json!([]));
    assert_eq!(put_in(&shop, &token, "the-bell").await["outcome"], "owned");
}

#[tokio::test]
async fn a_purchase_that_comes_again_gets_the_first_answer() {
    let (shop, token) = ready().await;
    let without = pay(&shop, &token, "checkout", "", &wish(1290)).await;
    assert_eq!((without.status.as_u16(), without.problem().as_str()), (400, "idempotency-key-missing"));
    let first = pay(&shop, &token, "checkout", "one", &wish(1290)).await;
    let again = pay(&shop, &token, "checkout", "\"one\"", &wish(1290)).await;
    assert_eq!(
        (first.status, again.status, count(&shop).await),
        (http::StatusCode::CREATED, http::StatusCode::CREATED, 1)
    );
    assert_eq!((&first.body, first.header("location")), (&again.body, again.header("location")));
    let other = pay(&shop, &token, "checkout", "one", &wish(1291)).await;
    assert_eq!((other.status.as_u16(), other.problem().as_str()), (422, "idempotency-key-reused"));
    // Somebody else's key of the same name is another one.
    let stranger = shopper(&shop).await;
    put_in(&shop, &stranger, "the-bell").await;
    assert_eq!(pay(&shop, &stranger, "checkout", "one", &wish(1290)).await.status, 201);
    assert_eq!(count(&shop).await, 2);
}

#[tokio::test]
async fn after_a_crash_between_payment_and_answer_the_same_order_is_answered() {
    let (shop, token) = ready().await;
    let first = pay(&shop, &token, "checkout", "one", &wish(1290)).await;
    // The process died before it wrote its answer down.
    kept_answers::Entity::update_many()
        .col_expr(kept_answers::Column::Status, Expr::value(None::<i32>))
        .col_expr(kept_answers::Column::Body, Expr::value(None::<String>))
        .exec(shop.db.read())
        .await
        .unwrap();
    let busy = pay(&shop, &token, "checkout", "one", &wish(1290)).await;
    assert_eq!((busy.status.as_u16(), busy.problem().as_str()), (409, "idempotency-key-busy"));
    assert!(!busy.header("retry-after").is_empty());
    shop.clock.advance(BUSY_MS);
    let again = pay(&shop, &token, "checkout", "one", &wish(1290)).await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(count(&shop).await, 1);
}

#[tokio::test]
async fn of_many_at_once_with_a_key_one_buys() {
    let (shop, token) = ready().await;
    let body = wish(1290);
    let tries = (0..6).map(|_| pay(&shop, &token, "checkout", "one", &body));
    let answers = futures::future::join_all(tries).await;
    assert_eq!(count(&shop).await, 1);
    assert!(answers.iter().any(|answer| answer.status == 201));
    let fits = |answer: &Answer| answer.status == 201 || answer.problem() == "idempotency-key-busy";
    assert!(answers.iter().all(fits), "{answers:?}");
}

#[tokio::test]
async fn a_refusal_is_kept_too_and_another_key_tries_again() {
    let (shop, token) = ready().await;
    let bad = json!({ "total": dollars(1290), "withdrawal": 1, "card": CardNumber::DECLINED });
    for _ in 0..2 {
        let declined = pay(&shop, &token, "checkout", "one", &bad).await;
        assert_eq!((declined.status.as_u16(), &declined.json()["code"]), (422, &json!("card.declined")));
    }
    assert_eq!(count(&shop).await, 1);
    for (key, body, code) in [
        (
            "two",
            json!({ "total": dollars(990), "withdrawal": 1, "card": CardNumber::ACCEPTED }),
            "checkout.price-changed",
        ),
        (
            "three",
            json!({ "total": { "minor": 1290, "currency": "EUR" }, "withdrawal": 1, "card": CardNumber::ACCEPTED }),
            "checkout.price-changed",
        ),
        ("four", json!({ "total": dollars(1290), "card": CardNumber::ACCEPTED }), "checkout.withdrawal-not-agreed"),
        ("five", json!({ "total": dollars(1290), "withdrawal": 1 }), "card.missing"),
        (
            "six",
            json!({ "total": dollars(1290), "withdrawal": 99, "card": CardNumber::ACCEPTED }),
            "checkout.out-of-date",
        ),
    ] {
        let refused = pay(&shop, &token, "checkout", key, &body).await;
        assert_eq!(refused.json()["code"], code, "{}", refused.text());
    }
    assert_eq!(pay(&shop, &token, "checkout", "seven", &wish(1290)).await.status, 201);
}

#[tokio::test]
async fn answers_are_forgotten_after_a_day() {
    let (shop, token) = ready().await;
    assert_eq!(pay(&shop, &token, "checkout", "one", &wish(1290)).await.status, 201);
    shop.clock.advance(KEPT_MS - 1);
    assert_eq!(forget_old(&shop.db).await.unwrap(), 0);
    shop.clock.advance(1);
    assert_eq!(forget_old(&shop.db).await.unwrap(), 1);
}

#[tokio::test]
async fn an_order_that_waits_for_its_bank_says_where_and_can_be_given_up() {
    let (shop, token) = ready().await;
    let asks = json!({ "total": dollars(1290), "withdrawal": 1, "card": CardNumber::SECOND_STEP });
    let order = pay(&shop, &token, "checkout", "one", &asks).await.json();
    assert_eq!((&order["status"], &order["goes_on"]), (&json!("pending"), &json!(true)));
    let number = order["number"].as_str().unwrap();
    assert!(order["pay_at"].as_str().unwrap().ends_with(&format!("/orders/{number}/bank")), "{order}");
    let given_up = send(&shop, &token, "POST", &format!("orders/{number}/cancel"), &Value::Null).await;
    assert_eq!(given_up.json()["status"], "cancelled", "{}", given_up.text());
    let cart = send(&shop, &token, "GET", "cart", &Value::Null).await.json();
    assert_eq!(cart["total"], dollars(1290));
}

#[tokio::test]
async fn a_title_is_given_to_somebody_else_once() {
    let (shop, token) = ready().await;
    let quote = send(&shop, &token, "GET", "audiobooks/the-bell/gift", &Value::Null).await.json();
    let mut gift = wish(1290);
    gift["total"] = quote["total"].clone();
    gift["recipient"] = json!("ben@example.com");
    gift["sender"] = json!("Ada");
    for _ in 0..2 {
        let given = pay(&shop, &token, "audiobooks/the-bell/gift", "one", &gift).await;
        assert_eq!(given.status, 201, "{}", given.text());
        assert_eq!(given.json()["gift"]["state"], "waits");
    }
    assert_eq!(count(&shop).await, 1);
    let list = send(&shop, &token, "GET", "orders", &Value::Null).await.json();
    let path = format!("orders/{}/gift", list["items"][0]["number"].as_str().unwrap());
    let mail = format!("{path}/mail");
    assert_eq!(send(&shop, &token, "POST", &mail, &json!({ "recipient": "bea@example.com" })).await.status, 204);
    let link = send(&shop, &token, "GET", &path, &Value::Null).await.json();
    let code = link["code"].as_str().unwrap();
    assert!(link["address"].as_str().unwrap().contains("/gift/"), "{link}");
    let friend = shopper(&shop).await;
    assert_eq!(send(&shop, &friend, "GET", &path, &Value::Null).await.status, 404);
    let look = async |token: &str| send(&shop, token, "GET", &format!("gifts/{code}"), &Value::Null).await.json();
    assert_eq!((&look("").await["standing"], &look(&friend).await["standing"]), (&json!("ask-who"), &json!("open")));
    let accepted = send(&shop, &friend, "POST", &format!("gifts/{code}/accept"), &Value::Null).await.json();
    assert_eq!(accepted["audiobook"], "the-bell");
    assert_eq!(look(&friend).await["standing"], "yours");
    assert_eq!(send(&shop, &friend, "GET", "my-books/the-bell", &Value::Null).await.status, 200);
    let unknown = send(&shop, "", "GET", "gifts/2222-2222-2222-2222", &Value::Null).await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["code"]), (409, &json!("gift.unknown")));
    assert_eq!(send(&shop, &token, "POST", "gifts/2222/accept", &Value::Null).await.status, 409);
}

#[tokio::test]
async fn wishes_come_and_go_and_an_invoice_is_asked_for() {
    let (shop, token) = ready().await;
    assert_eq!(send(&shop, &token, "PUT", "wishlist/the-bell", &Value::Null).await.status, 204);
    let wishes = send(&shop, &token, "GET", "wishlist", &Value::Null).await.json();
    assert_eq!(wishes["items"][0]["price"]["now"], dollars(1290));
    assert_eq!(send(&shop, &token, "DELETE", "wishlist/the-bell", &Value::Null).await.status, 204);
    assert_eq!(send(&shop, &token, "PUT", "wishlist/no-such-title", &Value::Null).await.status, 404);
    assert_eq!(send(&shop, &token, "DELETE", "cart/the-bell", &Value::Null).await.status, 204);
    put_in(&shop, &token, "the-bell").await;
    let number = pay(&shop, &token, "checkout", "one", &wish(1290)).await.json()["number"].as_str().unwrap().to_owned();
    let path = format!("orders/{number}/invoice");
    let state = send(&shop, &token, "GET", &path, &Value::Null).await.json();
    assert_eq!((&state["invoice"], &state["can_be_made"]), (&Value::Null, &json!(false)));
    let refused = send(&shop, &token, "POST", &path, &json!({ "name": "Ada" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("invoice.no-seller")));
    let coupon = send(&shop, &token, "PUT", "cart/coupon", &json!({ "coupon": "NONE" })).await;
    assert_eq!((coupon.status.as_u16(), &coupon.json()["errors"][0]["field"]), (422, &json!("coupon")));
}

#[tokio::test]
async fn lists_cost_the_database_the_same_however_long_they_are() {
    let shop = Shop::open().await;
    let token = shopper(&shop).await;
    let asked = async |path: &str| {
        shop.statements.take();
        assert_eq!(send(&shop, &token, "GET", path, &Value::Null).await.status, 200, "{path}");
        shop.statements.take().iter().filter(|sql| !sql.contains(r#"FROM "settings""#)).count()
    };
    let add = async |from: usize, to: usize| {
        for n in from..to {
            let name = format!("Bell {n}");
            testing::for_sale(&shop.db, &name, 0).await;
            testing::for_sale(&shop.db, &format!("Owl {n}"), 500).await;
            put_in(&shop, &token, &format!("bell-{n}")).await;
            let body = json!({ "total": dollars(0), "withdrawal": 1 });
            let bought = pay(&shop, &token, "checkout", &format!("key-{n}"), &body).await;
            assert_eq!(bought.status, 201, "{}", bought.text());
            assert_eq!(send(&shop, &token, "PUT", &format!("wishlist/owl-{n}"), &Value::Null).await.status, 204);
        }
        for n in from..to {
            put_in(&shop, &token, &format!("owl-{n}")).await;
        }
        let mut cost = Vec::new();
        for path in ["orders", "wishlist", "cart", "my-books", "stats/me"] {
            cost.push((path, asked(path).await));
        }
        for n in from..to {
            assert_eq!(send(&shop, &token, "DELETE", &format!("cart/owl-{n}"), &Value::Null).await.status, 204);
        }
        cost
    };
    let few = add(0, 2).await;
    let many = add(2, 20).await;
    assert_eq!(few, many);
    let part = send(&shop, &token, "GET", "orders?limit=15", &Value::Null).await.json();
    let next = part["next"].as_str().unwrap();
    let rest = send(&shop, &token, "GET", &format!("orders?limit=15&cursor={next}"), &Value::Null).await.json();
    let numbers = |part: &Value| {
        part["items"].as_array().unwrap().iter().map(|order| order["number"].to_string()).collect::<Vec<_>>()
    };
    let all: std::collections::BTreeSet<String> = numbers(&part).into_iter().chain(numbers(&rest)).collect();
    assert_eq!((all.len(), rest.get("next")), (20, None));
}
