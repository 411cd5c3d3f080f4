//! A forgotten password.

use crate::database::{Shop, fresh};
use crate::mailbox::{self, LEASE_MS, ada, address, deliver, delivered_link, link, password};
use domain::account::email::mail::{self, Content, Notice};
use domain::account::email::{email_tokens, verification};
use domain::account::{TokenPurpose, User, login, recovery, registration, sessions, users};
use domain::entities::{self, account_tokens, jobs as job_rows};
use domain::job_kinds;
use domain::jobs::{self, manage};
use domain::{Error, Timestamp};
use sea_orm::{EntityTrait, PaginatorTrait, sea_query::Expr};

const NEW: &str = "another long walk";

/// Ada asks for a link, which is delivered.
async fn forgotten(shop: &Shop) -> String {
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    delivered_link(shop).await
}

async fn reset(shop: &Shop, token: &str) -> domain::Result<()> {
    recovery::reset(&shop.db, token, &password(NEW)).await.map(|_| ())
}

async fn opens(shop: &Shop, word: &str) -> bool {
    login::authenticate(&shop.db, "ada@example.com", word).await.unwrap().is_some()
}

async fn logged_in(shop: &Shop, user: &User, id: &str) {
    let row =
        sessions::Row { id: id.into(), data: "{}".into(), user_id: Some(user.id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
}

fn is_refused(outcome: &domain::Result<()>) -> bool {
    matches!(outcome, Err(Error::Conflict(words)) if words.to_string().contains("does not work any more"))
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_the_link_in_the_mail() {
    let shop = fresh().await;
    ada(&shop).await;
    let token = forgotten(&shop).await;
    assert_eq!(token.len(), 64, "256 bits");
    assert!(opens(&shop, "a long walk home").await, "asking changes nothing");
    reset(&shop, &token).await.unwrap();
    assert!(opens(&shop, NEW).await);
    assert!(!opens(&shop, "a long walk home").await);
}

#[tokio::test]
async fn a_link_works_once() {
    let shop = fresh().await;
    ada(&shop).await;
    let token = forgotten(&shop).await;
    reset(&shop, &token).await.unwrap();
    let again = recovery::reset(&shop.db, &token, &password("a third long walk")).await.map(|_| ());
    assert!(is_refused(&again), "{again:?}");
    assert!(opens(&shop, NEW).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_open_a_link_at_once_one_is_refused() {
    let shop = fresh().await;
    ada(&shop).await;
    let token = forgotten(&shop).await;
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..4 {
        let (db, token) = (shop.db.clone(), token.clone());
        tries.spawn(async move {
            let word = format!("the long walk of {n}");
            recovery::reset(&db, &token, &password(&word)).await.map(|_| word)
        });
    }
    let outcomes = tries.join_all().await;
    let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(opens(&shop, won[0]).await);
}

#[tokio::test]
async fn a_link_works_for_thirty_minutes() {
    let shop = fresh().await;
    ada(&shop).await;
    let late = forgotten(&shop).await;
    shop.clock.advance(30 * 60_000);
    assert!(is_refused(&reset(&shop, &late).await));
    let in_time = forgotten(&shop).await;
    shop.clock.advance(30 * 60_000 - 1);
    reset(&shop, &in_time).await.unwrap();
}

#[tokio::test]
async fn the_time_of_a_link_begins_when_it_is_sent() {
    let shop = fresh().await;
    ada(&shop).await;
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    shop.clock.advance(29 * 60_000);
    let token = delivered_link(&shop).await;
    shop.clock.advance(29 * 60_000);
    reset(&shop, &token).await.unwrap();
}

#[tokio::test]
async fn a_link_does_not_work_after_the_password_changed() {
    let shop = fresh().await;
    ada(&shop).await;
    let (first, second) = (forgotten(&shop).await, forgotten(&shop).await);
    reset(&shop, &second).await.unwrap();
    assert!(is_refused(&reset(&shop, &first).await), "after another link");

    let third = forgotten(&shop).await;
    registration::create_admin(&shop.db, &address("ada"), "Ada", &password("set by a command")).await.unwrap();
    assert!(is_refused(&reset(&shop, &third).await), "after the command");
    assert!(opens(&shop, "set by a command").await);
}

#[tokio::test]
async fn of_the_links_to_choose_a_password_the_newest_one_works() {
    let shop = fresh().await;
    ada(&shop).await;
    let (first, second) = (forgotten(&shop).await, forgotten(&shop).await);
    assert!(is_refused(&reset(&shop, &first).await), "a newer one was sent");
    reset(&shop, &second).await.unwrap();
}

#[tokio::test]
async fn a_made_up_link_does_not_work() {
    let shop = fresh().await;
    ada(&shop).await;
    forgotten(&shop).await;
    for made_up in ["", "0", &"0".repeat(64), &"x".repeat(100_000)] {
        assert!(is_refused(&reset(&shop, made_up).await));
    }
}

#[tokio::test]
async fn an_unknown_address_is_answered_by_the_same_work() {
    let shop = fresh().await;
    ada(&shop).await;
    let mut work = Vec::new();
    for name in ["ada", "nobody"] {
        shop.statements.take();
        recovery::ask_reset(&shop.db, &address(name)).await.unwrap();
        work.push(shop.statements.take().into_iter().map(|statement| statement.sql).collect::<Vec<_>>());
    }
    assert!(!work[0].is_empty());
    assert_eq!(work[0], work[1]);
    let asked: Vec<_> = job_rows::Entity::find().all(shop.db.read()).await.unwrap();
    let payload = |name: &str| asked.iter().filter(|job| job.payload.contains(name)).count();
    assert_eq!((payload("ada@example.com"), payload("nobody@example.com")), (1, 1));
}

#[tokio::test]
async fn nobody_without_an_account_gets_a_mail() {
    let shop = fresh().await;
    ada(&shop).await;
    entities::users::Entity::update_many()
        .col_expr(entities::users::Column::DisabledAt, Expr::value(shop.db.now()))
        .exec(shop.db.read())
        .await
        .unwrap();
    for name in ["nobody", "ada"] {
        recovery::ask_reset(&shop.db, &address(name)).await.unwrap();
    }
    assert_eq!(deliver(&shop).await, []);
    let left = job_rows::Entity::find().all(shop.db.read()).await.unwrap();
    assert!(left.iter().all(|job| job.finished_at.is_some()), "the jobs are done all the same");
}

#[tokio::test]
async fn a_disabled_account_stays_closed_whatever_link_was_sent() {
    let shop = fresh().await;
    ada(&shop).await;
    let token = forgotten(&shop).await;
    entities::users::Entity::update_many()
        .col_expr(entities::users::Column::DisabledAt, Expr::value(shop.db.now()))
        .exec(shop.db.read())
        .await
        .unwrap();
    assert!(is_refused(&reset(&shop, &token).await));
}

#[tokio::test]
async fn asking_again_before_the_mail_has_left_asks_for_the_same_one() {
    let shop = fresh().await;
    ada(&shop).await;
    for _ in 0..3 {
        recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    }
    assert_eq!(deliver(&shop).await.len(), 1);
}

#[tokio::test]
async fn a_reset_ends_every_session_and_the_person_is_told() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let before = users::account(&shop.db, user.id).await.unwrap().unwrap();
    for id in ["phone", "desk"] {
        logged_in(&shop, &user, id).await;
    }
    let token = forgotten(&shop).await;
    reset(&shop, &token).await.unwrap();
    for id in ["phone", "desk"] {
        assert_eq!(sessions::load(&shop.db, id).await.unwrap(), None);
    }
    assert_ne!(users::account(&shop.db, user.id).await.unwrap().unwrap().auth_hash, before.auth_hash);
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, address("ada"));
    assert_eq!(letters[0].content, Content::Notice(Notice::PasswordChanged { at: shop.db.now() }));
}

#[tokio::test]
async fn a_refused_reset_changes_nothing() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    logged_in(&shop, &user, "desk").await;
    let token = forgotten(&shop).await;
    shop.clock.advance(30 * 60_000);
    assert!(is_refused(&reset(&shop, &token).await));
    assert!(sessions::load(&shop.db, "desk").await.unwrap().is_some());
    assert_eq!(deliver(&shop).await, []);
}

#[tokio::test]
async fn who_opens_the_link_has_confirmed_the_address() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let token = forgotten(&shop).await;
    reset(&shop, &token).await.unwrap();
    assert!(verification::email_status(&shop.db, user.id).await.unwrap().confirmed);
}

#[tokio::test]
async fn a_reset_calls_off_a_move_that_a_thief_asked_for() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    verification::ask_move(&shop.db, user.id, &address("thief"), "a long walk home").await.unwrap();
    let to_thief = delivered_link(&shop).await;
    let token = forgotten(&shop).await;
    reset(&shop, &token).await.unwrap();
    assert!(verification::confirm(&shop.db, &to_thief).await.is_err());
    let status = verification::email_status(&shop.db, user.id).await.unwrap();
    assert_eq!((status.email, status.pending), (address("ada"), None));
}

#[tokio::test]
async fn the_secret_of_a_link_is_nowhere_in_the_database() {
    let shop = fresh().await;
    ada(&shop).await;
    let token = forgotten(&shop).await;
    let kept = account_tokens::Entity::find().all(shop.db.read()).await.unwrap();
    assert!(kept.iter().any(|link| link.purpose == TokenPurpose::Reset), "the link is known by its digest");
    let jobs = job_rows::Entity::find().all(shop.db.read()).await.unwrap();
    assert!(!format!("{kept:?} {jobs:?}").contains(&token));
}

#[tokio::test]
async fn a_mail_that_was_lost_with_its_runner_is_sent_again_with_a_link_that_works() {
    let shop = fresh().await;
    ada(&shop).await;
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    let (lost, mail_job) = mailbox::take(&shop, "one").await.unwrap();
    let first = mail::prepare(&shop.db, &lost, &mail_job).await.unwrap().unwrap();
    // The runner dies here: nobody knows whether the mail has left.
    shop.clock.advance(LEASE_MS + 1);
    let second = delivered_link(&shop).await;
    assert_ne!(link(&first).expose(), second);
    assert_eq!(
        jobs::complete_all(&shop.db, std::slice::from_ref(&lost)).await.unwrap(),
        0,
        "the old runner has no say"
    );
    assert!(
        matches!(mail::prepare(&shop.db, &lost, &mail_job).await, Err(Error::LeaseLost)),
        "nor can it replace the secret"
    );
    assert!(is_refused(&reset(&shop, link(&first).expose()).await), "the last mail has the link");
    reset(&shop, &second).await.unwrap();
}

#[tokio::test]
async fn a_link_that_was_used_is_not_sent_again() {
    let shop = fresh().await;
    ada(&shop).await;
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    let (lost, mail_job) = mailbox::take(&shop, "one").await.unwrap();
    let first = mail::prepare(&shop.db, &lost, &mail_job).await.unwrap().unwrap();
    reset(&shop, link(&first).expose()).await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    let letters = deliver(&shop).await;
    assert!(letters.iter().all(|letter| matches!(letter.content, Content::Notice(_))), "{letters:?}");
}

#[tokio::test]
async fn a_link_for_one_thing_does_not_do_for_another() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    verification::ask_again(&shop.db, user.id).await.unwrap();
    let confirm = delivered_link(&shop).await;
    let recover = forgotten(&shop).await;
    assert!(is_refused(&reset(&shop, &confirm).await));
    assert!(matches!(verification::confirm(&shop.db, &recover).await, Err(Error::Conflict(_))));
    reset(&shop, &recover).await.unwrap();
}

#[tokio::test]
async fn links_and_mails_are_forgotten_in_time() {
    let shop = fresh().await;
    ada(&shop).await;
    forgotten(&shop).await;
    // The link to reset, and the one from when Ada registered.
    assert_eq!(email_tokens::delete_stale(&shop.db).await.unwrap(), 0);
    shop.clock.advance(30 * 60_000);
    assert_eq!(email_tokens::delete_stale(&shop.db).await.unwrap(), 1);
    assert_eq!(manage::prune(&shop.db, job_kinds::all()).await.unwrap(), 0);
    shop.clock.advance(24 * 60 * 60_000 + 1);
    assert_eq!(email_tokens::delete_stale(&shop.db).await.unwrap(), 1);
    assert_eq!(manage::prune(&shop.db, job_kinds::all()).await.unwrap(), 2);
    assert_eq!(job_rows::Entity::find().count(shop.db.read()).await.unwrap(), 0);
}
