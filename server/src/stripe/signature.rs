//! Whether an event is from Stripe (docs.stripe.com/webhooks/signature): HMAC-SHA256 over the time, a dot and the body as
//! it came, under a secret that only Stripe and the shop know.

use aws_lc_rs::hmac;
use domain::Timestamp;

/// The header that holds it.
pub const HEADER: &str = "stripe-signature";
/// How far the time of an event may be from now, in seconds: what is older may have been heard and sent again.
const TOLERANCE_S: i64 = 300;
/// Signatures that are looked at. Stripe sends one for each secret that is in use, which are two while one is changed.
const MOST: usize = 8;

/// Why an event is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    #[error("its signature cannot be read")]
    Form,
    #[error("its time is too far from now")]
    Time,
    #[error("its signature is not Stripe's")]
    Signature,
}

/// The secrets by which events are signed; several while one is changed.
pub struct Secrets(Vec<hmac::Key>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        Self(secrets.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())).collect())
    }

    /// Whether `body` was signed with one of them, not long ago.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, header: &str, body: &[u8], now: Timestamp) -> Result<(), NotSigned> {
        let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
        let time = pairs().find(|(name, _)| *name == "t").map(|(_, time)| time).ok_or(NotSigned::Form)?;
        let signed_at: i64 = time.parse().map_err(|_| NotSigned::Form)?;
        let signatures: Vec<Vec<u8>> = pairs()
            .filter(|(name, _)| *name == "v1")
            .take(MOST)
            .filter_map(|(_, signature)| hex::decode(signature).ok())
            .collect();
        if signatures.is_empty() {
            return Err(NotSigned::Form);
        }
        // The time as it was written: another way to write the same number is another text.
        let signed = [time.as_bytes(), b".", body].concat();
        let matches = |key: &hmac::Key| {
            // In constant time.
            signatures.iter().any(|signature| hmac::verify(key, &signed, signature).is_ok())
        };
        if !self.0.iter().any(matches) {
            return Err(NotSigned::Signature);
        }
        let age_s = (now.0 / 1000).saturating_sub(signed_at);
        if age_s.saturating_abs() > TOLERANCE_S { Err(NotSigned::Time) } else { Ok(()) }
    }
}

/// The header for a body, as Stripe writes it.
#[cfg(test)]
pub fn sign(secret: &str, body: &[u8], at: Timestamp) -> String {
    let (key, time) = (hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), at.0 / 1000);
    let tag = hmac::sign(&key, &[time.to_string().as_bytes(), b".", body].concat());
    format!("t={time},v1={}", hex::encode(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stripe::signer::Signer;

    const SECRET: &str = "whsec_test_secret";
    const BODY: &[u8] = br#"{"id":"evt_1","type":"checkout.session.completed"}"#;
    const NOW: Timestamp = Timestamp(1_700_000_000_000);
    /// `printf '1700000000.%s' "$body" | openssl dgst -sha256 -hmac whsec_test_secret`
    const KNOWN: &str = "a13d4b1f9003bc2fb6c06224e878b6056185eaa50d40e1e7dc05517f8af41d7b";

    fn check(header: &str, body: &[u8]) -> Result<(), NotSigned> {
        Secrets::new([SECRET].into_iter()).check(header, body, NOW)
    }

    #[test]
    fn a_signature_of_known_value_is_taken() {
        assert_eq!(check(&format!("t=1700000000,v1={KNOWN}"), BODY), Ok(()));
        assert_eq!(sign(SECRET, BODY, NOW), format!("t=1700000000,v1={KNOWN}"));
        // With what stands beside it in Stripe's own header.
        let other = "ab".repeat(32);
        assert_eq!(check(&format!("t=1700000000,v1={other},v1={KNOWN},v0={other}"), BODY), Ok(()));
        assert_eq!(check(&format!("v1={KNOWN}, t=1700000000"), BODY), Ok(()));
    }

    #[test]
    fn what_is_not_signed_so_is_not_believed() {
        use NotSigned::{Form, Signature};
        for (header, why) in [
            (String::new(), Form),
            ("t=1700000000".to_owned(), Form),
            (format!("v1={KNOWN}"), Form),
            (format!("t=now,v1={KNOWN}"), Form),
            ("t=1700000000,v1=zz".to_owned(), Form),
            // Only the scheme that is asked for counts.
            (format!("t=1700000000,v0={KNOWN}"), Form),
            (format!("t=1700000001,v1={KNOWN}"), Signature),
            (format!("t=01700000000,v1={KNOWN}"), Signature),
            (format!("t=1700000000,v1={}", &KNOWN[..62]), Signature),
            (format!("t=1700000000,v1={}", "0".repeat(64)), Signature),
        ] {
            assert_eq!(check(&header, BODY), Err(why), "{header}");
        }
        let header = format!("t=1700000000,v1={KNOWN}");
        for body in [&BODY[1..], b"", br#"{"id":"evt_1", "type":"checkout.session.completed"}"#] {
            assert_eq!(check(&header, body), Err(Signature), "the body counts as it came");
        }
        assert_eq!(Secrets::new(["another"].into_iter()).check(&header, BODY, NOW), Err(Signature));
        assert_eq!(Secrets::new([].into_iter()).check(&header, BODY, NOW), Err(Signature));
    }

    #[test]
    fn what_stripes_own_library_signs_is_taken_and_nothing_else() {
        let mut stripe = Signer::open();
        let secrets = Secrets::new([SECRET, "whsec_the_next"].into_iter());
        let long = format!(r#"{{"id":"evt_3","note":"{}"}}"#, "ß".repeat(100_000));
        let bodies = [
            std::str::from_utf8(BODY).unwrap(),
            "{\n  \"id\": \"evt_2\",\n  \"name\": \"Zoë Żółty – 四分 🎧\"\n}",
            r#"{"id":"evt_4","line":"a\nb","quote":"\"","dot":"1700000000.x"}"#,
            "{}",
            long.as_str(),
        ];
        for body in bodies {
            let (body, shown) = (body.as_bytes(), body.chars().take(30).collect::<String>());
            let header = stripe.sign(SECRET, body, NOW);
            assert_eq!(header, sign(SECRET, body, NOW), "{shown}");
            assert_eq!(secrets.check(&header, body, NOW), Ok(()), "{shown}");
            // While a secret is changed Stripe signs with both, and any of the two is enough.
            let (_, next) = stripe.sign("whsec_the_next", body, NOW).split_once(',').map(own).unwrap();
            let (_, strange) = stripe.sign("whsec_of_somebody", body, NOW).split_once(',').map(own).unwrap();
            assert_eq!(secrets.check(&format!("t=1700000000,{strange},{next}"), body, NOW), Ok(()), "{shown}");
            assert_eq!(secrets.check(&format!("{header},{strange}"), body, NOW), Ok(()), "{shown}");
            for (refused, why) in [
                (format!("t=1700000000,{strange}"), NotSigned::Signature),
                (header.replace("v1=", "v0="), NotSigned::Form),
                (header.replace("t=1700000000", "t=1700000001"), NotSigned::Signature),
                (stripe.sign(SECRET, body, NOW.plus_ms(-301_000)), NotSigned::Time),
                (stripe.sign(SECRET, body, NOW.plus_ms(301_000)), NotSigned::Time),
                (stripe.sign(SECRET, &[body, b" "].concat(), NOW), NotSigned::Signature),
            ] {
                assert_eq!(secrets.check(&refused, body, NOW), Err(why), "{refused} of {shown}");
            }
            assert_eq!(secrets.check(&stripe.sign(SECRET, body, NOW.plus_ms(-300_000)), body, NOW), Ok(()));
        }
    }

    fn own((time, signature): (&str, &str)) -> (String, String) {
        (time.to_owned(), signature.to_owned())
    }

    #[test]
    fn while_a_secret_is_changed_both_are_taken() {
        let both = Secrets::new(["old", "new"].into_iter());
        for secret in ["old", "new"] {
            assert_eq!(both.check(&sign(secret, BODY, NOW), BODY, NOW), Ok(()));
        }
        assert_eq!(both.check(&sign("older", BODY, NOW), BODY, NOW), Err(NotSigned::Signature));
    }

    #[test]
    fn an_event_is_believed_for_five_minutes() {
        for (seconds, believed) in [(0, true), (300, true), (-300, true), (301, false), (-301, false), (86_400, false)]
        {
            let header = sign(SECRET, BODY, NOW.plus_ms(-seconds * 1000));
            let expected = if believed { Ok(()) } else { Err(NotSigned::Time) };
            assert_eq!(check(&header, BODY), expected, "{seconds} s old");
        }
        assert_eq!(check(&format!("t={},v1={KNOWN}", i64::MIN), BODY), Err(NotSigned::Signature));
    }
}
