//! One run of whisper.cpp over one stretch of sound: one encoding, one text, with the model's own measures.

use std::cell::Cell;
use std::rc::Rc;

use engine_protocol::FailureKind;
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperError, WhisperState, WhisperTokenId};

use crate::Failure;
use crate::words::Piece;

/// Seconds within which the first word must begin; whisper.cpp's default of 1 s would move later ones.
const LATEST_START_S: f32 = 10.0;

/// Positions of the published models, on which whisper.cpp bases its sense of time in one place.
const PUBLISHED_CONTEXT: f32 = 1500.0;

/// Milliseconds in a time stamp of whisper.cpp, and in a step of the model's own marks of time.
const STAMP_MS: i64 = 10;
const MARK_MS: u32 = 20;

/// How to listen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// Readings weighed against each other; 1 takes the likeliest word each time.
    pub readings: i32,
    /// Chance allowed in the choice of words.
    pub temperature: f32,
    /// Whether the prompt is given.
    pub prompted: bool,
}

/// What is asked of one run.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub samples: &'a [f32],
    /// `None` lets a multilingual model find out.
    pub language: Option<&'a str>,
    pub prompt: &'a [WhisperTokenId],
    pub manner: Manner,
    pub threads: i32,
    /// Positions of the encoder to use; 0 for all.
    pub audio_context: i32,
    /// Whether the model writes marks of time.
    pub marks: bool,
    /// Whether the sound is encoded once, however early the model stops.
    pub encode_once: bool,
}

/// Pieces between two of the model's own marks of time, in milliseconds from the first sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub start_ms: u32,
    pub end_ms: u32,
    pub pieces: Vec<Piece>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    pub stretches: Vec<Stretch>,
    /// 0 to 1.
    pub no_speech_probability: f32,
    /// Mean natural logarithm of the probability of all tokens, marks included.
    pub average_log_probability: f32,
    /// ISO 639-1.
    pub language: Option<&'static str>,
}

/// Listens once.
pub fn listen(context: &WhisperContext, state: &mut WhisperState, ask: &Ask<'_>) -> Result<Written, Failure> {
    let again = Rc::new(Cell::new(false));
    let outcome = state.full(parameters(context, ask, &again), ask.samples);
    // Stopped by us: what was written before is whole.
    if let Err(error) = outcome
        && !again.get()
    {
        return Err(Failure {
            kind: match error {
                // The numbers of whisper_full for a failed encoding and decoding.
                WhisperError::FailedToEncode | WhisperError::FailedToDecode | WhisperError::GenericError(-9..=-6) => {
                    FailureKind::OutOfMemory
                }
                _ => FailureKind::Internal,
            },
            message: format!("whisper.cpp could not transcribe the chunk: {error}"),
        });
    }
    read(context, state, ask)
}

fn parameters<'a>(context: &WhisperContext, ask: &Ask<'a>, again: &Rc<Cell<bool>>) -> FullParams<'a, 'a> {
    let Manner { readings, temperature, prompted } = ask.manner;
    let strategy = if readings > 1 && temperature == 0.0 {
        SamplingStrategy::BeamSearch { beam_size: readings, patience: -1.0 }
    } else {
        SamplingStrategy::Greedy { best_of: readings }
    };
    let mut parameters = FullParams::new(strategy);
    parameters.set_n_threads(ask.threads);
    parameters.set_language(ask.language);
    parameters.set_no_context(true);
    parameters.set_tokens(if prompted { ask.prompt } else { &[] });
    parameters.set_audio_ctx(ask.audio_context);
    parameters.set_no_timestamps(!ask.marks);
    parameters.set_single_segment(ask.encode_once);
    parameters.set_temperature(temperature);
    // Another try is the caller's choice: whisper.cpp would not say that there was one.
    parameters.set_temperature_inc(0.0);
    parameters.set_max_initial_ts(LATEST_START_S * context.model_n_audio_ctx() as f32 / PUBLISHED_CONTEXT);
    parameters.set_print_special(false);
    parameters.set_print_progress(false);
    parameters.set_print_realtime(false);
    parameters.set_print_timestamps(false);
    // A text that ends in a loop makes whisper.cpp encode the rest once more, which costs as much as the whole and ends the
    // process when the rest is shorter than 150 ms (its median filter). So it is stopped there.
    let (begun_again, once) = (again.clone(), ask.encode_once);
    parameters.set_progress_callback_safe(move |percent: i32| begun_again.set(once && percent > 0));
    let stopped = again.clone();
    // Boxed, as whisper-rs reads it back as such.
    let stop: Box<dyn FnMut() -> bool> = Box::new(move || stopped.get());
    parameters.set_abort_callback_safe(stop);
    parameters
}

fn read(context: &WhisperContext, state: &WhisperState, ask: &Ask<'_>) -> Result<Written, Failure> {
    let broken = |error: WhisperError| Failure::internal(format!("whisper.cpp lost its own text: {error}"));
    let (end_of_text, first_mark) = (context.token_eot(), context.token_beg());
    let whole_ms = u32::try_from(ask.samples.len() as u64 * 1000 / u64::from(engine_protocol::SAMPLE_RATE));
    let whole_ms = whole_ms.unwrap_or(u32::MAX);
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut open = Stretch { start_ms: 0, end_ms: whole_ms, pieces: Vec::new() };
    let (mut sum, mut count) = (0.0, 0_u32);
    let mut no_speech_probability: f32 = 0.0;
    for segment in state.as_iter() {
        no_speech_probability = no_speech_probability.max(segment.no_speech_probability().clamp(0.0, 1.0));
        for token in (0..segment.n_tokens()).filter_map(|index| segment.get_token(index)) {
            let (id, data) = (token.token_id(), token.token_data());
            sum += data.plog;
            count += 1;
            if id < end_of_text {
                let end_ms = (data.t_dtw >= 0).then(|| u32::try_from(data.t_dtw * STAMP_MS).unwrap_or(u32::MAX));
                let bytes = token.to_bytes().map_err(broken)?.to_vec();
                let probability = token.token_probability();
                open.pieces.push(Piece { bytes, probability, log_probability: data.plog, end_ms });
            } else if id >= first_mark {
                let at = u32::try_from(id - first_mark).unwrap_or(0).saturating_mul(MARK_MS).min(whole_ms);
                if open.pieces.is_empty() {
                    open.start_ms = at;
                } else {
                    open.end_ms = at.max(open.start_ms);
                    let next = Stretch { start_ms: open.end_ms, end_ms: whole_ms, pieces: Vec::new() };
                    stretches.push(std::mem::replace(&mut open, next));
                }
            }
        }
    }
    if !open.pieces.is_empty() {
        stretches.push(open);
    }
    let language =
        if context.is_multilingual() { whisper_rs::get_lang_str(state.full_lang_id_from_state()) } else { Some("en") };
    let average_log_probability = if count > 0 { sum / count as f32 } else { 0.0 };
    Ok(Written { stretches, no_speech_probability, average_log_probability, language })
}
