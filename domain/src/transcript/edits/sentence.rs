//! A sentence as somebody writes it: on one line, or on several where it is cut.

use super::rows::Row;
use crate::transcript::Standing;
use crate::transcript::retime::{retimed, split};
use crate::{Error, Result};
use uuid::Uuid;

/// Longest text of a sentence, in characters.
pub(super) const LONGEST: usize = 2_000;
/// Longest name of a speaker, in characters.
const LONGEST_NAME: usize = 100;

/// A text on one line, as a sentence takes it.
///
/// # Errors
/// [`Error::Invalid`] when it is empty or too long.
pub(in crate::transcript) fn worded(text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(Error::invalid("text", "transcript.empty"));
    }
    if text.chars().count() > LONGEST {
        return Err(Error::invalid("text", "transcript.too-long"));
    }
    Ok(text)
}

/// A speaker's name, which may be empty.
pub(super) fn name(text: &str) -> Result<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::invalid("speaker", "transcript.speaker-too-long").with("most", LONGEST_NAME));
    }
    Ok(name)
}

/// The lines of a text, each a sentence.
///
/// # Errors
/// [`Error::Invalid`] when there is none, or one is too long.
pub(super) fn lines(text: &str) -> Result<Vec<String>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(worded).collect::<Result<_>>()?;
    if lines.is_empty() { Err(Error::invalid("text", "transcript.empty")) } else { Ok(lines) }
}

/// A sentence as these lines of text. Each word keeps its time; the lines after the first are sentences of their own.
///
/// # Errors
/// [`Error::Invalid`] when the text is too long.
pub(in crate::transcript) fn cut(old: &Row, lines: &[String]) -> Result<Vec<Row>> {
    let whole = lines.join(" ");
    if whole.chars().count() > LONGEST {
        return Err(Error::invalid("text", "transcript.too-long"));
    }
    let heard = old.heard_text.as_deref().unwrap_or(&old.text).to_owned();
    let same = squeezed(&whole) == squeezed(&old.text);
    let as_heard = squeezed(&whole) == squeezed(&heard);
    let standing = match (as_heard, old.standing) {
        (true, Standing::Heard) => Standing::Heard,
        (true, _) => Standing::Accepted,
        (false, _) => Standing::Corrected,
    };
    let words = if same && lines.len() == 1 {
        old.words.clone()
    } else {
        retimed(&old.words, &whole, (old.start_ms, old.end_ms))
    };
    let mut rest = words.as_slice();
    let mut made: Vec<Row> = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let last = place + 1 == lines.len();
        let length = if last { rest.len() } else { split(line).len().min(rest.len()) };
        let (own, others) = rest.split_at(length);
        rest = others;
        let begins = own.first().map_or(old.start_ms, |word| word.start_ms);
        let ends = own.last().map_or(old.end_ms, |word| word.end_ms);
        // Two sentences that begin at one moment have no order.
        let least = made.last().map_or(old.start_ms, |before| before.start_ms + 1);
        let start_ms = if place == 0 { old.start_ms } else { begins.max(least) };
        made.push(Row {
            id: if place == 0 { old.id } else { Uuid::now_v7() },
            start_ms,
            end_ms: if last { old.end_ms.max(start_ms) } else { ends.max(start_ms) },
            text: line.clone(),
            words: own.to_vec(),
            standing,
            heard_text: (place == 0 && !as_heard).then(|| heard.clone()),
            apart: place > 0 || old.apart,
            ..old.clone()
        });
    }
    Ok(made)
}

/// A text without its spaces, which a cut between two sentences may add or take away.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Word;

    /// A sentence of words of half a second each.
    fn row(text: &str) -> Row {
        let word = |(n, text): (i64, &str)| Word {
            start_ms: 1_000 + n * 500,
            end_ms: 1_400 + n * 500,
            text: text.to_owned(),
            confidence: 0.5,
        };
        let words: Vec<Word> = (0..).zip(text.split(' ')).map(word).collect();
        Row {
            id: Uuid::now_v7(),
            chunk_id: None,
            position: 3,
            start_ms: 900,
            end_ms: words.last().unwrap().end_ms + 100,
            text: text.to_owned(),
            words,
            confidence: 0.5,
            flag: None,
            standing: Standing::Heard,
            heard_text: None,
            by_hand: false,
            apart: false,
            speaker: None,
        }
    }

    fn cut_at(row: &Row, text: &str) -> Vec<Row> {
        cut(row, &lines(text).unwrap()).unwrap()
    }

    #[test]
    fn a_line_break_ends_a_sentence_and_every_word_keeps_its_time() {
        let whole = row("She waited and waited then the bell rang.");
        let cut = cut_at(&whole, "She waited and waited,\r\nthen the bell rang.");
        let told: Vec<_> = cut.iter().map(|row| (row.text.as_str(), row.start_ms, row.end_ms, row.apart)).collect();
        assert_eq!(
            told,
            [("She waited and waited,", 900, 2_900, false), ("then the bell rang.", 3_000, whole.end_ms, true)]
        );
        assert_eq!(cut[1].words.iter().map(|word| word.start_ms).collect::<Vec<_>>(), [3_000, 3_500, 4_000, 4_500]);
        assert_eq!((cut[0].id, cut[0].standing), (whole.id, Standing::Corrected));
        assert_eq!(cut[0].heard_text.as_deref(), Some(whole.text.as_str()));
        assert_eq!(cut[1].heard_text, None);
    }

    #[test]
    fn a_sentence_that_is_only_cut_is_believed_as_before() {
        let cut = cut_at(&row("It rang. Nobody came."), "It rang.\n\nNobody came.\n");
        assert!(cut.iter().all(|row| row.standing == Standing::Heard && row.heard_text.is_none()), "{cut:?}");
    }

    #[test]
    fn a_script_without_spaces_is_cut_between_its_signs() {
        let mut whole = row("钟 声 响 了");
        whole.text = "钟声响了".to_owned();
        let cut = cut_at(&whole, "钟声\n响了");
        assert_eq!(cut.iter().map(|row| row.words.len()).collect::<Vec<_>>(), [2, 2]);
        assert_eq!((cut[0].standing, cut[1].start_ms), (Standing::Heard, 2_000));
    }

    #[test]
    fn sentences_out_of_one_moment_still_have_an_order() {
        let mut whole = row("One two three");
        whole.words.clear();
        (whole.start_ms, whole.end_ms) = (1_000, 1_001);
        let cut = cut_at(&whole, "One\ntwo\nthree");
        assert!(cut.windows(2).all(|two| two[0].start_ms < two[1].start_ms), "{cut:?}");
    }

    #[test]
    fn nothing_and_too_much_are_refused_with_a_sentence() {
        assert_eq!(lines(" \n ").unwrap_err().code(), "transcript.empty");
        assert_eq!(lines(&"a".repeat(2_001)).unwrap_err().code(), "transcript.too-long");
        let many = lines(&["a".repeat(1_500), "b".repeat(1_500)].join("\n")).unwrap();
        assert_eq!(cut(&row("It rang."), &many).unwrap_err().code(), "transcript.too-long");
        assert_eq!(name(&"a".repeat(101)).unwrap_err().code(), "transcript.speaker-too-long");
        assert_eq!(name("  The   Cat ").unwrap(), "The Cat");
    }
}
