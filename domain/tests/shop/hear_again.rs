//! What people put right in a text stays, whatever step is done again; hearing all of it again asks first.

use crate::database::{Shop, fresh};
use crate::production::{arrived, describe, next, prepare, probe, start};
use crate::text_editing::{edit, lines, text};
use domain::entities;
use domain::jobs::Job;
use domain::production::chunks::{self, PlannedChunk};
use domain::production::jobs::CutSample;
use domain::production::parts::Probed;
use domain::production::steps::{self, Outcome};
use domain::production::{Corrections, Step, StepStatus, import, makers, parts, results};
use domain::transcript::edits::change::Change;
use domain::transcript::{Standing, TranscribedSegment, Word, segments};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What a model hears in a chunk that begins then: four words of a second each.
fn heard(start_ms: i64, text: &str) -> TranscribedSegment {
    let word = |(n, text): (i64, &str)| Word {
        start_ms: start_ms + n * 1_000,
        end_ms: start_ms + n * 1_000 + 900,
        text: text.to_owned(),
        confidence: 0.9,
    };
    let words: Vec<Word> = (0..).zip(text.split(' ')).map(word).collect();
    let end_ms = words.last().unwrap().end_ms;
    TranscribedSegment { start_ms, end_ms, text: text.to_owned(), confidence: 0.9, words, ..Default::default() }
}

/// Hears all chunks that wait: in each, the text that is heard at its beginning.
async fn hear(shop: &Shop, id: Uuid, by: &str, texts: &[&str]) {
    let claim = start(shop, "one", "transcribe").await;
    let mut texts = texts.iter();
    while let Some(chunk) = next(shop, id).await {
        let said = heard(chunk.start_ms, texts.next().unwrap());
        chunks::save_chunk(&shop.db, &claim, &chunk, by, &[said]).await.unwrap();
    }
    results::transcribed(&shop.db, &claim, &Outcome::default()).await.unwrap();
    describe(shop).await;
}

const FIRST: [&str; 4] = ["It was quite dark.", "The lamb was lit.", "A bell rang twice.", "Thank you all much."];

/// A title in whose text one word was put right, and one sentence is not spoken.
async fn corrected(shop: &Shop) -> Uuid {
    let id = arrived(shop, "The Bell").await;
    probe(shop, id).await;
    prepare(shop, id).await;
    hear(shop, id, "whisper.cpp, tiny", &FIRST).await;
    let all = lines(shop, id).await;
    edit(shop, id, &all[1], text("The lamp was lit.")).await.unwrap();
    edit(shop, id, &all[3], Change::Drop).await.unwrap();
    id
}

async fn said(shop: &Shop, id: Uuid) -> Vec<String> {
    segments::sentences(shop.db.read(), id).await.unwrap().into_iter().map(|sentence| sentence.text).collect()
}

const SECOND: [&str; 4] =
    ["It was almost dark.", "The lambs are lit.", "Two bells rang once.", "Thank you for watching."];

#[tokio::test]
async fn hearing_again_asks_first_and_keeps_what_was_put_right() {
    let shop = fresh().await;
    let id = corrected(&shop).await;
    let refused = steps::redo(&shop.db, id, Step::Transcribe).await.unwrap_err();
    assert_eq!(refused.code(), "production.corrections");
    assert!(refused.to_string().starts_with("2 sentences"), "{refused}");
    assert_eq!(steps::view(&shop.db, id).await.unwrap().corrections, 2);
    assert_eq!(steps::view(&shop.db, id).await.unwrap().steps[3].status, StepStatus::Done, "nothing was begun");

    steps::hear_again(&shop.db, id, Corrections::Keep).await.unwrap();
    hear(&shop, id, "whisper.cpp, large", &SECOND).await;
    assert_eq!(said(&shop, id).await, ["It was almost dark.", "The lamp was lit.", "Two bells rang once."]);
    let standing: Vec<_> = lines(&shop, id).await.into_iter().map(|line| line.standing).collect();
    assert_eq!(standing, [Standing::Heard, Standing::Corrected, Standing::Heard, Standing::Dropped]);
}

#[tokio::test]
async fn what_was_put_right_goes_where_somebody_says_so() {
    let shop = fresh().await;
    let id = corrected(&shop).await;
    steps::hear_again(&shop.db, id, Corrections::Discard).await.unwrap();
    assert_eq!(said(&shop, id).await, ["It was quite dark.", "The lamp was lit.", "A bell rang twice."], "until then");
    hear(&shop, id, "whisper.cpp, large", &SECOND).await;
    assert_eq!(said(&shop, id).await, SECOND);
    assert_eq!(steps::view(&shop.db, id).await.unwrap().corrections, 0);
    let refused = domain::production::editing::undo(&shop.db, id, Uuid::nil()).await.unwrap_err();
    assert_eq!(refused.code(), "transcript.nothing-to-undo");
}

#[tokio::test]
async fn no_other_step_touches_what_was_put_right() {
    let shop = fresh().await;
    let id = corrected(&shop).await;
    let corrected_text = ["It was quite dark.", "The lamp was lit.", "A bell rang twice."];
    steps::redo(&shop.db, id, Step::Probe).await.unwrap();
    probe(&shop, id).await;
    prepare(&shop, id).await;
    hear(&shop, id, "nobody hears anything", &[]).await;
    assert_eq!(said(&shop, id).await, corrected_text);

    // Another model needs shorter chunks: all is heard anew, and still it stays.
    steps::redo(&shop.db, id, Step::Prepare).await.unwrap();
    let claim = start(&shop, "one", "prepare").await;
    let part_id = parts::parts(shop.db.read(), id).await.unwrap()[0].id;
    let chunk = |n: i64| PlannedChunk { part_id, start_ms: n * 5_000, end_ms: n * 5_000 + 5_000 };
    let plan: Vec<_> = (0..8).map(chunk).collect();
    results::prepared(&shop.db, &claim, id, &[], &plan, &Outcome::default()).await.unwrap();
    assert_eq!(said(&shop, id).await, corrected_text, "readers keep the text until it is heard anew");
    let texts = ["One two three four.", "Five six.", "Seven.", "Eight.", "Nine.", "Ten.", "Eleven.", "Twelve."];
    hear(&shop, id, "whisper.cpp, small", &texts).await;
    let now = said(&shop, id).await;
    assert_eq!(now, ["One two three four.", "Five six.", "The lamp was lit.", "Eight.", "Nine.", "Ten.", "Twelve."]);
}

#[tokio::test]
async fn a_recording_that_is_counted_otherwise_than_before_keeps_its_text_and_what_was_put_right_in_it() {
    let shop = fresh().await;
    let id = corrected(&shop).await;
    steps::redo(&shop.db, id, Step::Probe).await.unwrap();
    let claim = start(&shop, "one", "probe").await;
    let wanted = parts::wanted(shop.db.read(), id).await.unwrap().remove(0);
    let longer = Probed {
        file_id: wanted.source.file_id,
        part: wanted.part,
        upload: wanted.upload,
        duration_ms: 90_000,
        codec: "pcm".into(),
        reason: None,
        sample_rate: 22_050,
        channels: 1,
    };
    results::probed(&shop.db, &claim, id, &[longer], &Outcome::default()).await.unwrap();
    assert_eq!(parts::parts(shop.db.read(), id).await.unwrap()[0].duration_ms, 90_000);
    assert_eq!(said(&shop, id).await, ["It was quite dark.", "The lamp was lit.", "A bell rang twice."]);
    assert_eq!(steps::view(&shop.db, id).await.unwrap().corrections, 2);
}

async fn heard_by(shop: &Shop, id: Uuid) -> Vec<(String, u32)> {
    let makers = makers::of_title(shop.db.read(), id).await.unwrap();
    makers.into_iter().map(|maker| (maker.by, maker.pieces)).collect()
}

#[tokio::test]
async fn a_stretch_says_who_heard_it() {
    let shop = fresh().await;
    let id = corrected(&shop).await;
    assert_eq!(heard_by(&shop, id).await, [("whisper.cpp, tiny".to_owned(), 4)]);
}

#[tokio::test]
async fn a_title_that_was_transcribed_elsewhere_is_heard_here_from_the_beginning() {
    let shop = fresh().await;
    let title = shop.title("The Bell").category("food").draft().await;
    let recording = import::Recording {
        storage_key: "audio/bell".into(),
        sha256: "ab".repeat(32),
        size: 1,
        media_type: "audio/ogg".into(),
        file_name: "bell.opus".into(),
        codec: "opus".into(),
        sample_rate: 48_000,
        channels: 1,
        duration_ms: 40_000,
        chapters: Vec::new(),
        sample: (0, 5_000),
    };
    let maker = |provider: &str| import::Maker {
        provider: Some(provider.to_owned()),
        model: Some("base.en".to_owned()),
        coverage_permille: Some(1000),
        output: Default::default(),
    };
    let produced = import::Produced {
        audio_sha256: recording.sha256.clone(),
        transcribed: maker("whisper elsewhere"),
        described: maker("llama elsewhere"),
        segments: vec![heard(0, "It was quite dark."), heard(10_000, "The lamb was lit.")],
    };
    entities::parts::Entity::delete_many().exec(shop.db.read()).await.unwrap();
    import::attach(&shop.db, title.id, &recording, Some(&produced)).await.unwrap();
    // Nobody cuts the sample here.
    let samples = entities::jobs::Entity::delete_many().filter(entities::jobs::Column::Kind.eq(CutSample::KIND));
    samples.exec(shop.db.read()).await.unwrap();
    let line = lines(&shop, title.id).await.remove(1);
    edit(&shop, title.id, &line, text("The lamp was lit.")).await.unwrap();

    steps::hear_again(&shop.db, title.id, Corrections::Keep).await.unwrap();
    let view = steps::view(&shop.db, title.id).await.unwrap();
    assert_eq!(view.steps[2].status, StepStatus::Queued, "it was never cut here");
    assert_eq!(view.steps[3].provider.as_deref(), Some("whisper elsewhere"), "as long as that is what readers get");
    prepare(&shop, title.id).await;
    assert_eq!(said(&shop, title.id).await, ["It was quite dark.", "The lamp was lit."]);
    hear(&shop, title.id, "whisper.cpp, tiny", &SECOND).await;
    let now = ["It was almost dark.", "The lamp was lit.", "Two bells rang once.", "Thank you for watching."];
    assert_eq!(said(&shop, title.id).await, now);
    assert_eq!(heard_by(&shop, title.id).await, [("whisper.cpp, tiny".to_owned(), 4)]);
}
