//! A search in the words of one language: what the index is asked, and what of a sentence it is.

use super::Piece;
use super::stems::{Forms, Language};
use super::terms::of_phrase;
use super::typed::Typed;
use super::units::{Unit, units};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Words of a phrase that count.
const MOST_WORDS: usize = 16;

/// All of these have to be there: of each, one of its terms.
pub type Wanted = Vec<Vec<String>>;

/// A search in the words of a language.
pub struct Sought {
    language: Language,
    /// Each one word or several that stand one after the other.
    phrases: Vec<Vec<Forms>>,
}

impl Sought {
    pub fn new(typed: &Typed, tag: &str) -> Self {
        let language = Language::of(tag);
        let read = |part: &str| -> Vec<Forms> {
            let units = units(part, language.elides);
            units.iter().take(MOST_WORDS).map(|unit| language.forms(&unit.text)).collect()
        };
        let phrases = typed.parts().map(read).filter(|phrase| !phrase.is_empty()).collect();
        Self { language, phrases }
    }

    /// What a passage is in the index by if it may hold such a sentence. Nothing when nothing is looked for.
    pub fn wanted(&self) -> Wanted {
        let mut wanted: Wanted = self.phrases.iter().flat_map(|phrase| of_phrase(&self.language, phrase)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// The sentence in pieces, if it has all that is looked for.
    pub fn found(&self, sentence: &str) -> Option<Vec<Piece>> {
        let sentence: String = sentence.nfc().collect();
        let units = units(&sentence, self.language.elides);
        let forms: Vec<Forms> = units.iter().map(|unit| self.language.forms(&unit.text)).collect();
        let mut marks = Vec::new();
        for phrase in &self.phrases {
            let before = marks.len();
            let fits = |place: &usize| phrase.iter().zip(&forms[*place..]).all(|(sought, said)| sought.fits(said));
            let last = forms.len().checked_sub(phrase.len())?;
            marks.extend((0..=last).filter(fits).map(|place| stretch(&units[place..place + phrase.len()])));
            if marks.len() == before {
                return None;
            }
        }
        Some(marked(&sentence, marks))
    }
}

/// From the first unit to the last.
fn stretch(units: &[Unit]) -> Range<usize> {
    let start = units.first().map_or(0, |unit| unit.at.start);
    start..units.last().map_or(start, |unit| unit.at.end)
}

fn marked(text: &str, mut marks: Vec<Range<usize>>) -> Vec<Piece> {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, found: bool| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Piece { text: text.to_owned(), found });
        }
    };
    let mut at = 0;
    let mut marks = marks.into_iter().peekable();
    while let Some(mut mark) = marks.next() {
        while let Some(next) = marks.next_if(|next| next.start < mark.end) {
            mark.end = mark.end.max(next.end);
        }
        push(at..mark.start, false);
        at = mark.end;
        push(mark, true);
    }
    push(at..text.len(), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sentence with what was found in brackets; nothing when it does not fit.
    fn found(tag: &str, typed: &str, sentence: &str) -> Option<String> {
        let pieces = Sought::new(&Typed::read(typed), tag).found(sentence)?;
        let written = |piece: Piece| if piece.found { format!("[{}]", piece.text) } else { piece.text };
        Some(pieces.into_iter().map(written).collect())
    }

    #[test]
    fn words_are_found_in_any_order_and_inflected() {
        let said = "The White Rabbit was running late; the rabbits ran.";
        let shown = "The White [Rabbit] was [running] late; the [rabbits] ran.";
        assert_eq!(found("en", "runs rabbit", said).as_deref(), Some(shown));
        assert_eq!(found("en", "rabbit hole", said), None, "all of them have to be there");
    }

    #[test]
    fn a_phrase_is_found_where_its_words_follow_each_other() {
        let said = "Late was the rabbit; the white rabbit was late.";
        let shown = "Late was the rabbit; the [white rabbit] was late.";
        assert_eq!(found("en", "\"white rabbits\"", said).as_deref(), Some(shown));
        assert_eq!(found("en", "\"rabbit white\"", said), None);
        assert_eq!(found("en", "white-rabbit", said).as_deref(), Some(shown), "written together it is a phrase");
    }

    #[test]
    fn what_lies_over_each_other_is_marked_once() {
        assert_eq!(found("en", "\"a b a\"", "A b a b a!").as_deref(), Some("[A b a b a]!"));
        assert_eq!(found("en", "bell \"the bell\"", "The bell.").as_deref(), Some("[The bell]."));
    }

    #[test]
    fn scripts_without_spaces_are_found_by_what_stands_inside() {
        assert_eq!(found("zh", "图书", "他在图书馆。").as_deref(), Some("他在[图书]馆。"));
        assert_eq!(found("zh", "书图", "他在图书馆。"), None);
        assert_eq!(found("th", "ทะเล", "เขาไปทะเล").as_deref(), Some("เขาไป[ทะเล]"));
    }

    #[test]
    fn german_is_found_with_and_without_its_umlauts() {
        for typed in ["Haus", "Häuser", "hauser", "HÄUSERN"] {
            let found = found("de", typed, "Die alten Häuser brannten.");
            assert_eq!(found.as_deref(), Some("Die alten [Häuser] brannten."), "{typed}");
        }
    }

    #[test]
    fn what_a_sentence_has_the_index_was_asked_for() {
        let typed = Typed::read("\"forêts d'été\" chantait");
        let sought = Sought::new(&typed, "fr");
        let mut terms = std::collections::BTreeSet::new();
        super::super::terms::add(&Language::of("fr"), "Elle chante dans la forêt d’été.", &mut terms);
        assert!(sought.wanted().iter().all(|any| any.iter().any(|term| terms.contains(term))));
    }

    proptest::proptest! {
        #[test]
        fn the_pieces_of_a_sentence_are_the_sentence(sentence in "\\PC{0,60}", typed in "\\PC{0,12}") {
            let sentence: String = sentence.nfc().collect();
            if let Some(pieces) = Sought::new(&Typed::read(&typed), "en").found(&sentence) {
                assert_eq!(pieces.into_iter().map(|piece| piece.text).collect::<String>(), sentence);
            }
        }
    }
}
