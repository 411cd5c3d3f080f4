//! The words that a title is found by, as they are stored and looked for.

use super::folding::{Token, cut, tokens};
use std::collections::{BTreeMap, BTreeSet};

/// Most words of a description that are kept.
const DESCRIPTION_WORDS: usize = 500;
/// Most words of a search that count.
const SEARCH_WORDS: usize = 8;
/// Above every character that a stored word can hold.
const AFTER_ALL: char = char::MAX;
/// What a word in the title weighs; a short title lends its words up to [`SHORT_TITLE`] more.
const TITLE: i32 = 100;
const SHORT_TITLE: i32 = 60;

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
/// The fewer words a title has, the more each of them weighs.
pub fn weighted(source: &Source<'_>) -> BTreeMap<String, i32> {
    let words_of_title = i32::try_from(source.title.split_whitespace().count().max(1)).unwrap_or(i32::MAX);
    let fields: [(i32, String, usize); 7] = [
        (TITLE + SHORT_TITLE / words_of_title, source.title.to_owned(), usize::MAX),
        (60, source.authors.join("; "), usize::MAX),
        (40, source.series.to_owned(), usize::MAX),
        (30, source.subtitle.to_owned(), usize::MAX),
        (30, source.narrators.join("; "), usize::MAX),
        (20, source.categories.join("; "), usize::MAX),
        (5, source.description.to_owned(), DESCRIPTION_WORDS),
    ];
    let mut terms = BTreeMap::new();
    for (weight, text, most) in fields {
        let mut seen = BTreeSet::new();
        for term in stored(&text) {
            if seen.len() < most && seen.insert(term.clone()) {
                *terms.entry(term).or_insert(0) += weight;
            }
        }
    }
    terms
}

/// All that a text is found by: its words in every spelling, `l'hiver` by `lhiver` and by `hiver`; initials one by one and
/// together; and every letter and pair of letters of a script without spaces.
pub fn stored(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens(text) {
        match token {
            Token::Word(word) => {
                found.extend(word.spellings().cloned());
                found.extend(word.pieces.into_iter().filter(|piece| piece.chars().count() > 1));
            }
            Token::Letters(letters) => {
                if letters.len() > 1 {
                    found.push(cut(&letters.concat()));
                }
                found.extend(letters);
            }
            Token::Run(letters) => {
                found.extend(letters.windows(2).map(|pair| cut(&pair.concat())));
                found.extend(letters.iter().map(|letter| cut(letter)));
            }
        }
    }
    found
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sought {
    /// Fits a term that begins like one of these.
    pub beginnings: Vec<String>,
    /// Fits a term that is one of these.
    pub whole: Vec<String>,
    /// Fits a term that is one of these as well, because what was typed is nearly that.
    pub nearly: Vec<String>,
    /// Initials, together: where nothing has them they are passed over.
    pub initials: bool,
}

impl Sought {
    fn beginning(spellings: Vec<String>) -> Self {
        Self { beginnings: spellings, whole: Vec::new(), nearly: Vec::new(), initials: false }
    }

    fn whole(term: String) -> Self {
        Self { beginnings: Vec::new(), whole: vec![term], nearly: Vec::new(), initials: false }
    }

    /// The word as it was typed, without accents.
    pub fn typed(&self) -> &str {
        self.beginnings.first().or(self.whole.first()).map_or("", String::as_str)
    }
}

/// What a search asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// All of these have to fit, in the order in which they were typed.
    pub words: Vec<Sought>,
    /// Single letters beside words: they find nothing, but put a title that has them first.
    pub letters: Vec<String>,
}

/// Reads a search: each word once, at most eight. A letter that stands alone among words would fit every other title, so
/// that it is only a wish; alone it is the beginning of a word.
pub fn searched(text: &str) -> Search {
    let mut search = Search::default();
    for token in tokens(text) {
        let sought = match token {
            Token::Word(word) => vec![Sought::beginning(word.spellings().cloned().collect())],
            Token::Letters(letters) if letters.len() == 1 => {
                search.letters.extend(letters);
                continue;
            }
            Token::Letters(letters) => {
                vec![Sought { initials: true, ..Sought::beginning(vec![cut(&letters.concat())]) }]
            }
            Token::Run(letters) if letters.len() == 1 => {
                letters.iter().map(|letter| Sought::whole(cut(letter))).collect()
            }
            Token::Run(letters) => letters.windows(2).map(|pair| Sought::whole(cut(&pair.concat()))).collect(),
        };
        for sought in sought {
            if search.words.len() < SEARCH_WORDS && !search.words.contains(&sought) {
                search.words.push(sought);
            }
        }
    }
    search.letters.truncate(SEARCH_WORDS);
    if search.words.is_empty() && !search.letters.is_empty() {
        let last = search.letters.remove(search.letters.len() - 1);
        search.words.push(Sought::beginning(vec![last]));
    }
    search
}

/// Whether a text has a word for every word of a search.
pub fn fits(search: &Search, text: &str) -> bool {
    let terms = stored(text);
    let fit = |sought: &Sought| {
        terms.iter().any(|term| {
            sought.beginnings.iter().any(|beginning| term.starts_with(beginning.as_str()))
                || sought.whole.contains(term)
                || sought.nearly.contains(term)
        })
    };
    search.words.iter().all(fit)
}

/// The first text that sorts after everything that begins with `prefix`.
pub fn after(prefix: &str) -> String {
    format!("{prefix}{AFTER_ALL}")
}

/// What a title is sorted by: its words in lower case, without accents and without a leading English article.
pub fn sort_title(title: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    for token in tokens(title) {
        match token {
            Token::Word(word) => all.push(word.plain),
            Token::Letters(letters) => all.extend(letters),
            Token::Run(letters) => all.push(letters.concat()),
        }
    }
    let skipped = usize::from(all.len() > 1 && matches!(all[0].as_str(), "the" | "a" | "an"));
    let sorted = all[skipped..].join(" ");
    if sorted.is_empty() { title.to_lowercase() } else { sorted }.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<String> {
        searched(text).words.iter().map(|word| word.typed().to_owned()).collect()
    }

    fn terms(title: &str) -> Vec<String> {
        weighted(&Source { title, ..Default::default() }).into_keys().collect()
    }

    #[test]
    fn a_title_is_stored_in_every_spelling_that_people_type() {
        assert_eq!(terms("L'Hiver"), ["hiver", "lhiver"]);
        assert_eq!(terms("Müller"), ["mueller", "muller"]);
        assert_eq!(terms("A.I. & I"), ["a", "ai", "and", "i"]);
        assert_eq!(terms("海辺の"), ["の", "海", "海辺", "辺", "辺の"]);
    }

    #[test]
    fn a_search_is_read_like_a_title() {
        assert_eq!(typed("  Émile & ZOË! "), ["emile", "and", "zoe"]);
        assert_eq!(typed("The Keeper’s Łódź"), ["the", "keepers", "lodz"]);
        assert_eq!(typed("Straße strasse"), ["strasse"]);
        assert_eq!(typed("カフカ"), ["カフ", "フカ"]);
        assert_eq!(searched("Müller").words[0].beginnings, ["muller", "mueller"]);
    }

    #[test]
    fn initials_are_looked_for_together_and_a_letter_beside_words_is_a_wish() {
        assert_eq!(typed("J. R. R. Tolkien"), ["jrr", "tolkien"]);
        assert!(searched("j r").words[0].initials);
        let plan = searched("plan b");
        assert_eq!((typed("plan b"), plan.letters), (vec!["plan".to_owned()], vec!["b".to_owned()]));
        assert_eq!(typed("s"), ["s"]);
    }

    #[test]
    fn a_word_in_the_title_weighs_more_than_the_same_in_the_description() {
        let terms = weighted(&Source { title: "Sea", description: "sea storm storm", ..Default::default() });
        assert!(terms["sea"] > 10 * terms["storm"]);
        assert_eq!(terms["storm"], 5);
        let longer = weighted(&Source { title: "The Sea and the Storm", ..Default::default() });
        assert!(longer["sea"] < terms["sea"], "it is a smaller part of its title");
    }

    #[test]
    fn a_search_of_a_thousand_words_is_cut_short() {
        let text: String = (0..1000).map(|n| format!("word{n} ")).collect();
        assert_eq!(searched(&text).words.len(), 8);
        assert_eq!(searched(&"x".repeat(1000)).words[0].typed().len(), 64);
        assert_eq!(searched(&"海".repeat(1000)).words.len(), 1);
        assert_eq!(searched("... -- !"), Search::default());
    }

    #[test]
    fn titles_sort_without_their_article() {
        assert_eq!(sort_title("The Émigré's Light"), "emigres light");
        assert_eq!(sort_title("A"), "a");
        assert_eq!(sort_title("???"), "???");
    }

    proptest::proptest! {
        #[test]
        fn a_text_fits_every_search_for_itself(text in "\\PC{0,40}") {
            assert!(fits(&searched(&text), &text));
        }

        #[test]
        fn every_stored_word_lies_between_its_prefix_and_what_comes_after(text in "\\PC{0,40}") {
            for word in stored(&text) {
                let prefix: String = word.chars().take(2).collect();
                assert!(word.as_str() >= prefix.as_str() && word < after(&prefix));
                assert!(word.chars().count() <= 64);
            }
        }

        #[test]
        fn accents_and_composition_change_nothing(text in "[a-zäöüéèçñ ]{0,30}") {
            use unicode_normalization::UnicodeNormalization;
            let decomposed: String = text.nfd().collect();
            assert_eq!(stored(&text), stored(&decomposed));
        }
    }
}
