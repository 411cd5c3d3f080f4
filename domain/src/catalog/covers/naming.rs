//! How the files of a picture are called.
//!
//! A picture as it came lies under its checksum, such as `covers/3f/3f0c….jpg`. Its sizes begin with the same and the number
//! of the way they are made, such as `covers/3f/3f0c…-1`, and end with side and kind: `covers/3f/3f0c…-1-640.webp`.

/// Changes when the sizes are made in another way, so that no cache keeps the old ones.
const WAY: u32 = 1;

/// What the keys of the sizes begin with that are made of a picture.
pub fn base(original: &str) -> String {
    let stem = original.rsplit_once('.').map_or(original, |(stem, _)| stem);
    format!("{stem}-{WAY}")
}

/// The key of a size: `side` is the longer side in pixels, `kind` is `webp` or `jpg`.
pub fn size(base: &str, side: u32, kind: &str) -> String {
    format!("{base}-{side}.{kind}")
}

/// What the key of a size begins with; none for any other key.
pub fn base_of(key: &str) -> Option<&str> {
    let (stem, _) = key.rsplit_once('.')?;
    let (base, side) = stem.rsplit_once('-')?;
    let is_size = !side.is_empty() && side.bytes().all(|digit| digit.is_ascii_digit()) && base.contains('-');
    is_size.then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_leads_back_to_what_it_begins_with_and_nothing_else_does() {
        let base = base("covers/3f/3f0c.jpg");
        assert_eq!(base, "covers/3f/3f0c-1");
        assert_eq!(base_of(&size(&base, 640, "webp")), Some("covers/3f/3f0c-1"));
        for other in ["covers/3f/3f0c.jpg", "samples/a-b/10-70.wav", "audio/3f/3f0c.mp3", "covers"] {
            assert!(base_of(other).is_none_or(|base| !base.starts_with("covers/")), "{other}");
        }
    }
}
