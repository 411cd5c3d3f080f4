//! Listening, as programs do it.

use crate::http::api::tests::{send, shopper};
use crate::http::testing::{Answer, Shop};
use bytes::Bytes;
use domain::catalog::{TextRights, drafts};
use domain::entities::{audiobooks, entitlements, files, users};
use domain::limits::Rule;
use domain::{Currency, testing};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

const SOUND: &[u8] = b"not really sound, but bytes all the same";
const MINUTE: i64 = 60_000;

/// A book of one part with two sentences, and the token of who has it.
struct Shelf {
    shop: Shop,
    book: Uuid,
    token: String,
}

impl Shelf {
    async fn with(rights: TextRights) -> Self {
        let shop = Shop::open().await;
        let token = shopper(&shop).await;
        let buyer = users::Entity::find().order_by_desc(users::Column::Id).one(shop.db.read()).await.unwrap().unwrap();
        let book = drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
        shop.storage.put_bytes("audio/ab/abc.mp3", Bytes::from_static(SOUND), "audio/mpeg").await.unwrap();
        let file = files::Model {
            id: Uuid::now_v7(),
            storage_key: "audio/ab/abc.mp3".to_owned(),
            sha256: "abc".to_owned(),
            size: SOUND.len() as i64,
            media_type: "audio/mpeg".to_owned(),
            original_name: "glocke.mp3".to_owned(),
            created_at: shop.db.now(),
            tags: None,
            cover_key: None,
        };
        testing::add_part(&shop.db, book, file, 0, 8000).await;
        testing::set(&shop.db, book, audiobooks::Column::DurationMs, 8000_i64).await;
        testing::say(&shop.db, book, 0, 500, 3500, "The bell rang once.").await;
        testing::say(&shop.db, book, 1, 4000, 7000, "Then it was still.").await;
        testing::set(&shop.db, book, audiobooks::Column::TextRights, rights).await;
        let buyer = domain::account::users::account(&shop.db, buyer.id).await.unwrap().unwrap().user;
        testing::give(&shop.db, &buyer, book).await;
        Self { shop, book, token }
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        send(&self.shop, &self.token, method, path, &body).await
    }

    /// An address as a player asks for it: without a token, and by its path here.
    async fn play(&self, address: &Value, headers: &[(&str, &str)]) -> Answer {
        let address = address.as_str().unwrap();
        self.shop.get("", &address[address.find("/api/v1/").unwrap()..], headers).await
    }
}

#[tokio::test]
async fn addresses_play_without_a_header_for_a_quarter_of_an_hour() {
    let shelf = Shelf::with(TextRights::Download).await;
    let book = shelf.ask("GET", "my-books/the-bell", Value::Null).await.json();
    assert_eq!(shelf.ask("GET", &format!("my-books/{}", shelf.book), Value::Null).await.status, 200);
    let (part, files) = (&book["parts"][0], &book["transcripts"]);
    let whole = shelf.play(&part["stream"], &[]).await;
    assert_eq!((whole.status.as_u16(), &whole.body[..], whole.header("content-type")), (200, SOUND, "audio/mpeg"));
    let middle = shelf.play(&part["stream"], &[("range", "bytes=4-9")]).await;
    assert_eq!((middle.status.as_u16(), &middle.body[..]), (206, &SOUND[4..10]));
    let outside = shelf.play(&part["stream"], &[("range", "bytes=4000-")]).await;
    assert_eq!((outside.status.as_u16(), outside.problem().as_str()), (416, "no-such-range"));
    assert!(shelf.play(&part["download"], &[]).await.header("content-disposition").contains("the-bell.mp3"));
    assert_eq!(files.as_array().unwrap().len(), 3);
    for file in files.as_array().unwrap() {
        let text = shelf.play(&file["download"], &[]).await;
        assert!(text.header("content-type").starts_with(file["media_type"].as_str().unwrap()), "{file}");
        assert!(text.text().contains("The bell rang once."));
    }
    shelf.shop.clock.advance(15 * MINUTE - 1000);
    assert_eq!(shelf.play(&part["stream"], &[]).await.status, 200);
    shelf.shop.clock.advance(1000);
    let late = shelf.play(&part["stream"], &[]).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (403, "forbidden"));
}

#[tokio::test]
async fn an_address_opens_only_what_it_was_made_for_and_nothing_after_a_refund() {
    let shelf = Shelf::with(TextRights::Download).await;
    let book = shelf.ask("GET", "my-books/the-bell", Value::Null).await.json();
    let stream = book["parts"][0]["stream"].as_str().unwrap();
    let other = drafts::create(&shelf.shop.db, "The Owl", Currency::USD).await.unwrap();
    let (_, query) = stream.split_once('?').unwrap();
    let (before, signature) = stream.rsplit_once('=').unwrap();
    let turned: String = signature.chars().rev().collect();
    let until = query.split("until=").nth(1).unwrap().split('&').next().unwrap();
    let later = stream.replace(&format!("until={until}"), &format!("until={}", until.parse::<i64>().unwrap() + 60));
    let elsewhere = stream.replace(&shelf.book.to_string(), &other.to_string());
    let somebody = stream.split("person=").nth(1).unwrap().split('&').next().unwrap();
    let stranger = stream.replace(somebody, &Uuid::nil().to_string());
    for forged in [format!("{before}={turned}"), format!("{before}=x"), later, elsewhere, stranger] {
        assert_eq!(shelf.play(&json!(forged), &[]).await.status, 403, "{forged}");
    }
    entitlements::Entity::update_many()
        .col_expr(entitlements::Column::RevokedAt, Expr::value(shelf.shop.db.now()))
        .exec(shelf.shop.db.read())
        .await
        .unwrap();
    for address in [&book["parts"][0]["stream"], &book["parts"][0]["download"], &book["transcripts"][0]["download"]] {
        assert_eq!(shelf.play(address, &[]).await.status, 404, "{address}");
    }
    assert_eq!(shelf.ask("GET", "my-books/the-bell", Value::Null).await.status, 404);
}

#[tokio::test]
async fn the_newest_place_holds_whatever_comes_last() {
    let shelf = Shelf::with(TextRights::None).await;
    let put = async |position_ms: i64, taken_at: &str| {
        let body = json!({ "position_ms": position_ms, "taken_at": taken_at });
        shelf.ask("PUT", "my-books/the-bell/position", body).await.json()
    };
    let newer = put(4000, "2026-11-20T10:00:00Z").await;
    assert_eq!((&newer["kept"], &newer["position"]["position_ms"]), (&json!(true), &json!(4000)));
    let older = put(1000, "2026-11-20T10:59:59+01:00").await;
    assert_eq!((&older["kept"], &older["position"]["position_ms"]), (&json!(false), &json!(4000)));
    let books = shelf.ask("GET", "my-books", Value::Null).await.json();
    assert_eq!(books["items"][0]["progress_percent"], 50);
    let wrong = json!({ "position_ms": 1, "taken_at": "yesterday" });
    assert_eq!(shelf.ask("PUT", "my-books/the-bell/position", wrong).await.status, 422);
    let stranger = shopper(&shelf.shop).await;
    let body = json!({ "position_ms": 1, "taken_at": "2026-11-20T10:00:00Z" });
    assert_eq!(send(&shelf.shop, &stranger, "PUT", "my-books/the-bell/position", &body).await.status, 404);
}

#[tokio::test]
async fn a_program_is_told_on_how_many_days_in_a_row_its_person_listened() {
    let shelf = Shelf::with(TextRights::None).await;
    let days = async || shelf.ask("GET", "stats/me", Value::Null).await.json()["days_in_a_row"].clone();
    assert_eq!(days().await, json!({ "current": 0, "longest": 0 }));
    let (now, day) = (shelf.shop.db.now(), domain::Timestamp::DAY_MS);
    // Two seconds of yesterday, and two of today.
    for (position_ms, before) in [(0, day + 2000), (2000, day), (0, 2000), (2000, 0)] {
        let body = json!({ "position_ms": position_ms, "taken_at": now.plus_ms(-before).rfc3339() });
        let put = shelf.ask("PUT", "my-books/the-bell/position", body).await;
        assert_eq!(put.json()["kept"], true, "{}", put.text());
    }
    assert_eq!(days().await, json!({ "current": 2, "longest": 2 }));
}

#[tokio::test]
async fn a_transcript_comes_in_parts_or_as_a_file_as_far_as_its_rights_go() {
    let shelf = Shelf::with(TextRights::Download).await;
    let path = "my-books/the-bell/transcript";
    let first = shelf.ask("GET", &format!("{path}?limit=1"), Value::Null).await.json();
    assert_eq!(first["items"][0]["words"][1]["text"], "bell");
    let next = first["next"].as_str().unwrap();
    let rest = shelf.ask("GET", &format!("{path}?limit=1&cursor={next}"), Value::Null).await.json();
    assert_eq!((&rest["items"][0]["text"], rest.get("next")), (&json!("Then it was still."), None));
    let file = shelf.ask("GET", &format!("{path}?format=vtt"), Value::Null).await;
    assert!(file.text().starts_with("WEBVTT") && file.header("vary").contains("accept"));
    testing::set(&shelf.shop.db, shelf.book, audiobooks::Column::TextRights, TextRights::ReadAlong).await;
    assert_eq!(shelf.ask("GET", path, Value::Null).await.status, 200);
    assert_eq!(shelf.ask("GET", &format!("{path}?format=srt"), Value::Null).await.status, 403);
    let book = shelf.ask("GET", "my-books/the-bell", Value::Null).await.json();
    assert_eq!((&book["has_transcript"], &book["transcripts"]), (&json!(true), &json!([])));
    testing::set(&shelf.shop.db, shelf.book, audiobooks::Column::TextRights, TextRights::None).await;
    assert_eq!(shelf.ask("GET", path, Value::Null).await.status, 403);
}

#[tokio::test]
async fn bookmarks_are_made_changed_listed_by_their_place_and_taken_out() {
    let shelf = Shelf::with(TextRights::None).await;
    let path = "my-books/the-bell/bookmarks";
    let mark = async |position_ms: i64, note: &str| {
        shelf.ask("POST", path, json!({ "position_ms": position_ms, "note": note })).await
    };
    assert_eq!(mark(5000, "Later").await.status, 201);
    let id = mark(9_000_000, "").await.json()["id"].as_str().unwrap().to_owned();
    let changed = shelf.ask("PATCH", &format!("{path}/{id}"), json!({ "position_ms": 1000 })).await.json();
    assert_eq!((&changed["position_ms"], &changed["note"]), (&json!(1000), &json!("")));
    let first = shelf.ask("GET", &format!("{path}?limit=1"), Value::Null).await.json();
    assert_eq!(first["items"][0]["id"], json!(id));
    let next = format!("{path}?limit=1&cursor={}", first["next"].as_str().unwrap());
    let rest = shelf.ask("GET", &next, Value::Null).await.json();
    assert_eq!((&rest["items"][0]["note"], rest.get("next")), (&json!("Later"), None));
    assert_eq!(mark(1, &"a".repeat(1001)).await.status, 422);
    let stranger = shopper(&shelf.shop).await;
    assert_eq!(send(&shelf.shop, &stranger, "GET", path, &Value::Null).await.status, 404);
    assert_eq!(shelf.ask("DELETE", &format!("{path}/{id}"), Value::Null).await.status, 204);
    assert_eq!(shelf.ask("DELETE", &format!("{path}/{id}"), Value::Null).await.status, 404);
    let asked = async || {
        shelf.shop.statements.take();
        assert_eq!(shelf.ask("GET", path, Value::Null).await.status, 200);
        shelf.shop.statements.take().len()
    };
    let few = asked().await;
    for n in 0..20 {
        mark(n, "").await;
    }
    assert_eq!(asked().await, few);
}

#[tokio::test]
async fn words_are_found_in_what_is_said_as_far_as_it_may_be_read() {
    let shelf = Shelf::with(TextRights::ReadAlong).await;
    testing::say(&shelf.shop.db, shelf.book, 2, 7100, 7900, "The bells were still.").await;
    let look = async |path: &str| send(&shelf.shop, &shelf.token, "GET", path, &Value::Null).await;
    let found = look("my-books/the-bell/search?text=ONCE%20%20bells").await;
    assert_eq!(found.status, 200, "{}", found.text());
    let sentence = json!({
        "start_ms": 500, "end_ms": 3500, "text": "The bell rang once.",
        "pieces": [
            { "text": "The ", "found": false }, { "text": "bell", "found": true }, { "text": " rang ", "found": false },
            { "text": "once", "found": true }, { "text": ".", "found": false },
        ],
    });
    assert_eq!(found.json()["items"], json!([sentence]));
    let first = look("my-books/the-bell/search?text=still&limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    let rest = look(&format!("my-books/the-bell/search?text=still&limit=1&cursor={next}")).await.json();
    assert_eq!((&rest["items"][0]["start_ms"], &rest["next"]), (&json!(7100), &Value::Null));
    assert_eq!(
        look("my-books/the-bell/search?text=%22was+it%22").await.json()["items"],
        json!([]),
        "the other way round"
    );
    assert_eq!(look("my-books/the-bell/search?text=whale").await.json()["items"], json!([]));
    assert_eq!(look("my-books/the-bell/search").await.status, 422);
    let inside = Shelf::with(TextRights::None).await;
    let refused = send(&inside.shop, &inside.token, "GET", "my-books/the-bell/search?text=bell", &Value::Null).await;
    assert_eq!(refused.status, 403);
    let everywhere = send(&inside.shop, &inside.token, "GET", "my-books/search?text=bell", &Value::Null).await;
    assert_eq!((everywhere.status.as_u16(), &everywhere.json()["items"]), (200, &json!([])));
}

#[tokio::test]
async fn words_are_found_in_all_books_of_somebody_a_part_at_a_time() {
    let shelf = Shelf::with(TextRights::ReadAlong).await;
    let ask = async |query: &str| shelf.ask("GET", &format!("my-books/search?{query}"), Value::Null).await;
    let all = ask("text=the+or+was").await.json();
    assert_eq!((&all["items"], &all["unready"]), (&json!([]), &json!(0)), "all words in one sentence");
    let mut cursor = String::new();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let part = ask(&format!("text=%22it+was%22&limit=1{cursor}")).await;
        assert_eq!(part.status, 200, "{}", part.text());
        let part = part.json();
        seen.extend(part["items"].as_array().unwrap().iter().map(|item| item["sentence"]["start_ms"].clone()));
        match part["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [json!(4000)]);
    let found = ask("text=bell&each=1").await.json();
    assert_eq!(found["items"][0]["audiobook"]["slug"], json!("the-bell"));
    assert_eq!(ask("text=bell&cursor=e30").await.status, 422);
    entitlements::Entity::update_many()
        .col_expr(entitlements::Column::RevokedAt, Expr::value(shelf.shop.db.now()))
        .exec(shelf.shop.db.read())
        .await
        .unwrap();
    assert_eq!(ask("text=bell").await.json()["items"], json!([]), "what was paid back is found no more");
}

#[tokio::test]
async fn a_book_is_looked_through_only_so_often_by_one_account() {
    let mut shelf = Shelf::with(TextRights::ReadAlong).await;
    shelf.shop.restart_with(|config| config.limits.set(Rule::SearchBook, "2/1h")).await;
    let look = async |path: &str| shelf.ask("GET", path, Value::Null).await;
    assert_eq!(look("my-books/no-such-book/search?text=bell").await.status, 404);
    assert_eq!(look("my-books/the-bell/search?text=%20").await.status, 200, "nothing is read for it");
    for _ in 0..2 {
        assert_eq!(look("my-books/the-bell/search?text=bell").await.status, 200);
    }
    let refused = look("my-books/the-bell/search?text=bell").await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (429, "too-many"));
    assert!(!refused.header("retry-after").is_empty());
}
