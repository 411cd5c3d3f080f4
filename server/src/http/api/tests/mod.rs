//! The API as programs meet it.

mod described;
mod google;
mod hostile;
mod log_in;
mod users;

use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

pub const PASSWORD: &str = "a long walk home";

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The kind of problem; empty when it is none.
    fn problem(&self) -> String {
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

async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    let request = Request::post(format!("/api/v1/{path}")).header("content-type", "application/json");
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

async fn me(shop: &Shop, access_token: &str) -> Answer {
    shop.get("", "/api/v1/users/me", &[("authorization", &format!("Bearer {access_token}"))]).await
}

fn registration(email: &str) -> Value {
    json!({ "name": "Ada", "email": email, "password": PASSWORD })
}

/// Registers someone and returns what their program holds.
async fn register(shop: &Shop, email: &str) -> Value {
    let answer = post(shop, "auth/register", &registration(email)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

async fn refresh(shop: &Shop, tokens: &Value) -> Answer {
    post(shop, "auth/refresh", &json!({ "refresh_token": tokens["refresh_token"] })).await
}
