//! The first step: what is in the files, how long they last, which chapters they mark.

use super::step::{StepRun, Workshop, hash_of};
use super::{copy, headings};
use crate::artwork;
use crate::jobs::JobError;
use crate::uploads::file_tags;
use domain::catalog::covers::CoverSource;
use domain::jobs::Claim;
use domain::production::parts::{self, Probed, Source, Wanted};
use domain::production::recorded::{self, Found};
use domain::production::steps::{Outcome, Output};
use domain::production::{jobs, results, sidecars};
use domain::transcript::Chapter;
use sound::Mark;
use sound::facts::Facts;
use sound::tags::Cover;
use std::collections::BTreeSet;

pub async fn run(shop: Workshop, job: jobs::Probe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let wanted = parts::wanted(job.shop.db.read(), job.audiobook_id).await?;
    if wanted.is_empty() {
        return Err(JobError::Fatal("There is no audio file. Upload one first.".into()));
    }
    let mut looked = Vec::with_capacity(wanted.len());
    for (number, one) in wanted.iter().enumerate() {
        let (mut facts, cover) = look_into(job, &one.source).await?;
        let tags = file_tags(std::mem::take(&mut facts.tags));
        // Of hundreds of files only the first one's cover is of use: which that is, all of them say.
        looked.push((facts, tags, cover.filter(|_| number == 0)));
        job.progress(number + 1, wanted.len()).await?;
    }
    let tagged: Vec<_> =
        wanted.iter().zip(&looked).map(|(one, (_, tags, _))| (one.source.file_id, tags.clone())).collect();
    recorded::keep(&job.shop.db, &tagged).await?;
    let order = parts::order_of(&wanted, &tagged.iter().cloned().collect());
    let first = order.first().copied().unwrap_or(0);
    let cover = match first {
        0 => looked[0].2.take(),
        _ => look_into(job, &wanted[first].source).await?.1,
    };
    let cover = keep_cover(job, cover).await?;
    let source = &wanted[first].source;
    recorded::keep_cover(&job.shop.db, source.file_id, cover.as_ref()).await?;
    recorded::fill(&job.shop.db, job.audiobook_id, &looked[first].1, &source.original_name, cover.as_ref()).await?;
    let in_order: Vec<(&Wanted, &Facts)> = order.iter().map(|place| (&wanted[*place], &looked[*place].0)).collect();
    let probed: Vec<Probed> = in_order.iter().map(|(wanted, facts)| found(wanted, facts)).collect();
    let outcome = outcome(job, &in_order).await?;
    Ok(results::probed(&job.shop.db, &job.claim, job.audiobook_id, &probed, &outcome).await?)
}

/// What is in a file, and the picture in it.
async fn look_into(job: &StepRun, source: &Source) -> Result<(Facts, Option<Cover>), JobError> {
    let copy = job.shop.storage.local_copy(&source.storage_key).await?;
    let mut facts = job.shop.decoder.look_into(copy.path(), &source.original_name, &job.shop.limits).await?;
    let cover = facts.tags.cover.take();
    Ok((facts, cover))
}

fn found(wanted: &Wanted, facts: &Facts) -> Probed {
    Probed {
        file_id: wanted.source.file_id,
        part: wanted.part,
        upload: wanted.upload,
        duration_ms: facts.duration_ms,
        codec: facts.codec.clone(),
        reason: copy::reason(facts.obstacle),
        sample_rate: i32::try_from(facts.sample_rate).unwrap_or(i32::MAX),
        channels: i32::try_from(facts.channels).unwrap_or(i32::MAX),
    }
}

async fn outcome(job: &StepRun, in_order: &[(&Wanted, &Facts)]) -> Result<Outcome, JobError> {
    let beside = sidecars::of(job.shop.db.read(), job.audiobook_id).await?;
    let files: Vec<&str> = in_order.iter().map(|(wanted, _)| wanted.source.original_name.as_str()).collect();
    let lists: Vec<_> = in_order.iter().map(|(_, facts)| (facts.duration_ms, facts.marks.clone())).collect();
    let end_ms = lists.iter().map(|list| list.0).sum();
    let providers: BTreeSet<String> = in_order.iter().map(|(_, facts)| facts.provider.clone()).collect();
    Ok(Outcome {
        provider: Some(names(&providers)),
        input_hash: Some(hash_of(in_order.iter().map(|(wanted, _)| wanted.source.sha256.as_str()))),
        coverage_permille: Some(1000),
        output: Output { chapters: named(headings::of_book(&beside, &files, lists), end_ms), ..Output::default() },
        ..Outcome::default()
    })
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
