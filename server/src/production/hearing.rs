//! What somebody says that they heard in one chunk: judged, heard once more in another way where it cannot be believed, and put
//! on the book's own time. The shop's engine and machines elsewhere are judged alike.

use super::engine::{Engine, EngineError};
use crate::providers::{Outside, Over, speech};
use domain::production::chunks::Chunk;
use domain::providers::read::Ready;
use domain::transcript::trust::{self, Heard, Measures};
use domain::transcript::{TranscribedSegment, Word};
use engine_protocol::{PcmFormat, Segment, SpeechModel, Transcribe, Transcribed};
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Who hears a chunk.
pub trait Ear: Send {
    type Error: Send;

    fn hear(&mut self, request: Transcribe) -> impl Future<Output = Result<Transcribed, Self::Error>> + Send;

    /// Whether the first answer stands although the second was refused.
    fn bears(error: &Self::Error) -> bool;
}

impl Ear for Engine {
    type Error = EngineError;

    async fn hear(&mut self, request: Transcribe) -> Result<Transcribed, EngineError> {
        self.transcribe(request, |_| {}).await
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

/// What was heard in a chunk, with what is doubtful in it marked, and the language it is in as far as that was found.
///
/// # Errors
/// As [`Ear::hear`].
pub async fn listen<E: Ear>(
    ear: &mut E,
    chunk: &Chunk,
    request: Transcribe,
) -> Result<(Vec<TranscribedSegment>, Option<String>), E::Error> {
    let again = Transcribe { retry: 1, prompt: None, ..request.clone() };
    let Transcribed { segments, language, .. } = ear.hear(request).await?;
    let heard = judged(chunk, segments);
    if !trust::worth_another_try(&heard) {
        return Ok((heard, language));
    }
    let second = match ear.hear(again).await {
        Ok(second) => second,
        // It was heard, though not for certain: that is marked and shown to an admin.
        Err(error) if E::bears(&error) => return Ok((heard, language)),
        Err(error) => return Err(error),
    };
    Ok((trust::better(heard, judged(chunk, second.segments)), language))
}

fn judged(chunk: &Chunk, segments: Vec<Segment>) -> Vec<TranscribedSegment> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_told_no_language_that_it_does_not_know() {
        let mut model = SpeechModel {
            size: "base".to_owned(),
            file_bytes: 1,
            audio_context: 1_500,
            window_ms: 30_000,
            multilingual: true,
            languages: vec!["en".to_owned(), "de".to_owned()],
            at_once: 1,
        };
        let (german, made_up) = ("de".to_owned(), "qq".to_owned());
        assert_eq!(known_to(&model, Some(&german)), Some(german.clone()));
        assert_eq!(known_to(&model, Some(&made_up)), None);
        model.multilingual = false;
        assert_eq!(known_to(&model, Some(&german)), None);
    }

    #[test]
    fn times_are_those_of_the_book_and_stay_inside_the_chunk() {
        let chunk = Chunk {
            id: uuid::Uuid::nil(),
            position: 2,
            part_id: uuid::Uuid::nil(),
            start_ms: 20_000,
            end_ms: 25_000,
            attempt: 0,
        };
        let word = engine_protocol::Word { start_ms: 100, end_ms: 9_000, text: "Far".into(), confidence: 0.9 };
        let segment = Segment {
            start_ms: 100,
            end_ms: 9_000,
            text: "Far".into(),
            confidence: 0.9,
            no_speech_prob: 0.0,
            words: vec![word],
            evidence: None,
        };
        let heard = judged(&chunk, vec![segment]);
        assert_eq!((heard[0].start_ms, heard[0].words[0].end_ms), (20_100, 25_000));
        assert_eq!(heard[0].flag, None);
    }
}
