//! What a text says more than once.

use super::{sentences, words};
use std::collections::{HashMap, HashSet};

/// So many words in a row are said once.
const PHRASE: usize = 6;
/// Three words in a row, one of them with a meaning, are said so often at most.
const OFTEN: usize = 2;
/// Two sentences that share so many of their words, in thousandths, are one.
const ALIKE_PERMILLE: usize = 750;

/// The first sentence or phrase that a text repeats.
pub fn repeated(text: &str) -> Option<String> {
    let said: Vec<(&str, Vec<String>)> =
        sentences(text).into_iter().map(|sentence| (sentence, words::plain(sentence))).collect();
    for (at, (sentence, words)) in said.iter().enumerate() {
        if said[..at].iter().any(|(_, before)| are_alike(before, words)) {
            return Some((*sentence).to_owned());
        }
    }
    let all: Vec<String> = said.into_iter().flat_map(|(_, words)| words).collect();
    let mut seen = HashSet::new();
    let phrase = all.windows(PHRASE).find(|phrase| !seen.insert(*phrase));
    let stuttered = || all.windows(3).find(|three| three[0] == three[1] && three[1] == three[2]);
    phrase.or_else(stuttered).map(|phrase| phrase.join(" ")).or_else(|| worn(&all))
}

/// Three words that come back too often.
fn worn(all: &[String]) -> Option<String> {
    let mut times: HashMap<&[String], usize> = HashMap::new();
    for three in all.windows(3) {
        let count = times.entry(three).or_default();
        *count += 1;
        if *count > OFTEN && words::terms(&three.join(" ")).next().is_some() {
            return Some(three.join(" "));
        }
    }
    None
}

fn are_alike(one: &[String], other: &[String]) -> bool {
    let (one, other): (HashSet<&String>, HashSet<&String>) = (one.iter().collect(), other.iter().collect());
    let all = one.union(&other).count();
    one.intersection(&other).count() * 1000 >= all * ALIKE_PERMILLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_found() {
        for text in [
            "I am happy to see you. I am happy to see you.",
            "The captain finds an old lighthouse in the fog. The captain finds the old lighthouse in the fog.",
            "A man who lives in a house by the sea meets a woman who lives in a house by the sea.",
            "It is very very very late.",
            "In the old mill a boy sings, near the old mill a girl dances, and the old mill burns.",
        ] {
            assert!(repeated(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_text_without_repetitions_is_left_in_peace() {
        let text = "Alice follows the white rabbit down a hole. There she meets a cat, a hatter and a queen. \
            Alice loses her way, and the rabbit his watch.";
        assert_eq!(repeated(text), None);
        assert_eq!(repeated(""), None);
    }
}
