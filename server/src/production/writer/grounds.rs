//! What the book says, and where: by this what is written about it is judged.

use super::words;
use domain::transcript::segments::Sentence;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;

/// So many sentences in a row may bear a claim together.
const TOGETHER: usize = 8;
/// More terms of a claim are not looked for.
const MOST_TERMS: usize = 64;
/// The share of a claim's terms that its place has to say, as a fraction.
const SHARE: (usize, usize) = (3, 5);
/// Words that turn a claim into its contrary.
const DENIALS: [&str; 9] = ["not", "no", "never", "nobody", "nothing", "none", "neither", "without", "cannot"];

/// A stretch of the book, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start_ms: i64,
    pub end_ms: i64,
}

/// What may be said of a book.
#[derive(Debug)]
pub struct Grounds {
    /// The sentences of the book.
    texts: Vec<String>,
    spans: Vec<Span>,
    /// Which sentences deny something.
    denies: Vec<bool>,
    /// In which sentences each term is.
    places: HashMap<String, Vec<usize>>,
    /// Every word of the book and of its page.
    words: HashSet<String>,
    /// Claims that have the words of their place and mean something else.
    refused: HashSet<String>,
}

impl Grounds {
    /// What the sentences say; and the words of its page, such as its title and its people.
    pub fn new(book: &[Sentence], page: &str) -> Self {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        let mut said: HashSet<String> = words::plain(page).into_iter().collect();
        for (at, sentence) in book.iter().enumerate() {
            for root in words::roots(&sentence.text).collect::<HashSet<_>>() {
                places.entry(root).or_default().push(at);
            }
            said.extend(words::plain(&sentence.text));
        }
        Self {
            texts: book.iter().map(|said| said.text.clone()).collect(),
            spans: book.iter().map(|said| Span { start_ms: said.start_ms, end_ms: said.end_ms }).collect(),
            denies: book.iter().map(|said| denies(&said.text)).collect(),
            places,
            words: said,
            refused: HashSet::new(),
        }
    }

    /// The sentences of the book.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// From now on nothing bears this claim.
    pub fn refuse(&mut self, claim: String) {
        self.refused.insert(claim);
    }

    /// Whether a word occurs, in the book or on its page.
    pub fn says(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The place that bears a claim; none where it was refused.
    pub fn support(&self, claim: &str) -> Option<Span> {
        let place = self.place(claim).filter(|_| !self.refused.contains(claim))?;
        Some(Span { start_ms: self.spans[*place.start()].start_ms, end_ms: self.spans[*place.end()].end_ms })
    }

    /// The place that has the words of a claim: a few sentences in a row that share most of its terms, and deny something
    /// where it does. Of several the one that shares most; rare terms weigh more.
    pub fn place(&self, claim: &str) -> Option<RangeInclusive<usize>> {
        let mut terms: Vec<String> = words::roots(claim).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.truncate(MOST_TERMS);
        if terms.is_empty() {
            return None;
        }
        let needed = (terms.len() * SHARE.0).div_ceil(SHARE.1).max(2).min(terms.len());
        let mut marks: BTreeMap<usize, u64> = BTreeMap::new();
        let mut weights = Vec::new();
        for (bit, term) in terms.iter().enumerate() {
            let places = self.places.get(term).map_or(&[][..], Vec::as_slice);
            for place in places {
                *marks.entry(*place).or_default() |= 1_u64 << bit;
            }
            weights.push(1.0 + 0.5 / places.len().max(1) as f64);
        }
        let marks: Vec<(usize, u64)> = marks.into_iter().collect();
        let denied = denies(claim);
        let mut best: Option<(f64, usize, usize)> = None;
        for (at, (first, _)) in marks.iter().enumerate() {
            let mut held = 0_u64;
            for (last, mark) in marks[at..].iter().take_while(|(place, _)| place - first < TOGETHER) {
                held |= mark;
                if (held.count_ones() as usize) < needed || (denied && !self.denies[*first..=*last].contains(&true)) {
                    continue;
                }
                let shared: f64 = weights
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| (held >> bit) & 1 == 1)
                    .map(|(_, weight)| weight)
                    .sum();
                let score = shared - 0.01 * (last - first) as f64;
                if best.is_none_or(|(most, ..)| score > most) {
                    best = Some((score, *first, *last));
                }
            }
        }
        best.map(|(_, first, last)| first..=last)
    }
}

fn denies(text: &str) -> bool {
    words::plain(text)
        .iter()
        .any(|word| DENIALS.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    const BOOK: &str = "The sea was calm. The captain saw a lighthouse in the fog. It was late. The crew slept. \
        Nobody rang the bell. A dog barked on the shore.";

    #[test]
    fn a_claim_is_borne_by_the_place_that_says_it() {
        let grounds = Grounds::new(&book(BOOK), "");
        assert_eq!(
            grounds.support("A captain sees a lighthouse in fog."),
            Some(Span { start_ms: 1_000, end_ms: 2_000 })
        );
        let together = grounds.support("The captain sees the lighthouse while his crew sleeps or slept.");
        assert_eq!(together, Some(Span { start_ms: 1_000, end_ms: 4_000 }), "by sentences in a row");
    }

    #[test]
    fn what_the_book_does_not_say_is_borne_by_nothing() {
        let grounds = Grounds::new(&book(BOOK), "");
        for claim in
            ["The captain marries a princess in Paris.", "It rains frogs.", "It was so.", "The crew never slept."]
        {
            assert_eq!(grounds.support(claim), None, "{claim}");
        }
        assert!(grounds.support("The bell is not rung, nobody rang it.").is_some(), "denied here and there");
    }

    #[test]
    fn names_are_known_from_the_book_and_from_its_page() {
        let grounds = Grounds::new(&book(BOOK), "The Bell, by Ada Hale");
        assert!(grounds.says("captain") && grounds.says("hale") && !grounds.says("alice"));
    }
}
