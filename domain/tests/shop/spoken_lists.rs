//! Lists of what was said: how they go on, what stands beside each sentence, and that they lean on the index.

use crate::database::fresh;
use crate::fixtures::{for_sale, give, say, shopper};
use crate::query_plans;
use crate::spoken::{book, free};
use domain::Error;
use domain::entities::{chapters, spoken_books};
use domain::limits::{Limits, Rule};
use domain::listening::{After, quotes};
use domain::spoken::catch_up::catch_up;
use domain::spoken::typed::Typed;
use domain::spoken::{find, index};
use domain::testing::insert;
use domain::transcript::ChapterSource;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

#[tokio::test]
async fn a_list_of_what_was_found_is_walked_to_its_end_book_by_book() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let mut names = Vec::new();
    // More books than are looked through at first; the word is in every third.
    for n in 0..30 {
        let said =
            if n % 3 == 0 { ["A bell rang.", "The bells rang.", "No bell."] } else { ["Salt.", "Rock.", "Sea."] };
        let title = book(&shop, &format!("Book {n:02}"), "en", &said).await;
        give(&shop, &ada, title.id).await;
        shop.clock.advance(1_000);
        if n % 3 == 0 {
            names.splice(0..0, [0, 5_000, 10_000].map(|start_ms| (format!("Book {n:02}"), start_ms)));
        }
    }
    for (most, each) in [(50, usize::MAX), (7, usize::MAX), (4, 2), (50, 1)] {
        let (mut after, mut seen): (Option<After>, Vec<(String, i64)>) = (None, Vec::new());
        loop {
            let part = quotes::in_library(&shop.db, &free(&shop), &ada, "bell", after, most, each).await.unwrap();
            let found = part
                .books
                .iter()
                .flat_map(|book| book.quotes.iter().map(|quote| (book.summary.title.clone(), quote.spot.start_ms)));
            seen.extend(found);
            match part.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let expected: Vec<_> = names.chunks(3).flat_map(|of_book| of_book.iter().take(each).cloned()).collect();
        assert_eq!(seen, expected, "{most} at once, {each} of each");
    }
}

#[tokio::test]
async fn a_title_that_always_fails_keeps_no_other_out_of_the_index() {
    let shop = fresh().await;
    // How a table is made to refuse a row is a matter of each database.
    if shop.db.backend() != DbBackend::Sqlite {
        return;
    }
    let titles =
        [book(&shop, "The Bell", "en", &["A bell rang."]).await, book(&shop, "Salt", "en", &["It is salt."]).await];
    for title in &titles {
        shop.db.transaction(async |tx| index::forget(&tx, title.id).await).await.unwrap();
    }
    let refuse = format!(
        "CREATE TRIGGER refuse BEFORE INSERT ON spoken_books WHEN NEW.audiobook_id = x'{}' \
         BEGIN SELECT RAISE(ABORT, 'this one never'); END",
        titles[0].id.simple()
    );
    shop.db.read().execute_unprepared(&refuse).await.unwrap();
    catch_up(&shop.db).await.expect_err("the job says that something is amiss");
    let there: Vec<Uuid> =
        spoken_books::Entity::find().all(shop.db.read()).await.unwrap().iter().map(|row| row.audiobook_id).collect();
    assert_eq!(there, [titles[1].id]);
}

#[tokio::test]
async fn a_search_ends_where_nobody_would_wait_for_the_rest() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    // Four times both words are near each other, and in one sentence at last.
    for passage in 0..4_i32 {
        let at = i64::from(passage) * 120_000;
        say(&shop, title.id, passage * 2, at, at + 900, "A bell rang.").await;
        say(&shop, title.id, passage * 2 + 1, at + 60_000, at + 60_900, "The captain slept.").await;
    }
    say(&shop, title.id, 8, 500_000, 500_900, "The captain rang the bell.").await;
    let row = find::indexed(&shop.db, title.id).await.unwrap().unwrap();
    let book =
        find::Book { audiobook_id: title.id, number: row.number, language: row.language, after_ms: None, most: 50 };
    let typed = Typed::read("captain bell");
    let found = async |patience: usize| {
        find::find_with(&shop.db, &typed, std::slice::from_ref(&book), 50, patience).await.unwrap().len()
    };
    assert_eq!((found(3).await, found(5).await), (0, 1));
}

#[tokio::test]
async fn a_quote_says_in_which_chapter_it_is_and_searches_are_limited() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let title = book(&shop, "The Bell", "en", &["A bell rang.", "It rang again."]).await;
    give(&shop, &ada, title.id).await;
    for (position, (name, start_ms)) in (0..).zip([("Morning", 0), ("Evening", 4_500)]) {
        let chapter = chapters::Model {
            id: Uuid::now_v7(),
            audiobook_id: title.id,
            position,
            title: name.to_owned(),
            start_ms,
            end_ms: start_ms + 4_500,
            source: ChapterSource::Admin,
        };
        insert(&shop.db, chapter).await;
    }
    let limits = Limits::in_memory([(Rule::SearchBook, "2/1h".parse().unwrap())].into(), shop.clock.clone());
    let found = quotes::in_book(&shop.db, &limits, &ada, &title.slug, "rang", None, 20).await.unwrap();
    let chapters: Vec<_> = found.iter().map(|quote| quote.chapter.as_deref()).collect();
    assert_eq!(chapters, [Some("Morning"), Some("Evening")]);
    let everywhere = async || quotes::in_library(&shop.db, &limits, &ada, "rang", None, 20, 5).await;
    assert!(everywhere().await.is_ok());
    assert!(matches!(everywhere().await, Err(Error::TooMany { .. })));
    let row = spoken_books::Entity::find().filter(spoken_books::Column::AudiobookId.eq(title.id));
    assert_eq!(row.count(shop.db.read()).await.unwrap(), 1, "each title is there once");
}

#[tokio::test]
async fn a_search_reads_through_no_whole_table() {
    let shop = fresh().await;
    query_plans::crowd(&shop).await;
    let ada = shopper(&shop, "Ada").await;
    for n in 0..20 {
        let said = if n < 2 { "A bell rang." } else { "The sea was still." };
        let title = book(&shop, &format!("Peal {n}"), "en", &[said; 40]).await;
        give(&shop, &ada, title.id).await;
    }
    shop.statements.take();
    quotes::in_library(&shop.db, &free(&shop), &ada, "bell", None, 10, 5).await.unwrap();
    quotes::in_library(&shop.db, &free(&shop), &ada, "\"whale bell\"", None, 10, 5).await.unwrap();
    query_plans::all_use_indexes(&shop).await;
}
