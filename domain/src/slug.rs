//! Names in addresses.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name as it stands in an address: lower-case letters and digits of any script, joined by single hyphens, in NFC.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Longest slug made from a name, in bytes.
    pub const MAX: usize = 120;

    /// Makes a slug of a name. Accents go from Latin and Greek letters; every other sign that belongs to a letter stays,
    /// because a vowel of Hindi or Thai is one. What is neither letter nor digit becomes a hyphen. A name without a single
    /// letter is spelt in code points, so that two such names have two addresses; an empty one gives `title`.
    pub fn from_name(name: &str) -> Self {
        let slug: String = letters(name).nfc().collect();
        let slug = shortened(&slug).trim_end_matches('-').to_owned();
        Self(if slug.is_empty() { code_points(name) } else { slug })
    }

    /// The same slug with a number, for the second title of that name: `sea`, `sea-2`.
    pub fn numbered(&self, number: u32) -> Self {
        Self(format!("{}-{number}", self.0))
    }

    /// An address as it is stored, for one that came in another spelling of the same letters (NFD).
    pub fn canonical(address: &str) -> String {
        address.nfc().collect()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn letters(name: &str) -> String {
    let mut slug = String::new();
    let mut accents_go = false;
    for c in name.nfkd().flat_map(char::to_lowercase).filter(|c| !is_invisible(*c)) {
        if is_combining_mark(c) {
            if !accents_go && !slug.is_empty() && !slug.ends_with('-') {
                slug.push(c);
            }
        } else if c.is_alphanumeric() {
            accents_go = loses_accents(c);
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' && c != '’' {
            slug.push('-');
        }
    }
    slug
}

/// The beginning that fits, cut between letters and not between a letter and its signs.
fn shortened(slug: &str) -> &str {
    if slug.len() <= Slug::MAX {
        return slug;
    }
    let starts = slug.char_indices().filter(|(_, c)| !is_combining_mark(*c)).map(|(at, _)| at);
    let end = starts.take_while(|at| *at <= Slug::MAX).last().unwrap_or(0);
    &slug[..end]
}

/// `u1f389`: what stands for a name that has no letters.
fn code_points(name: &str) -> String {
    let mut spelt = String::new();
    for c in name.nfc().filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c)) {
        let point = format!("{}u{:x}", if spelt.is_empty() { "" } else { "-" }, u32::from(c));
        if spelt.len() + point.len() > Slug::MAX {
            break;
        }
        spelt.push_str(&point);
    }
    if spelt.is_empty() { "title".to_owned() } else { spelt }
}

/// Latin and Greek letters, whose accents are left out of addresses; `c` is lower case.
fn loses_accents(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | '\u{DF}'..='\u{2AF}' | '\u{370}'..='\u{3FF}' | '\u{1E00}'..='\u{1FFF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}')
}

/// Joiners and variation selectors: they change how a letter is drawn, and nobody types them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// A text that is no name in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASlug;

impl std::str::FromStr for Slug {
    type Err = NotASlug;

    /// Reads one from an address, in whichever spelling of its letters (NFC, NFD) it came.
    fn from_str(text: &str) -> Result<Self, NotASlug> {
        // A number may stand behind the longest name.
        let fits = !text.is_empty() && text.len() <= 4 * Self::MAX;
        let fits = fits && text.chars().all(|c| c == '-' || c.is_alphanumeric() || is_combining_mark(c));
        if fits { Ok(Self(Self::canonical(text))) } else { Err(NotASlug) }
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

    fn slug(name: &str) -> String {
        Slug::from_name(name).to_string()
    }

    #[test]
    fn a_title_makes_a_readable_address() {
        for (name, address) in [
            ("The Keeper's Light", "the-keepers-light"),
            ("  Émile & Zoë!  ", "emile-zoe"),
            ("A--B", "a-b"),
            ("Ｆｕｌｌ Ὀδύσσεια", "full-οδυσσεια"),
            ("", "title"),
        ] {
            assert_eq!(slug(name), address);
        }
    }

    #[test]
    fn an_address_is_read_in_either_spelling_of_its_letters() {
        assert_eq!("йод-2".nfd().collect::<String>().parse::<Slug>().unwrap().as_str(), "йод-2");
        for text in ["", "a/b", "a b", "a.b", "a\0"] {
            assert_eq!(text.parse::<Slug>(), Err(NotASlug), "{text:?}");
        }
    }

    #[test]
    fn letters_of_every_script_keep_the_signs_that_belong_to_them() {
        for (name, address) in [
            ("राम", "राम"),
            ("रमा", "रमा"),
            ("สมศรี", "สมศรี"),
            ("ガラス", "ガラス"),
            ("한국 이야기", "한국-이야기"),
            ("Йод", "йод"),
        ] {
            assert_eq!(slug(name), address);
        }
        assert_ne!(slug("สมศรี"), slug("สมศร"));
    }

    #[test]
    fn a_name_without_letters_has_an_address_of_its_own() {
        assert_eq!(slug("🎉"), "u1f389");
        assert_eq!(slug("❤️"), slug("❤"), "however it is drawn");
        assert_ne!(slug("???"), slug("!!!"));
        assert!(slug(&"🎉".repeat(100)).len() <= Slug::MAX);
    }

    proptest::proptest! {
        #[test]
        fn an_address_is_short_in_nfc_and_the_same_for_both_spellings_of_a_name(name in "\\PC{0,80}") {
            let address = slug(&name);
            assert!(!address.is_empty() && address.len() <= Slug::MAX);
            assert_eq!(Slug::canonical(&address), address);
            assert!(!address.starts_with('-') && !address.ends_with('-') && !address.contains("--"));
            let decomposed: String = name.nfd().collect();
            assert_eq!(slug(&decomposed), address);
        }

        #[test]
        fn a_long_name_is_cut_between_letters(name in "[क-ह][ा-ौ]", count in 30_usize..90) {
            let address = slug(&name.repeat(count));
            assert!(address.len() <= Slug::MAX && name.repeat(count).starts_with(&address));
            assert_eq!(address.len() % name.len(), 0);
        }
    }
}
