use crate::http::api::tests::{PASSWORD, access, post, register};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use domain::Day;
use domain::account::{Password, registration, user_admin};
use domain::audit::{Action, Filter, trail};
use http::Request;
use serde_json::{Value, json};

const TOKENS: &str = "/api/v1/users/me/tokens";

async fn ask(shop: &Shop, method: &str, path: &str, token: &str, body: Option<&Value>) -> Answer {
    let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json");
    shop.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()).await
}

fn wish(shop: &Shop, scopes: &[&str]) -> Value {
    let last_day = Day::of(shop.db.now()).plus(30).to_string();
    json!({ "name": "The tills", "scopes": scopes, "last_day": last_day })
}

async fn made(shop: &Shop, owner: &str, scopes: &[&str]) -> String {
    let answer = ask(shop, "POST", TOKENS, owner, Some(&wish(shop, scopes))).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn validated(shop: &Shop, token: &str) -> Value {
    post(shop, "auth/validate", &json!({ "token": token })).await.json()
}

#[tokio::test]
async fn a_machine_gets_what_its_token_was_made_for_and_nothing_else() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let token = made(&shop, access(&tokens), &["shopping"]).await;
    assert!(token.starts_with("lct_"), "{token}");
    assert_eq!(ask(&shop, "GET", "/api/v1/users/me", &token, None).await.json()["email"], "ada@example.com");
    let refused = ask(&shop, "GET", TOKENS, &token, None).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "scope-missing"));
    let known = validated(&shop, &token).await;
    assert_eq!((&known["active"], &known["scope"]), (&json!(true), &json!("shopping")));
    assert_eq!(known["sub"], tokens["user"]["id"]);
}

#[tokio::test]
async fn the_trail_names_the_machine_that_did_something_or_was_refused() {
    let shop = Shop::open().await;
    let password = Password::parse(PASSWORD).unwrap();
    let admin =
        registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let cookie = shop.log_in(&admin).await;
    let tokens = post(&shop, "auth/login", &json!({ "email": "root@example.com", "password": PASSWORD })).await.json();
    let owner = access(&tokens);
    let token = made(&shop, owner, &["account", "users"]).await;
    let renamed = ask(&shop, "PATCH", "/api/v1/users/me", &token, Some(&json!({ "name": "Ada Moss" }))).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text());
    let refused = ask(&shop, "GET", "/api/v1/admin/settings", &token, None).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "scope-missing"));

    let listed = ask(&shop, "GET", TOKENS, owner, None).await.json();
    let id = &listed["items"][0]["id"];
    let line = async |action: Action| {
        let path = format!("/api/v1/admin/audit?action={}", action.name());
        ask(&shop, "GET", &path, &token, None).await.json()["items"][0].clone()
    };
    let done = line(Action::Renamed).await;
    assert_eq!((&done["token_id"], &done["token_name"]), (id, &json!("The tills")), "{done}");
    assert_eq!(done["who"], "root@example.com");
    let refused = line(Action::AccessRefused).await;
    assert_eq!((&refused["outcome"], &refused["token_name"]), (&json!("refused"), &json!("The tills")));
    assert_eq!(
        (&refused["subject"], &refused["details"]["scope"]),
        (&json!("/api/v1/admin/settings"), &json!("settings"))
    );
    assert!(line(Action::MachineTokenMade).await.get("token_id").is_none(), "a person made it");

    let page = shop.get(&cookie, "/admin/audit?action=account.renamed", &[("accept", "text/html")]).await;
    assert!(page.text().contains("The tills"), "{}", page.text());
    let csv = shop.get(&cookie, "/admin/audit.csv?action=account.renamed", &[]).await;
    let row = csv.text().lines().nth(1).unwrap_or_default().to_owned();
    assert!(row.contains(id.as_str().unwrap()) && row.contains("The tills"), "{row}");
}

#[tokio::test]
async fn a_token_is_shown_once_and_its_owner_sees_when_it_was_used_and_takes_it_back() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let (owner, token) = (access(&tokens), made(&shop, access(&tokens), &["account", "listening"]).await);
    let listed = ask(&shop, "GET", TOKENS, owner, None).await;
    assert!(!listed.text().contains(&token[4..]), "it can be read again");
    let listed = listed.json();
    let about = &listed["items"][0];
    assert_eq!((&about["name"], &about["scopes"]), (&json!("The tills"), &json!(["account", "listening"])));
    assert!(about.get("used_at").is_none(), "{about}");
    shop.clock.advance(5_000);
    assert_eq!(ask(&shop, "GET", "/api/v1/users/me", &token, None).await.status, 200);
    let used = ask(&shop, "GET", TOKENS, owner, None).await.json()["items"][0]["used_at"].clone();
    assert!(used.is_string());
    shop.clock.advance(30_000);
    shop.statements.take();
    assert_eq!(ask(&shop, "GET", "/api/v1/users/me", &token, None).await.status, 200);
    assert!(!shop.statements.take().iter().any(|sql| sql.starts_with("UPDATE")), "written more than once a minute");
    let address = format!("{TOKENS}/{}", about["id"].as_str().unwrap());
    // A machine that was taken over would else take back what its owner still has.
    let by_machine = ask(&shop, "DELETE", &address, &token, None).await;
    assert_eq!((by_machine.status.as_u16(), by_machine.problem().as_str()), (401, "login-too-old"));
    // Whoever finds a token in other hands is not asked to log in again first.
    shop.clock.advance(11 * 60 * 1000);
    let renewed = post(&shop, "auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await.json();
    let owner = access(&renewed);
    let stranger = register(&shop, "bea@example.com").await;
    assert_eq!(ask(&shop, "DELETE", &address, access(&stranger), None).await.status, 404);
    assert_eq!(ask(&shop, "DELETE", &address, owner, None).await.status, 204);
    assert_eq!(ask(&shop, "DELETE", &address, owner, None).await.status, 404);
    assert_eq!(ask(&shop, "GET", "/api/v1/users/me", &token, None).await.problem(), "invalid-token");
    assert_eq!(validated(&shop, &token).await, json!({ "active": false }));
    let lines = trail::events(&shop.db, &Filter::default(), None, 100).await.unwrap();
    let told = |action: Action| lines.iter().filter(|line| line.action == action.name()).count();
    assert_eq!((told(Action::MachineTokenMade), told(Action::MachineTokenRevoked)), (1, 1));
}

#[tokio::test]
async fn a_token_ends_on_its_day_and_by_whoever_finds_it() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let (first, second) =
        (made(&shop, access(&tokens), &["shopping"]).await, made(&shop, access(&tokens), &["shopping"]).await);
    assert_eq!(post(&shop, "auth/revoke", &json!({ "token": first })).await.status, 200);
    assert_eq!(validated(&shop, &first).await["active"], false);
    assert_eq!(validated(&shop, &second).await["active"], true);
    shop.clock.advance(31 * 24 * 60 * 60 * 1000);
    assert_eq!(validated(&shop, &second).await["active"], false);
}

#[tokio::test]
async fn what_a_machine_may_not_have_is_refused_by_field() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let refused = async |change: Value| {
        let mut wish = wish(&shop, &["shopping"]);
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = ask(&shop, "POST", TOKENS, access(&tokens), Some(&wish)).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        answer.json()["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    let day = |days| json!({ "last_day": Day::of(shop.db.now()).plus(days).to_string() });
    assert_eq!(refused(json!({ "name": " " })).await, "name");
    assert_eq!(refused(json!({ "scopes": [] })).await, "scopes");
    assert_eq!(refused(json!({ "scopes": ["orders"] })).await, "scopes");
    assert_eq!(refused(json!({ "last_day": "never" })).await, "last_day");
    assert_eq!(refused(day(-1)).await, "last_day");
    assert_eq!(refused(day(366)).await, "last_day");
    let machine = made(&shop, access(&tokens), &["account"]).await;
    let answer = ask(&shop, "POST", TOKENS, &machine, Some(&wish(&shop, &["account"]))).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "login-too-old"));
    shop.clock.advance(11 * 60 * 1000);
    let renewed = post(&shop, "auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await.json();
    let answer = ask(&shop, "POST", TOKENS, access(&renewed), Some(&wish(&shop, &["shopping"]))).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "login-too-old"));
}

#[tokio::test]
async fn what_an_admin_loses_their_machines_lose() {
    let shop = Shop::open().await;
    let password = Password::parse(PASSWORD).unwrap();
    let root =
        registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let other =
        registration::create_admin(&shop.db, &"ada@example.com".parse().unwrap(), "Ada", &password).await.unwrap();
    let tokens = post(&shop, "auth/login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await.json();
    let token = made(&shop, access(&tokens), &["account", "settings"]).await;
    let other_token = made(&shop, access(&tokens), &["account"]).await;
    assert_eq!(validated(&shop, &token).await["role"], "admin");
    user_admin::set_permissions(&shop.db, root.id, other.id, [].into_iter().collect()).await.unwrap();
    assert_eq!(validated(&shop, access(&tokens)).await["active"], false, "a log-in ends with the rights it had");
    assert_eq!(validated(&shop, &token).await["active"], false, "so does a token that was made for what is lost");
    assert_eq!(validated(&shop, &other_token).await["active"], true, "the others go on");
    let me = ask(&shop, "GET", "/api/v1/users/me", &other_token, None).await.json();
    assert_eq!(me["permissions"], json!([]));
}
