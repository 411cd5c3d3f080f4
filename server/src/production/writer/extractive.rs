//! The writer that needs no model: the sentences that say most, and the categories whose keywords are used most.

use super::{LONGEST_DESCRIPTION, MOST_CATEGORIES, Written, bounded, words};
use domain::catalog::categories::CategoryFacts;
use domain::transcript::segments::Sentence;
use std::collections::{HashMap, HashSet};

/// Sentences of a description.
const SENTENCES: usize = 3;
/// The ending is not given away: only so much of the book, in thousandths, is quoted.
const QUOTED_PERMILLE: usize = 600;
/// Words of a sentence that can stand alone.
const WORDS: std::ops::RangeInclusive<usize> = 6..=40;
/// A further category needs at least this share of the best one's score.
const CLOSE: f64 = 0.5;

/// Describes a book by its own sentences.
pub fn write(book: &[Sentence], categories: &[CategoryFacts]) -> Written {
    Written {
        description: bounded(&describe(book), LONGEST_DESCRIPTION),
        categories: categorise(book, categories),
        coverage_permille: 1000,
    }
}

fn describe(book: &[Sentence]) -> String {
    let spread = spread(book);
    let quotable = (book.len() * QUOTED_PERMILLE / 1000).max(1);
    let mut scored: Vec<(f64, usize)> = book[..quotable]
        .iter()
        .enumerate()
        .filter(|(_, sentence)| WORDS.contains(&sentence.text.split_whitespace().count()))
        .map(|(at, sentence)| (salience(sentence, at, book.len(), &spread), at))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<usize> = scored.into_iter().take(SENTENCES).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    if chosen.is_empty() {
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

fn categorise(book: &[Sentence], categories: &[CategoryFacts]) -> Vec<String> {
    let counts = words::counts(book.iter().map(|sentence| sentence.text.as_str()));
    let score = |category: &CategoryFacts| {
        let terms: HashSet<String> = category
            .keywords
            .iter()
            .chain([&category.name])
            .flat_map(|keyword| words::terms(keyword).collect::<Vec<_>>())
            .collect();
        // A word said ten times does not tell ten times as much.
        terms.iter().filter_map(|term| counts.get(term)).map(|count| (1.0 + *count as f64).ln()).sum::<f64>()
    };
    let mut scored: Vec<(f64, &CategoryFacts)> =
        categories.iter().map(|category| (score(category), category)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored
        .into_iter()
        .take_while(|(score, _)| *score > 0.0 && *score >= best * CLOSE)
        .take(MOST_CATEGORIES)
        .map(|(_, category)| category.slug.clone())
        .collect()
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '…', '”', '"']) {
        text.to_owned()
    } else {
        format!("{}.", text.trim_end_matches([',', ';', ':']))
    }
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
        assert_eq!(write(&book(STORY), &list).categories, ["adventure"]);
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
    }
}
