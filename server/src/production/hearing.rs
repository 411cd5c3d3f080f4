//! What somebody says that they heard in one chunk: judged, heard once more in another way where it cannot be believed, and put
//! on the book's own time. The shop's engine and machines elsewhere are judged alike.

#[cfg(test)]
mod tests;

use super::engine::{Engine, EngineError};
use super::names::Names;
use super::tongue;
use crate::providers::{Outside, Over, speech};
use domain::production::chunks::Chunk;
use domain::providers::read::Ready;
use domain::transcript::trust::{self, Heard, Measures};
use domain::transcript::{TranscribedSegment, Word};
use engine_protocol::{Identified, PcmFormat, Segment, SpeechModel, Transcribe, Transcribed};
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// The size of a model that is none of the published ones, as engines call it.
const CUSTOM: &str = "custom";

/// Who hears a chunk.
pub trait Ear: Send {
    type Error: Send;

    fn hear(&mut self, request: Transcribe) -> impl Future<Output = Result<Transcribed, Self::Error>> + Send;

    /// The language of the chunk of a request; nothing from whom cannot tell without hearing it.
    fn language(
        &mut self,
        request: &Transcribe,
    ) -> impl Future<Output = Result<Option<Identified>, Self::Error>> + Send;

    /// Whether the first answer stands although the second was refused.
    fn bears(error: &Self::Error) -> bool;
}

impl Ear for Engine {
    type Error = EngineError;

    async fn hear(&mut self, request: Transcribe) -> Result<Transcribed, EngineError> {
        self.transcribe(request, |_| {}).await
    }

    async fn language(&mut self, request: &Transcribe) -> Result<Option<Identified>, EngineError> {
        self.identify(request).await.map(Some)
    }

    fn bears(error: &EngineError) -> bool {
        !error.is_deadly()
    }
}

/// A machine elsewhere.
#[derive(Debug)]
pub struct Elsewhere<'a> {
    pub outside: &'a Outside,
    pub ready: &'a Ready,
}

impl Ear for Elsewhere<'_> {
    type Error = Over;

    async fn hear(&mut self, request: Transcribe) -> Result<Transcribed, Over> {
        let samples = samples(&request).await.map_err(|error| {
            tracing::warn!(%error, "samples could not be read");
            Over::NoSound
        })?;
        let language = request.language.as_deref();
        speech::hear(self.outside, self.ready, &samples, language, request.retry > 0).await
    }

    async fn language(&mut self, _: &Transcribe) -> Result<Option<Identified>, Over> {
        Ok(None)
    }

    fn bears(_: &Over) -> bool {
        true
    }
}

/// The samples that a request is about.
async fn samples(request: &Transcribe) -> std::io::Result<Vec<u8>> {
    let bytes = PcmFormat::S16le.sample_bytes();
    let mut file = tokio::fs::File::open(&request.pcm_path).await?;
    file.seek(SeekFrom::Start(request.offset_samples * bytes)).await?;
    let mut samples = Vec::new();
    file.take(request.sample_count * bytes).read_to_end(&mut samples).await?;
    Ok(samples)
}

/// The language of a book for a model that is to hear it: another one, that found it, may know more languages, or make them up.
pub fn known_to(model: &SpeechModel, language: Option<&String>) -> Option<String> {
    // An engine of old does not say which it knows.
    let knows = |code: &&String| model.languages.is_empty() || model.languages.contains(*code);
    language.filter(|_| model.multilingual).filter(knows).cloned()
}

/// The names that a model is told before it hears. One of somebody's own making may never have learnt what to do with them, and
/// takes them for what was said.
pub fn told_to(model: &SpeechModel, names: &Names) -> Option<String> {
    if model.size == CUSTOM { None } else { names.prompt() }
}

/// What was heard in a chunk, with what is doubtful in it marked, and the language it is in as far as that was found. Where the
/// book is `mixed` a chunk is first asked for its language; else only one that is doubtful, before it is heard once more.
///
/// # Errors
/// As [`Ear::hear`].
pub async fn listen<E: Ear>(
    ear: &mut E,
    chunk: &Chunk,
    mut request: Transcribe,
    mixed: bool,
) -> Result<(Vec<TranscribedSegment>, Option<String>), E::Error> {
    if mixed && let Some(other) = other_language(ear, &request).await? {
        request.language = Some(other);
    }
    let Transcribed { segments, language, .. } = ear.hear(request.clone()).await?;
    let heard = judged(chunk, segments);
    if !trust::worth_another_try(&heard) {
        return Ok((heard, language));
    }
    let other = if mixed { None } else { other_language(ear, &request).await? };
    let second = match ear.hear(again(request, other)).await {
        Ok(second) => second,
        // It was heard, though not for certain: that is marked and shown to an admin.
        Err(error) if E::bears(&error) => return Ok((heard, language)),
        Err(error) => return Err(error),
    };
    Ok((trust::better(heard, judged(chunk, second.segments)), language))
}

/// How a chunk is heard once more: in the language that it is certainly in, if that is another one; else in another way.
pub fn again(request: Transcribe, other: Option<String>) -> Transcribe {
    match other {
        Some(language) => Transcribe { language: Some(language), prompt: None, ..request },
        None => Transcribe { retry: 1, prompt: None, ..request },
    }
}

/// A language that a chunk is certainly in, where that is another one than is listened for.
async fn other_language<E: Ear>(ear: &mut E, request: &Transcribe) -> Result<Option<String>, E::Error> {
    if request.language.is_none() {
        return Ok(None);
    }
    match ear.language(request).await {
        Ok(found) => {
            Ok(found.as_ref().and_then(tongue::certain).filter(|found| request.language.as_ref() != Some(found)))
        }
        Err(error) if E::bears(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What was said in a chunk, on the book's own time, with what is doubtful in it marked.
pub fn judged(chunk: &Chunk, segments: Vec<Segment>) -> Vec<TranscribedSegment> {
    trust::judged(segments.into_iter().map(|segment| heard(chunk, segment)).collect())
}

/// A piece on the book's own time, never beyond its chunk.
fn heard(chunk: &Chunk, segment: Segment) -> Heard {
    let at = |ms: u32| (chunk.start_ms + i64::from(ms)).min(chunk.end_ms);
    let word = |word: engine_protocol::Word| Word {
        start_ms: at(word.start_ms),
        end_ms: at(word.end_ms),
        text: word.text,
        confidence: word.confidence,
    };
    let measures = segment.evidence.map_or_else(
        || Measures { no_speech_probability: segment.no_speech_prob, ..Measures::default() },
        |evidence| Measures {
            average_log_probability: evidence.average_log_probability,
            no_speech_probability: evidence.no_speech_probability,
            compression_ratio: evidence.compression_ratio,
        },
    );
    Heard {
        start_ms: at(segment.start_ms),
        end_ms: at(segment.end_ms),
        text: segment.text,
        words: segment.words.into_iter().map(word).collect(),
        confidence: segment.confidence,
        measures,
    }
}
