//! A transcript as a file: plain text, WebVTT or SubRip.

use crate::transcript::{Chapter, Segment};
use std::fmt::Write;

/// Plain text: a heading for each chapter, a paragraph for each stretch without a long pause.
pub fn txt(segments: &[Segment], chapters: &[Chapter]) -> String {
    /// A pause of this many milliseconds begins a paragraph.
    const PARAGRAPH_MS: i64 = 1500;
    let mut text = String::new();
    let mut headings = chapters.iter().peekable();
    let mut ended: Option<i64> = None;
    for segment in segments {
        let mut begun = false;
        while let Some(chapter) = headings.next_if(|chapter| chapter.start_ms < segment.end_ms) {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            let _ = write!(text, "{gap}{}\n\n", one_line(&chapter.title));
            begun = true;
        }
        match ended {
            _ if begun => {}
            None => {}
            Some(ended) if segment.start_ms - ended >= PARAGRAPH_MS => text.push_str("\n\n"),
            Some(_) => text.push(' '),
        }
        text.push_str(&one_line(&segment.text));
        ended = Some(segment.end_ms);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// WebVTT (W3C): a cue for each segment, a note before the first cue of each chapter.
pub fn vtt(segments: &[Segment], chapters: &[Chapter]) -> String {
    let mut text = "WEBVTT\n".to_owned();
    let mut headings = chapters.iter().peekable();
    for (number, segment) in (1..).zip(segments) {
        while let Some(chapter) = headings.next_if(|chapter| chapter.start_ms < segment.end_ms) {
            // `-->` ends a note, wherever it stands.
            let _ = write!(text, "\nNOTE {}\n", one_line(&chapter.title).replace("-->", "→"));
        }
        let words = one_line(&segment.text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ =
            write!(text, "\n{number}\n{} --> {}\n{words}\n", clock(segment.start_ms, '.'), clock(end(segment), '.'));
    }
    text
}

/// SubRip: a cue for each segment. It knows no chapters. The angle brackets that some players take for markup become
/// others that look alike: the format has no way to escape them.
pub fn srt(segments: &[Segment]) -> String {
    let mut text = String::new();
    for (number, segment) in (1..).zip(segments) {
        let words = one_line(&segment.text).replace('<', "‹").replace('>', "›").replace('{', "(").replace('}', ")");
        let gap = if number == 1 { "" } else { "\n" };
        let _ =
            write!(text, "{gap}{number}\n{} --> {}\n{words}\n", clock(segment.start_ms, ','), clock(end(segment), ','));
    }
    text
}

/// A cue must end after it begins, or players drop it.
fn end(segment: &Segment) -> i64 {
    segment.end_ms.max(segment.start_ms + 1)
}

/// A blank line would end a cue.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `01:02:03.004`, with the sign that the format has before the milliseconds.
fn clock(ms: i64, sign: char) -> String {
    let ms = ms.max(0);
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{sign}{:03}", ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(position: i32, start_ms: i64, end_ms: i64, text: &str) -> Segment {
        Segment { position, start_ms, end_ms, text: text.to_owned(), words: Vec::new() }
    }

    fn chapter(title: &str, start_ms: i64, end_ms: i64) -> Chapter {
        Chapter { title: title.to_owned(), start_ms, end_ms }
    }

    #[test]
    fn vtt_has_exact_times_and_escapes_markup() {
        let segments =
            [said(0, 0, 1250, "Salt & <i>pepper</i>."), said(1, 36_061_004, 36_062_000, "The  end --> \n\nof it.")];
        assert_eq!(
            vtt(&segments, &[chapter("One --> two", 0, 5000)]),
            "WEBVTT\n\nNOTE One → two\n\n1\n00:00:00.000 --> 00:00:01.250\nSalt &amp; &lt;i&gt;pepper&lt;/i&gt;.\n\n\
             2\n10:01:01.004 --> 10:01:02.000\nThe end --&gt; of it.\n"
        );
    }

    #[test]
    fn srt_has_commas_in_its_times_and_no_markup() {
        let segments = [said(0, 999, 999, "<b>Bold</b>"), said(1, 60_000, 61_500, "{\\an8}Up.")];
        assert_eq!(
            srt(&segments),
            "1\n00:00:00,999 --> 00:00:01,000\n‹b›Bold‹/b›\n\n2\n00:01:00,000 --> 00:01:01,500\n(\\an8)Up.\n"
        );
    }

    #[test]
    fn plain_text_has_chapters_and_paragraphs() {
        let segments = [
            said(0, 0, 900, "It was night."),
            said(1, 1000, 2000, "Nobody slept."),
            said(2, 4000, 5000, "Then came morning."),
            said(3, 10_000, 11_000, "They left."),
        ];
        assert_eq!(
            txt(&segments, &[chapter("Night", 0, 9000), chapter("Day", 9000, 12_000)]),
            "Night\n\nIt was night. Nobody slept.\n\nThen came morning.\n\nDay\n\nThey left.\n"
        );
    }

    #[test]
    fn a_book_without_words_makes_an_empty_file() {
        assert_eq!((txt(&[], &[]).as_str(), vtt(&[], &[]).as_str(), srt(&[]).as_str()), ("", "WEBVTT\n", ""));
    }
}
