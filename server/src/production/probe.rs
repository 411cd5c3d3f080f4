//! The first step: what is in the files, how long they last, which chapters they mark.

use super::{copy, headings};
use super::step::{StepRun, Workshop, hash_of};
use crate::artwork;
use crate::jobs::JobError;
use crate::uploads::file_tags;
use domain::catalog::covers::CoverSource;
use domain::jobs::Claim;
use domain::production::parts::{self, Probed};
use domain::production::recorded::{self, Found};
use domain::production::steps::{Outcome, Output};
use domain::production::{jobs, results, sidecars};
use domain::transcript::Chapter;
use sound::Mark;
use sound::tags::Cover;
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
    let mut tagged = Vec::with_capacity(sources.len());
    let mut cover = None;
    for (number, source) in sources.iter().enumerate() {
        let copy = job.shop.storage.local_copy(&source.storage_key).await?;
        let facts = job.shop.decoder.look_into(copy.path(), &source.original_name, &job.shop.limits).await?;
        lists.push((facts.duration_ms, facts.marks));
        providers.insert(facts.provider);
        if number == 0 {
            cover = facts.tags.cover.clone();
        }
        tagged.push((source.file_id, file_tags(facts.tags)));
        probed.push(Probed {
            file_id: source.file_id,
            duration_ms: facts.duration_ms,
            codec: facts.codec,
            reason: copy::reason(facts.obstacle),
            sample_rate: i32::try_from(facts.sample_rate).unwrap_or(i32::MAX),
            channels: i32::try_from(facts.channels).unwrap_or(i32::MAX),
        });
        job.progress(number + 1, sources.len()).await?;
    }
    recorded::keep(&job.shop.db, &tagged).await?;
    if let (Some(source), Some((_, tags))) = (sources.first(), tagged.first()) {
        let cover = keep_cover(job, cover).await?;
        recorded::keep_cover(&job.shop.db, source.file_id, cover.as_ref()).await?;
        recorded::fill(&job.shop.db, job.audiobook_id, tags, &source.original_name, cover.as_ref()).await?;
    }
    let beside = sidecars::of(job.shop.db.read(), job.audiobook_id).await?;
    let files: Vec<&str> = sources.iter().map(|source| source.original_name.as_str()).collect();
    let marks = headings::of_book(&beside, &files, lists.clone());
    let outcome = Outcome {
        provider: Some(names(&providers)),
        input_hash: Some(hash_of(sources.iter().map(|source| source.sha256.as_str()))),
        coverage_permille: Some(1000),
        output: Output { chapters: named(marks, lists.iter().map(|list| list.0).sum()), ..Output::default() },
        ..Outcome::default()
    };
    Ok(results::probed(&job.shop.db, &job.claim, job.audiobook_id, &probed, &outcome).await?)
}

/// Keeps the picture in a recording, where a cover can be made of it: most that are none are a logo or a thumbnail.
async fn keep_cover(job: &StepRun, cover: Option<Cover>) -> Result<Option<Found>, JobError> {
    let Some(cover) = cover else { return Ok(None) };
    match artwork::keep(&job.shop.db, &*job.shop.storage, cover.bytes.into()).await {
        Ok(key) => Ok(Some(Found { key, source: CoverSource::Embedded })),
        Err(artwork::Failure::Refused(refusal)) => {
            tracing::info!(%refusal, title = %job.audiobook_id, "no cover can be made of the picture in a recording");
            Ok(None)
        }
        Err(artwork::Failure::Storage(error)) => Err(error.into()),
        Err(artwork::Failure::Domain(error)) => Err(error.into()),
        Err(artwork::Failure::BrokeOff(error)) => Err(JobError::Again(format!("{error}."))),
    }
}

/// Who decoded, as a step names it.
pub fn names(providers: &BTreeSet<String>) -> String {
    providers.iter().map(String::as_str).collect::<Vec<_>>().join(" and ")
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
