//! The pipeline on a real database, storage and real engines, with the demonstration models and a synthetic voice.

mod checked;
mod copies;
mod engines;
mod files;
mod leftovers;
mod pipeline;
mod real_books;
mod redone;
mod standing_in;
mod together;
mod trial;

use super::pool::{Pool, PoolSettings};
use super::step::Workshop;
use crate::decoding::Decoder;
use crate::jobs::{self, Rooms, Runner};
use crate::models::Models;
use crate::storage::{Disk, Storage};
use domain::catalog::{drafts, seed};
use domain::entities::{files as file_rows, parts};
use domain::job_kinds;
use domain::jobs::Queue;
use domain::production::{ProductionView, Step, StepView, steps};
use domain::{Currency, Db, testing};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The queues that a worker serves.
const QUEUES: [Queue; 2] = [Queue::Sound, Queue::Engines];

/// A shop with a worker and nothing in it.
struct Bench {
    shop: Workshop,
    runner: Runner,
    folder: TempDir,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

async fn bench() -> Bench {
    bench_with(|_| {}).await
}

/// A bench with another set-up.
async fn bench_with(change: impl FnOnce(&mut Workshop)) -> Bench {
    let folder = TempDir::new().unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    for (position, (slug, keywords)) in (0..).zip([
        ("adventure", "captain, ship, storm, sea, island, harbor, fog, lighthouse, rocks, crew"),
        ("mystery", "detective, key, lock, crime, clue, police, secret"),
        ("food", "bread, soup, kitchen, baker, butter"),
    ]) {
        let category = seed::SeedCategory {
            slug: slug.into(),
            name: slug.into(),
            keywords: keywords.into(),
            position,
            ..Default::default()
        };
        seed::upsert_category(&db, &category).await.unwrap();
    }
    let storage: Arc<dyn Storage> = Arc::new(Disk::open(&folder.path().join("storage")).await.unwrap());
    let mut shop = Workshop {
        outside: crate::providers::tests::outside(&db),
        db,
        storage,
        pool: Arc::new(Pool::new(pool_settings())),
        rests: Arc::default(),
        models: Models {
            dir: folder.path().join("models"),
            demo_dir: repository().join("models/demo"),
            demo: true,
            speech: String::new(),
            writing: String::new(),
        },
        decoder: Decoder::new(1),
        work_dir: folder.path().join("work"),
        limits: sound::Limits::default(),
    };
    change(&mut shop);
    Bench { runner: runner(&shop), shop, folder }
}

fn runner(shop: &Workshop) -> Runner {
    let rooms = Rooms::from(QUEUES.map(|queue| (queue, 1)));
    Runner::new("worker".to_owned(), shop.db.clone(), job_kinds::all(), jobs::of_worker(shop), rooms, 60_000)
}

/// Does one job, if there is one.
async fn work_once(runner: &Runner, stop: &CancellationToken) -> bool {
    for queue in QUEUES {
        if runner.work_once(queue, stop).await.unwrap() {
            return true;
        }
    }
    false
}

fn pool_settings() -> PoolSettings {
    PoolSettings {
        whisper: PathBuf::new(),
        llama: PathBuf::new(),
        gpus: Vec::new(),
        // More threads than free cores wait for each other: thirty times slower while other tests run.
        threads: 1,
        idle: Duration::from_secs(60),
        patience: Duration::from_secs(300),
        context_limit: 8_192,
    }
}

impl Bench {
    /// A title with these files, its run begun.
    async fn title(&self, name: &str, files: &[&Path]) -> Uuid {
        let id = drafts::create(&self.shop.db, name, Currency::USD).await.unwrap();
        let now = self.shop.db.now();
        for (position, path) in (0..).zip(files) {
            let file_name = path.file_name().unwrap().to_string_lossy().into_owned();
            let key = format!("audio/{}/{}", id, file_name.replace(' ', "-"));
            self.shop.storage.put_file(&key, path, "audio/wav").await.unwrap();
            let file = file_rows::Model {
                id: Uuid::now_v7(),
                storage_key: key,
                sha256: "ab".repeat(32),
                size: i64::try_from(std::fs::metadata(path).unwrap().len()).unwrap(),
                media_type: "audio/wav".into(),
                original_name: file_name,
                created_at: now,
                tags: None,
                cover_key: None,
            };
            let part = parts::Model {
                id: Uuid::now_v7(),
                audiobook_id: id,
                file_id: file.id,
                position,
                start_ms: 0,
                duration_ms: 0,
                codec: String::new(),
                sample_rate: 0,
                channels: 0,
                created_at: now,
            };
            testing::insert(&self.shop.db, file).await;
            testing::insert(&self.shop.db, part).await;
        }
        self.shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
        id
    }

    /// Works until nothing is left to do.
    async fn work(&self) {
        let stop = CancellationToken::new();
        while work_once(&self.runner, &stop).await {}
    }

    /// Does one job.
    async fn work_once(&self) {
        assert!(work_once(&self.runner, &CancellationToken::new()).await, "there is a job");
    }

    async fn view(&self, id: Uuid) -> ProductionView {
        steps::view(&self.shop.db, id).await.unwrap()
    }

    async fn step(&self, id: Uuid, step: Step) -> StepView {
        self.view(id).await.steps.into_iter().find(|view| view.step == step).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Says a text in a file.
    fn speak(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        run(Command::new("espeak-ng").args(["-v", "en-us", "-s", "160", "-w"]).arg(&path).arg(text));
        path
    }
}

fn run(command: &mut Command) {
    let done =
        command.output().unwrap_or_else(|error| panic!("{:?} is needed for this test: {error}", command.get_program()));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The words of a text, without punctuation.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Words that differ, as a share of those that were said (Levenshtein distance).
fn word_error_rate(said: &str, heard: &str) -> f64 {
    let (said, heard) = (words(said), words(heard));
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, word) in said.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in heard.iter().enumerate() {
            let replaced = diagonal + usize::from(word != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[heard.len()] as f64 / said.len() as f64
}
