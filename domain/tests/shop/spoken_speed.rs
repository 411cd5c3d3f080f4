//! How quick it is to find what was said. `scripts/bench spoken` makes up a library of 500 books of ten hours and prints the
//! figures; in every run of the tests it is a small one, without a look at the clock.

use crate::database;
use crate::figures_speed::insert;
use crate::search_speed::print;
use domain::account::users::account;
use domain::account::{Role, User};
use domain::entities::{segments, users};
use domain::limits::Limits;
use domain::listening::quotes;
use domain::spoken::{catch_up, index};
use domain::transcript::Standing;
use domain::{Db, Error, SystemClock, testing};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;

/// How many different words are said.
const WORDS: usize = 30_000;
/// Words of a sentence, and how long it takes, in milliseconds: 9,000 words in an hour.
const SENTENCE: (usize, i64) = (16, 6_400);
/// What is said most.
const COMMON: [&str; 20] = [
    "the", "and", "to", "of", "a", "in", "was", "he", "it", "that", "his", "her", "with", "as", "had", "for", "she",
    "not", "you", "at",
];
const SYLLABLES: [&str; 32] = [
    "ba", "del", "fo", "gri", "hal", "ju", "ket", "lor", "mi", "nas", "op", "pra", "qui", "rol", "sen", "tu", "ul",
    "vex", "wa", "yor", "zi", "bran", "cho", "drim", "el", "fen", "gos", "hin", "kla", "mur", "pel", "sto",
];

/// The word that is said so often: the first one most.
fn word(rank: usize) -> String {
    match COMMON.get(rank) {
        Some(common) => (*common).to_owned(),
        None => [rank % 32, rank / 32 % 32, rank / 1024].map(|place| SYLLABLES[place % 32]).concat(),
    }
}

/// Draws words as a language has them: each as often as its rank allows (Zipf).
struct Speaker {
    sums: Vec<f64>,
    state: u64,
}

impl Speaker {
    fn new() -> Self {
        let mut sum = 0.0;
        let sums = (0..WORDS).map(|rank| {
            sum += 1.0 / (rank as f64 + 2.7);
            sum
        });
        Self { sums: sums.collect(), state: 7 }
    }

    fn word(&mut self) -> String {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let drawn = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        let total = self.sums.last().copied().unwrap();
        word(self.sums.partition_point(|sum| *sum < drawn * total).min(WORDS - 1))
    }

    fn sentence(&mut self) -> String {
        let words: Vec<_> = (0..SENTENCE.0).map(|_| self.word()).collect();
        format!("{}.", words.join(" "))
    }
}

/// Somebody with so many books in which something is said for so many minutes.
async fn library(db: &Db, books: usize, minutes: i64) -> User {
    let reader = testing::shopper(db, "Reader").await;
    let mut speaker = Speaker::new();
    let begun = Instant::now();
    for n in 0..books {
        let title = testing::title(db, &format!("Book {n:04}")).minutes(minutes).published().await;
        let said = (0..).map_while(|position: i32| {
            let start_ms = i64::from(position) * SENTENCE.1;
            (start_ms < minutes * 60_000).then(|| segments::Model {
                id: Uuid::now_v7(),
                audiobook_id: title.id,
                chunk_id: None,
                position,
                start_ms,
                end_ms: start_ms + SENTENCE.1 - 400,
                text: speaker.sentence(),
                words: "[]".to_owned(),
                confidence: 1.0,
                flag: None,
                standing: Standing::Heard,
                heard_text: None,
                version: 0,
                by_hand: false,
                apart: false,
                speaker: None,
            })
        });
        insert(db.read(), said.collect()).await;
        db.transaction(async |tx| index::whole(&tx, title.id).await).await.unwrap();
        testing::give(db, &reader, title.id).await;
    }
    println!("  {books} books of {minutes} minutes made up in {:.0} s", begun.elapsed().as_secs_f64());
    reader
}

/// What people look for: what it is, and the words.
fn searches() -> Vec<(&'static str, String)> {
    vec![
        ("the most common word", word(0)),
        ("a common word", word(100)),
        ("a word of few", word(3_000)),
        ("a rare word", word(25_000)),
        ("two common words", format!("{} {}", word(60), word(90))),
        ("a common and a rare word", format!("{} {}", word(3), word(9_000))),
        ("two words, seldom together", format!("{} {}", word(2_000), word(2_500))),
        ("a common phrase", format!("\"{} {}\"", word(3), word(0))),
        ("a phrase of common words, rare", format!("\"{}\"", [2, 19, 11, 14, 2, 19].map(word).join(" "))),
        ("five words", [0, 1, 2, 150, 300].map(word).join(" ")),
        ("nothing", "qqqqqqqq".to_owned()),
    ]
}

#[tokio::test]
async fn spoken_speed() {
    let shop = database::fresh().await;
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let (db, times) = match std::env::var("LECTERN_SPOKEN_DATABASE") {
        Ok(url) => (Db::connect(&url, 4).await.unwrap(), 40),
        Err(_) => (shop.db.clone(), 1),
    };
    let reader = if times == 1 {
        library(&db, 3, 5).await
    } else {
        migrations::up(db.read()).await.unwrap();
        match users::Entity::find().one(db.read()).await.unwrap() {
            Some(known) => account(&db, known.id).await.unwrap().unwrap().user,
            None => library(&db, number("LECTERN_SPOKEN_BOOKS").unwrap_or(500), 600).await,
        }
    };
    assert_eq!(reader.role, Role::Shopper);
    assert_eq!(catch_up::catch_up(&db).await.unwrap(), 0, "all of it is in the index");
    let limits = Limits::in_memory(Default::default(), Arc::new(SystemClock));
    println!("  {:42} {:>8} {:>9} {:>9}", format!("{:?}", db.backend()), "found", "p50 ms", "p95 ms");
    let mut all = Vec::new();
    for (what, words) in searches() {
        let (mut everywhere, mut in_one, mut found) = (Vec::new(), Vec::new(), (0, 0));
        for _ in 0..times {
            let begun = Instant::now();
            let books = quotes::in_library(&db, &limits, &reader, &words, None, 40, 5).await.unwrap().books;
            everywhere.push(begun.elapsed());
            found.0 = books.iter().map(|book| book.quotes.len()).sum();
            let begun = Instant::now();
            let quotes = quotes::in_book(&db, &limits, &reader, "book-0001", &words, None, 21).await;
            in_one.push(begun.elapsed());
            found.1 = quotes.map_err(|error: Error| error.to_string()).unwrap().len();
        }
        print(&format!("{what}, in all books"), &found.0.to_string(), &everywhere);
        print(&format!("{what}, in one"), &found.1.to_string(), &in_one);
        all.extend(everywhere.into_iter().chain(in_one));
    }
    print("all", "", &all);
    assert!(segments::Entity::find().count(db.read()).await.unwrap() > 0);
}
