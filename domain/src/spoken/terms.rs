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

/// All that a sentence is found by: its words, and each two beside each other of which one is short, with accents and without.
/// Two long words are seldom near each other unless they are beside each other, and their pairs would be most of the index.
pub fn add(language: &Language, sentence: &str, terms: &mut BTreeSet<String>) {
    let forms: Vec<Forms> = units(sentence, language.elides).iter().map(|unit| language.forms(&unit.text)).collect();
    for forms in &forms {
        terms.extend(of_word(language, forms));
    }
    for pair in forms.windows(2).filter(|pair| pair.iter().any(Forms::may_be_short)) {
        terms.extend(of_pair(language, &pair[0], &pair[1]));
    }
}

/// What of a phrase a passage has to have: of each, one of the terms.
pub fn of_phrase(language: &Language, phrase: &[Forms]) -> Vec<Vec<String>> {
    if let [word] = phrase {
        return vec![of_word(language, word)];
    }
    let of_two = |pair: &[Forms]| {
        if pair.iter().any(Forms::is_short) {
            vec![of_pair(language, &pair[0], &pair[1])]
        } else {
            pair.iter().map(|word| of_word(language, word)).collect()
        }
    };
    phrase.windows(2).flat_map(of_two).collect()
}

/// The terms of a word: one, or two where accents make a difference.
fn of_word(language: &Language, forms: &Forms) -> Vec<String> {
    let mut all = vec![term(language, &forms.stem, None)];
    all.extend(forms.bare.as_ref().map(|bare| term(language, bare, None)));
    all
}

/// The same of two words beside each other.
fn of_pair(language: &Language, first: &Forms, second: &Forms) -> Vec<String> {
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

    #[test]
    fn two_long_words_beside_each_other_are_looked_for_one_by_one() {
        let english = Language::of("en");
        let mut terms = BTreeSet::new();
        add(&english, "The harbour master slept.", &mut terms);
        assert_eq!(terms.len(), 5, "four words, and the first two together");
        let of = |words: [&str; 2]| of_phrase(&english, &words.map(|word| english.forms(word)));
        let found = |phrase: Vec<Vec<String>>| phrase.iter().all(|any| any.iter().any(|term| terms.contains(term)));
        assert!(found(of(["harbour", "masters"])) && found(of(["the", "harbour"])));
        assert!(!found(of(["the", "master"])) && !found(of(["harbour", "bell"])));
        assert_eq!((of(["harbour", "masters"]).len(), of(["the", "harbour"]).len()), (2, 1));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_said_is_found_by_any_stretch_of_it(
            said in "[a-zäéô]{1,7}( [a-zäéô]{1,7}){1,6}",
            from in 0_usize..6,
            length in 1_usize..6,
        ) {
            for language in ["de", "fr", "en", "zh"].map(Language::of) {
                let mut terms = BTreeSet::new();
                add(&language, &said, &mut terms);
                let bare = |word: &str| word.replace('ä', "a").replace('é', "e").replace('ô', "o");
                let plain: Vec<String> = said.split(' ').map(bare).collect();
                let whole: Vec<String> = said.split(' ').map(str::to_owned).collect();
                for words in [plain, whole] {
                    let phrase = words.iter().skip(from).take(length).map(|word| language.forms(word));
                    let wanted = of_phrase(&language, &phrase.collect::<Vec<_>>());
                    assert!(wanted.iter().all(|any| any.iter().any(|term| terms.contains(term))), "{said}: {words:?}");
                }
            }
        }
    }
}
