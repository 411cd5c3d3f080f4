//! The third step: what is said, chunk by chunk, each saved as it ends.

use super::engine::EngineError;
use super::prepare;
use super::step::{StepRun, Workshop, hash_of};
use crate::jobs::JobError;
use crate::models::Chosen;
use crate::models::known::Purpose;
use domain::jobs::Claim;
use domain::production::chunks::{self, Chunk};
use domain::production::jobs;
use domain::production::parts::{self, Part};
use domain::production::steps::{self, Outcome, Output};
use domain::production::{Step, results};
use domain::transcript::{TranscribedSegment, Word};
use engine_protocol::{EngineKind, FailureKind, ModelFacts, PcmFormat, SAMPLE_RATE, Segment, Transcribe};

/// Tries for one chunk before it is left out.
const TRIES: i32 = 3;
/// Chunks in a row that end the run when none of them can be heard: then it is not the chunks.
const FAILED_IN_A_ROW: u32 = 3;

pub async fn run(shop: Workshop, job: jobs::Transcribe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let parts = parts::parts(job.shop.db.read(), job.audiobook_id).await?;
    let before = steps::output(job.shop.db.read(), job.audiobook_id, Step::Prepare).await?;
    let mut language = None;
    let mut failed_in_a_row = 0;
    let mut heard_by: Option<(Chosen, String)> = None;
    while let Some(chunk) = chunks::next_chunk(&job.shop.db, job.audiobook_id).await? {
        let models = &job.shop.models;
        let Some(model) = models.choose(Purpose::Speech) else {
            return Err(JobError::Waiting(models.what_to_do(Purpose::Speech)));
        };
        let part = parts.iter().find(|part| part.id == chunk.part_id);
        let part = part.ok_or_else(|| JobError::Fatal("A file of this title is missing.".into()))?;
        match hear(job, part, &chunk, &model, &mut language).await? {
            Hearing::TranscribedSegment(library, heard) => {
                let by = format!("{library}, {}", model.name);
                chunks::save_chunk(&job.shop.db, &job.claim, &chunk, &by, &heard).await?;
                failed_in_a_row = 0;
                heard_by = Some((model, library));
            }
            Hearing::TooLong => return again_from_prepare(job).await,
            Hearing::Failed(reason) => {
                chunks::chunk_failed(&job.shop.db, &job.claim, &chunk, &reason, TRIES).await?;
                if chunk.attempt + 1 >= TRIES {
                    failed_in_a_row += 1;
                }
                if failed_in_a_row >= FAILED_IN_A_ROW {
                    return Err(JobError::Fatal(format!("The speech engine fails again and again: {reason}")));
                }
            }
        }
    }
    finish(job, &parts, before.silent, heard_by).await
}

enum Hearing {
    /// The engine's own library, and what was heard.
    TranscribedSegment(String, Vec<TranscribedSegment>),
    /// The model hears less at once than the one that the chunks were cut for.
    TooLong,
    Failed(String),
}

async fn hear(
    job: &StepRun,
    part: &Part,
    chunk: &Chunk,
    model: &Chosen,
    language: &mut Option<String>,
) -> Result<Hearing, JobError> {
    let pcm_path = prepare::pcm(job, part).await?;
    let mut lease = job.shop.pool.lease(EngineKind::Whisper, &model.path).await?;
    let ModelFacts::Speech(facts) = &lease.model else {
        return Err(JobError::Waiting("The configured speech model is a writing model.".into()));
    };
    if chunk.end_ms - chunk.start_ms > i64::from(facts.window_ms) {
        return Ok(Hearing::TooLong);
    }
    let multilingual = facts.multilingual;
    let samples = |ms: i64| u64::try_from(ms).unwrap_or(0) * u64::from(SAMPLE_RATE) / 1000;
    let in_file = tokio::fs::metadata(&pcm_path).await?.len() / PcmFormat::S16le.sample_bytes();
    let offset_samples = samples(chunk.start_ms - part.start_ms).min(in_file);
    let request = Transcribe {
        id: 0,
        pcm_path,
        pcm_format: PcmFormat::S16le,
        offset_samples,
        sample_count: samples(chunk.end_ms - chunk.start_ms).min(in_file - offset_samples),
        language: language.clone().filter(|_| multilingual),
        prompt: None,
        retry: 0,
    };
    let library = lease.library();
    match lease.engine()?.transcribe(request, |_| {}).await {
        Ok(transcribed) => {
            // What the first words are in, the book is in: single chunks are easily mistaken.
            if language.is_none() && !transcribed.segments.is_empty() {
                language.clone_from(&transcribed.language);
            }
            Ok(Hearing::TranscribedSegment(library, heard(chunk, transcribed.segments)))
        }
        Err(EngineError::Refused { kind: FailureKind::BadModel | FailureKind::OutOfMemory, message }) => {
            Err(JobError::from(EngineError::Refused { kind: FailureKind::BadModel, message }))
        }
        Err(EngineError::NotStarted { path, reason }) => Err(EngineError::NotStarted { path, reason }.into()),
        Err(error) => Ok(Hearing::Failed(error.to_string())),
    }
}

/// What the engine heard, on the book's own time, with what is suspicious marked.
fn heard(chunk: &Chunk, segments: Vec<Segment>) -> Vec<TranscribedSegment> {
    let at = |ms: u32| (chunk.start_ms + i64::from(ms)).min(chunk.end_ms);
    let mut heard: Vec<TranscribedSegment> = Vec::with_capacity(segments.len());
    for segment in segments.into_iter().filter(|segment| !segment.text.is_empty()) {
        let repeats = heard.iter().rev().take_while(|before| before.text == segment.text).count() >= 2;
        let flag = if repeats || runs_in_circles(&segment.text) {
            Some("repetition")
        } else if segment.no_speech_prob > 0.6 && segment.confidence < 0.4 {
            Some("no-speech")
        } else {
            None
        };
        let word = |word: engine_protocol::Word| Word {
            start_ms: at(word.start_ms),
            end_ms: at(word.end_ms),
            text: word.text,
            confidence: word.confidence,
        };
        heard.push(TranscribedSegment {
            start_ms: at(segment.start_ms),
            end_ms: at(segment.end_ms),
            text: segment.text,
            words: segment.words.into_iter().map(word).collect(),
            confidence: segment.confidence,
            flag: flag.map(str::to_owned),
        });
    }
    heard
}

/// Whether a text says the same one to six words at least five times in a row, as a model does that is caught in a loop.
fn runs_in_circles(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    (1..=6).any(|length| {
        words.windows(length * 5).any(|window| {
            let (first, rest) = window.split_at(length);
            rest.chunks(length).all(|chunk| chunk == first)
        })
    })
}

async fn again_from_prepare(job: &StepRun) -> Result<(), JobError> {
    Ok(results::outdated(&job.shop.db, &job.claim, Step::Prepare).await?)
}

async fn finish(
    job: &StepRun,
    parts: &[Part],
    silent: bool,
    heard_by: Option<(Chosen, String)>,
) -> Result<(), JobError> {
    let counts = chunks::counts(job.shop.db.read(), job.audiobook_id).await?;
    if counts.failed > 0 && counts.done == 0 {
        return Err(JobError::Fatal("No stretch of this book could be heard.".into()));
    }
    let coverage = if counts.total_ms > 0 { counts.done_ms * 1000 / counts.total_ms } else { 1000 };
    let message = if silent || counts.total == 0 {
        Some("Nothing was said.".to_owned())
    } else if counts.failed > 0 {
        Some(format!("{} of {} stretches could not be heard and are left out.", counts.failed, counts.total))
    } else {
        None
    };
    // A run that found everything done already (after a crash at the very end) has heard nothing itself.
    let by =
        heard_by.or_else(|| job.shop.models.choose(Purpose::Speech).map(|model| (model, "whisper.cpp".to_owned())));
    let outcome = Outcome {
        provider: by.as_ref().map(|(_, library)| library.clone()),
        model: by.as_ref().map(|(model, _)| model.name.clone()),
        input_hash: Some(hash_of(parts.iter().map(|part| part.source.sha256.as_str()))),
        coverage_permille: i32::try_from(coverage).ok(),
        message,
        output: Output { demonstration: by.is_some_and(|(model, _)| model.demonstration), silent, ..Output::default() },
    };
    results::transcribed(&job.shop.db, &job.claim, &outcome).await?;
    // The samples can be made again; nobody needs them now.
    if let Ok(folder) = job.folder().await {
        let _ = tokio::fs::remove_dir_all(folder).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_caught_in_a_loop_is_noticed() {
        assert!(runs_in_circles("and then and then and then and then and then"));
        assert!(!runs_in_circles("The ship, the old ship, came home to the harbour in the night."));
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
        let heard = heard(&chunk, vec![segment]);
        assert_eq!((heard[0].start_ms, heard[0].words[0].end_ms), (20_100, 25_000));
    }
}
