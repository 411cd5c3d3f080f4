//! Text is cut where sentences end, wherever the speech model's own pieces end.

use super::script::{gap, is_stopless, width};
use super::stops::{ends_clause, ends_sentence, has_stops, is_closing};
use super::{Doubt, Segment, TranscribedSegment, Word};

/// A sentence is cut in two beyond this length, in milliseconds and in columns.
const LONGEST: (i64, usize) = (60_000, 700);
/// The same in text that has no stops, such as Thai, where a piece is whatever lies between two pauses.
const LONGEST_WITHOUT_STOPS: (i64, usize) = (15_000, 160);
/// A pause that ends a sentence though nothing else says so, in milliseconds.
const PAUSE_MS: i64 = 3_000;
/// The same in text that has no stops, once there are as many columns.
const PAUSE_WITHOUT_STOPS: (i64, usize) = (300, 16);
/// A sentence goes on in the next piece if that begins as soon, in milliseconds. It is shorter than [`PAUSE_MS`], so that
/// nothing is read as one sentence of which something between is left out.
const GOES_ON_MS: i64 = 1_500;

/// A piece of a sentence as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub segment: Segment,
    /// It begins a sentence, whatever stands before it: somebody said so.
    pub apart: bool,
}

impl From<Segment> for Piece {
    fn from(segment: Segment) -> Self {
        Self { segment, apart: false }
    }
}

/// A word with what a piece of text is made from.
struct Token {
    word: Word,
    /// What stands before it in the text.
    gap: &'static str,
    flag: Option<Doubt>,
}

/// The sentences in what was heard at once. A piece without words stays as it is; what is doubted and what is not are
/// never one piece.
pub fn sentences(heard: Vec<TranscribedSegment>) -> Vec<TranscribedSegment> {
    let mut cut = Vec::with_capacity(heard.len());
    let mut tokens: Vec<Token> = Vec::new();
    for piece in heard {
        let parted = tokens.last().is_some_and(|last| last.flag != piece.flag);
        if parted || piece.words.is_empty() {
            cut_up(std::mem::take(&mut tokens), &mut cut);
        }
        if piece.words.is_empty() {
            cut.push(piece);
        } else {
            read(piece, &mut tokens);
        }
    }
    cut_up(tokens, &mut cut);
    cut
}

/// Reads the words of a piece, with the spaces that its text has between them.
fn read(piece: TranscribedSegment, tokens: &mut Vec<Token>) {
    let mut at = 0;
    for word in piece.words {
        let rest = piece.text.get(at..).unwrap_or_default();
        let there = rest.find(&word.text);
        let before = tokens.last().map_or("", |last| last.word.text.as_str());
        let gap = match there {
            Some(0) if at > 0 => "",
            Some(offset) if at > 0 && rest[..offset].trim().is_empty() => " ",
            _ => gap(before, &word.text),
        };
        at += there.map_or(0, |offset| offset + word.text.len());
        tokens.push(Token { word, gap, flag: piece.flag });
    }
}

fn cut_up(tokens: Vec<Token>, cut: &mut Vec<TranscribedSegment>) {
    let whole = text(&tokens);
    let stopless = without_stops(&whole);
    let mut rest = tokens.as_slice();
    let mut length = 0;
    while length < rest.len() {
        length += 1;
        if length == rest.len() || ends(&rest[..length], &rest[length..], stopless) {
            let (sentence, others) = rest.split_at(length);
            split(sentence, stopless, cut);
            (rest, length) = (others, 0);
        }
    }
}

/// Whether a piece ends with these words when those come next.
fn ends(words: &[Token], next: &[Token], stopless: bool) -> bool {
    let (Some(last), Some(first)) = (words.last(), next.first()) else { return true };
    let pause = first.word.start_ms - last.word.end_ms;
    if stopless {
        let (least, columns) = PAUSE_WITHOUT_STOPS;
        return pause >= least && width(&text(words)) >= columns;
    }
    // A closing quotation mark that is a word of its own belongs to the sentence before.
    let tail = &words[words.len().saturating_sub(3)..];
    pause >= PAUSE_MS || !is_closing(&first.word.text) && ends_sentence(&text(tail), Some(&first.word.text))
}

/// Cuts what is too long at its best place: a long pause, the end of a clause, near the middle.
fn split(tokens: &[Token], stopless: bool, cut: &mut Vec<TranscribedSegment>) {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
    let (most_ms, most_columns) = if stopless { LONGEST_WITHOUT_STOPS } else { LONGEST };
    let whole = text(tokens);
    let fits = last.word.end_ms - first.word.start_ms <= most_ms && width(&whole) <= most_columns;
    if fits || tokens.len() == 1 {
        cut.push(piece(tokens, whole));
        return;
    }
    let middle = tokens.len() as i64;
    let worth = |place: &usize| {
        let (before, after) = (&tokens[place - 1], &tokens[*place]);
        let pause = (after.word.start_ms - before.word.end_ms).clamp(0, 2_000);
        let clause = i64::from(ends_clause(&before.word.text)) * 800 + i64::from(!after.gap.is_empty()) * 200;
        pause + clause - (2 * *place as i64 - middle).abs() * 2_000 / middle
    };
    let place = (1..tokens.len()).max_by_key(worth).unwrap_or(1);
    split(&tokens[..place], stopless, cut);
    split(&tokens[place..], stopless, cut);
}

fn text(tokens: &[Token]) -> String {
    let mut text = String::new();
    for (place, token) in tokens.iter().enumerate() {
        if place > 0 {
            text.push_str(token.gap);
        }
        text.push_str(&token.word.text);
    }
    text
}

fn piece(tokens: &[Token], text: String) -> TranscribedSegment {
    let words: Vec<Word> = tokens.iter().map(|token| token.word.clone()).collect();
    TranscribedSegment {
        start_ms: words.first().map_or(0, |word| word.start_ms),
        end_ms: words.last().map_or(0, |word| word.end_ms),
        confidence: words.iter().map(|word| word.confidence).sum::<f32>() / words.len().max(1) as f32,
        flag: tokens.first().and_then(|token| token.flag),
        text,
        words,
        ..TranscribedSegment::default()
    }
}

/// Whether a text is of those that no sign divides into sentences.
fn without_stops(text: &str) -> bool {
    let letters = text.chars().filter(|sign| sign.is_alphabetic()).count();
    let stopless = text.chars().filter(|sign| sign.is_alphabetic() && is_stopless(*sign)).count();
    stopless * 2 > letters || letters > 60 && !has_stops(text)
}

/// Puts together what belongs to one sentence: the speech model hears half a minute at once, and a sentence does not end
/// with it. Takes pieces in order. What belongs together is told from near: a stretch of a book reads like the whole of it
/// if its pieces are read from two minutes before.
pub fn rejoined(pieces: Vec<Piece>) -> Vec<Segment> {
    let mut sentences: Vec<Segment> = Vec::with_capacity(pieces.len());
    for Piece { segment: piece, apart } in pieces {
        match sentences.last_mut() {
            Some(before) if !apart && before.speaker == piece.speaker && goes_on(before, &piece) => {
                before.text = format!("{}{}{}", before.text, gap(&before.text, &piece.text), piece.text);
                before.end_ms = piece.end_ms.max(before.end_ms);
                before.words.extend(piece.words);
            }
            _ => sentences.push(piece),
        }
    }
    sentences
}

fn goes_on(before: &Segment, after: &Segment) -> bool {
    let stopless = without_stops(&before.text) || without_stops(&after.text);
    let (most_ms, most_columns) = if stopless { LONGEST_WITHOUT_STOPS } else { LONGEST };
    let pause = after.start_ms - before.end_ms;
    pause < if stopless { PAUSE_WITHOUT_STOPS.0 } else { GOES_ON_MS }
        && after.end_ms - before.start_ms <= most_ms
        && width(&before.text) + width(&after.text) < most_columns
        && !ends_sentence(&before.text, Some(&after.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a third of a second each; `|` is a pause of half a second, `||` one of four seconds.
    fn heard(text: &str, from_ms: i64) -> TranscribedSegment {
        let mut at = from_ms;
        let mut words = Vec::new();
        for part in text.split(' ') {
            match part {
                "|" => at += 500,
                "||" => at += 4_000,
                part => {
                    words.push(Word { start_ms: at, end_ms: at + 300, text: part.to_owned(), confidence: 0.9 });
                    at += 300;
                }
            }
        }
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        TranscribedSegment { start_ms: from_ms, end_ms: at, text, confidence: 0.9, words, ..Default::default() }
    }

    /// The same in a script without spaces.
    fn heard_spaceless(text: &str, from_ms: i64) -> TranscribedSegment {
        let piece = heard(text, from_ms);
        TranscribedSegment { text: piece.text.replace(' ', ""), ..piece }
    }

    fn texts(pieces: &[TranscribedSegment]) -> Vec<&str> {
        pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    fn segment(piece: TranscribedSegment) -> Segment {
        let TranscribedSegment { start_ms, end_ms, text, words, .. } = piece;
        Segment { position: 0, start_ms, end_ms, text, words, speaker: None }
    }

    #[test]
    fn the_models_own_pieces_are_cut_anew_where_sentences_end() {
        let cut = sentences(vec![
            heard("Alice was beginning to get very tired of sitting by her", 0),
            heard("sister on the bank. Mr. Rabbit ran by. “Oh dear!” said he.", 3_300),
        ]);
        assert_eq!(
            texts(&cut),
            [
                "Alice was beginning to get very tired of sitting by her sister on the bank.",
                "Mr. Rabbit ran by.",
                "“Oh dear!” said he.",
            ]
        );
        assert_eq!((cut[0].start_ms, cut[0].words.len(), cut[0].end_ms), (0, 15, cut[0].words[14].end_ms));
        assert!(cut.windows(2).all(|two| two[0].end_ms <= two[1].start_ms));
    }

    #[test]
    fn chinese_and_japanese_are_cut_at_their_stops_and_not_torn() {
        let cut = sentences(vec![heard_spaceless("钟 声 响 了 。 船 来 了 吗 ？ 没 有", 0)]);
        assert_eq!(texts(&cut), ["钟声响了。", "船来了吗？", "没有"]);
        let cut = sentences(vec![heard_spaceless("「 はい 。 」 と 言った 。 夜 だ", 0)]);
        assert_eq!(texts(&cut), ["「はい。」", "と言った。", "夜だ"]);
    }

    #[test]
    fn thai_is_cut_at_pauses_and_by_length() {
        let phrase = "วันหนึ่ง มี เรือ ลำ ใหญ่ เข้า มา ใน ท่า";
        let cut = sentences(vec![heard_spaceless(&format!("{phrase} | {phrase}"), 0)]);
        assert_eq!(texts(&cut), [phrase.replace(' ', ""), phrase.replace(' ', "")]);
        let long = [phrase; 12].join(" ");
        let cut = sentences(vec![heard_spaceless(&long, 0)]);
        assert!(cut.len() >= 3 && cut.iter().all(|piece| piece.end_ms - piece.start_ms <= 15_000), "{cut:?}");
        assert_eq!(cut.iter().map(|piece| piece.text.as_str()).collect::<String>(), long.replace(' ', ""));
    }

    #[test]
    fn a_very_long_pause_ends_a_sentence_and_a_short_one_does_not() {
        let cut = sentences(vec![heard("She waited | and waited, || then the bell rang.", 0)]);
        assert_eq!(texts(&cut), ["She waited and waited,", "then the bell rang."]);
    }

    #[test]
    fn an_endless_sentence_is_cut_at_a_clause_near_its_middle() {
        let clause = "and the ship went on over the dark water, | ";
        let cut = sentences(vec![heard(clause.repeat(20).trim_end_matches(" | "), 0)]);
        assert!(cut.len() >= 2 && cut.iter().all(|piece| piece.text.ends_with("water,")), "{:?}", texts(&cut));
        assert!(cut.iter().all(|piece| piece.end_ms - piece.start_ms <= 60_000));
    }

    #[test]
    fn what_is_doubted_stays_apart_from_what_is_not() {
        let doubted = TranscribedSegment { flag: Some(Doubt::NoSpeech), ..heard("thank you", 3_000) };
        let cut = sentences(vec![heard("The ship came", 0), doubted, heard("home.", 9_000)]);
        let flags: Vec<_> = cut.iter().map(|piece| (piece.text.as_str(), piece.flag)).collect();
        assert_eq!(flags, [("The ship came", None), ("thank you", Some(Doubt::NoSpeech)), ("home.", None)]);
    }

    #[test]
    fn a_sentence_over_the_border_of_two_chunks_is_read_as_one() {
        let first = heard("She was tired of sitting by her", 0);
        let second = heard("sister on the bank. Then she slept.", first.end_ms + 200);
        let pieces: Vec<_> = sentences(vec![first]).into_iter().chain(sentences(vec![second])).map(segment).collect();
        let all = |pieces: &[Segment]| pieces.iter().cloned().map(Piece::from).collect::<Vec<_>>();
        let read = rejoined(all(&pieces));
        let texts: Vec<_> = read.iter().map(|sentence| sentence.text.as_str()).collect();
        assert_eq!(texts, ["She was tired of sitting by her sister on the bank.", "Then she slept."]);
        assert_eq!(read[0].words.len(), 11);
        assert_eq!(rejoined(all(&read)), read, "saying it twice changes nothing");
        // After a hole nothing goes on.
        let apart = [pieces[0].clone(), Segment { start_ms: 9_000, end_ms: 9_500, ..pieces[1].clone() }];
        assert_eq!(rejoined(all(&apart)).len(), 2);
    }

    #[test]
    fn a_sentence_that_somebody_cut_or_that_another_says_stays_apart() {
        let first = heard("She was tired of sitting by her", 0);
        let second = heard("sister on the bank.", first.end_ms + 200);
        let (first, second) = (segment(first), segment(second));
        let cut = vec![Piece::from(first.clone()), Piece { segment: second.clone(), apart: true }];
        assert_eq!(rejoined(cut).len(), 2);
        let by_another = Segment { speaker: Some("Alice".to_owned()), ..second };
        assert_eq!(rejoined(vec![first.into(), by_another.into()]).len(), 2);
    }

    #[test]
    fn a_piece_without_timed_words_stays_as_it_is() {
        let piece = TranscribedSegment { words: Vec::new(), ..heard("One. Two.", 0) };
        assert_eq!(sentences(vec![piece.clone()]), [piece]);
    }
}
