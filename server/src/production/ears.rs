//! Who hears a chunk: those who are switched on, in their order, each standing in for the ones before.

use super::book::Book;
use super::engine::EngineError;
use super::hearing::{self, Elsewhere};
use super::prepare;
use super::step::StepRun;
use crate::jobs::{JobError, sentence};
use crate::models::known;
use crate::providers::Over;
use domain::production::chunks::Chunk;
use domain::production::parts::Part;
use domain::production::{Step, passes};
use domain::providers::read::{self, Ready};
use domain::providers::{ProviderKind, Purpose};
use domain::transcript::TranscribedSegment;
use engine_protocol::{EngineKind, FailureKind, ModelFacts, PcmFormat, SAMPLE_RATE, Transcribe};

/// What a stretch takes as the name of who heard it, in characters.
const LONGEST_BY: usize = 200;

/// What became of a chunk.
pub enum Hearing {
    Heard(By, Vec<TranscribedSegment>),
    /// The model hears less at once than the one that the chunks were cut for.
    TooLong,
    /// Nobody could hear it; why, in a sentence.
    Failed(String),
}

/// Who heard.
#[derive(Clone, Debug)]
pub struct By {
    /// The engine's own library, or the provider's name.
    pub provider: String,
    pub model: String,
    pub demonstration: bool,
}

impl By {
    /// As it stands with what was heard, as much as a stretch has room for.
    pub fn words(&self) -> String {
        format!("{}, {}", self.provider, self.model).chars().take(LONGEST_BY).collect()
    }
}

/// What became of asking one of them.
enum Tried {
    Heard(By, Vec<TranscribedSegment>),
    TooLong,
    /// It could not hear this chunk; why, in a sentence.
    Failed(String),
    /// It can hear nothing now.
    Waits(JobError),
}

/// Has a chunk heard by the first who can, and notes who could not.
///
/// # Errors
/// When the work cannot go on: nobody is there who hears, or all have to be waited for.
pub async fn hear(job: &StepRun, part: &Part, chunk: &Chunk, book: &mut Book) -> Result<Hearing, JobError> {
    let (mut passed, mut failed, mut waiting) = (Vec::new(), None, Vec::new());
    let mut too_long = false;
    let ears = read::ready(&job.shop.db, Purpose::Speech).await?;
    let others = ears.len() > 1;
    for ready in ears {
        let tried = match ready.provider.kind {
            ProviderKind::Engine => by_engine(job, part, chunk, book, others).await?,
            ProviderKind::Http => by_another(job, &ready, part, chunk, book).await?,
            ProviderKind::Extractive => continue,
        };
        let reason = match tried {
            Tried::Heard(by, heard) => {
                passes::note(&job.shop.db, job.audiobook_id, Step::Transcribe, &passed).await?;
                return Ok(Hearing::Heard(by, heard));
            }
            Tried::TooLong => {
                too_long = true;
                "It hears less at once than the pieces were cut for.".to_owned()
            }
            Tried::Failed(reason) => {
                failed = failed.or(Some(reason.clone()));
                reason
            }
            Tried::Waits(error) => {
                let reason = error.to_string();
                waiting.push(error);
                reason
            }
        };
        // Who it is stands beside it.
        let named = format!("{}: ", ready.provider.name);
        let reason = reason.strip_prefix(&named).map(sentence).unwrap_or(reason);
        passed.push((ready.provider.name, reason));
    }
    match failed {
        Some(reason) => Ok(Hearing::Failed(reason)),
        None if too_long => Ok(Hearing::TooLong),
        None => Err(nobody(waiting, "hears")),
    }
}

/// Why nobody does the work: what one of them says that is no waiting, or what all wait for.
pub(super) fn nobody(mut errors: Vec<JobError>, does: &str) -> JobError {
    if let Some(at) = errors.iter().position(|error| !matches!(error, JobError::Waiting(_))) {
        return errors.swap_remove(at);
    }
    let sentences: Vec<String> = errors.iter().map(ToString::to_string).collect();
    if sentences.is_empty() {
        return JobError::Waiting(format!(
            "Nobody who {does} is switched on. Switch one on at /admin/models; the run then goes on."
        ));
    }
    JobError::Waiting(sentences.join(" "))
}

async fn by_engine(
    job: &StepRun,
    part: &Part,
    chunk: &Chunk,
    book: &mut Book,
    others: bool,
) -> Result<Tried, JobError> {
    let (models, rests, now) = (&job.shop.models, &job.shop.rests, job.shop.db.now());
    if others && rests.is_resting(EngineKind::Whisper, now) {
        let reason = "It failed again and again, and is left alone for some minutes.";
        return Ok(Tried::Waits(JobError::Waiting(reason.to_owned())));
    }
    let Some(model) = models.choose(known::Purpose::Speech) else {
        return Ok(Tried::Waits(JobError::Waiting(models.what_to_do(known::Purpose::Speech))));
    };
    let mut request = request(job, part, chunk).await?;
    let mut lease = match job.shop.pool.lease(EngineKind::Whisper, &model.path).await {
        Ok(lease) => lease,
        Err(error) => {
            if error.is_deadly() {
                rests.failed(EngineKind::Whisper, now);
            }
            return Ok(Tried::Waits(error.into()));
        }
    };
    let ModelFacts::Speech(facts) = &lease.model else {
        return Ok(Tried::Waits(JobError::Waiting("The configured speech model is a writing model.".into())));
    };
    if chunk.end_ms - chunk.start_ms > i64::from(facts.window_ms) {
        return Ok(Tried::TooLong);
    }
    request.language = hearing::known_to(facts, book.tongue.language());
    request.prompt = hearing::told_to(facts, &book.names);
    let mixed = book.tongue.is_mixed();
    let by = By { provider: lease.library(), model: model.name, demonstration: model.demonstration };
    let listened = hearing::listen(lease.engine()?, chunk, request, mixed).await;
    match &listened {
        Err(error) if error.is_deadly() => rests.failed(EngineKind::Whisper, job.shop.db.now()),
        _ => rests.went_well(EngineKind::Whisper),
    }
    Ok(match listened {
        Ok((heard, found)) => {
            book.learn(job, chunk, &heard, found).await?;
            Tried::Heard(by, heard)
        }
        Err(EngineError::Refused { kind: FailureKind::BadModel | FailureKind::OutOfMemory, message }) => {
            Tried::Waits(EngineError::Refused { kind: FailureKind::BadModel, message }.into())
        }
        Err(error @ EngineError::NotStarted { .. }) => Tried::Waits(error.into()),
        Err(error) => Tried::Failed(error.to_string()),
    })
}

/// Asks a machine elsewhere.
async fn by_another(
    job: &StepRun,
    ready: &Ready,
    part: &Part,
    chunk: &Chunk,
    book: &mut Book,
) -> Result<Tried, JobError> {
    let mut request = request(job, part, chunk).await?;
    request.language = book.tongue.language().cloned();
    let mut ear = Elsewhere { outside: &job.shop.outside, ready };
    Ok(match hearing::listen(&mut ear, chunk, request, false).await {
        Ok((heard, found)) => {
            book.learn(job, chunk, &heard, found).await?;
            let provider = &ready.provider;
            let by = By { provider: provider.name.clone(), model: provider.model.clone(), demonstration: false };
            Tried::Heard(by, heard)
        }
        Err(Over::Shop(error)) => return Err(error.into()),
        Err(over) if over.passes() => Tried::Waits(JobError::Waiting(told(ready, &over))),
        Err(over) => Tried::Failed(told(ready, &over)),
    })
}

/// Why a provider is passed over, in a sentence.
fn told(ready: &Ready, over: &Over) -> String {
    sentence(&format!("{}: {over}", ready.provider.name))
}

/// The question for a chunk, without a language or names.
pub(super) async fn request(job: &StepRun, part: &Part, chunk: &Chunk) -> Result<Transcribe, JobError> {
    let pcm_path = prepare::pcm(job, part).await?;
    let samples = |ms: i64| u64::try_from(ms).unwrap_or(0) * u64::from(SAMPLE_RATE) / 1000;
    let in_file = tokio::fs::metadata(&pcm_path).await?.len() / PcmFormat::S16le.sample_bytes();
    let offset_samples = samples(chunk.start_ms - part.start_ms).min(in_file);
    Ok(Transcribe {
        id: 0,
        pcm_path,
        pcm_format: PcmFormat::S16le,
        offset_samples,
        sample_count: samples(chunk.end_ms - chunk.start_ms).min(in_file - offset_samples),
        language: None,
        prompt: None,
        retry: 0,
    })
}

/// Who hears first, as far as can be told without asking anybody.
pub async fn likely(job: &StepRun) -> Result<Option<By>, JobError> {
    let first = read::ready(&job.shop.db, Purpose::Speech).await?.into_iter().next();
    Ok(first.and_then(|ready| match ready.provider.kind {
        ProviderKind::Engine => job.shop.models.choose(known::Purpose::Speech).map(|model| By {
            provider: "whisper.cpp".to_owned(),
            model: model.name,
            demonstration: model.demonstration,
        }),
        _ => Some(By { provider: ready.provider.name, model: ready.provider.model, demonstration: false }),
    }))
}
