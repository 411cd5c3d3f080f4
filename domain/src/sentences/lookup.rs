//! From a code to its sentence.

use super::{Sentence, account, catalog, ordering, production};

const COMMON: &[Sentence] = &[("text.unreadable", "There is a sign in it that is no part of any text.")];

/// The sentence of a code in English, with its values put in.
pub(crate) fn english(code: &str, values: &[(&'static str, String)]) -> String {
    let tables = [COMMON, account::ENGLISH, catalog::ENGLISH, ordering::ENGLISH, production::ENGLISH];
    let sentence = tables.into_iter().flatten().find(|(known, _)| *known == code).map_or(code, |(_, text)| *text);
    let put_in = |text: String, (name, value): &(&'static str, String)| text.replace(&format!("{{{name}}}"), value);
    values.iter().fold(sentence.to_owned(), put_in)
}
