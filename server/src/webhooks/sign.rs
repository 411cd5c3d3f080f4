//! Signatures of messages.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::webhooks::SigningSecret;

/// The header `webhook-signature`: one signature for each secret, so that a program knows a message by either.
///
/// # Errors
/// When a secret is none; the shop makes no such.
pub fn signatures(
    secrets: &[SigningSecret],
    id: &str,
    sent_at: i64,
    body: &str,
) -> Result<String, base64::DecodeError> {
    let signed = format!("{id}.{sent_at}.{body}");
    let signature = |secret: &SigningSecret| {
        let text = secret.expose();
        let key = BASE64_STANDARD.decode(text.strip_prefix(SigningSecret::PREFIX).unwrap_or(text))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        Ok(format!("v1,{}", BASE64_STANDARD.encode(hmac::sign(&key, signed.as_bytes()))))
    };
    Ok(secrets.iter().map(signature).collect::<Result<Vec<_>, _>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_others_sign_it() {
        // The example of those who made the standard.
        let secret = SigningSecret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signatures(&[secret], id, 1_614_265_330, body).unwrap(), expected);
    }
}
