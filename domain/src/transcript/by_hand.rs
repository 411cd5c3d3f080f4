//! What people put right stays when a recording is heard again: what is heard there is left out.

use super::script::joined;
use super::{TranscribedSegment, Word};

/// A word that begins or ends so near to what was put right belongs to it: the same words are never heard at quite the same
/// time. In milliseconds.
const EDGE_MS: i64 = 100;

/// The pieces without what is said within `fixed`, stretches in milliseconds from the start of the book.
pub fn around(pieces: Vec<TranscribedSegment>, fixed: &[(i64, i64)]) -> Vec<TranscribedSegment> {
    if fixed.is_empty() {
        return pieces;
    }
    let is_fixed = |start_ms: i64, end_ms: i64| {
        let middle = start_ms + (end_ms - start_ms) / 2;
        fixed.iter().any(|(from_ms, to_ms)| middle > from_ms - EDGE_MS && middle < to_ms + EDGE_MS)
    };
    let word_is_fixed = |word: &Word| is_fixed(word.start_ms, word.end_ms);
    let mut left = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if piece.words.is_empty() {
            if !is_fixed(piece.start_ms, piece.end_ms) {
                left.push(piece);
            }
        } else if !piece.words.iter().any(word_is_fixed) {
            left.push(piece);
        } else {
            let runs = piece.words.chunk_by(|one, next| word_is_fixed(one) == word_is_fixed(next));
            left.extend(runs.filter(|run| !run.iter().any(word_is_fixed)).map(|run| of(run, &piece)));
        }
    }
    left
}

/// A piece of some words of another.
fn of(words: &[Word], whole: &TranscribedSegment) -> TranscribedSegment {
    TranscribedSegment {
        start_ms: words.first().map_or(whole.start_ms, |word| word.start_ms),
        end_ms: words.last().map_or(whole.end_ms, |word| word.end_ms),
        text: joined(words.iter().map(|word| word.text.as_str())),
        confidence: words.iter().map(|word| word.confidence).sum::<f32>() / words.len().max(1) as f32,
        flag: whole.flag,
        words: words.to_vec(),
        ..TranscribedSegment::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of half a second each.
    fn heard(text: &str, from_ms: i64) -> TranscribedSegment {
        let word = |(n, text): (i64, &str)| Word {
            start_ms: from_ms + n * 500,
            end_ms: from_ms + n * 500 + 500,
            text: text.to_owned(),
            confidence: 0.5,
        };
        let words: Vec<Word> = (0..).zip(text.split(' ')).map(word).collect();
        let end_ms = words.last().unwrap().end_ms;
        TranscribedSegment {
            start_ms: from_ms,
            end_ms,
            text: text.to_owned(),
            confidence: 0.5,
            words,
            ..Default::default()
        }
    }

    fn texts(pieces: &[TranscribedSegment]) -> Vec<(&str, i64, i64)> {
        pieces.iter().map(|piece| (piece.text.as_str(), piece.start_ms, piece.end_ms)).collect()
    }

    #[test]
    fn what_is_heard_where_somebody_put_the_text_right_is_left_out() {
        let pieces = vec![heard("The lamb was lit.", 0), heard("A bell rang.", 2_000)];
        assert_eq!(texts(&around(pieces.clone(), &[(0, 2_000)])), [("A bell rang.", 2_000, 3_500)]);
        assert_eq!(around(pieces.clone(), &[]), pieces);
    }

    #[test]
    fn a_piece_that_goes_beyond_keeps_its_other_words() {
        let pieces = vec![heard("It was dark and the lamb was lit.", 0)];
        let left = around(pieces, &[(1_040, 2_960)]);
        assert_eq!(
            texts(&left),
            [("It was", 0, 1_000), ("was lit.", 3_000, 4_000)],
            "a little earlier or later is the same"
        );
        assert_eq!(left[1].words.len(), 2);
    }

    #[test]
    fn a_piece_without_timed_words_goes_or_stays_as_a_whole() {
        let piece = TranscribedSegment { words: Vec::new(), ..heard("The lamb was lit.", 0) };
        assert_eq!(around(vec![piece.clone()], &[(3_000, 4_000)]), std::slice::from_ref(&piece));
        assert!(around(vec![piece], &[(0, 1_500)]).is_empty());
    }
}
