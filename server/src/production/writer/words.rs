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
}
