//! The desk of the shop, by a program.

mod flags;
mod kept;
mod providers;

use crate::http::api::tests::{PASSWORD, access, admin, post, send, shopper};
use crate::http::testing::Shop;
use domain::ordering::cart::{self, CartOwner};
use domain::{job_kinds, jobs, testing};
use serde_json::{Value, json};

const PAY: &str = "total_minor=1000&card=4242424242424242&withdrawal=1&key=";

/// A shop in which `orders` were bought, each of its own title, and the token of an admin.
async fn sold(orders: usize) -> (Shop, String, Vec<String>) {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let mut numbers = Vec::new();
    for n in 0..orders {
        let bell = testing::title(&shop.db, &format!("Bell {n}")).price(1000).published().await;
        let (buyer, cookie) = shop.shopper().await;
        cart::add(&shop.db, &CartOwner::User(buyer.id), &bell.slug).await.unwrap();
        let paid = shop.post(&cookie, "/api/orders/checkout", &format!("{PAY}{n}"), &[]).await;
        assert_eq!(paid.status, 200, "{}", paid.text());
        numbers.push(paid.json()["number"].as_str().unwrap().to_owned());
    }
    (shop, token, numbers)
}

async fn get(shop: &Shop, token: &str, path: &str) -> Value {
    let answer = send(shop, token, "GET", path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// Statements of one answer, without those that are asked once a second whatever is asked for.
async fn asked(shop: &Shop, token: &str, path: &str) -> usize {
    shop.statements.take();
    get(shop, token, path).await;
    shop.statements.take().iter().filter(|sql| !sql.contains(r#"FROM "settings""#)).count()
}

#[tokio::test]
async fn an_order_is_found_noted_and_paid_back_by_a_program() {
    let (shop, token, numbers) = sold(2).await;
    let number = &numbers[0];
    let list = get(&shop, &token, "admin/orders?status=fulfilled").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let found = get(&shop, &token, &format!("admin/orders?text={number}")).await;
    assert_eq!((&found["items"][0]["number"], &found["items"][0]["total"]["minor"]), (&json!(number), &json!(1000)));

    let today = domain::Day::of(shop.db.now());
    let count = async |query: &str| {
        get(&shop, &token, &format!("admin/orders?{query}")).await["items"].as_array().unwrap().len()
    };
    assert_eq!(count(&format!("from={today}&to={today}&provider=simulated&least=10&most=10.00")).await, 2);
    assert_eq!(count(&format!("from={}", today.plus(1))).await, 0);
    assert_eq!((count("provider=stripe").await, count("least=10.01").await, count("most=9.999").await), (0, 0, 0));
    for wrong in ["from=soon", "to=2026-02-30", "least=12,90", "most=-1"] {
        let answer = send(&shop, &token, "GET", &format!("admin/orders?{wrong}"), &Value::Null).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"), "{wrong}");
    }

    let note = json!({ "note": "She rang." });
    let noted = send(&shop, &token, "POST", &format!("admin/orders/{number}/notes"), &note).await;
    assert_eq!(noted.status, 204, "{}", noted.text());
    let sent = send(&shop, &token, "POST", &format!("admin/orders/{number}/receipt"), &Value::Null).await;
    assert_eq!(sent.status, 202, "{}", sent.text());

    let refund = format!("orders/{number}/refund");
    let nothing = send(&shop, &token, "POST", &refund, &json!({ "lines": [], "reason": "Bought twice" })).await;
    assert_eq!((nothing.status.as_u16(), nothing.problem().as_str()), (422, "invalid"));
    let asked = send(&shop, &token, "POST", &refund, &json!({ "reason": "Bought twice" })).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    assert_eq!(asked.header("location"), format!("/api/v1/admin/orders/{number}"));
    let again = send(&shop, &token, "POST", &refund, &json!({ "reason": "Bought twice" })).await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (409, "conflict"));

    let order = get(&shop, &token, &format!("admin/orders/{number}")).await;
    assert_eq!(order["refunds"][0]["id"], asked.json()["refund_id"]);
    assert_eq!(order["attempts"][0]["status"], "succeeded");
    let happened: Vec<&str> =
        order["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert!(["placed", "paid", "note", "receipt-sent", "refund-asked"].iter().all(|kind| happened.contains(kind)));
    let trail = get(&shop, &token, "admin/audit?who=desk@shop.example&limit=3").await;
    assert_eq!(trail["items"][0]["user_id"].as_str().map(str::len), Some(36), "the trail says who did it: {trail}");
}

#[tokio::test]
async fn nobody_pays_back_or_gives_rights_by_a_log_in_of_long_ago() {
    let (shop, _, numbers) = sold(1).await;
    let tokens = post(&shop, "auth/login", &json!({ "email": "desk@shop.example", "password": PASSWORD })).await.json();
    shop.clock.advance(11 * 60_000);
    let fresh = post(&shop, "auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await.json();
    let (token, number, nobody) = (access(&fresh), &numbers[0], uuid::Uuid::now_v7());
    let refund = json!({ "reason": "Bought twice" });
    let refused = send(&shop, token, "POST", &format!("orders/{number}/refund"), &refund).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (401, "login-too-old"));
    for path in [format!("admin/users/{nobody}/sessions"), format!("admin/users/{nobody}/second-step")] {
        assert_eq!(send(&shop, token, "DELETE", &path, &Value::Null).await.problem(), "login-too-old", "{path}");
    }
    assert_eq!(send(&shop, token, "GET", "admin/orders", &Value::Null).await.status, 200, "to look is allowed");
}

#[tokio::test]
async fn what_belongs_to_the_office_is_for_nobody_else() {
    let (shop, _, numbers) = sold(1).await;
    let (number, stranger) = (&numbers[0], shopper(&shop).await);
    for path in ["admin/orders", "admin/dashboard", "admin/jobs", "admin/audit", "coupons", "sales", "bundles", "taxes"]
    {
        assert_eq!(send(&shop, &stranger, "GET", path, &Value::Null).await.status, 403, "{path}");
        assert_eq!(send(&shop, "", "GET", path, &Value::Null).await.status, 401, "{path}");
    }
    for path in ["admin/users", "admin/settings", &format!("admin/orders/{number}")] {
        assert_eq!(send(&shop, &stranger, "GET", path, &Value::Null).await.status, 403, "{path}");
    }
    let refund = send(&shop, &stranger, "POST", &format!("orders/{number}/refund"), &json!({ "reason": "Mine" })).await;
    assert_eq!((refund.status.as_u16(), refund.problem().as_str()), (403, "forbidden"));
}

#[tokio::test]
async fn a_long_list_asks_the_database_no_more_often_than_a_short_one() {
    let (shop, token, _) = sold(20).await;
    for n in 0..20 {
        let coupon = json!({ "code": format!("WINTER-{n}"), "percent": 5, "everything": true });
        let made = send(&shop, &token, "POST", "coupons", &coupon).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let sale = json!({ "name": format!("Sale {n}"), "percent": 5, "titles": ["bell-1", "bell-2"] });
        let made = send(&shop, &token, "POST", "sales", &sale).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    for path in ["admin/orders", "admin/audit", "admin/users", "admin/jobs", "coupons", "sales"] {
        let join = |limit: u32| {
            let status = if path == "admin/jobs" { "&status=queued" } else { "" };
            format!("{path}?limit={limit}{status}")
        };
        let few = asked(&shop, &token, &join(2)).await;
        let many = asked(&shop, &token, &join(20)).await;
        assert!(many <= few, "{path}: {few} statements for two, {many} for twenty");
    }
}

#[tokio::test]
async fn a_list_goes_on_by_its_cursor_to_its_end() {
    let (shop, token, numbers) = sold(5).await;
    let (mut seen, mut path) = (Vec::new(), "admin/orders?limit=2".to_owned());
    loop {
        let part = get(&shop, &token, &path).await;
        seen.extend(part["items"].as_array().unwrap().iter().map(|order| order["number"].as_str().unwrap().to_owned()));
        let Some(next) = part["next"].as_str() else { break };
        path = format!("admin/orders?limit=2&cursor={next}");
    }
    seen.reverse();
    assert_eq!(seen, numbers);
    let (mut lines, mut path) = (Vec::new(), "admin/audit?limit=4".to_owned());
    loop {
        let part = get(&shop, &token, &path).await;
        lines.extend(part["items"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap().to_owned()));
        let Some(next) = part["next"].as_str() else { break };
        path = format!("admin/audit?limit=4&cursor={next}");
    }
    let whole = lines.len();
    lines.sort();
    lines.dedup();
    assert!(lines.len() == whole && whole > 10, "{whole} lines, {} of them different", lines.len());
}

#[tokio::test]
async fn the_figures_of_a_program_are_those_of_the_page() {
    let (shop, token, _) = sold(3).await;
    let report = get(&shop, &token, "admin/dashboard?range=7").await;
    let now = &report["currencies"][0]["now"];
    let revenue = json!({ "minor": 3000, "currency": "USD" });
    assert_eq!((&now["orders"], &now["revenue"], &now["new_customers"]), (&json!(3), &revenue, &json!(3)));
    assert_eq!((report["pieces"].as_array().unwrap().len(), &report["shelf"]["published"]), (7, &json!(3)));
    assert_eq!(report["titles"].as_array().unwrap().len(), 3);
    for query in ["range=8", "from=yesterday", "range=7&from=2026-11-01", "currency=dollars", "order=name", "size=3"] {
        let refused = send(&shop, &token, "GET", &format!("admin/dashboard?{query}"), &Value::Null).await;
        assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (422, "invalid"), "{query}");
    }
}

#[tokio::test]
async fn a_job_that_was_given_up_is_put_back_and_called_off_by_a_program() {
    let (shop, token, _) = sold(0).await;
    let bell = testing::title(&shop.db, "The Bell").draft().await;
    shop.db.transaction(async |tx| domain::production::steps::start_run(&tx, bell.id).await).await.unwrap();
    let (kinds, queue) = (job_kinds::all(), jobs::Queue::Sound);
    let claim = jobs::claim(&shop.db, kinds, queue, "one", 60_000, 1).await.unwrap().remove(0);
    jobs::fail(&shop.db, kinds, &claim, "The disk is full.", jobs::Retry::Fatal).await.unwrap();

    let dead = get(&shop, &token, "admin/jobs").await;
    let job = &dead["items"][0];
    assert_eq!((&job["last_error"], &job["status"]), (&json!("The disk is full."), &json!("dead")));
    assert!(dead["counts"].as_array().unwrap().iter().any(|kind| kind["dead"] == 1));
    let act = async |what: &str| {
        send(&shop, &token, "POST", &format!("admin/jobs/{}/{what}", job["id"].as_str().unwrap()), &Value::Null).await
    };
    assert_eq!(act("requeue").await.status, 204);
    assert_eq!(act("requeue").await.problem(), "conflict");
    assert_eq!(act("cancel").await.status, 204);
    assert_eq!(act("cancel").await.problem(), "conflict");
    let kind = format!("admin/job-kinds/{}/requeue", job["kind"].as_str().unwrap());
    assert_eq!(send(&shop, &token, "POST", &kind, &Value::Null).await.json()["requeued"], 0);
}
