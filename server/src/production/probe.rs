//! The first step: what is in the files, how long they last, which chapters they mark.

use super::step::{StepRun, Workshop, hash_of};
use crate::jobs::JobError;
use domain::jobs::Claim;
use domain::production::jobs;
use domain::production::parts::{self, Probed};
use domain::production::results;
use domain::production::steps::{Outcome, Output};
use domain::transcript::Chapter;
use sound::facts;

pub async fn run(shop: Workshop, job: jobs::Probe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let sources = parts::sources(job.shop.db.read(), job.audiobook_id).await?;
    if sources.is_empty() {
        return Err(JobError::Fatal("There is no audio file. Upload one first.".into()));
    }
    let mut probed = Vec::with_capacity(sources.len());
    let mut chapters = Vec::new();
    let mut start_ms = 0;
    for (number, source) in sources.iter().enumerate() {
        let copy = job.shop.storage.local_copy(&source.storage_key).await?;
        let (path, name) = (copy.path().to_owned(), source.original_name.clone());
        let facts = job.blocking(move |stop| facts::look_into(&path, &name, &stop)).await?;
        chapters.extend(facts.marks.into_iter().map(|mark| (start_ms + mark.start_ms, mark.title)));
        start_ms += facts.duration_ms;
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
        provider: Some("symphonia".into()),
        input_hash: Some(hash_of(sources.iter().map(|source| source.sha256.as_str()))),
        coverage_permille: Some(1000),
        output: Output { chapters: named(chapters, start_ms), ..Output::default() },
        ..Outcome::default()
    };
    Ok(results::probed(&job.shop.db, &job.claim, job.audiobook_id, &probed, &outcome).await?)
}

/// Chapters with a beginning and an end. A single mark at the start is no chapter list.
fn named(marks: Vec<(i64, Option<String>)>, end_ms: i64) -> Vec<Chapter> {
    let marks: Vec<_> = marks.into_iter().filter(|(start, _)| (0..end_ms).contains(start)).collect();
    if marks.len() < 2 {
        return Vec::new();
    }
    let ends: Vec<i64> = marks.iter().skip(1).map(|(start, _)| *start).chain([end_ms]).collect();
    let chapter = |(number, ((start_ms, title), end_ms)): (usize, ((i64, Option<String>), i64))| Chapter {
        title: title.unwrap_or_else(|| format!("Chapter {}", number + 1)),
        start_ms,
        end_ms,
    };
    marks.into_iter().zip(ends).enumerate().map(chapter).filter(|chapter| chapter.end_ms > chapter.start_ms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_end_where_the_next_one_begins() {
        let chapters = named(vec![(0, Some("Dawn".into())), (5_000, None)], 9_000);
        assert_eq!(chapters[0], Chapter { title: "Dawn".into(), start_ms: 0, end_ms: 5_000 });
        assert_eq!(chapters[1], Chapter { title: "Chapter 2".into(), start_ms: 5_000, end_ms: 9_000 });
    }
}
