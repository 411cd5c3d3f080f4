//! Whether a claim means what its place in the book says. Words alone let through what puts them together anew: so where a
//! model is there that tells what texts mean, a claim needs both. Meaning alone is never enough, however near: to such a model
//! “the crew slept” and “the crew never slept” are almost the same, and so is what one did and what another did.

use super::grounds::Grounds;
use super::sentences;
use crate::models::Chosen;
use crate::models::known::Purpose;
use crate::production::engine::EngineError;
use crate::production::pool::Pool;
use crate::production::step::Workshop;
use std::ops::{Range, RangeInclusive};

/// A claim that is no nearer than this to its place (as the cosine of their angle) is about something else, whatever the model.
const NEAR: f32 = 0.2;
/// Models differ in how near they put what has nothing to do with each other: 0.0 with some, 0.7 with others. So the place is
/// held against others of the same book, and this share of them at most may be nearer, as a fraction.
const NEARER: (usize, usize) = (1, 4);
/// So many other places are looked at.
const ELSEWHERE: usize = 16;
/// With fewer of them nothing is held against a claim.
const FEWEST_ELSEWHERE: usize = 4;
/// Words of a sentence that tells enough to be such a place.
const WORDS: usize = 5;
/// More characters of a text are not sent.
const LONGEST: usize = 2_000;

/// A model that tells what texts mean, and the engine for it.
#[derive(Debug)]
pub struct Meaning<'a> {
    pool: &'a Pool,
    model: Chosen,
}

impl<'a> Meaning<'a> {
    /// The one that is here, if there is one.
    pub fn of(shop: &'a Workshop) -> Option<Self> {
        Some(Self { pool: &shop.pool, model: shop.models.choose(Purpose::Embedding)? })
    }

    /// Has the claims of a description weighed: what does not mean what its place says is borne out by nothing from then on.
    ///
    /// # Errors
    /// The engine's. Nothing is weighed then.
    pub async fn weigh(&self, grounds: &mut Grounds, description: &str) -> Result<(), EngineError> {
        let weighing = Weighing::new(grounds, description);
        if !weighing.claims.is_empty() {
            let vectors = self.pool.embed(&self.model.path, &weighing.texts).await?;
            weighing.far(&vectors).into_iter().for_each(|claim| grounds.refuse(claim));
        }
        Ok(())
    }
}

/// What has to be known of a description to weigh it.
#[derive(Debug, PartialEq, Eq)]
struct Weighing {
    claims: Vec<Claim>,
    /// Sentences of the book that are told of elsewhere; the first of the texts.
    elsewhere: Vec<usize>,
    /// What is asked about.
    texts: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Claim {
    text: String,
    /// Which of the texts it is.
    at: usize,
    /// Which of them its place is: as a whole, and sentence by sentence.
    place: Range<usize>,
    /// Which sentences of the book that is.
    sentences: RangeInclusive<usize>,
}

impl Weighing {
    /// Every claim that words bear out.
    fn new(grounds: &Grounds, description: &str) -> Self {
        let book = grounds.texts();
        let elsewhere = spread(book);
        let mut texts: Vec<String> = elsewhere.iter().map(|at| bounded(&book[*at])).collect();
        let mut claims = Vec::new();
        for claim in sentences(description) {
            let Some(place) = grounds.place(claim) else { continue };
            let at = texts.len();
            texts.push(bounded(claim));
            let said = &book[place.clone()];
            texts.push(bounded(&said.join(" ")));
            if said.len() > 1 {
                texts.extend(
                    said.iter().filter(|sentence| !sentence.trim().is_empty()).map(|sentence| bounded(sentence)),
                );
            }
            claims.push(Claim { text: claim.to_owned(), at, place: at + 1..texts.len(), sentences: place });
        }
        Self { claims, elsewhere, texts }
    }

    /// The claims that mean something else than their places, by the vectors of the texts.
    fn far(&self, vectors: &[Vec<f32>]) -> Vec<String> {
        self.claims.iter().filter(|claim| self.is_far(claim, vectors)).map(|claim| claim.text.clone()).collect()
    }

    fn is_far(&self, claim: &Claim, vectors: &[Vec<f32>]) -> bool {
        let to = |at: usize| nearness(&vectors[claim.at], &vectors[at]);
        let near = claim.place.clone().map(to).fold(f32::MIN, f32::max);
        let others = self.elsewhere.iter().enumerate().filter(|(_, sentence)| !claim.sentences.contains(*sentence));
        let others: Vec<f32> = others.map(|(at, _)| to(at)).collect();
        let nearer = others.iter().filter(|other| **other > near).count();
        near < NEAR || (others.len() >= FEWEST_ELSEWHERE && nearer * NEARER.1 > others.len() * NEARER.0)
    }
}

/// Sentences all through the book that say something.
fn spread(book: &[String]) -> Vec<usize> {
    let tells = |sentence: &String| super::words::plain(sentence).len() >= WORDS;
    let telling: Vec<usize> = (0..).zip(book).filter(|(_, sentence)| tells(sentence)).map(|(at, _)| at).collect();
    let step = telling.len().div_ceil(ELSEWHERE).max(1);
    telling.into_iter().step_by(step).collect()
}

fn bounded(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The cosine of the angle of two vectors of length 1.
pub fn nearness(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    const BOOK: &str = "The captain of the ship saw a lighthouse in the fog. The crew rang the old bell all night. The baker had \
        bread and butter in the kitchen. A detective found the key of the secret room. The owl slept in the old oak tree.";

    /// What each of these is about: the sea, food, a crime, the night.
    const SUBJECTS: [&[&str]; 4] = [
        &["captain", "ship", "lighthouse", "fog", "crew"],
        &["baker", "bread", "butter", "cheese", "kitchen"],
        &["detective", "key", "secret", "room"],
        &["night", "owl", "oak", "slept"],
    ];

    /// The vectors that a model of few thoughts would give.
    fn told(texts: &[String]) -> Vec<Vec<f32>> {
        let of = |text: &String| {
            let words = super::super::words::plain(text);
            let count = |subject: &&[&str]| words.iter().filter(|word| subject.contains(&word.as_str())).count() as f32;
            let counts: Vec<f32> = SUBJECTS.iter().map(count).collect();
            let length = counts.iter().map(|count| count * count).sum::<f32>().sqrt().max(1e-6);
            counts.into_iter().map(|count| count / length).collect()
        };
        texts.iter().map(of).collect()
    }

    fn far(description: &str) -> Vec<String> {
        let weighing = Weighing::new(&Grounds::new(&book(BOOK), ""), description);
        weighing.far(&told(&weighing.texts))
    }

    #[test]
    fn a_claim_that_means_what_its_place_says_stands() {
        assert_eq!(
            far("A captain sees a lighthouse in the fog. The baker has bread and butter."),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_claim_of_the_right_words_that_means_something_else_does_not() {
        let odd = "The crew rang a bell of cheese.";
        let mut grounds = Grounds::new(&book(BOOK), "");
        assert!(grounds.support(odd).is_some(), "words alone let it through");
        assert_eq!(far(odd), [odd]);
        grounds.refuse(odd.to_owned());
        assert_eq!(grounds.support(odd), None);
    }

    #[test]
    fn what_no_words_bear_out_is_not_asked_about_however_near_it_is() {
        let weighing = Weighing::new(&Grounds::new(&book(BOOK), ""), "It rains frogs. The captain sees a lighthouse.");
        assert_eq!(
            weighing.claims.iter().map(|claim| claim.text.as_str()).collect::<Vec<_>>(),
            ["The captain sees a lighthouse."]
        );
    }

    #[test]
    fn a_model_that_puts_everything_near_everything_is_held_against_the_rest_of_the_book() {
        let weighing = Weighing::new(&Grounds::new(&book(BOOK), ""), "A captain sees a lighthouse in the fog.");
        let claim = &weighing.claims[0];
        let mut vectors = vec![vec![0.8, 0.6]; weighing.texts.len()];
        vectors[claim.at] = vec![1.0, 0.0];
        assert_eq!(weighing.far(&vectors), Vec::<String>::new(), "nothing is nearer than its place");
        vectors[..weighing.elsewhere.len()].fill(vec![0.96, 0.28]);
        assert_eq!(weighing.far(&vectors).len(), 1, "most of the book is nearer");
    }

    #[test]
    fn of_a_long_book_a_few_places_all_through_it_are_looked_at() {
        let long = book(&"The captain saw the ship go by. Yes. ".repeat(1_000));
        let places = spread(Grounds::new(&long, "").texts());
        assert!(places.len() <= ELSEWHERE && places.len() > ELSEWHERE / 2, "{}", places.len());
        assert!(places[0] < 200 && places[places.len() - 1] > 1_700 && places.iter().all(|at| at % 2 == 0));
    }
}
