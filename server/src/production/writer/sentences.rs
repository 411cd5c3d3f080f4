//! The sentences of a text.

use domain::transcript::stops::is_stop;

/// Words whose full stop ends no sentence.
const SHORTENED: [&str; 13] = ["mr", "mrs", "ms", "dr", "st", "prof", "rev", "capt", "col", "gen", "lt", "sgt", "mme"];

/// What says a word again, in Thai and Lao, with spaces around it.
const AGAIN: [char; 2] = ['ๆ', 'ໆ'];
/// Letters of a clause that a space ends, in scripts without stops.
const CLAUSE: usize = 12;

/// The sentences of a text, each with its closing marks. Scripts without stops part them, and clauses, with spaces.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if !is_stop(sign) {
            if sign.is_whitespace() && is_between_clauses(&text[begin..at], &text[at..]) {
                found.push(text[begin..at].trim());
                begin = at;
            }
            continue;
        }
        let mut end = at + sign.len_utf8();
        while let Some((next, more)) = signs.next_if(|(_, more)| is_stop(*more) || is_closing(*more)) {
            end = next + more.len_utf8();
        }
        if !goes_on(&text[begin..at], sign, &text[end..]) {
            found.push(text[begin..end].trim());
            begin = end;
        }
    }
    found.push(text[begin..].trim());
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

/// Whether a text comes to its end with a mark that says so, where its script has such marks.
pub fn is_ended(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(is_closing);
    bare.ends_with(is_stop) || bare.ends_with(has_no_stops)
}

/// Thai and Lao.
fn has_no_stops(sign: char) -> bool {
    matches!(sign, '\u{E00}'..='\u{EFF}')
}

/// Whether a space lies between two clauses of a script without stops, and not around a sign or a number.
fn is_between_clauses(before: &str, after: &str) -> bool {
    let is_long = |text: &str| text.chars().filter(|sign| sign.is_alphabetic()).nth(CLAUSE - 1).is_some();
    let after = after.trim_start();
    let parts = before.ends_with(has_no_stops) && after.starts_with(has_no_stops) && !after.starts_with(AGAIN);
    parts && is_long(before) && is_long(after)
}

/// A text without what was left open behind its last whole sentence; as it is where there is no whole one.
pub fn whole(text: &str) -> String {
    let mut found = sentences(text);
    if found.len() > 1 && found.last().is_some_and(|last| !is_ended(last)) {
        found.pop();
    }
    found.join(" ")
}

fn is_closing(sign: char) -> bool {
    matches!(sign, '"' | '”' | '’' | '\'' | ')' | ']' | '»')
}

/// Whether the sentence goes on behind the mark: `3.5`, `Mr. Holmes`, `“Stop!” he said`.
fn goes_on(before: &str, end: char, after: &str) -> bool {
    let Some(next) = after.chars().next() else { return false };
    // Those of other scripts stand nowhere else.
    if !end.is_ascii() && end != '…' {
        return false;
    }
    !next.is_whitespace() || after.trim_start().starts_with(char::is_lowercase) || (end == '.' && is_shortened(before))
}

fn is_shortened(before: &str) -> bool {
    let word = before.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
    let mut signs = word.chars();
    let initial = matches!((signs.next(), signs.next()), (Some(first), None) if first.is_uppercase() && first != 'I');
    initial || SHORTENED.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_a_reader_would_breathe() {
        let text = "Mr. Holmes met J. R. Hale at 3.15. “Stop!” he cried. It was late… Who knew? And then";
        let found =
            ["Mr. Holmes met J. R. Hale at 3.15.", "“Stop!” he cried.", "It was late…", "Who knew?", "And then"];
        assert_eq!(sentences(text), found);
        assert_eq!(sentences("彼は来た。彼女は去った。"), ["彼は来た。", "彼女は去った。"]);
        assert!(sentences(" … ").is_empty());
        assert_eq!(sentences("वह आया। वह गया।"), ["वह आया।", "वह गया।"]);
        assert!(is_ended("هل جاء؟") && is_ended("وہ آیا۔"));
    }

    #[test]
    fn where_there_are_no_stops_a_space_ends_a_clause() {
        let (one, other) = ("กัปตันเห็นประภาคารในหมอก", "ลูกเรือสั่นระฆังทั้งคืน");
        assert_eq!(sentences(&format!("{one} {other}")), [one, other]);
        let repeated = format!("{one}บ่อย ๆในปีที่แล้วและปีก่อน ปี 12");
        assert_eq!(sentences(&repeated), [repeated.as_str()], "a sign of repetition and a number stand by themselves");
        assert!(is_ended(one) && is_ended("ເຮືອມາ") && !is_ended("A ship comes"));
    }

    #[test]
    fn what_was_left_open_is_left_out_where_something_stays() {
        assert_eq!(whole("A bell rings. A ship comes and the"), "A bell rings.");
        assert_eq!(whole("A ship comes and the"), "A ship comes and the");
    }
}
