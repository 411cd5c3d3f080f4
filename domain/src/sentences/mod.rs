//! What people are told when something is refused. The rules of the shop name a case by its code; only here, and only when
//! it is shown, does it become a sentence. One file for each context.

mod account;
mod catalog;
mod ordering;
mod production;

/// A code and its sentence. `{name}` stands for a value that comes with the refusal.
type Sentence = (&'static str, &'static str);

const COMMON: &[Sentence] = &[("text.unreadable", "There is a sign in it that is no part of any text.")];

/// The sentence of a code in English, with its values put in.
pub(crate) fn english(code: &str, values: &[(&'static str, String)]) -> String {
    let tables = [COMMON, account::ENGLISH, catalog::ENGLISH, ordering::ENGLISH, production::ENGLISH];
    let sentence = tables.into_iter().flatten().find(|(known, _)| *known == code).map_or(code, |(_, text)| *text);
    let put_in = |text: String, (name, value): &(&'static str, String)| text.replace(&format!("{{{name}}}"), value);
    values.iter().fold(sentence.to_owned(), put_in)
}
