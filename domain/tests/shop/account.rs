//! Accounts and sessions.

use crate::database::fresh;
use domain::account::{Email, Password, Role, login, registration, sessions, users};
use domain::entities;
use domain::{Error, Timestamp};
use sea_orm::{EntityTrait, sea_query::Expr};

const PASSWORD: &str = "a long walk home";
/// A year in milliseconds: longer than any session here.
const LONGEST: i64 = 365 * 24 * 60 * 60 * 1000;

fn ada() -> Email {
    "ada@example.com".parse().unwrap()
}

fn password() -> Password {
    Password::parse(PASSWORD).unwrap()
}

#[tokio::test]
async fn who_registers_can_log_in_with_that_password_only() {
    let shop = fresh().await;
    let user = registration::register(&shop.db, &ada(), " Ada ", &password()).await.unwrap();
    assert_eq!((user.name.as_str(), user.role), ("Ada", Role::Shopper));
    let account = login::authenticate(&shop.db, " ADA@example.com", PASSWORD).await.unwrap().unwrap();
    assert_eq!(account.user, user);
    assert!(login::authenticate(&shop.db, "ada@example.com", "a long walk hom").await.unwrap().is_none());
    assert_eq!(users::account(&shop.db, user.id).await.unwrap(), Some(account));
}

#[tokio::test]
async fn an_address_has_one_account_even_when_two_register_at_once() {
    let shop = fresh().await;
    let (email, word) = (ada(), password());
    let (one, other) = tokio::join!(
        registration::register(&shop.db, &email, "Ada", &word),
        registration::register(&shop.db, &email, "Adah", &word)
    );
    let refused = [one.is_ok(), other.is_ok()];
    assert!(refused == [true, false] || refused == [false, true]);
    assert!(matches!(one.and(other), Err(Error::Conflict(_))));
}

#[tokio::test]
async fn an_account_needs_a_name() {
    let shop = fresh().await;
    for name in ["", "   ", "two\nlines", &"x".repeat(121)] {
        let refused = registration::register(&shop.db, &ada(), name, &password()).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "name", .. })), "{name:?} was taken for a name");
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let shop = fresh().await;
    registration::register(&shop.db, &ada(), "Ada", &password()).await.unwrap();
    for email in ["ada@example.com", "nobody@example.com"] {
        assert!(login::authenticate(&shop.db, email, "not the password").await.unwrap().is_none(), "{email}");
    }
}

#[tokio::test]
async fn a_disabled_account_does_not_open() {
    let shop = fresh().await;
    let user = registration::register(&shop.db, &ada(), "Ada", &password()).await.unwrap();
    entities::users::Entity::update_many()
        .col_expr(entities::users::Column::DisabledAt, Expr::value(shop.db.now()))
        .exec(shop.db.read())
        .await
        .unwrap();
    assert!(login::authenticate(&shop.db, "ada@example.com", PASSWORD).await.unwrap().is_none());
    assert!(users::account(&shop.db, user.id).await.unwrap().is_none());
}

#[tokio::test]
async fn an_admin_is_made_of_a_shopper_and_old_logins_end() {
    let shop = fresh().await;
    let user = registration::register(&shop.db, &ada(), "Ada", &password()).await.unwrap();
    assert!(!registration::admin_exists(&shop.db).await.unwrap());
    let before = users::account(&shop.db, user.id).await.unwrap().unwrap();
    let row =
        sessions::Row { id: "s".into(), data: "{}".into(), user_id: Some(user.id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, LONGEST).await.unwrap();
    let new = Password::parse("another long walk").unwrap();
    let admin = registration::create_admin(&shop.db, &ada(), "Ada L.", &new).await.unwrap();
    assert_eq!((admin.id, admin.role, admin.name.as_str()), (user.id, Role::Admin, "Ada L."));
    assert!(registration::admin_exists(&shop.db).await.unwrap());
    assert!(login::authenticate(&shop.db, "ada@example.com", PASSWORD).await.unwrap().is_none());
    let after = login::authenticate(&shop.db, "ada@example.com", "another long walk").await.unwrap().unwrap();
    assert_ne!(before.auth_hash, after.auth_hash);
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None);
}

#[tokio::test]
async fn a_session_is_kept_until_it_is_over_and_its_id_is_not_in_the_database() {
    let shop = fresh().await;
    let mut row = sessions::Row {
        id: "the-cookie".into(),
        data: "{}".into(),
        user_id: None,
        expires_at: shop.db.now().plus_ms(1000),
    };
    assert!(sessions::create(&shop.db, &row, LONGEST).await.unwrap());
    assert!(!sessions::create(&shop.db, &row, LONGEST).await.unwrap(), "a taken id was taken again");
    row.data = "{\"n\":1}".into();
    sessions::save(&shop.db, &row, LONGEST).await.unwrap();
    assert_eq!(sessions::load(&shop.db, "the-cookie").await.unwrap(), Some(row));
    let kept = entities::sessions::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    assert_ne!(kept.id, "the-cookie");
    shop.clock.advance(1000);
    assert_eq!(sessions::load(&shop.db, "the-cookie").await.unwrap(), None);
    assert_eq!(sessions::delete_expired(&shop.db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_deleted_session_is_gone() {
    let shop = fresh().await;
    let row = sessions::Row { id: "s".into(), data: "{}".into(), user_id: None, expires_at: Timestamp(i64::MAX) };
    assert!(sessions::create(&shop.db, &row, LONGEST).await.unwrap());
    sessions::delete(&shop.db, "s").await.unwrap();
    sessions::delete(&shop.db, "s").await.unwrap();
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None);
    sessions::save(&shop.db, &row, LONGEST).await.unwrap();
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None, "a request that was under way brings it back");
}

#[tokio::test]
async fn a_session_in_use_still_ends() {
    let shop = fresh().await;
    const IDLE: i64 = 10_000;
    const LONGEST: i64 = 25_000;
    let mut row =
        sessions::Row { id: "s".into(), data: "{}".into(), user_id: None, expires_at: shop.db.now().plus_ms(IDLE) };
    sessions::create(&shop.db, &row, LONGEST).await.unwrap();
    for _ in 0..3 {
        shop.clock.advance(IDLE - 2000);
        row.expires_at = shop.db.now().plus_ms(IDLE);
        sessions::save(&shop.db, &row, LONGEST).await.unwrap();
        assert!(sessions::load(&shop.db, "s").await.unwrap().is_some(), "in use, it lasts longer than {IDLE} ms");
    }
    shop.clock.advance(1000);
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None, "but not longer than {LONGEST} ms");
    sessions::save(&shop.db, &row, LONGEST).await.unwrap();
    assert_eq!(sessions::load(&shop.db, "s").await.unwrap(), None, "and it does not come back");
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_opens_no_account() {
    let shop = fresh().await;
    for weak in ["password1234", "ada@example.com", "Ada Lovelace", "lecternlectern"] {
        let weak = Password::parse(weak).unwrap();
        let refused = registration::register(&shop.db, &ada(), "Ada Lovelace", &weak).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "password", .. })), "{:?}", weak.expose());
        let refused = registration::create_admin(&shop.db, &ada(), "Ada Lovelace", &weak).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "password", .. })), "{:?}", weak.expose());
    }
    assert!(entities::users::Entity::find().one(shop.db.read()).await.unwrap().is_none());
}
