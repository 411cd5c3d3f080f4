//! One key: made, kept in the database, read back.

use super::seal::{Seal, Sealed};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::tokens::signing_keys::{Key, NewKey};
use domain::{Error, Result};
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType,
    PublicKeyUse,
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

/// A new Ed25519 key, its private half sealed if there is a seal. It is named by its thumbprint (RFC 7638).
///
/// # Errors
/// When the machine cannot make one.
pub fn make(seal: Option<&Seal>) -> Result<NewKey> {
    let refused = |_| Error::Damaged("no Ed25519 key could be made".to_owned());
    let pair = Ed25519KeyPair::generate().map_err(refused)?;
    let private = pair.to_pkcs8().map_err(refused)?;
    let public_key = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let kid = URL_SAFE_NO_PAD
        .encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public_key}"}}"#).as_bytes()));
    let private_key = Sealed::close(seal, &kid, private.as_ref())?.to_string();
    Ok(NewKey { kid, public_key, private_key })
}

/// The public half, for checking.
///
/// # Errors
/// When it was damaged in the database.
pub fn verifier(key: &Key) -> Result<DecodingKey> {
    DecodingKey::from_ed_components(&key.public_key).map_err(|_| damaged(key))
}

/// The private half, for signing; `None` when it is not sealed although the shop has a seal: another key must be made.
///
/// # Errors
/// When it was sealed with another secret, or damaged in the database.
pub fn signer(key: &Key, seal: Option<&Seal>) -> Result<Option<EncodingKey>> {
    let sealed: Sealed = key.private_key.parse().map_err(|()| damaged(key))?;
    if seal.is_some() && !sealed.is_sealed() {
        return Ok(None);
    }
    Ok(Some(EncodingKey::from_ed_der(&sealed.open(seal, &key.kid)?)))
}

/// The public half, as it is published (RFC 8037, 2).
pub fn publish(key: &Key) -> Jwk {
    Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            key_id: Some(key.kid.clone()),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: key.public_key.clone(),
        }),
    }
}

fn damaged(key: &Key) -> Error {
    Error::Damaged(format!("the signing key {}", key.kid))
}
