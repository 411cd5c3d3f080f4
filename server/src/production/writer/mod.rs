//! The writers: what a title is about, in a few sentences.

pub mod categories;
pub mod checks;
pub mod digest;
pub mod evidence;
pub mod extractive;
pub mod grounds;
pub mod llama;
pub mod meaning;
mod names;
pub mod pen;
pub mod question;
pub mod repeats;
mod sentences;
pub mod words;

pub use sentences::{is_ended, sentences, whole};

use domain::catalog::CategoryReason;
use domain::transcript::segments::Sentence;
use domain::transcript::stops::is_stop;

/// A description is cut at the end of a sentence before it gets longer than this, in characters.
pub const LONGEST_DESCRIPTION: usize = 900;
/// Categories of a title.
pub const MOST_CATEGORIES: usize = 3;
/// What comes later in the book, in thousandths of its length, is not told of: it would give the ending away.
const TOLD_PERMILLE: i64 = 700;

/// What a writer wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub description: String,
    /// Of the shop's list, best first, each with why.
    pub categories: Vec<CategoryReason>,
    /// Thousandths of the transcript that were read, for the description or for the categories.
    pub coverage_permille: i32,
    /// What an admin should know of it.
    pub note: Option<String>,
}

/// The part of a book that a description may tell of: its first sentence, and what is said before [`TOLD_PERMILLE`].
pub fn told(book: &[Sentence]) -> &[Sentence] {
    let end_ms = book.last().map_or(0, |last| last.end_ms);
    let told = book.partition_point(|sentence| sentence.end_ms * 1000 <= end_ms * TOLD_PERMILLE);
    &book[..told.max(1).min(book.len())]
}

/// The text up to the end of its last sentence within `most` characters; cut at a word when the first one is longer.
pub fn bounded(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let head = &text[..end];
    let sentence =
        head.char_indices().rev().find(|(_, sign)| is_stop(*sign)).map(|(at, sign)| &head[..at + sign.len_utf8()]);
    sentence.map_or_else(|| format!("{}…", head.rsplit_once(' ').map_or(head, |(head, _)| head)), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book of these sentences, a second each.
    pub(super) fn book(text: &str) -> Vec<Sentence> {
        let sentence = |(at, text): (i64, &str)| Sentence {
            start_ms: at * 1_000,
            end_ms: (at + 1) * 1_000,
            text: text.to_owned(),
        };
        (0..).zip(sentences(text)).map(sentence).collect()
    }

    #[test]
    fn a_long_description_ends_with_a_whole_sentence() {
        assert_eq!(bounded("One is here. Two is not", 15), "One is here.");
        assert_eq!(bounded("  short\n text ", 100), "short text");
        assert_eq!(bounded("彼は来た。彼女は去った。", 8), "彼は来た。");
        assert_eq!(bounded("a sentence without any end at all", 12), "a sentence…");
    }

    #[test]
    fn the_ending_of_a_book_is_not_told() {
        let ten = book("A a. B b. C c. D d. E e. F f. G g. H h. I i. J j.");
        assert_eq!(told(&ten).len(), 7);
        assert_eq!(told(&ten[..1]).len(), 1, "a book of one sentence has no ending");
        assert!(told(&[]).is_empty());
    }
}
