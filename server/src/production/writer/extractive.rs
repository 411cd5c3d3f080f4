//! The writer that needs no model: the sentences that say most, and the categories whose keywords are used most.

use super::{LONGEST_DESCRIPTION, Written, bounded, categories as chosen, is_ended, repeats, sentences, told, words};
use domain::catalog::categories::CategoryFacts;
use domain::transcript::segments::Sentence;
use std::collections::{HashMap, HashSet};

/// Sentences of a description.
const SENTENCES: usize = 3;
/// Words of a sentence that can stand alone.
const WORDS: std::ops::RangeInclusive<usize> = 6..=40;

/// Describes a book by its own sentences.
pub fn write(book: &[Sentence], categories: &[CategoryFacts]) -> Written {
    Written {
        description: bounded(&describe(told(book), SENTENCES), LONGEST_DESCRIPTION),
        categories: chosen::choose(book, categories, &[]),
        coverage_permille: 1000,
        note: None,
    }
}

/// The few sentences of a piece of a book that say most of it.
pub fn telling(text: &str, most: usize) -> String {
    let sentence = |text: &str| Sentence { start_ms: 0, end_ms: 0, text: text.to_owned() };
    let piece: Vec<Sentence> = sentences(text).into_iter().map(sentence).collect();
    describe(&piece, most)
}

fn describe(book: &[Sentence], most: usize) -> String {
    let spread = spread(book);
    // What goes on a sentence that was heard apart from it; some models write no capitals at all.
    let goes_on =
        |sentence: &Sentence| sentence.text.chars().find(|sign| sign.is_alphanumeric()).is_some_and(char::is_lowercase);
    let has_capitals = !book.iter().all(goes_on);
    let mut scored: Vec<(f64, usize)> = book
        .iter()
        .enumerate()
        .filter(|(_, sentence)| WORDS.contains(&sentence.text.split_whitespace().count()))
        .filter(|(_, sentence)| !has_capitals || !goes_on(sentence))
        .map(|(at, sentence)| (salience(sentence, at, book.len(), &spread), at))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, at) in scored {
        if chosen.len() == most {
            break;
        }
        let so_far = chosen.iter().chain([&at]).map(|at| ended(&book[*at].text)).collect::<Vec<_>>().join(" ");
        // A refrain is quoted once.
        if repeats::repeated(&so_far).is_none() {
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    if chosen.is_empty() && !book.is_empty() {
        chosen.push(0);
    }
    chosen.into_iter().map(|at| ended(&book[at].text)).collect::<Vec<_>>().join(" ")
}

/// In how many sentences each term is.
fn spread(book: &[Sentence]) -> HashMap<String, usize> {
    let mut spread = HashMap::new();
    for sentence in book {
        for term in words::terms(&sentence.text).collect::<HashSet<_>>() {
            *spread.entry(term).or_default() += 1;
        }
    }
    spread
}

/// Terms that the book comes back to, but not everywhere, make a sentence tell; the opening tells a little more.
fn salience(sentence: &Sentence, at: usize, of: usize, spread: &HashMap<String, usize>) -> f64 {
    let terms: HashSet<String> = words::terms(&sentence.text).collect();
    if terms.is_empty() {
        return 0.0;
    }
    let worth = |term: &String| {
        let count = spread.get(term).copied().unwrap_or(1) as f64;
        count.ln_1p() * (1.0 + of as f64 / count).ln()
    };
    let total: f64 = terms.iter().map(worth).sum();
    let opening = 1.0 + 0.3 * (1.0 - at as f64 / of as f64);
    total / (terms.len() as f64).sqrt() * opening
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if is_ended(text) { text.to_owned() } else { format!("{}.", text.trim_end_matches([',', ';', ':'])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(text: &str) -> Vec<Sentence> {
        let sentence = |(at, text): (i64, &str)| Sentence {
            start_ms: at * 4_000,
            end_ms: at * 4_000 + 3_500,
            text: format!("{}.", text.trim()),
        };
        (0..).zip(text.split('.').filter(|text| !text.trim().is_empty())).map(sentence).collect()
    }

    fn category(slug: &str, keywords: &str) -> CategoryFacts {
        CategoryFacts {
            slug: slug.into(),
            name: slug.into(),
            keywords: keywords.split_whitespace().map(str::to_owned).collect(),
        }
    }

    const STORY: &str = "The captain saw the lighthouse through the fog and turned the ship to the harbor. It was late. \
        The storm broke the anchor of the old ship before the crew had reached the island. Nobody spoke. \
        In the morning the captain found a lantern and a map on the deck of the ship. They were home. The end came.";

    #[test]
    fn the_category_is_the_one_whose_words_are_used() {
        let list = [category("food", "bread soup kitchen"), category("adventure", "captain ship storm island map")];
        let chosen = write(&book(STORY), &list).categories;
        assert_eq!(chosen.iter().map(|one| one.category.as_str()).collect::<Vec<_>>(), ["adventure"]);
    }

    #[test]
    fn the_description_is_made_of_telling_sentences_of_the_book() {
        let written = write(&book(STORY), &[]);
        assert!(written.description.contains("captain"), "{}", written.description);
        assert!(!written.description.contains("Nobody spoke"), "{}", written.description);
        assert!(!written.description.contains("The end came"), "the ending stays untold");
    }

    #[test]
    fn a_book_of_one_short_sentence_is_described_by_it() {
        assert_eq!(write(&book("Hello there"), &[]).description, "Hello there.");
        assert_eq!(telling("", 3), "");
    }

    #[test]
    fn half_a_sentence_is_not_quoted_where_whole_ones_are() {
        let halves =
            "The robot lived in a garden under a dome of glass. and which had been planted too near the garden wall.";
        assert_eq!(write(&book(halves), &[]).description, "The robot lived in a garden under a dome of glass.");
        let small = "the robot lived in a garden under a dome of glass";
        assert_eq!(write(&book(small), &[]).description, "the robot lived in a garden under a dome of glass.");
    }

    #[test]
    fn a_refrain_is_quoted_once() {
        let refrain = "And the captain of the old ship sang of the lighthouse in the fog.";
        let told = telling(&format!("{refrain} {refrain} The crew rang a bell for the harbor all night. {refrain}"), 3);
        assert_eq!(told.matches("sang of the lighthouse").count(), 1, "{told}");
        assert!(told.contains("rang a bell"), "{told}");
    }
}
