//! Chapters are kept by hand: added, moved, renamed, removed, taken from what is spoken, and undone.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, say, set};
use domain::Error;
use domain::entities::audiobooks::Column;
use domain::production::{chaptering, editing};
use domain::transcript::edits::log::Mark;
use domain::transcript::edits::{EditKind, KeptChapters};
use domain::transcript::{Chapter, ChapterSource, chapters};
use uuid::Uuid;

fn mark(title: &str, start_ms: i64) -> Mark {
    Mark { title: title.to_owned(), start_ms }
}

/// A title of a minute with two chapters that were found in it.
async fn book(shop: &Shop) -> Uuid {
    let id = for_sale(shop, "The Bell", 500).await.id;
    set(shop, id, Column::DurationMs, 60_000_i64).await;
    let chapter = |title: &str, start_ms, end_ms| Chapter { title: title.to_owned(), start_ms, end_ms };
    let found = [chapter("Dawn", 0, 30_000), chapter("Dusk", 30_000, 60_000)];
    let saved = shop.db.transaction(async |tx| chapters::save(&tx, id, ChapterSource::Detected, &found).await);
    assert!(saved.await.unwrap());
    id
}

async fn kept(shop: &Shop, id: Uuid) -> KeptChapters {
    chaptering::contents(&shop.db, id).await.unwrap().kept
}

async fn told(shop: &Shop, id: Uuid) -> Vec<(String, i64, i64)> {
    let all = chapters::chapters_of(&shop.db, id).await.unwrap();
    all.into_iter().map(|chapter| (chapter.title, chapter.start_ms, chapter.end_ms)).collect()
}

fn list(chapters: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    chapters.iter().map(|(title, from, to)| ((*title).to_owned(), *from, *to)).collect()
}

async fn undo(shop: &Shop, id: Uuid) {
    let last = editing::desk(&shop.db, id, 0, 1).await.unwrap().last.unwrap();
    let undone = editing::undo(&shop.db, id, last.id).await.unwrap();
    assert_eq!((undone.edit.kind, undone.possible), (EditKind::Chapters, true));
}

#[tokio::test]
async fn a_chapter_is_added_moved_renamed_and_removed_and_each_ends_where_the_next_begins() {
    let shop = fresh().await;
    let id = book(&shop).await;
    chaptering::add(&shop.db, id, &kept(&shop, id).await.seen, &mark("Noon", 15_000)).await.unwrap().unwrap();
    assert_eq!(told(&shop, id).await, list(&[("Dawn", 0, 15_000), ("Noon", 15_000, 30_000), ("Dusk", 30_000, 60_000)]));
    let now = kept(&shop, id).await;
    assert!(now.chapters.iter().all(|chapter| chapter.source == ChapterSource::Admin));
    chaptering::set(&shop.db, id, &now.seen, now.chapters[1].id, &mark("High noon", 45_000)).await.unwrap().unwrap();
    assert_eq!(
        told(&shop, id).await,
        list(&[("Dawn", 0, 30_000), ("Dusk", 30_000, 45_000), ("High noon", 45_000, 60_000)])
    );
    let now = kept(&shop, id).await;
    chaptering::remove(&shop.db, id, &now.seen, now.chapters[1].id).await.unwrap().unwrap();
    assert_eq!(told(&shop, id).await, list(&[("Dawn", 0, 45_000), ("High noon", 45_000, 60_000)]));
    for _ in 0..3 {
        undo(&shop, id).await;
    }
    assert_eq!(told(&shop, id).await, list(&[("Dawn", 0, 30_000), ("Dusk", 30_000, 60_000)]));
}

#[tokio::test]
async fn chapters_kept_by_hand_survive_what_production_finds() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let now = kept(&shop, id).await;
    chaptering::set(&shop.db, id, &now.seen, now.chapters[0].id, &mark("Morning", 0)).await.unwrap();
    let found = [Chapter { title: "Guessed".into(), start_ms: 0, end_ms: 60_000 }];
    let saved = shop.db.transaction(async |tx| chapters::save(&tx, id, ChapterSource::Detected, &found).await);
    assert!(!saved.await.unwrap());
    assert_eq!(told(&shop, id).await, list(&[("Morning", 0, 30_000), ("Dusk", 30_000, 60_000)]));
}

#[tokio::test]
async fn whoever_saw_other_chapters_changes_none() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let before = kept(&shop, id).await;
    chaptering::remove(&shop.db, id, &before.seen, before.chapters[1].id).await.unwrap();
    let late = chaptering::add(&shop.db, id, &before.seen, &mark("Noon", 15_000)).await.unwrap_err();
    assert_eq!(late.code(), "chapters.changed");
    let gone = chaptering::remove(&shop.db, id, &kept(&shop, id).await.seen, before.chapters[1].id).await.unwrap_err();
    assert_eq!(gone.code(), "chapters.changed");
    let now = kept(&shop, id).await;
    let last = chaptering::remove(&shop.db, id, &now.seen, now.chapters[0].id).await.unwrap_err();
    assert_eq!(last.code(), "chapters.last");
    let same = chaptering::replace(&shop.db, id, &now.seen, &[mark("Dawn", 0)]).await.unwrap();
    assert_eq!(same, None, "what is the same is no edit");
    let nowhere = chaptering::replace(&shop.db, Uuid::nil(), &now.seen, &[mark("Dawn", 0)]).await;
    assert!(matches!(nowhere, Err(Error::NotFound("title"))));
}

#[tokio::test]
async fn chapters_are_taken_from_the_headings_that_are_spoken() {
    let shop = fresh().await;
    let id = book(&shop).await;
    let none = chaptering::from_headings(&shop.db, id, &kept(&shop, id).await.seen).await.unwrap_err();
    assert_eq!(none.code(), "chapters.no-headings");
    for (position, (at, text)) in
        (0..).zip([(300, "Chapter one."), (4_000, "It was night."), (20_000, "Chapter two."), (24_000, "It rang.")])
    {
        say(&shop, id, position, at, at + 1_000, text).await;
    }
    let spoken = chaptering::spoken(&shop.db, id).await.unwrap();
    assert_eq!(spoken.len(), 2, "shown before they are taken");
    chaptering::from_headings(&shop.db, id, &kept(&shop, id).await.seen).await.unwrap().unwrap();
    assert_eq!(told(&shop, id).await, list(&[("Chapter one", 0, 20_000), ("Chapter two", 20_000, 60_000)]));
    undo(&shop, id).await;
    assert_eq!(told(&shop, id).await.len(), 2);
}
