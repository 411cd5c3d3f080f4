//! Text as it is compared: without case, accents and the ways in which people write one word differently.

use crate::letters::{is_accent, is_apostrophe, is_written_without_spaces, spelt_out};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is kept, in characters.
const LONGEST: usize = 64;

/// A piece of text that is found by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Word(Word),
    /// Letters that stand alone, one after the other: the initials of a name, or an abbreviation.
    Letters(Vec<String>),
    /// A stretch of a script that is written without spaces, as single letters (with what belongs to each).
    Run(Vec<String>),
}

/// A word, without accents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Without accents: `muller` for `Müller`.
    pub plain: String,
    /// With umlauts spelt out, where there are some: `mueller`.
    pub spelt: Option<String>,
    /// What apostrophes part it in, when they do: `l` and `hiver`.
    pub pieces: Vec<String>,
}

impl Word {
    /// How it may be written: plain first.
    pub fn spellings(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.plain).chain(&self.spelt)
    }
}

/// Takes text apart.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader::default();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        reader.take(c);
    }
    reader.end_of_stretch();
    reader.found
}

#[derive(Default)]
struct Reader {
    found: Vec<Token>,
    /// The word that is being read: plain, and spelt out.
    plain: String,
    spelt: String,
    /// Where apostrophes stand in `plain`, in bytes.
    apostrophes: Vec<usize>,
    run: Vec<String>,
    /// Single letters that may belong together.
    letters: Vec<String>,
}

impl Reader {
    fn take(&mut self, c: char) {
        if is_combining_mark(c) || is_inner_jamo(c) {
            self.mark(c);
        } else if is_written_without_spaces(c) {
            self.end_of_word();
            self.end_of_letters();
            self.run.push(c.into());
        } else if c.is_alphanumeric() {
            self.end_of_run();
            let (plain, spelt) = spelt_out(c);
            match plain {
                Some(letters) => self.plain.push_str(letters),
                None => self.plain.push(c),
            }
            match spelt.or(plain) {
                Some(letters) => self.spelt.push_str(letters),
                None => self.spelt.push(c),
            }
        } else if is_apostrophe(c) {
            self.apostrophes.push(self.plain.len());
        } else if c == '&' {
            self.end_of_stretch();
            self.plain.push_str("and");
            self.spelt.push_str("and");
            self.end_of_word();
        } else if !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}') {
            self.end_of_word();
            self.end_of_run();
            if !(c == '.' || c == ' ' || c == '-' || c == '\u{A0}') {
                self.end_of_letters();
            }
        }
    }

    fn mark(&mut self, c: char) {
        if let Some(letter) = self.run.last_mut() {
            letter.push(c);
            return;
        }
        match (c, self.plain.chars().last()) {
            ('\u{308}', Some('a' | 'o' | 'u')) => self.spelt.push('e'),
            ('\u{30A}', Some('a')) => self.spelt.push('a'),
            _ if is_accent(c) => {}
            (_, None) => {}
            _ => {
                self.plain.push(c);
                self.spelt.push(c);
            }
        }
    }

    fn end_of_word(&mut self) {
        let (plain, spelt) = (cut(&std::mem::take(&mut self.plain)), cut(&std::mem::take(&mut self.spelt)));
        let apostrophes = std::mem::take(&mut self.apostrophes);
        if plain.is_empty() {
            return;
        }
        let mut letters = plain.chars();
        if letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none() {
            self.letters.push(plain);
            return;
        }
        self.end_of_letters();
        let pieces = pieces(&plain, apostrophes);
        self.found.push(Token::Word(Word { spelt: Some(spelt).filter(|spelt| *spelt != plain), plain, pieces }));
    }

    fn end_of_run(&mut self) {
        if !self.run.is_empty() {
            let run = std::mem::take(&mut self.run);
            self.found.push(Token::Run(run.into_iter().map(|letter| letter.nfc().collect()).collect()));
        }
    }

    fn end_of_letters(&mut self) {
        if !self.letters.is_empty() {
            self.found.push(Token::Letters(std::mem::take(&mut self.letters)));
        }
    }

    fn end_of_stretch(&mut self) {
        self.end_of_word();
        self.end_of_run();
        self.end_of_letters();
    }
}

/// What apostrophes part a word in; nothing when they stand at its ends.
fn pieces(word: &str, apostrophes: Vec<usize>) -> Vec<String> {
    let mut found = Vec::new();
    let mut begun = 0;
    for end in apostrophes.into_iter().chain([word.len()]) {
        if let Some(piece) = word.get(begun..end).filter(|piece| !piece.is_empty()) {
            found.push(piece.nfc().collect());
        }
        begun = end;
    }
    if found.len() > 1 { found } else { Vec::new() }
}

/// The beginning of a word that is kept, in NFC.
pub fn cut(word: &str) -> String {
    word.nfc().take(LONGEST).collect()
}

/// The vowel or the last consonant of a Korean syllable that was taken apart.
fn is_inner_jamo(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(plain: &str, spelt: Option<&str>) -> Token {
        Token::Word(Word { plain: plain.to_owned(), spelt: spelt.map(str::to_owned), pieces: Vec::new() })
    }

    fn list(letters: &[&str]) -> Vec<String> {
        letters.iter().map(|letter| (*letter).to_owned()).collect()
    }

    #[test]
    fn words_lose_case_and_accents_and_umlauts_are_spelt_both_ways() {
        let found = tokens("  Émile & ZOË! Straße Müller Søren");
        let expected = [
            word("emile", None),
            word("and", None),
            word("zoe", None),
            word("strasse", None),
            word("muller", Some("mueller")),
            word("soren", Some("soeren")),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_apostrophe_parts_a_word_and_joins_it() {
        let Token::Word(word) = &tokens("L'Hiver")[0] else { panic!("a word") };
        assert_eq!((word.plain.as_str(), &word.pieces), ("lhiver", &list(&["l", "hiver"])));
        assert_eq!(tokens("keeper’s").len(), 1);
    }

    #[test]
    fn initials_belong_together_and_those_of_two_people_do_not() {
        assert_eq!(tokens("J. R. R. Tolkien"), [Token::Letters(list(&["j", "r", "r"])), word("tolkien", None)]);
        assert_eq!(tokens("A.I."), [Token::Letters(list(&["a", "i"]))]);
        assert_eq!(tokens("A; B"), [Token::Letters(list(&["a"])), Token::Letters(list(&["b"]))]);
    }

    #[test]
    fn scripts_without_spaces_are_read_letter_by_letter_with_their_signs() {
        assert_eq!(
            tokens("ガラスx한국"),
            [Token::Run(list(&["ガ", "ラ", "ス"])), Token::Letters(list(&["x"])), Token::Run(tokens_of("한국"))]
        );
        assert_eq!(tokens("สมศรี"), [Token::Run(list(&["ส", "ม", "ศ", "รี"]))]);
        assert_eq!(tokens("राम"), [word("राम", None)], "a vowel is not an accent");
    }

    fn tokens_of(run: &str) -> Vec<String> {
        match tokens(run).remove(0) {
            Token::Run(letters) => letters,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sign_that_stands_alone_is_nothing() {
        assert_eq!(tokens("... -- ! \u{301} ้ ’"), []);
    }
}
