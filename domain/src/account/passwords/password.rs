//! Passwords as typed.

use std::fmt;

/// A password that is long enough to be one. Never shown, not even in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("Choose a password of at least 12 characters.")]
    TooShort,
    #[error("Choose a password of at most 128 characters.")]
    TooLong,
    #[error(
        "This password is easy to guess: such ones are tried first. Use several words that do not belong together."
    )]
    Common,
    #[error("This password is made of your name or address, which is tried first. Use words that are not about you.")]
    Personal,
    #[error("This password is made of the shop's name, which is tried first. Use words that are not about the shop.")]
    ShopName,
}

#[cfg(feature = "ssr")]
impl From<WeakPassword> for crate::Refusal {
    fn from(weakness: WeakPassword) -> Self {
        match weakness {
            WeakPassword::TooShort => "password.too-short".into(),
            WeakPassword::TooLong => "password.too-long".into(),
            WeakPassword::Common => "password.common".into(),
            WeakPassword::Personal => "password.personal".into(),
            WeakPassword::ShopName => "password.shop-name".into(),
        }
    }
}

impl Password {
    /// Takes any 12 to 128 characters: length protects, rules about symbols do not (NIST SP 800-63B, 5.1.1.2). Whether
    /// it is easy to guess is another question, asked when a password is chosen: see the module `strength`.
    ///
    /// # Errors
    /// When it is shorter or longer.
    pub fn parse(text: impl Into<String>) -> Result<Self, WeakPassword> {
        let text = text.into();
        match text.chars().count() {
            0..12 => Err(WeakPassword::TooShort),
            12..=128 => Ok(Self(text)),
            _ => Err(WeakPassword::TooLong),
        }
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_12_to_128_characters() {
        assert_eq!(Password::parse("elevenchars"), Err(WeakPassword::TooShort));
        assert!(Password::parse("twelve chars").is_ok());
        assert!(Password::parse("é".repeat(128)).is_ok());
        assert_eq!(Password::parse("x".repeat(129)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn a_password_is_never_printed() {
        assert!(!format!("{:?}", Password::parse("correct horse battery").unwrap()).contains("horse"));
    }
}
