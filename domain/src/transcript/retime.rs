//! New words for a place whose old words have their times.

use super::Word;
use super::script::is_spaceless;

/// The words of a corrected text. A word that was heard keeps its time; those between take what lies between, each as much
/// as it is long. `start_ms` and `end_ms` are those of the whole place.
pub fn retimed(heard: &[Word], text: &str, (start_ms, end_ms): (i64, i64)) -> Vec<Word> {
    let new = split(text);
    let pairs = common(heard, &new);
    let mut words = Vec::with_capacity(new.len());
    let (mut next, mut from_ms) = (0, start_ms);
    for (old, place) in pairs {
        let word = &heard[old];
        spread(&new[next..place], (from_ms, word.start_ms), &mut words);
        words.push(Word { text: new[place].clone(), confidence: 1.0, ..*word });
        (next, from_ms) = (place + 1, word.end_ms);
    }
    spread(&new[next..], (from_ms, end_ms), &mut words);
    words
}

/// A text as words; signs of scripts without spaces stand alone, punctuation with the word before.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in text.split_whitespace() {
        let mut begun = false;
        for sign in part.chars() {
            let alone = is_spaceless(sign) && sign.is_alphanumeric();
            let after_one = words.last().and_then(|word| word.chars().next()).is_some_and(is_spaceless);
            match words.last_mut() {
                Some(word) if begun && !alone && !(after_one && sign.is_alphanumeric()) => word.push(sign),
                _ => words.push(sign.to_string()),
            }
            begun = true;
        }
    }
    words
}

/// The letters of a word, to compare by.
fn key(word: &str) -> String {
    word.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The longest list of words that both have, in order: places among the old and among the new.
fn common(heard: &[Word], new: &[String]) -> Vec<(usize, usize)> {
    let (old, new): (Vec<_>, Vec<_>) =
        (heard.iter().map(|word| key(&word.text)).collect(), new.iter().map(|word| key(word)).collect());
    let mut longest = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i][j] = if old[i] == new[j] && !old[i].is_empty() {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] && !old[i].is_empty() && longest[i][j] == longest[i + 1][j + 1] + 1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Gives words a stretch of time, each as much as it is long.
fn spread(texts: &[String], (from_ms, to_ms): (i64, i64), words: &mut Vec<Word>) {
    let length = |text: &String| i64::try_from(text.chars().count()).unwrap_or(1);
    let (span, total) = ((to_ms - from_ms).max(0), texts.iter().map(length).sum::<i64>().max(1));
    let mut before = 0;
    for text in texts {
        let start_ms = from_ms + span * before / total;
        before += length(text);
        words.push(Word { start_ms, end_ms: from_ms + span * before / total, text: text.clone(), confidence: 1.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(words: &[(&str, i64, i64)]) -> Vec<Word> {
        let word = |(text, start_ms, end_ms): &(&str, i64, i64)| Word {
            start_ms: *start_ms,
            end_ms: *end_ms,
            text: (*text).to_owned(),
            confidence: 0.5,
        };
        words.iter().map(word).collect()
    }

    fn times(words: &[Word]) -> Vec<(&str, i64, i64)> {
        words.iter().map(|word| (word.text.as_str(), word.start_ms, word.end_ms)).collect()
    }

    #[test]
    fn words_that_were_heard_right_keep_their_times() {
        let old = heard(&[("Alas", 100, 400), ("was", 400, 600), ("tired", 700, 1000)]);
        assert_eq!(
            times(&retimed(&old, "Alice was very tired.", (100, 1000))),
            [("Alice", 100, 400), ("was", 400, 600), ("very", 600, 700), ("tired.", 700, 1000)]
        );
    }

    #[test]
    fn quite_other_words_share_the_time_of_the_place() {
        let old = heard(&[("Thank", 0, 500), ("you", 500, 1000)]);
        assert_eq!(
            times(&retimed(&old, "A bell rings", (0, 1000))),
            [("A", 0, 100), ("bell", 100, 500), ("rings", 500, 1000)]
        );
        assert_eq!(retimed(&old, "", (0, 1000)), []);
    }

    #[test]
    fn scripts_without_spaces_are_timed_sign_by_sign() {
        let old = heard(&[("钟", 0, 200), ("生", 200, 400), ("响。", 400, 600)]);
        assert_eq!(times(&retimed(&old, "钟声响。", (0, 600))), [("钟", 0, 200), ("声", 200, 400), ("响。", 400, 600)]);
    }
}
