//! From the pieces that a model writes to the words that people read.

use crate::scripts::{begins_word, is_spaceless};

/// Letters that the last word of a phrase takes longer.
const SLOWING: u32 = 2;

/// One token's text, how sure the model was of it, and where it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// May hold a part of a character only.
    pub bytes: Vec<u8>,
    /// 0 to 1.
    pub probability: f32,
    /// Natural logarithm of the probability.
    pub log_probability: f32,
    /// Milliseconds from the chunk's start, where the model says so.
    pub end_ms: Option<u32>,
}

/// A word with its punctuation, not yet placed in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    pub text: String,
    /// Whether a space parts it from the word before.
    pub spaced: bool,
    /// That of its least certain piece, 0 to 1.
    pub confidence: f32,
    /// Sum over its pieces.
    pub log_probability: f32,
    /// Tokens that it is made of.
    pub pieces: u32,
    /// Where the piece before it ends, and where its own last one does, in milliseconds from the chunk's start.
    pub between_ms: Option<(u32, u32)>,
}

impl Spoken {
    /// Whether a speaker would pause after it.
    pub fn ends_phrase(&self) -> bool {
        self.unquoted().ends_with([
            '.', ',', ';', ':', '!', '?', '\u{2026}', '\u{2014}', '\u{3002}', '\u{3001}', '\u{ff01}', '\u{ff1f}',
        ])
    }

    /// Its text without closing quotes and brackets.
    pub fn unquoted(&self) -> &str {
        self.text.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', '\u{bb}', '\u{300d}', '\u{300f}'])
    }

    /// How long it takes to say, in letters; a digit is a word of its own, and speakers slow down at the end of a
    /// phrase.
    pub fn weight(&self) -> u32 {
        let letters: u32 = self
            .text
            .chars()
            .map(|c| match c {
                c if c.is_numeric() => 4,
                c if is_spaceless(c) => 3,
                c if c.is_alphanumeric() => 1,
                _ => 0,
            })
            .sum();
        letters + if self.ends_phrase() { 1 + SLOWING } else { 1 }
    }

    fn has_letters(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    fn take_in(&mut self, next: Self) {
        if next.spaced {
            self.text.push(' ');
        }
        // The certainty is that of what has letters.
        match (self.has_letters(), next.has_letters()) {
            (true, true) => self.confidence = self.confidence.min(next.confidence),
            (false, true) => self.confidence = next.confidence,
            _ => {}
        }
        self.text.push_str(&next.text);
        self.log_probability += next.log_probability;
        self.pieces += next.pieces;
        self.between_ms = match (self.between_ms, next.between_ms) {
            (Some((start, _)), Some((_, end))) => Some((start, end)),
            (one, other) => one.or(other),
        };
    }
}

/// Joins pieces to words: a piece that begins with a space begins a word, and so does one in a script that is
/// written without spaces. What has neither letter nor digit goes to the word before it, or to the first word.
/// `from_ms` is where the first piece may begin.
pub fn merge(pieces: impl IntoIterator<Item = Piece>, from_ms: u32) -> Vec<Spoken> {
    let mut words: Vec<Spoken> = Vec::new();
    let mut before: Option<char> = None;
    for part in whole(pieces, from_ms) {
        let begins = begins_word(before, &part.text);
        before = part.text.chars().last().or(before);
        let word = Spoken { spaced: part.text.starts_with(' '), text: part.text.trim().to_owned(), ..part };
        match words.last_mut() {
            Some(last) if !begins => last.take_in(word),
            _ => words.push(word),
        }
    }
    let mut read: Vec<Spoken> = Vec::with_capacity(words.len());
    for word in words.into_iter().filter(|word| !word.text.is_empty()) {
        match read.last_mut() {
            Some(last) if !word.has_letters() || !last.has_letters() => last.take_in(word),
            _ => read.push(word),
        }
    }
    read.retain(Spoken::has_letters);
    read
}

/// Pieces put together until none of them tears a character: models write rare letters byte by byte.
fn whole(pieces: impl IntoIterator<Item = Piece>, from_ms: u32) -> Vec<Spoken> {
    let mut parts = Vec::new();
    let mut torn: Option<Piece> = None;
    let mut count = 0;
    let mut start_ms = from_ms;
    for piece in pieces {
        let mut piece = match torn.take() {
            Some(mut begun) => {
                begun.bytes.extend_from_slice(&piece.bytes);
                begun.probability = begun.probability.min(piece.probability);
                begun.log_probability += piece.log_probability;
                begun.end_ms = piece.end_ms.or(begun.end_ms);
                begun
            }
            None => piece,
        };
        count += 1;
        if is_torn(&piece.bytes) {
            torn = Some(piece);
            continue;
        }
        parts.push(part(&mut piece, count, &mut start_ms));
        count = 0;
    }
    if let Some(mut rest) = torn {
        parts.push(part(&mut rest, count, &mut start_ms));
    }
    parts
}

fn part(piece: &mut Piece, pieces: u32, start_ms: &mut u32) -> Spoken {
    let between_ms = piece.end_ms.map(|end| (*start_ms, end.max(*start_ms)));
    *start_ms = between_ms.map_or(*start_ms, |(_, end)| end);
    Spoken {
        text: String::from_utf8_lossy(&piece.bytes).into_owned(),
        spaced: false,
        confidence: piece.probability.clamp(0.0, 1.0),
        log_probability: piece.log_probability,
        pieces,
        between_ms,
    }
}

/// Whether the bytes end in the middle of a character.
fn is_torn(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(bytes: &[u8], probability: f32) -> Piece {
        Piece { bytes: bytes.to_vec(), probability, log_probability: probability.ln(), end_ms: None }
    }

    fn words(pieces: &[(&str, f32)]) -> Vec<(String, f32)> {
        let pieces = pieces.iter().map(|(text, probability)| piece(text.as_bytes(), *probability));
        merge(pieces, 0).into_iter().map(|word| (word.text, word.confidence)).collect()
    }

    fn texts(pieces: &[&[u8]]) -> Vec<String> {
        merge(pieces.iter().map(|bytes| piece(bytes, 0.5)), 0).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn a_word_is_as_certain_as_its_least_certain_piece() {
        assert_eq!(words(&[(" light", 0.9), ("house", 0.4), (".", 0.8)]), [("lighthouse.".into(), 0.4)]);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        let merged = words(&[(" \"", 0.9), ("Come", 0.9), (",", 0.9), (" -", 0.1), (" he", 0.9), (" said", 0.9)]);
        let texts: Vec<_> = merged.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["\"Come, -", "he", "said"]);
    }

    #[test]
    fn a_letter_split_over_two_pieces_is_put_together() {
        let e_acute = "\u{e9}".as_bytes();
        assert_eq!(texts(&[b" caf", &e_acute[..1], &e_acute[1..]]), ["caf\u{e9}"]);
    }

    #[test]
    fn a_sign_split_over_three_pieces_is_a_word_of_its_own() {
        let wind = "\u{98a8}".as_bytes();
        let sea = "\u{6d77}".as_bytes();
        assert_eq!(
            texts(&[sea, &wind[..1], &wind[1..2], &wind[2..], "\u{3002}".as_bytes()]),
            ["\u{6d77}", "\u{98a8}\u{3002}"]
        );
    }

    #[test]
    fn a_character_that_is_never_finished_does_no_harm() {
        assert_eq!(texts(&[b" end", &"\u{98a8}".as_bytes()[..2]]), ["end\u{fffd}"]);
    }

    #[test]
    fn a_piece_with_the_end_of_one_word_and_the_start_of_another_keeps_its_times() {
        let timed = |text: &str, end| Piece { end_ms: Some(end), ..piece(text.as_bytes(), 0.5) };
        let merged = merge([timed(" far", 300), timed(",", 420), timed(" aw", 600), timed("ay", 800)], 100);
        assert_eq!(merged[0].between_ms, Some((100, 420)));
        assert_eq!(merged[1].between_ms, Some((420, 800)));
        assert_eq!((merged[1].pieces, merged[1].spaced), (2, true));
    }

    #[test]
    fn dots_alone_are_no_word() {
        assert!(words(&[(" ...", 0.9)]).is_empty());
    }

    #[test]
    fn a_phrase_ends_before_closing_quotes() {
        let merged = merge([piece(b" home.\"", 1.0), piece(b" home", 1.0)], 0);
        assert!(merged[0].ends_phrase());
        assert!(!merged[1].ends_phrase());
    }
}
