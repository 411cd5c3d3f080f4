//! Models tried out: each that is used is loaded into its engine and does a little of what it is for.

mod elsewhere;
mod meaning;

use super::step::Workshop;
use crate::jobs::JobError;
use crate::models::Chosen;
use crate::models::known::Purpose;
use domain::jobs::Claim;
use domain::providers::{self, ProviderKind, read};
use domain::settings::Finding;
use domain::settings::trials::{self, TryModels};
use engine_protocol::{EngineKind, Generate, Message, ModelFacts, PcmFormat, Role, Transcribe};
use std::time::Instant;
use uuid::Uuid;

/// Three seconds of a synthetic voice (espeak-ng, en-us) that says [`SAID`]: 16 kHz, mono, 16 bits, no header.
const SAMPLE: &[u8] = include_bytes!("sample.s16le");
const SAID: &str = "The captain of the ship saw a lighthouse in the fog.";
/// Tokens that a writing model is asked for.
const TOKENS: u32 = 24;
/// Characters of what a model gave that are shown.
const SHOWN: usize = 200;

pub async fn run(shop: Workshop, _: TryModels, claim: Claim) -> Result<(), JobError> {
    let mut findings = Vec::new();
    for purpose in providers::Purpose::ALL {
        let ready = read::ready(&shop.db, purpose).await?;
        let others = ready.iter().any(|ready| ready.provider.is_elsewhere());
        if ready.is_empty() {
            let does = if purpose == providers::Purpose::Speech { "hears" } else { "writes" };
            let words = format!("Nobody who {does} is switched on: switch one on at /admin/models.");
            findings.push(Finding { good: false, words });
        }
        for ready in &ready {
            match (ready.provider.kind, purpose) {
                (ProviderKind::Engine, providers::Purpose::Speech) => findings.push(speech(&shop, others).await),
                (ProviderKind::Engine, providers::Purpose::Writing) => findings.push(writing(&shop, others).await),
                (ProviderKind::Http, _) => findings.push(elsewhere::tried(&shop, ready).await),
                (ProviderKind::Extractive, _) => {}
            }
        }
    }
    // The shop does without one, unless it wishes for one.
    if let Some(model) = shop.models.choose(Purpose::Embedding) {
        findings.push(meaning::tried(&shop, &model).await);
    } else if !shop.models.embedding.is_empty() {
        findings.push(Finding { good: false, words: shop.models.missing(Purpose::Embedding) });
    }
    Ok(trials::models_tried(&shop.db, &claim, findings).await?)
}

/// `others` says whether somebody else hears as well.
async fn speech(shop: &Workshop, others: bool) -> Finding {
    let Some(model) = shop.models.choose(Purpose::Speech) else {
        let until = if others { "Others hear until then." } else { "Nothing is transcribed until then." };
        return Finding { good: others, words: format!("{} {until}", shop.models.missing(Purpose::Speech)) };
    };
    let begun = Instant::now();
    match heard(shop, &model).await {
        Ok((loaded_in, text)) => Finding {
            good: true,
            words: format!(
                "Speech: {} was loaded in {} and heard three seconds in {}. Said: “{SAID}” Heard: “{}”{}",
                model.name,
                seconds(loaded_in),
                seconds(begun.elapsed().saturating_sub(loaded_in)),
                shown(&text),
                demonstration(&model, Purpose::Speech),
            ),
        },
        Err(error) => failed(&model, &error, Purpose::Speech),
    }
}

/// How long loading took, and what was heard.
async fn heard(shop: &Workshop, model: &Chosen) -> Result<(std::time::Duration, String), JobError> {
    let begun = Instant::now();
    let mut lease = shop.pool.lease(EngineKind::Whisper, &model.path).await?;
    let loaded_in = begun.elapsed();
    let ModelFacts::Speech(_) = &lease.model else {
        return Err(JobError::Waiting("It is none that hears: check models.speech.".into()));
    };
    tokio::fs::create_dir_all(&shop.work_dir).await?;
    let pcm_path = shop.work_dir.join(format!("trial-{}.pcm", Uuid::now_v7().simple()));
    tokio::fs::write(&pcm_path, SAMPLE).await?;
    let request = Transcribe {
        id: 0,
        pcm_path: pcm_path.clone(),
        pcm_format: PcmFormat::S16le,
        offset_samples: 0,
        sample_count: SAMPLE.len() as u64 / PcmFormat::S16le.sample_bytes(),
        language: Some("en".to_owned()),
        prompt: None,
        retry: 0,
    };
    let answer = match lease.engine() {
        Ok(engine) => engine.transcribe(request, |_| {}).await,
        Err(error) => Err(error),
    };
    // What stays behind after a crash is swept with the other work files.
    let _ = tokio::fs::remove_file(&pcm_path).await;
    let text: Vec<String> = answer?.segments.into_iter().map(|segment| segment.text).collect();
    if text.is_empty() {
        return Err(JobError::Again("It loads, but heard nothing in the sample. Choose another one.".into()));
    }
    Ok((loaded_in, text.join(" ")))
}

/// `others` says whether somebody else writes as well.
async fn writing(shop: &Workshop, others: bool) -> Finding {
    let Some(model) = shop.models.choose(Purpose::Writing) else {
        let missing = shop.models.missing(Purpose::Writing);
        // One that is wished for by name and not there is waited for; without any the shop goes on in another way.
        return if others {
            Finding { good: true, words: format!("{missing} Others write until then.") }
        } else if shop.models.writing.is_empty() {
            Finding {
                good: true,
                words: format!("{missing} Until then descriptions are put together from sentences of the book."),
            }
        } else {
            Finding { good: false, words: format!("{missing} Nothing is described until then.") }
        };
    };
    let begun = Instant::now();
    match written(shop, &model).await {
        Ok((loaded_in, text)) => Finding {
            good: true,
            words: format!(
                "Writing: {} was loaded in {} and wrote a little in {}: “{}”{}",
                model.name,
                seconds(loaded_in),
                seconds(begun.elapsed().saturating_sub(loaded_in)),
                shown(&text),
                demonstration(&model, Purpose::Writing),
            ),
        },
        Err(error) => failed(&model, &error, Purpose::Writing),
    }
}

/// How long loading took, and what was written.
async fn written(shop: &Workshop, model: &Chosen) -> Result<(std::time::Duration, String), JobError> {
    let begun = Instant::now();
    let mut lease = shop.pool.lease(EngineKind::Llama, &model.path).await?;
    let loaded_in = begun.elapsed();
    let ModelFacts::Writing(_) = &lease.model else {
        return Err(JobError::Waiting("It is none that writes: check models.writing.".into()));
    };
    let request = Generate {
        id: 0,
        messages: vec![
            Message { role: Role::System, content: "Write one short sentence about the text.".to_owned() },
            Message { role: Role::User, content: SAID.to_owned() },
        ],
        grammar: None,
        max_tokens: TOKENS,
        temperature: 0.0,
        seed: 0,
        penalties: None,
    };
    let generated = lease.engine()?.generate(request).await?;
    if generated.output_tokens == 0 {
        return Err(JobError::Again("It loads, but wrote nothing. Choose another one.".into()));
    }
    Ok((loaded_in, generated.text))
}

fn failed(model: &Chosen, error: &JobError, purpose: Purpose) -> Finding {
    let kind = purpose.name();
    let words =
        format!("The {kind} model {} cannot be used. {error}", model.name).replace("; the run then goes on", "");
    Finding { good: false, words }
}

fn demonstration(model: &Chosen, purpose: Purpose) -> String {
    let Some(example) = crate::models::example(purpose).filter(|_| model.demonstration) else { return String::new() };
    format!(" This is a demonstration model: before you sell, get a real one with `lectern models pull {example}`.")
}

fn seconds(time: std::time::Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain("…".chars()).collect() }
}
