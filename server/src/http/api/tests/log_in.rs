//! Registering, logging in, staying logged in, logging out.

use super::*;
use crate::Config;
use crate::http::testing::claim_mail;
use crate::vault::SealedVault;
use domain::account::email::mail::{self, Content};
use domain::account::mfa;
use domain::entities::users;
use domain::jobs;
use sea_orm::EntityTrait;
use sea_orm::prelude::Expr;
use totp_rs::Totp;

#[tokio::test]
async fn a_program_registers_logs_in_refreshes_and_logs_out() {
    let shop = Shop::open().await;
    let first = register(&shop, "ada@example.com").await;
    assert_eq!(me(&shop, access(&first)).await.json()["email"], "ada@example.com");
    let answer = post(&shop, "auth/login", &json!({ "email": " ADA@example.com", "password": PASSWORD })).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    assert!(answer.header("set-cookie").is_empty());
    let tokens = answer.json();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(tokens["refresh_expires_in"], 30 * 24 * 60 * 60);
    assert_eq!((&tokens["user"]["name"], &tokens["user"]["role"]), (&json!("Ada"), &json!("shopper")));
    let newer = refresh(&shop, &tokens).await;
    assert_eq!(newer.status, 200);
    let newer = newer.json();
    assert_ne!(newer["refresh_token"], tokens["refresh_token"]);
    assert_eq!(me(&shop, access(&newer)).await.status, 200);
    assert_eq!(post(&shop, "auth/revoke", &json!({ "token": newer["refresh_token"] })).await.status, 200);
    assert_eq!(me(&shop, access(&newer)).await.problem(), "invalid-token");
    assert_eq!(refresh(&shop, &newer).await.problem(), "refresh-refused");
    assert_eq!(me(&shop, access(&first)).await.status, 200, "another log-in ended too");
}

#[tokio::test]
async fn an_access_token_logs_out_as_well() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    assert_eq!(post(&shop, "auth/revoke", &json!({ "token": access(&tokens) })).await.json(), json!({}));
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(refresh(&shop, &tokens).await.status, 401);
}

#[tokio::test]
async fn revoking_what_is_no_token_is_answered_alike() {
    let shop = Shop::open().await;
    for token in ["", "nonsense", "a.b.c", "\u{1}"] {
        let answer = post(&shop, "auth/revoke", &json!({ "token": token })).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({})), "{token:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let shop = Shop::open().await;
    register(&shop, "ada@example.com").await;
    let mut answers = Vec::new();
    for email in ["ada@example.com", "nobody@example.com", "no address", "", "\u{1}@example.com"] {
        let answer = post(&shop, "auth/login", &json!({ "email": email, "password": "not the password" })).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "wrong-credentials"));
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        answers.push(answer.json());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_nul_is_refused_wherever_it_stands_because_no_database_keeps_one() {
    let shop = Shop::open().await;
    for (path, body) in [
        ("auth/revoke", json!({ "token": "\u{0}" })),
        ("auth/login", json!({ "email": "\u{0}@example.com", "password": "not the password" })),
        ("auth/register", json!({ "name": "A\u{0}", "email": "ada@example.com", "password": PASSWORD })),
    ] {
        let answer = post(&shop, path, &body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"), "{path}");
    }
}

#[tokio::test]
async fn a_registration_that_is_refused_says_why_for_each_field() {
    let shop = Shop::open().await;
    let wish = json!({ "name": "Ada", "email": "nowhere", "password": "short" });
    let answer = post(&shop, "auth/register", &wish).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid"));
    let fields: Vec<Value> = answer.json()["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["email", "password"]);
    let nameless = json!({ "name": " ", "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(post(&shop, "auth/register", &nameless).await.json()["errors"][0]["field"], "name");
    register(&shop, "ada@example.com").await;
    let again = post(&shop, "auth/register", &registration("Ada@Example.com")).await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (409, "conflict"));
}

#[tokio::test]
async fn nobody_registers_as_an_admin() {
    let shop = Shop::open().await;
    let mut wish = registration("ada@example.com");
    wish["role"] = json!("admin");
    assert_eq!(post(&shop, "auth/register", &wish).await.problem(), "invalid");
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_is_refused_and_later_ends_the_log_in() {
    let shop = Shop::open().await;
    let old = register(&shop, "ada@example.com").await;
    let new = refresh(&shop, &old).await.json();
    let soon = refresh(&shop, &old).await;
    assert_eq!((soon.status.as_u16(), soon.problem().as_str()), (409, "refresh-just-used"));
    assert_eq!(me(&shop, access(&new)).await.status, 200);
    shop.clock.advance(10_000);
    let late = refresh(&shop, &old).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (401, "refresh-reused"));
    assert!(late.json()["detail"].as_str().unwrap().contains("revoked"));
    assert_eq!(me(&shop, access(&new)).await.status, 401);
    assert_eq!(refresh(&shop, &new).await.problem(), "refresh-refused");
}

#[tokio::test]
async fn tokens_end_with_the_password_they_were_given_for() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let change = users::Entity::update_many().col_expr(users::Column::PasswordHash, Expr::value("$another"));
    change.exec(shop.db.read()).await.unwrap();
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(refresh(&shop, &tokens).await.status, 401);
}

/// The secret of the link in the newest mail that sets a new password, which is delivered like the others.
async fn mailed_link(shop: &Shop) -> Option<String> {
    let mut link = None;
    while let Some((claim, mail_job)) = claim_mail(&shop.db).await {
        if let Some(Content::Reset(token)) =
            mail::prepare(&shop.db, &claim, &mail_job).await.unwrap().map(|letter| letter.content)
        {
            link = Some(token.expose().to_owned());
        }
        jobs::complete_all(&shop.db, &[claim]).await.unwrap();
    }
    link
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_and_ends_every_log_in() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let mut answers = Vec::new();
    for (email, has_account) in [("ada@example.com", true), ("nobody@example.com", false)] {
        let answer = post(&shop, "auth/password-reset", &json!({ "email": email })).await;
        assert_eq!(answer.status, 202);
        answers.push(answer.json());
        let link = mailed_link(&shop).await;
        assert_eq!(link.is_some(), has_account);
        let Some(link) = link else { continue };
        let wish = json!({ "token": link, "password": "another long walk" });
        let weak = json!({ "token": link, "password": "short" });
        assert_eq!(post(&shop, "auth/password-reset/confirm", &weak).await.json()["errors"][0]["field"], "password");
        assert_eq!(post(&shop, "auth/password-reset/confirm", &wish).await.status, 200);
        assert_eq!(post(&shop, "auth/password-reset/confirm", &wish).await.problem(), "conflict");
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(me(&shop, access(&tokens)).await.status, 401);
    assert_eq!(refresh(&shop, &tokens).await.status, 401);
    let log_in = async |password| {
        let wish = json!({ "email": "ada@example.com", "password": password });
        post(&shop, "auth/login", &wish).await.status.as_u16()
    };
    assert_eq!((log_in(PASSWORD).await, log_in("another long walk").await), (401, 200));
}

#[tokio::test]
async fn a_token_is_looked_at_by_whoever_holds_it() {
    let shop = Shop::open().await;
    let tokens = register(&shop, "ada@example.com").await;
    let validate = async |token: &Value| {
        let answer = post(&shop, "auth/validate", &json!({ "token": token })).await;
        assert_eq!(answer.status, 200);
        answer.json()
    };
    let known = validate(&tokens["access_token"]).await;
    assert_eq!((&known["active"], &known["token_type"]), (&json!(true), &json!("Bearer")));
    assert_eq!((&known["sub"], &known["role"]), (&tokens["user"]["id"], &json!("shopper")));
    assert_eq!(known["exp"].as_i64().unwrap() - known["iat"].as_i64().unwrap(), 600);
    for other in [&tokens["refresh_token"], &json!("nonsense"), &json!("")] {
        assert_eq!(validate(other).await, json!({ "active": false }));
    }
    shop.clock.advance(600_000);
    assert_eq!(validate(&tokens["access_token"]).await, json!({ "active": false }));
}

#[tokio::test]
async fn a_program_of_somebody_with_a_second_step_sends_the_code_along() {
    let shop = Shop::open().await;
    let first = register(&shop, "ada@example.com").await;
    let id = first["user"]["id"].as_str().unwrap().parse().unwrap();
    let vault = SealedVault::new(&Config::load(None).unwrap()).unwrap();
    mfa::enroll(&shop.db, &vault, id).await.unwrap();
    let status = mfa::status(&shop.db, &vault, "Lectern", id).await.unwrap();
    let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
    let shows = || app.generate(u64::try_from(shop.db.now().0 / 1000).unwrap()).to_string();
    mfa::enable(&shop.db, &vault, id, &shows()).await.unwrap();
    assert_eq!(me(&shop, access(&first)).await.problem(), "invalid-token", "what was open before is over");

    shop.clock.advance(30_000);
    let log_in = async |password: &str, code: Option<String>| {
        let wish = json!({ "email": "ada@example.com", "password": password, "code": code });
        post(&shop, "auth/login", &wish).await
    };
    assert_eq!(log_in("not the password", Some(shows())).await.problem(), "wrong-credentials");
    assert_eq!(log_in(PASSWORD, None).await.problem(), "code-needed");
    assert_eq!(log_in(PASSWORD, Some("nonsense".to_owned())).await.problem(), "wrong-code");
    let code = shows();
    let tokens = log_in(PASSWORD, Some(code.clone())).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    assert_eq!(me(&shop, access(&tokens.json())).await.status, 200);
    assert_eq!(log_in(PASSWORD, Some(code)).await.problem(), "wrong-code", "a code opens once");
    assert_eq!(log_in(PASSWORD, Some(status.new_codes[0].clone())).await.status, 200);
}
