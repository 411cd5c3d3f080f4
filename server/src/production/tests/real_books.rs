//! Books in a natural voice, heard and described by published models. They lie where `LECTERN_REAL_MODELS` says
//! (`ggml-base.bin`, an instruct model of 135M, and `narrated/books` with twenty recordings); run by `scripts/test`, which sets
//! it, and by `scripts/bench-writing`. `LECTERN_REAL_BOOKS` is how many of them are taken, `LECTERN_BENCH_RECORDING` another one to
//! be taken instead.

use super::{Bench, bench_with, pool_settings};
use crate::production::pool::{Pool, PoolSettings};
use crate::production::writer::{repeats, words};
use domain::production::{Step, StepStatus};
use domain::transcript::segments::{self, Sentence};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

fn folder() -> PathBuf {
    std::env::var("LECTERN_REAL_MODELS").expect("LECTERN_REAL_MODELS names the folder of published models").into()
}

/// The recordings, by name.
fn recordings() -> Vec<PathBuf> {
    if let Ok(one) = std::env::var("LECTERN_BENCH_RECORDING") {
        return vec![one.into()];
    }
    let books = std::fs::read_dir(folder().join("narrated/books")).expect("books in a natural voice");
    let mut books: Vec<PathBuf> = books.map(|book| book.expect("a book").path()).collect();
    books.retain(|book| book.extension().is_some_and(|extension| extension == "wav"));
    books.sort();
    let most = std::env::var("LECTERN_REAL_BOOKS").ok().and_then(|most| most.parse().ok());
    books.truncate(most.unwrap_or(usize::MAX));
    books
}

async fn shop() -> Bench {
    let published = |name: &str| folder().join(name).to_string_lossy().into_owned();
    bench_with(|shop| {
        shop.models.demo = false;
        shop.models.speech = published("ggml-base.bin");
        shop.models.writing = published("SmolLM2-135M-Instruct.Q4_1.gguf");
        shop.pool = Arc::new(Pool::new(PoolSettings { threads: 0, ..pool_settings() }));
    })
    .await
}

/// The share of a claim's terms that are said in its stretch of the book, reckoned apart from the shop's own checks.
fn borne_out(claim: &str, book: &[Sentence], start_ms: i64, end_ms: i64) -> f64 {
    let within = book.iter().filter(|said| said.start_ms < end_ms && said.end_ms > start_ms);
    let heard: HashSet<String> = within.flat_map(|said| words::roots(&said.text).collect::<Vec<_>>()).collect();
    let claimed: HashSet<String> = words::roots(claim).collect();
    claimed.intersection(&heard).count() as f64 / claimed.len().max(1) as f64
}

#[tokio::test]
#[ignore = "needs published models: scripts/test runs it where LECTERN_REAL_MODELS names their folder"]
async fn real_books_are_described_without_repetitions_and_without_sources_that_say_nothing_of_the_kind() {
    let (bench, books) = (shop().await, recordings());
    assert!(!books.is_empty());
    let (mut repeated, mut unsupported, mut claims, mut by_model) = (0, 0, 0, 0);
    for book in &books {
        let name = book.file_stem().unwrap().to_string_lossy().into_owned();
        let id = bench.title(&name, &[book]).await;
        bench.work().await;
        let step = bench.step(id, Step::Describe).await;
        assert_eq!(step.status, StepStatus::Done, "{name}: {step:?}");
        let proposal = bench.view(id).await.proposal.expect("something was said");
        let said = segments::sentences(bench.shop.db.read(), id).await.unwrap();
        let own = step.provider.as_deref().is_some_and(|provider| provider.contains("llama"));
        by_model += usize::from(own);
        repeated += usize::from(repeats::repeated(&proposal.description).is_some());
        for shown in &proposal.evidence {
            claims += 1;
            unsupported += usize::from(borne_out(&shown.sentence, &said, shown.start_ms, shown.end_ms) < 0.6);
        }
        assert!(own || step.message.is_some(), "{name}: who took over says why");
        assert!(proposal.categories.len() <= 3 && proposal.categories.len() == proposal.reasons.len(), "{proposal:?}");
        println!("{name}: {} ({:?}) {:?}", proposal.description, step.provider, proposal.categories);
    }
    println!(
        "{} books: {by_model} described by the model, {repeated} with repetitions, {unsupported} of {claims} claims without \
         support",
        books.len()
    );
    assert_eq!((repeated, unsupported), (0, 0));
}
