//! Programs that bring what Google says of a person.

use super::*;
use crate::Config;
use crate::google::provider::{Key, Provider, person};
use crate::vault::SealedVault;
use domain::account::{external_login, mfa};
use domain::entities::users;
use http::StatusCode;
use jsonwebtoken::Algorithm;
use sea_orm::{EntityTrait, PaginatorTrait};
use totp_rs::Totp;

const PROGRAM: &str = "a-phone.apps.example";

async fn open() -> (Shop, Provider) {
    let (mut shop, provider) = (Shop::open().await, Provider::open().await);
    shop.restart_with(|config| {
        provider.configure(config);
        config.google.program_client_ids = format!("another.apps.example, {PROGRAM}");
    })
    .await;
    (shop, provider)
}

fn word(shop: &Shop, provider: &Provider, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = provider.claims(shop.db.now(), &person("ada"), None);
    // No two words are the same.
    claims["jti"] = json!(domain::secret::token());
    change(&mut claims);
    provider.key().sign(&claims)
}

async fn log_in(shop: &Shop, wish: Value) -> Answer {
    post(shop, "auth/google-login", &wish).await
}

#[tokio::test]
async fn a_link_to_google_is_seen_and_taken_away_where_the_account_has_another_way_in() {
    let (shop, provider) = open().await;
    let token = word(&shop, &provider, |_| ());
    let tokens = log_in(&shop, json!({ "id_token": token })).await.json();
    let ask = async |method: &str| send(&shop, access(&tokens), method, "users/me/google", &Value::Null).await;
    let linked = ask("GET").await.json();
    assert_eq!((&linked["has_password"], &linked["link"]["email"]), (&json!(false), &json!("ada@example.com")));
    assert_eq!(ask("DELETE").await.problem(), "conflict", "nothing else opens the account");
    let person = register(&shop, "ben@post.example").await;
    let theirs = send(&shop, access(&person), "GET", "users/me/google", &Value::Null).await.json();
    assert_eq!((&theirs["has_password"], theirs.get("link")), (&json!(true), None));
    assert_eq!(send(&shop, access(&person), "DELETE", "users/me/google", &Value::Null).await.status, 204);
}

/// Links the account of whose token it is, with that word.
async fn link(shop: &Shop, token: &str, wish: Value) -> Answer {
    send(shop, token, "PUT", "users/me/google", &wish).await
}

#[tokio::test]
async fn who_has_just_logged_in_links_google_by_a_program_and_it_opens_the_account() {
    let (shop, provider) = open().await;
    let tokens = register(&shop, "ben@post.example").await;
    let token = word(&shop, &provider, |claims| claims["nonce"] = json!("one"));
    let linked = link(&shop, access(&tokens), json!({ "id_token": token, "nonce": "one" })).await;
    assert_eq!((linked.status.as_u16(), linked.body.len()), (204, 0), "{}", linked.text());
    let standing = send(&shop, access(&tokens), "GET", "users/me/google", &Value::Null).await.json();
    assert_eq!((&standing["has_password"], &standing["link"]["email"]), (&json!(true), &json!("ada@example.com")));
    let opened = log_in(&shop, json!({ "id_token": word(&shop, &provider, |_| ()) })).await.json();
    assert_eq!(opened["user"]["email"], "ben@post.example", "whatever its address at Google");
    // Once more changes nothing, and a word that was used is none.
    let again = json!({ "id_token": word(&shop, &provider, |_| ()) });
    assert_eq!(link(&shop, access(&tokens), again.clone()).await.status, 204);
    let spent = link(&shop, access(&tokens), again).await;
    assert_eq!((spent.status.as_u16(), spent.problem().as_str()), (401, "google-refused"));
    assert!(spent.json()["detail"].as_str().unwrap().contains("used already"), "{}", spent.text());
    assert_eq!(users::Entity::find().count(shop.db.read()).await.unwrap(), 1);
}

#[tokio::test]
async fn nothing_is_linked_by_a_word_that_is_not_believed_or_to_an_account_that_it_does_not_fit() {
    let (shop, provider) = open().await;
    let tokens = register(&shop, "ben@post.example").await;
    let ben = access(&tokens);
    let of = |name: &str| {
        let mut claims = provider.claims(shop.db.now(), &person(name), None);
        claims["jti"] = json!(domain::secret::token());
        json!({ "id_token": provider.key().sign(&claims) })
    };
    let expired = word(&shop, &provider, |claims| claims["exp"] = json!(1));
    for token in ["", "nonsense", "a.b.c", &expired] {
        assert_eq!(link(&shop, ben, json!({ "id_token": token })).await.problem(), "google-refused", "{token:?}");
    }
    let with_another_nonce = json!({ "id_token": of("ada")["id_token"], "nonce": "one" });
    assert_eq!(link(&shop, ben, with_another_nonce).await.problem(), "google-refused");
    assert_eq!(link(&shop, "", of("ada")).await.status, 401);

    // Ada's opens an account of her own; Ben's account is linked to his.
    assert_eq!(log_in(&shop, of("ada")).await.status, 200);
    assert_eq!(link(&shop, ben, of("ada")).await.problem(), "conflict");
    assert_eq!(link(&shop, ben, of("ben")).await.status, 204);
    assert_eq!(link(&shop, ben, of("eve")).await.problem(), "conflict");
    shop.clock.advance(11 * 60_000);
    let newer = refresh(&shop, &tokens).await.json();
    assert_eq!(link(&shop, access(&newer), of("ben")).await.problem(), "login-too-old");
}

#[tokio::test]
async fn googles_word_is_as_good_as_a_password_and_good_once() {
    let (shop, provider) = open().await;
    let token = word(&shop, &provider, |_| ());
    let answer = log_in(&shop, json!({ "id_token": token, "client": "Listener for Android" })).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
    let tokens = answer.json();
    assert_eq!((&tokens["user"]["email"], &tokens["user"]["name"]), (&json!("ada@example.com"), &json!("ada")));
    assert_eq!(me(&shop, access(&tokens)).await.json()["email"], "ada@example.com");
    assert_eq!(refresh(&shop, &tokens).await.status, 200);
    let id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    let programs = domain::account::tokens::programs(&shop.db, id).await.unwrap();
    assert_eq!(programs[0].client, "Listener for Android");

    let again = log_in(&shop, json!({ "id_token": token })).await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (401, "google-refused"));
    assert!(again.json()["detail"].as_str().unwrap().contains("used already"));
    assert_eq!(log_in(&shop, json!({ "id_token": word(&shop, &provider, |_| ()) })).await.status, 200);
    assert_eq!(users::Entity::find().count(shop.db.read()).await.unwrap(), 1);

    shop.clock.advance(2 * 3_600_000);
    assert_eq!(
        external_login::id_tokens::delete_expired(&shop.db).await.unwrap(),
        2,
        "what has expired need not be remembered"
    );
    assert_eq!(log_in(&shop, json!({ "id_token": token })).await.problem(), "google-refused");
}

#[tokio::test]
async fn a_word_for_one_of_the_shops_programs_is_taken_and_no_other() {
    let (shop, provider) = open().await;
    let for_program = |audience: Value, party: Value| {
        let token = word(&shop, &provider, |claims| (claims["aud"], claims["azp"]) = (audience, party));
        log_in(&shop, json!({ "id_token": token }))
    };
    assert_eq!(for_program(json!(PROGRAM), Value::Null).await.status, 200);
    assert_eq!(for_program(json!("another.apps.example"), json!(PROGRAM)).await.status, 200);
    assert_eq!(for_program(json!("elsewhere.apps.example"), Value::Null).await.problem(), "google-refused");
    assert_eq!(for_program(json!(PROGRAM), json!("elsewhere.apps.example")).await.problem(), "google-refused");
}

#[tokio::test]
async fn a_nonce_has_to_be_the_one_that_was_sent() {
    let (shop, provider) = open().await;
    let with = |there: Value, sent: Value| {
        let token = word(&shop, &provider, |claims| claims["nonce"] = there);
        log_in(&shop, json!({ "id_token": token, "nonce": sent }))
    };
    assert_eq!(with(json!("one"), json!("one")).await.status, 200);
    assert_eq!(with(json!("one"), json!("other")).await.problem(), "google-refused");
    assert_eq!(with(json!("one"), Value::Null).await.problem(), "google-refused");
    assert_eq!(with(Value::Null, json!("one")).await.problem(), "google-refused");
}

#[tokio::test]
async fn what_is_not_googles_word_is_refused() {
    let (shop, provider) = open().await;
    let expired = word(&shop, &provider, |claims| claims["exp"] = json!(1));
    let stranger = Key::new("first", Algorithm::ES256).sign(&provider.claims(shop.db.now(), &person("ada"), None));
    for token in ["", "nonsense", "a.b.c", "\u{1}", &expired, &stranger] {
        assert_eq!(log_in(&shop, json!({ "id_token": token })).await.problem(), "google-refused", "{token:?}");
    }
    let unsure = word(&shop, &provider, |claims| claims["email_verified"] = json!(false));
    assert_eq!(log_in(&shop, json!({ "id_token": unsure })).await.problem(), "google-refused");
    assert_eq!(users::Entity::find().count(shop.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn an_account_whose_address_is_not_confirmed_is_not_opened() {
    let (shop, provider) = open().await;
    register(&shop, "ada@example.com").await;
    let answer = log_in(&shop, json!({ "id_token": word(&shop, &provider, |_| ()) })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "conflict"));
    assert!(answer.json()["detail"].as_str().unwrap().contains("Log in with its password"));
}

#[tokio::test]
async fn a_second_step_is_asked_for_and_the_word_waits_for_it() {
    let (shop, provider) = open().await;
    let first = log_in(&shop, json!({ "id_token": word(&shop, &provider, |_| ()) })).await.json();
    let id = first["user"]["id"].as_str().unwrap().parse().unwrap();
    let vault = SealedVault::new(&Config::load(None).unwrap()).unwrap();
    mfa::enroll(&shop.db, &vault, id).await.unwrap();
    let status = mfa::status(&shop.db, &vault, "Lectern", id).await.unwrap();
    let app = Totp::from_url(status.enrollment.unwrap().address).unwrap();
    let shows = || app.generate(u64::try_from(shop.db.now().0 / 1000).unwrap()).to_string();
    mfa::enable(&shop.db, &vault, id, &shows()).await.unwrap();
    shop.clock.advance(30_000);
    let token = word(&shop, &provider, |_| ());
    assert_eq!(log_in(&shop, json!({ "id_token": token })).await.problem(), "code-needed");
    assert_eq!(log_in(&shop, json!({ "id_token": token, "code": "nonsense" })).await.problem(), "wrong-code");
    let passed = log_in(&shop, json!({ "id_token": token, "code": shows() })).await;
    assert_eq!(passed.status, 200, "{}", passed.text());
    shop.clock.advance(30_000);
    assert_eq!(log_in(&shop, json!({ "id_token": token, "code": shows() })).await.problem(), "google-refused");
}

#[tokio::test]
async fn while_google_is_away_programs_are_told_when_to_come_back() {
    let (shop, provider) = open().await;
    provider.answer_instead("keys", Some((StatusCode::BAD_GATEWAY, "")));
    let token = word(&shop, &provider, |_| ());
    let answer = log_in(&shop, json!({ "id_token": token })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "google-away"));
    assert_eq!(answer.header("retry-after"), "10");
    provider.answer_instead("keys", None);
    shop.clock.advance(10_000);
    assert_eq!(log_in(&shop, json!({ "id_token": token })).await.status, 200);
}

#[tokio::test]
async fn a_shop_without_google_says_so() {
    let shop = Shop::open().await;
    let answer = log_in(&shop, json!({ "id_token": "a.b.c" })).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (404, "not-found"));
    let tokens = register(&shop, "ben@post.example").await;
    assert_eq!(link(&shop, access(&tokens), json!({ "id_token": "a.b.c" })).await.problem(), "not-found");
}

#[tokio::test]
async fn no_text_breaks_the_route() {
    let (shop, _provider) = open().await;
    for token in ["é".repeat(400), "e30.e30.e30".to_owned(), "x".repeat(9000)] {
        assert_eq!(log_in(&shop, json!({ "id_token": token })).await.problem(), "google-refused");
    }
}
