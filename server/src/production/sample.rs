//! The sample: a stretch of the book as a small file of its own.

use super::audio::decode::Audio;
use super::audio::resample::Resampler;
use super::audio::wav::PcmFile;
use super::audio::{AudioError, Stop, ms_of, plan};
use super::step::{Job, StepError};
use crate::storage;
use domain::catalog::{edit, proposal};
use domain::production::jobs;
use domain::production::transcript::parts::{self, Part};
use std::ops::Range;
use std::path::Path;

/// The usual sample is at most so long, and at most this share of the book.
const USUAL_MS: i64 = 60_000;
const USUAL_PERCENT: i64 = 20;
/// But not shorter than this, if the book is not.
const SHORTEST_MS: i64 = 10_000;
/// Speech needs no more samples a second.
const MOST_RATE: u32 = 24_000;

/// The job of its own kind: an admin has chosen another place.
pub async fn run(job: &Job) -> Result<(), StepError> {
    let parts = parts::parts(job.shop.db.read(), job.audiobook_id).await?;
    cut(job, &parts, None).await?;
    let now = job.shop.db.now();
    let tx = job.shop.db.write().await?;
    jobs::complete(&tx, &job.claim, now).await?;
    tx.commit().await.map_err(domain::Error::from)?;
    Ok(())
}

/// Where the sample of a book lies that nobody has chosen one for: at its beginning, up to a pause.
pub fn default_range(levels: &[u8], first: &Part, book_ms: i64) -> Range<i64> {
    let most = (book_ms * USUAL_PERCENT / 100).clamp(SHORTEST_MS, USUAL_MS).min(first.duration_ms);
    let end = plan::pause_before(levels, (most / 2).max(SHORTEST_MS.min(most)), most);
    first.start_ms..first.start_ms + end
}

/// Cuts the sample where the title says, or else at the usual place, and stores it.
pub async fn cut(job: &Job, parts: &[Part], usual: Option<Range<i64>>) -> Result<(), StepError> {
    let chosen = proposal::sample_range(job.shop.db.read(), job.audiobook_id).await?;
    let Some(range) = chosen.map(|(start, end)| start..end).or(usual) else { return Ok(()) };
    let holds = |part: &&Part| (part.start_ms..part.start_ms + part.duration_ms).contains(&range.start);
    let Some(part) = parts.iter().find(holds) else {
        return Err(StepError::Fatal("The sample lies outside the book. Choose another place for it.".into()));
    };
    let within = range.start - part.start_ms..(range.end - part.start_ms).min(part.duration_ms);
    let copy = job.shop.storage.local_copy(&part.source.storage_key).await?;
    let (from, name) = (copy.path().to_owned(), part.source.original_name.clone());
    let to = job.folder().await?.join("sample.wav");
    let wav = to.clone();
    let length_ms = job.blocking(move |stop| write(&from, &name, within, &wav, &stop)).await?;
    let end_ms = range.start + length_ms;
    let key = storage::sample_key(job.audiobook_id, &format!("{}-{end_ms}", range.start), "wav");
    job.shop.storage.put_file(&key, &to, "audio/wav").await?;
    tokio::fs::remove_file(&to).await?;
    edit::set_sample(&job.shop.db, job.audiobook_id, key, range.start, end_ms).await?;
    Ok(())
}

/// Writes a stretch of a file as WAV; returns how many milliseconds it has. Blocks.
fn write(from: &Path, name: &str, range: Range<i64>, to: &Path, stop: &Stop) -> Result<i64, AudioError> {
    let mut audio = Audio::open(from, name)?;
    let at_ms = if range.start > 0 { audio.seek(range.start)? } else { 0 };
    let mut block = Vec::new();
    let mut more = audio.next_block(&mut block)?;
    let rate = audio.sample_rate;
    let samples = |ms: i64| usize::try_from(ms * i64::from(rate) / 1000).unwrap_or(0);
    let mut skip = samples(range.start - at_ms);
    let mut left = samples(range.end - range.start);
    let out_rate = rate.min(MOST_RATE);
    let mut resampler = Resampler::new(rate, out_rate)?;
    let mut wav = PcmFile::wav(to, out_rate)?;
    let mut out = Vec::new();
    while more && left > 0 {
        stop.check()?;
        let from = skip.min(block.len());
        skip -= from;
        let to = block.len().min(from + left);
        left -= to - from;
        resampler.push(&block[from..to], &mut out)?;
        wav.write(&out)?;
        out.clear();
        block.clear();
        more = audio.next_block(&mut block)?;
    }
    resampler.finish(&mut out)?;
    wav.write(&out)?;
    let length_ms = ms_of(wav.samples(), out_rate);
    if length_ms == 0 {
        return Err(AudioError::Unusable("The sample holds no sound. Choose another place for it.".into()));
    }
    wav.finish()?;
    Ok(length_ms)
}
