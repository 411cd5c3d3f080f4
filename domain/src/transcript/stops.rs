//! Where a sentence ends, in any script.

/// What ends a sentence: Latin, East Asian, Arabic, Indic, Armenian, Ethiopic, Khmer and Burmese signs.
const STOPS: &str = ".!?…。！？．｡؟۔।॥։።፧។။";
/// What may stand after the stop and still belongs to the sentence.
const CLOSING: &str = "\"'”’»›)]}」』）】〉》";
/// What may stand before the first letter of a sentence.
const OPENING: &str = "\"'“‘«‹„‚([{「『（【〈《¿¡—–-*";

/// Abbreviations that a name or another word follows: their full stop ends nothing.
const BEFORE_WORDS: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "prof", "rev", "hon", "st", "ste", "mt", "messrs", "mme", "mlle", "mgr", "capt",
    "cpt", "col", "gen", "lt", "sgt", "cpl", "maj", "adm", "gov", "sen", "supt", "insp", "sra", "srta", "dra", "sig",
    "dott", "hr", "fr", "vs", "viz", "cf", "bzw", "ca", "approx", "e.g", "i.e", "z.b", "d.h", "u.a",
];
/// Abbreviations that a number follows.
const BEFORE_NUMBERS: &[&str] =
    &["no", "nos", "nr", "vol", "vols", "ch", "chap", "p", "pp", "fig", "art", "sec", "op", "bk", "pt"];
/// Abbreviations that may end a sentence as well: it is told by what follows.
const EITHER: &[&str] =
    &["etc", "jr", "sr", "esq", "inc", "ltd", "co", "corp", "bros", "dept", "ave", "blvd", "usw", "ph.d", "b.sc"];

/// Whether a sign may end a sentence.
pub fn is_stop(sign: char) -> bool {
    STOPS.contains(sign)
}

/// Whether a sentence ends with `text`, of which the last word counts; `next` is what is said after it, if that is known.
pub fn ends_sentence(text: &str, next: Option<&str>) -> bool {
    let bare = text.trim_end().trim_end_matches(|sign| CLOSING.contains(sign));
    let Some(stop) = bare.chars().next_back().filter(|sign| is_stop(*sign)) else { return false };
    let first =
        next.and_then(|next| next.trim_start().trim_start_matches(|sign| OPENING.contains(sign)).chars().next());
    // “Oh dear!” said the Rabbit.
    if first.is_some_and(char::is_lowercase) {
        return false;
    }
    stop != '.' || !is_abbreviation(bare, first)
}

/// Whether the full stop at the end of a text belongs to an abbreviation, by its last word and the first sign after it.
fn is_abbreviation(text: &str, next: Option<char>) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or(text);
    let Some(word) = word.trim_start_matches(|sign| OPENING.contains(sign)).strip_suffix('.') else { return false };
    let small = word.to_lowercase();
    let begins_anew = next.is_none_or(char::is_uppercase);
    if BEFORE_WORDS.contains(&small.as_str()) {
        return true;
    }
    if BEFORE_NUMBERS.contains(&small.as_str()) {
        return next.is_some_and(char::is_numeric);
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        // An initial: J. Austen. “So did I.” ends, and so does 7.
        (Some(letter), None) => letter.is_uppercase() && letter != 'I',
        // a.m., U.S.
        _ if word.split('.').all(|part| part.chars().count() == 1) && word.contains('.') => !begins_anew,
        _ => EITHER.contains(&small.as_str()) && !begins_anew,
    }
}

/// Whether a clause ends with a word.
pub fn ends_clause(word: &str) -> bool {
    let bare = word.trim_end_matches(|sign| CLOSING.contains(sign));
    bare.ends_with([',', ';', ':', '—', '–', '、', '，', '；', '：', '،', '؛'])
}

/// Whether a text has any sign that ends a sentence or a clause.
pub fn has_stops(text: &str) -> bool {
    text.contains(|sign| STOPS.contains(sign) || ",;:—–、，；：،؛".contains(sign))
}

/// Whether a word is nothing but signs that belong to the sentence before.
pub fn is_closing(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|sign| CLOSING.contains(sign) || STOPS.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_with_its_stop_in_any_script() {
        for (text, next) in [
            ("rang.", Some("Then")),
            ("rang.”", Some("“Then")),
            ("Really?!", None),
            ("响了。", Some("船")),
            ("何ですか？」", Some("と")),
            ("है।", Some("वह")),
            ("؟كيف حالك؟", Some("أنا")),
            ("So did I.", Some("He")),
            ("in 1815.", Some("Then")),
            ("and so on, etc.", Some("Then")),
            ("at 5 p.m.", Some("The")),
            ("No.", Some("She")),
            ("wait...", Some("Then")),
        ] {
            assert!(ends_sentence(text, next), "{text} | {next:?}");
        }
    }

    #[test]
    fn an_abbreviation_ends_no_sentence() {
        for (text, next) in [
            ("Mr.", Some("Bennet")),
            ("and Mrs.", None),
            ("“Dr.", Some("Watson")),
            ("St.", Some("Albans")),
            ("No.", Some("7")),
            ("J.", Some("Austen")),
            ("etc.", Some("and")),
            ("at 5 p.m.", Some("on")),
            ("e.g.", Some("Bath")),
            ("“Oh dear!”", Some("said")),
            ("wait…", Some("and")),
            ("tired of sitting by her", Some("sister")),
            ("3.5", Some("miles")),
        ] {
            assert!(!ends_sentence(text, next), "{text} | {next:?}");
        }
    }
}
