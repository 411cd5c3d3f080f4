//! The fourth step: a description, categories and chapters, proposed to the admin.

use super::pens;
use super::step::{StepRun, Workshop, apart, hash_of};
use super::writer::{evidence, told};
use crate::jobs::JobError;
use domain::catalog::Proposal;
use domain::catalog::categories;
use domain::jobs::Claim;
use domain::production::Step;
use domain::production::jobs;
use domain::production::parts::{self, Part};
use domain::production::results;
use domain::production::steps::{self, Outcome, Output};
use domain::transcript::segments::{self, Sentence};
use domain::transcript::{Chapter, ChapterSource, headings};
use std::sync::Arc;

pub async fn run(shop: Workshop, job: jobs::Describe, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let db = &job.shop.db;
    let sentences = Arc::new(segments::sentences(db.read(), job.audiobook_id).await?);
    let parts = parts::parts(db.read(), job.audiobook_id).await?;
    let probed = steps::output(db.read(), job.audiobook_id, Step::Probe).await?;
    let before = steps::output(db.read(), job.audiobook_id, Step::Describe).await?;
    let categories = Arc::new(categories::category_facts(db.read()).await?);
    let all = sentences.clone();
    let (source, chapters) = apart(move || chapters(&probed.chapters, &parts, &all)).await?;
    let (proposed, outcome) = if sentences.is_empty() {
        (None, nothing_said())
    } else {
        let (written, outcome) = pens::write(job, &sentences, &categories).await?;
        let (description, all) = (written.description.clone(), sentences.clone());
        let proposal = Proposal {
            evidence: apart(move || evidence::link(&description, told(&all))).await?,
            description: written.description,
            categories: written.categories.iter().map(|chosen| chosen.category.clone()).collect(),
            reasons: written.categories,
        };
        (Some(proposal), outcome)
    };
    let outcome = Outcome {
        input_hash: Some(hash_of(sentences.iter().map(|sentence| sentence.text.as_str()))),
        output: Output { proposal: proposed, ..outcome.output },
        ..outcome
    };
    results::described(db, &job.claim, job.audiobook_id, (source, &chapters), before.proposal.as_ref(), &outcome)
        .await?;
    Ok(())
}

fn nothing_said() -> Outcome {
    Outcome {
        message: Some("Nothing was said, so there is nothing to describe. Write the description yourself.".into()),
        coverage_permille: Some(1000),
        ..Outcome::default()
    }
}

/// The chapters marked in the files; else one for each file; else those that are announced.
fn chapters(marked: &[Chapter], parts: &[Part], sentences: &[Sentence]) -> (ChapterSource, Vec<Chapter>) {
    if !marked.is_empty() {
        return (ChapterSource::Container, marked.to_vec());
    }
    if parts.len() > 1 {
        let chapter = |part: &Part| Chapter {
            title: title_of(&part.source.original_name, part.position),
            start_ms: part.start_ms,
            end_ms: part.start_ms + part.duration_ms,
        };
        return (ChapterSource::Part, parts.iter().map(chapter).collect());
    }
    let end_ms = parts.iter().map(|part| part.start_ms + part.duration_ms).max().unwrap_or(0);
    (ChapterSource::Detected, headings::find(sentences, end_ms))
}

/// A file's name as a chapter's title: `02 - The Storm.mp3` is “The Storm”, `02.mp3` is “Chapter 2”.
fn title_of(file_name: &str, position: i32) -> String {
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let title = stem.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '_' | '.'));
    let title = title.replace('_', " ").trim().to_owned();
    if title.is_empty() { format!("Chapter {}", position + 1) } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_named_after_its_file() {
        assert_eq!(title_of("02 - The Storm.mp3", 1), "The Storm");
        assert_eq!(title_of("02.mp3", 1), "Chapter 2");
        assert_eq!(title_of("disc/part_one.ogg", 0), "part one");
    }
}
