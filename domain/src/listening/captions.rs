//! Captions out of sentences: short enough for two lines, long enough on the screen to be read, cut where a reader would
//! take a breath.

use crate::transcript::script::{columns, gap, is_spaceless, width};
use crate::transcript::stops::{ends_clause, ends_sentence};
use crate::transcript::{Segment, Word};

/// Columns of a line; a sign of East Asia takes two.
const LINE: usize = 42;
/// A caption stays at least so long, in milliseconds, wherever the next one lets it.
const LEAST_MS: i64 = 1_000;
/// Nor much longer than this while its words are spoken.
const MOST_MS: i64 = 7_000;
/// Columns that are read in a second with ease; a caption stays that long if it can.
const READ_A_SECOND: i64 = 17;
/// Columns that are read in a second at most.
const READ_AT_MOST: i64 = 20;
/// A pause that parts two captions, in milliseconds.
const PAUSE_MS: i64 = 700;
/// Beyond it no caption goes on.
const SILENCE_MS: i64 = 2_000;
/// Words that are weighed together for one caption.
const MOST_WORDS: usize = 90;

/// What stands on the screen at once. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub start_ms: i64,
    pub end_ms: i64,
    /// One or two.
    pub lines: Vec<String>,
    /// Who says it, where somebody said so.
    pub speaker: Option<String>,
}

/// A piece of text that no line break parts.
struct Atom {
    text: String,
    gap: &'static str,
    start_ms: i64,
    end_ms: i64,
    columns: usize,
    /// What it costs to break after it: 0 at the end of a sentence.
    cut: i64,
    ends_sentence: bool,
}

/// The captions of a book, in order, none over another. No caption has words of two speakers.
pub fn captions(segments: &[Segment]) -> Vec<Caption> {
    let mut captions: Vec<Caption> = Vec::new();
    for said in segments.chunk_by(|one, next| one.speaker == next.speaker) {
        for caption in of_one(said) {
            if let Some(before) = captions.last_mut() {
                before.end_ms = before.end_ms.min(caption.start_ms).max(before.start_ms + 1);
            }
            let speaker = said.first().and_then(|segment| segment.speaker.clone());
            captions.push(Caption { speaker, ..caption });
        }
    }
    captions
}

/// The captions of what one speaker says.
fn of_one(segments: &[Segment]) -> Vec<Caption> {
    let atoms = atoms(segments);
    let ends = best_ends(&atoms);
    let mut captions: Vec<Caption> = Vec::with_capacity(ends.len());
    let mut from = 0;
    for end in ends {
        let shown = &atoms[from..end];
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else { continue };
        let free_ms = atoms.get(end).map_or(i64::MAX, |next| next.start_ms);
        let wanted = first.start_ms.saturating_add(reading_ms(columns_of(shown), READ_A_SECOND));
        let end_ms = last.end_ms.max(wanted).min(free_ms).max(first.start_ms + 1);
        captions.push(Caption { start_ms: first.start_ms, end_ms, lines: lines(shown), speaker: None });
        from = end;
    }
    captions
}

/// Time to read so many columns, in milliseconds.
fn reading_ms(columns: usize, a_second: i64) -> i64 {
    LEAST_MS.max(i64::try_from(columns).unwrap_or(0) * 1_000 / a_second)
}

/// The words of all sentences; what is wider than a line is taken apart. Each begins no earlier than the one before.
fn atoms(segments: &[Segment]) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    for (place, segment) in segments.iter().enumerate() {
        let words = timed(segment);
        let following = segments.get(place + 1).map(|next| next.text.as_str());
        for (number, word) in words.iter().enumerate() {
            let next = words.get(number + 1).map(|next| next.text.as_str());
            // A segment is a sentence, or what two pauses leave of one.
            let over = next.is_none() && (following.is_none() || ends_sentence(&word.text, following));
            let ends = over || next.is_some() && ends_sentence(&word.text, next);
            for (text, start_ms, end_ms) in apart(word) {
                let gap = atoms.last().map_or("", |before| gap(&before.text, &text));
                let start_ms = atoms.last().map_or(start_ms, |before| start_ms.max(before.start_ms));
                let columns = width(&text);
                atoms.push(Atom {
                    gap: if text.starts_with(no_start) { "" } else { gap },
                    cut: 600,
                    ends_sentence: false,
                    end_ms: end_ms.max(start_ms),
                    start_ms,
                    columns,
                    text,
                });
            }
            if let Some(last) = atoms.last_mut() {
                last.ends_sentence = ends;
                last.cut = if ends {
                    0
                } else if ends_clause(&word.text) {
                    150
                } else {
                    500
                };
            }
        }
    }
    for place in 1..atoms.len() {
        let pause = atoms[place].start_ms - atoms[place - 1].end_ms;
        if pause >= PAUSE_MS {
            atoms[place - 1].cut = atoms[place - 1].cut.min(50);
        }
    }
    atoms
}

/// The words of a segment; where they have no times, its text shares those of the segment.
fn timed(segment: &Segment) -> Vec<Word> {
    if !segment.words.is_empty() {
        return segment.words.clone();
    }
    crate::transcript::retime::retimed(&[], &segment.text, (segment.start_ms, segment.end_ms))
}

/// A word in parts that fit on half a line, with a share of its time each. Only signs of scripts without spaces part from
/// each other, unless the word is wider than a line.
fn apart(word: &Word) -> Vec<(String, i64, i64)> {
    let text = word.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let total = width(&text).max(1);
    let mut parts: Vec<String> = Vec::new();
    for sign in text.chars() {
        let begins = parts.last().is_none_or(|part| {
            let before = part.chars().next_back().unwrap_or(' ');
            let may_part = columns(sign) > 0 && !no_start(sign) && !no_end(before);
            let free = is_spaceless(sign) && is_spaceless(before) && total > 8;
            may_part && (free || width(part) + columns(sign) > LINE) || width(part) >= LINE
        });
        match parts.last_mut() {
            Some(part) if !begins => part.push(sign),
            _ => parts.push(sign.to_string()),
        }
    }
    let (span, mut before) = ((word.end_ms - word.start_ms).max(0), 0);
    let share =
        |columns: usize| word.start_ms + span * i64::try_from(columns).unwrap_or(0) / i64::try_from(total).unwrap_or(1);
    parts
        .into_iter()
        .map(|part| {
            let from = share(before);
            before += width(&part);
            (part, from, share(before))
        })
        .collect()
}

/// Signs that no line begins with: closing marks, small kana, vowels of Thai and Lao that follow their consonant.
fn no_start(sign: char) -> bool {
    "、。，．：；？！）」』】〕〉》”’…‥・ーァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ々ะาำๅๆฯະາຳ,.;:?!)]}»".contains(sign)
}

/// Signs that no line ends with: opening marks, vowels of Thai and Lao that go before their consonant.
fn no_end(sign: char) -> bool {
    "（「『【〔〈《“‘เแโใไເແໂໃໄ([{«¿¡".contains(sign)
}

/// Where captions end, so that all together cost least: after which atoms, counted from 1. Takes linear time.
fn best_ends(atoms: &[Atom]) -> Vec<usize> {
    // What lies before each atom: columns, with the gaps, and sentences that ended.
    let (mut columns, mut sentences) = (vec![0], vec![0_i64]);
    for (place, atom) in atoms.iter().enumerate() {
        columns.push(columns[place] + atom.gap.len() + atom.columns);
        sentences.push(sentences[place] + i64::from(atom.ends_sentence));
    }
    let wide = |from: usize, end: usize| columns[end] - columns[from] - atoms[from].gap.len();
    let mut best = vec![(i64::MAX, 0_usize); atoms.len() + 1];
    best[0].0 = 0;
    for from in 0..atoms.len() {
        let (so_far, _) = best[from];
        // The last place where the second line may begin.
        let mut lower = from;
        for end in from + 1..=atoms.len().min(from + MOST_WORDS) {
            if wide(from, end) <= LINE {
                lower = end;
            }
            let fits = lower == end || lower > from && wide(lower, end) <= LINE;
            if end > from + 1 && (!fits || silence_between(&atoms[end - 2], &atoms[end - 1])) {
                break;
            }
            let shown = Shown {
                columns: wide(from, end),
                joined: sentences[end - 1] - sentences[from],
                spoken_ms: atoms[end - 1].end_ms - atoms[from].start_ms,
                free_ms: atoms.get(end).map_or(i64::MAX / 4, |next| next.start_ms - atoms[from].start_ms),
                cut: atoms[end - 1].cut,
            };
            let cost = so_far.saturating_add(shown.cost());
            if cost < best[end].0 {
                best[end] = (cost, from);
            }
        }
    }
    let mut ends = Vec::new();
    let mut at = atoms.len();
    while at > 0 {
        ends.push(at);
        at = best[at].1;
    }
    ends.reverse();
    ends
}

fn silence_between(before: &Atom, after: &Atom) -> bool {
    after.start_ms - before.end_ms >= SILENCE_MS
}

/// What tells whether a caption is a good one.
struct Shown {
    columns: usize,
    /// Sentences that end before its last word.
    joined: i64,
    spoken_ms: i64,
    /// From its beginning to that of the next one.
    free_ms: i64,
    /// What it costs to end there.
    cut: i64,
}

impl Shown {
    /// Too short to be read is dear, a cut inside a clause as well, a sentence joined with the next a little.
    fn cost(&self) -> i64 {
        let mut cost = 100 + self.cut + self.joined * 120;
        if self.free_ms < LEAST_MS {
            cost += 3_000 + (LEAST_MS - self.free_ms) * 3;
        }
        let needed = reading_ms(self.columns, READ_AT_MOST);
        if self.free_ms < needed {
            cost += (needed - self.free_ms) * 1_000 / needed;
        }
        cost + (self.spoken_ms - MOST_MS).max(0)
    }
}

fn columns_of(shown: &[Atom]) -> usize {
    shown.iter().enumerate().map(|(place, atom)| atom.columns + if place > 0 { atom.gap.len() } else { 0 }).sum()
}

/// Where the second line begins: 0 for a single line; `None` when it does not fit on two.
fn broken(shown: &[Atom]) -> Option<usize> {
    if columns_of(shown) <= LINE {
        return Some(0);
    }
    let total = columns_of(shown);
    let mut upper = 0;
    let mut found: Option<(i64, usize)> = None;
    for place in 1..shown.len() {
        upper += shown[place - 1].columns + if place > 1 { shown[place - 1].gap.len() } else { 0 };
        let lower = total - upper - shown[place].gap.len();
        if upper > LINE || lower > LINE {
            continue;
        }
        // Even lines, but rather the break where a clause ends.
        let worth = i64::try_from(upper.abs_diff(lower)).unwrap_or(0) + shown[place - 1].cut.min(500) / 50;
        if found.is_none_or(|(least, _)| worth < least) {
            found = Some((worth, place));
        }
    }
    found.map(|(_, place)| place)
}

fn lines(shown: &[Atom]) -> Vec<String> {
    let text = |atoms: &[Atom]| {
        let mut text = String::new();
        for (place, atom) in atoms.iter().enumerate() {
            text.push_str(if place > 0 { atom.gap } else { "" });
            text.push_str(&atom.text);
        }
        text
    };
    match broken(shown) {
        None | Some(0) => vec![text(shown)],
        Some(place) => vec![text(&shown[..place]), text(&shown[place..])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sentences read at `a_second` letters, with a pause after each.
    fn read(sentences: &[&str], a_second: i64, pause_ms: i64) -> Vec<Segment> {
        let mut at = 0;
        let mut segments = Vec::new();
        for (position, text) in (0..).zip(sentences) {
            let start_ms = at;
            let mut words = Vec::new();
            let parts: Vec<String> = if !text.contains(is_spaceless) {
                text.split(' ').map(str::to_owned).collect()
            } else {
                text.chars().map(String::from).collect()
            };
            for text in parts {
                let long = i64::try_from(width(&text) + 1).unwrap() * 1000 / a_second;
                words.push(Word { start_ms: at, end_ms: at + long, text, confidence: 1.0 });
                at += long;
            }
            segments.push(Segment { position, start_ms, end_ms: at, text: (*text).to_owned(), words, speaker: None });
            at += pause_ms;
        }
        segments
    }

    /// What holds for the captions of anything.
    fn sound(captions: &[Caption]) {
        for caption in captions {
            assert!((1..=2).contains(&caption.lines.len()), "{caption:?}");
            assert!(caption.lines.iter().all(|line| width(line) <= LINE && line.trim() == line), "{caption:?}");
            assert!(caption.end_ms > caption.start_ms, "{caption:?}");
        }
        assert!(captions.windows(2).all(|two| two[0].end_ms <= two[1].start_ms), "{captions:?}");
    }

    const AUSTEN: &[&str] = &[
        "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.",
        "However little known the feelings or views of such a man may be on his first entering a neighbourhood, this truth is \
         so well fixed in the minds of the surrounding families, that he is considered the rightful property of some one or \
         other of their daughters.",
        "“Yes.”",
        "“No!”",
        "“You want to tell me, and I have no objection to hearing it.”",
    ];

    #[test]
    fn captions_fit_on_two_lines_and_stay_long_enough_to_be_read() {
        for a_second in [12, 15, 18] {
            let captions = captions(&read(AUSTEN, a_second, 400));
            sound(&captions);
            for caption in &captions {
                let (shown, columns) =
                    (caption.end_ms - caption.start_ms, caption.lines.iter().map(|line| width(line)).sum::<usize>());
                assert!(shown >= LEAST_MS, "{caption:?}");
                assert!(columns as i64 * 1000 <= shown * (READ_AT_MOST + 1), "{a_second}: {caption:?}");
            }
        }
    }

    #[test]
    fn a_sentence_is_cut_where_a_clause_ends_and_its_lines_are_even() {
        let captions = captions(&read(&AUSTEN[..1], 15, 0));
        let lines: Vec<_> = captions.iter().map(|caption| caption.lines.clone()).collect();
        assert_eq!(
            lines,
            [
                vec!["It is a truth universally acknowledged,"],
                vec!["that a single man in possession of a", "good fortune, must be in want of a wife."]
            ]
        );
    }

    #[test]
    fn a_word_as_short_as_yes_shares_its_caption() {
        let captions = captions(&read(&["“Yes.”", "“No!”", "“Perhaps.”"], 15, 100));
        sound(&captions);
        assert_eq!(captions[0].lines, ["“Yes.” “No!”"]);
        let alone = super::captions(&read(&["“Yes.”", "“No!”"], 15, 5_000));
        assert_eq!(alone.iter().map(|caption| caption.end_ms - caption.start_ms).collect::<Vec<_>>(), [1_000, 1_000]);
    }

    #[test]
    fn signs_of_east_asia_count_double_and_no_line_begins_with_a_full_stop() {
        let text = "从前有一座灯塔，塔里住着一位老人，他每天晚上都要点亮灯火，好让远处的船只平安回到港口，从来没有一天忘记过这件事情。";
        let captions = captions(&read(&[text], 8, 0));
        sound(&captions);
        assert!(captions.len() > 1);
        let all: String = captions.iter().flat_map(|caption| caption.lines.clone()).collect();
        assert_eq!(all, text, "nothing is lost, and no space comes in");
        assert!(captions.iter().flat_map(|caption| &caption.lines).all(|line| !line.starts_with(['，', '。'])));
    }

    #[test]
    fn thai_without_spaces_is_cut_and_no_mark_is_torn_off() {
        let text = "วันหนึ่งมีเรือลำใหญ่เข้ามาในท่าและกัปตันก็เดินลงมาจากเรือพร้อมกับลูกเรือทุกคนเพื่อไปฟังเสียงระฆังที่ดังมาจากหอคอย";
        let word = Word { start_ms: 0, end_ms: 9_000, text: text.to_owned(), confidence: 1.0 };
        let words = vec![word];
        let segment = Segment { position: 0, start_ms: 0, end_ms: 9_000, text: text.to_owned(), words, speaker: None };
        let captions = captions(&[segment]);
        sound(&captions);
        let lines: Vec<_> = captions.iter().flat_map(|caption| caption.lines.clone()).collect();
        assert_eq!(lines.concat(), text);
        assert!(lines.iter().all(|line| line.chars().next().is_some_and(|sign| columns(sign) > 0 && !no_start(sign))));
    }

    #[test]
    fn text_without_the_times_of_words_shares_those_of_its_sentence() {
        let segment = Segment {
            position: 0,
            start_ms: 1_000,
            end_ms: 11_000,
            text: AUSTEN[0].to_owned(),
            words: Vec::new(),
            speaker: None,
        };
        let captions = captions(&[segment]);
        sound(&captions);
        assert_eq!((captions.len(), captions[0].start_ms), (2, 1_000));
    }

    #[test]
    fn a_word_wider_than_a_line_and_times_out_of_order_do_no_harm() {
        let word = |text: &str, start_ms, end_ms| Word { start_ms, end_ms, text: text.to_owned(), confidence: 1.0 };
        let words = vec![word(&"a".repeat(200), 500, 900), word("then", 100, 50), word("end.", 100, 4_000)];
        let segment = Segment { position: 0, start_ms: 0, end_ms: 4_000, text: String::new(), words, speaker: None };
        sound(&captions(&[segment]));
        assert_eq!(captions(&[]), []);
    }
}
