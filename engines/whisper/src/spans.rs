//! Where in a stretch of speech each of its words is said.
//!
//! The text and the stretch come from the model, the pauses from the sound. A long pause lies between two words, most
//! likely after a comma or full stop; between pauses, words take time by their letters, counted in voiced frames only.

use crate::envelope::{Envelope, FRAME_MS};
use crate::words::Spoken;

/// Frames of silence after punctuation that count as a pause: shorter ones are stop consonants.
const PAUSE: u32 = 7;

/// Frames of silence that part words even without punctuation.
const LONG_PAUSE: u32 = 20;

/// How much further off, in frames, a pause may lie and still be preferred for following punctuation.
const PUNCTUATION_BONUS: u32 = 30;

/// A pause this many frames from where it is expected belongs to something else.
const FURTHEST: u32 = 90;

/// Start and end of each word in milliseconds: in order, without overlap, between `start_ms` and `end_ms`.
pub fn place(words: &[Spoken], envelope: &Envelope, start_ms: u32, end_ms: u32) -> Vec<(u32, u32)> {
    let mut frames = Vec::with_capacity(words.len());
    split(words, envelope, start_ms / FRAME_MS, end_ms.div_ceil(FRAME_MS), &mut frames);
    let clamp = |frame: u32| (frame * FRAME_MS).clamp(start_ms, end_ms);
    frames.into_iter().map(|(from, to)| (clamp(from), clamp(to))).collect()
}

fn split(words: &[Spoken], envelope: &Envelope, from: u32, to: u32, out: &mut Vec<(u32, u32)>) {
    let (from, to) = trim(envelope, from, to);
    if words.len() > 1 {
        let mut pauses = pauses(envelope, from, to);
        pauses.sort_by_key(|(start, end)| std::cmp::Reverse(end - start));
        for (start, end) in pauses {
            if let Some(boundary) = boundary_at(words, envelope, from, to, (start, end)) {
                split(&words[..boundary], envelope, from, start, out);
                split(&words[boundary..], envelope, end, to, out);
                return;
            }
        }
    }
    out.extend(spread(words, envelope, from, to));
}

/// The number of words said before a pause, if it fits any boundary.
fn boundary_at(words: &[Spoken], envelope: &Envelope, from: u32, to: u32, pause: (u32, u32)) -> Option<usize> {
    let middle = pause.0.midpoint(pause.1);
    let ends: Vec<u32> = spread(words, envelope, from, to).into_iter().map(|(_, end)| end).collect();
    (1..words.len())
        .filter(|&boundary| pause.1 - pause.0 >= LONG_PAUSE || words[boundary - 1].ends_phrase())
        .map(|boundary| {
            let off = ends[boundary - 1].abs_diff(middle);
            let bonus = if words[boundary - 1].ends_phrase() { PUNCTUATION_BONUS } else { 0 };
            (off, off + PUNCTUATION_BONUS - bonus, boundary)
        })
        .filter(|(off, _, _)| *off <= FURTHEST)
        .min_by_key(|(_, cost, _)| *cost)
        .map(|(_, _, boundary)| boundary)
}

/// Words over the voiced frames of a stretch, by their weight.
fn spread(words: &[Spoken], envelope: &Envelope, from: u32, to: u32) -> Vec<(u32, u32)> {
    let mut voiced: Vec<u32> = (from..to).filter(|frame| envelope.is_voiced(*frame)).collect();
    if voiced.is_empty() {
        voiced = (from..to).collect();
    }
    let total: u64 = words.iter().map(|word| u64::from(word.weight())).sum();
    let at = |weight: u64| (weight * voiced.len() as u64 / total.max(1)) as usize;
    let mut before = 0;
    words
        .iter()
        .map(|word| {
            let first = at(before);
            before += u64::from(word.weight());
            let last = at(before);
            let start = voiced.get(first).copied().unwrap_or(to);
            let end = if last > first { voiced[last - 1] + 1 } else { start };
            (start, end)
        })
        .collect()
}

fn trim(envelope: &Envelope, from: u32, to: u32) -> (u32, u32) {
    let first = (from..to).find(|frame| envelope.is_voiced(*frame));
    let last = (from..to).rev().find(|frame| envelope.is_voiced(*frame));
    match (first, last) {
        (Some(first), Some(last)) => (first, last + 1),
        _ => (from, to.max(from)),
    }
}

fn pauses(envelope: &Envelope, from: u32, to: u32) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut start = None;
    for frame in from..to {
        match (envelope.is_voiced(frame), start) {
            (false, None) => start = Some(frame),
            (true, Some(began)) => {
                if frame - began >= PAUSE {
                    found.push((began, frame));
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Spoken> {
        text.split_whitespace()
            .map(|word| Spoken {
                text: word.into(),
                spaced: true,
                confidence: 1.0,
                log_probability: 0.0,
                pieces: 1,
                between_ms: None,
            })
            .collect()
    }

    /// `#` is ten voiced frames, `.` ten silent ones.
    fn sound(picture: &str) -> Envelope {
        Envelope::from_frames(picture.chars().flat_map(|c| [c == '#'; 10]).collect())
    }

    #[test]
    fn silence_before_and_after_is_left_out() {
        let placed = place(&words("lamp"), &sound("..##.."), 0, 600);
        assert_eq!(placed, [(200, 400)]);
    }

    #[test]
    fn the_pause_falls_after_the_comma() {
        let placed = place(&words("far away, a bell"), &sound("######.####"), 0, 1100);
        assert_eq!(placed[1].1, 600, "\"away,\" ends where the pause begins");
        assert_eq!(placed[2].0, 700, "\"a\" begins where it ends");
    }

    #[test]
    fn long_words_take_longer() {
        let placed = place(&words("a lighthouse"), &sound("##########"), 0, 1000);
        assert!(placed[1].1 - placed[1].0 > 3 * (placed[0].1 - placed[0].0), "{placed:?}");
    }

    #[test]
    fn words_never_overlap_whatever_the_sound() {
        for picture in ["", ".", "#", "#.#.#", "....", "##....##..#.#"] {
            let end = picture.len() as u32 * 100;
            let placed = place(&words("one, two three. four five, six"), &sound(picture), 0, end);
            assert_eq!(placed.len(), 6);
            assert!(placed.iter().all(|(from, to)| from <= to && *to <= end), "{picture}: {placed:?}");
            assert!(placed.is_sorted_by(|a, b| a.1 <= b.0), "{picture}: {placed:?}");
        }
    }
}
