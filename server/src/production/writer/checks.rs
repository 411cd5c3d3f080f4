//! Whether what a model wrote may stand on a page. No model is believed for its name.

use super::grounds::Grounds;
use super::{is_ended, names, repeats, sentences, words};
use std::fmt;

/// English words by which somebody speaks to the reader, or of themselves. In other languages some of them are other words:
/// "i" is "and" in Polish, "in" in Danish and "the" in Italian.
const TO_THE_READER: [&str; 25] = [
    "you",
    "your",
    "yours",
    "yourself",
    "yourselves",
    "you're",
    "you'll",
    "you've",
    "you'd",
    "i",
    "i'm",
    "i've",
    "i'll",
    "i'd",
    "me",
    "my",
    "myself",
    "we",
    "we're",
    "we'll",
    "we've",
    "our",
    "ours",
    "ourselves",
    "listeners",
];
/// Words with which a sentence begins that speaks to the reader.
const CALLS: [&str; 13] = [
    "dear",
    "discover",
    "enjoy",
    "experience",
    "explore",
    "hello",
    "imagine",
    "join",
    "let",
    "listen",
    "note",
    "please",
    "welcome",
];
/// English words after which no sentence ends.
const HANGING: [&str; 10] = ["a", "an", "and", "but", "his", "my", "or", "the", "their", "whose"];
/// Fewer words are no sentence.
const FEWEST_WORDS: usize = 3;
/// Fewer words are no description of a text that has more than [`MUCH`] of them.
const LITTLE: usize = 8;
const MUCH: usize = 60;
/// Why a description may not stand on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing to read.
    Empty,
    /// It says next to nothing.
    SaysLittle,
    /// A sentence or a phrase comes twice.
    Repeats(String),
    /// A word that speaks to the reader.
    Addresses(String),
    /// A sentence that is none.
    BreaksOff(String),
    /// A name or a number that neither the book nor its page has.
    Unsaid(String),
    /// A sentence that no place of the book bears.
    Unsupported(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "it is empty"),
            Self::SaysLittle => write!(f, "it says too little"),
            Self::Repeats(what) => write!(f, "it repeats “{what}”"),
            Self::Addresses(word) => write!(f, "it speaks to the reader (“{word}”)"),
            Self::BreaksOff(sentence) => write!(f, "“{sentence}” is no whole sentence"),
            Self::Unsaid(name) => write!(f, "“{name}” does not occur in the book"),
            Self::Unsupported(sentence) => write!(f, "nothing in the book bears out “{sentence}”"),
        }
    }
}

impl Fault {
    /// What to tell the writer: never its own words, which it would only say again.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "Write at least one sentence.",
            Self::SaysLittle => "Say who it is about and what they do, in two sentences at least.",
            Self::Repeats(_) => "Say nothing twice.",
            Self::Addresses(_) => "Do not speak to the reader, and do not write \"I\", \"we\" or \"you\".",
            Self::BreaksOff(_) => "Write whole sentences only.",
            Self::Unsaid(_) => "Use only names and numbers that are in the text.",
            Self::Unsupported(_) => "Say only what is in the text, in its own words.",
        }
    }
}

/// Everything that speaks against a description of a book in this language (BCP 47).
pub fn faults(description: &str, grounds: &Grounds, language: &str) -> Vec<Fault> {
    let found = sentences(description);
    if found.is_empty() {
        return vec![Fault::Empty];
    }
    let mut faults: Vec<Fault> = repeats::repeated(description).map(Fault::Repeats).into_iter().collect();
    faults.extend(unbalanced(description).then(|| Fault::BreaksOff(description.chars().take(60).collect())));
    let english = is_english(language);
    for sentence in found {
        faults.extend(address(sentence, grounds).filter(|_| english).map(Fault::Addresses));
        faults.extend(breaks_off(sentence, english).then(|| Fault::BreaksOff(sentence.to_owned())));
        faults.extend(names::unsaid(sentence, grounds, language).map(Fault::Unsaid));
        faults.extend(grounds.support(sentence).is_none().then(|| Fault::Unsupported(sentence.to_owned())));
    }
    faults
}

/// Whether a description says too little for the text that it is of. Scripts without spaces are not counted.
pub fn says_little(description: &str, text: &str) -> Option<Fault> {
    let counts = words::is_spaced(description) && words::plain(text).len() > MUCH;
    (counts && words::plain(description).len() < LITTLE).then_some(Fault::SaysLittle)
}

/// The sentences of a text that nothing speaks against, and how many those are; none where they repeat themselves.
pub fn sound(text: &str, grounds: &Grounds, language: &str) -> (String, usize) {
    let stands = |sentence: &&str| faults(sentence, grounds, language).is_empty();
    let kept: Vec<&str> = sentences(text).into_iter().filter(stands).collect();
    let text = kept.join(" ");
    if repeats::repeated(&text).is_some() { (String::new(), 0) } else { (text, kept.len()) }
}

fn is_english(language: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|name| name.eq_ignore_ascii_case("en"))
}

/// The word of a sentence that speaks to the reader. What is quoted is said by somebody of the book.
fn address(sentence: &str, grounds: &Grounds) -> Option<String> {
    let said: Vec<String> = words::plain(&unquoted(sentence)).into_iter().map(|word| word.replace('’', "'")).collect();
    let calls = said.first().filter(|first| CALLS.contains(&first.as_str()) && !grounds.says(first));
    let mut spoken = said.iter().filter(|word| TO_THE_READER.contains(&word.as_str()));
    spoken.next().or(calls).cloned()
}

fn unquoted(text: &str) -> String {
    let mut within = false;
    let mut kept = String::new();
    for sign in text.chars() {
        match sign {
            '“' | '«' => within = true,
            '”' | '»' => within = false,
            '"' => within = !within,
            sign if !within => kept.push(sign),
            _ => {}
        }
    }
    kept
}

fn unbalanced(text: &str) -> bool {
    let count = |sign: char| text.matches(sign).count();
    !count('"').is_multiple_of(2) || [('“', '”'), ('(', ')'), ('[', ']')].iter().any(|(a, b)| count(*a) != count(*b))
}

fn breaks_off(sentence: &str, english: bool) -> bool {
    if !is_ended(sentence) {
        return true;
    }
    if !words::is_spaced(sentence) {
        return false;
    }
    let said = words::plain(sentence);
    let begins = sentence.chars().find(|sign| sign.is_alphanumeric());
    begins.is_some_and(char::is_lowercase)
        || said.len() < FEWEST_WORDS
        || english && said.last().is_some_and(|last| HANGING.contains(&last.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    const BOOK: &str = "Alice was tired of sitting by her sister on the bank. A white rabbit with pink eyes ran by. The \
        rabbit took a watch out of its pocket. Alice ran after the rabbit and fell down a deep hole. She saw 12 jars on \
        shelves. “I shall be late!” said the rabbit.";

    fn found(description: &str) -> Vec<Fault> {
        faults(description, &Grounds::new(&book(BOOK), "Alice in Wonderland, by Lewis Carroll"), "en")
    }

    #[test]
    fn a_description_of_what_the_book_says_is_let_through() {
        let description = "Alice, tired of sitting by her sister, sees a white rabbit with a watch. She runs after the \
            rabbit and falls down a deep hole with twelve jars on its shelves.";
        assert_eq!(found(description), []);
    }

    #[test]
    fn one_sentence_ten_times_for_a_dear_cat_is_not() {
        let once = "I'm not sure I'm happy to see you in your old clothes. ";
        let faults = found(&once.repeat(10));
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Repeats(_))), "{faults:?}");
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Addresses(_))), "{faults:?}");
        assert!(faults.iter().any(|fault| matches!(fault, Fault::Unsupported(_))), "{faults:?}");
    }

    #[test]
    fn each_fault_is_named() {
        for (description, fault) in [
            ("", Fault::Empty),
            ("The white rabbit shows you his watch.", Fault::Addresses("you".into())),
            ("Join Alice and the white rabbit in a hole.", Fault::Addresses("join".into())),
            ("Alice ran after the white rabbit and", Fault::BreaksOff("Alice ran after the white rabbit and".into())),
            ("ran after the white rabbit.", Fault::BreaksOff("ran after the white rabbit.".into())),
            ("Alice and her sister Dinah sit on the bank.", Fault::Unsaid("Dinah".into())),
            ("Alice saw 13 jars on shelves.", Fault::Unsaid("13".into())),
            ("Alice saw three jars on shelves.", Fault::Unsaid("three".into())),
            (
                "The rabbit marries a princess abroad.",
                Fault::Unsupported("The rabbit marries a princess abroad.".into()),
            ),
        ] {
            assert!(found(description).contains(&fault), "{description}: {:?}", found(description));
        }
    }

    #[test]
    fn a_greeting_is_no_description_of_a_book() {
        assert_eq!(says_little("Good morning, Anna.", &BOOK.repeat(2)), Some(Fault::SaysLittle));
        assert_eq!(says_little("Good morning, Anna.", "Good morning, Anna. It rains."), None, "for a text as short");
        assert_eq!(says_little("A white rabbit leads Alice down a deep hole.", &BOOK.repeat(2)), None);
    }

    #[test]
    fn what_somebody_of_the_book_says_is_no_speech_to_the_reader() {
        assert_eq!(found("“I shall be late!” said the white rabbit with the pink eyes."), []);
    }

    #[test]
    fn a_word_of_another_language_speaks_to_nobody() {
        for (language, said) in [
            ("it", "I marinai vedono il faro nella nebbia."),
            ("pl", "Kapitan i marynarze widzą latarnię we mgle."),
            ("da", "Kaptajnen ser et fyrtårn i tågen."),
            ("es-MX", "El capitán dice: me gusta la niebla del mar."),
        ] {
            assert_eq!(faults(said, &Grounds::new(&book(said), ""), language), [], "{said}");
        }
    }

    #[test]
    fn german_nouns_are_no_names() {
        let grounds = Grounds::new(&book("Der Kapitän sah den Leuchtturm im Nebel."), "");
        assert_eq!(faults("Der Kapitän sah den Leuchtturm im dichten Nebel der Nacht.", &grounds, "de-AT"), []);
    }
}
