//! Who describes a book: those who are switched on, in their order, each standing in for the ones before. Who could not is
//! noted, so that a fallback never goes unsaid.

use super::ears::nobody;
use super::step::{StepRun, apart};
use super::writer::pen::{Elsewhere, Own};
use super::writer::{Written, extractive, llama};
use crate::jobs::{JobError, sentence};
use crate::models::known;
use domain::catalog::categories::CategoryFacts;
use domain::production::passes::Pass;
use domain::production::steps::{Outcome, Output};
use domain::production::{Step, passes};
use domain::providers::read::{self, Ready};
use domain::providers::{ProviderKind, Purpose};
use domain::transcript::segments::Sentence;
use engine_protocol::EngineKind;
use std::sync::Arc;

/// Has a book described by the first who can.
///
/// # Errors
/// When nobody can: the writer that needs no model always can, where it is on.
pub async fn write(
    job: &StepRun,
    sentences: &Arc<Vec<Sentence>>,
    categories: &Arc<Vec<CategoryFacts>>,
) -> Result<(Written, Outcome), JobError> {
    let pens = read::ready(&job.shop.db, Purpose::Writing).await?;
    let (mut passed, mut errors): (Vec<Pass>, Vec<JobError>) = (Vec::new(), Vec::new());
    for (place, ready) in pens.iter().enumerate() {
        let written = match ready.provider.kind {
            ProviderKind::Engine => {
                let others = pens[place + 1..].iter().any(|other| other.provider.is_elsewhere());
                by_engine(job, sentences, categories, others).await
            }
            ProviderKind::Http => by_another(job, ready, sentences, categories).await,
            ProviderKind::Extractive => by_sentences(sentences, categories, &passed).await,
        };
        match written {
            Ok(written) => {
                passes::note(&job.shop.db, job.audiobook_id, Step::Describe, &passed).await?;
                return Ok(written);
            }
            // One that was wished for by name and is not here is waited for, where nothing but sentences would stand in.
            Err(Unwritten::Stop(error)) => return Err(error),
            Err(Unwritten::Over(error)) => {
                let name = &ready.provider.name;
                passed.push(Pass {
                    provider_id: ready.provider.id,
                    name: name.clone(),
                    reason: sentence(&error.to_string()),
                });
                errors.push(match error {
                    JobError::Again(reason) => JobError::Again(sentence(&format!("{name}: {reason}"))),
                    error => error,
                });
            }
        }
    }
    Err(nobody(errors, "writes"))
}

/// Why one of them wrote nothing.
enum Unwritten {
    /// The next one is asked.
    Over(JobError),
    /// Nobody is.
    Stop(JobError),
}

impl From<JobError> for Unwritten {
    fn from(error: JobError) -> Self {
        match error {
            error @ (JobError::Lost | JobError::Fatal(_) | JobError::Hindered(_)) => Self::Stop(error),
            error => Self::Over(error),
        }
    }
}

async fn by_engine(
    job: &StepRun,
    sentences: &[Sentence],
    categories: &[CategoryFacts],
    others: bool,
) -> Result<(Written, Outcome), Unwritten> {
    let models = &job.shop.models;
    let Some(model) = models.choose(known::Purpose::Writing) else {
        let wished = !models.writing.is_empty();
        return Err(if wished && !others {
            Unwritten::Stop(JobError::Waiting(models.what_to_do(known::Purpose::Writing)))
        } else {
            Unwritten::Over(JobError::Waiting(models.missing(known::Purpose::Writing)))
        });
    };
    let (rests, now) = (&job.shop.rests, job.shop.db.now());
    if others && rests.is_resting(EngineKind::Llama, now) {
        let reason = "It failed again and again, and is left alone for some minutes.";
        return Err(Unwritten::Over(JobError::Waiting(reason.to_owned())));
    }
    let lease = job.shop.pool.lease(EngineKind::Llama, &model.path).await.map_err(|error| {
        if error.is_deadly() {
            rests.failed(EngineKind::Llama, now);
        }
        JobError::from(error)
    })?;
    let mut pen = Own::new(lease)?;
    let written = llama::write(job, &mut pen, sentences, categories).await;
    if pen.has_died() {
        rests.failed(EngineKind::Llama, job.shop.db.now());
    }
    let written = written?;
    rests.went_well(EngineKind::Llama);
    let outcome = Outcome {
        provider: Some(pen.library()),
        model: Some(model.name),
        coverage_permille: Some(written.coverage_permille),
        message: written.note.clone(),
        output: Output { demonstration: model.demonstration, ..Output::default() },
        ..Outcome::default()
    };
    Ok((written, outcome))
}

/// Asks a machine elsewhere.
async fn by_another(
    job: &StepRun,
    ready: &Ready,
    sentences: &[Sentence],
    categories: &[CategoryFacts],
) -> Result<(Written, Outcome), Unwritten> {
    let mut pen = Elsewhere { outside: &job.shop.outside, ready };
    let written = llama::write(job, &mut pen, sentences, categories).await?;
    let outcome = Outcome {
        provider: Some(ready.provider.name.clone()),
        model: Some(ready.provider.model.clone()),
        coverage_permille: Some(written.coverage_permille),
        message: written.note.clone(),
        ..Outcome::default()
    };
    Ok((written, outcome))
}

async fn by_sentences(
    sentences: &Arc<Vec<Sentence>>,
    categories: &Arc<Vec<CategoryFacts>>,
    passed: &[Pass],
) -> Result<(Written, Outcome), Unwritten> {
    let (sentences, categories) = (sentences.clone(), categories.clone());
    let written = apart(move || extractive::write(&sentences, &categories)).await?;
    let message = passed.last().map(|Pass { name, reason, .. }| {
        let reason = reason.trim_end_matches('.');
        format!(
            "{name} could not be used ({reason}). The description was put together from sentences of the book instead."
        )
    });
    let outcome = Outcome {
        provider: Some("extractive".into()),
        coverage_permille: Some(written.coverage_permille),
        message,
        ..Outcome::default()
    };
    Ok((written, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_passed_over_because_the_shops_own_database_has_a_hiccup() {
        let hiccup = JobError::from(domain::Error::Busy);
        assert!(matches!(Unwritten::from(hiccup), Unwritten::Stop(JobError::Hindered(_))));
        let refused = JobError::Again("its description was refused".to_owned());
        assert!(matches!(Unwritten::from(refused), Unwritten::Over(_)));
    }
}
