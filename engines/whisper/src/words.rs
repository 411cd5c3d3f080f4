//! From the pieces that a model writes to the words that people read.

/// Letters that the last word of a phrase takes longer.
const SLOWING: u32 = 2;

/// One token's text and how sure the model was of it.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// May hold a part of a character only.
    pub bytes: &'a [u8],
    /// 0 to 1.
    pub probability: f32,
}

/// A word with its punctuation, not yet placed in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    pub text: String,
    /// That of its least certain piece.
    pub confidence: f32,
}

impl Spoken {
    /// Whether a speaker would pause after it.
    pub fn ends_phrase(&self) -> bool {
        let text = self.text.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', '\u{bb}']);
        text.ends_with(['.', ',', ';', ':', '!', '?', '\u{2026}', '\u{2014}', '\u{3002}', '\u{3001}'])
    }

    /// How long it takes to say, in letters; a digit is a word of its own, and speakers slow down at the end of a
    /// phrase.
    pub fn weight(&self) -> u32 {
        let letters: u32 = self
            .text
            .chars()
            .map(|c| match c {
                c if c.is_numeric() => 4,
                c if is_ideograph(c) => 3,
                c if c.is_alphanumeric() => 1,
                _ => 0,
            })
            .sum();
        letters + if self.ends_phrase() { 1 + SLOWING } else { 1 }
    }

    fn has_letters(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }
}

/// Joins pieces to words: a piece that begins with a space begins a word, and so does one in a script that is
/// written without spaces. What has neither letter nor digit goes to the word before it, or to the first word.
pub fn merge<'a>(pieces: impl IntoIterator<Item = Piece<'a>>) -> Vec<Spoken> {
    let mut raw: Vec<(Vec<u8>, f32)> = Vec::new();
    for piece in pieces {
        match raw.last_mut() {
            Some((bytes, confidence)) if !begins_word(piece.bytes) => {
                bytes.extend_from_slice(piece.bytes);
                *confidence = confidence.min(piece.probability);
            }
            _ => raw.push((piece.bytes.to_vec(), piece.probability)),
        }
    }
    let mut words: Vec<Spoken> = Vec::with_capacity(raw.len());
    for (bytes, confidence) in raw {
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        let word = Spoken { text, confidence: confidence.clamp(0.0, 1.0) };
        if word.text.is_empty() {
            continue;
        }
        match words.last_mut() {
            Some(last) if !word.has_letters() || !last.has_letters() => {
                last.text.push(' ');
                last.text.push_str(&word.text);
                if word.has_letters() {
                    last.confidence = word.confidence;
                }
            }
            _ => words.push(word),
        }
    }
    words.retain(Spoken::has_letters);
    words
}

fn begins_word(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b' ')
        || std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()).is_some_and(is_ideograph)
}

/// Scripts without spaces between words: Thai to Khmer, kana, Han.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pieces: &[(&str, f32)]) -> Vec<(String, f32)> {
        let pieces =
            pieces.iter().map(|(text, probability)| Piece { bytes: text.as_bytes(), probability: *probability });
        merge(pieces).into_iter().map(|word| (word.text, word.confidence)).collect()
    }

    #[test]
    fn a_word_is_as_certain_as_its_least_certain_piece() {
        let merged = words(&[(" light", 0.9), ("house", 0.4), (".", 0.8)]);
        assert_eq!(merged, [("lighthouse.".into(), 0.4)]);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        let merged = words(&[(" \"", 0.9), (" Come", 0.9), (",", 0.9), (" -", 0.1), (" he", 0.9), (" said", 0.9)]);
        let texts: Vec<_> = merged.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["\" Come, -", "he", "said"]);
    }

    #[test]
    fn a_letter_split_over_two_pieces_is_put_together() {
        let e_acute = "\u{e9}".as_bytes();
        let pieces = [b" caf".as_slice(), &e_acute[..1], &e_acute[1..]];
        let merged = merge(pieces.map(|bytes| Piece { bytes, probability: 0.5 }));
        assert_eq!(merged[0].text, "caf\u{e9}");
    }

    #[test]
    fn scripts_without_spaces_are_parted_too() {
        assert_eq!(words(&[("\u{6d77}", 0.9), ("\u{98a8}", 0.9), ("\u{3002}", 0.9)]).len(), 2);
    }

    #[test]
    fn dots_alone_are_no_word() {
        assert!(words(&[(" ...", 0.9)]).is_empty());
    }

    #[test]
    fn a_phrase_ends_before_closing_quotes() {
        let word = |text: &str| Spoken { text: text.into(), confidence: 1.0 };
        assert!(word("home.\"").ends_phrase());
        assert!(!word("home").ends_phrase());
    }
}
