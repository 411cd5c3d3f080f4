//! Programs that browse the catalogue of a large shop: first one that walks all of it, then many that ask for lists at a fixed
//! rate, each counted from the moment it was due. What is judged is that each title is seen once and that nobody is answered
//! with an error; how long they waited is printed.
//!
//! `LECTERN_API_RATE` is requests a second, `LECTERN_API_SECONDS` for how long, `LECTERN_API_TITLES` how many titles are on the
//! shelves. `LECTERN_TEST_DATABASE` is `sqlite`, `postgres` or `mariadb`.

use super::pace::{Tally, at_rate};
use super::prepared::Prepared;
use crate::setting;
use domain::Db;
use reqwest::Client;
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The orders in which the whole catalogue is walked.
const ORDERS: [&str; 4] = ["newest", "title", "best-selling", "price-up"];
/// The kinds of lists, as often each.
const KINDS: [&str; 5] = ["everything", "a category", "by price", "deep in a list", "words"];
/// What is asked before anything is counted, in seconds: connections are opened, caches filled.
const WARM_S: usize = 3;
/// Words that many made-up titles have; every other search is for words of some title.
const WORDS: [&str; 6] = ["sea", "lighthouse", "ligh", "night", "harbour", "storm"];

struct Programs {
    client: Client,
    list: String,
    categories: Vec<String>,
    /// Queries that go on somewhere in a list.
    places: Vec<String>,
    titles: Vec<String>,
}

impl Programs {
    fn new(shop: &Prepared) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(60)).pool_max_idle_per_host(1_000);
        Self {
            client: client.build().unwrap(),
            list: format!("{}/api/v1/audiobooks", shop.server.address),
            categories: Vec::new(),
            places: Vec::new(),
            titles: shop.titles.clone(),
        }
    }

    async fn ask(&self, address: &str) -> Result<Value, String> {
        let answer = self.client.get(address).send().await.map_err(|error| format!("{error:?}"))?;
        let (status, text) = (answer.status(), answer.text().await.map_err(|error| format!("{error:?}"))?);
        if status != 200 {
            return Err(format!("{status}: {text:.200}"));
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    /// Walks the whole catalogue in each order, and remembers the places on the way. How many titles there are.
    async fn look_around(&mut self) -> usize {
        let categories = self.ask(&self.list.replace("audiobooks", "categories")).await.unwrap();
        let items = categories["items"].as_array().unwrap();
        self.categories = items.iter().map(|category| category["slug"].as_str().unwrap().to_owned()).collect();
        let mut there = HashSet::new();
        for order in ORDERS {
            let (mut seen, mut times) = (HashSet::new(), 0);
            let mut query = format!("sort={order}");
            loop {
                let part = self.ask(&format!("{}?{query}&limit=100&fields=title", self.list)).await.unwrap();
                let items = part["items"].as_array().unwrap();
                times += items.len();
                seen.extend(items.iter().map(|title| title["id"].as_str().unwrap().to_owned()));
                let Some(next) = part["next"].as_str() else { break };
                query = format!("sort={order}&cursor={next}");
                self.places.push(query.clone());
            }
            assert_eq!(seen.len(), times, "by {order} a title came twice");
            assert!(there.is_empty() || there == seen, "by {order} other titles are there");
            there = seen;
        }
        there.len()
    }

    fn query(&self, kind: &str, number: usize) -> String {
        let some = number.wrapping_mul(7_919);
        match kind {
            "a category" => {
                let order = ORDERS[some % 3];
                format!("category={}&sort={order}", self.categories[number % self.categories.len()])
            }
            "by price" if number.is_multiple_of(2) => format!("sort={}", ["price-up", "price-down"][some % 2]),
            "by price" => format!("price_from={}&price_to={}", 100 * (some % 9), 1_000 + some % 500),
            "deep in a list" if !self.places.is_empty() => self.places[some % self.places.len()].clone(),
            "words" if number.is_multiple_of(2) => format!("text={}", WORDS[some % WORDS.len()]),
            "words" => format!("text={}", self.words(some)),
            _ => format!("sort={}", ORDERS[some % ORDERS.len()]),
        }
    }

    /// The longest words of a title.
    fn words(&self, some: usize) -> String {
        let slug = &self.titles[some % self.titles.len()];
        let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut words: Vec<&str> = slug.split('-').filter(plain).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.truncate(2);
        if words.is_empty() { WORDS[0].to_owned() } else { words.join("+") }
    }
}

/// Lets the planner count the rows, as a running server does by itself after a while.
async fn counted(shop: &Prepared) {
    let db = Db::connect(shop.database(), 1).await.unwrap();
    if db.backend() == DbBackend::Postgres {
        db.read().execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
}

async fn asking(programs: &Arc<Programs>, kinds: &Arc<Tally>, all: &Arc<Tally>, rate: usize, seconds: usize) {
    at_rate(rate, seconds, |number, due: Instant| {
        let (programs, kinds, all) = (programs.clone(), kinds.clone(), all.clone());
        async move {
            let kind = KINDS[number % KINDS.len()];
            let query = programs.query(kind, number / KINDS.len());
            let answer = programs.ask(&format!("{}?{query}", programs.list)).await;
            let outcome = answer.and_then(|list| match list["items"].as_array() {
                Some(items) if !items.is_empty() || matches!(kind, "words" | "by price") => Ok(()),
                _ => Err(format!("nothing for {query}")),
            });
            all.add("all", due.elapsed(), Ok(()));
            kinds.add(kind, due.elapsed(), outcome);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_walk_the_whole_catalogue_and_browse_it_at_a_fixed_rate() {
    let (rate, seconds) = (setting("LECTERN_API_RATE", 20), setting("LECTERN_API_SECONDS", 2));
    let shop = Prepared::open(setting("LECTERN_API_TITLES", 60), 1).await;
    counted(&shop).await;
    let mut programs = Programs::new(&shop);
    let began = Instant::now();
    let titles = programs.look_around().await;
    println!("  {titles} titles walked in {} orders in {} s", ORDERS.len(), began.elapsed().as_secs());
    let programs = Arc::new(programs);
    asking(&programs, &Arc::default(), &Arc::default(), rate, WARM_S).await;
    let (kinds, all) = (Arc::new(Tally::default()), Arc::new(Tally::default()));
    asking(&programs, &kinds, &all, rate, seconds).await;
    println!("  GET /api/v1/audiobooks {rate} times a second for {seconds} s:");
    kinds.print();
    all.print();
    let errors = kinds.errors();
    assert!(errors.is_empty(), "{} errors, such as {:#?}", errors.len(), errors.iter().take(5).collect::<Vec<_>>());
}
