//! The third step: what is said, chunk by chunk, each saved as it ends.

use super::book::Book;
use super::ears::{self, By, Hearing};
use super::step::{StepRun, Workshop, hash_of};
use super::{prepare, together};
use crate::jobs::JobError;
use domain::jobs::Claim;
use domain::production::jobs;
use domain::production::parts::{self, Part};
use domain::production::steps::{self, Outcome, Output};
use domain::production::{Maker, Step, chunks, makers, results};
use std::collections::HashSet;

/// Tries for one chunk before it is left out.
const TRIES: i32 = 3;
/// Chunks in a row that end the run when none of them can be heard: then it is not the chunks.
const FAILED_IN_A_ROW: u32 = 3;
/// Chunks that are heard one by one before it is tried again whether several can be heard at once.
const ALONE: u32 = 8;
/// What a step takes as the names of those who did it, in characters.
const LONGEST_PROVIDER: usize = 80;
const LONGEST_MODEL: usize = 200;

pub async fn run(shop: Workshop, job: jobs::Transcribe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let parts = parts::parts(job.shop.db.read(), job.audiobook_id).await?;
    let before = steps::output(job.shop.db.read(), job.audiobook_id, Step::Prepare).await?;
    let mut book = Book::of(job, &parts).await?;
    let mut failed_in_a_row = 0;
    let mut heard_by: Option<By> = None;
    let (mut apart, mut alone) = (HashSet::new(), 0_u32);
    loop {
        if alone == 0 {
            let stumbled = apart.len();
            match together::hear(job, &parts, &mut book, &mut apart).await? {
                Some(by) => {
                    heard_by = Some(by);
                    failed_in_a_row = 0;
                    if apart.len() == stumbled {
                        continue;
                    }
                }
                None => alone = ALONE,
            }
        }
        alone = alone.saturating_sub(1);
        let Some(chunk) = chunks::next_chunk(&job.shop.db, job.audiobook_id).await? else { break };
        let part = parts.iter().find(|part| part.id == chunk.part_id);
        let part = part.ok_or_else(|| JobError::Fatal("A file of this title is missing.".into()))?;
        match ears::hear(job, part, &chunk, &mut book).await? {
            Hearing::Heard(by, heard) => {
                chunks::save_chunk(&job.shop.db, &job.claim, &chunk, &by.words(), &heard).await?;
                failed_in_a_row = 0;
                heard_by = Some(by);
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
    finish(job, &parts, before.silent, heard_by, &book).await
}

async fn again_from_prepare(job: &StepRun) -> Result<(), JobError> {
    Ok(results::outdated(&job.shop.db, &job.claim, Step::Prepare).await?)
}

async fn finish(
    job: &StepRun,
    parts: &[Part],
    silent: bool,
    heard_by: Option<By>,
    book: &Book,
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
    // Each piece says who heard it: this run may have found most of them heard, or all, by another model.
    let db = job.shop.db.read();
    let makers = makers::of_title(db, job.audiobook_id).await?;
    let (provider, model) = said_by(&makers);
    let by_demonstration = match &heard_by {
        Some(by) => by.demonstration,
        None => ears::likely(job).await?.is_some_and(|by| by.demonstration && model.as_ref() == Some(&by.model)),
    };
    let others = heard_by.is_none() || makers.len() > 1;
    let before = steps::output(db, job.audiobook_id, Step::Transcribe).await?;
    let outcome = Outcome {
        provider,
        model,
        input_hash: Some(hash_of(parts.iter().map(|part| part.source.sha256.as_str()))),
        coverage_permille: i32::try_from(coverage).ok(),
        message,
        output: Output {
            demonstration: by_demonstration || others && before.demonstration,
            silent,
            languages: book.tongue.languages().to_vec(),
            ..Output::default()
        },
    };
    results::transcribed(&job.shop.db, &job.claim, &outcome).await?;
    // The samples can be made again; nobody needs them now.
    prepare::forget(job, parts).await;
    Ok(())
}

/// Provider and model of those who heard the pieces.
fn said_by(makers: &[Maker]) -> (Option<String>, Option<String>) {
    let named = |maker: &Maker| match maker.by.rsplit_once(", ") {
        Some((provider, model)) => (provider.to_owned(), Some(model.to_owned())),
        None => (maker.by.clone(), None),
    };
    let (providers, models): (Vec<_>, Vec<_>) = makers.iter().map(named).unzip();
    (together(providers, LONGEST_PROVIDER), together(models.into_iter().flatten(), LONGEST_MODEL))
}

/// Each name once, as much as a step has room for.
fn together(names: impl IntoIterator<Item = String>, most: usize) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    (!all.is_empty()).then(|| all.join(" and ").chars().take(most).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker(by: &str, pieces: u32) -> Maker {
        Maker { by: by.to_owned(), pieces }
    }

    #[test]
    fn a_long_name_fits_where_it_is_written() {
        let by = By { provider: "Cloud".repeat(12), model: "m".repeat(200), demonstration: false };
        assert_eq!(by.words().chars().count(), 200);
        assert_eq!(said_by(&[maker(&by.words(), 1)]).0, Some(by.provider));
    }

    #[test]
    fn a_step_names_everybody_who_heard() {
        let said = |text: &str| Some(text.to_owned());
        let one = maker("whisper.cpp 1.8.3, base.en", 40);
        assert_eq!(said_by(std::slice::from_ref(&one)), (said("whisper.cpp 1.8.3"), said("base.en")));
        let two = [one, maker("whisper.cpp 1.8.3, large-v3", 2)];
        assert_eq!(said_by(&two), (said("whisper.cpp 1.8.3"), said("base.en and large-v3")));
        let elsewhere = [maker("Voices, Inc., whisper-1", 1)];
        assert_eq!(said_by(&elsewhere), (said("Voices, Inc."), said("whisper-1")));
        assert_eq!(said_by(&[]), (None, None), "nobody heard anything");
    }
}
