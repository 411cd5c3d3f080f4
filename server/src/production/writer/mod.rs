//! The writers: what a title is about, in a few sentences.

pub mod evidence;
pub mod extractive;
pub mod llama;
pub mod pen;
pub mod words;

/// A description is cut at the end of a sentence before it gets longer than this, in characters.
pub const LONGEST_DESCRIPTION: usize = 900;
/// Categories of a title.
pub const MOST_CATEGORIES: usize = 3;

/// What a writer wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub description: String,
    /// Slugs of the shop's list, best first.
    pub categories: Vec<String>,
    /// Thousandths of the transcript that the writer read.
    pub coverage_permille: i32,
}

/// The text up to the end of its last sentence within `most` characters; cut at a word when the first one is longer.
pub fn bounded(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let head = &text[..end];
    let sentence = head.rfind(['.', '!', '?']).map(|at| &head[..=at]);
    sentence.map_or_else(|| format!("{}…", head.rsplit_once(' ').map_or(head, |(head, _)| head)), str::to_owned)
}

/// The sentences of a text.
pub fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '!', '?', '…']).map(str::trim).filter(|sentence| sentence.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_ends_with_a_whole_sentence() {
        assert_eq!(bounded("One is here. Two is not", 15), "One is here.");
        assert_eq!(bounded("  short\n text ", 100), "short text");
        assert_eq!(bounded("a sentence without any end at all", 12), "a sentence…");
    }
}
