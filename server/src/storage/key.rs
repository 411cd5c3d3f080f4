//! How stored things are named.

use super::{Error, Result};
use uuid::Uuid;

/// What the keys of everything begin with that something in the database names.
pub const NAMED: [&str; 4] = ["audio/", "samples/", "covers/", "copies/"];

/// The key of audio with this SHA-256 (in hexadecimal) and file extension.
pub fn audio_key(sha256: &str, extension: &str) -> String {
    format!("audio/{}/{sha256}.{extension}", sha256.get(..2).unwrap_or("00"))
}

/// The key of a sample cut from the audio; `version` changes with the cut, so that caches never hold an old one.
pub fn sample_key(audiobook: Uuid, version: &str, extension: &str) -> String {
    format!("samples/{audiobook}/{version}.{extension}")
}

/// The key of the copy for players of audio with this SHA-256 (in hexadecimal). `version` is another one for each that is made,
/// so that no cache mixes two.
pub fn copy_key(sha256: &str, version: Uuid) -> String {
    format!("copies/{}/{sha256}-{}.m4a", sha256.get(..2).unwrap_or("00"), version.simple())
}

/// The key of a picture, for a cover or portrait, as it came, with this SHA-256 (in hexadecimal).
pub fn cover_key(sha256: &str, extension: &str) -> String {
    format!("covers/{}/{sha256}.{extension}", sha256.get(..2).unwrap_or("00"))
}

/// Where an upload grows.
pub(super) fn staging_key(id: Uuid) -> String {
    format!("staging/{id}")
}

/// Where the bytes after so many whole parts of an upload wait until there are enough for another. The name of the attempt
/// that wrote them keeps two who write at once apart; what was begun before there were such names has none.
pub(super) fn tail_key(id: Uuid, parts: usize, attempt: &str) -> String {
    let dash = if attempt.is_empty() { "" } else { "-" };
    format!("staging/{id}.after-{parts}{dash}{attempt}")
}

/// Whose staged thing this is, by the last segment of its key.
pub(super) fn staged_for(name: &str) -> Option<Uuid> {
    name.get(..36).and_then(|id| id.parse().ok())
}

/// Refuses what could name something outside the storage.
///
/// # Errors
/// [`Error::Key`].
pub fn check(key: &str) -> Result<&str> {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if key.len() <= 200 && key.split('/').all(plain) { Ok(key) } else { Err(Error::Key(key.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_leaves_the_storage() {
        for bad in ["", "/etc/passwd", "audio/../secret", "audio//x", "audio/.hidden", "a\\b", "a b", "x/\0"] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check(&audio_key(&"ab".repeat(32), "m4b")).is_ok());
        assert!(check(&copy_key(&"ab".repeat(32), Uuid::nil())).is_ok());
        assert!(check(&sample_key(Uuid::nil(), "10-70", "wav")).is_ok());
    }

    #[test]
    fn audio_is_filed_under_its_checksum() {
        assert_eq!(audio_key("3f0c", "mp3"), "audio/3f/3f0c.mp3");
    }
}
