//! What no collector is told.

use super::{Collector, Shop};
use crate::config;
use crate::jobs::{Rooms, Runner, of_shop};
use crate::mail::{Folder, Mails};
use crate::telemetry::collector::Told;
use axum::body::Body;
use domain::job_kinds;
use domain::jobs::Queue;
use http::Request;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const CODE: &str = "a-code-that-opens-a-gift";
const PASSWORD: &str = "seven green bottles";

async fn program(shop: &Shop, path: &str, body: &Value) -> Value {
    let request = Request::post(format!("/api/v1/{path}")).header("content-type", "application/json");
    let answer = shop.send(request.body(Body::from(body.to_string())).unwrap()).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Sends every mail that waits, and returns what the mails say.
async fn post_mails(shop: &Shop) -> String {
    let mails = Mails::open(&shop.state, "127.0.0.1:3000".parse().unwrap()).unwrap();
    let rooms = Rooms::from([(Queue::Mail, 1)]);
    let handlers = of_shop(&shop.state, &mails);
    let runner = Runner::new("post".to_owned(), shop.db.clone(), job_kinds::all(), handlers, rooms, 60_000);
    while runner.work_once(Queue::Mail, &CancellationToken::new()).await.unwrap() {}
    let folder = Folder::open(&shop.state.config.mail_dir()).unwrap();
    folder.newest(10).await.unwrap().into_iter().map(|(_, mail)| mail.text).collect()
}

#[tokio::test]
async fn no_address_no_token_and_no_code_is_in_any_span() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let shop = Shop::open_whole(|config| config.limits = config::Limits::off()).await;
    let form = format!("name=Beatrix&email=beatrix%40post.example&password={}", PASSWORD.replace(' ', "+"));
    let registered = shop.post("", "/api/account/register", &form, &[]).await;
    assert!(registered.status.is_success(), "{}", registered.text());
    let cookie = registered.cookies();
    shop.post("", "/api/account/login", "email=beatrix%40post.example&password=guessed", &[]).await;
    shop.get(&cookie, "/account", &[("accept", "text/html")]).await;
    for path in [format!("/gift/{CODE}"), format!("/api/v1/gifts/{CODE}"), format!("/verify-email?token={CODE}")] {
        shop.get("", &path, &[("accept", "text/html"), ("x-forwarded-for", "203.0.113.77")]).await;
    }
    let login = json!({ "email": "beatrix@post.example", "password": PASSWORD });
    let tokens = program(&shop, "auth/login", &login).await;
    program(&shop, "auth/password-reset", &json!({ "email": "beatrix@post.example" })).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    shop.get("", "/api/v1/audiobooks", &[("authorization", &bearer)]).await;
    let mails = post_mails(&shop).await;
    let links: Vec<&str> = mails.split("token=").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    assert!(!links.is_empty(), "{mails}");

    let pages = ["GET /account", "GET /gift/{code}", "GET /verify-email"];
    let spans = collector.spans_with(&traced, &pages).await;
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    for began in ["POST /api/account/register", "GET /gift/{", "POST /api/v1/auth/login", "job mail.send", "mail.post"]
    {
        assert!(names.iter().any(|name| name.starts_with(began)), "{began} among {names:?}");
    }
    let mut secrets: Vec<String> = ["beatrix", "Beatrix", "post.example", "seven", "guessed", CODE, "203.0.113.77"]
        .into_iter()
        .chain(links)
        .map(str::to_owned)
        .collect();
    let cookies = cookie.split("; ").filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned());
    secrets.extend(cookies.filter(|value| value.len() > 8));
    secrets.extend(["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned()));
    assert!(secrets.len() > 9 && secrets.iter().all(|secret| secret.len() > 3), "{secrets:?}");
    let (sent, told) = (collector.bytes(), told(&spans));
    let sent = String::from_utf8_lossy(&sent);
    for secret in &secrets {
        assert!(!sent.contains(secret.as_str()), "{secret} was sent: {told}");
    }
    assert!(!told.contains('@') && !told.contains('?'), "{told}");
}

/// All that spans say in words.
fn told(spans: &[Told]) -> String {
    let said = spans.iter().map(|span| format!("{} {:?}", span.name, span.attributes));
    said.collect::<Vec<_>>().join("\n")
}
