//! The second step: the audio as the speech model wants it, and where to cut it.

use super::step::{StepRun, Workshop, hash_of};
use super::{probe, sample};
use crate::jobs::JobError;
use crate::models::known;
use crate::providers::speech;
use domain::catalog::edit;
use domain::jobs::Claim;
use domain::production::chunks::PlannedChunk;
use domain::production::jobs;
use domain::production::parts::{self, Part};
use domain::production::results;
use domain::production::steps::{Outcome, Output};
use domain::providers::{ProviderKind, Purpose, read};
use engine_protocol::{EngineKind, ModelFacts, SAMPLE_RATE};
use sound::pcm::Decoded;
use sound::plan;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a model hears at once when none is here to say so: the window of every published whisper model.
const USUAL_WINDOW_MS: i64 = 30_000;
/// Left free of a window, in thousandths: the model is least sure at its edges.
const MARGIN_PERMILLE: i64 = 40;

pub async fn run(shop: Workshop, job: jobs::Prepare, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let mut parts = parts::parts(job.shop.db.read(), job.audiobook_id).await?;
    let (of, book_ms) = (parts.len() + 1, parts.iter().map(|part| part.duration_ms).sum());
    let window_ms = window(job).await?.unwrap_or(USUAL_WINDOW_MS);
    let longest = longest_chunk(window_ms);
    let mut chunks = Vec::new();
    let mut lengths = Vec::with_capacity(parts.len());
    let mut providers = BTreeSet::new();
    let (mut start_ms, mut lost_ms) = (0, 0);
    let mut cut_sample_at = None;
    for (number, part) in parts.iter_mut().enumerate() {
        let decoded = decode(job, part).await?;
        let planned = plan::chunks(&decoded.levels, longest);
        // From here on the part lasts as long as what was decoded of it.
        (part.start_ms, part.duration_ms) = (start_ms, decoded.duration_ms);
        start_ms += part.duration_ms;
        lost_ms += decoded.lost_ms;
        providers.insert(decoded.provider);
        lengths.push((part.id, part.duration_ms));
        let within = |ms: i64| part.start_ms + ms.min(part.duration_ms);
        chunks.extend(planned.into_iter().filter(|chunk| chunk.start < part.duration_ms).map(|chunk| PlannedChunk {
            part_id: part.id,
            start_ms: within(chunk.start),
            end_ms: within(chunk.end),
        }));
        if number == 0 {
            cut_sample_at = Some(sample::default_range(&decoded.levels, part, book_ms));
        }
        job.progress(number + 1, of).await?;
    }
    let chosen = edit::sample_range(job.shop.db.read(), job.audiobook_id).await?;
    sample::cut(job, &parts, chosen, cut_sample_at).await?;
    let silent = chunks.is_empty();
    let message = match lost_ms {
        _ if silent => Some("Nothing is said in this audio: it is silent from beginning to end.".to_owned()),
        0 => None,
        lost => Some(format!("{lost} ms are damaged and were taken for silence.")),
    };
    let coverage = (start_ms - lost_ms) * 1000 / start_ms.max(1);
    let heard_ms: i64 = chunks.iter().map(|chunk| chunk.end_ms - chunk.start_ms).sum();
    tracing::info!(audiobook = %job.audiobook_id, chunks = chunks.len(), heard_ms, window_ms, "prepared");
    let outcome = Outcome {
        provider: Some(probe::names(&providers)),
        input_hash: Some(hash_of(parts.iter().map(|part| part.source.sha256.as_str()))),
        coverage_permille: i32::try_from(coverage).ok(),
        message,
        output: Output { silent, ..Output::default() },
        ..Outcome::default()
    };
    Ok(results::prepared(&job.shop.db, &job.claim, job.audiobook_id, &lengths, &chunks, &outcome).await?)
}

/// What a chunk may last at most for a model with this window.
pub fn longest_chunk(window_ms: i64) -> i64 {
    window_ms - window_ms * MARGIN_PERMILLE / 1000
}

/// What the smallest window of those who hear is, in milliseconds, so that they stand in for each other from one chunk to the
/// next; `None` when nobody can say so yet.
async fn window(job: &StepRun) -> Result<Option<i64>, JobError> {
    let hear = read::ready(&job.shop.db, Purpose::Speech).await?;
    let elsewhere = hear.iter().any(|ready| ready.provider.is_elsewhere());
    let mut engine = None;
    if hear.iter().any(|ready| ready.provider.kind == ProviderKind::Engine) {
        engine = match window_of_engine(job).await {
            Ok(window) => window,
            // Others hear; an engine that is well again later says if the chunks are too long for it.
            Err(error) if elsewhere => {
                tracing::warn!(%error, "the speech engine does not say what it hears at once");
                None
            }
            Err(error) => return Err(error),
        };
    }
    Ok(engine.into_iter().chain(elsewhere.then_some(speech::WINDOW_MS)).min())
}

/// The window of the engine's model, as the loaded model says; `None` when there is no model yet.
async fn window_of_engine(job: &StepRun) -> Result<Option<i64>, JobError> {
    let Some(model) = job.shop.models.choose(known::Purpose::Speech) else { return Ok(None) };
    let lease = job.shop.pool.lease(EngineKind::Whisper, &model.path).await?;
    match &lease.model {
        ModelFacts::Speech(model) => Ok(Some(i64::from(model.window_ms))),
        ModelFacts::Writing(_) | ModelFacts::Embedding(_) => {
            Err(JobError::Waiting("The configured speech model is none that hears.".into()))
        }
    }
}

/// The file of a part's samples; made anew when it is not there, as on another machine.
pub async fn pcm(job: &StepRun, part: &Part) -> Result<PathBuf, JobError> {
    let path = pcm_path(job, part).await?;
    if !tokio::fs::try_exists(&path).await? {
        decode(job, part).await?;
    }
    Ok(path)
}

/// Removes the samples of parts, and the folder where nothing else is in it, such as a copy that is being made.
pub async fn forget(job: &StepRun, parts: &[Part]) {
    for part in parts {
        if let Ok(path) = pcm_path(job, part).await {
            let _ = tokio::fs::remove_file(path).await;
        }
    }
    if let Ok(folder) = job.folder().await {
        let _ = tokio::fs::remove_dir(folder).await;
    }
}

async fn pcm_path(job: &StepRun, part: &Part) -> Result<PathBuf, JobError> {
    Ok(job.folder().await?.join(format!("{}.s16", part.source.file_id)))
}

/// Decodes a part into its file of samples.
async fn decode(job: &StepRun, part: &Part) -> Result<Decoded, JobError> {
    let to = pcm_path(job, part).await?;
    let copy = job.shop.storage.local_copy(&part.source.storage_key).await?;
    let (name, counted_ms) = (&part.source.original_name, part.duration_ms);
    Ok(job.shop.decoder.to_pcm(copy.path(), name, &to, SAMPLE_RATE, counted_ms).await?)
}
