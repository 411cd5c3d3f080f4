//! Text that is not believed waits for an admin, and nobody else gets it.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, give, sample, say, say_as, set, shopper, user};
use crate::production::{arrived, describe, finish, heard, next, prepare, probe, start};
use domain::account::Role;
use domain::catalog::{TextRights, product_page, publish};
use domain::entities::{audiobooks::Column, parts};
use domain::listening::{export, player};
use domain::production::{Corrections, chunks, import, review, steps};
use domain::transcript::places::Verdict;
use domain::transcript::{Doubt, Place, Shown, Standing, TranscribedSegment, segments};
use domain::{Db, Error, PageRequest, Walk};
use sea_orm::EntityTrait;
use uuid::Uuid;

async fn places(shop: &Shop, title: Uuid, shown: Shown) -> Vec<Place> {
    review::review(&shop.db, title, shown, PageRequest::new(1, 20)).await.unwrap().places.items
}

async fn decide(shop: &Shop, title: Uuid, place: &Place, verdict: Verdict) -> Standing {
    review::decide(&shop.db, title, place.id, &verdict).await.unwrap()
}

async fn texts(shop: &Shop, title: Uuid) -> Vec<String> {
    segments::sentences(shop.db.read(), title).await.unwrap().into_iter().map(|sentence| sentence.text).collect()
}

/// Every decision that can be made, as somebody else tells the trail of them.
pub async fn decide_all(shop: &Shop, db: &Db, title: Uuid) {
    for (position, verdict) in
        (0..).zip([Verdict::Said("Hum.".to_owned()), Verdict::Said("A bell.".to_owned()), Verdict::Drop])
    {
        let at = i64::from(position) * 1000;
        let place = say_as(&shop.db, title, (position, at, at + 900), "Hum.", Standing::Doubtful).await;
        review::decide(db, title, place, &verdict).await.unwrap();
    }
}

/// A title in which something of every standing is said.
async fn of_every_standing(shop: &Shop) -> Uuid {
    let title = for_sale(shop, "The Bell", 500).await;
    set(shop, title.id, Column::TextRights, TextRights::Download).await;
    for (position, (text, standing)) in (0..).zip([
        ("Believed.", Standing::Heard),
        ("Phantom.", Standing::Doubtful),
        ("Accepted.", Standing::Accepted),
        ("Rubbish.", Standing::Dropped),
        ("Corrected.", Standing::Corrected),
    ]) {
        let at = i64::from(position) * 2_000;
        say_as(shop, title.id, (position, at, at + 900), text, standing).await;
    }
    sample(shop, title.id, "samples/bell", 0, 20_000).await;
    title.id
}

#[tokio::test]
async fn nobody_but_the_admins_who_review_it_gets_text_that_is_not_approved() {
    let shop = fresh().await;
    let id = of_every_standing(&shop).await;
    let (ada, admin) = (shopper(&shop, "Ada").await, user(&shop, "admin", Role::Admin).await);
    give(&shop, &ada, id).await;
    let approved = "Believed. Accepted. Corrected.";
    let said = |segments: &[domain::transcript::Segment]| {
        segments.iter().map(|segment| segment.text.clone()).collect::<Vec<_>>().join(" ")
    };
    for viewer in [&ada, &admin] {
        assert_eq!(said(&player::segments(&shop.db, viewer, "the-bell", 0, 60_000).await.unwrap()), approved);
        let taken = player::transcript(&shop.db, viewer, id).await.unwrap();
        assert_eq!(said(&taken.segments), approved);
        let files =
            [export::txt(&taken.segments, &[]), export::vtt(&taken.segments, &[]), export::srt(&taken.segments)];
        assert!(files.iter().all(|file| file.contains("Corrected.") && !file.contains("Phantom")), "{files:?}");
        assert!(files.iter().all(|file| !file.contains("Rubbish")), "{files:?}");
    }
    assert_eq!(said(&player::preview(&shop.db, &admin, id, 40).await.unwrap()), approved);
    let shown = product_page::detail(&shop.db, "the-bell", None).await.unwrap().sample.unwrap();
    assert_eq!(said(&shown.segments), approved);
    assert_eq!(texts(&shop, id).await.join(" "), approved, "the writer of descriptions");
    let pieces = segments::pieces(&shop.db, id).await.unwrap();
    assert_eq!(pieces.len(), 3, "what is taken to another shop");
}

#[tokio::test]
async fn a_title_of_which_nothing_is_approved_has_no_text() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    let ada = shopper(&shop, "Ada").await;
    give(&shop, &ada, title.id).await;
    set(&shop, title.id, Column::TextRights, TextRights::Download).await;
    say_as(&shop, title.id, (0, 0, 900), "Phantom.", Standing::Doubtful).await;
    assert!(!player::listening(&shop.db, &ada, "the-bell").await.unwrap().has_transcript);
    assert!(matches!(player::transcript(&shop.db, &ada, title.id).await, Err(Error::NotFound("transcript"))));
}

#[tokio::test]
async fn an_admin_accepts_corrects_and_drops_and_readers_get_what_came_of_it() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    say(&shop, title.id, 0, 0, 900, "It was dark.").await;
    for (position, text) in [(1, "The lamb was lit."), (2, "A bell rang."), (3, "Thank you.")] {
        let at = i64::from(position) * 1_000;
        say_as(&shop, title.id, (position, at, at + 900), text, Standing::Doubtful).await;
    }
    let waiting = places(&shop, title.id, Shown::Doubtful).await;
    assert_eq!(waiting.len(), 3);
    assert_eq!(
        (waiting[0].before.as_deref(), waiting[0].after.as_deref()),
        (Some("It was dark."), Some("A bell rang."))
    );
    assert_eq!(texts(&shop, title.id).await, ["It was dark."]);

    let said = |text: &str| Verdict::Said(text.to_owned());
    assert_eq!(decide(&shop, title.id, &waiting[0], said(" The lamp  was lit. ")).await, Standing::Corrected);
    assert_eq!(decide(&shop, title.id, &waiting[1], said("A bell rang.")).await, Standing::Accepted);
    assert_eq!(decide(&shop, title.id, &waiting[2], Verdict::Drop).await, Standing::Dropped);
    assert_eq!(texts(&shop, title.id).await, ["It was dark.", "The lamp was lit.", "A bell rang."]);
    let read = segments::whole(&shop.db, title.id).await.unwrap();
    let words: Vec<_> = read[1].words.iter().map(|word| (word.text.as_str(), word.start_ms)).collect();
    assert_eq!(words, [("The", 1_000), ("lamp", 1_225), ("was", 1_450), ("lit.", 1_675)], "each keeps its time");

    let decided = places(&shop, title.id, Shown::Decided).await;
    assert_eq!(decided.len(), 3);
    assert_eq!(decided[0].heard.as_deref(), Some("The lamb was lit."));
    let counts = review::review(&shop.db, title.id, Shown::All, PageRequest::new(1, 20)).await.unwrap().counts;
    assert_eq!((counts.doubtful, counts.decided, counts.all), (0, 3, 4));
    // What was dropped by mistake is taken back, and a correction undone.
    assert_eq!(decide(&shop, title.id, &decided[2], said("Thank you.")).await, Standing::Accepted);
    assert_eq!(decide(&shop, title.id, &decided[0], said("The lamb was lit.")).await, Standing::Accepted);
    assert_eq!(places(&shop, title.id, Shown::Decided).await[0].heard, None);
}

#[tokio::test]
async fn a_correction_without_words_or_without_end_is_refused_with_a_sentence() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    let place = say_as(&shop, title.id, (0, 0, 900), "Hum.", Standing::Doubtful).await;
    for (text, code) in [("  ".to_owned(), "transcript.empty"), ("a".repeat(2_001), "transcript.too-long")] {
        let refused = review::decide(&shop.db, title.id, place, &Verdict::Said(text)).await.unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let elsewhere = for_sale(&shop, "Another", 500).await;
    for (title, place) in [(elsewhere.id, place), (title.id, Uuid::nil())] {
        let refused = review::decide(&shop.db, title, place, &Verdict::Drop).await.unwrap_err();
        assert_eq!(refused.code(), "transcript.heard-anew", "no place of this title");
    }
    assert_eq!(places(&shop, title.id, Shown::Doubtful).await.len(), 1);
}

#[tokio::test]
async fn a_title_is_sold_with_places_that_wait_and_its_page_says_how_many() {
    let shop = fresh().await;
    let id = of_every_standing(&shop).await;
    publish::publish(&shop.db, id).await.unwrap();
    assert_eq!(steps::view(&shop.db, id).await.unwrap().doubtful, 1);
}

fn piece(chunk: &chunks::Chunk, text: &str, flag: Option<Doubt>) -> TranscribedSegment {
    TranscribedSegment { text: text.to_owned(), flag, ..heard(chunk).remove(0) }
}

#[tokio::test]
async fn hearing_a_title_again_keeps_what_was_decided_where_the_text_is_the_same() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let first = ["Phantom one.", "Phantom two.", "Phantom three.", "Phantom four."];
    let claim = start(&shop, "one", "transcribe").await;
    for text in first {
        let chunk = next(&shop, id).await.unwrap();
        let heard = [piece(&chunk, text, Some(Doubt::NoSpeech))];
        chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &heard).await.unwrap();
    }
    let waiting = places(&shop, id, Shown::Doubtful).await;
    decide(&shop, id, &waiting[0], Verdict::Said("A word.".to_owned())).await;
    decide(&shop, id, &waiting[1], Verdict::Drop).await;
    decide(&shop, id, &waiting[2], Verdict::Said("Phantom three.".to_owned())).await;
    finish(&shop, &claim, Default::default()).await.unwrap();

    describe(&shop).await;
    steps::hear_again(&shop.db, id, Corrections::Keep).await.unwrap();
    let claim = start(&shop, "one", "transcribe").await;
    for text in ["Phantom one.", "Phantom two.", "Something else.", "Phantom four."] {
        let chunk = next(&shop, id).await.unwrap();
        let heard = [piece(&chunk, text, Some(Doubt::NoSpeech))];
        chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &heard).await.unwrap();
    }
    assert_eq!(texts(&shop, id).await, ["A word."]);
    let standing: Vec<_> = places(&shop, id, Shown::All).await.into_iter().map(|place| place.standing).collect();
    assert_eq!(standing, [Standing::Corrected, Standing::Dropped, Standing::Doubtful, Standing::Doubtful]);
}

#[tokio::test]
async fn a_loop_over_many_chunks_is_marked_from_its_beginning() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    for _ in 0..4 {
        let chunk = next(&shop, id).await.unwrap();
        let heard = [piece(&chunk, "The bell rang over the harbour.", None)];
        chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &heard).await.unwrap();
    }
    assert_eq!(texts(&shop, id).await, [] as [String; 0]);
    let waiting = places(&shop, id, Shown::Doubtful).await;
    assert_eq!(waiting.len(), 4);
    assert!(waiting.iter().all(|place| place.doubt == Some(Doubt::Repetition)));
}

#[tokio::test]
async fn a_sentence_over_the_border_of_two_chunks_is_read_as_one() {
    let shop = fresh().await;
    let id = arrived(&shop, "The Bell").await;
    probe(&shop, id).await;
    prepare(&shop, id).await;
    let claim = start(&shop, "one", "transcribe").await;
    for text in ["She was tired of sitting by her", "sister on the bank.", "Mr.", "Rabbit ran by."] {
        let chunk = next(&shop, id).await.unwrap();
        chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &[piece(&chunk, text, None)]).await.unwrap();
    }
    assert_eq!(texts(&shop, id).await, ["She was tired of sitting by her sister on the bank.", "Mr. Rabbit ran by."]);
    let beginning = segments::between(&shop.db, id, 0, 5_000).await.unwrap();
    assert_eq!(beginning.len(), 1, "a stretch of the book reads like the whole");
    assert_eq!((beginning[0].start_ms, beginning[0].end_ms), (0, 20_000));
}

#[tokio::test]
async fn what_is_doubtful_in_a_transcript_from_elsewhere_waits_as_well() {
    let shop = fresh().await;
    let title = shop.title("The Bell").category("food").draft().await;
    parts::Entity::delete_many().exec(shop.db.read()).await.unwrap();
    let recording = import::Recording {
        storage_key: "audio/bell".into(),
        sha256: "ab".repeat(32),
        size: 1,
        media_type: "audio/ogg".into(),
        file_name: "bell.opus".into(),
        codec: "opus".into(),
        sample_rate: 48_000,
        channels: 1,
        duration_ms: 9_000,
        chapters: Vec::new(),
        sample: (0, 5_000),
    };
    let maker = || import::Maker { provider: None, model: None, coverage_permille: None, output: Default::default() };
    let piece = |text: &str, start_ms, flag| TranscribedSegment {
        start_ms,
        end_ms: start_ms + 900,
        text: text.into(),
        confidence: 0.9,
        flag,
        ..TranscribedSegment::default()
    };
    let produced = import::Produced {
        audio_sha256: recording.sha256.clone(),
        transcribed: maker(),
        described: maker(),
        segments: vec![piece("A bell.", 0, None), piece("Thank you.", 2_000, Some(Doubt::NoSpeech))],
    };
    let json = serde_json::to_string(&produced).unwrap();
    assert!(json.contains(r#""flag":"no-speech""#), "{json}");
    import::attach(&shop.db, title.id, &recording, Some(&produced)).await.unwrap();
    assert_eq!(texts(&shop, title.id).await, ["A bell."]);
    assert_eq!(import::produced(&shop.db, title.id).await.unwrap().segments.len(), 1);
}

#[tokio::test]
async fn a_program_that_decides_as_it_walks_passes_over_nothing() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await.id;
    for position in 0..5 {
        let at = i64::from(position) * 2_000;
        say_as(&shop, title, (position, at, at + 900), "Hum.", Standing::Doubtful).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let walk = Walk { after: after.as_ref(), limit: 2 };
        let part = review::walk(&shop.db, title, Shown::Doubtful, walk).await.unwrap();
        for place in &part.items {
            seen.push(place.start_ms);
            decide(&shop, title, place, Verdict::Drop).await;
        }
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [0, 2_000, 4_000, 6_000, 8_000]);
    assert!(matches!(
        review::walk(&shop.db, Uuid::now_v7(), Shown::All, Walk { after: None, limit: 2 }).await,
        Err(Error::NotFound(_))
    ));
}
