//! The API as programs meet it.

mod access;
mod amounts;
mod conditional;
mod counted;
mod described;
mod documents;
mod google;
mod hostile;
mod lengths;
mod log_in;
mod manners;
mod pages;
mod promised;
pub mod seen;
mod shop;
mod statements;
mod strangers;
mod times;
mod users;

use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

pub const PASSWORD: &str = "a long walk home";

impl Answer {
    pub(in crate::http::api) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The kind of problem; empty when it is none.
    pub(in crate::http) fn problem(&self) -> String {
        if self.header("content-type") != "application/problem+json" {
            return String::new();
        }
        let body = self.json();
        assert_eq!(body["status"], self.status.as_u16());
        assert!(body["title"].is_string() && !body["detail"].as_str().unwrap().is_empty(), "{body}");
        let kind = body["type"].as_str().unwrap();
        kind.strip_prefix("/api/v1/docs#problem-").unwrap_or_else(|| panic!("{kind}")).to_owned()
    }
}

pub(in crate::http::api) async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    let request = Request::post(format!("/api/v1/{path}")).header("content-type", "application/json");
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

pub(in crate::http::api) async fn me(shop: &Shop, access_token: &str) -> Answer {
    shop.get("", "/api/v1/users/me", &[("authorization", &format!("Bearer {access_token}"))]).await
}

pub(in crate::http::api) fn registration(email: &str) -> Value {
    json!({ "name": "Ada", "email": email, "password": PASSWORD })
}

/// Registers someone and returns what their program holds.
pub(in crate::http) async fn register(shop: &Shop, email: &str) -> Value {
    let answer = post(shop, "auth/register", &registration(email)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

pub(in crate::http) fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

pub(in crate::http::api) async fn refresh(shop: &Shop, tokens: &Value) -> Answer {
    post(shop, "auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await
}

/// A request of somebody's program; without a body for `Value::Null`, without a token for an empty one.
pub(in crate::http) async fn send(shop: &Shop, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let mut request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_null() {
        return shop.send(request.body(Body::empty()).unwrap()).await;
    }
    request = request.header("content-type", "application/json");
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// The token of a program of an admin who may do everything.
pub(in crate::http::api) async fn admin(shop: &Shop) -> String {
    use domain::account::{Password, registration};
    let (email, password) = ("desk@shop.example", Password::parse(PASSWORD.to_owned()).unwrap());
    registration::create_admin(&shop.db, &email.parse().unwrap(), "Desk", &password).await.unwrap();
    let answer = post(shop, "auth/login", &json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// The token of a program of a new shopper.
pub(in crate::http::api) async fn shopper(shop: &Shop) -> String {
    let email = format!("{}@post.example", uuid::Uuid::now_v7().simple());
    access(&register(shop, &email).await).to_owned()
}
