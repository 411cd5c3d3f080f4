//! Random secrets and how they are kept.

use sha2::{Digest, Sha256};

/// A random secret of 256 bits, as 64 hexadecimal digits. Shown once; what is stored is its [`digest`].
pub fn token() -> String {
    hex(&random::<32>())
}

/// SHA-256 of a secret, as 64 hexadecimal digits. Enough for secrets that are random already; passwords need argon2.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has none to give: nothing secret can be made then.
#[expect(clippy::expect_used, reason = "a shop without randomness must not go on")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters in groups of four, as people read and type them.
pub fn grouped(letters: &str, between: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}
