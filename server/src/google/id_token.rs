//! ID tokens: what makes one believable (OpenID Connect Core 1.0, 3.1.3.7), and what it says.

use super::keys::Keys;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use domain::Timestamp;
use domain::account::external_login::ExternalIdentity;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Longer texts are no ID tokens; Google's have about a thousand characters.
const LONGEST: usize = 8192;
/// The provider's clock may differ from ours by this much, in seconds.
const SKEW_S: i64 = 60;
/// Signatures that are taken. Never one by a secret that both sides know, and never none.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];

/// Why an ID token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    #[error("there is none")]
    Missing,
    #[error("it is no signed token of a kind that is taken")]
    Form,
    #[error("it names no key of the provider's")]
    Key,
    #[error("its signature is not the provider's")]
    Signature,
    #[error("it is from somebody else")]
    Issuer,
    #[error("it is for somebody else")]
    Audience,
    #[error("it has expired")]
    Expired,
    #[error("it was made in the future")]
    Early,
    #[error("it belongs to another log-in")]
    Nonce,
    #[error("it names nobody")]
    Subject,
}

/// What an ID token has to say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Names that the provider may give itself.
    pub issuers: &'a [String],
    /// For whom it may be.
    pub audiences: &'a [String],
    /// What was sent with the request; `None` where nothing was.
    pub nonce: Option<&'a str>,
    pub now: Timestamp,
}

/// An ID token that is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdToken {
    pub testimony: ExternalIdentity,
    /// When the person last logged in at the provider, where it says so.
    pub auth_time: Option<Timestamp>,
    /// When nobody takes it any more.
    pub expires_at: Timestamp,
    /// Tells it from every other one. Of what is signed: a signature can be written in more ways than one.
    pub digest: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    auth_time: Option<i64>,
    email: Option<String>,
    #[serde(default, deserialize_with = "truth")]
    email_verified: bool,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

/// `true`, which some providers write as a text.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == true || value == "true")
}

/// The head of a token, if the token may be one at all: it says by which key it is to be checked.
///
/// # Errors
/// [`IdTokenError::Form`].
pub fn head(token: &str) -> Result<Header, IdTokenError> {
    let header = (token.len() <= LONGEST).then(|| decode_header(token).ok()).flatten().ok_or(IdTokenError::Form)?;
    let is_jwt = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
    // `crit` would name extensions that must be understood, and none is (RFC 7515, 4.1.11).
    let taken = ALGORITHMS.contains(&header.alg) && is_jwt && header.crit.is_none();
    if taken { Ok(header) } else { Err(IdTokenError::Form) }
}

/// Believes a token, or says why not.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn believe(token: &str, header: &Header, keys: &Keys, expected: Expected<'_>) -> Result<IdToken, IdTokenError> {
    let kid = header.kid.as_deref().ok_or(IdTokenError::Key)?;
    let key = keys.verifier(kid, header.alg).ok_or(IdTokenError::Key)?;
    let mut validation = Validation::new(header.alg);
    // Everything else is looked at below, by the shop's clock.
    validation.required_spec_claims = HashSet::new();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let decoded = decode::<Claims>(token, key, &validation);
    let claims = decoded.map_err(|error| match error.kind() {
        ErrorKind::Json(_) => IdTokenError::Form,
        _ => IdTokenError::Signature,
    });
    let claims = claims?.claims;
    check(&claims, expected)?;
    let (signed, _) = token.rsplit_once('.').ok_or(IdTokenError::Form)?;
    Ok(IdToken {
        testimony: ExternalIdentity {
            // The same for all the names that the provider gives itself.
            provider: expected.issuers.first().cloned().unwrap_or(claims.iss),
            subject: claims.sub,
            email: claims.email.and_then(|email| email.parse().ok()),
            email_verified: claims.email_verified,
            name: claims.name,
        },
        auth_time: claims.auth_time.map(moment),
        expires_at: moment(claims.exp.saturating_add(SKEW_S)),
        digest: hex::encode(Sha256::digest(signed.as_bytes())),
    })
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp(seconds.saturating_mul(1000))
}

fn check(claims: &Claims, expected: Expected<'_>) -> Result<(), IdTokenError> {
    if !expected.issuers.contains(&claims.iss) {
        return Err(IdTokenError::Issuer);
    }
    // Whoever else it is for could use it here.
    let ours = |name: &String| expected.audiences.contains(name);
    let audience = claims.aud.as_slice();
    let party_fits = claims.azp.as_ref().map_or(audience.len() == 1, ours);
    if audience.is_empty() || !audience.iter().all(ours) || !party_fits {
        return Err(IdTokenError::Audience);
    }
    let now_s = expected.now.0 / 1000;
    if claims.exp <= now_s.saturating_sub(SKEW_S) {
        return Err(IdTokenError::Expired);
    }
    if claims.iat > now_s.saturating_add(SKEW_S) {
        return Err(IdTokenError::Early);
    }
    let same = match (claims.nonce.as_deref(), expected.nonce) {
        (None, None) => true,
        (Some(there), Some(wanted)) => same(there, wanted),
        _ => false,
    };
    if !same {
        return Err(IdTokenError::Nonce);
    }
    // At most 255 characters of ASCII, as the standard says; and no spaces, which databases compare each in its own way.
    let subject_fits = (1..=255).contains(&claims.sub.len()) && claims.sub.bytes().all(|byte| byte.is_ascii_graphic());
    if subject_fits { Ok(()) } else { Err(IdTokenError::Subject) }
}

/// Whether two secrets are the same, found out in a time that tells nothing of where they differ.
pub fn same(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
