//! The first step: what is in the files, how long they last, which chapters they mark.

use super::step::{StepRun, Workshop, hash_of};
use crate::jobs::JobError;
use domain::jobs::Claim;
use domain::production::jobs;
use domain::production::parts::{self, Probed};
use domain::production::results;
use domain::production::steps::{Outcome, Output};
use domain::transcript::Chapter;
use sound::chapters::spans;
use sound::{Mark, facts};
use std::collections::BTreeSet;

pub async fn run(shop: Workshop, job: jobs::Probe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let sources = parts::sources(job.shop.db.read(), job.audiobook_id).await?;
    if sources.is_empty() {
        return Err(JobError::Fatal("There is no audio file. Upload one first.".into()));
    }
    let mut probed = Vec::with_capacity(sources.len());
    let mut lists = Vec::with_capacity(sources.len());
    let mut providers = BTreeSet::new();
    for (number, source) in sources.iter().enumerate() {
        let copy = job.shop.storage.local_copy(&source.storage_key).await?;
        let (path, name) = (copy.path().to_owned(), source.original_name.clone());
        let limits = job.shop.limits;
        let facts = job.blocking(move |stop| facts::look_into(&path, &name, &limits, &stop)).await?;
        lists.push((facts.duration_ms, facts.marks));
        providers.insert(facts.provider);
        probed.push(Probed {
            file_id: source.file_id,
            duration_ms: facts.duration_ms,
            codec: facts.codec,
            sample_rate: i32::try_from(facts.sample_rate).unwrap_or(i32::MAX),
            channels: i32::try_from(facts.channels).unwrap_or(i32::MAX),
        });
        job.progress(number + 1, sources.len()).await?;
    }
    let outcome = Outcome {
        provider: Some(names(&providers)),
        input_hash: Some(hash_of(sources.iter().map(|source| source.sha256.as_str()))),
        coverage_permille: Some(1000),
        output: Output {
            chapters: named(spans::of_book(&lists), lists.iter().map(|list| list.0).sum()),
            ..Output::default()
        },
        ..Outcome::default()
    };
    Ok(results::probed(&job.shop.db, &job.claim, job.audiobook_id, &probed, &outcome).await?)
}

/// Who decoded, as a step names it.
pub fn names(providers: &BTreeSet<&'static str>) -> String {
    providers.iter().copied().collect::<Vec<_>>().join(" and ")
}

/// Chapters with a beginning and an end.
fn named(marks: Vec<Mark>, end_ms: i64) -> Vec<Chapter> {
    let ends: Vec<i64> = marks.iter().skip(1).map(|mark| mark.start_ms).chain([end_ms]).collect();
    let chapter = |(number, (mark, end_ms)): (usize, (Mark, i64))| Chapter {
        title: mark.title.unwrap_or_else(|| format!("Chapter {}", number + 1)),
        start_ms: mark.start_ms,
        end_ms,
    };
    marks.into_iter().zip(ends).enumerate().map(chapter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_end_where_the_next_one_begins() {
        let mark = |title: Option<&str>, start_ms| Mark { title: title.map(str::to_owned), start_ms };
        let chapters = named(vec![mark(Some("Dawn"), 0), mark(None, 5_000)], 9_000);
        assert_eq!(chapters[0], Chapter { title: "Dawn".into(), start_ms: 0, end_ms: 5_000 });
        assert_eq!(chapters[1], Chapter { title: "Chapter 2".into(), start_ms: 5_000, end_ms: 9_000 });
    }
}
