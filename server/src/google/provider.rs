//! An OpenID provider for tests, on a free port of this machine. It says whatever a test makes it say; only with codes it
//! is as strict as Google.

use super::CALLBACK;
use crate::Config;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Timestamp;
use http::{HeaderMap, StatusCode};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub const CLIENT_ID: &str = "the-shop.apps.example";
/// A secret that a form and a header write differently than it is.
const CLIENT_SECRET: &str = "s3cret:with+signs/=%";
const PUBLIC_URL: &str = "http://shop.example";

/// A key that the provider signs with.
#[derive(Clone)]
pub struct Key {
    pub kid: String,
    pub algorithm: Algorithm,
    private: EncodingKey,
    public: Value,
}

impl Key {
    pub fn new(kid: &str, algorithm: Algorithm) -> Self {
        let (private, mut public) = match algorithm {
            Algorithm::RS256 => {
                let der: Pkcs8V1Der<'static> = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
                // PKCS #1 stands in PKCS #8 behind a head of this length.
                let key = EncodingKey::from_rsa_der(&der.as_ref()[26..]);
                let public = Jwk::from_encoding_key(&key, algorithm).unwrap();
                (key, serde_json::to_value(public).unwrap())
            }
            Algorithm::ES256 => {
                let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
                let key = EncodingKey::from_ec_der(der.as_ref());
                let public = Jwk::from_encoding_key(&key, algorithm).unwrap();
                (key, serde_json::to_value(public).unwrap())
            }
            _ => {
                let pair = Ed25519KeyPair::generate().unwrap();
                let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
                let key = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
                (key, json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": x }))
            }
        };
        public["kid"] = json!(kid);
        public["use"] = json!("sig");
        Self { kid: kid.to_owned(), algorithm, private, public }
    }

    /// Signs claims, under a head that the test may change.
    pub fn sign_as(&self, claims: &Value, change: impl FnOnce(&mut Header)) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = Some(self.kid.clone());
        change(&mut header);
        encode(&header, claims, &self.private).unwrap()
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(claims, |_| ())
    }
}

/// A code that was given out.
struct Grant {
    challenge: String,
    redirect: String,
    id_token: String,
}

struct Desk {
    issuer: String,
    keys: Vec<Key>,
    codes: HashMap<String, Grant>,
    /// How often each address was asked.
    asked: HashMap<&'static str, usize>,
    /// What replaces the answer of an address.
    instead: HashMap<&'static str, (StatusCode, String)>,
    /// What the discovery document says differently.
    says: Value,
}

type Shared = Arc<Mutex<Desk>>;

pub struct Provider {
    pub issuer: String,
    desk: Shared,
    server: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A person at the provider.
pub fn person(name: &str) -> Value {
    json!({
        "sub": format!("subject-of-{name}"), "email": format!("{name}@example.com"), "email_verified": true,
        "name": name,
    })
}

impl Provider {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Mutex::new(Desk {
            issuer: issuer.clone(),
            keys: vec![Key::new("first", Algorithm::ES256)],
            codes: HashMap::new(),
            asked: HashMap::new(),
            instead: HashMap::new(),
            says: json!({}),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(desk.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, desk, server }
    }

    /// Tells a shop about this provider.
    pub fn configure(&self, config: &mut Config) {
        config.public_url = PUBLIC_URL.to_owned();
        config.google.client_id = CLIENT_ID.to_owned();
        config.google.client_secret = CLIENT_SECRET.to_owned();
        config.google.issuer = self.issuer.clone();
    }

    fn with<T>(&self, change: impl FnOnce(&mut Desk) -> T) -> T {
        change(&mut self.desk.lock().unwrap())
    }

    /// The key that signs at the moment.
    pub fn key(&self) -> Key {
        self.with(|desk| desk.keys.last().unwrap().clone())
    }

    /// The key of a name.
    pub fn key_of(&self, kid: &str) -> Key {
        self.with(|desk| desk.keys.iter().find(|key| key.kid == kid).unwrap().clone())
    }

    /// Signs with another key from now on; the old ones stay published.
    pub fn add_key(&self, key: Key) {
        self.with(|desk| desk.keys.push(key));
    }

    pub fn asked(&self, address: &'static str) -> usize {
        self.with(|desk| desk.asked.get(address).copied().unwrap_or(0))
    }

    /// Answers at an address with this from now on; `None` for the true answer.
    pub fn answer_instead(&self, address: &'static str, answer: Option<(StatusCode, &str)>) {
        self.with(|desk| match answer {
            Some((status, body)) => drop(desk.instead.insert(address, (status, body.to_owned()))),
            None => drop(desk.instead.remove(address)),
        });
    }

    /// Says this of itself, besides or in place of the truth.
    pub fn say(&self, name: &str, value: Value) {
        self.with(|desk| desk.says[name] = value);
    }

    /// What an ID token says of a person who logs in now.
    pub fn claims(&self, now: Timestamp, person: &Value, nonce: Option<&str>) -> Value {
        let mut claims = person.clone();
        let now_s = now.0 / 1000;
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(CLIENT_ID);
        claims["iat"] = json!(now_s);
        claims["exp"] = json!(now_s + 3600);
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        claims
    }

    /// Somebody logs in at the address that the shop sent them to and says yes. Where they are sent back to.
    pub fn consent(&self, now: Timestamp, address: &str, person: &Value) -> String {
        self.consent_with(address, |nonce| self.key().sign(&self.claims(now, person, Some(nonce))))
    }

    /// As [`Provider::consent`], with an ID token of the test's own making.
    pub fn consent_with(&self, address: &str, id_token: impl FnOnce(&str) -> String) -> String {
        let asked = query(address);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT_ID);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["redirect_uri"], format!("{PUBLIC_URL}{CALLBACK}"));
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
        let code = domain::secret::token();
        let grant = Grant {
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
            id_token: id_token(&asked["nonce"]),
        };
        self.with(|desk| desk.codes.insert(code.clone(), grant));
        back(&[("code", &code), ("state", &asked["state"])])
    }
}

/// What stands in the query of an address.
pub fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

/// Where a browser is sent back to.
pub fn back(words: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(words).finish();
    format!("{CALLBACK}?{query}")
}

/// Counts a request, and answers it as the test wants.
fn note(desk: &Shared, address: &'static str) -> Option<Response> {
    let mut desk = desk.lock().unwrap();
    *desk.asked.entry(address).or_default() += 1;
    let (status, body) = desk.instead.get(address).cloned()?;
    // A redirect leads to what would be its body.
    Some(if status.is_redirection() {
        (status, [("location", body)]).into_response()
    } else {
        (status, body).into_response()
    })
}

async fn discovery(State(desk): State<Shared>) -> Response {
    if let Some(answer) = note(&desk, "discovery") {
        return answer;
    }
    let desk = desk.lock().unwrap();
    let issuer = &desk.issuer;
    let mut said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    said.as_object_mut().unwrap().extend(desk.says.as_object().unwrap().clone());
    Json(said).into_response()
}

async fn keys(State(desk): State<Shared>) -> Response {
    if let Some(answer) = note(&desk, "keys") {
        return answer;
    }
    let keys: Vec<Value> = desk.lock().unwrap().keys.iter().map(|key| key.public.clone()).collect();
    Json(json!({ "keys": keys })).into_response()
}

/// Trades a code for an ID token: once, for whoever knows the shop's secret and what the challenge was made of.
async fn token(State(desk): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(answer) = note(&desk, "token") {
        return answer;
    }
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    if !shows_secret(&headers) {
        return refuse("invalid_client");
    }
    let Some(grant) = desk.lock().unwrap().codes.remove(&field("code")) else { return refuse("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier").as_bytes()));
    let fits = challenge == grant.challenge && field("redirect_uri") == grant.redirect;
    if !fits || field("grant_type") != "authorization_code" {
        return refuse("invalid_grant");
    }
    Json(json!({
        "access_token": "not-for-the-shop", "token_type": "Bearer", "expires_in": 3599, "id_token": grant.id_token,
    }))
    .into_response()
}

/// Name and secret, each written as in a form (RFC 6749, 2.3.1).
fn shows_secret(headers: &HeaderMap) -> bool {
    let basic = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let shown = basic.and_then(|basic| String::from_utf8(STANDARD.decode(basic).ok()?).ok()).unwrap_or_default();
    let written = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    shown == format!("{}:{}", written(CLIENT_ID), written(CLIENT_SECRET))
}
