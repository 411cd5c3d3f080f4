//! Names in addresses.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A name as it stands in an address: lower-case letters and digits joined by single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Longest slug made from a name, in bytes.
    pub const MAX: usize = 120;

    /// Makes a slug of a name: accents go, everything that is not a letter or digit becomes a hyphen. A name with
    /// nothing to keep gives `title`.
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::new();
        for c in
            name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase)
        {
            if c.is_alphanumeric() {
                if slug.len() + c.len_utf8() > Self::MAX {
                    break;
                }
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' && c != '’' {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "title".to_owned() } else { slug.to_owned() })
    }

    /// The same slug with a number, for the second title of that name: `sea`, `sea-2`.
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_makes_a_readable_address() {
        for (name, slug) in [
            ("The Keeper's Light", "the-keepers-light"),
            ("  Émile & Zoë!  ", "emile-zoe"),
            ("???", "title"),
            ("A--B", "a-b"),
        ] {
            assert_eq!(Slug::from_name(name).as_str(), slug);
        }
        assert!(Slug::from_name(&"long ".repeat(100)).as_str().len() <= Slug::MAX);
    }
}
