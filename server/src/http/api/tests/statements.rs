//! That the database is asked no more often because a list is longer.

use super::*;
use domain::Day;
use domain::catalog::titles;
use domain::entities::chapters;
use domain::limits::Limits;
use domain::production::uploads::{self, NewUpload};
use domain::reviews::{ReviewForm, keep};
use domain::testing;
use domain::transcript::ChapterSource;
use std::ops::Range;
use uuid::Uuid;

/// Where a list is short and where it is long, and the member of the answer that it is.
pub(super) const LISTS: [(&str, &str, &str); 8] = [
    ("bundles", "bundles", "items"),
    ("users/me/tokens", "users/me/tokens", "items"),
    ("users/me/sessions", "users/me/sessions", "items"),
    ("uploads", "uploads", "items"),
    ("audiobooks/short/parts", "audiobooks/long/parts", "items"),
    ("audiobooks/short/chapters", "audiobooks/short/chapters", "items"),
    ("admin/reviews", "admin/reviews", "items"),
    ("public/dashboard", "public/dashboard", "newest"),
];

/// Begins to send a file of a title.
pub(super) async fn begin_upload(shop: &Shop, user_id: Uuid, audiobook_id: Uuid, position: i32) {
    let upload = NewUpload {
        id: Uuid::now_v7(),
        user_id,
        audiobook_id,
        position,
        file_name: "salt.mp3".to_owned(),
        relative_path: "salt.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "{}".to_owned(),
        keep_ms: testing::DAY,
    };
    uploads::begin(&shop.db, upload).await.unwrap();
}

/// What each of the lists holds, once for each number.
async fn fill(shop: &Shop, token: &str, numbers: Range<i32>) {
    let unlimited = Limits::in_memory(Default::default(), shop.clock.clone());
    let desk: Uuid = me(shop, token).await.json()["id"].as_str().unwrap().parse().unwrap();
    let short = titles::id_of(&shop.db, "short").await.unwrap();
    for n in numbers {
        let bell = testing::for_sale(&shop.db, &format!("Bell {n}"), 500).await;
        let owl = testing::for_sale(&shop.db, &format!("Owl {n}"), 500).await;
        let price = json!({ "minor": 900, "currency": "USD" });
        let both = json!({ "name": format!("Two {n}"), "price": price, "titles": [bell.slug, owl.slug] });
        let last_day = Day::of(shop.db.now()).plus(30).to_string();
        let machine = json!({ "name": format!("Till {n}"), "scopes": ["account"], "last_day": last_day });
        for (path, body) in [("bundles", both), ("users/me/tokens", machine)] {
            let made = send(shop, token, "POST", path, &body).await;
            assert_eq!(made.status, 201, "{path}: {}", made.text());
        }
        let login = json!({ "email": "desk@shop.example", "password": PASSWORD });
        assert_eq!(post(shop, "auth/login", &login).await.status, 200);

        let reader = testing::shopper(&shop.db, &format!("Reader{n}")).await;
        testing::give(&shop.db, &reader, bell.id).await;
        let form = ReviewForm { story: 5, performance: 4, text: "As if one stood there.".to_owned() };
        keep::rate(&shop.db, &unlimited, reader.id, &bell.slug, &form).await.unwrap();
        let draft = testing::title(&shop.db, &format!("Salt {n}")).draft_of_list().await;
        begin_upload(shop, desk, draft.id, 0).await;
        let chapter = chapters::Model {
            id: Uuid::now_v7(),
            audiobook_id: short,
            position: 10 + n,
            title: format!("Chapter {n}"),
            start_ms: i64::from(n) * 1000,
            end_ms: i64::from(n + 1) * 1000,
            source: ChapterSource::Admin,
        };
        testing::insert(&shop.db, chapter).await;
    }
}

/// How much a list holds, and how many statements it took; `member` is where it stands in the answer, as `order/lines`.
pub(super) async fn asked(shop: &Shop, token: &str, path: &str, member: &str) -> (usize, usize) {
    let mut least = (0, usize::MAX);
    // What is asked for now and then, whatever the answer, is not asked for twice.
    for _ in 0..2 {
        // What was remembered is too old, and the token is not.
        shop.clock.advance(5_000);
        shop.statements.take();
        let answer = send(shop, token, "GET", path, &Value::Null).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let json = answer.json();
        let list = json.pointer(&format!("/{member}")).and_then(Value::as_array);
        let held = list.unwrap_or_else(|| panic!("{path} has no list {member}")).len();
        least = (held, least.1.min(shop.statements.take().len()));
    }
    least
}

#[tokio::test]
async fn the_lists_of_the_desk_and_of_the_shop_take_as_many_statements_for_one_as_for_five() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    testing::title(&shop.db, "Short").files(&["one.mp3"]).published().await;
    testing::title(&shop.db, "Long").files(&["one.mp3", "two.mp3", "three.mp3", "four.mp3"]).published().await;
    fill(&shop, &token, 0..1).await;
    let mut short = Vec::new();
    for (path, _, member) in LISTS {
        short.push(asked(&shop, &token, path, member).await);
    }
    fill(&shop, &token, 1..5).await;
    for ((_, path, member), (few, statements)) in LISTS.into_iter().zip(short) {
        let (many, taken) = asked(&shop, &token, path, member).await;
        assert!(many > few, "{path}: {few} and then {many}");
        assert!(taken <= statements, "{path}: {statements} statements for {few}, {taken} for {many}");
    }
}
