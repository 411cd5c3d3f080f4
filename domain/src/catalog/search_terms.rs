//! The words that a title is found by, in the form in which they are stored and looked for.

use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Longest stored word, in characters.
const LONGEST: usize = 64;
/// Most words of a description that are kept.
const DESCRIPTION_WORDS: usize = 500;
/// Most words of a search that count.
const SEARCH_WORDS: usize = 8;
/// Above every character that a stored word can hold.
const AFTER_ALL: char = char::MAX;

/// What a title is indexed from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Source<'a> {
    pub title: &'a str,
    pub subtitle: &'a str,
    pub authors: &'a [String],
    pub narrators: &'a [String],
    pub series: &'a str,
    pub categories: &'a [String],
    pub description: &'a str,
}

/// The words of a title with their weights: a word counts once for each field it stands in, and the title counts most.
pub fn weighted(source: &Source<'_>) -> BTreeMap<String, i32> {
    let fields: [(i32, String, usize); 7] = [
        (100, source.title.to_owned(), usize::MAX),
        (60, source.authors.join(" "), usize::MAX),
        (40, source.series.to_owned(), usize::MAX),
        (30, source.subtitle.to_owned(), usize::MAX),
        (30, source.narrators.join(" "), usize::MAX),
        (20, source.categories.join(" "), usize::MAX),
        (5, source.description.to_owned(), DESCRIPTION_WORDS),
    ];
    let mut terms = BTreeMap::new();
    for (weight, text, most) in fields {
        let mut seen = BTreeSet::new();
        for word in words(&text).into_iter().flat_map(Word::forms) {
            if seen.len() < most && seen.insert(word.clone()) {
                *terms.entry(word).or_insert(0) += weight;
            }
        }
    }
    terms
}

/// The words of a search, each once, in the order they were typed; at most eight.
pub fn searched(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in words(text) {
        if found.len() < SEARCH_WORDS && !found.contains(&word.whole) {
            found.push(word.whole);
        }
    }
    found
}

/// The first text that sorts after everything that begins with `prefix`.
pub fn after(prefix: &str) -> String {
    format!("{prefix}{AFTER_ALL}")
}

/// What a title is sorted by: its words in lower case, without accents and without a leading English article.
pub fn sort_title(title: &str) -> String {
    let all: Vec<String> = words(title).into_iter().map(|word| word.whole).collect();
    let skipped = usize::from(all.len() > 1 && matches!(all[0].as_str(), "the" | "a" | "an"));
    let sorted = all[skipped..].join(" ");
    if sorted.is_empty() { title.to_lowercase() } else { sorted }.chars().take(300).collect()
}

/// A word, and the pieces that apostrophes part it in.
struct Word {
    whole: String,
    pieces: Vec<String>,
}

impl Word {
    /// All it is found by: `l'hiver` by `lhiver` and by `hiver`.
    fn forms(self) -> impl Iterator<Item = String> {
        let pieces = if self.pieces.len() > 1 { self.pieces } else { Vec::new() };
        std::iter::once(self.whole).chain(pieces.into_iter().filter(|piece| piece.chars().count() > 1))
    }
}

fn words(text: &str) -> Vec<Word> {
    let mut folded = String::with_capacity(text.len());
    let bare = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    for c in bare.flat_map(char::to_lowercase) {
        match spelt_out(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
        .split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c))
        .map(|word| {
            let pieces: Vec<String> = word.split(is_apostrophe).filter(|piece| !piece.is_empty()).map(cut).collect();
            Word { whole: cut(&pieces.concat()), pieces }
        })
        .filter(|word| !word.whole.is_empty())
        .collect()
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Letters that Unicode does not take apart but people without them on the keyboard do.
fn spelt_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_apostrophes_do_not_keep_a_title_from_being_found() {
        assert_eq!(searched("  Émile & ZOË! "), ["emile", "zoe"]);
        assert_eq!(searched("The Keeper’s Łódź"), ["the", "keepers", "lodz"]);
        assert_eq!(searched("Straße strasse"), ["strasse"]);
        let terms = weighted(&Source { title: "L'Hiver", ..Default::default() });
        assert_eq!(terms.keys().collect::<Vec<_>>(), ["hiver", "lhiver"]);
    }

    #[test]
    fn a_word_in_the_title_weighs_more_than_the_same_in_the_description() {
        let terms = weighted(&Source { title: "Sea", description: "sea storm storm", ..Default::default() });
        assert!(terms["sea"] > 10 * terms["storm"]);
        assert_eq!(terms["storm"], 5);
    }

    #[test]
    fn a_search_of_a_thousand_words_is_cut_short() {
        let text: String = (0..1000).map(|n| format!("word{n} ")).collect();
        assert_eq!(searched(&text).len(), 8);
        assert_eq!(searched(&"x".repeat(1000))[0].len(), 64);
        assert!(searched("... -- !").is_empty());
    }

    #[test]
    fn titles_sort_without_their_article() {
        assert_eq!(sort_title("The Émigré's Light"), "emigres light");
        assert_eq!(sort_title("A"), "a");
        assert_eq!(sort_title("???"), "???");
    }

    proptest::proptest! {
        #[test]
        fn every_stored_word_lies_between_its_prefix_and_what_comes_after(text in "\\PC{0,40}") {
            for word in searched(&text) {
                let prefix: String = word.chars().take(2).collect();
                assert!(word.as_str() >= prefix.as_str() && word < after(&prefix));
                assert!(word.chars().count() <= LONGEST);
            }
        }
    }
}
