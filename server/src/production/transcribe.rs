//! The third step: what is said, chunk by chunk, each saved as it ends.

use super::engine::EngineError;
use super::step::{StepRun, Workshop, hash_of};
use super::{hearing, prepare};
use crate::jobs::JobError;
use crate::models::Chosen;
use crate::models::known::Purpose;
use domain::jobs::Claim;
use domain::production::chunks::{self, Chunk};
use domain::production::jobs;
use domain::production::parts::{self, Part};
use domain::production::steps::{self, Outcome, Output};
use domain::production::{Step, results};
use domain::transcript::TranscribedSegment;
use engine_protocol::{EngineKind, FailureKind, ModelFacts, PcmFormat, SAMPLE_RATE, Transcribe};

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
    match hearing::listen(lease.engine()?, chunk, request).await {
        Ok((heard, found)) => {
            // What the first words are in, the book is in: single chunks are easily mistaken, and so is what is no speech.
            if language.is_none() && heard.iter().any(|piece| piece.flag.is_none()) {
                language.clone_from(&found);
            }
            Ok(Hearing::TranscribedSegment(library, heard))
        }
        Err(EngineError::Refused { kind: FailureKind::BadModel | FailureKind::OutOfMemory, message }) => {
            Err(JobError::from(EngineError::Refused { kind: FailureKind::BadModel, message }))
        }
        Err(EngineError::NotStarted { path, reason }) => Err(EngineError::NotStarted { path, reason }.into()),
        Err(error) => Ok(Hearing::Failed(error.to_string())),
    }
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
    prepare::forget(job, parts).await;
    Ok(())
}
