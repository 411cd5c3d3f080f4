//! Words that carry meaning.

use std::collections::HashMap;

/// English words that say nothing of what a text is about.
const STOP_WORDS: &str = "a about after again against all almost along also although always am among an and another any \
    anyone anything are around as asked at away back be became because been before began behind being below between both \
    but by came can come could day did do does done down each else even ever every few first for found from gave get go \
    goes going gone good got great had has have he her here hers herself him himself his how i if in into is it its \
    itself just knew know last left let like little long looked made make many may me might more most much must my myself \
    never new next night no nobody none nor not nothing now of off old on once one only or other our out over own part \
    people perhaps put quite rather said same saw say says see seen she should since so some somebody someone something \
    soon still such take than that the their them then there these they thing things think this those though thought \
    three through time to told too took two under until up upon us very was way we well went were what when where which \
    while who whole whom whose why will with within without would year years yes yet you your";

/// The meaningful words of a text in lower case, plurals reduced to their singular as far as a simple rule can.
pub fn terms(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\'').to_lowercase())
        .filter(|word| word.chars().count() > 2 && !is_stop_word(word))
        .map(singular)
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.split_ascii_whitespace().any(|stop| stop == word)
}

fn singular(word: String) -> String {
    if word.len() > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word,
    }
}

/// What every description says of its book, whatever is in it.
const OF_BOOKS: [&str; 12] = [
    "story",
    "tale",
    "book",
    "audiobook",
    "novel",
    "chapter",
    "follow",
    "tell",
    "describe",
    "narrator",
    "begin",
    "reader",
];

/// From here on scripts put no space between words.
const UNSPACED: char = '\u{e00}';

/// The meaningful words of a text, by which two texts are compared: without the endings of verbs, so that "chased" is
/// "chases", and in pairs of signs where a script puts no space between words.
pub fn roots(text: &str) -> impl Iterator<Item = String> + '_ {
    terms(text).filter(|term| !OF_BOOKS.contains(&term.as_str())).flat_map(|term| {
        if term.chars().any(|sign| sign >= UNSPACED) {
            let signs: Vec<char> = term.chars().collect();
            signs.windows(2).map(String::from_iter).collect::<Vec<_>>()
        } else {
            vec![root(&term)]
        }
    })
}

/// Whether a text parts its words with spaces.
pub fn is_spaced(text: &str) -> bool {
    text.chars().filter(|sign| sign.is_alphabetic()).all(|sign| sign < UNSPACED)
}

fn root(term: &str) -> String {
    let term = term.trim_end_matches('\'');
    let stems = ["ing", "ed"].into_iter().filter_map(|ending| term.strip_suffix(ending));
    let Some(stem) = stems.filter(|stem| stem.chars().count() > 2).max_by_key(|stem| stem.len()) else {
        return term.trim_end_matches('e').to_owned();
    };
    let mut last = stem.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, 'l' | 's' | 'e') => stem[..stem.len() - a.len_utf8()].to_owned(),
        _ => stem.trim_end_matches('e').to_owned(),
    }
}

/// Every word of a text as it is looked up: in lower case, without the ending of possession.
pub fn plain(text: &str) -> Vec<String> {
    text.split(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '\'' | '’'))
        .map(|word| unowned(word).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A word without quotation marks and without the ending of possession.
pub fn unowned(word: &str) -> &str {
    let word = word.trim_matches(['\'', '’']);
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// How often each term is used.
pub fn counts<'a>(texts: impl IntoIterator<Item = &'a str>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for text in texts {
        for term in terms(text) {
            *counts.entry(term).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_is_about() {
        let found: Vec<_> = terms("The ships were lost, and so were the ship's stories.").collect();
        assert_eq!(found, ["ship", "lost", "ship'", "story"]);
    }

    #[test]
    fn a_word_is_compared_without_its_endings() {
        let found = |text| roots(text).collect::<Vec<_>>();
        assert_eq!(found("He chased the running dogs; the ship's story."), ["chas", "run", "dog", "ship"]);
        assert_eq!(found("She chases a dog who runs."), ["chas", "dog", "run"]);
        assert_eq!(found("灯台守"), ["灯台", "台守"]);
        assert_eq!(plain("The captain’s “3 bells”!"), ["the", "captain", "3", "bells"]);
    }
}
