//! What was put right in the text of a title, and what it is found by, while its parts change places.

use crate::database::fresh;
use crate::fixtures::{give, say, shopper};
use crate::parts::{Desk, texts};
use crate::production::{next, start};
use crate::spoken::free;
use crate::text_editing::{edit, lines, text};
use domain::catalog::TextRights;
use domain::entities::sidecars as beside;
use domain::listening::quotes;
use domain::production::chunks::{self, PlannedChunk};
use domain::production::sidecars::{self, Heading, Said};
use domain::production::steps::{self, Outcome};
use domain::production::{editing, parts, results};
use domain::transcript::edits::change::Change;
use domain::transcript::{TranscribedSegment, Word};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

impl Desk {
    /// Somebody corrects the sentence of the second part.
    async fn correct(&self) {
        let line = lines(&self.shop, self.book.id).await.remove(1);
        edit(&self.shop, self.book.id, &line, text("Two small bells.")).await.unwrap();
    }

    async fn corrections(&self) -> u64 {
        steps::view(&self.shop.db, self.book.id).await.unwrap().corrections
    }

    /// Whether there is an edit to undo.
    async fn can_undo(&self) -> bool {
        editing::desk(&self.shop.db, self.book.id, 0, 1).await.unwrap().last.is_some()
    }
}

#[tokio::test]
async fn a_sentence_that_was_put_right_goes_where_its_part_goes() {
    let desk = Desk::new().await;
    desk.correct().await;
    let (shop, id) = (&desk.shop, desk.book.id);
    let there = desk.parts().await;
    parts::put_in_order(&shop.db, id, &[there[1].id, there[0].id, there[2].id], None).await.unwrap();
    let now = desk.text().await;
    let starts: Vec<_> = now.iter().map(|(text, start_ms, _)| (text.as_str(), *start_ms)).collect();
    assert_eq!(starts, [("Two small bells.", 1_000), ("One bell.", 21_000), ("Three bells.", 41_000)]);
    let line = lines(shop, id).await.remove(0);
    assert!(line.by_hand);
    assert_eq!(line.heard.as_deref(), Some("Two bells."));
    assert!(!desk.can_undo().await, "its place was another then");
    edit(shop, id, &line, text("Two bells, far away.")).await.unwrap();
    let last = editing::desk(&shop.db, id, 0, 1).await.unwrap().last.unwrap();
    assert_eq!(last.at_ms, 1_000);
    assert!(editing::undo(&shop.db, id, last.id).await.unwrap().possible);
    assert_eq!(lines(shop, id).await[0].text, "Two small bells.");
    assert_eq!(desk.corrections().await, 1);
}

#[tokio::test]
async fn a_sentence_that_was_put_right_stays_when_its_part_is_heard_in_its_new_place() {
    let desk = Desk::new().await;
    desk.correct().await;
    let (shop, id) = (&desk.shop, desk.book.id);
    let there = desk.parts().await;
    parts::put_in_order(&shop.db, id, &[there[1].id, there[0].id, there[2].id], None).await.unwrap();
    shop.db.transaction(async |tx| steps::start_run(&tx, id).await).await.unwrap();
    desk.probe(|_| 20_000).await;
    let claim = start(shop, "one", "prepare").await;
    let now = desk.parts().await;
    let plan: Vec<_> = now
        .iter()
        .map(|part| PlannedChunk { part_id: part.id, start_ms: part.start_ms, end_ms: part.start_ms + 20_000 })
        .collect();
    results::prepared(&shop.db, &claim, id, &[], &plan, &Outcome::default()).await.unwrap();
    let claim = start(shop, "one", "transcribe").await;
    let mut numbers = ["Two", "One", "Three"].into_iter();
    while let Some(chunk) = next(shop, id).await {
        let said = balls(numbers.next().unwrap(), chunk.start_ms + 1_000);
        chunks::save_chunk(&shop.db, &claim, &chunk, "a test", &[said]).await.unwrap();
    }
    results::transcribed(&shop.db, &claim, &Outcome::default()).await.unwrap();
    let said: Vec<_> = desk.text().await.into_iter().map(|(text, start_ms, _)| (text, start_ms)).collect();
    let said: Vec<_> = said.iter().map(|(text, start_ms)| (text.as_str(), *start_ms)).collect();
    assert_eq!(said, [("Two small bells.", 1_000), ("One balls.", 21_000), ("Three balls.", 41_000)]);
}

/// What a model hears there, in a second.
fn balls(number: &str, start_ms: i64) -> TranscribedSegment {
    let word =
        |text: &str, at_ms: i64| Word { start_ms: at_ms, end_ms: at_ms + 500, text: text.to_owned(), confidence: 0.9 };
    TranscribedSegment {
        start_ms,
        end_ms: start_ms + 1_000,
        text: format!("{number} balls."),
        confidence: 0.9,
        words: vec![word(number, start_ms), word("balls.", start_ms + 500)],
        ..TranscribedSegment::default()
    }
}

#[tokio::test]
async fn what_was_put_right_goes_with_a_part_that_is_removed_or_gets_another_recording() {
    let desk = Desk::new().await;
    desk.correct().await;
    let there = desk.parts().await;
    parts::remove(&desk.shop.db, desk.book.id, there[1].id, None).await.unwrap();
    assert_eq!(texts(&desk.text().await), [("One bell.", 1_000, 1_500), ("Three bells.", 21_000, 21_500)]);
    assert_eq!((desk.corrections().await, desk.can_undo().await), (0, false));

    let desk = Desk::new().await;
    desk.correct().await;
    let there = desk.parts().await;
    desk.arrive("b-better.mp3", "better", Some(there[1].id)).await;
    assert_eq!(desk.corrections().await, 1, "until its file was looked into");
    desk.probe(|_| 20_000).await;
    assert_eq!(texts(&desk.text().await), [("One bell.", 1_000, 1_500), ("Three bells.", 41_000, 41_500)]);
    assert_eq!((desk.corrections().await, desk.can_undo().await), (0, false));
}

#[tokio::test]
async fn sentences_of_two_parts_are_not_joined() {
    let desk = Desk::new().await;
    let line = lines(&desk.shop, desk.book.id).await.remove(0);
    let refused = editing::edit(&desk.shop.db, desk.book.id, line.id, line.version, &Change::Join).await.unwrap_err();
    assert_eq!(refused.code(), "transcript.join-parts");
}

#[tokio::test]
async fn what_was_said_is_found_where_its_part_is_now() {
    let shop = fresh().await;
    let title = shop.title("The Bell").minutes(12).files(&["a.mp3", "b.mp3", "c.mp3"]);
    let title = title.text_rights(TextRights::Download).published().await;
    let ada = shopper(&shop, "Ada").await;
    give(&shop, &ada, title.id).await;
    for (position, text) in (0..).zip(["A lamp was lit.", "A dog barked.", "A bell rang."]) {
        let at_ms = i64::from(position) * 240_000 + 1_000;
        say(&shop.db, title.id, position, at_ms, at_ms + 2_000, text).await;
    }
    let found = async |words: &str| {
        let found = quotes::in_book(&shop.db, &free(&shop), &ada, &title.slug, words, None, 20).await.unwrap();
        found.iter().map(|quote| quote.spot.start_ms).collect::<Vec<i64>>()
    };
    assert_eq!(found("bell").await, [481_000]);
    let there = parts::parts(shop.db.read(), title.id).await.unwrap();
    let order: Vec<Uuid> = there.iter().rev().map(|part| part.id).collect();
    parts::put_in_order(&shop.db, title.id, &order, None).await.unwrap();
    assert_eq!((found("bell").await, found("lamp").await), (vec![1_000], vec![481_000]));
    parts::remove(&shop.db, title.id, there[2].id, None).await.unwrap();
    assert_eq!(found("bell").await, [] as [i64; 0], "its sound is gone");
    assert_eq!((found("dog").await, found("lamp").await), (vec![1_000], vec![241_000]));
}

#[tokio::test]
async fn chapters_that_were_told_beside_the_recording_go_where_their_parts_go() {
    let desk = Desk::new().await;
    let (db, id) = (&desk.shop.db, desk.book.id);
    let heading = |title: &str, start_ms| Heading { title: Some(title.to_owned()), start_ms };
    let told = vec![heading("Dawn", 0), heading("Noon", 25_000), heading("Dusk", 40_000)];
    let row = beside::Model {
        id: Uuid::now_v7(),
        audiobook_id: id,
        name: "metadata.json".to_owned(),
        said: serde_json::to_string(&Said { chapters: told, ..Said::default() }).unwrap(),
        created_at: db.now(),
    };
    beside::Entity::insert(row.into_active_model()).exec_without_returning(db.read()).await.unwrap();
    let there = desk.parts().await;
    parts::put_in_order(db, id, &[there[2].id, there[0].id, there[1].id], None).await.unwrap();
    parts::remove(db, id, there[0].id, None).await.unwrap();
    let said = sidecars::of(db.read(), id).await.unwrap().remove(0);
    let left = [heading("Dusk", 0), heading("Dawn", 20_000), heading("Noon", 25_000)];
    assert_eq!(said.chapters, left, "what reached into the next part goes on there");
}
