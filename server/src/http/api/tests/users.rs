//! Bearer tokens, and what stands around the routes.

use super::*;
use domain::account::{Password, registration};
use http::{Method, StatusCode};

#[tokio::test]
async fn without_a_valid_token_the_answer_says_what_is_missing() {
    let shop = Shop::open().await;
    let ask = async |headers: &[(&str, &str)]| shop.get("", "/api/v1/users/me", headers).await;
    let none = ask(&[]).await;
    assert_eq!((none.status.as_u16(), none.problem().as_str()), (401, "no-token"));
    assert_eq!(none.header("www-authenticate"), "Bearer realm=\"lectern\"");
    let basic = ask(&[("authorization", "Basic YWRhOmFkYQ==")]).await;
    assert_eq!(basic.header("www-authenticate"), "Bearer realm=\"lectern\"");
    let wrong = ask(&[("authorization", "Bearer abc")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.problem().as_str()), (401, "invalid-token"));
    assert!(wrong.header("www-authenticate").contains("error=\"invalid_token\""));
    let twice = ask(&[("authorization", "Bearer abc"), ("authorization", "Bearer abc")]).await;
    assert_eq!((twice.status.as_u16(), twice.problem().as_str()), (400, "malformed"));
}

#[tokio::test]
async fn a_browser_session_opens_nothing_here_and_a_token_no_page() {
    let shop = Shop::open().await;
    let (_, cookie) = shop.shopper().await;
    assert_eq!(shop.get(&cookie, "/api/v1/users/me", &[]).await.problem(), "no-token");
    let tokens = register(&shop, "ada@example.com").await;
    let bearer = format!("Bearer {}", access(&tokens));
    let path = format!("/listen/{}/parts/0", uuid::Uuid::nil());
    assert_eq!(shop.get("", &path, &[("authorization", &bearer)]).await.status, 401);
}

#[tokio::test]
async fn a_program_needs_no_origin_and_another_site_is_refused() {
    let shop = Shop::open().await;
    let send = async |origin: Option<&str>| {
        let mut request = Request::post("/api/v1/auth/login").header("host", "shop.example");
        request = request.header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let body = json!({ "email": "a@example.com", "password": "x" }).to_string();
        shop.send(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send(None).await.status, 401);
    assert_eq!(send(Some("https://shop.example")).await.status, 401);
    let refused = send(Some("https://elsewhere.example")).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (403, "forbidden"));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let shop = Shop::open().await;
    for path in ["/api/v1/nothing", "/api/v1/auth", "/api/v1/auth/login/x"] {
        let answer = shop.get("", path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    let answer = shop.get("", "/api/v1/auth/login", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (405, "method-not-allowed"));
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn a_body_has_to_be_json_of_the_right_shape_and_size() {
    let shop = Shop::open().await;
    let send = async |media_type: &str, body: String| {
        let request = Request::post("/api/v1/auth/login").header("content-type", media_type);
        let answer = shop.send(request.body(Body::from(body)).unwrap()).await;
        (answer.status.as_u16(), answer.problem())
    };
    let good = json!({ "email": "a@example.com", "password": "x" }).to_string();
    let expected = |status: u16, kind: &str| (status, kind.to_owned());
    assert_eq!(send("application/x-www-form-urlencoded", "email=a".into()).await, expected(415, "not-json"));
    assert_eq!(send("text/plain", good.clone()).await, expected(415, "not-json"));
    assert_eq!(send("application/json", "{".into()).await, expected(400, "malformed"));
    assert_eq!(send("application/json", "[]".into()).await, expected(422, "invalid"));
    assert_eq!(send("application/json", format!("{good}{}", " ".repeat(16 * 1024))).await, expected(413, "too-large"));
    assert_eq!(send("application/json; charset=utf-8", good).await, expected(401, "wrong-credentials"));
}

#[tokio::test]
async fn the_published_keys_check_the_tokens_that_are_handed_out() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let answer = shop.get("", "/.well-known/jwks.json", &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "public, max-age=300"));
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_slice(&answer.body).unwrap();
    // As a program elsewhere does it, with nothing but what was published.
    let kid = jsonwebtoken::decode_header(access(&tokens)).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    rules.set_issuer(&["lectern"]);
    rules.set_audience(&["lectern-api"]);
    let token = jsonwebtoken::decode::<Value>(access(&tokens), &key, &rules).unwrap();
    assert_eq!(token.claims["sub"], tokens["user"]["id"]);
    let published = answer.json()["keys"][0].clone();
    assert_eq!((&published["kty"], &published["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert_eq!((&published["alg"], &published["use"]), (&json!("EdDSA"), &json!("sig")));
    assert!(published.get("d").is_none(), "a private key is published");
}

#[tokio::test]
async fn head_asks_for_the_headers_alone() {
    let shop = Shop::open().await;
    let request = Request::builder().method(Method::HEAD).uri("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let answer = shop.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}

#[tokio::test]
async fn an_admins_program_learns_what_it_may_do() {
    let shop = Shop::open().await;
    let shopper = register(&shop, "ada@example.com").await;
    assert_eq!(me(&shop, access(&shopper)).await.json()["permissions"], json!([]));
    let password = Password::parse(PASSWORD).unwrap();
    registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let answer = post(&shop, "auth/login", &json!({ "email": "root@example.com", "password": PASSWORD })).await.json();
    let all = json!(["catalogue", "production", "orders", "prices", "users", "settings"]);
    assert_eq!((&answer["user"]["role"], &answer["user"]["permissions"]), (&json!("admin"), &all));
    assert_eq!(me(&shop, access(&answer)).await.json()["permissions"], all);
}

#[tokio::test]
async fn where_admins_need_two_factor_their_programs_may_do_nothing_without_one_either() {
    let mut shop = Shop::open_whole(|config| config.limits = crate::config::Limits::off()).await;
    let password = Password::parse(PASSWORD).unwrap();
    registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let credentials = json!({ "email": "root@example.com", "password": PASSWORD });
    let before = post(&shop, "auth/login", &credentials).await.json();
    shop.restart_with(|config| config.accounts.admins_need_two_factor = true).await;
    let role = async |shop: &Shop, tokens: &Value| {
        let looked_at = post(shop, "auth/validate", &json!({ "token": tokens["access_token"] })).await.json();
        let me = me(shop, access(tokens)).await.json();
        assert_eq!(me["permissions"], json!([]));
        (me["role"].clone(), looked_at["role"].clone())
    };
    let shopper = (json!("shopper"), json!("shopper"));
    assert_eq!(role(&shop, &before).await, shopper, "a token of before");
    let now = post(&shop, "auth/login", &credentials).await.json();
    assert_eq!(now["user"]["role"], "shopper");
    assert_eq!(role(&shop, &now).await, shopper);
    let claims = now["access_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims = String::from_utf8(base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, claims).unwrap());
    assert!(claims.as_ref().unwrap().contains("\"role\":\"shopper\""), "{claims:?}");
    let refreshed = refresh(&shop, &now).await.json();
    assert_eq!(refreshed["user"]["role"], "shopper");
}
