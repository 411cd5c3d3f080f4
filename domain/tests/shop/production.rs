//! The way of a title from audio to product page.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, row, user};
use domain::catalog::{Proposal, drafts, edit, publish};
use domain::entities::{files, parts as parts_rows, uploads};
use domain::job_kinds;
use domain::jobs::{self, Claim, Failed, Job, Queue, Retry};
use domain::production::chunks::{self, Chunk, PlannedChunk};
use domain::production::jobs::CutSample;
use domain::production::parts::{self, Probed};
use domain::production::proposals;
use domain::production::recorded::{self, FileTags};
use domain::production::results;
use domain::production::samples;
use domain::production::steps::{self, Outcome, Output};
use domain::production::tongue;
use domain::production::{ProductionView, Step, StepStatus, StepView, UploadStatus, WorkerFacts, workers};
use domain::transcript::{Chapter, ChapterSource, TranscribedSegment, chapters, segments};
use domain::{Currency, Error, account::Role};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

const LEASE_MS: i64 = 60_000;

/// A title whose one file, 40 seconds long, has arrived.
pub async fn arrived(shop: &Shop, name: &str) -> Uuid {
    let title = for_sale(shop, name, 500).await;
    // It is sold without a recording, until this one.
    let recorded = parts_rows::Entity::delete_many().filter(parts_rows::Column::AudiobookId.eq(title.id));
    recorded.exec(shop.db.read()).await.unwrap();
    let admin = user(shop, &format!("admin-of-{}", title.slug), Role::Admin).await;
    let now = shop.db.now();
    let file = files::Model {
        id: Uuid::now_v7(),
        storage_key: format!("audio/{}.wav", title.slug),
        sha256: "ab".repeat(32),
        size: 1_000,
        media_type: "audio/wav".into(),
        original_name: format!("{name}.wav"),
        created_at: now,
        tags: None,
        cover_key: None,
    };
    let upload = uploads::Model {
        id: Uuid::now_v7(),
        user_id: admin.id,
        audiobook_id: Some(title.id),
        position: 0,
        relative_path: String::new(),
        file_name: file.original_name.clone(),
        fingerprint: None,
        metadata: None,
        media_type: None,
        size: 1_000,
        received: 1_000,
        storage_state: None,
        status: UploadStatus::Done,
        failure: None,
        file_id: Some(file.id),
        created_at: now,
        updated_at: now,
        expires_at: now,
    };
    let db = shop.db.read();
    files::Entity::insert(file.into_active_model()).exec_without_returning(db).await.unwrap();
    uploads::Entity::insert(upload.into_active_model()).exec_without_returning(db).await.unwrap();
    shop.db.transaction(async |tx| steps::start_run(&tx, title.id).await).await.unwrap();
    title.id
}

async fn take(shop: &Shop, worker: &str) -> Option<Claim> {
    for queue in [Queue::Sound, Queue::Engines] {
        let claimed = jobs::claim(&shop.db, job_kinds::all(), queue, worker, LEASE_MS, 1).await.unwrap().pop();
        if claimed.is_some() {
            return claimed;
        }
    }
    None
}

/// Takes the next job, which has to be this one, and begins with it.
pub async fn start(shop: &Shop, worker: &str, kind: &str) -> Claim {
    let claim = take(shop, worker).await.expect("there is work");
    assert_eq!(claim.kind, format!("production.{kind}"));
    claim
}

pub async fn finish(shop: &Shop, claim: &Claim, outcome: Outcome) -> domain::Result<()> {
    shop.db.transaction(async |tx| steps::finish(&tx, claim, &outcome).await).await
}

pub async fn probe(shop: &Shop, id: Uuid) {
    let claim = start(shop, "one", "probe").await;
    let wanted = parts::wanted(shop.db.read(), id).await.unwrap().remove(0);
    let probed = Probed {
        file_id: wanted.source.file_id,
        part: wanted.part,
        upload: wanted.upload,
        duration_ms: 40_000,
        codec: "pcm".into(),
        reason: None,
        sample_rate: 22_050,
        channels: 1,
    };
    results::probed(&shop.db, &claim, id, &[probed], &Outcome::default()).await.unwrap();
}

/// Four chunks of ten seconds.
pub async fn prepare(shop: &Shop, id: Uuid) {
    let claim = start(shop, "one", "prepare").await;
    let part_id = parts::parts(shop.db.read(), id).await.unwrap()[0].id;
    let chunk = |n: i64| PlannedChunk { part_id, start_ms: n * 10_000, end_ms: n * 10_000 + 10_000 };
    let plan: Vec<_> = (0..4).map(chunk).collect();
    results::prepared(&shop.db, &claim, id, &[], &plan, &Outcome::default()).await.unwrap();
}

pub fn heard(chunk: &Chunk) -> Vec<TranscribedSegment> {
    vec![TranscribedSegment {
        start_ms: chunk.start_ms,
        end_ms: chunk.end_ms,
        text: format!("This is chunk {}.", chunk.position),
        confidence: 0.9,
        ..TranscribedSegment::default()
    }]
}

pub async fn next(shop: &Shop, id: Uuid) -> Option<Chunk> {
    chunks::next_chunk(&shop.db, id).await.unwrap()
}

async fn hear(shop: &Shop, claim: &Claim, chunk: &Chunk) -> domain::Result<()> {
    chunks::save_chunk(&shop.db, claim, chunk, "a test", &heard(chunk)).await
}

async fn transcribe(shop: &Shop, id: Uuid) {
    let claim = start(shop, "one", "transcribe").await;
    while let Some(chunk) = next(shop, id).await {
        hear(shop, &claim, &chunk).await.unwrap();
    }
    finish(shop, &claim, Outcome::default()).await.unwrap();
}

pub async fn describe(shop: &Shop) {
    let claim = start(shop, "one", "describe").await;
    finish(shop, &claim, Outcome::default()).await.unwrap();
}

async fn produced(shop: &Shop, name: &str) -> Uuid {
    let id = arrived(shop, name).await;
    probe(shop, id).await;
    prepare(shop, id).await;
    transcribe(shop, id).await;
    describe(shop).await;
    id
}

async fn view(shop: &Shop, id: Uuid) -> ProductionView {
    steps::view(&shop.db, id).await.unwrap()
}

async fn step(shop: &Shop, id: Uuid, step: Step) -> StepView {
    view(shop, id).await.steps.into_iter().find(|view| view.step == step).unwrap()
}

async fn statuses(shop: &Shop, id: Uuid) -> Vec<StepStatus> {
    view(shop, id).await.steps.into_iter().map(|view| view.status).collect()
}

#[tokio::test]
async fn a_title_goes_from_upload_to_done() {
    use StepStatus::{Done, Queued, Running, Waiting};
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    assert_eq!(statuses(&shop, id).await, [Done, Queued, Waiting, Waiting, Waiting, Waiting]);
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    assert_eq!(statuses(&shop, id).await, [Done, Done, Done, Running, Waiting, Waiting]);
    let seen = view(&shop, id).await;
    assert_eq!((seen.chunks_done, seen.chunks_total, seen.can_cancel, seen.can_resume), (0, 4, true, false));
    while let Some(chunk) = next(&shop, id).await {
        hear(&shop, &claim, &chunk).await.unwrap();
    }
    finish(&shop, &claim, Outcome { coverage_permille: Some(1000), ..Outcome::default() }).await.unwrap();
    describe(&shop).await;
    assert_eq!(statuses(&shop, id).await, [Done; 6]);
    let seen = view(&shop, id).await;
    assert!(!seen.can_cancel && !seen.can_resume);
    assert!(take(&shop, "one").await.is_none());
    assert_eq!(row(&shop, id).await.duration_ms, 40_000);
}

#[tokio::test]
async fn the_run_of_a_killed_worker_goes_on_where_it_was() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let killed = start(&shop, "one", "transcribe").await;
    for _ in 0..2 {
        let chunk = next(&shop, id).await.unwrap();
        hear(&shop, &killed, &chunk).await.unwrap();
    }
    let in_its_hands = next(&shop, id).await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    let claim = start(&shop, "two", "transcribe").await;
    let first = next(&shop, id).await.unwrap();
    assert_eq!(first.position, 2, "chunks 0 and 1 are done and are not heard again");
    // The killed one was only slow, and wakes up.
    assert!(matches!(hear(&shop, &killed, &in_its_hands).await, Err(Error::LeaseLost)));
    while let Some(chunk) = next(&shop, id).await {
        hear(&shop, &claim, &chunk).await.unwrap();
    }
    let sentences = segments::sentences(shop.db.read(), id).await.unwrap();
    let texts: Vec<_> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    assert_eq!(texts, ["This is chunk 0.", "This is chunk 1.", "This is chunk 2.", "This is chunk 3."]);
}

#[tokio::test]
async fn no_chunk_is_done_twice() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    let chunk = next(&shop, id).await.unwrap();
    hear(&shop, &claim, &chunk).await.unwrap();
    hear(&shop, &claim, &chunk).await.unwrap();
    assert_eq!(segments::sentences(shop.db.read(), id).await.unwrap().len(), 1);
    assert_eq!(next(&shop, id).await.unwrap().position, 1);
}

#[tokio::test]
async fn a_late_worker_cannot_finish_a_step() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    let late = start(&shop, "one", "probe").await;
    shop.clock.advance(LEASE_MS + 1);
    start(&shop, "two", "probe").await;
    assert!(matches!(finish(&shop, &late, Outcome::default()).await, Err(Error::LeaseLost)));
    assert_eq!(step(&shop, id, Step::Probe).await.status, StepStatus::Running);
    assert_eq!(step(&shop, id, Step::Prepare).await.status, StepStatus::Waiting);
}

#[tokio::test]
async fn a_cancelled_run_stops_and_resumes_where_it_was() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    let chunk = next(&shop, id).await.unwrap();
    hear(&shop, &claim, &chunk).await.unwrap();
    let in_its_hands = next(&shop, id).await.unwrap();
    steps::cancel(&shop.db, id).await.unwrap();
    assert!(!jobs::heartbeat(&shop.db, &claim, LEASE_MS).await.unwrap(), "the worker learns of it");
    assert!(matches!(hear(&shop, &claim, &in_its_hands).await, Err(Error::LeaseLost)));
    assert_eq!(step(&shop, id, Step::Transcribe).await.status, StepStatus::Cancelled);
    assert!(take(&shop, "one").await.is_none());
    let seen = view(&shop, id).await;
    assert!(seen.can_resume && !seen.can_cancel);

    steps::resume(&shop.db, id).await.unwrap();
    start(&shop, "one", "transcribe").await;
    assert_eq!(next(&shop, id).await.unwrap().position, 1);
}

#[tokio::test]
async fn resume_finds_what_is_missing_by_itself() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    let claim = start(&shop, "one", "prepare").await;
    assert_eq!(
        jobs::fail(&shop.db, job_kinds::all(), &claim, "The disk is full.", Retry::Fatal).await.unwrap(),
        Failed::Dead
    );
    let failed = step(&shop, id, Step::Prepare).await;
    assert_eq!((failed.status, failed.message.as_deref()), (StepStatus::Failed, Some("The disk is full.")));
    steps::resume(&shop.db, id).await.unwrap();
    prepare(&shop, id).await;
    transcribe(&shop, id).await;
    describe(&shop).await;
    assert!(matches!(steps::resume(&shop.db, id).await, Err(Error::Conflict(_))), "nothing is missing any more");
}

#[tokio::test]
async fn resuming_twice_makes_one_job() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    steps::cancel(&shop.db, id).await.unwrap();
    steps::resume(&shop.db, id).await.unwrap();
    steps::resume(&shop.db, id).await.unwrap();
    assert!(take(&shop, "one").await.is_some());
    assert!(take(&shop, "two").await.is_none());
}

#[tokio::test]
async fn redo_marks_what_depended_on_it_and_does_it_again() {
    use StepStatus::{Done, Queued, Stale};
    let shop = fresh().await;
    let id = produced(&shop, "The Bell").await;
    steps::redo(&shop.db, id, Step::Transcribe).await.unwrap();
    assert_eq!(statuses(&shop, id).await, [Done, Done, Done, Queued, Stale, Stale]);
    let sentences = segments::sentences(shop.db.read(), id).await.unwrap();
    assert_eq!(sentences.len(), 4, "readers keep the old transcript until the new one is there");
    let claim = start(&shop, "one", "transcribe").await;
    let chunk = next(&shop, id).await.unwrap();
    assert_eq!(chunk.position, 0, "every chunk is heard again");
    let mut again = heard(&chunk);
    again[0].text = "TranscribedSegment again.".into();
    chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &again).await.unwrap();
    while let Some(chunk) = next(&shop, id).await {
        hear(&shop, &claim, &chunk).await.unwrap();
    }
    finish(&shop, &claim, Outcome::default()).await.unwrap();
    describe(&shop).await;
    assert_eq!(statuses(&shop, id).await, [Done; 6]);
    let sentences = segments::sentences(shop.db.read(), id).await.unwrap();
    assert_eq!((sentences.len(), sentences[0].text.as_str()), (4, "TranscribedSegment again."));
}

#[tokio::test]
async fn a_plan_that_stays_the_same_keeps_what_was_heard() {
    let shop = fresh().await;
    let id = produced(&shop, "The Bell").await;
    steps::redo(&shop.db, id, Step::Prepare).await.unwrap();
    prepare(&shop, id).await;
    start(&shop, "one", "transcribe").await;
    assert!(next(&shop, id).await.is_none());
    assert_eq!(segments::sentences(shop.db.read(), id).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_step_cannot_be_redone_before_what_it_needs() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    assert!(matches!(steps::redo(&shop.db, id, Step::Describe).await, Err(Error::Conflict(_))));
    assert!(matches!(steps::redo(&shop.db, id, Step::Upload).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn a_step_that_waits_for_a_model_has_not_failed_and_goes_on_when_woken() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    for _ in 0..10 {
        let claim = start(&shop, "one", "probe").await;
        jobs::release_waiting(&shop.db, job_kinds::all(), &claim, "No speech model is here yet.", 60_000)
            .await
            .unwrap();
        let waits = step(&shop, id, Step::Probe).await;
        assert_eq!(
            (waits.status, waits.message.as_deref()),
            (StepStatus::Blocked, Some("No speech model is here yet."))
        );
        assert!(take(&shop, "one").await.is_none());
        assert_eq!(steps::wake_blocked(&shop.db).await.unwrap(), 1);
    }
    assert!(take(&shop, "one").await.is_some());
}

#[tokio::test]
async fn a_worker_that_stops_leaves_the_step_to_the_next() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    let claim = start(&shop, "one", "probe").await;
    jobs::release(&shop.db, job_kinds::all(), &claim).await.unwrap();
    assert_eq!(step(&shop, id, Step::Probe).await.status, StepStatus::Queued);
    start(&shop, "two", "probe").await;
}

#[tokio::test]
async fn a_step_whose_worker_dies_again_and_again_says_so() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    for _ in 0..5 {
        start(&shop, "one", "probe").await;
        shop.clock.advance(LEASE_MS + 1);
    }
    assert!(take(&shop, "one").await.is_none());
    let failed = step(&shop, id, Step::Probe).await;
    assert_eq!(failed.status, StepStatus::Failed);
    assert!(failed.message.unwrap().contains("stopped answering"));
    assert!(view(&shop, id).await.can_resume);
}

#[tokio::test]
async fn a_book_that_gets_somewhere_may_crash_often() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    for _ in 0..4 {
        for _ in 0..3 {
            start(&shop, "one", "transcribe").await;
            shop.clock.advance(LEASE_MS + 1);
        }
        let claim = start(&shop, "one", "transcribe").await;
        let chunk = next(&shop, id).await.unwrap();
        hear(&shop, &claim, &chunk).await.unwrap();
        shop.clock.advance(LEASE_MS + 1);
    }
    assert!(next(&shop, id).await.is_none(), "all four chunks are there");
}

#[tokio::test]
async fn a_chunk_that_cannot_be_heard_is_left_out_after_three_tries() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    for _ in 0..3 {
        let chunk = next(&shop, id).await.unwrap();
        assert_eq!(chunk.position, 0);
        chunks::chunk_failed(&shop.db, &claim, &chunk, "The engine crashed.", 3).await.unwrap();
    }
    assert_eq!(next(&shop, id).await.unwrap().position, 1);
    let counts = chunks::counts(shop.db.read(), id).await.unwrap();
    assert_eq!((counts.done, counts.failed, counts.total), (0, 1, 4));
}

#[tokio::test]
async fn the_time_left_follows_from_this_runs_pace() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    shop.clock.advance(6_000);
    let chunk = next(&shop, id).await.unwrap();
    hear(&shop, &claim, &chunk).await.unwrap();
    let running = step(&shop, id, Step::Transcribe).await;
    assert_eq!((running.progress_permille, running.time_left_ms), (250, Some(18_000)));
}

#[tokio::test]
async fn chapters_written_by_hand_stay() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    let chapter = |name: &str| vec![Chapter { title: name.into(), start_ms: 0, end_ms: 1_000 }];
    let save = async |source, name: &str| {
        shop.db.transaction(async |tx| chapters::save(&tx, title.id, source, &chapter(name)).await).await
    };
    assert!(save(ChapterSource::Detected, "Found").await.unwrap());
    assert!(save(ChapterSource::Admin, "Written").await.unwrap());
    assert!(!save(ChapterSource::Part, "Guessed").await.unwrap());
}

/// PostgreSQL keeps no U+0000, and no page shows any of the others.
#[tokio::test]
async fn names_of_chapters_lose_what_is_no_letter_and_what_is_too_long() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    let named = Chapter { title: format!("One\0\u{1b}[2J\n{}", "x".repeat(900)), start_ms: 0, end_ms: 1_000 };
    let chapters = [named];
    let saved =
        shop.db.transaction(async |tx| chapters::save(&tx, title.id, ChapterSource::Container, &chapters).await);
    assert!(saved.await.unwrap());
    let kept = chapters::chapters_of(&shop.db, title.id).await.unwrap();
    assert!(kept[0].title.starts_with("One[2Jxxx") && kept[0].title.len() == 300, "{:?}", kept[0].title);
}

#[tokio::test]
async fn the_page_shows_the_proposal_and_that_it_is_a_demonstration() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    transcribe(&shop, id).await;
    let claim = start(&shop, "one", "describe").await;
    let proposal =
        Proposal { description: "A bell rings.".into(), categories: vec!["adventure".into()], ..Proposal::default() };
    let output = Output { demonstration: true, proposal: Some(proposal.clone()), ..Output::default() };
    finish(&shop, &claim, Outcome { output, ..Outcome::default() }).await.unwrap();
    let seen = view(&shop, id).await;
    assert_eq!(seen.proposal, Some(proposal));
    assert!(seen.demonstration);
}

#[tokio::test]
async fn a_proposal_is_put_over_the_version_that_was_looked_at() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    publish::unpublish(&shop.db, id).await.ok();
    let refused = proposals::adopt(&shop.db, id, 1).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound("proposal")), "{refused:?}");
    probe(&shop, id).await;
    prepare(&shop, id).await;
    transcribe(&shop, id).await;
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.description = "My own words.".to_owned();
    let version = samples::save_title(&shop.db, id, &form).await.unwrap();
    let claim = start(&shop, "one", "describe").await;
    let proposal = Proposal { description: "A bell rings.".into(), ..Proposal::default() };
    let output = Output { proposal: Some(proposal), ..Output::default() };
    finish(&shop, &claim, Outcome { output, ..Outcome::default() }).await.unwrap();
    let stale = proposals::adopt(&shop.db, id, version - 1).await.unwrap_err();
    assert_eq!(stale.code(), "title.changed");
    assert_eq!(proposals::adopt(&shop.db, id, version).await.unwrap(), version + 1);
    let after = edit::form(&shop.db, id).await.unwrap();
    assert_eq!((after.description.as_str(), after.categories), ("A bell rings.", form.categories));
}

#[tokio::test]
async fn workers_that_were_seen_lately_are_listed() {
    let shop = fresh().await;
    let facts = WorkerFacts { host: "cellar".into(), ..WorkerFacts::default() };
    workers::seen(&shop.db, "one", &facts).await.unwrap();
    workers::seen(&shop.db, "one", &WorkerFacts { doing: vec!["transcribe".into()], ..facts }).await.unwrap();
    let live = workers::list(&shop.db).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].facts.doing, ["transcribe"]);
    shop.clock.advance(workers::GONE_AFTER_MS + 1);
    assert!(workers::list(&shop.db).await.unwrap().is_empty());
}

/// An admin puts the sample of a title elsewhere; in seconds.
async fn move_sample(shop: &Shop, id: Uuid, from: &str, to: &str) {
    // A draft may lack what a published title needs.
    publish::unpublish(&shop.db, id).await.ok();
    let mut form = edit::form(&shop.db, id).await.unwrap();
    (form.sample_start, form.sample_end) = (from.to_owned(), to.to_owned());
    samples::save_title(&shop.db, id, &form).await.unwrap();
}

async fn start_cutting(shop: &Shop) -> Claim {
    let claim = take(shop, "one").await.expect("a sample is to be cut");
    assert_eq!(claim.kind, CutSample::KIND);
    claim
}

async fn keep(shop: &Shop, claim: &Claim, id: Uuid, from_ms: i64, to_ms: i64) -> domain::Result<bool> {
    let key = format!("samples/{from_ms}.wav");
    samples::keep(&shop.db, claim, id, Some((from_ms, to_ms)), &key, (from_ms, to_ms)).await
}

#[tokio::test]
async fn a_place_chosen_while_the_sample_is_cut_is_cut_after_it() {
    let shop = fresh().await;
    let id = produced(&shop, "The Bell").await;
    move_sample(&shop, id, "0", "10").await;
    let first = start_cutting(&shop).await;
    move_sample(&shop, id, "20", "30").await;
    assert!(!keep(&shop, &first, id, 0, 10_000).await.unwrap(), "the older cut is not for the newer place");
    jobs::complete_all(&shop.db, &[first]).await.unwrap();
    assert_eq!(edit::form(&shop.db, id).await.unwrap().sample_start, "20", "what the admin chose stays");
    let second = start_cutting(&shop).await;
    assert!(keep(&shop, &second, id, 20_000, 30_000).await.unwrap());
    jobs::complete_all(&shop.db, &[second]).await.unwrap();
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_keeps_no_sample() {
    let shop = fresh().await;
    let id = produced(&shop, "The Bell").await;
    move_sample(&shop, id, "0", "10").await;
    let late = start_cutting(&shop).await;
    shop.clock.advance(LEASE_MS + 1);
    start_cutting(&shop).await;
    assert!(matches!(keep(&shop, &late, id, 0, 10_000).await, Err(Error::LeaseLost)));
}

#[tokio::test]
async fn a_failed_run_resumes_while_a_sample_waits_to_be_cut() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    let claim = start(&shop, "one", "prepare").await;
    jobs::fail(&shop.db, job_kinds::all(), &claim, "The disk is full.", Retry::Fatal).await.unwrap();
    move_sample(&shop, id, "0", "10").await;
    assert!(view(&shop, id).await.can_resume);
    steps::resume(&shop.db, id).await.unwrap();
    assert_eq!(step(&shop, id, Step::Prepare).await.status, StepStatus::Queued);
    let kinds = [take(&shop, "one").await.unwrap().kind, take(&shop, "one").await.unwrap().kind];
    assert_eq!(kinds, ["production.cut-sample", "production.prepare"]);
}

#[tokio::test]
async fn a_sample_that_waits_to_be_cut_is_no_run_and_outlives_one() {
    let shop = fresh().await;
    let id = produced(&shop, "The Bell").await;
    move_sample(&shop, id, "0", "10").await;
    assert!(!view(&shop, id).await.can_cancel, "nothing of the run is under way");
    assert!(matches!(steps::cancel(&shop.db, id).await, Err(Error::Conflict(_))));
    steps::redo(&shop.db, id, Step::Describe).await.unwrap();
    steps::cancel(&shop.db, id).await.unwrap();
    let claim = start_cutting(&shop).await;
    assert!(keep(&shop, &claim, id, 0, 10_000).await.unwrap(), "its sample is cut all the same");
}

#[tokio::test]
async fn a_dead_job_of_a_step_that_is_put_back_goes_on_with_the_step() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    let claim = start(&shop, "one", "probe").await;
    jobs::fail(&shop.db, job_kinds::all(), &claim, "The disk is full.", Retry::Fatal).await.unwrap();
    jobs::manage::requeue(&shop.db, job_kinds::all(), claim.id).await.unwrap();
    assert_eq!(step(&shop, id, Step::Probe).await.status, StepStatus::Queued);
    probe(&shop, id).await;
    assert_eq!(step(&shop, id, Step::Probe).await.status, StepStatus::Done);
}

#[tokio::test]
async fn a_run_that_begins_anew_leaves_no_dead_job_behind() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    let claim = start(&shop, "one", "probe").await;
    jobs::fail(&shop.db, job_kinds::all(), &claim, "The disk is full.", Retry::Fatal).await.unwrap();
    steps::resume(&shop.db, id).await.unwrap();
    let refused = jobs::manage::requeue(&shop.db, job_kinds::all(), claim.id).await.unwrap_err();
    assert_eq!(refused.code(), "job.not-dead", "the new run does its work");
}

#[tokio::test]
async fn a_part_lasts_as_long_as_what_was_decoded_of_it() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Light").await;
    probe(&shop, id).await;
    let claim = start(&shop, "one", "prepare").await;
    let part = parts::parts(shop.db.read(), id).await.unwrap().remove(0);
    assert_eq!(part.duration_ms, 40_000);
    results::prepared(&shop.db, &claim, id, &[(part.id, 39_250)], &[], &Outcome::default()).await.unwrap();
    let after = parts::parts(shop.db.read(), id).await.unwrap().remove(0);
    assert_eq!((after.id, after.start_ms, after.duration_ms), (part.id, 0, 39_250));
    assert_eq!(row(&shop, id).await.duration_ms, 39_250);
}

#[tokio::test]
async fn a_draft_that_nobody_edited_takes_what_its_recording_says() {
    let shop = fresh().await;
    let id = drafts::create(&shop.db, "the light 01", Currency::USD).await.unwrap();
    let said = FileTags {
        album: Some("The Light".into()),
        authors: vec!["Quill, Ada".into()],
        narrators: vec!["Tom Reed".into()],
        language: Some("ger".into()),
        series: Some("The Coast".into()),
        series_position: Some("2.0".into()),
        description: Some("A keeper waits for a ship that does not come home.".into()),
        ..FileTags::default()
    };
    recorded::fill(&shop.db, id, &said, "the light 01.mp3", None).await.unwrap();
    let form = edit::form(&shop.db, id).await.unwrap();
    assert_eq!((form.title.as_str(), form.language.as_str()), ("The Light", "de"));
    assert_eq!((form.authors.as_str(), form.narrators.as_str()), ("Ada Quill", "Tom Reed"));
    assert_eq!((form.series.as_str(), form.series_position.as_str()), ("The Coast", "2"));
    assert!(form.description.starts_with("A keeper waits"));

    let other = FileTags { album: Some("Another".into()), language: Some("en".into()), ..FileTags::default() };
    recorded::fill(&shop.db, id, &other, "the light.mp3", None).await.unwrap();
    assert_eq!(edit::form(&shop.db, id).await.unwrap(), form, "once it was filled or edited, it stays");
}

#[tokio::test]
async fn chunks_are_given_several_at_once_and_from_all_over_the_book() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Light").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    let positions = |chunks: Vec<Chunk>| chunks.into_iter().map(|chunk| chunk.position).collect::<Vec<_>>();
    assert_eq!(positions(chunks::places(&shop.db, id, 2).await.unwrap()), [1, 3]);
    assert_eq!(positions(chunks::places(&shop.db, id, 9).await.unwrap()), [0, 1, 2, 3]);
    let first = next(&shop, id).await.unwrap();
    chunks::chunk_failed(&shop.db, &claim, &first, "It is noise.", 3).await.unwrap();
    assert_eq!(
        positions(chunks::next_chunks(&shop.db, id, 2).await.unwrap()),
        [1, 2],
        "one that failed is heard alone"
    );
}

#[tokio::test]
async fn the_language_that_is_heard_is_that_of_a_draft_whose_own_nobody_has_named() {
    let shop = fresh().await;
    let id = drafts::create(&shop.db, "Das Licht", Currency::USD).await.unwrap();
    shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    let claim = start(&shop, "one", "probe").await;
    let languages = ["de".to_owned(), "fr".to_owned()];
    tongue::heard(&shop.db, &claim, &languages).await.unwrap();
    assert_eq!(steps::output(shop.db.read(), id, Step::Transcribe).await.unwrap().languages, languages);
    assert_eq!(edit::form(&shop.db, id).await.unwrap().language, "de");
    tongue::heard(&shop.db, &claim, &["nl".to_owned()]).await.unwrap();
    assert_eq!(edit::form(&shop.db, id).await.unwrap().language, "de", "once it is named, it stays");
}

#[tokio::test]
async fn what_a_file_says_of_itself_is_kept_with_it() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Light").await;
    let file = parts::sources(shop.db.read(), id).await.unwrap().remove(0).file_id;
    let said = FileTags { disc: Some(2), track: Some(7), ..FileTags::default() };
    recorded::keep(&shop.db, &[(file, said.clone())]).await.unwrap();
    recorded::keep(&shop.db, &[]).await.unwrap();
    assert_eq!(recorded::of(shop.db.read(), &[file]).await.unwrap().remove(&file), Some(said));
}
