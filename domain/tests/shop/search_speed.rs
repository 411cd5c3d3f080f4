//! How quick a search is in a large shop. `scripts/bench search` makes one up and prints the figures; in every run of the
//! tests the same searches are made in a small one, without a look at the clock.

use crate::database;
use domain::catalog::suggest::suggest;
use domain::catalog::{BrowseForm, Sort, browse};
use domain::{Currency, Db};
use std::time::{Duration, Instant};

/// What people look for: what it is, and the form.
fn searches() -> Vec<(&'static str, BrowseForm)> {
    let text = |text: &str| BrowseForm { text: text.to_owned(), page: 1, ..BrowseForm::default() };
    let mut all = vec![
        ("everything", text("")),
        ("a common word", text("sea")),
        ("a stop word", text("the")),
        ("a rare word", text("lighthouse")),
        ("the beginning of a word", text("ligh")),
        ("two letters", text("st")),
        ("one letter", text("s")),
        ("eight letters", text("a b c d e f g h")),
        ("two common words", text("sea night")),
        ("two words, one rare", text("the lighthouse")),
        ("four words", text("the last house and the sea")),
        ("author and title", text("anna storm")),
        ("a typing error", text("lihgthouse")),
        ("two words, one mistyped", text("silent harbuor")),
        ("known words, together nowhere", text("lighthouse cartographer zephyr umbrella")),
        ("nothing", text("qqqqqqqq")),
        ("umlaut", text("Müller")),
        ("Japanese", text("図書館")),
        ("Thai", text("ทะเล")),
        ("page 40 of a common word", BrowseForm { page: 40, ..text("sea") }),
        ("page 40 of everything", BrowseForm { page: 40, ..text("") }),
        ("category", BrowseForm { category: "fiction".to_owned(), ..text("") }),
        ("language of many", BrowseForm { language: "de".to_owned(), ..text("") }),
        ("language of few", BrowseForm { language: "sv".to_owned(), ..text("") }),
        ("length", BrowseForm { length: "over-20".to_owned(), ..text("") }),
        ("free", BrowseForm { price: "free".to_owned(), ..text("") }),
        ("price range", BrowseForm { price_from: "5".to_owned(), price_to: "7".to_owned(), ..text("") }),
        ("on sale", BrowseForm { on_sale: "1".to_owned(), ..text("") }),
        (
            "filters of few",
            BrowseForm { language: "th".to_owned(), length: "under-1".to_owned(), on_sale: "1".to_owned(), ..text("") },
        ),
        (
            "a common word, on sale, in a language",
            BrowseForm { language: "fr".to_owned(), on_sale: "1".to_owned(), ..text("sea") },
        ),
    ];
    for (_, param, words) in Sort::ALL {
        all.push((words, BrowseForm { sort: param.to_owned(), ..text("") }));
    }
    for sort in ["price-up", "title"] {
        let words = if sort == "title" { "a common word, by title" } else { "a common word, by price" };
        all.push((words, BrowseForm { sort: sort.to_owned(), ..text("sea") }));
    }
    all
}

#[tokio::test]
async fn search_speed() {
    let shop = database::fresh().await;
    let (db, times) = match std::env::var("LECTERN_SEARCH_DATABASE") {
        Ok(url) => (Db::connect(&url, 4).await.unwrap(), 40),
        Err(_) => {
            shop.title("The Lighthouse by the Sea").author("Anna Storm").published().await;
            (shop.db.clone(), 1)
        }
    };
    println!("  {:42} {:>8} {:>9} {:>9}", format!("{:?}", db.backend()), "found", "p50 ms", "p95 ms");
    let mut all = Vec::new();
    for (what, form) in searches() {
        let wanted = form.read(Currency::USD);
        let mut took = Vec::new();
        let mut found = String::new();
        for _ in 0..times {
            let begun = Instant::now();
            let listing = browse::listing(&db, &wanted).await.unwrap();
            took.push(begun.elapsed());
            found = format!("{}{}", listing.page.total, if listing.more { "+" } else { "" });
        }
        print(what, &found, &took);
        all.extend(took);
    }
    for typed in ["an", "anna k", "harb", "the se"] {
        let mut took = Vec::new();
        let mut found = 0;
        for _ in 0..times {
            let begun = Instant::now();
            found = suggest(&db, typed).await.unwrap().len();
            took.push(begun.elapsed());
        }
        print(&format!("suggestions for {typed:?}"), &found.to_string(), &took);
        all.extend(took);
    }
    print("all", "", &all);
    assert!(!all.is_empty());
}

pub fn print(what: &str, found: &str, took: &[Duration]) {
    let mut took = took.to_vec();
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1000.0;
    println!("  {what:42} {found:>8} {:9.1} {:9.1}", at(50), at(95));
}
