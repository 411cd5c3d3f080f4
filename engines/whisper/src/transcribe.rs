//! One chunk of sound to segments of words.

use engine_protocol::{FailureKind, SAMPLE_RATE, Segment, Transcribe, Transcribed, Word};
use whisper_rs::{FullParams, SamplingStrategy, WhisperError, WhisperSegment, WhisperTokenId};

use crate::Failure;
use crate::envelope::Envelope;
use crate::model::Model;
use crate::words::{Piece, merge};
use crate::{pcm, spans};

/// whisper.cpp passes over less than 0.1 s without a word; shorter chunks are filled up with silence.
const FEWEST_SAMPLES: usize = SAMPLE_RATE as usize / 5;

/// Seconds within which the first word must begin; whisper.cpp's default of 1 s would move later ones.
const LATEST_START_S: f32 = 10.0;

/// Positions of the published models, on which whisper.cpp bases its sense of time in one place.
const PUBLISHED_CONTEXT: f32 = 1500.0;

/// Milliseconds in a time stamp of whisper.cpp.
const STAMP_MS: i64 = 10;

/// Listens to one chunk.
pub fn transcribe(model: &mut Model, request: &Transcribe) -> Result<Transcribed, Failure> {
    let language = language(model, request.language.as_deref())?;
    let mut samples = pcm::read(request, model.window_ms())?;
    let envelope = Envelope::of(&samples);
    if envelope.is_silent() {
        return Ok(Transcribed { id: request.id, language: request.language.clone(), segments: Vec::new() });
    }
    let chunk_ms = u32::try_from(samples.len() as u64 * 1000 / u64::from(SAMPLE_RATE)).unwrap_or(u32::MAX);
    samples.resize(samples.len().max(FEWEST_SAMPLES), 0.0);

    let prompt = prompt(model, request.prompt.as_deref())?;
    let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    parameters.set_n_threads(model.threads);
    parameters.set_language(language);
    parameters.set_no_context(true);
    parameters.set_tokens(&prompt);
    parameters.set_max_initial_ts(LATEST_START_S * model.context.model_n_audio_ctx() as f32 / PUBLISHED_CONTEXT);
    parameters.set_print_special(false);
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_timestamps(false);
    model.state.full(parameters, &samples).map_err(|error| Failure {
        kind: match error {
            WhisperError::FailedToEncode | WhisperError::FailedToDecode => FailureKind::OutOfMemory,
            _ => FailureKind::Internal,
        },
        message: format!("whisper.cpp could not transcribe the chunk: {error}"),
    })?;

    let end_of_text = model.context.token_eot();
    let mut after = 0;
    let mut segments = Vec::new();
    for segment in model.state.as_iter() {
        if let Some(segment) = read_segment(&segment, end_of_text, &envelope, after, chunk_ms)? {
            after = segment.end_ms;
            segments.push(segment);
        }
    }
    let heard = if model.context.is_multilingual() {
        whisper_rs::get_lang_str(model.state.full_lang_id_from_state())
    } else {
        Some("en")
    };
    Ok(Transcribed { id: request.id, language: heard.map(Into::into), segments })
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

/// Puts a segment into words; nothing if nothing was said in it.
fn read_segment(
    segment: &WhisperSegment<'_>,
    end_of_text: WhisperTokenId,
    envelope: &Envelope,
    after_ms: u32,
    chunk_ms: u32,
) -> Result<Option<Segment>, Failure> {
    let broken = |error: WhisperError| Failure::internal(format!("whisper.cpp lost its own text: {error}"));
    let text = segment.to_bytes().map_err(broken)?;
    let text = String::from_utf8_lossy(text).trim().to_owned();
    if is_remark(&text) {
        return Ok(None);
    }
    let tokens: Vec<_> = (0..segment.n_tokens()).filter_map(|index| segment.get_token(index)).collect();
    let mut pieces = Vec::with_capacity(tokens.len());
    // Marks of time and task have numbers from the end mark on.
    for token in tokens.iter().filter(|token| token.token_id() < end_of_text) {
        pieces.push(Piece { bytes: token.to_bytes().map_err(broken)?, probability: token.token_probability() });
    }
    let spoken = merge(pieces);
    if spoken.is_empty() {
        return Ok(None);
    }
    let start_ms = milliseconds(segment.start_timestamp()).clamp(after_ms, chunk_ms);
    let end_ms = milliseconds(segment.end_timestamp()).clamp(start_ms, chunk_ms);
    let words: Vec<Word> = spans::place(&spoken, envelope, start_ms, end_ms)
        .into_iter()
        .zip(spoken)
        .map(|((start_ms, end_ms), word)| Word { start_ms, end_ms, text: word.text, confidence: word.confidence })
        .collect();
    let confidence = words.iter().map(|word| word.confidence).sum::<f32>() / words.len() as f32;
    let no_speech_prob = segment.no_speech_probability().clamp(0.0, 1.0);
    Ok(Some(Segment { start_ms, end_ms, text, confidence, no_speech_prob, words, evidence: None }))
}

/// Published models remark on what is not speech: `[BLANK_AUDIO]`, `(music)`.
fn is_remark(text: &str) -> bool {
    let enclosed = |open, close| text.starts_with(open) && text.ends_with(close);
    text.is_empty() || enclosed('[', ']') || enclosed('(', ')') || text.starts_with('\u{266a}')
}

fn milliseconds(stamp: i64) -> u32 {
    u32::try_from(stamp.max(0) * STAMP_MS).unwrap_or(u32::MAX)
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
}
