//! What an engine says of one chunk: judged, heard once more in another way where it cannot be believed, and put on the
//! book's own time.

use super::engine::{Engine, EngineError};
use domain::production::chunks::Chunk;
use domain::transcript::trust::{self, Heard, Measures};
use domain::transcript::{TranscribedSegment, Word};
use engine_protocol::{Segment, Transcribe, Transcribed};

/// What was heard in a chunk, with what is doubtful in it marked, and the language it is in as far as that was found.
///
/// # Errors
/// As [`Engine::transcribe`].
pub async fn listen(
    engine: &mut Engine,
    chunk: &Chunk,
    request: Transcribe,
) -> Result<(Vec<TranscribedSegment>, Option<String>), EngineError> {
    let again = Transcribe { retry: 1, prompt: None, ..request.clone() };
    let Transcribed { segments, language, .. } = engine.transcribe(request, |_| {}).await?;
    let heard = judged(chunk, segments);
    if !trust::worth_another_try(&heard) {
        return Ok((heard, language));
    }
    let second = match engine.transcribe(again, |_| {}).await {
        Ok(second) => second,
        // It was heard, though not for certain: that is marked and shown to an admin.
        Err(error) if !error.is_deadly() => return Ok((heard, language)),
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
