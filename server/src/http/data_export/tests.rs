//! What somebody takes along.

use crate::http::testing::Shop;
use domain::Actor;
use domain::account::{Password, User, registration, user_admin, users};
use domain::audit::{self, Action, Entry, Filter};
use domain::catalog::drafts;
use domain::entities::{entitlements, order_lines, orders, positions, review_reports, reviews};
use domain::ordering::OrderStatus;
use domain::privacy::export::ROWS_AT_ONCE;
use domain::{Currency, testing};
use serde_json::Value;
use uuid::Uuid;

const DATA: &str = "/account/data.json";
const SECRET: &str = "a lamp above the harbour";

async fn register(shop: &Shop, name: &str) -> (User, String) {
    let email = format!("{name}@example.com");
    let password = Password::parse(SECRET).unwrap();
    let user = registration::register(&shop.db, &email.parse().unwrap(), name, &password).await.unwrap();
    (user, log_in(shop, &email).await)
}

async fn log_in(shop: &Shop, email: &str) -> String {
    let form = format!("email={}&password={}", email.replace('@', "%40"), SECRET.replace(' ', "+"));
    shop.post("", "/api/account/login", &form, &[("user-agent", "Reader/1.0")]).await.cookies()
}

/// Puts titles into somebody's library, each with an order and a place.
async fn buy(shop: &Shop, user: &User, titles: &[Uuid]) {
    let now = shop.db.now();
    for title in titles {
        let order = orders::Model {
            id: Uuid::now_v7(),
            number: format!("L-{}", title.simple().to_string().split_at(16).1),
            user_id: user.id,
            status: OrderStatus::Fulfilled,
            coupon_id: None,
            coupon_code: None,
            discount_minor: 0,
            total_minor: 1290,
            refunded_minor: 0,
            currency: "USD".into(),
            idempotency_key: title.to_string(),
            tax_country: None,
            tax_minor: 0,
            tax_added: false,
            withdrawal_agreed_at: Some(now),
            withdrawal_wording: Some(1),
            created_at: now,
            paid_at: Some(now),
            updated_at: now,
        };
        let line = order_lines::Model {
            id: Uuid::now_v7(),
            order_id: order.id,
            audiobook_id: *title,
            position: 0,
            title: "The Bell".into(),
            list_price_minor: 1290,
            price_minor: 1290,
            discount_minor: 0,
            bundle_minor: 0,
            bundle_name: None,
            tax_name: None,
            tax_rate: None,
            tax_minor: 0,
            currency: "USD".into(),
            refunded_minor: 0,
            refunded_at: None,
        };
        let book = entitlements::Model {
            id: Uuid::now_v7(),
            user_id: user.id,
            audiobook_id: *title,
            order_id: Some(order.id),
            granted_at: now,
            revoked_at: None,
        };
        let place = positions::Model {
            user_id: user.id,
            audiobook_id: *title,
            position_ms: 5000,
            taken_at: now,
            speed_percent: 125,
            finished_at: None,
            updated_at: now,
        };
        testing::insert(&shop.db, order).await;
        testing::insert(&shop.db, line).await;
        testing::insert(&shop.db, book).await;
        testing::insert(&shop.db, place).await;
    }
}

/// Somebody's review of a title.
async fn review(shop: &Shop, user: &User, title: Uuid, text: &str) -> Uuid {
    let (id, now) = (Uuid::now_v7(), shop.db.now());
    let review = reviews::Model {
        id,
        audiobook_id: title,
        user_id: user.id,
        story: 5,
        performance: 4,
        text: text.to_owned(),
        hidden: false,
        hidden_reason: None,
        open_reports: 0,
        created_at: now,
        updated_at: now,
    };
    testing::insert(&shop.db, review).await;
    id
}

async fn titles(shop: &Shop, count: u64) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(drafts::create(&shop.db, &format!("The Bell {n}"), Currency::USD).await.unwrap());
    }
    ids
}

#[tokio::test]
async fn people_take_along_what_is_theirs_and_nothing_else() {
    let shop = Shop::open_whole(|_| {}).await;
    let (ada, cookie) = register(&shop, "ada").await;
    let (bea, strangers) = register(&shop, "bea").await;
    let two = titles(&shop, 2).await;
    buy(&shop, &ada, &two[..1]).await;
    buy(&shop, &bea, &two[1..]).await;
    review(&shop, &ada, two[0], "I liked the storm.").await;
    let theirs = review(&shop, &bea, two[1], "I slept through it.").await;
    let report = review_reports::Model { user_id: ada.id, review_id: theirs, created_at: shop.db.now() };
    testing::insert(&shop.db, report).await;

    assert_eq!(shop.get("", DATA, &[]).await.status, 401);
    let answer = shop.get(&cookie, DATA, &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-disposition").split(';').next(), Some("attachment"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let data: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(data["account"]["email"], "ada@example.com");
    assert_eq!(data["account"]["name"], "ada");
    assert_eq!(data["orders"][0]["total"], "12.90");
    assert_eq!(data["orders"][0]["currency"], "USD");
    assert_eq!(data["orders"][0]["titles"][0]["title"], "The Bell");
    let agreed = data["orders"][0]["right_of_withdrawal"]["to"].as_str().unwrap();
    assert!(agreed.contains("I lose my right of withdrawal"), "{agreed}");
    assert_eq!(data["library"][0]["title"], "The Bell 0");
    assert_eq!(data["places"][0]["position_ms"], 5000);
    assert_eq!(data["places"][0]["speed_percent"], 125);
    assert_eq!(data["logged_in"][0]["device"], "A program");
    assert_eq!(data["logged_in"][0]["this_browser"], true);
    assert_eq!(data["reviews"][0]["text"], "I liked the storm.");
    assert_eq!(data["reviews"][0]["title"], "The Bell 0");
    assert_eq!(data["reviews_reported"][0]["review"], theirs.to_string());
    for list in ["orders", "library", "places", "reviews", "reviews_reported", "logged_in"] {
        assert_eq!(data[list].as_array().unwrap().len(), 1, "{list}");
    }
    let history: Vec<_> =
        data["history"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(history, ["account.data-downloaded", "account.logged-in", "account.registered"]);

    let theirs = shop.get(&strangers, DATA, &[]).await;
    assert!(!answer.text().contains("slept"), "what others wrote is theirs");
    assert!(theirs.text().contains("The Bell 1") && !theirs.text().contains("ada@"), "{}", theirs.text());
    let account = users::account(&shop.db, ada.id).await.unwrap().unwrap();
    let secrets = [SECRET.to_owned(), "argon2".to_owned(), domain::secret::hex(&account.auth_hash), "bea@".to_owned()];
    let session = cookie.split("; ").find_map(|pair| pair.strip_prefix("lectern=")).unwrap();
    let kept = domain::secret::digest(&domain::secret::digest(session));
    for secret in secrets.into_iter().chain([session.to_owned(), kept]) {
        assert!(!answer.text().contains(&secret), "{secret} in {}", answer.text());
    }
}

#[tokio::test]
async fn it_is_asked_for_again_who_takes_it_along() {
    let shop = Shop::open_whole(|_| {}).await;
    let (_, cookie) = register(&shop, "ada").await;
    shop.clock.advance(10 * 60_000);
    let answer = shop.get(&cookie, DATA, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/confirm?next=%2Faccount%23data"));
    let form = format!("password={}", SECRET.replace(' ', "+"));
    shop.post(&cookie, "/api/account/reauthenticate", &form, &[]).await;
    assert_eq!(shop.get(&cookie, DATA, &[]).await.status, 200);
    let told = audit::trail::events(&shop.db, &Filter::default(), None, 10).await.unwrap();
    let lines = told.iter().filter(|event| event.action == Action::DataDownloaded.name()).count();
    assert_eq!(lines, 1, "what was refused is not told as done");
}

#[tokio::test]
async fn what_is_long_comes_whole_and_each_row_once() {
    let shop = Shop::open_whole(|_| {}).await;
    let (ada, cookie) = register(&shop, "ada").await;
    let many = titles(&shop, ROWS_AT_ONCE + 1).await;
    buy(&shop, &ada, &many).await;
    let db = shop.db.acting(Actor::visitor(None, None).known_as(ada.id, &ada.email));
    let written: domain::Result<()> = db
        .transaction(async |tx| {
            for n in 0..2 * ROWS_AT_ONCE {
                audit::record(&tx, Entry::new(Action::LoginFailed).on("account", n)).await?;
            }
            Ok(())
        })
        .await;
    written.unwrap();
    let data: Value = serde_json::from_slice(&shop.get(&cookie, DATA, &[]).await.body).unwrap();
    for list in ["orders", "library", "places"] {
        let rows = data[list].as_array().unwrap();
        assert_eq!(rows.len(), many.len(), "{list}");
        let mut slugs: Vec<_> = rows.iter().map(|row| row.to_string()).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), many.len(), "{list}");
    }
    // The lines above, and those of registering, logging in and downloading.
    assert_eq!(data["history"].as_array().unwrap().len() as u64, 2 * ROWS_AT_ONCE + 3);
}

#[tokio::test]
async fn what_an_admin_did_to_others_is_not_among_it() {
    let shop = Shop::open_whole(|_| {}).await;
    let password = Password::parse(SECRET).unwrap();
    let root =
        registration::create_admin(&shop.db, &"root@example.com".parse().unwrap(), "Root", &password).await.unwrap();
    let (bea, _) = register(&shop, "bea").await;
    let db = shop.db.acting(Actor::visitor(None, None).known_as(root.id, &root.email));
    user_admin::set_permissions(&db, root.id, bea.id, domain::account::Permissions::all()).await.unwrap();
    let cookie = log_in(&shop, "root@example.com").await;
    let answer = shop.get(&cookie, DATA, &[]).await;
    assert!(answer.text().contains("people.rights-changed"), "{}", answer.text());
    assert!(!answer.text().contains("bea@") && !answer.text().contains(&bea.id.to_string()), "{}", answer.text());
}
