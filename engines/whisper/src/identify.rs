//! Which language is spoken in a chunk.

use engine_protocol::{Identified, Identify};
use whisper_rs::{WhisperError, WhisperState};

use crate::envelope::Envelope;
use crate::model::Model;
use crate::{Failure, pcm};

/// Samples that the model is given at least, in seconds: its mel spectrogram needs some.
const FEWEST_SAMPLES: usize = engine_protocol::SAMPLE_RATE as usize / 2;

/// Finds the likeliest language; a model of English alone knows without listening.
pub fn identify(model: &Model, state: &mut WhisperState, request: &Identify) -> Result<Identified, Failure> {
    let mut samples = pcm::read(request.into(), model.window_ms())?;
    let found = |language: Option<&str>, probability| Identified {
        id: request.id,
        language: language.map(Into::into),
        probability,
    };
    if Envelope::of(&samples).is_silent() {
        return Ok(found(None, 0.0));
    }
    if !model.context.is_multilingual() {
        return Ok(found(Some("en"), 1.0));
    }
    samples.resize(samples.len().max(FEWEST_SAMPLES), 0.0);
    let failed = |error: WhisperError| Failure::internal(format!("whisper.cpp could not find the language: {error}"));
    let threads = usize::try_from(model.threads).unwrap_or(1);
    state.pcm_to_mel(&samples, threads).map_err(failed)?;
    let (language, probabilities) = state.lang_detect(0, threads).map_err(failed)?;
    let probability = usize::try_from(language).ok().and_then(|index| probabilities.get(index)).copied();
    Ok(found(whisper_rs::get_lang_str(language), probability.unwrap_or(0.0).clamp(0.0, 1.0)))
}
