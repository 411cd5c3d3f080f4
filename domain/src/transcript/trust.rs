//! Whether what a speech model heard can be believed: by its own measures, by the pace, and by what comes again and again.
//! What cannot is heard once more with other settings, and marked if that is no better.
//!
//! The measures, and the limits of the first three, are those of the Whisper paper (Radford et al., 2022, section 4.5).
//! It takes silence for speech unless two of them agree; here one is enough, as a person looks at what is marked. With
//! whisper base, silence, noise, tones and music were seen at 0.62 to 0.99 of no speech, people reading at 0.28 at most.

use super::loops::looping;
use super::script::is_spaceless;
use super::{Doubt, TranscribedSegment, Word};

/// Less than this average log probability is doubtful.
const LEAST_LOG_PROBABILITY: f32 = -1.0;
/// More than this ratio of text to its compressed self is a loop.
const MOST_COMPRESSION: f32 = 2.4;
/// More than this probability that nothing is said is doubtful.
const MOST_NO_SPEECH: f32 = 0.5;
/// Less than this mean probability of the words is doubtful.
const LEAST_CONFIDENCE: f32 = 0.35;
/// More letters a second than this says nobody: the quickest readers reach about 25.
const MOST_LETTERS_A_SECOND: f64 = 35.0;
/// Less is text spread over something else, in a piece of at least [`SLOW_FROM_MS`].
const LEAST_LETTERS_A_SECOND: f64 = 1.5;
const SLOW_FROM_MS: i64 = 6_000;
/// Letters from which a pace means something.
const PACE_FROM: usize = 20;

/// What a model says of its own text. An engine without a measure says what is beyond doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Natural logarithm, averaged over the tokens: 0 is certainty.
    pub average_log_probability: f32,
    /// How likely it is that nothing was said, 0 to 1.
    pub no_speech_probability: f32,
    /// Bytes of text for each byte of it compressed.
    pub compression_ratio: f32,
}

impl Default for Measures {
    fn default() -> Self {
        Self { average_log_probability: 0.0, no_speech_probability: 0.0, compression_ratio: 1.0 }
    }
}

/// A piece of text as an engine gave it. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    pub words: Vec<Word>,
    /// Mean probability of the words, 0 to 1.
    pub confidence: f32,
    pub measures: Measures,
}

/// What was heard at once, with what is doubtful in it marked.
pub fn judged(heard: Vec<Heard>) -> Vec<TranscribedSegment> {
    let loops = looping(heard.iter().map(|piece| piece.text.as_str()));
    let found = loops.contains(&true);
    let marked = heard.into_iter().zip(loops).filter(|(piece, _)| !piece.text.trim().is_empty());
    marked
        .map(|(piece, in_loop)| {
            // The ratio is that of all that was heard at once: where the loop is not found in it, all of it may be one.
            let repeats = in_loop || !found && piece.measures.compression_ratio > MOST_COMPRESSION;
            let flag = if repeats { Some(Doubt::Repetition) } else { doubt(&piece) };
            let Heard { start_ms, end_ms, text, words, confidence, .. } = piece;
            TranscribedSegment { start_ms, end_ms, text, confidence, flag, words, ..Default::default() }
        })
        .collect()
}

/// What speaks against a piece by itself.
fn doubt(piece: &Heard) -> Option<Doubt> {
    let measures = piece.measures;
    if measures.no_speech_probability > MOST_NO_SPEECH || is_spread(piece) {
        Some(Doubt::NoSpeech)
    } else if measures.average_log_probability < LEAST_LOG_PROBABILITY || piece.confidence < LEAST_CONFIDENCE {
        Some(Doubt::Unsure)
    } else if letters(&piece.text) >= PACE_FROM && pace(piece) > MOST_LETTERS_A_SECOND {
        Some(Doubt::Pace)
    } else {
        None
    }
}

/// Whether a few words lie over a long stretch.
fn is_spread(piece: &Heard) -> bool {
    piece.end_ms - piece.start_ms >= SLOW_FROM_MS && pace(piece) < LEAST_LETTERS_A_SECOND
}

/// Letters a second.
fn pace(piece: &Heard) -> f64 {
    letters(&piece.text) as f64 * 1000.0 / (piece.end_ms - piece.start_ms).max(1) as f64
}

/// Letters of a text. A sign of Han or kana is said as long as about three letters are.
fn letters(text: &str) -> usize {
    let weight = |sign: char| if is_spaceless(sign) && !super::script::is_stopless(sign) { 3 } else { 1 };
    text.chars().filter(|sign| sign.is_alphanumeric()).map(weight).sum()
}

/// Whether it is worth hearing once more, in another way.
pub fn worth_another_try(heard: &[TranscribedSegment]) -> bool {
    heard.iter().any(|piece| piece.flag.is_some())
}

/// The better of two readings of the same sound: that with less text in doubt; among equals, the surer one.
pub fn better(first: Vec<TranscribedSegment>, second: Vec<TranscribedSegment>) -> Vec<TranscribedSegment> {
    let doubted = |heard: &[TranscribedSegment]| {
        let pieces = heard.iter().filter(|piece| piece.flag.is_some());
        pieces.map(|piece| piece.text.chars().count()).sum::<usize>()
    };
    let sure = |heard: &[TranscribedSegment]| {
        let words: f32 = heard.iter().map(|piece| piece.text.chars().count() as f32).sum();
        heard.iter().map(|piece| piece.confidence * piece.text.chars().count() as f32).sum::<f32>() / words.max(1.0)
    };
    // A reading of nothing leaves nothing to doubt: it is believed only where the other is doubted from end to end.
    if second.is_empty() {
        return if first.iter().all(|piece| piece.flag.is_some()) { first_or_nothing(first) } else { first };
    }
    let (was, is) = (doubted(&first), doubted(&second));
    if is < was || is == was && sure(&second) > sure(&first) { second } else { first }
}

/// What the second reading did not hear at all, over what the first took for no speech, was not said.
fn first_or_nothing(first: Vec<TranscribedSegment>) -> Vec<TranscribedSegment> {
    first.into_iter().filter(|piece| piece.flag != Some(Doubt::NoSpeech)).collect()
}

/// Which of the pieces of a book that follow each other, those before and those just heard, are a loop that only shows when
/// they are seen together. `true` for each that has to be marked.
pub fn loops_across(texts: &[&str]) -> Vec<bool> {
    looping(texts.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str, length_ms: i64, log: f32, no_speech: f32, ratio: f32) -> Heard {
        Heard {
            start_ms: 0,
            end_ms: length_ms,
            text: text.to_owned(),
            words: Vec::new(),
            confidence: log.exp(),
            measures: Measures {
                average_log_probability: log,
                no_speech_probability: no_speech,
                compression_ratio: ratio,
            },
        }
    }

    fn flag(piece: Heard) -> Option<Doubt> {
        judged(vec![piece])[0].flag
    }

    #[test]
    fn plain_speech_is_believed() {
        assert_eq!(flag(heard("The lamp was lit, and the keeper slept.", 3_000, -0.25, 0.02, 1.2)), None);
        assert_eq!(flag(heard("No.", 400, -0.6, 0.1, 0.4)), None, "a short word is short");
        assert_eq!(flag(heard("钟声响了，船来了。", 2_500, -0.4, 0.05, 1.0)), None);
        assert_eq!(flag(Heard { measures: Measures::default(), ..heard("It was dark.", 900, -0.3, 0.0, 1.0) }), None);
    }

    #[test]
    fn text_over_silence_noise_or_music_is_doubted() {
        // Measured with whisper base on silence, white noise and a synthetic tune.
        assert_eq!(flag(heard("you", 2_000, -0.76, 0.93, 0.3)), Some(Doubt::NoSpeech));
        assert_eq!(flag(heard("I'm going to put the light on.", 2_000, -1.73, 0.70, 0.8)), Some(Doubt::NoSpeech));
        assert_eq!(flag(heard("Thank you.", 20_000, -0.2, 0.3, 0.5)), Some(Doubt::NoSpeech), "two words in 20 s");
    }

    #[test]
    fn what_the_model_is_not_sure_of_is_doubted() {
        assert_eq!(flag(heard("The lamb was split on the keeper's lip.", 3_000, -1.2, 0.1, 1.2)), Some(Doubt::Unsure));
    }

    #[test]
    fn more_words_than_anybody_can_say_are_doubted() {
        let words = "The lamp was lit, and the keeper slept, and the ship came home to the harbour in the night.";
        assert_eq!(flag(heard(words, 1_000, -0.2, 0.0, 1.3)), Some(Doubt::Pace));
    }

    #[test]
    fn a_loop_is_marked_from_its_first_word_and_its_neighbours_are_not() {
        let mut pieces = vec![heard("It was a dark night.", 2_000, -0.2, 0.0, 3.0)];
        pieces.extend((0..5).map(|_| heard("Go on, go on.", 1_000, -0.2, 0.0, 3.0)));
        let flags: Vec<_> = judged(pieces).into_iter().map(|piece| piece.flag).collect();
        assert_eq!(flags[0], None);
        assert_eq!(flags[1..], [Some(Doubt::Repetition); 5]);
    }

    #[test]
    fn text_that_packs_too_small_is_doubted_where_no_loop_is_seen() {
        assert_eq!(flag(heard("Up down and up and down.", 3_000, -0.2, 0.0, 2.9)), Some(Doubt::Repetition));
    }

    #[test]
    fn the_reading_with_less_in_doubt_is_taken() {
        let sure = judged(vec![heard("The lamp was lit.", 2_000, -0.2, 0.0, 1.0)]);
        let unsure = judged(vec![heard("The lamb was lip.", 2_000, -1.4, 0.0, 1.0)]);
        assert!(worth_another_try(&unsure) && !worth_another_try(&sure));
        assert_eq!(better(unsure.clone(), sure.clone()), sure);
        assert_eq!(better(sure.clone(), unsure.clone()), sure);
        let surer = judged(vec![heard("The lamp was lip.", 2_000, -1.1, 0.0, 1.0)]);
        assert_eq!(better(unsure.clone(), surer.clone()), surer, "it stays marked all the same");
    }

    #[test]
    fn a_phantom_that_is_gone_when_listening_again_is_gone() {
        let phantom = judged(vec![heard("you", 2_000, -0.8, 0.9, 0.3)]);
        assert_eq!(better(phantom, Vec::new()), []);
        let unsure = judged(vec![heard("The lamb was lip.", 2_000, -1.4, 0.0, 1.0)]);
        assert_eq!(better(unsure.clone(), Vec::new()), unsure, "speech that is not understood is shown to a person");
    }
}
