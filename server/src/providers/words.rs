//! Words with their times, and the same text with its signs: some providers give words without commas and full stops, and
//! where a sentence ends is seen by them.

use engine_protocol::Word;

/// Whether words say what a text says, signs and capitals aside.
pub fn is_same(text: &str, words: &[Word]) -> bool {
    letters(text) == words.iter().map(|word| letters(&word.text)).collect::<String>()
}

/// The words of a text as it is written, with the times of the words that were heard. Where the two are not the same text,
/// the words stay as they are.
pub fn with_signs(text: &str, words: Vec<Word>) -> Vec<Word> {
    let written: Vec<&str> = text.split_whitespace().collect();
    // Scripts without spaces have their signs already: each stands by itself.
    if written.len() * 3 < words.len() {
        return words;
    }
    matched(&written, &words).unwrap_or(words)
}

fn matched(written: &[&str], words: &[Word]) -> Option<Vec<Word>> {
    let mut rest = words.iter().peekable();
    let mut found: Vec<Word> = Vec::with_capacity(written.len());
    for text in written {
        let wanted = letters(text);
        if wanted.is_empty() {
            // A dash by itself belongs to the word before it.
            if let Some(word) = found.last_mut() {
                word.text = format!("{} {text}", word.text);
            }
            continue;
        }
        // One word of the text may have been heard as several: “twenty-one”.
        let mut heard = String::new();
        let mut joined: Option<Word> = None;
        while heard.len() < wanted.len() {
            let word = rest.next()?;
            heard.push_str(&letters(&word.text));
            joined = Some(match joined {
                None => Word { text: (*text).to_owned(), ..word.clone() },
                Some(first) => Word { end_ms: word.end_ms, confidence: first.confidence.min(word.confidence), ..first },
            });
        }
        if heard != wanted {
            return None;
        }
        found.extend(joined);
    }
    // What is left over has no letters: signs that stand by themselves.
    rest.all(|word| letters(&word.text).is_empty()).then_some(found)
}

/// A text on one line, without what nobody sees or hears: a null character, or a line's end in the middle of a word.
pub fn plain(text: &str) -> String {
    let parts = text.split(|sign: char| sign.is_whitespace() || sign.is_control());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What is said of a word, without signs and capitals.
fn letters(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(start_ms: u32, text: &str) -> Word {
        Word { start_ms, end_ms: start_ms + 100, text: text.to_owned(), confidence: 0.9 }
    }

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_get_the_signs_of_their_text_and_keep_their_times() {
        let heard = vec![word(0, "The"), word(200, "twenty"), word(400, "one"), word(600, "bells")];
        let found = with_signs("“The twenty-one bells.”", heard);
        assert_eq!(texts(&found), ["“The", "twenty-one", "bells.”"]);
        assert_eq!((found[1].start_ms, found[1].end_ms, found[2].start_ms), (200, 500, 600));
        let dash = with_signs("Far — away", vec![word(0, "far"), word(200, "away")]);
        assert_eq!(texts(&dash), ["Far —", "away"]);
    }

    #[test]
    fn words_of_another_text_stay_as_they_are() {
        let heard = || vec![word(0, "the"), word(200, "bell")];
        for other in ["The ball", "The", "The bell rang", ""] {
            assert_eq!(with_signs(other, heard()), heard(), "{other}");
        }
    }
}
