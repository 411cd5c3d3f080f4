//! Chapters that are announced: “Chapter one”, after a silence.

use super::Chapter;
use super::segments::Sentence;

/// A heading is said after a silence at least this long, in milliseconds, unless it opens the book.
const SILENCE_MS: i64 = 700;
/// And is not longer than this, in characters.
const LONGEST: usize = 80;
const KINDS: [&str; 5] = ["chapter", "part", "prologue", "epilogue", "introduction"];

/// The chapters that are announced; none when fewer than two are.
pub fn find(sentences: &[Sentence], end_ms: i64) -> Vec<Chapter> {
    let mut found: Vec<(i64, String)> = Vec::new();
    let mut silent_since = i64::MIN;
    for sentence in sentences {
        if sentence.start_ms.saturating_sub(silent_since) >= SILENCE_MS
            && let Some(title) = heading(&sentence.text)
        {
            found.push((sentence.start_ms, title));
        }
        silent_since = sentence.end_ms;
    }
    if found.len() < 2 {
        return Vec::new();
    }
    // What comes before the first heading belongs to it.
    found[0].0 = 0;
    let ends: Vec<i64> = found.iter().skip(1).map(|(start, _)| *start).chain([end_ms]).collect();
    found.into_iter().zip(ends).map(|((start_ms, title), end_ms)| Chapter { title, start_ms, end_ms }).collect()
}

fn heading(text: &str) -> Option<String> {
    let text = text.trim();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let kind = words.next()?.to_lowercase();
    if text.chars().count() > LONGEST || !KINDS.contains(&kind.as_str()) {
        return None;
    }
    let alone = matches!(kind.as_str(), "prologue" | "epilogue" | "introduction");
    let numbered = words.next().is_some_and(is_number);
    (alone || numbered).then(|| text.trim_end_matches(['.', ',', ':', ';']).to_owned())
}

fn is_number(word: &str) -> bool {
    const NUMBERS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety first second third last";
    let word = word.to_lowercase();
    let roman = word.chars().all(|c| "ivxlc".contains(c));
    word.chars().all(|c| c.is_ascii_digit()) || roman || NUMBERS.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(start_ms: i64, text: &str) -> Sentence {
        Sentence { start_ms, end_ms: start_ms + 2_000, text: text.into() }
    }

    #[test]
    fn announced_chapters_are_found() {
        let book = [
            said(300, "Chapter one."),
            said(3_000, "It was night."),
            said(9_000, "Chapter 2: The Storm"),
            said(12_000, "Part of the roof was gone."),
        ];
        let chapters = find(&book, 20_000);
        assert_eq!(
            chapters.iter().map(|c| c.title.as_str()).collect::<Vec<_>>(),
            ["Chapter one", "Chapter 2: The Storm"]
        );
        assert_eq!((chapters[0].start_ms, chapters[1].start_ms, chapters[1].end_ms), (0, 9_000, 20_000));
    }

    #[test]
    fn a_book_without_headings_has_no_chapters() {
        assert!(find(&[said(0, "The chapter was over."), said(5_000, "Part of me knew.")], 10_000).is_empty());
    }
}
