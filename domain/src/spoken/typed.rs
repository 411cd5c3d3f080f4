//! What somebody looks for, as they typed it.

/// Words and phrases that count: more would be no search.
const MOST: usize = 8;
/// Signs that are read: more would be no search either.
const LONGEST: usize = 200;

/// Words and phrases: all of them have to stand in a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<String>);

impl Typed {
    /// Reads a search. What stands in quotation marks, or is written together, belongs together. A quotation that does not
    /// end ends with the search.
    pub fn read(text: &str) -> Self {
        let mut parts = Vec::new();
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
        for (number, stretch) in text[..end].split(is_quotation_mark).enumerate() {
            if number % 2 == 1 {
                parts.push(stretch.to_owned());
            } else {
                parts.extend(stretch.split_whitespace().map(str::to_owned));
            }
        }
        parts.retain(|part| part.contains(char::is_alphanumeric));
        parts.truncate(MOST);
        Self(parts)
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

fn is_quotation_mark(sign: char) -> bool {
    matches!(sign, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        Typed::read(text).0
    }

    #[test]
    fn quotation_marks_make_a_phrase() {
        assert_eq!(parts(" white  rabbit "), ["white", "rabbit"]);
        assert_eq!(parts("late “white rabbit”"), ["late", "white rabbit"]);
        assert_eq!(parts("„zu Hause\" Glocke"), ["zu Hause", "Glocke"]);
        assert_eq!(parts("\"to be or"), ["to be or"], "one that is still being typed");
    }

    #[test]
    fn what_has_no_letter_is_nothing_to_look_for() {
        assert!(Typed::read(" . \"...\" — ").is_empty());
        assert_eq!(parts(&"word ".repeat(100)).len(), MOST);
        assert_eq!(parts(&"灯".repeat(100_000)), ["灯".repeat(LONGEST)]);
    }
}
