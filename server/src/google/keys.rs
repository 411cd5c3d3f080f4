//! The keys that the provider signs with (RFC 7517).

use super::client::{Client, FetchError};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use url::Url;

/// The keys by name, each for one algorithm.
pub struct Keys(Vec<Key>);

struct Key {
    kid: String,
    algorithm: Algorithm,
    verifier: DecodingKey,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.kid)).finish()
    }
}

impl Keys {
    /// Reads what is published.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn fetch(client: &Client, address: &Url) -> Result<Self, FetchError> {
        client.read(address).await.map(Self::of)
    }

    /// What can be used; of other kinds of keys the provider may have as many as it likes.
    fn of(set: Set) -> Self {
        let jwks = set.keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        Self(jwks.filter_map(usable).collect())
    }

    /// The key of a name, if it is one for this algorithm.
    pub fn verifier(&self, kid: &str, algorithm: Algorithm) -> Option<&DecodingKey> {
        let key = self.0.iter().find(|key| key.kid == kid && key.algorithm == algorithm)?;
        Some(&key.verifier)
    }
}

fn usable(jwk: Jwk) -> Option<Key> {
    // The kind of key says the algorithm, whatever a token claims. A secret shared by both sides is no kind of ours.
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    let to_sign = jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
    if !to_sign || jwk.common.key_algorithm.is_some_and(|named| named != name) {
        return None;
    }
    let verifier = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { kid: jwk.common.key_id?, algorithm, verifier })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_public_keys_to_sign_with_are_taken() {
        let point = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
        let keys = Keys::of(Set {
            keys: vec![
                json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point, "kid": "good", "use": "sig" }),
                json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point, "kid": "sealing", "use": "enc" }),
                json!({ "kty": "EC", "crv": "P-384", "x": point, "y": point, "kid": "curve" }),
                json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point, "kid": "other", "alg": "ES384" }),
                json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point }),
                json!({ "kty": "OKP", "crv": "Ed25519", "x": point, "kid": "edwards", "alg": "EdDSA" }),
                json!({ "kty": "oct", "k": "c2VjcmV0", "kid": "shared" }),
                json!({ "kty": "new", "kid": "unknown" }),
                json!("no key"),
            ],
        });
        assert_eq!(format!("{keys:?}"), r#"["good", "edwards"]"#);
        assert!(keys.verifier("good", Algorithm::ES256).is_some());
        assert!(keys.verifier("good", Algorithm::EdDSA).is_none(), "a key is for one algorithm");
        assert!(keys.verifier("edwards", Algorithm::EdDSA).is_some());
    }
}
