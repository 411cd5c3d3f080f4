//! Which word is being spoken, and which stretch of a transcript is worth having at hand.

use domain::transcript::{Segment, Word};
use std::ops::RangeInclusive;

/// A word stays lit this long after its end while the next has not begun, in milliseconds.
pub const AFTERGLOW_MS: i64 = 700;
/// A transcript is fetched in stretches of this length, in milliseconds: about three hundred words.
pub const STRETCH_MS: i64 = 120_000;
/// No more stretches than this are kept on the page while it follows the voice.
pub const MOST_STRETCHES: i64 = 8;

/// Of words in the order of their start, the one being spoken: the last that began, until shortly after its end.
/// `times` gives the start and end of a word in milliseconds. Takes logarithmic time.
pub fn spoken<T>(words: &[T], at_ms: i64, times: impl Fn(&T) -> (i64, i64)) -> Option<usize> {
    let place = words.partition_point(|word| times(word).0 <= at_ms).checked_sub(1)?;
    (at_ms < times(&words[place]).1 + AFTERGLOW_MS).then_some(place)
}

/// The words of a segment; when they were not timed, its whole text as one.
pub fn words_of(segment: &Segment) -> Vec<Word> {
    if !segment.words.is_empty() {
        return segment.words.clone();
    }
    let Segment { start_ms, end_ms, ref text, .. } = *segment;
    vec![Word { start_ms, end_ms, text: text.clone(), confidence: 1.0 }]
}

/// The stretch that a place of the book lies in, counted from 0.
pub fn stretch_of(at_ms: i64) -> i64 {
    at_ms.max(0) / STRETCH_MS
}

/// Of the segments that touch a stretch, those that belong to it: each belongs to the stretch it begins in.
pub fn of_stretch(segments: Vec<Segment>, stretch: i64) -> Vec<Segment> {
    segments.into_iter().filter(|segment| stretch_of(segment.start_ms) == stretch).collect()
}

/// Which stretches to have on the page when the voice is at `at_ms`: the one before, this one and the next two. What
/// is there already stays as long as it is connected and not too much.
pub fn wanted(there: &RangeInclusive<i64>, at_ms: i64, duration_ms: i64) -> RangeInclusive<i64> {
    let last = stretch_of(duration_ms - 1);
    let here = stretch_of(at_ms).min(last);
    let near = (here - 1).max(0)..=(here + 2).min(last);
    let connected = *near.start() <= *there.end() + 1 && *there.start() <= *near.end() + 1;
    if !connected {
        return near;
    }
    let (mut first, mut end) = (*there.start().min(near.start()), *there.end().max(near.end()));
    while end - first + 1 > MOST_STRETCHES {
        if here - first > end - here { first += 1 } else { end -= 1 }
    }
    first..=end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(start_ms: i64, end_ms: i64) -> Word {
        Word { start_ms, end_ms, text: "word".to_owned(), confidence: 0.9 }
    }

    fn lit(words: &[Word], at_ms: i64) -> Option<usize> {
        spoken(words, at_ms, |word| (word.start_ms, word.end_ms))
    }

    #[test]
    fn the_word_lit_is_the_one_being_spoken() {
        let words = [word(100, 400), word(450, 900), word(3_000, 3_300)];
        assert_eq!(lit(&words, 99), None, "nothing is lit before the first word");
        assert_eq!(lit(&words, 100), Some(0));
        assert_eq!(lit(&words, 449), Some(0), "a short gap keeps the last word lit");
        assert_eq!(lit(&words, 450), Some(1));
        assert_eq!(lit(&words, 900 + AFTERGLOW_MS - 1), Some(1));
        assert_eq!(lit(&words, 900 + AFTERGLOW_MS), None, "a long silence lights nothing");
        assert_eq!(lit(&words, 3_299), Some(2));
        assert_eq!(lit(&[], 5), None);
    }

    #[test]
    fn in_a_long_book_the_search_agrees_with_looking_at_every_word() {
        let words: Vec<_> = (0..5_000).map(|n| word(n * 400, n * 400 + 250 + n % 3 * 50)).collect();
        for at in (0..2_001_000).step_by(777) {
            let slow = words.iter().rposition(|word| word.start_ms <= at);
            let slow = slow.filter(|place| at < words[*place].end_ms + AFTERGLOW_MS);
            assert_eq!(lit(&words, at), slow, "at {at} ms");
        }
    }

    #[test]
    fn a_segment_without_timed_words_is_lit_as_a_whole() {
        let (text, words) = ("Hum hum.".to_owned(), Vec::new());
        let segment = Segment { position: 0, start_ms: 10, end_ms: 90, text, words, speaker: None };
        let words = words_of(&segment);
        assert_eq!((words.len(), words[0].start_ms, words[0].text.as_str()), (1, 10, "Hum hum."));
    }

    #[test]
    fn each_segment_belongs_to_one_stretch() {
        let segment = |start_ms, end_ms| Segment {
            position: 0,
            start_ms,
            end_ms,
            text: String::new(),
            words: Vec::new(),
            speaker: None,
        };
        let touching = vec![segment(119_000, 121_000), segment(121_000, 125_000)];
        let starts = |stretch| {
            of_stretch(touching.clone(), stretch).into_iter().map(|segment| segment.start_ms).collect::<Vec<_>>()
        };
        assert_eq!((starts(0), starts(1)), (vec![119_000], vec![121_000]));
    }

    #[test]
    fn a_ten_hour_transcript_is_never_on_the_page_at_once() {
        let ten_hours = 36_000_000;
        let mut there = wanted(&(0..=0), 0, ten_hours);
        assert_eq!(there, 0..=2);
        for at in (0..ten_hours).step_by(30_000) {
            there = wanted(&there, at, ten_hours);
            let here = stretch_of(at);
            assert!(there.contains(&here) && there.contains(&(here + 1).min(299)), "{there:?} at {at}");
            assert!(there.end() - there.start() < MOST_STRETCHES, "{there:?}");
        }
        assert_eq!(*there.end(), 299, "nothing is asked for beyond the end");
    }

    #[test]
    fn a_jump_far_away_starts_afresh_there() {
        assert_eq!(wanted(&(0..=3), 6_000_000, 36_000_000), 49..=52);
        assert_eq!(wanted(&(0..=0), 0, 4_000), 0..=0, "a short story has one stretch");
        assert_eq!(wanted(&(0..=0), 0, 0), 0..=0, "a book of unknown length too");
    }
}
