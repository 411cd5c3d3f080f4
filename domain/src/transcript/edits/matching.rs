//! Finding words in a sentence, and putting others in their place.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What is looked for, and what comes in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    pub find: String,
    /// May be empty: then what is found goes.
    pub put: String,
    /// Capitals count.
    pub exact_case: bool,
    /// Only whole words: `ship` is not found in `shipwreck`.
    pub whole_words: bool,
}

impl Replacement {
    /// The text with everything replaced, on one line; `None` when nothing is found in it.
    pub fn of(&self, text: &str) -> Option<String> {
        let found = self.places(text);
        if found.is_empty() {
            return None;
        }
        let (mut made, mut at) = (String::with_capacity(text.len()), 0);
        for place in found {
            made.push_str(&text[at..place.start]);
            made.push_str(&self.put);
            at = place.end;
        }
        made.push_str(&text[at..]);
        Some(made.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Where it is found in a text, as bytes, from left to right and none over another.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let wanted: Vec<char> = self.folded(self.find.trim()).collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        for (start, _) in text.char_indices() {
            if found.last().is_some_and(|last| start < last.end) {
                continue;
            }
            if let Some(end) = self.ends(&text[start..], &wanted).map(|length| start + length)
                && (!self.whole_words || is_apart(text, start, end))
            {
                found.push(start..end);
            }
        }
        found
    }

    /// How long the beginning of a text is, in bytes, that reads as what is wanted.
    fn ends(&self, text: &str, wanted: &[char]) -> Option<usize> {
        let mut rest = wanted;
        for (at, sign) in text.char_indices() {
            rest = self.after(rest, sign)?;
            if rest.is_empty() {
                return Some(at + sign.len_utf8());
            }
        }
        None
    }

    /// What is still wanted after a sign.
    fn after<'a>(&self, mut wanted: &'a [char], sign: char) -> Option<&'a [char]> {
        for part in self.folded(sign.encode_utf8(&mut [0; 4])) {
            match wanted.split_first() {
                Some((first, rest)) if *first == part => wanted = rest,
                _ => return None,
            }
        }
        Some(wanted)
    }

    fn folded<'a>(&self, text: &'a str) -> Box<dyn Iterator<Item = char> + 'a> {
        let straight = |sign: char| if matches!(sign, '\u{2018}' | '\u{2019}') { '\'' } else { sign };
        if self.exact_case {
            Box::new(text.chars().map(straight))
        } else {
            Box::new(text.chars().map(straight).flat_map(char::to_lowercase))
        }
    }
}

/// Whether no letter or digit stands directly before or after a stretch of text.
fn is_apart(text: &str, start: usize, end: usize) -> bool {
    let free = |sign: Option<char>| !sign.is_some_and(char::is_alphanumeric);
    free(text[..start].chars().next_back()) && free(text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn replace(find: &str, put: &str, text: &str) -> Option<String> {
        Replacement { find: find.to_owned(), put: put.to_owned(), ..Replacement::default() }.of(text)
    }

    #[test]
    fn words_are_replaced_wherever_they_stand_and_capitals_are_passed_over() {
        assert_eq!(replace("lamb", "lamp", "The lamb, the Lamb.").as_deref(), Some("The lamp, the lamp."));
        assert_eq!(replace("lamb", "lamp", "The lamp."), None);
        assert_eq!(replace("aa", "b", "aaaa").as_deref(), Some("bb"), "none over another");
        assert_eq!(replace("don't", "do not", "I don’t know.").as_deref(), Some("I do not know."));
        assert_eq!(replace("really ", "", "It is really true.").as_deref(), Some("It is true."), "one space is left");
        assert_eq!(replace("", "x", "text"), None);
    }

    #[test]
    fn whole_words_and_capitals_count_where_somebody_says_so() {
        let ship = Replacement { find: "ship".into(), put: "boat".into(), whole_words: true, ..Replacement::default() };
        assert_eq!(ship.of("The ship was a shipwreck; a Ship.").as_deref(), Some("The boat was a shipwreck; a boat."));
        let exact = Replacement { exact_case: true, ..ship };
        assert_eq!(exact.of("A Ship, a ship.").as_deref(), Some("A Ship, a boat."));
    }

    #[test]
    fn letters_that_grow_when_they_are_made_small_do_no_harm() {
        assert_eq!(replace("i\u{307}stanbul", "Istanbul", "In İstanbul.").as_deref(), Some("In Istanbul."));
        assert_eq!(replace("i", "x", "İ"), None, "half a letter is none");
    }

    proptest! {
        #[test]
        fn any_text_is_replaced_or_left(find in ".{0,6}", put in ".{0,6}", text in ".{0,40}", flags in 0_u8..4) {
            let whole = Replacement { find, put, exact_case: flags & 1 > 0, whole_words: flags & 2 > 0 };
            if let Some(made) = whole.of(&text) {
                prop_assert!(!made.starts_with(' ') && !made.ends_with(' '));
            }
        }
    }
}
