//! Words by their stems, language by language.

use crate::letters::{is_accent, spelt_out};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

/// A longer word has no stem, in characters.
const LONGEST: usize = 40;
/// A word up to this length is short, in characters: most of those that are said all the time are.
const SHORT: usize = 4;
/// More of a word is not compared, in characters.
const COMPARED: usize = 64;

/// How words of a language are compared.
pub struct Language {
    /// The first part of its tag, such as `pt` of `pt-br`.
    pub name: String,
    /// None where the shop knows no stems: then a word is found as it stands, without its accents.
    stemmer: Option<Stemmer>,
    /// Whether an apostrophe parts two words.
    pub elides: bool,
}

/// A word as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Its stem, without accents.
    pub stem: String,
    /// The stem of the word as somebody types it who leaves its accents out, where that is another.
    pub bare: Option<String>,
}

impl Forms {
    /// As somebody types it who leaves accents out.
    pub fn bare(&self) -> &str {
        self.bare.as_deref().unwrap_or(&self.stem)
    }

    /// Whether it is short in every form: then whatever it is taken for the same as [may be](Self::may_be_short).
    pub fn is_short(&self) -> bool {
        self.stem.chars().count() <= SHORT && self.bare().chars().count() <= SHORT
    }

    /// Whether it is short in one form or the other.
    pub fn may_be_short(&self) -> bool {
        self.stem.chars().count() <= SHORT || self.bare().chars().count() <= SHORT
    }

    /// Whether two words are taken for the same.
    pub fn fits(&self, other: &Self) -> bool {
        let either = |form: &str| form == other.stem || form == other.bare();
        either(&self.stem) || either(self.bare())
    }
}

impl Language {
    /// By its tag (BCP 47).
    pub fn of(tag: &str) -> Self {
        let name = tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let stemmer = algorithm(&name).map(Stemmer::create);
        let elides = matches!(name.as_str(), "fr" | "it" | "ca" | "oc");
        Self { name, stemmer, elides }
    }

    /// A word in lower case as it is compared.
    pub fn forms(&self, word: &str) -> Forms {
        let stem = folded(&self.stem(word));
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Forms { stem, bare: None };
        }
        let bare = folded(&self.stem(&folded(word)));
        Forms { bare: Some(bare).filter(|bare| *bare != stem), stem }
    }

    /// Whether a word is of the script of its language: no stem is looked for in others.
    fn may_have_stem(&self, word: &str) -> bool {
        let of_script = |sign: char| match self.name.as_str() {
            "ar" => matches!(sign, '\u{600}'..='\u{6FF}'),
            "ru" => matches!(sign, '\u{400}'..='\u{52F}'),
            "ta" => matches!(sign, '\u{B80}'..='\u{BFF}'),
            _ => sign == '\'' || sign.is_alphabetic() && (sign < '\u{250}' || matches!(sign, '\u{1E00}'..='\u{1EFF}')),
        };
        word.chars().count() <= LONGEST && word.chars().all(of_script)
    }

    fn stem(&self, word: &str) -> String {
        match &self.stemmer {
            Some(stemmer) if self.may_have_stem(word) => stemmer.stem(word).into_owned(),
            _ => word.to_owned(),
        }
    }
}

/// Without accents and apostrophes.
fn folded(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for sign in word.nfd().filter(|sign| !is_accent(*sign) && *sign != '\'').take(COMPARED) {
        match spelt_out(sign).0 {
            Some(letters) => plain.push_str(letters),
            None => plain.push(sign),
        }
    }
    plain.nfc().collect()
}

/// Not that of Greek: in this version of the crate it panics at some words.
fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether one word is found by another.
    fn same(tag: &str, one: &str, other: &str) -> bool {
        let language = Language::of(tag);
        language.forms(one).fits(&language.forms(other))
    }

    #[test]
    fn an_inflected_word_is_found_by_another_form_of_it() {
        for (tag, said, typed) in [
            ("en", "rabbits", "rabbit"),
            ("en", "running", "runs"),
            ("en-gb", "keeper's", "keepers"),
            ("de", "häuser", "haus"),
            ("de", "läuteten", "läutete"),
            ("de", "kleinen", "kleiner"),
            ("fr", "chantait", "chanter"),
            ("es", "canciones", "canción"),
            ("it", "montagne", "montagna"),
            ("pt-br", "meninos", "menino"),
            ("ru", "новая", "новый"),
            ("sv", "flickorna", "flicka"),
            ("nl", "lichamelijke", "lichamelijk"),
        ] {
            assert!(same(tag, said, typed), "{tag}: {said} by {typed}");
        }
    }

    #[test]
    fn accents_may_be_left_out() {
        for (tag, said, typed) in [
            ("de", "häuser", "hauser"),
            ("fr", "forêt", "foret"),
            ("fr", "aimée", "aimer"),
            ("es", "canción", "cancion"),
            ("pl", "łódź", "lodz"),
            ("de", "straße", "strasse"),
        ] {
            assert!(same(tag, said, typed), "{tag}: {said} by {typed}");
        }
    }

    #[test]
    fn other_words_are_others() {
        for (tag, said, typed) in [("en", "bell", "ball"), ("de", "haus", "maus"), ("xx", "rabbits", "rabbit")] {
            assert!(!same(tag, said, typed), "{tag}: {said} by {typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_word_of_any_language_has_a_form(
            word in "[a-zäöüßéèçñåøıăș']{0,24}|[а-яё]{1,24}|[α-ωά]{1,24}|[أ-ي]{1,24}|[அ-ஹ]{1,12}",
            language in 0_usize..20,
        ) {
            let tags = [
                "ar", "da", "nl", "en", "fi", "fr", "de", "el", "hu", "it", "nb", "pt", "ro", "ru", "es", "sv", "ta", "tr", "ja", "",
            ];
            let language = Language::of(tags[language]);
            let forms = language.forms(&word);
            assert!(forms.fits(&language.forms(&word)));
        }
    }
}
