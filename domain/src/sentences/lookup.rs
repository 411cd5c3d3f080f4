//! From a code to its sentence.

use super::{
    Sentence, account, catalog, edge, flags, ordering, production, promotions, providers, reviews, settings, tax,
    values, webhooks, wishlist,
};

const COMMON: &[Sentence] = &[("text.unreadable", "There is a sign in it that is no part of any text.")];

const TABLES: [&[Sentence]; 15] = [
    COMMON,
    account::ENGLISH,
    catalog::ENGLISH,
    edge::ENGLISH,
    flags::ENGLISH,
    ordering::ENGLISH,
    production::ENGLISH,
    promotions::ENGLISH,
    providers::ENGLISH,
    reviews::ENGLISH,
    settings::ENGLISH,
    tax::ENGLISH,
    values::ENGLISH,
    webhooks::ENGLISH,
    wishlist::ENGLISH,
];

/// The sentence of a code in English, with its values put in.
pub(crate) fn english(code: &str, values: &[(&'static str, String)]) -> String {
    let sentence = TABLES.into_iter().flatten().find(|(known, _)| *known == code).map_or(code, |(_, text)| *text);
    let put_in = |text: String, (name, value): &(&'static str, String)| text.replace(&format!("{{{name}}}"), value);
    values.iter().fold(sentence.to_owned(), put_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_is_written_as_context_and_case() {
        let mut codes: Vec<&str> = TABLES.into_iter().flatten().map(|(code, _)| *code).collect();
        let well_formed = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        for code in &codes {
            assert!(
                code.split_once('.').is_some_and(|(context, case)| well_formed(context) && well_formed(case)),
                "{code}"
            );
        }
        codes.sort_unstable();
        assert!(codes.windows(2).all(|two| two[0] != two[1]), "{codes:?}");
    }

    #[test]
    fn values_are_put_into_the_sentence() {
        let title = ("title", "The Bell".to_owned());
        assert_eq!(english("cart.sold-out", &[title]), "“The Bell” is sold out.");
    }
}
