//! Programs that are logged in, and the keys that their tokens are signed with.

use crate::database::{Shop, fresh};
use domain::account::tokens::signing_keys::{self, NewKey};
use domain::account::tokens::{self, GRACE_MS, Lifetimes, RefreshFamily, Refusal};
use domain::account::users::Account;
use domain::account::{Email, Password, Role, User, registration, users};
use domain::entities::{self, refresh_tokens, token_families};
use sea_orm::{EntityTrait, PaginatorTrait, sea_query::Expr};
use std::collections::HashMap;

const DAY: i64 = 24 * 60 * 60 * 1000;
const LIFETIMES: Lifetimes = Lifetimes { idle_ms: 30 * DAY, max_ms: 90 * DAY };

async fn ada(shop: &Shop) -> Account {
    let email: Email = "ada@example.com".parse().unwrap();
    let password = Password::parse("a long walk home").unwrap();
    let user = registration::register(&shop.db, &email, "Ada", &password).await.unwrap();
    users::account(&shop.db, user.id).await.unwrap().unwrap()
}

async fn log_in(shop: &Shop, account: &Account) -> RefreshFamily {
    tokens::open(&shop.db, account, "a program/1.0", LIFETIMES).await.unwrap()
}

async fn refresh(shop: &Shop, token: &str) -> Result<RefreshFamily, Refusal> {
    tokens::refresh(&shop.db, token, LIFETIMES).await.unwrap()
}

async fn holder(shop: &Shop, held: &RefreshFamily) -> Option<User> {
    tokens::holder(&shop.db, held.family_id).await.unwrap().map(|account| account.user)
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_one_and_is_not_in_the_database() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    let first = log_in(&shop, &account).await;
    let second = refresh(&shop, &first.refresh_token).await.unwrap();
    assert_eq!((second.family_id, &second.user), (first.family_id, &account.user));
    assert_ne!(second.refresh_token, first.refresh_token);
    assert!(refresh(&shop, &second.refresh_token).await.is_ok());
    assert_eq!(holder(&shop, &first).await, Some(account.user));
    for row in refresh_tokens::Entity::find().all(shop.db.read()).await.unwrap() {
        assert!(row.hash != first.refresh_token && row.hash != second.refresh_token, "a token is kept as it is");
    }
}

#[tokio::test]
async fn a_made_up_token_opens_nothing() {
    let shop = fresh().await;
    log_in(&shop, &ada(&shop).await).await;
    for token in ["", "x", "\0", "ä€", &"f".repeat(64), &"f".repeat(5000)] {
        assert_eq!(refresh(&shop, token).await, Err(Refusal::Over), "{token:?}");
        tokens::revoke_by_token(&shop.db, token).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_refreshes_at_once_one_wins_and_its_token_lives() {
    let shop = fresh().await;
    let held = log_in(&shop, &ada(&shop).await).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (db, token) = (shop.db.clone(), held.refresh_token.clone());
        tries.spawn(async move { tokens::refresh(&db, &token, LIFETIMES).await.unwrap() });
    }
    let mut won = Vec::new();
    let mut lost = HashMap::new();
    for outcome in tries.join_all().await {
        match outcome {
            Ok(held) => won.push(held),
            Err(refusal) => *lost.entry(refusal.to_string()).or_insert(0) += 1,
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(lost, HashMap::from([(Refusal::JustUsed.to_string(), 99)]));
    assert_eq!(refresh_tokens::Entity::find().count(shop.db.read()).await.unwrap(), 2);
    assert!(refresh(&shop, &won[0].refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_used_again_ends_everything_that_came_of_its_log_in() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    let stolen = log_in(&shop, &account).await;
    let other = log_in(&shop, &account).await;
    let newest = refresh(&shop, &stolen.refresh_token).await.unwrap();
    shop.clock.advance(GRACE_MS - 1);
    assert_eq!(refresh(&shop, &stolen.refresh_token).await, Err(Refusal::JustUsed));
    assert!(holder(&shop, &stolen).await.is_some());
    shop.clock.advance(1);
    assert_eq!(refresh(&shop, &stolen.refresh_token).await, Err(Refusal::Reused));
    assert_eq!(refresh(&shop, &newest.refresh_token).await, Err(Refusal::Over));
    assert_eq!(refresh(&shop, &stolen.refresh_token).await, Err(Refusal::Over));
    assert_eq!(holder(&shop, &stolen).await, None);
    assert!(refresh(&shop, &other.refresh_token).await.is_ok(), "another log-in ended too");
}

#[tokio::test]
async fn a_program_that_rests_for_a_month_logs_in_again_and_so_does_a_busy_one_after_three() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    let idle = log_in(&shop, &account).await;
    assert_eq!(idle.expires_at, shop.db.now().plus_ms(30 * DAY));
    let mut busy = log_in(&shop, &account).await;
    shop.clock.advance(29 * DAY);
    busy = refresh(&shop, &busy.refresh_token).await.unwrap();
    shop.clock.advance(DAY);
    assert_eq!(refresh(&shop, &idle.refresh_token).await, Err(Refusal::Over));
    assert_eq!(holder(&shop, &idle).await, None);
    shop.clock.advance(25 * DAY);
    busy = refresh(&shop, &busy.refresh_token).await.unwrap();
    shop.clock.advance(25 * DAY);
    busy = refresh(&shop, &busy.refresh_token).await.unwrap();
    assert_eq!(busy.expires_at, shop.db.now().plus_ms(10 * DAY), "it is over after ninety days however busy it is");
    shop.clock.advance(10 * DAY);
    assert_eq!(refresh(&shop, &busy.refresh_token).await, Err(Refusal::Over));
    assert_eq!(tokens::programs(&shop.db, account.user.id).await.unwrap(), []);
}

/// Logs in, changes the account, and expects that nothing is left of the log-in.
async fn ends_with(shop: &Shop, account: &Account, column: entities::users::Column, value: impl Into<sea_orm::Value>) {
    let held = log_in(shop, account).await;
    let change = entities::users::Entity::update_many().col_expr(column, Expr::value(value));
    change.exec(shop.db.read()).await.unwrap();
    assert_eq!(holder(shop, &held).await, None);
    assert_eq!(refresh(shop, &held.refresh_token).await, Err(Refusal::Over));
    assert_eq!(tokens::programs(&shop.db, account.user.id).await.unwrap(), []);
}

#[tokio::test]
async fn a_log_in_ends_with_the_password() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    ends_with(&shop, &account, entities::users::Column::PasswordHash, "$argon2id$another").await;
}

#[tokio::test]
async fn a_log_in_ends_with_a_change_of_role() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    ends_with(&shop, &account, entities::users::Column::Role, Role::Admin).await;
}

#[tokio::test]
async fn a_log_in_ends_when_its_account_is_disabled() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    ends_with(&shop, &account, entities::users::Column::DisabledAt, shop.db.now()).await;
}

#[tokio::test]
async fn someone_sees_their_programs_and_logs_them_out_one_by_one_or_all() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    let programs = async || tokens::programs(&shop.db, account.user.id).await.unwrap();
    let (one, two, three) =
        (log_in(&shop, &account).await, log_in(&shop, &account).await, log_in(&shop, &account).await);
    shop.clock.advance(1000);
    let two = refresh(&shop, &two.refresh_token).await.unwrap();
    let seen = programs().await;
    assert_eq!((seen.len(), seen[0].family_id, seen[0].client.as_str()), (3, two.family_id, "a program/1.0"));
    assert_eq!((seen[0].used_at, seen[0].created_at), (shop.db.now(), shop.db.now().plus_ms(-1000)));
    tokens::revoke(&shop.db, one.family_id).await.unwrap();
    assert_eq!(refresh(&shop, &one.refresh_token).await, Err(Refusal::Over));
    tokens::revoke_by_token(&shop.db, &two.refresh_token).await.unwrap();
    assert_eq!(programs().await.iter().map(|program| program.family_id).collect::<Vec<_>>(), [three.family_id]);
    assert_eq!(tokens::revoke_of_user(&shop.db, account.user.id).await.unwrap(), 1);
    assert_eq!(holder(&shop, &three).await, None);
}

#[tokio::test]
async fn what_is_too_old_is_forgotten() {
    let shop = fresh().await;
    let account = ada(&shop).await;
    log_in(&shop, &account).await;
    let kept = log_in(&shop, &account).await;
    shop.clock.advance(15 * DAY);
    let kept = refresh(&shop, &kept.refresh_token).await.unwrap();
    shop.clock.advance(15 * DAY);
    assert_eq!(tokens::delete_expired(&shop.db, LIFETIMES).await.unwrap(), 1);
    let left = async || refresh_tokens::Entity::find().count(shop.db.read()).await.unwrap();
    assert_eq!(left().await, 2, "the used token is still known");
    let kept = refresh(&shop, &kept.refresh_token).await.unwrap();
    shop.clock.advance(15 * DAY);
    assert_eq!(tokens::delete_expired(&shop.db, LIFETIMES).await.unwrap(), 0);
    assert_eq!(left().await, 2, "a used token as old as a log-in may rest is forgotten");
    assert!(refresh(&shop, &kept.refresh_token).await.is_ok());
    assert_eq!(token_families::Entity::find().count(shop.db.read()).await.unwrap(), 1);
}

fn key(kid: &str) -> NewKey {
    NewKey { kid: kid.to_owned(), public_key: "x".to_owned(), private_key: "plain.".to_owned() }
}

async fn published(shop: &Shop) -> Vec<String> {
    signing_keys::published(&shop.db, 1000).await.unwrap().into_iter().map(|key| key.kid).collect()
}

#[tokio::test]
async fn a_new_key_retires_the_old_one_which_is_published_for_a_while() {
    let shop = fresh().await;
    assert!(signing_keys::replace(&shop.db, None, &key("one")).await.unwrap());
    assert!(!signing_keys::replace(&shop.db, None, &key("other")).await.unwrap(), "there is a key already");
    assert_eq!(published(&shop).await, ["one"]);
    assert!(signing_keys::replace(&shop.db, Some("one"), &key("two")).await.unwrap());
    assert!(!signing_keys::replace(&shop.db, Some("one"), &key("other")).await.unwrap(), "it was replaced already");
    shop.clock.advance(999);
    assert_eq!(published(&shop).await, ["two", "one"]);
    assert_eq!(signing_keys::delete_retired(&shop.db, 1000).await.unwrap(), 0);
    shop.clock.advance(1);
    assert_eq!(published(&shop).await, ["two"]);
    assert_eq!(signing_keys::delete_retired(&shop.db, 1000).await.unwrap(), 1);
}

#[tokio::test]
async fn a_key_whose_row_was_deleted_is_replaced() {
    let shop = fresh().await;
    signing_keys::replace(&shop.db, None, &key("one")).await.unwrap();
    signing_keys::replace(&shop.db, Some("one"), &key("two")).await.unwrap();
    entities::signing_keys::Entity::delete_by_id("two").exec(shop.db.read()).await.unwrap();
    assert!(signing_keys::replace(&shop.db, None, &key("three")).await.unwrap());
    assert_eq!(published(&shop).await, ["three", "one"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_servers_that_make_a_key_at_once_one_wins() {
    let shop = fresh().await;
    let mut old = None;
    for round in 0..2 {
        let mut servers = tokio::task::JoinSet::new();
        for number in 0..20 {
            let (db, old, new) = (shop.db.clone(), old.clone(), key(&format!("{number} in round {round}")));
            servers.spawn(async move { signing_keys::replace(&db, old.as_deref(), &new).await.unwrap() });
        }
        assert_eq!(servers.join_all().await.into_iter().filter(|won| *won).count(), 1);
        let keys = signing_keys::published(&shop.db, DAY).await.unwrap();
        let signing: Vec<_> = keys.into_iter().filter(|key| key.retired_at.is_none()).collect();
        assert_eq!(signing.len(), 1);
        old = Some(signing[0].kid.clone());
    }
}
