//! Where in the book a sentence of the description comes from.

use super::{sentences, words};
use domain::catalog::Evidence;
use domain::transcript::segments::Sentence;
use std::collections::{HashMap, HashSet};

/// Links each sentence of a description with the sentence of the book that shares most of its terms; rare terms weigh more.
/// A sentence that shares none is left out.
pub fn link(description: &str, book: &[Sentence]) -> Vec<Evidence> {
    let heard: Vec<HashSet<String>> = book.iter().map(|sentence| words::terms(&sentence.text).collect()).collect();
    let mut spread: HashMap<&str, usize> = HashMap::new();
    for terms in &heard {
        for term in terms {
            *spread.entry(term).or_default() += 1;
        }
    }
    let weight = |term: &String| spread.get(term.as_str()).map_or(0.0, |count| 1.0 / *count as f64);
    let find = |claim: &str| {
        let terms: HashSet<String> = words::terms(claim).collect();
        let shared = |heard: &HashSet<String>| terms.intersection(heard).map(weight).sum::<f64>();
        let scored = book.iter().zip(&heard).map(|(sentence, heard)| (shared(heard), sentence));
        let (score, best) = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        (score > 0.0).then(|| Evidence { sentence: claim.to_owned(), start_ms: best.start_ms, end_ms: best.end_ms })
    };
    sentences(description).into_iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(start_ms: i64, text: &str) -> Sentence {
        Sentence { start_ms, end_ms: start_ms + 1_000, text: text.into() }
    }

    #[test]
    fn a_claim_leads_to_where_it_was_said() {
        let book = [said(0, "The sea was calm."), said(5_000, "The captain saw a lighthouse in the fog.")];
        let found = link("A captain finds a lighthouse. It rains frogs.", &book);
        assert_eq!(found.len(), 1, "nothing supports the frogs");
        assert_eq!((found[0].start_ms, found[0].end_ms), (5_000, 6_000));
    }
}
