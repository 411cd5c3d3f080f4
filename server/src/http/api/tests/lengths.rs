//! That the database is asked no more often because a title, an order or a series holds more; and that every list is counted.

use super::described::description;
use super::statements::{self, asked, begin_upload};
use super::strangers::buy;
use super::*;
use crate::http::api::browse::operations;
use domain::account::users;
use domain::catalog::TextRights;
use domain::ordering::CardNumber;
use domain::production::{WorkerFacts, editing, workers};
use domain::testing;
use domain::transcript::Standing;
use domain::transcript::edits::change::Change;
use uuid::Uuid;

/// What the desk asks: of what holds one, of what holds five, and the member of the answer.
const OF_THE_DESK: [(&str, &str, &str); 10] = [
    ("audiobooks/short/production", "audiobooks/long/production", "uploads"),
    ("audiobooks/short/transcript", "audiobooks/long/transcript", "items"),
    ("audiobooks/short/sentences", "audiobooks/long/sentences", "items"),
    ("audiobooks/short/edits", "audiobooks/long/edits", "items"),
    ("audiobooks/short/review-places", "audiobooks/long/review-places", "items"),
    ("admin/orders/{one}", "admin/orders/{five}", "order/lines"),
    ("admin/audiobooks/bulk/{one}", "admin/audiobooks/bulk/{five}", "refusals"),
    ("admin/series/salts", "admin/series/bells", "order"),
    ("series/salts", "series/bells", "titles"),
    ("search?text=salt", "search?text=bell", "titles"),
];
/// What a reader asks.
const OF_A_READER: [(&str, &str, &str); 5] = [
    ("my-books/short", "my-books/long", "parts"),
    ("my-books/short/transcript", "my-books/long/transcript", "items"),
    ("my-books/short/search?text=rang", "my-books/long/search?text=rang", "items"),
    ("my-books/search?text=rang&limit=1", "my-books/search?text=rang", "items"),
    ("orders/{one}", "orders/{five}", "lines"),
];
/// Of which there is one at first, and then five.
const GROWING: [(&str, &str); 2] = [("taxes", "items"), ("admin/workers", "items")];
/// Lists whose statements are counted beside their other tests.
const ELSEWHERE: [&str; 26] = [
    // catalogue/tests
    "audiobooks",
    "audiobooks/{which}/reviews",
    "admin/audiobooks",
    "categories",
    "people",
    "series",
    "admin/categories",
    "admin/people",
    "admin/series",
    // shopping/tests
    "cart",
    "orders",
    "wishlist",
    "my-books",
    // listening/tests
    "my-books/{which}/bookmarks",
    // machines/webhooks/tests
    "admin/webhooks",
    "admin/webhooks/{id}/messages",
    // office/tests
    "admin/orders",
    "admin/audit",
    "admin/users",
    "admin/jobs",
    "coupons",
    "sales",
    "admin/providers",
    "admin/models",
    // At hand in the server, however many: nothing is asked for them.
    "admin/flags",
    "rates",
];

/// A reader of both books, and their token.
async fn reader(shop: &Shop, books: [Uuid; 2]) -> String {
    let tokens = register(shop, "reader@post.example").await;
    let id = tokens["user"]["id"].as_str().unwrap().parse().unwrap();
    let user = users::account(&shop.db, id).await.unwrap().unwrap().user;
    for book in books {
        testing::give(&shop.db, &user, book).await;
    }
    access(&tokens).to_owned()
}

/// A book with so many files on their way, sentences and places in doubt.
async fn book(shop: &Shop, desk: Uuid, name: &str, files: &[&str]) -> Uuid {
    let title = testing::title(&shop.db, name).files(files).text_rights(TextRights::Download).published().await;
    for n in 0..i32::try_from(files.len()).unwrap() {
        begin_upload(shop, desk, title.id, 10 + n).await;
        let start = i64::from(n) * 20_000;
        testing::say(&shop.db, title.id, 2 * n, start, start + 4000, "The bell rang once.").await;
        let doubtful = (2 * n + 1, start + 5000, start + 9000);
        testing::say_as(&shop.db, title.id, doubtful, "Thank you.", Standing::Doubtful).await;
        let said = editing::desk(&shop.db, title.id, start, 1).await.unwrap().window.lines.remove(0);
        let change = Change::Said { text: Some("The bell rang twice.".to_owned()), speaker: None, reach: 1 };
        editing::edit(&shop.db, title.id, said.id, said.version, &change).await.unwrap();
    }
    title.id
}

/// The number of an order of so many titles.
async fn order(shop: &Shop, token: &str, titles: std::ops::Range<i32>) -> String {
    let count = i64::from(titles.end - titles.start);
    for n in titles {
        let owl = testing::for_sale(&shop.db, &format!("Owl {n}"), 500).await;
        let added = send(shop, token, "POST", "cart/add", &json!({ "audiobook": owl.slug })).await;
        assert_eq!(added.status, 200, "{}", added.text());
    }
    let total = json!({ "minor": 500 * count, "currency": "USD" });
    let wish = json!({ "total": total, "withdrawal": 1, "card": CardNumber::ACCEPTED });
    buy(shop, token, ("checkout", &format!("key-{count}")), &wish).await
}

/// The id of a change that so many titles refuse.
async fn refused(shop: &Shop, token: &str, titles: std::ops::Range<i32>) -> String {
    let mut ids = Vec::new();
    for n in titles {
        ids.push(testing::title(&shop.db, &format!("Bare {n}")).draft_of_list().await.id);
    }
    let wish = json!({ "action": "publish", "ids": ids });
    let run = send(shop, token, "POST", "admin/audiobooks/bulk", &wish).await;
    assert_eq!((run.status.as_u16(), &run.json()["refused"]), (202, &json!(ids.len())), "{}", run.text());
    run.json()["id"].as_str().unwrap().to_owned()
}

async fn compare(shop: &Shop, token: &str, list: (&str, &str, &str), ids: (&str, &str)) {
    let (one, five, member) = list;
    let (one, five) = (one.replace("{one}", ids.0), five.replace("{five}", ids.1));
    let (few, statements) = asked(shop, token, &one, member).await;
    let (many, taken) = asked(shop, token, &five, member).await;
    assert!(few >= 1 && many > few, "{five}: {few} and then {many}");
    assert!(taken <= statements, "{five}: {statements} statements for {few}, {taken} for {many}");
}

#[tokio::test]
async fn what_holds_five_takes_as_many_statements_as_what_holds_one() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let desk: Uuid = me(&shop, &token).await.json()["id"].as_str().unwrap().parse().unwrap();
    let short = book(&shop, desk, "Short", &["one.mp3"]).await;
    let long = book(&shop, desk, "Long", &["one.mp3", "two.mp3", "three.mp3", "four.mp3", "five.mp3"]).await;
    testing::title(&shop.db, "Salt").series("Salts", Some(1)).published().await;
    for n in 0..5 {
        testing::title(&shop.db, &format!("Bell {n}")).series("Bells", Some(n + 1)).published().await;
    }
    let reader = reader(&shop, [short, long]).await;
    let orders = (order(&shop, &reader, 0..1).await, order(&shop, &reader, 1..6).await);
    let changes = (refused(&shop, &token, 0..1).await, refused(&shop, &token, 1..6).await);
    for list in OF_THE_DESK {
        let ids = if list.0.contains("bulk") { &changes } else { &orders };
        compare(&shop, &token, list, (&ids.0, &ids.1)).await;
    }
    for list in OF_A_READER {
        compare(&shop, &reader, list, (&orders.0, &orders.1)).await;
    }
}

#[tokio::test]
async fn taxes_and_workers_take_as_many_statements_for_one_as_for_five() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let countries = ["DE", "FR", "AT", "NL", "IT"];
    let mut before = Vec::new();
    for count in [1, 5] {
        for (n, country) in countries[..count].iter().enumerate() {
            let tax = json!({ "name": "VAT", "rate": 19_000 });
            let set = send(&shop, &token, "PUT", &format!("taxes/{country}"), &tax).await;
            assert_eq!(set.status, 200, "{}", set.text());
            let facts = WorkerFacts { slots: vec!["CPU".to_owned()], ..WorkerFacts::default() };
            workers::seen(&shop.db, &format!("worker-{n}"), &facts).await.unwrap();
        }
        for (n, (path, member)) in GROWING.into_iter().enumerate() {
            let (held, taken) = asked(&shop, &token, path, member).await;
            assert_eq!(held, count, "{path}");
            match before.get(n) {
                None => before.push(taken),
                Some(statements) => assert!(taken <= *statements, "{path}: {statements} for one, {taken} for five"),
            }
        }
    }
}

/// Whether a path is one of a template's.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap();
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(part, one)| part == one || part.starts_with('{'))
}

#[test]
fn the_statements_of_every_list_are_counted() {
    let document = description();
    let growing = GROWING.into_iter().map(|(path, _)| path);
    let measured = statements::LISTS.into_iter().chain(OF_THE_DESK).chain(OF_A_READER).map(|(_, path, _)| path);
    let counted: Vec<&str> = measured.chain(growing).chain(ELSEWHERE).collect();
    let mut lists = 0;
    for (path, _, operation) in operations(&document).filter(|(_, method, _)| *method == "get") {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let named = schema["$ref"].as_str().map(|reference| document.pointer(&reference[1..]).unwrap());
        if named.unwrap_or(schema)["properties"]["items"]["type"] != "array" {
            continue;
        }
        let path = path.strip_prefix("/api/v1/").unwrap();
        assert!(counted.iter().any(|one| fits(path, one)), "{path}: nothing counts its statements");
        lists += 1;
    }
    assert!(lists >= 30, "only {lists} lists were found");
    for listed in ELSEWHERE {
        let there =
            operations(&document).any(|(path, method, _)| method == "get" && path.ends_with(&format!("/v1/{listed}")));
        assert!(there, "{listed} is gone");
    }
}
