//! The names and numbers of a text: they are the book's, or invented.

use super::grounds::Grounds;
use super::words;

/// Numbers that are as often written as a word. One is left out: it is more than a number.
const NUMBERS: [(&str, &str); 22] = [
    ("2", "two"),
    ("3", "three"),
    ("4", "four"),
    ("5", "five"),
    ("6", "six"),
    ("7", "seven"),
    ("8", "eight"),
    ("9", "nine"),
    ("10", "ten"),
    ("11", "eleven"),
    ("12", "twelve"),
    ("13", "thirteen"),
    ("14", "fourteen"),
    ("15", "fifteen"),
    ("20", "twenty"),
    ("30", "thirty"),
    ("40", "forty"),
    ("50", "fifty"),
    ("60", "sixty"),
    ("100", "hundred"),
    ("1000", "thousand"),
    ("1000000", "million"),
];

/// The name or number of a sentence that neither the book nor its page has. In German every noun begins as names do.
pub fn unsaid(sentence: &str, grounds: &Grounds, language: &str) -> Option<String> {
    let names = !language.to_lowercase().starts_with("de");
    let mut first = true;
    for word in sentence.split(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '\'' | '’')) {
        let word = words::unowned(word);
        if word.is_empty() {
            continue;
        }
        let lower = word.to_lowercase();
        let is_name =
            names && !first && word.starts_with(char::is_uppercase) && lower != "i" && !lower.starts_with("i'");
        first = false;
        if (is_name || is_number(&lower)) && !is_said(&lower, grounds) {
            return Some(word.to_owned());
        }
    }
    None
}

fn is_number(word: &str) -> bool {
    word.contains(|sign: char| sign.is_numeric()) || NUMBERS.iter().any(|(_, name)| *name == word)
}

fn is_said(word: &str, grounds: &Grounds) -> bool {
    let other = NUMBERS.iter().find(|(digits, name)| word == *digits || word == *name);
    let other = other.map(|(digits, name)| if word == *digits { *name } else { *digits });
    grounds.says(word)
        || word.strip_suffix('s').is_some_and(|one| grounds.says(one))
        || other.is_some_and(|other| grounds.says(other))
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;

    #[test]
    fn a_name_or_a_number_is_the_books_or_its_pages() {
        let grounds = Grounds::new(&book("Alice's sister read. There were 12 jars and two cats."), "By Lewis Carroll");
        let unsaid = |text| unsaid(text, &grounds, "en-GB");
        assert_eq!(unsaid("Here Alice, by Lewis Carroll, has twelve jars, 2 cats and one wish."), None);
        assert_eq!(unsaid("Here Alice’s aunt Dinah waits."), Some("Dinah".to_owned()));
        assert_eq!(unsaid("It has seven doors."), Some("seven".to_owned()));
        assert_eq!(unsaid("It was in 1865."), Some("1865".to_owned()));
    }
}
