//! The codes of gifts. What is kept is a digest, by which one is found, and the code as the vault seals it: the mail goes
//! later, and the buyer may copy the link.

use crate::{Error, Result, Vault, secret};
use uuid::Uuid;

/// Signs of a code, each of five random bits.
const SIGNS: usize = 20;

/// A new code, as it is kept.
#[derive(Clone, Debug)]
pub(in crate::ordering) struct NewCode {
    pub digest: String,
    pub sealed: String,
}

/// What the code of a gift is sealed under.
fn name_in_vault(gift_id: Uuid) -> String {
    format!("code of gift {gift_id}")
}

/// Makes the code of a gift: 100 random bits, without letters and digits that look alike.
pub(super) fn make(vault: &dyn Vault, gift_id: Uuid) -> Result<NewCode> {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let signs: String =
        secret::random::<SIGNS>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let sealed = vault.seal(&name_in_vault(gift_id), secret::grouped(&signs, "-").as_bytes())?;
    Ok(NewCode { digest: secret::digest(&signs), sealed })
}

/// The code of a gift, to be shown.
pub(super) fn open(vault: &dyn Vault, gift_id: Uuid, sealed: &str) -> Result<String> {
    let code = vault.open(&name_in_vault(gift_id), sealed)?;
    String::from_utf8(code).map_err(|_| Error::Damaged("the code of a gift is no text".to_owned()))
}

/// What a code is found by, however it was typed; `None` when it can be none.
pub(super) fn digest(typed: &str) -> Option<String> {
    let signs: String = typed
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '-')
        .take(SIGNS + 1)
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    (signs.chars().count() == SIGNS).then(|| secret::digest(&signs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Open;

    impl Vault for Open {
        fn seal(&self, name: &str, secret: &[u8]) -> Result<String> {
            Ok(format!("{name}/{}", String::from_utf8_lossy(secret)))
        }

        fn open(&self, name: &str, closed: &str) -> Result<Vec<u8>> {
            let secret = closed.strip_prefix(&format!("{name}/"));
            secret.map(|secret| secret.as_bytes().to_vec()).ok_or_else(|| Error::Damaged("another name".to_owned()))
        }
    }

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let made = make(&Open, id).unwrap();
        let shown = open(&Open, id, &made.sealed).unwrap();
        assert_eq!(shown.len(), 24);
        assert!(!shown.contains(['0', '1', 'I', 'O']));
        for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', ""), format!(" {shown} ")] {
            assert_eq!(digest(&typed), Some(made.digest.clone()), "{typed:?}");
        }
        assert!(open(&Open, other, &made.sealed).is_err());
        assert_ne!(make(&Open, id).unwrap().digest, made.digest);
    }

    #[test]
    fn what_has_another_length_is_no_code() {
        for typed in ["", "AAAA", &"A".repeat(21), &"A".repeat(1_000_000)] {
            assert_eq!(digest(typed), None);
        }
    }
}
