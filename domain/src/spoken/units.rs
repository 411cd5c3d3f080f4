//! Text taken apart into what is looked for: words, and the letters of scripts that are written without spaces.

use crate::letters::{is_apostrophe, is_written_without_spaces};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word, or a letter of a script without spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// In lower case, with its accents; an apostrophe within is `'`.
    pub text: String,
}

/// The units of a text, in order. With `elides` an apostrophe parts two words, as in `l'hiver`; otherwise it belongs to
/// its word, as in `don't`.
pub fn units(text: &str, elides: bool) -> Vec<Unit> {
    let mut reader = Reader { text, found: Vec::new(), open: None };
    for (at, sign) in text.char_indices() {
        let end = at + sign.len_utf8();
        if is_combining_mark(sign) {
            // It belongs to what is before it.
            if let Some(open) = &mut reader.open {
                open.at.end = end;
            }
        } else if is_written_without_spaces(sign) {
            reader.close();
            reader.open = Some(Open { at: at..end, letter: true });
        } else if sign.is_alphanumeric() {
            match &mut reader.open {
                Some(open) if !open.letter => open.at.end = end,
                _ => {
                    reader.close();
                    reader.open = Some(Open { at: at..end, letter: false });
                }
            }
        } else if !(is_apostrophe(sign) && !elides || is_unseen(sign)) {
            reader.close();
        }
    }
    reader.close();
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    found: Vec<Unit>,
    /// The unit that is being read.
    open: Option<Open>,
}

struct Open {
    at: Range<usize>,
    letter: bool,
}

impl Reader<'_> {
    fn close(&mut self) {
        let Some(Open { at, .. }) = self.open.take() else { return };
        let written = self.text.get(at.clone()).unwrap_or_default();
        let plain = |sign: char| if is_apostrophe(sign) { '\'' } else { sign };
        let text = written.nfc().filter(|sign| !is_unseen(*sign)).map(plain).flat_map(char::to_lowercase).collect();
        self.found.push(Unit { at, text });
    }
}

/// Signs that no reader sees, such as a soft hyphen.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, elides: bool) -> Vec<String> {
        units(text, elides).into_iter().map(|unit| unit.text).collect()
    }

    #[test]
    fn a_sentence_is_its_words_in_lower_case() {
        assert_eq!(
            texts("“Oh dear!” said the White-Rabbit; 7 o’clock.", false),
            ["oh", "dear", "said", "the", "white", "rabbit", "7", "o'clock"]
        );
        assert_eq!(texts("... -- ! ’", false), Vec::<String>::new());
    }

    #[test]
    fn an_apostrophe_belongs_to_its_word_or_parts_two() {
        assert_eq!(texts("Don’t! The dogs' tails", false), ["don't", "the", "dogs", "tails"]);
        assert_eq!(texts("L’hiver qu'il aimait", true), ["l", "hiver", "qu", "il", "aimait"]);
    }

    #[test]
    fn scripts_without_spaces_are_read_letter_by_letter_with_their_marks() {
        assert_eq!(texts("图书馆 A7 종이", false), ["图", "书", "馆", "a7", "종", "이"]);
        assert_eq!(texts("สมศรี", false), ["ส", "ม", "ศ", "รี"]);
    }

    #[test]
    fn a_unit_says_where_it_stands() {
        let text = "A bell, e\u{301}tude";
        let written: Vec<_> = units(text, false).into_iter().map(|unit| &text[unit.at]).collect();
        assert_eq!(written, ["A", "bell", "e\u{301}tude"]);
        assert_eq!(texts(text, false)[2], "étude", "composed");
    }
}
