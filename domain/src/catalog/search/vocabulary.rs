//! The words that titles are found by, kept in memory in a form in which what is nearly a word is found at once: a finite
//! state transducer, about a megabyte for a hundred thousand words.

use crate::entities::vocabulary;
use crate::{Db, Error, Result};
use fst::automaton::Automaton;
use fst::{IntoStreamer, Set, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use sea_orm::{EntityTrait, PaginatorTrait, QuerySelect};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Words up to which a change is looked for at every use; a larger list may be this old.
const SMALL: u64 = 5_000;
const OLDEST: Duration = Duration::from_secs(60);
/// Shortest word that is kept: one that is nearly a word of four letters may have three.
const SHORTEST: usize = 3;
/// Most words that are taken for one that was mistyped.
const MOST_NEAR: usize = 12;

/// All words.
pub type Words = Arc<Set<Vec<u8>>>;

#[derive(Default)]
struct Kept(Mutex<Option<Read>>);

struct Read {
    words: Words,
    /// Words in the table when it was read. Words are only ever added, so that the same number means the same words.
    count: u64,
    looked_at: Instant,
}

/// The words as they are, or were a moment ago.
pub async fn words(db: &Db) -> Result<Words> {
    let kept = db.remembered::<Kept>();
    // One reads; whoever comes meanwhile waits and finds what was read.
    let mut kept = kept.0.lock().await;
    if let Some(read) = kept.as_mut() {
        if read.count > SMALL && read.looked_at.elapsed() < OLDEST {
            return Ok(read.words.clone());
        }
        if vocabulary::Entity::find().count(db.read()).await? == read.count {
            read.looked_at = Instant::now();
            return Ok(read.words.clone());
        }
    }
    let mut terms: Vec<String> =
        vocabulary::Entity::find().select_only().column(vocabulary::Column::Term).into_tuple().all(db.read()).await?;
    let count = u64::try_from(terms.len()).unwrap_or(u64::MAX);
    terms.retain(|term| is_word(term) && term.chars().count() >= SHORTEST);
    // By bytes, whatever the database sorts by.
    terms.sort_unstable();
    let words = Arc::new(Set::from_iter(terms).map_err(|error| Error::Damaged(error.to_string()))?);
    *kept = Some(Read { words: words.clone(), count, looked_at: Instant::now() });
    Ok(words)
}

/// Something of which one can say that it is mistyped: numbers are not.
pub fn is_word(term: &str) -> bool {
    !term.chars().any(char::is_numeric)
}

/// Typing errors that are forgiven in a word: one up to seven letters, two in a longer one; none up to three, where nearly
/// every word is one error away from another. Letters that changed places are one error.
pub fn forgiven(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// A word, and how many errors it is away from what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    pub term: String,
    pub errors: u8,
}

/// Words that are nearly `word`, the nearest first, and not the word itself. Where no whole word is, those that begin like
/// one: somebody is still typing.
pub fn near(words: &Set<Vec<u8>>, word: &str) -> Vec<Near> {
    let forgiven = forgiven(word);
    if forgiven == 0 || !is_word(word) {
        return Vec::new();
    }
    let builder = automata(forgiven);
    let whole = fitting(words, &builder.build_dfa(word), word);
    if whole.is_empty() { fitting(words, &builder.build_prefix_dfa(word), word) } else { whole }
}

fn fitting(words: &Set<Vec<u8>>, automaton: &DFA, word: &str) -> Vec<Near> {
    let mut found: Vec<(u8, bool, usize, String)> = Vec::new();
    let mut stream = words.search(ByReference(automaton)).into_stream();
    while let Some(bytes) = stream.next() {
        let (Distance::Exact(distance), Ok(term)) = (automaton.eval(bytes), std::str::from_utf8(bytes)) else {
            continue;
        };
        if term != word {
            let other_beginning = term.chars().next() != word.chars().next();
            found.push((distance, other_beginning, term.len().abs_diff(word.len()), term.to_owned()));
        }
    }
    // People seldom mistype the first letter.
    found.sort_unstable();
    found.truncate(MOST_NEAR);
    found.into_iter().map(|(errors, .., term)| Near { term, errors }).collect()
}

fn automata(distance: u8) -> &'static LevenshteinAutomatonBuilder {
    static ONE: OnceLock<LevenshteinAutomatonBuilder> = OnceLock::new();
    static TWO: OnceLock<LevenshteinAutomatonBuilder> = OnceLock::new();
    let kept = if distance == 1 { &ONE } else { &TWO };
    kept.get_or_init(|| LevenshteinAutomatonBuilder::new(distance, true))
}

/// An automaton that is only lent.
struct ByReference<'a>(&'a DFA);

impl Automaton for ByReference<'_> {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.start()
    }

    fn is_match(&self, state: &u32) -> bool {
        self.0.is_match(state)
    }

    fn can_match(&self, state: &u32) -> bool {
        self.0.can_match(state)
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        Automaton::accept(self.0, state, byte)
    }
}

#[cfg(test)]
mod tests {
    use fst::Set;

    /// The words alone.
    fn near(words: &Set<Vec<u8>>, word: &str) -> Vec<String> {
        super::near(words, word).into_iter().map(|near| near.term).collect()
    }

    fn set(words: &[&str]) -> Set<Vec<u8>> {
        Set::from_iter(words).unwrap()
    }

    #[test]
    fn one_error_is_forgiven_in_a_short_word_and_two_in_a_long_one() {
        let words = set(&["lighthouse", "sea", "storm", "stream", "tolkien"]);
        for (typed, meant) in [
            ("strom", "storm"),
            ("stom", "storm"),
            ("storrm", "storm"),
            ("tolkein", "tolkien"),
            ("lihgthuose", "lighthouse"),
        ] {
            assert_eq!(near(&words, typed), [meant], "{typed}");
        }
        for typed in ["sae", "starn", "lihgthuosse", "storm"] {
            assert!(near(&words, typed).is_empty(), "{typed}");
        }
    }

    #[test]
    fn a_word_that_is_still_being_typed_is_forgiven_too() {
        assert_eq!(near(&set(&["lighthouse"]), "lihgth"), ["lighthouse"]);
    }

    #[test]
    fn the_nearest_word_comes_first_and_numbers_are_never_corrected() {
        let words = set(&["1985", "harbour", "harbours", "xarbours"]);
        assert_eq!(near(&words, "harbourt"), ["harbours", "harbour", "xarbours"]);
        assert!(near(&words, "1984").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn letters_that_changed_places_are_one_error(word in "[a-z]{4,7}", at in 0_usize..6) {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at % (letters.len() - 1);
            letters.swap(at, at + 1);
            let typed: String = letters.into_iter().collect();
            let found = near(&set(&[&word]), &typed);
            assert_eq!(found, if typed == word { Vec::new() } else { vec![word] });
        }
    }
}
