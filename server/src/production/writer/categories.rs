//! Which of the shop's categories a book belongs to: by what is said in all of it, and by what its writer makes of it.

use super::{MOST_CATEGORIES, words};
use domain::catalog::CategoryReason;
use domain::catalog::categories::CategoryFacts;
use domain::transcript::segments::Sentence;
use std::collections::{HashMap, HashSet};

/// A further category needs at least this share of the best one's score.
const CLOSE: f64 = 0.5;
/// So many of a category's words have to be said; one is enough where the writer chose it most of the time.
const FEWEST_WORDS: usize = 2;
/// So often in all, in thousandths of the words with a meaning. In a long book every word is said once.
const FEWEST_PERMILLE: usize = 2;
/// Words that are named as the reason.
const NAMED: usize = 4;

/// A category with what speaks for it.
struct Candidate<'a> {
    facts: &'a CategoryFacts,
    /// Its words that are said, with how often, most often first.
    said: Vec<(String, usize)>,
    /// How many answers of the writer name it.
    votes: usize,
    score: f64,
}

/// The categories that fit, best first, at most [`MOST_CATEGORIES`]; none where none does. `votes` are the slugs that the
/// writer chose, each time that it was asked about a part of the book.
pub fn choose(book: &[Sentence], categories: &[CategoryFacts], votes: &[Vec<String>]) -> Vec<CategoryReason> {
    let counts = words::counts(book.iter().map(|sentence| sentence.text.as_str()));
    let all: usize = counts.values().sum();
    let mut candidates: Vec<Candidate<'_>> = categories
        .iter()
        .map(|facts| candidate(facts, &counts, votes))
        .filter(|one| one.fits(all, votes.len()))
        .collect();
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = candidates.first().map_or(0.0, |candidate| candidate.score);
    candidates
        .into_iter()
        .take_while(|candidate| candidate.score >= best * CLOSE)
        .take(MOST_CATEGORIES)
        .map(|candidate| candidate.reason(votes.len()))
        .collect()
}

fn candidate<'a>(facts: &'a CategoryFacts, counts: &HashMap<String, usize>, votes: &[Vec<String>]) -> Candidate<'a> {
    let typical: HashSet<String> = facts
        .keywords
        .iter()
        .chain([&facts.name])
        .flat_map(|keyword| words::terms(keyword).collect::<Vec<_>>())
        .collect();
    let mut said: Vec<(String, usize)> =
        typical.into_iter().filter_map(|term| counts.get(&term).map(|count| (term, *count))).collect();
    said.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let voted = votes.iter().filter(|chosen| chosen.contains(&facts.slug)).count();
    // A word said ten times does not tell ten times as much.
    let weight: f64 = said.iter().map(|(_, count)| (1.0 + *count as f64).ln()).sum();
    let share = voted as f64 / votes.len().max(1) as f64;
    Candidate { facts, said, votes: voted, score: weight * (1.0 + share) }
}

impl Candidate<'_> {
    fn fits(&self, all: usize, asked: usize) -> bool {
        let times: usize = self.said.iter().map(|(_, count)| count).sum();
        let chosen = self.votes > 0 && self.votes * 2 >= asked;
        let enough = if chosen { 1 } else { FEWEST_WORDS };
        self.said.len() >= enough && times * 1000 >= all * FEWEST_PERMILLE
    }

    fn reason(&self, asked: usize) -> CategoryReason {
        let named: Vec<String> =
            self.said.iter().take(NAMED).map(|(word, count)| format!("“{word}” ({count})")).collect();
        let mut because = format!("Said in the book: {}.", named.join(", "));
        if self.votes > 0 {
            because.push_str(&match asked {
                1 => " The writer chose it.".to_owned(),
                _ => format!(" The writer chose it for {} of {asked} parts.", self.votes),
            });
        }
        CategoryReason { category: self.facts.slug.clone(), because }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    const STORY: &str = "The captain saw the lighthouse through the fog. The storm broke the anchor of the old ship. The \
        captain found a map on the ship. The bread was stale.";

    fn shop() -> Vec<CategoryFacts> {
        let category = |slug: &str, keywords: &str| CategoryFacts {
            slug: slug.into(),
            name: slug.into(),
            keywords: keywords.split_whitespace().map(str::to_owned).collect(),
        };
        vec![
            category("food", "bread soup kitchen"),
            category("adventure", "captain ship storm island map"),
            category("nature", "fog storm lighthouse owl"),
            category("mystery", "detective crime clue"),
        ]
    }

    #[test]
    fn a_category_is_chosen_for_what_is_said_and_says_so() {
        let chosen = choose(&book(STORY), &shop(), &[]);
        assert_eq!(chosen[0].category, "adventure");
        assert_eq!(chosen[0].because, "Said in the book: “captain” (2), “ship” (2), “map” (1), “storm” (1).");
        assert!(chosen.iter().all(|one| one.category != "food"), "one word is not enough: {chosen:?}");
    }

    #[test]
    fn none_is_chosen_where_none_fits_whatever_the_writer_says() {
        let mystery = vec![vec!["mystery".to_owned()]];
        assert_eq!(choose(&book("He sat. He slept."), &shop(), &mystery), []);
    }

    #[test]
    fn the_writer_tips_the_scales() {
        let votes = vec![vec!["food".to_owned()], vec!["food".to_owned(), "adventure".to_owned()]];
        let chosen = choose(&book("The captain of the ship ate bread."), &shop(), &votes);
        let slugs: Vec<_> = chosen.iter().map(|one| one.category.as_str()).collect();
        assert_eq!(slugs, ["adventure", "food"]);
        assert!(chosen[1].because.ends_with("The writer chose it for 2 of 2 parts."), "{}", chosen[1].because);
    }

    #[test]
    fn in_a_long_book_a_word_said_now_and_then_does_not_count() {
        let long = format!("{} The bread was there. The soup was there.", "Alice thought hard. ".repeat(1_000));
        assert_eq!(choose(&book(&long), &shop(), &[]), []);
    }
}
