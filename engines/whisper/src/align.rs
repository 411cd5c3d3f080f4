//! Where words begin and end, from the model's own alignment (dynamic time warping over its attention) and the sound.
//!
//! The alignment says where a token ends and the next one begins, and so gives a pause to one of the words beside it. The
//! sound knows better where the pause lies: near a boundary a pause ends the word before it and begins the one after.

use crate::envelope::{Envelope, FRAME_MS};
use crate::words::Spoken;

/// Silent frames that count as a pause: shorter ones are stop consonants.
const PAUSE: u32 = 6;

/// How far, in frames, a pause may lie from the boundary that it belongs to; and after the end of a phrase, where the model
/// gives its mark of punctuation a part of what follows.
const NEAR: u32 = 15;
const NEAR_PHRASE: u32 = 30;

/// How many frames later than the model says one word ends and the next begins where no pause lies between them: its attention
/// turns to a word before the voice does. Measured against the alignment of faster-whisper with the same weights.
const LATER: u32 = 7;

/// Frames of a word that no pause takes away.
const SHORTEST_WORD: u32 = 6;

/// Start and end of each word in milliseconds: in order, without overlap, before `end_ms`; `None` where the model gave a word
/// no time.
pub fn place(words: &[Spoken], envelope: &Envelope, end_ms: u32) -> Option<Vec<(u32, u32)>> {
    let between: Vec<(u32, u32)> = words.iter().map(|word| word.between_ms).collect::<Option<_>>()?;
    let mut placed = Vec::with_capacity(words.len());
    let mut start = onset(envelope, between.first()?.0 / FRAME_MS, between.first()?.1 / FRAME_MS);
    for (index, &(_, said_ms)) in between.iter().enumerate() {
        let earliest = start + 1;
        let last = end_ms.div_ceil(FRAME_MS).max(earliest);
        let latest = between.get(index + 1).map_or(last, |next| next.1 / FRAME_MS).max(earliest);
        let said = said_ms / FRAME_MS;
        let boundary = said.clamp(earliest, latest);
        let (from, to) = if words[index].ends_phrase() {
            ((start + SHORTEST_WORD).min(boundary), boundary + NEAR_PHRASE)
        } else {
            (boundary.saturating_sub(NEAR), boundary + NEAR)
        };
        let near = (from.max(earliest), to.min(latest));
        let meets = said.saturating_add(LATER).clamp(earliest, last);
        let (end, next) = longest_pause(envelope, near, (earliest, latest)).unwrap_or((meets, meets));
        placed.push((start * FRAME_MS, end * FRAME_MS));
        start = next;
    }
    let within = |ms: u32| ms.min(end_ms);
    Some(placed.into_iter().map(|(start, end)| (within(start), within(end))).collect())
}

/// The first voice between two frames; the first frame when there is none.
fn onset(envelope: &Envelope, from: u32, to: u32) -> u32 {
    (from..to).find(|frame| envelope.is_voiced(*frame)).unwrap_or(from)
}

/// The longest pause that begins or goes on in a range, as its first frame and the one after its last, cut at the limits.
fn longest_pause(envelope: &Envelope, (from, to): (u32, u32), limits: (u32, u32)) -> Option<(u32, u32)> {
    let mut best: Option<(u32, u32)> = None;
    let mut frame = from;
    while frame <= to {
        if envelope.is_voiced(frame) {
            frame += 1;
            continue;
        }
        let mut start = frame;
        while start > limits.0 && !envelope.is_voiced(start - 1) {
            start -= 1;
        }
        let mut end = frame + 1;
        while end < limits.1 && !envelope.is_voiced(end) {
            end += 1;
        }
        if end - start >= PAUSE && best.is_none_or(|(first, last)| end - start > last - first) {
            best = Some((start, end.min(limits.1)));
        }
        frame = end.max(frame + 1);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is ten voiced frames, `.` ten silent ones.
    fn sound(picture: &str) -> Envelope {
        Envelope::from_frames(picture.chars().flat_map(|c| [c == '#'; 10]).collect())
    }

    fn words(between: &[(u32, u32)]) -> Vec<Spoken> {
        between
            .iter()
            .map(|between| Spoken {
                text: "word".into(),
                spaced: true,
                confidence: 1.0,
                log_probability: 0.0,
                pieces: 1,
                between_ms: Some(*between),
            })
            .collect()
    }

    #[test]
    fn a_pause_belongs_to_no_word() {
        let placed = place(&words(&[(0, 700), (700, 1_000)]), &sound(".#####..###."), 1_200).unwrap();
        assert_eq!(placed, [(100, 600), (800, 1_100)]);
    }

    #[test]
    fn a_phrase_ends_at_its_pause_though_the_model_is_late() {
        let mut words = words(&[(0, 900), (900, 1_200)]);
        words[0].text = "do.".into();
        assert_eq!(place(&words, &sound("###..#######"), 1_200).unwrap(), [(0, 300), (500, 1_200)]);
    }

    #[test]
    fn words_without_a_pause_meet_a_little_after_the_model_says() {
        let placed = place(&words(&[(0, 430), (430, 900)]), &sound("#########"), 900).unwrap();
        let meets = 430 + LATER * FRAME_MS;
        assert_eq!(placed, [(0, meets), (meets, 900)]);
    }

    #[test]
    fn a_word_that_the_model_hurries_over_takes_nothing_of_the_next_but_one() {
        let placed = place(&words(&[(0, 430), (430, 450), (450, 900)]), &sound("#########"), 900).unwrap();
        assert_eq!(placed, [(0, 450), (450, 520), (520, 900)]);
    }

    #[test]
    fn a_pause_is_where_it_sounds_however_early_the_model_is() {
        let placed = place(&words(&[(0, 430), (430, 900)]), &sound("#####.###"), 900).unwrap();
        assert_eq!(placed, [(0, 500), (600, 900)]);
    }

    #[test]
    fn a_word_without_a_time_leaves_it_to_the_sound() {
        let mut words = words(&[(0, 430), (430, 900)]);
        words[1].between_ms = None;
        assert_eq!(place(&words, &sound("#########"), 900), None);
    }

    #[test]
    fn words_never_overlap_whatever_the_model_says() {
        for picture in ["", ".", "#", "#.#.#", "....", "##....##..#.#"] {
            let end = picture.len() as u32 * 100;
            let placed = place(&words(&[(0, 0), (0, 0), (0, 900), (900, 900), (900, 5_000)]), &sound(picture), end);
            let placed = placed.unwrap();
            assert_eq!(placed.len(), 5);
            assert!(placed.iter().all(|(from, to)| from <= to && *to <= end), "{picture}: {placed:?}");
            assert!(placed.is_sorted_by(|a, b| a.1 <= b.0), "{picture}: {placed:?}");
        }
    }
}
