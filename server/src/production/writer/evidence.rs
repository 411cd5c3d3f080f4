//! Where in the book a sentence of the description comes from.

use super::grounds::{Grounds, Span};
use super::sentences;
use domain::catalog::Evidence;
use domain::transcript::segments::Sentence;

/// Links each sentence of a description with the place of the book that bears it. One that nothing bears is left out.
pub fn link(description: &str, book: &[Sentence]) -> Vec<Evidence> {
    let grounds = Grounds::new(book, "");
    let find = |claim: &str| {
        let Span { start_ms, end_ms } = grounds.support(claim)?;
        Some(Evidence { sentence: claim.to_owned(), start_ms, end_ms })
    };
    sentences(description).into_iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    #[test]
    fn a_claim_leads_to_where_it_was_said() {
        let said = book("The sea was calm. The captain saw a lighthouse in the fog.");
        let found = link("A captain finds a lighthouse. It rains frogs.", &said);
        assert_eq!(found.len(), 1, "nothing supports the frogs");
        assert_eq!((found[0].start_ms, found[0].end_ms), (1_000, 2_000));
    }

    #[test]
    fn a_claim_that_shares_one_word_with_the_book_comes_from_nowhere() {
        let said = book("“How are you today, my dear cat?” asked Alice. The rabbit looked at his watch.");
        assert_eq!(link("I'm not sure I'm happy to see you in your old clothes, cat.", &said), []);
    }
}
