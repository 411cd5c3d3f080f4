//! What a passage is found by, as the index has it.

use super::stems::{Forms, Language};
use super::units::units;
use std::collections::BTreeSet;

/// Which rules these are. Raised when they change, so that every title is put into the index anew.
pub const MADE: i32 = 1;

/// Letters of a term: of them no database makes anything but a word, and none leaves one out for being short or common.
const LETTERS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
/// How many letters a term has; each stands for five bits.
const LENGTH: u32 = 8;

/// The term of a word, or of two that stand beside each other, in a language. Two may have the same one, about one pair in
/// a million millions: what is found is looked at once more.
pub fn term(language: &Language, word: &str, next: Option<&str>) -> String {
    // FNV-1a, which is the same on every machine and in every version.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let parts = [language.name.as_str(), word].into_iter().chain(next);
    for byte in parts.flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 40;
    let letter = |place: u32| char::from(LETTERS[usize::try_from((hash >> (5 * place)) & 31).unwrap_or(0)]);
    (0..LENGTH).map(letter).collect()
}

/// All that a sentence is found by: its words, and each two beside each other, with accents and without.
pub fn add(language: &Language, sentence: &str, terms: &mut BTreeSet<String>) {
    let forms: Vec<Forms> = units(sentence, language.elides).iter().map(|unit| language.forms(&unit.text)).collect();
    for forms in &forms {
        terms.extend(of_word(language, forms));
    }
    for pair in forms.windows(2) {
        terms.extend(of_pair(language, &pair[0], &pair[1]));
    }
}

/// The terms of a word: one, or two where accents make a difference.
pub fn of_word(language: &Language, forms: &Forms) -> Vec<String> {
    let mut all = vec![term(language, &forms.stem, None)];
    all.extend(forms.bare.as_ref().map(|bare| term(language, bare, None)));
    all
}

/// The same of two words beside each other.
pub fn of_pair(language: &Language, first: &Forms, second: &Forms) -> Vec<String> {
    let mut all = vec![term(language, &first.stem, Some(&second.stem))];
    if first.bare.is_some() || second.bare.is_some() {
        all.push(term(language, first.bare(), Some(second.bare())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_the_same_for_ever() {
        let english = Language::of("en");
        let bell = term(&english, "bell", None);
        assert_eq!(bell, "m8v3mqjh");
        assert_eq!(bell, term(&Language::of("en-gb"), "bell", None));
    }

    #[test]
    fn words_pairs_and_languages_are_told_apart() {
        let (english, german) = (Language::of("en"), Language::of("de"));
        let all = BTreeSet::from([
            term(&english, "bell", None),
            term(&german, "bell", None),
            term(&english, "bell", Some("tower")),
            term(&english, "tower", Some("bell")),
            term(&english, "belltower", None),
            term(&english, "bel", Some("ltower")),
        ]);
        assert_eq!(all.len(), 6);
    }

    #[test]
    fn a_sentence_is_found_by_each_word_and_by_what_stands_beside_it() {
        let english = Language::of("en");
        let mut terms = BTreeSet::new();
        add(&english, "The bells rang.", &mut terms);
        assert_eq!(terms.len(), 5);
        assert!(terms.contains(&term(&english, "bell", None)) && terms.contains(&term(&english, "the", Some("bell"))));
        assert!(!terms.contains(&term(&english, "the", Some("rang"))));
    }
}
