//! Where to cut: at pauses, so that no word is split, into stretches that the speech model hears at once.

use crate::loudness::{FRAME_MS, threshold};
use std::ops::Range;

/// A silence at least this long is a pause between words.
const PAUSE_FRAMES: usize = 12;
/// A silence at least this long is left out of the chunks altogether.
const LONG_SILENCE_FRAMES: usize = 200;
/// What is kept of a silence before and after speech.
const MARGIN_FRAMES: usize = 25;
/// Sound shorter than this is a click.
const SHORTEST_SOUND_FRAMES: usize = 5;

/// Cuts a part into stretches of at most `most_ms`, in milliseconds from its start. Long silences belong to none.
pub fn chunks(levels: &[u8], most_ms: i64) -> Vec<Range<i64>> {
    let Some(threshold) = threshold(levels) else { return Vec::new() };
    let most = usize::try_from(most_ms / FRAME_MS).unwrap_or(1).max(1);
    let mut found = Vec::new();
    for sound in sounds(levels, threshold) {
        split(levels, threshold, sound, most, &mut found);
    }
    let ms = |frame: usize| i64::try_from(frame).unwrap_or(i64::MAX / FRAME_MS) * FRAME_MS;
    found.into_iter().map(|range| ms(range.start)..ms(range.end)).collect()
}

/// The stretches between long silences, with a margin.
fn sounds(levels: &[u8], threshold: u8) -> Vec<Range<usize>> {
    let mut sounds: Vec<Range<usize>> = Vec::new();
    for run in runs(levels, 0..levels.len(), |level| level > threshold) {
        match sounds.last_mut() {
            Some(last) if run.start - last.end < LONG_SILENCE_FRAMES => last.end = run.end,
            _ => sounds.push(run),
        }
    }
    sounds.retain(|sound| sound.len() >= SHORTEST_SOUND_FRAMES);
    for sound in &mut sounds {
        sound.start = sound.start.saturating_sub(MARGIN_FRAMES);
        sound.end = (sound.end + MARGIN_FRAMES).min(levels.len());
    }
    sounds
}

fn split(levels: &[u8], threshold: u8, sound: Range<usize>, most: usize, found: &mut Vec<Range<usize>>) {
    let mut start = sound.start;
    while sound.end - start > most {
        // Late first: the model takes as long over a short chunk as over one that fills its window.
        let cut = pause(levels, threshold, start + most * 3 / 4..start + most)
            .or_else(|| pause(levels, threshold, start + most / 3..start + most))
            .unwrap_or_else(|| quietest(levels, start + most / 3..start + most))
            .max(start + 1);
        found.push(start..cut);
        start = cut;
    }
    if start < sound.end {
        found.push(start..sound.end);
    }
}

/// The middle of the longest pause in a range, a later one before an earlier one of about the same length.
fn pause(levels: &[u8], threshold: u8, range: Range<usize>) -> Option<usize> {
    let start = range.start;
    let pauses = runs(levels, range, |level| level <= threshold).filter(|run| run.len() >= PAUSE_FRAMES);
    let worth = |run: &Range<usize>| run.len().min(80) * 4 + (run.start - start) / 4;
    pauses.max_by_key(worth).map(|run| run.start + run.len() / 2)
}

fn quietest(levels: &[u8], range: Range<usize>) -> usize {
    let end = range.end;
    range.min_by_key(|frame| levels[*frame]).unwrap_or(end)
}

/// Where a sample that begins at `start_ms` ends well: at the last pause before `end_ms`, but after `earliest_ms`.
pub fn pause_before(levels: &[u8], earliest_ms: i64, end_ms: i64) -> i64 {
    let frame = |ms: i64| usize::try_from(ms / FRAME_MS).unwrap_or(0).min(levels.len());
    let Some(threshold) = threshold(levels) else { return end_ms };
    let pauses = runs(levels, frame(earliest_ms)..frame(end_ms), |level| level <= threshold);
    let last = pauses.filter(|run| run.len() >= PAUSE_FRAMES * 2).last();
    last.and_then(|run| i64::try_from(run.start + run.len() / 2).ok()).map_or(end_ms, |frame| frame * FRAME_MS)
}

/// The runs of frames in a range of which `is` holds.
fn runs(levels: &[u8], range: Range<usize>, is: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end && !is(levels[at]) {
            at += 1;
        }
        let start = at;
        while at < range.end && is(levels[at]) {
            at += 1;
        }
        (start < at).then_some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Speech with a pause of `pause` frames after every `speech` frames.
    fn talk(times: usize, speech: usize, pause: usize) -> Vec<u8> {
        std::iter::repeat_n([vec![75; speech], vec![0; pause]].concat(), times).flatten().collect()
    }

    #[test]
    fn no_chunk_is_longer_than_the_model_hears() {
        let levels = talk(100, 230, 30);
        let chunks = chunks(&levels, 9_600);
        assert!(chunks.iter().all(|chunk| chunk.end - chunk.start <= 9_600), "{chunks:?}");
    }

    #[test]
    fn a_cut_lies_in_a_pause() {
        let levels = talk(100, 230, 30);
        let chunks = chunks(&levels, 9_600);
        assert!(chunks.len() > 20);
        for chunk in &chunks[..chunks.len() - 1] {
            assert_eq!(levels[usize::try_from(chunk.end / 10).unwrap()], 0, "cut at {}", chunk.end);
        }
    }

    #[test]
    fn chunks_fill_the_window_where_the_reader_pauses() {
        let levels = talk(100, 230, 30);
        let chunks = chunks(&levels, 28_800);
        let lengths: Vec<i64> = chunks.iter().map(|chunk| chunk.end - chunk.start).collect();
        let (_, whole) = lengths.split_last().unwrap();
        assert!(whole.iter().all(|length| *length >= 24_000), "{lengths:?}");
    }

    #[test]
    fn a_chunk_is_short_rather_than_cut_inside_a_word() {
        let levels = [vec![75; 1_500], vec![0; 40], vec![75; 2_000]].concat();
        let chunks = chunks(&levels, 28_800);
        assert_eq!(chunks[0].end, 15_200, "in the middle of the only pause");
    }

    #[test]
    fn no_sound_is_left_out() {
        let levels = talk(50, 230, 30);
        let chunks = chunks(&levels, 9_600);
        for (frame, level) in levels.iter().enumerate().filter(|(_, level)| **level > 0) {
            let at = i64::try_from(frame).unwrap() * 10;
            assert!(chunks.iter().any(|chunk| chunk.contains(&at)), "{level} at {at}");
        }
    }

    #[test]
    fn speech_without_a_pause_is_cut_all_the_same() {
        let chunks = chunks(&vec![75; 5_000], 9_600);
        assert!(chunks.len() >= 6 && chunks.iter().all(|chunk| chunk.end - chunk.start <= 9_600), "{chunks:?}");
    }

    #[test]
    fn an_hour_of_silence_between_two_words_is_not_heard() {
        let levels = [vec![75; 100], vec![0; 360_000], vec![75; 100]].concat();
        let chunks = chunks(&levels, 9_600);
        assert_eq!(chunks.len(), 2);
        assert!(chunks.iter().all(|chunk| chunk.end - chunk.start < 2_000), "{chunks:?}");
    }

    #[test]
    fn a_silent_book_has_no_chunks() {
        assert_eq!(chunks(&[0; 6_000], 9_600), []);
    }

    #[test]
    fn a_sample_ends_in_a_pause() {
        let levels = talk(20, 230, 60);
        let end = pause_before(&levels, 10_000, 30_000);
        assert!((10_000..=30_000).contains(&end));
        assert_eq!(levels[usize::try_from(end / 10).unwrap()], 0);
    }
}
