//! From a spoken file to a product page.

use super::{Bench, bench, bench_with, repository, run, word_error_rate, words};
use domain::catalog::{AudiobookForm, edit};
use domain::entities::audiobooks;
use domain::jobs::Queue;
use domain::production::samples;
use domain::production::{Step, StepStatus, steps};
use domain::production::{chunks, parts};
use domain::transcript::chapters::chapters_of;
use domain::transcript::segments;
use sea_orm::EntityTrait;
use sound::{Limits, Pulse, facts};
use std::process::Command;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LIGHTHOUSE: &str = "The keeper of the lighthouse woke before the sun. The sea was quiet, and the fog lay thick upon \
    the water. She walked up the stone stairs, one hand on the cold wall, and set the lamp to burn. Far away, a bell began \
    to ring. There was a ship in the dark, and it was too near the rocks. She pulled the rope, and the great bell of the \
    tower answered. The captain heard it, and turned the wheel to the north.";

async fn transcript_of(bench: &Bench, id: Uuid) -> String {
    let sentences = segments::sentences(bench.shop.db.read(), id).await.unwrap();
    sentences.into_iter().map(|sentence| sentence.text).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_spoken_story_becomes_a_transcript_a_description_and_a_category() {
    let bench = bench().await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;

    let view = bench.view(id).await;
    assert!(view.steps.iter().all(|step| step.status == StepStatus::Done), "{:#?}", view.steps);
    let heard = transcript_of(&bench, id).await;
    let errors = word_error_rate(LIGHTHOUSE, &heard);
    assert!(errors <= 0.15, "{errors}: {heard}");
    for word in ["lighthouse", "fog", "captain", "rocks", "wheel"] {
        assert!(words(&heard).contains(&word.to_owned()), "{word} in {heard}");
    }

    let transcribed = bench.step(id, Step::Transcribe).await;
    assert!(transcribed.provider.unwrap().contains("whisper"), "who did it");
    assert_eq!((transcribed.model.as_deref(), transcribed.coverage_permille), (Some("demo-asr.bin"), Some(1000)));
    assert!(view.demonstration, "the page says that a demonstration model did it");
    let proposal = view.proposal.unwrap();
    assert!(proposal.categories.contains(&"adventure".to_owned()), "{proposal:?}");
    assert!(proposal.categories.len() <= 3 && !proposal.description.is_empty(), "{proposal:?}");
    assert!(!proposal.evidence.is_empty(), "the description leads back to the book: {proposal:?}");
    let form = edit::form(&bench.shop.db, id).await.unwrap();
    assert_eq!((&form.description, &form.categories), (&proposal.description, &proposal.categories));
}

#[tokio::test]
async fn every_word_lies_inside_the_book_and_none_overlaps_the_next() {
    let bench = bench().await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let duration = parts::parts(bench.shop.db.read(), id).await.unwrap()[0].duration_ms;
    let mut end = 0;
    for sentence in segments::sentences(bench.shop.db.read(), id).await.unwrap() {
        assert!(sentence.start_ms >= end && sentence.end_ms <= duration, "{sentence:?} after {end} of {duration}");
        end = sentence.end_ms;
    }
    assert!(duration - end < 3_000, "heard to the end: {end} of {duration}");
}

#[tokio::test]
async fn an_m4b_audiobook_is_heard_and_brings_its_chapters() {
    let bench = bench().await;
    let book = repository().join("sound/tests/the-light.m4b");
    let id = bench.title("The Light", &[&book]).await;
    bench.work().await;

    let view = bench.view(id).await;
    assert!(view.steps.iter().all(|step| step.status == StepStatus::Done), "{:#?}", view.steps);
    let facts = facts::look_into(&book, "the-light.m4b", &Limits::default(), &Pulse::default()).unwrap();
    assert_eq!(facts.codec, "aac");
    assert!((8_000..10_000).contains(&facts.duration_ms), "{} ms", facts.duration_ms);
    let chapters = chapters_of(&bench.shop.db, id).await.unwrap();
    let found: Vec<_> = chapters.iter().map(|chapter| (chapter.title.as_str(), chapter.start_ms)).collect();
    assert_eq!(found, [("The fog", 0), ("The bell", 4_500)]);
    let heard = words(&transcript_of(&bench, id).await);
    for word in ["fog", "ship", "captain", "bell", "crew"] {
        assert!(heard.contains(&word.to_owned()), "{word} in {heard:?}");
    }
}

#[tokio::test]
async fn a_book_in_two_files_has_two_chapters_and_one_time() {
    let bench = bench().await;
    let one = bench.speak("01 - The Fog.wav", "The fog lay thick upon the water. There was a ship in the dark.");
    let two = bench.speak("02 - The Bell.wav", "The captain heard the bell. The crew came with bread and tea.");
    let id = bench.title("The Light", &[&one, &two]).await;
    bench.work().await;
    let chapters = chapters_of(&bench.shop.db, id).await.unwrap();
    let titles: Vec<_> = chapters.iter().map(|chapter| chapter.title.as_str()).collect();
    assert_eq!(titles, ["The Fog", "The Bell"]);
    let second = &chapters[1];
    let sentences = segments::sentences(bench.shop.db.read(), id).await.unwrap();
    let captain = sentences.iter().find(|sentence| sentence.text.to_lowercase().contains("captain")).unwrap();
    assert!((second.start_ms..second.end_ms).contains(&captain.start_ms), "{captain:?} in {second:?}");
}

#[tokio::test]
async fn every_format_is_read() {
    let bench = bench().await;
    let spoken = bench.speak("speech.wav", "The captain of the ship saw a lighthouse in the fog.");
    let made = |name: &str| bench.path(name);
    run(Command::new("sox").arg(&spoken).arg(made("speech.flac")));
    run(Command::new("sox").arg(&spoken).arg(made("speech.ogg")));
    run(Command::new("lame").arg("--quiet").arg(&spoken).arg(made("speech.mp3")));
    run(Command::new("opusenc").arg("--quiet").arg(&spoken).arg(made("speech.opus")));
    for (name, codec) in [
        ("speech.wav", "pcm"),
        ("speech.flac", "flac"),
        ("speech.ogg", "vorbis"),
        ("speech.mp3", "mp3"),
        ("speech.opus", "opus"),
    ] {
        let id = bench.title(name, &[&made(name)]).await;
        bench.work().await;
        let done = bench.step(id, Step::Done).await;
        assert_eq!(done.status, StepStatus::Done, "{name}: {:#?}", bench.view(id).await.steps);
        let heard = transcript_of(&bench, id).await.to_lowercase();
        assert!(heard.contains("captain") && heard.contains("lighthouse"), "{name} ({codec}): {heard}");
    }
}

#[tokio::test]
async fn a_worker_that_is_stopped_in_the_middle_loses_nothing() {
    let bench = bench().await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work_once().await;
    bench.work_once().await;
    let stop = CancellationToken::new();
    let (worker, token, db) = (bench.runner.clone(), stop.clone(), bench.shop.db.clone());
    let working = tokio::spawn(async move { worker.work_once(Queue::Engines, &token).await });
    while chunks::counts(db.read(), id).await.unwrap().done < 1 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.cancel();
    working.await.unwrap().unwrap();
    let before = chunks::counts(db.read(), id).await.unwrap();
    assert!(before.done >= 1);
    assert_eq!(bench.step(id, Step::Transcribe).await.status, StepStatus::Queued);
    let first = segments::sentences(db.read(), id).await.unwrap().remove(0);

    bench.work().await;
    assert_eq!(bench.step(id, Step::Done).await.status, StepStatus::Done);
    assert_eq!(segments::sentences(db.read(), id).await.unwrap()[0], first, "what was heard stays");
    let errors = word_error_rate(LIGHTHOUSE, &transcript_of(&bench, id).await);
    assert!(errors <= 0.15, "{errors}");
}

#[tokio::test]
async fn samples_lost_with_a_machine_are_made_again() {
    let bench = bench().await;
    let spoken = bench.speak("speech.wav", "The captain of the ship saw a lighthouse in the fog.");
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work_once().await;
    bench.work_once().await;
    std::fs::remove_dir_all(&bench.shop.work_dir).unwrap();
    bench.work().await;
    assert!(transcript_of(&bench, id).await.to_lowercase().contains("lighthouse"));
    assert!(!bench.shop.work_dir.join(id.to_string()).exists(), "and go when nobody needs them any more");
}

async fn sample_key(bench: &Bench, id: Uuid) -> String {
    let title = audiobooks::Entity::find_by_id(id).one(bench.shop.db.read()).await.unwrap().unwrap();
    title.sample_key.unwrap()
}

#[tokio::test]
async fn the_sample_is_a_short_file_of_its_own() {
    let bench = bench().await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let sample = edit::sample_range(bench.shop.db.read(), id).await.unwrap().unwrap();
    assert_eq!(sample.0, 0);
    assert!((4_000..=10_100).contains(&sample.1), "{sample:?}");
    let key = sample_key(&bench, id).await;
    assert!(key.starts_with(&format!("samples/{id}/0-{}-", sample.1)), "{key}");
    assert!(bench.shop.storage.size(&key).await.unwrap() > 44);
}

#[tokio::test]
async fn the_sample_moves_where_the_admin_wants_it() {
    let bench = bench().await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let form = edit::form(&bench.shop.db, id).await.unwrap();
    let form = AudiobookForm { sample_start: "5".into(), sample_end: "9".into(), ..form };
    samples::save_title(&bench.shop.db, id, &form).await.unwrap();
    bench.work().await;
    let key = sample_key(&bench, id).await;
    assert!(key.starts_with(&format!("samples/{id}/5000-9000-")), "{key}");
    let bytes = bench.shop.storage.size(&key).await.unwrap();
    assert_eq!(bytes, 44 + 4 * 22_050 * 2, "four seconds");
    // Elsewhere and back again: what a browser has of the first is not taken for it.
    for end in ["8", "9"] {
        let form = AudiobookForm { sample_end: end.into(), ..edit::form(&bench.shop.db, id).await.unwrap() };
        samples::save_title(&bench.shop.db, id, &form).await.unwrap();
        bench.work().await;
    }
    let again = sample_key(&bench, id).await;
    assert!(again.starts_with(&format!("samples/{id}/5000-9000-")) && again != key, "{again}");
}

#[tokio::test]
async fn without_a_speech_model_the_step_waits_and_says_what_to_do() {
    let bench = bench_with(|shop| shop.models.demo = false).await;
    let spoken = bench.speak("speech.wav", "The captain of the ship saw a lighthouse in the fog.");
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let waits = bench.step(id, Step::Transcribe).await;
    assert_eq!(waits.status, StepStatus::Blocked);
    assert!(waits.message.unwrap().contains("lectern models pull base.en"));

    // A model arrives.
    std::fs::create_dir_all(&bench.shop.models.dir).unwrap();
    let demo = repository().join("models/demo/demo-asr.bin");
    std::fs::copy(demo, bench.shop.models.dir.join("some-model.bin")).unwrap();
    steps::wake_blocked(&bench.shop.db).await.unwrap();
    bench.work().await;
    assert_eq!(bench.step(id, Step::Done).await.status, StepStatus::Done);
    assert!(transcript_of(&bench, id).await.to_lowercase().contains("lighthouse"));
}

#[tokio::test]
async fn without_a_writing_model_the_extractive_writer_says_that_it_wrote() {
    let bench = bench_with(|shop| {
        shop.models.demo = false;
        shop.models.speech = shop.models.demo_dir.join("demo-asr.bin").to_string_lossy().into_owned();
    })
    .await;
    let spoken = bench.speak("lighthouse.wav", LIGHTHOUSE);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let described = bench.step(id, Step::Describe).await;
    assert_eq!((described.status, described.provider.as_deref()), (StepStatus::Done, Some("extractive")));
    assert!(described.message.unwrap().contains("No writing model"));
    let proposal = bench.view(id).await.proposal.unwrap();
    assert_eq!(proposal.categories[0], "adventure", "{proposal:?}");
}

#[tokio::test]
async fn what_an_admin_wrote_is_not_written_over() {
    let bench = bench().await;
    let spoken = bench.speak("speech.wav", "The captain of the ship saw a lighthouse in the fog.");
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let mut form = edit::form(&bench.shop.db, id).await.unwrap();
    form.description = "My own words.".into();
    samples::save_title(&bench.shop.db, id, &form).await.unwrap();
    steps::redo(&bench.shop.db, id, Step::Describe).await.unwrap();
    bench.work().await;
    assert_eq!(bench.step(id, Step::Describe).await.status, StepStatus::Done);
    assert_eq!(edit::form(&bench.shop.db, id).await.unwrap().description, "My own words.");
}
