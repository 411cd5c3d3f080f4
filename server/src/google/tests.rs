//! Which ID tokens are believed.

use super::provider::{CLIENT_ID, Key, Provider, person};
use super::{Google, GoogleError, IdToken, IdTokenError};
use crate::Config;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::account::GoogleRefusal;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// 2026-11-20T09:00:00Z.
const NOW: Timestamp = Timestamp(1_795_165_200_000);
const NOW_S: i64 = NOW.0 / 1000;
const HOUR: i64 = 3_600_000;

struct Desk {
    provider: Provider,
    google: Google,
}

fn shop(change: impl FnOnce(&mut Config)) -> anyhow::Result<Option<Google>> {
    let mut config = Config::load(None).unwrap();
    change(&mut config);
    Google::new(&config)
}

impl Desk {
    async fn open() -> Self {
        let provider = Provider::open().await;
        let google = shop(|config| provider.configure(config)).unwrap().unwrap();
        Self { provider, google }
    }

    /// What an ID token for Ada says, changed by the test.
    fn claims(&self, change: impl FnOnce(&mut Value)) -> Value {
        let mut claims = self.provider.claims(NOW, &person("ada"), Some("a nonce"));
        change(&mut claims);
        claims
    }

    fn token(&self, change: impl FnOnce(&mut Value)) -> String {
        self.provider.key().sign(&self.claims(change))
    }

    async fn hear(&self, token: &str) -> Result<IdToken, IdTokenError> {
        self.google.check(NOW, token, Some("a nonce")).await.map_err(|error| match error {
            GoogleError::IdToken(error) => error,
            other => panic!("{other}"),
        })
    }

    async fn error(&self, token: &str) -> Option<IdTokenError> {
        self.hear(token).await.err()
    }
}

#[tokio::test]
async fn an_id_token_says_who_somebody_is() {
    let desk = Desk::open().await;
    let heard = desk.hear(&desk.token(|claims| claims["auth_time"] = json!(NOW_S - 5))).await.unwrap();
    let said = &heard.testimony;
    assert_eq!((said.provider.as_str(), said.subject.as_str()), (desk.provider.issuer.as_str(), "subject-of-ada"));
    assert_eq!(said.email, Some("ada@example.com".parse().unwrap()));
    assert!(said.email_verified);
    assert_eq!(said.name.as_deref(), Some("ada"));
    assert_eq!(heard.auth_time, Some(NOW.plus_ms(-5_000)));
    assert!(heard.expires_at > NOW.plus_ms(HOUR), "it may be late by the clocks' difference");
}

#[tokio::test]
async fn each_kind_of_signature_that_is_taken_is_taken() {
    let desk = Desk::open().await;
    for (kid, algorithm) in [("rsa", Algorithm::RS256), ("elliptic", Algorithm::ES256), ("edwards", Algorithm::EdDSA)] {
        desk.provider.add_key(Key::new(kid, algorithm));
    }
    for kid in ["rsa", "elliptic", "edwards"] {
        let key = desk.provider.key_of(kid);
        let claims = desk.claims(|_| ());
        assert!(desk.hear(&key.sign(&claims)).await.is_ok(), "{kid}");
        let other = Key::new(kid, key.algorithm);
        assert_eq!(desk.error(&other.sign(&claims)).await, Some(IdTokenError::Signature), "{kid} of somebody else");
    }
}

#[tokio::test]
async fn a_token_that_nobody_signed_is_not_believed() {
    let desk = Desk::open().await;
    let token = desk.token(|_| ());
    let (_, rest) = token.split_once('.').unwrap();
    let (claims, _) = rest.split_once('.').unwrap();
    for alg in ["none", "None", "HS256", "RS512", "PS256", "ES384"] {
        let head = URL_SAFE_NO_PAD.encode(json!({ "alg": alg, "typ": "JWT", "kid": "first" }).to_string());
        for forged in [format!("{head}.{rest}"), format!("{head}.{claims}."), format!("{head}.{claims}")] {
            assert_eq!(desk.error(&forged).await, Some(IdTokenError::Form), "{alg}");
        }
    }
    // Under the head of another key's algorithm.
    let head = URL_SAFE_NO_PAD.encode(json!({ "alg": "RS256", "kid": "first" }).to_string());
    assert_eq!(desk.error(&format!("{head}.{rest}")).await, Some(IdTokenError::Key));
    let unsigned = token.rsplit_once('.').unwrap().0.to_owned() + ".";
    assert_eq!(desk.error(&unsigned).await, Some(IdTokenError::Signature));
}

#[tokio::test]
async fn neither_the_public_key_nor_the_shops_secret_signs() {
    let desk = Desk::open().await;
    let claims = desk.claims(|_| ());
    for secret in [CLIENT_ID, "s3cret:with+signs/=%"] {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("first".to_owned());
        let token = encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(desk.error(&token).await, Some(IdTokenError::Form));
    }
}

#[tokio::test]
async fn only_a_token_for_this_shop_and_this_log_in_is_believed() {
    let desk = Desk::open().await;
    let wrong: &[(&str, Value, IdTokenError)] = &[
        ("iss", json!("https://elsewhere.example"), IdTokenError::Issuer),
        ("iss", json!("accounts.google.com"), IdTokenError::Issuer),
        ("aud", json!("another-shop"), IdTokenError::Audience),
        ("aud", json!([]), IdTokenError::Audience),
        ("aud", json!([CLIENT_ID, "another-shop"]), IdTokenError::Audience),
        ("aud", json!([CLIENT_ID, CLIENT_ID]), IdTokenError::Audience),
        ("azp", json!("another-shop"), IdTokenError::Audience),
        ("exp", json!(NOW_S - 60), IdTokenError::Expired),
        ("exp", json!(-1), IdTokenError::Expired),
        ("iat", json!(NOW_S + 61), IdTokenError::Early),
        ("nonce", json!("another nonce"), IdTokenError::Nonce),
        ("nonce", Value::Null, IdTokenError::Nonce),
        ("sub", json!(""), IdTokenError::Subject),
        ("sub", json!("x".repeat(256)), IdTokenError::Subject),
        ("sub", json!("with space"), IdTokenError::Subject),
        ("sub", json!("ünïcode"), IdTokenError::Subject),
        // What cannot be read is not believed either.
        ("iss", Value::Null, IdTokenError::Form),
        ("sub", json!(7), IdTokenError::Form),
        ("aud", Value::Null, IdTokenError::Form),
        ("exp", Value::Null, IdTokenError::Form),
        ("exp", json!("tomorrow"), IdTokenError::Form),
        ("iat", Value::Null, IdTokenError::Form),
    ];
    for (name, value, error) in wrong {
        let token = desk.token(|claims| claims[*name] = value.clone());
        assert_eq!(desk.error(&token).await, Some(*error), "{name} is {value}");
    }
    let right: &[(&str, Value)] = &[
        ("aud", json!([CLIENT_ID])),
        ("azp", json!(CLIENT_ID)),
        ("exp", json!(NOW_S - 59)),
        ("iat", json!(NOW_S + 60)),
        ("email", Value::Null),
        ("name", Value::Null),
    ];
    for (name, value) in right {
        let token = desk.token(|claims| claims[*name] = value.clone());
        assert_eq!(desk.error(&token).await, None, "{name} is {value}");
    }
}

#[tokio::test]
async fn another_kind_of_jwt_is_no_id_token() {
    let desk = Desk::open().await;
    let claims = desk.claims(|_| ());
    for typ in ["at+jwt", "logout+jwt", ""] {
        let token = desk.provider.key().sign_as(&claims, |header| header.typ = Some(typ.to_owned()));
        assert_eq!(desk.error(&token).await, Some(IdTokenError::Form), "{typ}");
    }
    let bare = desk.provider.key().sign_as(&claims, |header| header.typ = None);
    assert_eq!(desk.error(&bare).await, None);
    let critical = desk.provider.key().sign_as(&claims, |header| header.crit = Some(vec!["b64".to_owned()]));
    assert_eq!(desk.error(&critical).await, Some(IdTokenError::Form));
    assert_eq!(desk.error(&"x".repeat(10_000)).await, Some(IdTokenError::Form));
}

#[tokio::test]
async fn an_address_is_verified_only_if_the_token_says_so() {
    let desk = Desk::open().await;
    for (value, verified) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(1), false),
        (Value::Null, false),
    ] {
        let heard = desk.hear(&desk.token(|claims| claims["email_verified"] = value.clone())).await.unwrap();
        assert_eq!(heard.testimony.email_verified, verified, "{value}");
    }
    let without = desk.token(|claims| drop(claims.as_object_mut().unwrap().remove("email_verified")));
    assert!(!desk.hear(&without).await.unwrap().testimony.email_verified);
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_and_once_a_minute_at_most() {
    let desk = Desk::open().await;
    assert_eq!(desk.error(&desk.token(|_| ())).await, None);
    assert_eq!((desk.provider.asked("discovery"), desk.provider.asked("keys")), (1, 1));
    assert_eq!(desk.error(&desk.token(|_| ())).await, None);
    assert_eq!((desk.provider.asked("discovery"), desk.provider.asked("keys")), (1, 1), "both are remembered");
    desk.provider.add_key(Key::new("second", Algorithm::EdDSA));
    assert_eq!(desk.error(&desk.token(|_| ())).await, None, "the key was rotated");
    assert_eq!(desk.provider.asked("keys"), 2);
    let made_up = Key::new("made up", Algorithm::ES256).sign(&desk.claims(|_| ()));
    for _ in 0..3 {
        assert_eq!(desk.error(&made_up).await, Some(IdTokenError::Key));
    }
    assert_eq!(desk.provider.asked("keys"), 2, "a made-up name makes no request");
    let later = NOW.plus_ms(60_000);
    assert!(desk.google.check(later, &made_up, Some("a nonce")).await.is_err());
    assert_eq!(desk.provider.asked("keys"), 3);
}

#[tokio::test]
async fn what_the_provider_publishes_is_read_again_after_a_while() {
    let desk = Desk::open().await;
    let at = async |now: Timestamp| {
        let claims = desk.provider.claims(now, &person("ada"), None);
        desk.google.check(now, &desk.provider.key().sign(&claims), None).await.unwrap();
        (desk.provider.asked("discovery"), desk.provider.asked("keys"))
    };
    assert_eq!(at(NOW).await, (1, 1));
    assert_eq!(at(NOW.plus_ms(HOUR - 1)).await, (1, 1));
    assert_eq!(at(NOW.plus_ms(HOUR)).await, (1, 2));
    assert_eq!(at(NOW.plus_ms(24 * HOUR)).await, (2, 3));
}

#[tokio::test]
async fn a_provider_that_is_away_or_somebody_else_is_not_asked_for_a_while() {
    let desk = Desk::open().await;
    let refusal = async |now: Timestamp| desk.google.authorize(now, false).await.err().map(|error| error.refusal());
    desk.provider.answer_instead("discovery", Some((StatusCode::SERVICE_UNAVAILABLE, "closed")));
    assert_eq!(refusal(NOW).await, Some(GoogleRefusal::Away));
    desk.provider.answer_instead("discovery", None);
    assert_eq!(refusal(NOW.plus_ms(4_999)).await, Some(GoogleRefusal::Away), "nobody waits for the same silence");
    assert_eq!(desk.provider.asked("discovery"), 1);
    assert_eq!(refusal(NOW.plus_ms(5_000)).await, None);

    for (name, value) in [
        ("issuer", json!("https://elsewhere.example")),
        ("token_endpoint", json!("http://elsewhere.example/token")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("jwks_uri", json!("no address")),
    ] {
        let desk = Desk::open().await;
        desk.provider.say(name, value);
        let error = desk.google.authorize(NOW, false).await.err();
        assert!(matches!(error, Some(GoogleError::Away(_))), "{name}");
    }
    let desk = Desk::open().await;
    let long = format!("{{\"issuer\":\"{}\"}}", "x".repeat(300 * 1024));
    desk.provider.answer_instead("discovery", Some((StatusCode::OK, &long)));
    assert!(
        matches!(desk.google.authorize(NOW, false).await.err(), Some(GoogleError::Away(why)) if why.to_string().contains("longer"))
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let desk = Desk::open().await;
    desk.provider.answer_instead("discovery", Some((StatusCode::FOUND, "/keys")));
    assert!(
        matches!(desk.google.authorize(NOW, false).await.err(), Some(GoogleError::Away(why)) if why.to_string().contains("302"))
    );
    assert_eq!(desk.provider.asked("keys"), 0);
}

#[test]
fn what_is_missing_is_named() {
    assert!(shop(|_| ()).unwrap().is_none());
    let refused = |change: fn(&mut Config)| {
        let complete = |config: &mut Config| {
            config.public_url = "https://shop.example".to_owned();
            config.google.client_id = "id".to_owned();
            config.google.client_secret = "secret".to_owned();
            change(config);
        };
        shop(complete).map(drop).map_err(|error| format!("{error:#}"))
    };
    assert_eq!(refused(|_| ()), Ok(()));
    let without_secret = refused(|config| config.google.client_secret.clear()).unwrap_err();
    assert!(without_secret.contains("google.client_secret"), "{without_secret}");
    let without_address = refused(|config| config.public_url.clear()).unwrap_err();
    assert!(without_address.contains("public_url"), "{without_address}");
    assert!(refused(|config| config.google.client_id.clear()).unwrap_err().contains("google.client_id"));
    for issuer in ["", "accounts.google.com", "http://accounts.google.com"] {
        let with = |config: &mut Config| {
            config.public_url = "https://shop.example".to_owned();
            config.google.client_id = "id".to_owned();
            config.google.client_secret = "secret".to_owned();
            config.google.issuer = issuer.to_owned();
        };
        let error = format!("{:#}", shop(with).unwrap_err());
        assert!(error.contains("google.issuer"), "{error}");
    }
}

#[test]
fn secrets_are_never_printed() {
    let google = shop(|config| {
        config.public_url = "https://shop.example".to_owned();
        config.google.client_id = "id".to_owned();
        config.google.client_secret = "hush".to_owned();
        assert!(!format!("{:?}", config.google).contains("hush"));
    });
    assert!(!format!("{google:?}").contains("hush"));
}

#[test]
fn no_text_breaks_anything_or_is_believed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let desk = runtime.block_on(Desk::open());
    let token = desk.token(|_| ());
    let part = prop_oneof!["[A-Za-z0-9_-]{0,60}", Just("e30".to_owned())];
    let text = prop_oneof![".{0,200}", prop::collection::vec(part, 0..5).prop_map(|parts| parts.join("."))];
    proptest!(|((text, place, other) in (text, any::<prop::sample::Index>(), any::<char>()))| {
        prop_assert!(runtime.block_on(desk.hear(&text)).is_err());
        let at = place.index(token.len());
        let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        prop_assert!(changed == token || runtime.block_on(desk.hear(&changed)).is_err(), "{at}: {other:?}");
    });
}
