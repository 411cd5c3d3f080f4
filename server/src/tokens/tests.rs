//! Which access tokens are believed.

use super::{Claims, TYPE, TokenRole, Tokens};
use crate::Config;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::tokens::RefreshFamily;
use domain::account::{Permissions, Role, User};
use domain::entities::signing_keys;
use domain::{Clock, Db, FixedClock, SystemClock};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proptest::prelude::*;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A shop's database, and servers on it.
struct Shop {
    db: Db,
    clock: Arc<FixedClock>,
    _folder: TempDir,
}

fn server(change: impl FnOnce(&mut Config)) -> Tokens {
    let mut config = Config::load(None).unwrap();
    change(&mut config);
    Tokens::new(&config).unwrap()
}

fn plain() -> Tokens {
    server(|_| ())
}

fn sealed(secret: char) -> Tokens {
    server(|config| config.tokens.secret = secret.to_string().repeat(32))
}

impl Shop {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let db = Db::connect(&url, 4).await.unwrap();
        migrations::up(db.read()).await.unwrap();
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        Self { db: db.with_clock(clock.clone()), clock, _folder: folder }
    }

    fn held(&self) -> RefreshFamily {
        RefreshFamily {
            user: User {
                id: Uuid::now_v7(),
                email: "ada@example.com".parse().unwrap(),
                name: "Ada".to_owned(),
                role: Role::Shopper,
                permissions: Permissions::default(),
            },
            two_factor: false,
            family_id: Uuid::now_v7(),
            refresh_token: String::new(),
            expires_at: self.db.now().plus_ms(30 * DAY),
        }
    }

    async fn token(&self, server: &Tokens) -> String {
        server.issue(&self.db, &self.held()).await.unwrap().token
    }

    async fn believed(&self, server: &Tokens, token: &str) -> bool {
        server.verify(&self.db, token).await.unwrap().is_some()
    }

    async fn names(&self, server: &Tokens) -> BTreeSet<String> {
        let keys = server.public_keys(&self.db).await.unwrap();
        keys.into_iter().map(|key| key.common.key_id.unwrap()).collect()
    }

    async fn claims(&self, server: &Tokens) -> Claims {
        server.verify(&self.db, &self.token(server).await).await.unwrap().unwrap()
    }

    /// A token with the header and claims of the test's choice, rightly signed with the shop's key.
    async fn forged(&self, server: &Tokens, change: impl FnOnce(&mut Header, &mut Value)) -> String {
        let signer = server.ring.signer(&self.db).await.unwrap();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(signer.kid.clone());
        let mut claims = serde_json::to_value(self.claims(server).await).unwrap();
        change(&mut header, &mut claims);
        encode(&header, &claims, &signer.private).unwrap()
    }
}

/// A token whose first two parts are what the test says, with the signature of the true one.
fn rewritten(token: &str, header: &Value, claims: Option<&Value>) -> String {
    let mut parts = token.split('.').map(str::to_owned).collect::<Vec<_>>();
    parts[0] = URL_SAFE_NO_PAD.encode(header.to_string());
    if let Some(claims) = claims {
        parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    }
    parts.join(".")
}

fn header_of(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_says_who_it_is_for_and_for_how_long() {
    let (shop, server) = (Shop::open().await, plain());
    let held = shop.held();
    let access = server.issue(&shop.db, &held).await.unwrap();
    assert_eq!(access.expires_in_s, 600);
    let claims = server.verify(&shop.db, &access.token).await.unwrap().unwrap();
    assert_eq!((claims.sub, claims.sid, claims.role), (held.user.id, held.family_id, TokenRole::Shopper));
    assert_eq!((claims.iss.as_str(), claims.aud.as_str()), ("lectern", "lectern-api"));
    assert_eq!((claims.iat, claims.exp), (shop.db.now().0 / 1000, shop.db.now().0 / 1000 + 600));
    let header = header_of(&access.token);
    assert_eq!((header["alg"].as_str(), header["typ"].as_str()), (Some("EdDSA"), Some("at+jwt")));
}

#[tokio::test]
async fn a_token_is_good_for_ten_minutes_and_never_longer_than_its_log_in() {
    let (shop, server) = (Shop::open().await, plain());
    let token = shop.token(&server).await;
    shop.clock.advance(10 * MINUTE - 1000);
    assert!(shop.believed(&server, &token).await);
    shop.clock.advance(1000);
    assert!(!shop.believed(&server, &token).await);
    let short = RefreshFamily { expires_at: shop.db.now().plus_ms(MINUTE), ..shop.held() };
    assert_eq!(server.issue(&shop.db, &short).await.unwrap().expires_in_s, 60);
}

#[tokio::test]
async fn a_token_that_nobody_signed_is_not_believed() {
    let (shop, server) = (Shop::open().await, plain());
    let token = shop.token(&server).await;
    let kid = header_of(&token)["kid"].clone();
    for alg in ["none", "None", "HS256", "ES256", "RS256", "EdDSA "] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
        let rewritten = rewritten(&token, &header, None);
        assert!(!shop.believed(&server, &rewritten).await, "{alg}");
        let (unsigned, _) = rewritten.rsplit_once('.').unwrap();
        assert!(!shop.believed(&server, &format!("{unsigned}.")).await, "{alg} without a signature");
        assert!(!shop.believed(&server, unsigned).await, "{alg} without a third part");
    }
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let (shop, server) = (Shop::open().await, plain());
    let row = signing_key(&shop, &server).await;
    let claims = shop.claims(&server).await;
    for secret in [URL_SAFE_NO_PAD.decode(&row.public_key).unwrap(), row.public_key.clone().into_bytes()] {
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some(TYPE.to_owned()), Some(row.kid.clone()));
        let signed = encode(&header, &claims, &EncodingKey::from_secret(&secret));
        // A library may refuse to; if it does not, nobody believes it.
        if let Ok(token) = signed {
            assert!(!shop.believed(&server, &token).await);
        }
    }
}

async fn signing_key(shop: &Shop, server: &Tokens) -> signing_keys::Model {
    server.check(&shop.db).await.unwrap();
    signing_keys::Entity::find().one(shop.db.read()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_token_is_believed_only_by_the_key_it_names() {
    let (shop, server) = (Shop::open().await, plain());
    let claims = shop.claims(&server).await;
    assert!(!shop.believed(&server, &shop.forged(&server, |header, _| header.kid = None).await).await);
    let unknown = shop.forged(&server, |header, _| header.kid = Some("another".to_owned())).await;
    assert!(!shop.believed(&server, &unknown).await);
    // Another shop's key under our key's name.
    let (other_shop, other) = (Shop::open().await, plain());
    let signer = other.ring.signer(&other_shop.db).await.unwrap();
    let mut header = Header::new(Algorithm::EdDSA);
    (header.typ, header.kid) = (Some(TYPE.to_owned()), Some(signing_key(&shop, &server).await.kid));
    let token = encode(&header, &claims, &signer.private).unwrap();
    assert!(!shop.believed(&server, &token).await);
}

#[tokio::test]
async fn only_an_access_token_of_this_shop_is_believed() {
    let (shop, server) = (Shop::open().await, plain());
    assert!(shop.believed(&server, &shop.forged(&server, |_, _| ()).await).await);
    let now = shop.db.now().0 / 1000;
    let changes: [(&str, Value); 14] = [
        ("iss", json!("https://elsewhere.example")),
        ("iss", Value::Null),
        ("aud", json!("another-api")),
        ("aud", json!([])),
        ("sub", json!("nobody")),
        ("sid", Value::Null),
        ("jti", json!(7)),
        ("role", json!("owner")),
        ("exp", json!(now)),
        ("exp", json!("tomorrow")),
        ("exp", Value::Null),
        ("exp", json!(-1)),
        ("iat", json!(now + 61)),
        ("iat", Value::Null),
    ];
    for (name, value) in changes {
        let without = value.is_null();
        let token = shop.forged(&server, |_, claims| claims[name] = value.clone()).await;
        assert!(!shop.believed(&server, &token).await, "{name} is {value}");
        if without {
            let remove = |claims: &mut Value| claims.as_object_mut().unwrap().remove(name);
            let token = shop.forged(&server, |_, claims| drop(remove(claims))).await;
            assert!(!shop.believed(&server, &token).await, "{name} is missing");
        }
    }
    for typ in [None, Some("JWT"), Some("at+JWT"), Some("id_token")] {
        let token = shop.forged(&server, |header, _| header.typ = typ.map(str::to_owned)).await;
        assert!(!shop.believed(&server, &token).await, "{typ:?}");
    }
    let critical = shop.forged(&server, |header, _| header.crit = Some(vec!["b64".to_owned()])).await;
    assert!(!shop.believed(&server, &critical).await);
}

#[tokio::test]
async fn a_server_under_another_name_does_not_believe_it() {
    let (shop, server) = (Shop::open().await, plain());
    let token = shop.token(&server).await;
    let elsewhere = server_named("https://elsewhere.example/");
    assert!(!shop.believed(&elsewhere, &token).await);
    let claims = shop.claims(&elsewhere).await;
    assert_eq!(claims.iss, "https://elsewhere.example");
}

fn server_named(public_url: &str) -> Tokens {
    server(|config| config.public_url = public_url.to_owned())
}

#[tokio::test]
async fn after_a_rotation_old_tokens_live_until_they_expire_and_both_keys_are_published() {
    let (shop, server) = (Shop::open().await, plain());
    shop.token(&server).await;
    let before = shop.names(&server).await;
    shop.clock.advance(30 * DAY - 5 * MINUTE);
    let old = shop.token(&server).await;
    assert_eq!(shop.names(&server).await, before);
    shop.clock.advance(5 * MINUTE);
    let new = shop.token(&server).await;
    assert_ne!(header_of(&old)["kid"], header_of(&new)["kid"]);
    assert!(shop.believed(&server, &old).await && shop.believed(&server, &new).await);
    assert_eq!(shop.names(&server).await.len(), 2);
    assert!(shop.names(&server).await.is_superset(&before));
    shop.clock.advance(5 * MINUTE - 1000);
    assert!(shop.believed(&server, &old).await);
    shop.clock.advance(1000);
    assert!(!shop.believed(&server, &old).await && shop.believed(&server, &new).await);
    // The old key goes five minutes after the last address that it may have signed.
    assert_eq!(shop.names(&server).await.len(), 2);
    assert_eq!(server.delete_retired_keys(&shop.db).await.unwrap(), 0);
    shop.clock.advance(15 * MINUTE);
    assert_eq!(shop.names(&server).await.len(), 1);
    assert_eq!(server.delete_retired_keys(&shop.db).await.unwrap(), 1);
}

#[tokio::test]
async fn servers_share_their_keys() {
    let (shop, one, other) = (Shop::open().await, plain(), plain());
    let token = shop.token(&one).await;
    assert!(shop.believed(&other, &token).await);
    assert_eq!(shop.names(&one).await, shop.names(&other).await);
    shop.clock.advance(30 * DAY);
    other.public_keys(&shop.db).await.unwrap();
    assert!(shop.believed(&one, &shop.token(&other).await).await);
    assert_eq!(shop.names(&one).await, shop.names(&other).await);
    // Nor does a key have to wait until what was remembered is a minute old.
    let third = sealed('a');
    assert!(shop.believed(&one, &shop.token(&third).await).await);
}

#[tokio::test]
async fn a_key_whose_row_is_deleted_is_believed_for_a_minute_at_most() {
    let (shop, server) = (Shop::open().await, plain());
    let token = shop.token(&server).await;
    signing_keys::Entity::delete_many().exec(shop.db.read()).await.unwrap();
    shop.clock.advance(MINUTE);
    assert!(!shop.believed(&server, &token).await);
    assert!(shop.believed(&server, &shop.token(&server).await).await);
}

#[tokio::test]
async fn with_a_secret_no_private_key_stands_open_in_the_database() {
    let (shop, server) = (Shop::open().await, plain());
    let old = shop.token(&server).await;
    assert!(signing_key(&shop, &server).await.private_key.starts_with("plain."));
    // The secret is set later: the key that stood open signs no more, and what it signed is believed until it expires.
    let with_secret = sealed('a');
    let new = shop.token(&with_secret).await;
    assert_ne!(header_of(&old)["kid"], header_of(&new)["kid"]);
    assert!(shop.believed(&with_secret, &old).await && shop.believed(&with_secret, &new).await);
    let keys = signing_keys::Entity::find().all(shop.db.read()).await.unwrap();
    let signing: Vec<_> = keys.into_iter().filter(|key| key.retired_at.is_none()).collect();
    assert!(signing.len() == 1 && signing[0].private_key.starts_with("sealed."));
    assert!(shop.believed(&sealed('a'), &shop.token(&sealed('a')).await).await);
}

#[tokio::test]
async fn a_server_with_another_secret_says_so_and_makes_no_key_of_its_own() {
    let shop = Shop::open().await;
    sealed('a').check(&shop.db).await.unwrap();
    for other in [sealed('b'), plain()] {
        let refused = other.check(&shop.db).await.unwrap_err().to_string();
        assert!(refused.contains("tokens.secret"), "{refused}");
    }
    assert_eq!(signing_keys::Entity::find().count(shop.db.read()).await.unwrap(), 1);
}

#[test]
fn values_that_make_no_sense_are_named() {
    let refused = |change: fn(&mut Config)| {
        let mut config = Config::load(None).unwrap();
        change(&mut config);
        format!("{:#}", Tokens::new(&config).unwrap_err())
    };
    assert!(refused(|config| config.tokens.access_minutes = 0).contains("tokens.access_minutes"));
    assert!(refused(|config| config.tokens.access_minutes = 61).contains("tokens.access_minutes"));
    assert!(refused(|config| config.tokens.refresh_days = 0).contains("tokens.refresh_days"));
    assert!(refused(|config| config.tokens.refresh_max_days = 29).contains("tokens.refresh_max_days"));
    assert!(refused(|config| config.tokens.rotate_days = 0).contains("tokens.rotate_days"));
    assert!(refused(|config| config.tokens.secret = "short".to_owned()).contains("tokens.secret"));
}

/// Texts that look more or less like tokens.
fn nearly_a_token() -> impl Strategy<Value = String> {
    let part = prop_oneof!["[A-Za-z0-9_-]{0,80}", Just("e30".to_owned()), json_part()];
    prop_oneof![".{0,200}", prop::collection::vec(part, 0..5).prop_map(|parts| parts.join("."))]
}

fn json_part() -> impl Strategy<Value = String> {
    let value = prop_oneof![Just("\"EdDSA\""), Just("\"at+jwt\""), Just("null"), Just("[]"), Just("-1"), Just("{}")];
    let name = prop_oneof![Just("alg"), Just("typ"), Just("kid"), Just("crit"), Just("exp"), Just("jwk"), Just("x5c")];
    prop::collection::vec((name, value), 0..5).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        URL_SAFE_NO_PAD.encode(format!("{{{}}}", members.join(",")))
    })
}

#[test]
fn no_text_that_the_shop_did_not_sign_is_believed_or_breaks_anything() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (shop, server) = (runtime.block_on(Shop::open()), plain());
    let token = runtime.block_on(shop.token(&server));
    let texts = (nearly_a_token(), any::<prop::sample::Index>(), any::<char>());
    proptest!(|((text, place, other) in texts)| {
        prop_assert!(!runtime.block_on(shop.believed(&server, &text)));
        // The true token with one sign changed.
        let at = place.index(token.len());
        let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        prop_assert!(changed == token || !runtime.block_on(shop.believed(&server, &changed)), "{at}: {other:?}");
    });
}
