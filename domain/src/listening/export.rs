//! A transcript as a file: plain text, or captions as WebVTT or SubRip.

use super::captions::captions;
use crate::transcript::script::{gap, is_stopless};
use crate::transcript::{Chapter, Segment};
use std::fmt::Write;

/// A pause begins a paragraph if it is so many times as long as most pauses between sentences.
const PARAGRAPH_TIMES: f64 = 1.8;
/// It is no shorter, and need not be longer, than this, in milliseconds.
const PARAGRAPH_MS: (i64, i64) = (900, 2_500);
/// Pauses from which that can be told; with fewer, 1.5 seconds begin a paragraph.
const PAUSES: usize = 12;

/// Plain text: a heading for each chapter, a paragraph for each stretch without a long pause, and for each speaker.
pub fn txt(segments: &[Segment], chapters: &[Chapter]) -> String {
    let paragraph_ms = paragraph_ms(segments);
    let mut text = String::new();
    let mut headings = chapters.iter().peekable();
    let mut ended: Option<i64> = None;
    let mut speaker: Option<&str> = None;
    for segment in segments {
        let mut begun = false;
        while let Some(chapter) = headings.next_if(|chapter| chapter.start_ms < segment.end_ms) {
            let gap = if text.is_empty() { "" } else { "\n\n" };
            let _ = write!(text, "{gap}{}\n\n", one_line(&chapter.title));
            begun = true;
        }
        let said = one_line(&segment.text);
        match ended {
            _ if begun => {}
            None => {}
            Some(_) if segment.speaker.as_deref() != speaker => text.push_str("\n\n"),
            Some(ended) if segment.start_ms - ended >= paragraph_ms => text.push_str("\n\n"),
            Some(_) => text.push_str(between(&text, &said)),
        }
        if segment.speaker.as_deref() != speaker {
            speaker = segment.speaker.as_deref();
            if let Some(name) = speaker {
                let _ = write!(text, "{}: ", one_line(name));
            }
        }
        text.push_str(&said);
        ended = Some(segment.end_ms);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// What stands between two sentences. Thai and its kin part them by a space, having no full stops.
fn between(before: &str, after: &str) -> &'static str {
    if before.ends_with(is_stopless) { " " } else { gap(before, after) }
}

/// The pause that begins a paragraph, in milliseconds: one that is long for this reader.
fn paragraph_ms(segments: &[Segment]) -> i64 {
    let pauses = segments.windows(2).map(|two| two[1].start_ms - two[0].end_ms);
    let mut pauses: Vec<i64> = pauses.filter(|pause| *pause > 0).collect();
    if pauses.len() < PAUSES {
        return 1_500;
    }
    pauses.sort_unstable();
    let usual = pauses[pauses.len() / 2] as f64;
    ((usual * PARAGRAPH_TIMES) as i64).clamp(PARAGRAPH_MS.0, PARAGRAPH_MS.1)
}

/// WebVTT (W3C): the captions, with the voices that are named, and a note before the first one of each chapter.
pub fn vtt(segments: &[Segment], chapters: &[Chapter]) -> String {
    let mut text = "WEBVTT\n".to_owned();
    let mut headings = chapters.iter().peekable();
    for (number, caption) in (1..).zip(captions(segments)) {
        while let Some(chapter) = headings.next_if(|chapter| chapter.start_ms < caption.end_ms) {
            // `-->` ends a note, wherever it stands.
            let _ = write!(text, "\nNOTE {}\n", one_line(&chapter.title).replace("-->", "→"));
        }
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let voice = caption.speaker.as_deref().map(|name| format!("<v {}>", escaped(&one_line(name))));
        let (voice, lines) = (voice.unwrap_or_default(), escaped(&caption.lines.join("\n")));
        let (from, to) = (clock(caption.start_ms, '.'), clock(caption.end_ms, '.'));
        let _ = write!(text, "\n{number}\n{from} --> {to}\n{voice}{lines}\n");
    }
    text
}

/// SubRip: the captions, a speaker's name before their first. It knows no chapters. The angle brackets that some players take for markup become others that look
/// alike: the format has no way to escape them.
pub fn srt(segments: &[Segment]) -> String {
    let mut text = String::new();
    let mut speaker: Option<String> = None;
    for (number, caption) in (1..).zip(captions(segments)) {
        let named = caption.speaker.as_deref().filter(|name| speaker.as_deref() != Some(*name));
        let name = named.map(|name| format!("{}: ", one_line(name))).unwrap_or_default();
        let lines =
            (name + &caption.lines.join("\n")).replace('<', "‹").replace('>', "›").replace('{', "(").replace('}', ")");
        let gap = if number == 1 { "" } else { "\n" };
        let (from, to) = (clock(caption.start_ms, ','), clock(caption.end_ms, ','));
        let _ = write!(text, "{gap}{number}\n{from} --> {to}\n{lines}\n");
        speaker = caption.speaker;
    }
    text
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
        Segment { position, start_ms, end_ms, text: text.to_owned(), words: Vec::new(), speaker: None }
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
             2\n10:01:01.004 --> 10:01:02.062\nThe end --&gt; of it.\n"
        );
    }

    #[test]
    fn srt_has_commas_in_its_times_and_no_markup() {
        let segments = [said(0, 999, 999, "<b>Bold</b>"), said(1, 60_000, 61_500, "{\\an8}Up.")];
        assert_eq!(
            srt(&segments),
            "1\n00:00:00,999 --> 00:00:01,999\n‹b›Bold‹/b›\n\n2\n00:01:00,000 --> 00:01:01,500\n(\\an8)Up.\n"
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
    fn speakers_are_named_where_they_begin() {
        let by = |speaker: &str, segment| Segment { speaker: Some(speaker.to_owned()), ..segment };
        let segments = [
            said(0, 0, 1_900, "It was night."),
            by("Tom & <Ann>", said(1, 2_000, 3_900, "Who is there?")),
            by("Tom & <Ann>", said(2, 4_000, 5_900, "Speak!")),
            said(3, 6_000, 7_900, "Nobody spoke."),
        ];
        assert_eq!(txt(&segments, &[]), "It was night.\n\nTom & <Ann>: Who is there? Speak!\n\nNobody spoke.\n");
        assert!(vtt(&segments, &[]).contains("\n<v Tom &amp; &lt;Ann&gt;>Who is there?"));
        assert!(vtt(&segments, &[]).contains("\nNobody spoke.\n"));
        let srt = srt(&segments);
        assert!(srt.contains("\nTom & ‹Ann›: Who is there?") && srt.matches("Tom").count() == 1, "{srt}");
    }

    #[test]
    fn a_book_without_words_makes_an_empty_file() {
        assert_eq!((txt(&[], &[]).as_str(), vtt(&[], &[]).as_str(), srt(&[]).as_str()), ("", "WEBVTT\n", ""));
    }
}
