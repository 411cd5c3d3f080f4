//! One's own account, as programs see and change it.

use crate::http::api::tests::{PASSWORD, access, me, post, refresh, register, send};
use crate::http::testing::{Shop, claim_mail};
use domain::account::email::mail::{self, Content};
use domain::jobs;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn what_must_not_fall_into_the_wrong_hands_needs_a_log_in_of_the_last_ten_minutes() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let ask = async |token: &str| send(&shop, token, "GET", "users/me/two-factor", &Value::Null).await;
    let well = ask(access(&tokens)).await;
    assert_eq!((well.status.as_u16(), well.header("cache-control")), (200, "no-store"));
    shop.clock.advance(9 * MINUTE);
    let newer = refresh(&shop, &tokens).await.json();
    assert_eq!(ask(access(&newer)).await.status, 200);
    shop.clock.advance(MINUTE);
    // New tokens are no proof of who holds them.
    let late = ask(access(&newer)).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (401, "login-too-old"));
    let challenge = late.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_user_authentication\"") && challenge.contains("max_age=600"));
    assert_eq!(me(&shop, access(&newer)).await.status, 200);
    let again = post(&shop, "auth/login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await.json();
    assert_eq!(ask(access(&again)).await.status, 200);
}

#[tokio::test]
async fn an_account_is_changed_in_all_that_is_sent_or_in_nothing() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let change = async |body: Value| send(&shop, access(&tokens), "PATCH", "users/me", &body).await;
    let changed = change(json!({ "name": "Ada King", "language": "en-US", "sale_mails": false })).await.json();
    assert_eq!(
        (&changed["name"], &changed["language"], &changed["sale_mails"]),
        (&json!("Ada King"), &json!("en-US"), &json!(false))
    );
    let refused = change(json!({ "name": "Somebody else", "currency": "XXX" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["field"]), (422, &json!("currency")));
    assert_eq!(me(&shop, access(&tokens)).await.json()["name"], "Ada King");
    assert_eq!(change(json!({ "role": "admin" })).await.status, 422);
    let same = change(json!({})).await.json();
    assert_eq!(same["language"], "en-US");
}

#[tokio::test]
async fn log_ins_are_seen_and_ended() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let credentials = json!({ "email": "ada@example.com", "password": PASSWORD });
    let other = post(&shop, "auth/login", &credentials).await.json();
    let list = send(&shop, access(&tokens), "GET", "users/me/sessions", &Value::Null).await.json();
    let items = list["items"].as_array().unwrap();
    let there = items.iter().find(|one| one["here"] == false).unwrap()["id"].as_str().unwrap();
    assert_eq!((items.len(), items.iter().filter(|one| one["here"] == true).count()), (2, 1));
    let path = format!("users/me/sessions/{there}");
    let stranger = register(&shop, "ben@example.com").await;
    assert_eq!(send(&shop, access(&stranger), "DELETE", &path, &Value::Null).await.status, 404);
    assert_eq!(send(&shop, access(&tokens), "DELETE", &path, &Value::Null).await.status, 204);
    assert_eq!(send(&shop, access(&tokens), "DELETE", &path, &Value::Null).await.status, 404);
    assert_eq!(me(&shop, access(&other)).await.status, 401);
    assert_eq!(send(&shop, access(&tokens), "DELETE", "users/me/sessions", &Value::Null).await.status, 204);
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(me(&shop, access(&stranger)).await.status, 200);
}

#[tokio::test]
async fn a_program_logs_out_everywhere_but_where_it_is_itself() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let other = post(&shop, "auth/login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await.json();
    let ended = send(&shop, access(&tokens), "DELETE", "users/me/sessions/others", &Value::Null).await;
    assert_eq!(ended.status, 204);
    assert_eq!(me(&shop, access(&other)).await.status, 401);
    assert_eq!(refresh(&shop, &other).await.status, 401);
    assert_eq!(me(&shop, access(&tokens)).await.status, 200);
    assert_eq!(refresh(&shop, &tokens).await.status, 200);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one_and_their_program_goes_on() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let change = async |token: &str, current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        send(&shop, token, "PUT", "users/me/password", &body).await
    };
    let field = async |current: &str, new: &str| {
        let refused = change(access(&tokens), current, new).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        refused.json()["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(field("not the password", "seven herons in the reeds").await, "current_password");
    assert_eq!(field(PASSWORD, "short").await, "new_password");
    let changed = change(access(&tokens), PASSWORD, "seven herons in the reeds").await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let newer = changed.json();
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(me(&shop, access(&newer)).await.status, 200);
    let old = post(&shop, "auth/login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await;
    assert_eq!(old.status, 401);
    shop.clock.advance(10 * MINUTE);
    let newer = refresh(&shop, &newer).await.json();
    let late = change(access(&newer), "seven herons in the reeds", PASSWORD).await;
    assert_eq!(late.problem(), "login-too-old", "new tokens are no proof of who holds them");
}

/// The secret of the newest link that was mailed to confirm an address.
async fn mailed_link(shop: &Shop) -> Option<String> {
    let mut link = None;
    while let Some((claim, mail_job)) = claim_mail(&shop.db).await {
        let letter = mail::prepare(&shop.db, &claim, &mail_job).await.unwrap();
        if let Some(Content::Verify(token) | Content::Move(token)) = letter.map(|letter| letter.content) {
            link = Some(token.expose().to_owned());
        }
        jobs::complete_all(&shop.db, &[claim]).await.unwrap();
    }
    link
}

#[tokio::test]
async fn an_address_is_confirmed_and_moved_by_links_in_mails() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let ask = async |method: &str, path: &str, body: &Value| {
        send(&shop, access(&tokens), method, &format!("users/me/address{path}"), body).await
    };
    let confirm = async |token: &str| post(&shop, "auth/confirm-address", &json!({ "token": token })).await;
    assert_eq!(ask("GET", "", &Value::Null).await.json(), json!({ "email": "ada@example.com", "confirmed": false }));
    assert_eq!(ask("POST", "/mail", &Value::Null).await.status, 202);
    let link = mailed_link(&shop).await.unwrap();
    assert_eq!(confirm("not a link").await.problem(), "conflict");
    assert_eq!(confirm(&link).await.status, 200);
    assert_eq!(ask("GET", "", &Value::Null).await.json()["confirmed"], true);

    let to = |email: &str, password: &str| json!({ "email": email, "password": password });
    assert_eq!(ask("POST", "", &to("ada@post.example", "wrong")).await.json()["errors"][0]["field"], "password");
    assert_eq!(ask("POST", "", &to("nonsense", PASSWORD)).await.json()["errors"][0]["field"], "email");
    let begun = ask("POST", "", &to("ada@post.example", PASSWORD)).await;
    assert_eq!((begun.status.as_u16(), &begun.json()["pending"]), (202, &json!("ada@post.example")));
    assert_eq!(ask("DELETE", "/move", &Value::Null).await.status, 204);
    assert!(ask("GET", "", &Value::Null).await.json().get("pending").is_none());

    ask("POST", "", &to("ada@post.example", PASSWORD)).await;
    let link = mailed_link(&shop).await.unwrap();
    assert_eq!(confirm(&link).await.status, 200);
    let log_in = json!({ "email": "ada@post.example", "password": PASSWORD });
    assert_eq!(post(&shop, "auth/login", &log_in).await.status, 200);
}

#[tokio::test]
async fn the_second_step_is_turned_on_and_off_and_the_program_goes_on() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let path = "users/me/two-factor";
    let begun = send(&shop, access(&tokens), "POST", path, &Value::Null).await.json();
    assert_eq!(begun["new_codes"].as_array().unwrap().len(), 10);
    assert_eq!(send(&shop, access(&tokens), "PUT", path, &json!({ "code": "000000x" })).await.status, 422);
    let totp = totp_rs::Totp::from_url(begun["enrollment"]["address"].as_str().unwrap()).unwrap();
    let code = totp.generate(u64::try_from(shop.db.now().0 / 1000).unwrap());
    let on = send(&shop, access(&tokens), "PUT", path, &json!({ "code": code.to_string() })).await;
    assert_eq!(on.status, 200, "{}", on.text());
    let on = on.json();
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(me(&shop, access(&on)).await.json()["two_factor"], true);
    let codes = format!("{path}/recovery-codes");
    assert_eq!(send(&shop, access(&on), "PUT", &codes, &Value::Null).await.status, 409);
    assert_eq!(send(&shop, access(&on), "POST", &codes, &Value::Null).await.status, 200);
    assert_eq!(send(&shop, access(&on), "PUT", &codes, &Value::Null).await.status, 204);
    let off = send(&shop, access(&on), "DELETE", path, &Value::Null).await.json();
    assert_eq!(me(&shop, access(&off)).await.json()["two_factor"], false);
}

#[tokio::test]
async fn somebody_has_all_that_the_shop_knows_of_them_by_a_program() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let data = send(&shop, access(&tokens), "GET", "users/me/data", &Value::Null).await;
    assert_eq!((data.status.as_u16(), data.header("cache-control")), (200, "private, no-store"));
    assert!(data.json().is_object() && data.text().contains("ada@example.com"), "{}", data.text());
    assert_eq!(send(&shop, access(&tokens), "GET", "users/me/google", &Value::Null).await.problem(), "not-found");
    shop.clock.advance(10 * MINUTE);
    let newer = refresh(&shop, &tokens).await.json();
    assert_eq!(send(&shop, access(&newer), "GET", "users/me/data", &Value::Null).await.problem(), "login-too-old");
}

#[tokio::test]
async fn what_goes_with_an_account_is_told_before_it_is_deleted() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let bell = domain::testing::for_sale(&shop.db, "The Bell", 500).await;
    let id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    let user = domain::account::users::account(&shop.db, id).await.unwrap().unwrap().user;
    domain::testing::give(&shop.db, &user, bell.id).await;
    let ask = async |token: &str| send(&shop, token, "GET", "users/me/deletion", &Value::Null).await;
    let told = ask(access(&tokens)).await.json();
    let preview = domain::privacy::deletion::preview(&shop.db, id).await.unwrap();
    assert_eq!((&told["address"], &told["books"], &told["reviews"]), (&json!("ada@example.com"), &json!(1), &json!(0)));
    assert_eq!(told["orders"], json!(preview.orders));
    shop.clock.advance(10 * MINUTE);
    let newer = refresh(&shop, &tokens).await.json();
    assert_eq!(ask(access(&newer)).await.problem(), "login-too-old", "as the deletion itself");
}

#[tokio::test]
async fn an_account_is_deleted_with_its_address_typed() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let leave =
        async |address: &str| send(&shop, access(&tokens), "DELETE", "users/me", &json!({ "address": address })).await;
    assert_eq!(leave("else@example.com").await.status, 422);
    assert_eq!(leave("ada@example.com").await.status, 204);
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    register(&shop, "ada@example.com").await;
}
