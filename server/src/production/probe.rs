//! The first step: what is in the files, how long they last, which chapters they mark.

use super::audio::decode::{Audio, Mark};
use super::audio::{AudioError, Stop, chapters};
use super::step::{Job, StepError, hash_of};
use domain::catalog::Chapter;
use domain::production::steps::{self, Outcome, Output};
use domain::production::transcript::parts::{self, Probed};
use std::path::Path;

/// A shortfall against the header that says: this file was cut off. MP3 files without a full header only estimate.
const MISSING_MS: i64 = 1_500;
const MISSING_MS_ESTIMATED: i64 = 10_000;

/// What is in a file.
#[derive(Clone, Debug)]
pub struct Facts {
    pub duration_ms: i64,
    pub codec: String,
    pub sample_rate: u32,
    pub channels: u32,
    pub marks: Vec<Mark>,
}

pub async fn run(job: &Job) -> Result<(), StepError> {
    let sources = parts::sources(job.shop.db.read(), job.audiobook_id).await?;
    if sources.is_empty() {
        return Err(StepError::Fatal("There is no audio file. Upload one first.".into()));
    }
    let mut probed = Vec::with_capacity(sources.len());
    let mut chapters = Vec::new();
    let mut start_ms = 0;
    for (number, source) in sources.iter().enumerate() {
        let copy = job.shop.storage.local_copy(&source.storage_key).await?;
        let (path, name) = (copy.path().to_owned(), source.original_name.clone());
        let facts = job.blocking(move |stop| look_into(&path, &name, &stop)).await?;
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
    let now = job.shop.db.now();
    let tx = job.shop.db.write().await?;
    parts::save(&tx, now, &job.claim, job.audiobook_id, &probed).await?;
    steps::finish(&tx, now, &job.claim, outcome).await?;
    tx.commit().await.map_err(domain::Error::from)?;
    Ok(())
}

/// Reads a file through without decoding more than its beginning. Blocks.
///
/// # Errors
/// [`AudioError::Unusable`] with what is wrong: not audio, cut off, without sound.
pub fn look_into(path: &Path, name: &str, stop: &Stop) -> Result<Facts, AudioError> {
    let mut beginning = Audio::open(path, name)?;
    let mut first = Vec::new();
    if !beginning.next_block(&mut first)? {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    let mut audio = Audio::open(path, name)?;
    let duration_ms = audio.measure(|| stop.check())?;
    if duration_ms == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    let tolerance = if beginning.codec == "mp3" { MISSING_MS_ESTIMATED } else { MISSING_MS };
    if let Some(stated) = audio.stated_ms
        && stated - duration_ms > tolerance.max(stated / 50)
    {
        return Err(AudioError::Unusable(format!(
            "“{name}” is cut off: it should last {} and only {} are there. Upload the whole file.",
            spoken(stated),
            spoken(duration_ms)
        )));
    }
    let mut marks = audio.marks();
    if marks.is_empty() {
        marks = chapters::marks(path)?;
    }
    Ok(Facts {
        duration_ms,
        codec: beginning.codec.clone(),
        sample_rate: beginning.sample_rate,
        channels: beginning.channels,
        marks,
    })
}

/// A length as people say it: `1 h 2 min 3 s`.
fn spoken(ms: i64) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min {seconds} s"),
    }
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

    #[test]
    fn a_length_reads_as_people_say_it() {
        assert_eq!(spoken(61_500), "1 min 1 s");
        assert_eq!(spoken(3_600_000), "1 h 0 min 0 s");
    }
}
