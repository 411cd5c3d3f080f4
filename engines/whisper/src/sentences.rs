//! Where sentences end.

use crate::words::Spoken;

/// Words that end in a full stop without ending a sentence, in lower case.
const SHORTENED: [&str; 20] = [
    "mr", "mrs", "ms", "dr", "st", "prof", "rev", "capt", "col", "gen", "lt", "sgt", "jr", "sr", "vs", "mme", "mlle",
    "e.g", "i.e", "cf",
];

/// A silence this long parts sentences whatever the punctuation, in milliseconds.
const LONGEST_SILENCE_MS: u32 = 2_500;

/// Lengths of the sentences that words placed in time make up.
pub fn lengths(words: &[(Spoken, u32, u32)]) -> Vec<usize> {
    let mut lengths = Vec::new();
    let mut length = 0;
    for (index, (word, _, end_ms)) in words.iter().enumerate() {
        length += 1;
        let ends = match words.get(index + 1) {
            None => true,
            Some((next, start_ms, _)) => {
                ends_sentence(word, next) || start_ms.saturating_sub(*end_ms) >= LONGEST_SILENCE_MS
            }
        };
        if ends {
            lengths.push(length);
            length = 0;
        }
    }
    lengths
}

/// The words as people write them.
pub fn text(words: &[(Spoken, u32, u32)]) -> String {
    let mut text = String::new();
    for (word, _, _) in words {
        if word.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

fn ends_sentence(word: &Spoken, next: &Spoken) -> bool {
    let text = word.unquoted();
    if text.ends_with(['\u{3002}', '\u{ff01}', '\u{ff1f}']) {
        return true;
    }
    // "Oh!" he said: it goes on.
    if next.text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase) {
        return false;
    }
    if text.ends_with(['!', '?', '\u{2026}']) {
        return true;
    }
    let Some(before_stop) = text.strip_suffix('.') else { return false };
    let name: String = before_stop.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_initial = name.chars().count() == 1 && name != "i" && !name.chars().all(char::is_numeric);
    !is_initial && !SHORTENED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<String> {
        let placed: Vec<_> = text.split(' ').map(|word| (spoken(word, true), 0, 0)).collect();
        let mut rest = placed.as_slice();
        let mut found = Vec::new();
        for length in lengths(&placed) {
            let (sentence, after) = rest.split_at(length);
            found.push(super::text(sentence));
            rest = after;
        }
        found
    }

    fn spoken(text: &str, spaced: bool) -> Spoken {
        Spoken { text: text.into(), spaced, confidence: 1.0, log_probability: 0.0, pieces: 1, between_ms: None }
    }

    #[test]
    fn a_sentence_ends_at_its_stop_and_not_at_a_title_or_an_initial() {
        assert_eq!(
            sentences("Mr. J. Dashwood came. \"Oh!\" he said. Who was it? Nobody"),
            ["Mr. J. Dashwood came.", "\"Oh!\" he said.", "Who was it?", "Nobody"]
        );
    }

    #[test]
    fn a_short_answer_ends_a_sentence() {
        assert_eq!(sentences("She said no. He went."), ["She said no.", "He went."]);
    }

    #[test]
    fn a_long_silence_ends_a_sentence_that_has_no_stop() {
        let words =
            [(spoken("One", false), 0, 400), (spoken("two", true), 500, 900), (spoken("three", true), 3_500, 3_900)];
        assert_eq!(lengths(&words), [2, 1]);
    }

    #[test]
    fn signs_without_spaces_are_written_without_spaces() {
        let words = [(spoken("\u{6d77}", false), 0, 1), (spoken("\u{98a8}\u{3002}", false), 1, 2)];
        assert_eq!(text(&words), "\u{6d77}\u{98a8}\u{3002}");
    }
}
