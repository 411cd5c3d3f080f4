//! One chunk of sound to sentences of words.

use engine_protocol::{Evidence, SAMPLE_RATE, Segment, Transcribe, Transcribed, Word};
use whisper_rs::{WhisperState, WhisperTokenId};

use crate::envelope::{Envelope, FRAME_MS};
use crate::listen::{Ask, Manner, Stretch, Written, listen};
use crate::model::Model;
use crate::words::{Spoken, merge};
use crate::{Failure, align, doubt, pcm, sentences, spans};

/// whisper.cpp passes over less than 0.1 s without a word, and aligns no words in less than 0.16 s; shorter chunks are filled
/// up with silence.
const FEWEST_SAMPLES: usize = SAMPLE_RATE as usize / 2;

/// Readings that are weighed against each other.
const BEAM: i32 = 5;

/// How a chunk is heard, and how again if the text is doubtful: the likeliest word each time; several readings weighed against
/// each other; some chance.
static MANNERS: [Manner; 3] = [
    Manner { readings: 1, temperature: 0.0, prompted: true },
    Manner { readings: BEAM, temperature: 0.0, prompted: false },
    Manner { readings: BEAM, temperature: 0.4, prompted: false },
];

/// Sound after the last word that the model may have lost, in milliseconds, and how much of it must be voice.
const LOST_MS: u32 = 3_000;
const LOST_VOICE_MS: u32 = 1_000;

/// How often a lost end is listened to.
const MOST_ENDS: usize = 3;

/// A word with its start and end in milliseconds.
type Placed = (Spoken, u32, u32);

/// Listens to one chunk.
pub fn transcribe(model: &Model, state: &mut WhisperState, request: &Transcribe) -> Result<Transcribed, Failure> {
    let language = language(model, request.language.as_deref())?;
    let mut samples = pcm::read(request.into(), model.window_ms())?;
    let envelope = Envelope::of(&samples);
    let mut answer = Transcribed { id: request.id, language: request.language.clone(), segments: Vec::new() };
    if envelope.is_silent() {
        return Ok(answer);
    }
    let chunk_ms = ms_of(samples.len());
    samples.resize(samples.len().max(FEWEST_SAMPLES), 0.0);
    let prompt = prompt(model, request.prompt.as_deref())?;
    let chunk = Chunk { model, language, prompt: &prompt, request };

    let mut from = 0;
    for _ in 0..MOST_ENDS {
        let rest = envelope.from(ms_of(from) / FRAME_MS);
        let heard = chunk.hear(state, &samples[from..], &rest)?;
        answer.language = heard.language.map(Into::into).or(answer.language);
        let segments = heard.segments(ms_of(from), chunk_ms, request.retry);
        let last_end = segments.last().map(|segment: &Segment| segment.end_ms);
        answer.segments.extend(segments);
        let Some(lost) = last_end.and_then(|end| lost_end(&envelope, end, chunk_ms)) else { break };
        let lost = samples_of(lost).min(samples.len());
        if lost <= from || samples.len() - lost < FEWEST_SAMPLES {
            break;
        }
        from = lost;
    }
    Ok(answer)
}

struct Chunk<'a> {
    model: &'a Model,
    language: Option<&'a str>,
    prompt: &'a [WhisperTokenId],
    request: &'a Transcribe,
}

/// What was heard, with the words in their places.
struct Heard {
    words: Vec<Placed>,
    language: Option<&'static str>,
    no_speech_probability: f32,
    compression_ratio: f32,
    temperature: f32,
}

impl Chunk<'_> {
    /// Listens until the text is beyond doubt, or all ways of listening are used up: then the least doubtful.
    fn hear(&self, state: &mut WhisperState, samples: &[f32], envelope: &Envelope) -> Result<Heard, Failure> {
        let levers = self.model.levers;
        let first = usize::from(self.request.retry).min(MANNERS.len() - 1);
        let manners = if levers.once { &MANNERS[first..=first] } else { &MANNERS[first..] };
        let mut best: Option<(f32, Written, Manner)> = None;
        for manner in manners {
            let readings = if levers.beam { BEAM } else { manner.readings };
            let manner = &Manner { readings, ..*manner };
            let ask = Ask {
                samples,
                language: self.language,
                prompt: self.prompt,
                manner: *manner,
                threads: self.model.threads,
                audio_context: self.model.positions(samples.len()),
                marks: !levers.no_marks,
                encode_once: !levers.encode_again,
            };
            let written = listen(&self.model.context, state, &ask)?;
            let text = text_of(&written);
            let echo =
                manner.prompted && self.request.prompt.as_deref().is_some_and(|given| doubt::echoes(&text, given));
            let doubtful = echo || doubt::is_doubtful(&written, &text);
            let worth = doubt::worth(&written, &text) - if echo { 100.0 } else { 0.0 };
            if best.as_ref().is_none_or(|(before, _, _)| worth > *before) {
                best = Some((worth, written, *manner));
            }
            if !doubtful {
                break;
            }
        }
        let (_, written, manner) = best.ok_or_else(|| Failure::internal("the chunk was not heard"))?;
        Ok(self.place(written, manner, samples.len(), envelope))
    }

    fn place(&self, written: Written, manner: Manner, samples: usize, envelope: &Envelope) -> Heard {
        let compression_ratio = doubt::compression_ratio(&text_of(&written));
        let mut words = Vec::new();
        let mut placed = Vec::new();
        let mut from_ms = 0;
        let mut after_ms = 0;
        for stretch in written.stretches.into_iter().filter(|stretch| !is_remark(&text_in(stretch))) {
            let Stretch { start_ms, end_ms, pieces } = stretch;
            let spoken = merge(pieces, from_ms);
            from_ms = spoken.last().and_then(|word| word.between_ms).map_or(from_ms, |(_, end)| end);
            let start_ms = start_ms.max(after_ms);
            let end_ms = end_ms.max(start_ms);
            placed.extend(spans::place(&spoken, envelope, start_ms, end_ms));
            words.extend(spoken);
            after_ms = end_ms;
        }
        let placed = align::place(&words, envelope, ms_of(samples)).unwrap_or(placed);
        Heard {
            words: words.into_iter().zip(placed).map(|(word, (start, end))| (word, start, end)).collect(),
            language: written.language,
            no_speech_probability: written.no_speech_probability,
            compression_ratio,
            temperature: manner.temperature,
        }
    }
}

impl Heard {
    /// Sentences, `from_ms` after the chunk's start.
    fn segments(self, from_ms: u32, chunk_ms: u32, retry: u8) -> Vec<Segment> {
        let mut rest = self.words.as_slice();
        let mut segments = Vec::new();
        for length in sentences::lengths(&self.words) {
            let (sentence, after) = rest.split_at(length);
            rest = after;
            let at = |ms: u32| (from_ms + ms).min(chunk_ms);
            let words: Vec<Word> = sentence
                .iter()
                .map(|(word, start, end)| Word {
                    start_ms: at(*start),
                    end_ms: at(*end),
                    text: word.text.clone(),
                    confidence: word.confidence,
                })
                .collect();
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let pieces: u32 = sentence.iter().map(|(word, _, _)| word.pieces).sum();
            let log_probability: f32 = sentence.iter().map(|(word, _, _)| word.log_probability).sum();
            segments.push(Segment {
                start_ms: first.start_ms,
                end_ms: last.end_ms,
                text: sentences::text(sentence),
                confidence: words.iter().map(|word| word.confidence).sum::<f32>() / words.len() as f32,
                no_speech_prob: self.no_speech_probability,
                evidence: Some(Evidence {
                    average_log_probability: log_probability / pieces.max(1) as f32,
                    no_speech_probability: self.no_speech_probability,
                    compression_ratio: self.compression_ratio,
                    temperature: self.temperature,
                    retry,
                }),
                words,
            });
        }
        segments
    }
}

/// Where voice begins that no word was written for, after the last one; nothing if there is none.
fn lost_end(envelope: &Envelope, last_end_ms: u32, chunk_ms: u32) -> Option<u32> {
    let voiced: Vec<u32> =
        (last_end_ms / FRAME_MS..chunk_ms / FRAME_MS).filter(|frame| envelope.is_voiced(*frame)).collect();
    let (first, last) = (voiced.first()?, voiced.last()?);
    let lost = (last - last_end_ms / FRAME_MS) * FRAME_MS >= LOST_MS && voiced.len() as u32 * FRAME_MS >= LOST_VOICE_MS;
    // A little before, as no sound is as loud at its start.
    lost.then(|| (first.saturating_sub(5) * FRAME_MS).max(last_end_ms))
}

/// The language to listen for; `None` is whisper.cpp's word for finding out.
fn language<'a>(model: &Model, asked: Option<&'a str>) -> Result<Option<&'a str>, Failure> {
    match asked {
        None if model.context.is_multilingual() => Ok(None),
        None => Ok(Some("en")),
        Some(code) if !code.bytes().all(|b| b.is_ascii_alphabetic()) || whisper_rs::get_lang_id(code).is_none() => {
            Err(Failure::bad_input(format!("whisper.cpp knows no language {code:?}")))
        }
        Some(code) if code != "en" && !model.context.is_multilingual() => {
            Err(Failure::bad_input(format!("the model knows English only, not {code:?}")))
        }
        Some(code) => Ok(Some(code)),
    }
}

/// The end of the prompt, as much as fits into the half of the text context that whisper.cpp gives it.
fn prompt(model: &Model, text: Option<&str>) -> Result<Vec<WhisperTokenId>, Failure> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(Vec::new()) };
    if text.contains('\0') {
        return Err(Failure::bad_input("the prompt holds a null character"));
    }
    let mut tokens = model
        .context
        .tokenize(text, text.len() + 1)
        .map_err(|error| Failure::bad_input(format!("the prompt cannot be read: {error}")))?;
    let most = usize::try_from(model.context.n_text_ctx() / 2 - 1).unwrap_or(0);
    tokens.drain(..tokens.len().saturating_sub(most));
    Ok(tokens)
}

fn text_of(written: &Written) -> String {
    written.stretches.iter().map(text_in).collect::<Vec<_>>().join(" ")
}

fn text_in(stretch: &Stretch) -> String {
    let bytes: Vec<u8> = stretch.pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// Published models remark on what is not speech: `[BLANK_AUDIO]`, `(music)`.
fn is_remark(text: &str) -> bool {
    let enclosed = |open, close| text.starts_with(open) && text.ends_with(close);
    text.is_empty() || enclosed('[', ']') || enclosed('(', ')') || enclosed('*', '*') || text.starts_with('\u{266a}')
}

fn ms_of(samples: usize) -> u32 {
    u32::try_from(samples as u64 * 1000 / u64::from(SAMPLE_RATE)).unwrap_or(u32::MAX)
}

fn samples_of(ms: u32) -> usize {
    usize::try_from(u64::from(ms) * u64::from(SAMPLE_RATE) / 1000).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_not_speech() {
        assert!(is_remark("[BLANK_AUDIO]"));
        assert!(is_remark("(gentle music)"));
        assert!(!is_remark("(Aside) She left."));
    }

    #[test]
    fn a_lost_end_is_found_and_a_breath_is_not() {
        let sound = |voiced: &[(u32, u32)]| {
            Envelope::from_frames(
                (0..2_000).map(|f| voiced.iter().any(|(from, to)| (*from..*to).contains(&f))).collect(),
            )
        };
        assert_eq!(lost_end(&sound(&[(0, 500), (700, 1_900)]), 5_000, 20_000), Some(6_950));
        assert_eq!(lost_end(&sound(&[(0, 500), (1_000, 1_050)]), 5_000, 20_000), None, "half a second of noise");
        assert_eq!(lost_end(&sound(&[(0, 700)]), 5_000, 20_000), None, "a word may end early");
    }
}
