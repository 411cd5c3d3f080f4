//! Accounts that open by Google's word.

use crate::database::{Shop, fresh};
use crate::mailbox::{ada, address, deliver, delivered_link, password};
use domain::account::email::mail::{Content, Notice};
use domain::account::email::verification;
use domain::account::external_login::{self, ExternalIdentity};
use domain::account::{GoogleRefusal, User, login, registration, users};
use domain::audit::{self, Action, Filter};
use domain::entities::{self, identities as rows, spent_id_tokens};
use domain::{Db, Error, Timestamp};
use sea_orm::{EntityTrait, PaginatorTrait, sea_query::Expr};
use uuid::Uuid;

const ISSUER: &str = "https://accounts.example";
const HOUR: i64 = 3_600_000;

/// What Google says of somebody whose address it has confirmed.
fn said(name: &str) -> ExternalIdentity {
    ExternalIdentity {
        provider: ISSUER.to_owned(),
        subject: format!("subject-of-{name}"),
        email: Some(address(name)),
        email_verified: true,
        name: Some(name.to_owned()),
    }
}

async fn log_in(shop: &Shop, said: &ExternalIdentity) -> Result<User, GoogleRefusal> {
    external_login::log_in(&shop.db, said).await.unwrap().map(|account| account.user)
}

async fn link(shop: &Shop, user: &User, said: &ExternalIdentity) -> Result<(), GoogleRefusal> {
    external_login::link(&shop.db, user.id, said).await.unwrap()
}

/// Bea, with a password and a confirmed address.
async fn confirmed_bea(shop: &Shop) -> User {
    let bea = registration::register(&shop.db, &address("bea"), "Bea", &password("a long walk home")).await.unwrap();
    let token = delivered_link(shop).await;
    verification::confirm(&shop.db, &token).await.unwrap();
    bea
}

async fn lines(shop: &Shop, action: Action) -> Vec<(String, String)> {
    let filter = Filter { action: action.name().to_owned(), ..Filter::default() };
    let events = audit::trail::events(&shop.db, &filter, None, 10).await.unwrap();
    events.into_iter().map(|event| (event.outcome.name().to_owned(), event.details)).collect()
}

async fn count(shop: &Shop) -> (u64, u64) {
    let db = shop.db.read();
    (entities::users::Entity::find().count(db).await.unwrap(), rows::Entity::find().count(db).await.unwrap())
}

/// Links somebody who has a password, logs them in by Google, and unlinks them: all that leaves lines in the trail.
pub async fn come_and_go(db: &Db, user: &User) {
    external_login::link(db, user.id, &said("ada")).await.unwrap().unwrap();
    external_login::log_in(db, &said("ada")).await.unwrap().unwrap();
    external_login::unlink(db, user.id, ISSUER).await.unwrap();
}

#[tokio::test]
async fn who_was_never_here_gets_an_account_without_a_password() {
    let shop = fresh().await;
    let user = log_in(&shop, &said("ada")).await.unwrap();
    assert_eq!((&user.email, user.name.as_str(), user.is_admin()), (&address("ada"), "ada", false));
    assert!(verification::email_status(&shop.db, user.id).await.unwrap().confirmed);
    assert!(login::authenticate(&shop.db, "ada@example.com", "").await.unwrap().is_none());
    assert_eq!(deliver(&shop).await, []);
    shop.clock.advance(HOUR);
    assert_eq!(log_in(&shop, &said("ada")).await.unwrap().id, user.id);
    assert_eq!(count(&shop).await, (1, 1));
    let status = external_login::google_link_status(&shop.db, user.id, ISSUER).await.unwrap();
    let google = status.link.unwrap();
    assert!(!status.has_password);
    assert_eq!((google.email, google.used_at.since_ms(google.since)), (Some(address("ada")), HOUR));
}

#[tokio::test]
async fn a_person_is_known_by_the_subject_and_not_by_the_address() {
    let shop = fresh().await;
    let user = log_in(&shop, &said("ada")).await.unwrap();
    confirmed_bea(&shop).await;
    let moved = ExternalIdentity { email: Some(address("bea")), ..said("ada") };
    assert_eq!(log_in(&shop, &moved).await.unwrap(), user, "the account keeps its address");
    let unsure = ExternalIdentity { email: None, email_verified: false, ..said("ada") };
    assert_eq!(log_in(&shop, &unsure).await.unwrap(), user);
    // Subjects are told apart to the letter, and mean something only at their provider.
    for other in ["SUBJECT-OF-ADA", "subject-of-ad", "subject-of-adä"] {
        let other = ExternalIdentity { subject: other.to_owned(), ..said("cleo") };
        assert_ne!(log_in(&shop, &other).await.map(|user| user.id), Ok(user.id));
    }
    let elsewhere = ExternalIdentity { provider: "https://elsewhere.example".to_owned(), ..said("ada") };
    assert_eq!(log_in(&shop, &elsewhere).await.unwrap().id, user.id, "by the address, which both have confirmed");
}

#[tokio::test]
async fn an_account_is_linked_by_its_address_only_if_both_sides_have_confirmed_it() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let unsure = ExternalIdentity { email_verified: false, ..said("ada") };
    assert_eq!(log_in(&shop, &said("ada")).await, Err(GoogleRefusal::LogInFirst));
    assert_eq!(log_in(&shop, &unsure).await, Err(GoogleRefusal::Unconfirmed));
    assert_eq!((count(&shop).await, deliver(&shop).await), ((1, 0), vec![]));
    let refused = lines(&shop, Action::LoginFailed).await;
    assert!(refused.iter().all(|(outcome, details)| outcome == "refused" && details.contains("google")), "{refused:?}");

    verification::ask_again(&shop.db, user.id).await.unwrap();
    let token = delivered_link(&shop).await;
    verification::confirm(&shop.db, &token).await.unwrap();
    assert_eq!(log_in(&shop, &unsure).await, Err(GoogleRefusal::Unconfirmed));
    assert_eq!(log_in(&shop, &said("ada")).await.unwrap().id, user.id);
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!((&letters[0].to, letters[0].name.as_deref()), (&address("ada"), Some("Ada")));
    assert_eq!(letters[0].content, Content::Notice(Notice::GoogleLinked { at: shop.db.now() }));
    assert_eq!(lines(&shop, Action::GoogleLinked).await.len(), 1);
    assert!(login::authenticate(&shop.db, "ada@example.com", "a long walk home").await.unwrap().is_some());
}

#[tokio::test]
async fn another_google_account_with_the_same_address_does_not_take_the_first_ones_place() {
    let shop = fresh().await;
    log_in(&shop, &said("ada")).await.unwrap();
    let heir = ExternalIdentity { subject: "the next owner".to_owned(), ..said("ada") };
    assert_eq!(log_in(&shop, &heir).await, Err(GoogleRefusal::OtherLink));
    assert_eq!(count(&shop).await, (1, 1));
}

#[tokio::test]
async fn a_closed_account_stays_closed() {
    let shop = fresh().await;
    log_in(&shop, &said("ada")).await.unwrap();
    confirmed_bea(&shop).await;
    let close =
        entities::users::Entity::update_many().col_expr(entities::users::Column::DisabledAt, Expr::value(Timestamp(1)));
    close.exec(shop.db.read()).await.unwrap();
    for name in ["ada", "bea"] {
        assert_eq!(log_in(&shop, &said(name)).await, Err(GoogleRefusal::Closed), "{name}");
    }
}

#[tokio::test]
async fn who_is_logged_in_links_any_google_account_that_is_free() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    // Not even its address has to be known.
    let private = ExternalIdentity { email: None, email_verified: false, ..said("friend") };
    assert_eq!(link(&shop, &user, &private).await, Ok(()));
    assert_eq!(link(&shop, &user, &private).await, Ok(()), "it is there already");
    assert_eq!(deliver(&shop).await.len(), 1, "which needs no second mail");
    assert_eq!(log_in(&shop, &private).await.unwrap().id, user.id);
    assert_eq!(link(&shop, &user, &said("ada")).await, Err(GoogleRefusal::OtherLink));
    let bea = confirmed_bea(&shop).await;
    assert_eq!(link(&shop, &bea, &private).await, Err(GoogleRefusal::Taken));
    assert!(external_login::link(&shop.db, Uuid::now_v7(), &said("nobody")).await.is_err());
    assert_eq!(count(&shop).await, (2, 1));
    assert!(external_login::is_of(&shop.db, user.id, &private).await.unwrap());
    assert!(!external_login::is_of(&shop.db, bea.id, &private).await.unwrap());
    assert!(!external_login::is_of(&shop.db, bea.id, &said("bea")).await.unwrap());
}

#[tokio::test]
async fn the_only_way_in_is_not_taken_away() {
    let shop = fresh().await;
    let user = log_in(&shop, &said("ada")).await.unwrap();
    let refused = external_login::unlink(&shop.db, user.id, ISSUER).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("only way in")),
        "{refused:?}"
    );
    assert_eq!(log_in(&shop, &said("ada")).await.unwrap().id, user.id);
    let with_password = confirmed_bea(&shop).await;
    log_in(&shop, &said("bea")).await.unwrap();
    deliver(&shop).await;
    external_login::unlink(&shop.db, with_password.id, ISSUER).await.unwrap();
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].content, Content::Notice(Notice::GoogleUnlinked { at: shop.db.now() }));
    external_login::unlink(&shop.db, with_password.id, ISSUER).await.unwrap();
    assert_eq!(deliver(&shop).await, [], "nothing was left to take away");
    assert_eq!(lines(&shop, Action::GoogleUnlinked).await.len(), 1);
    assert_eq!(count(&shop).await, (2, 1));
}

#[tokio::test]
async fn a_link_goes_with_its_account() {
    let shop = fresh().await;
    let user = log_in(&shop, &said("ada")).await.unwrap();
    entities::users::Entity::delete_by_id(user.id).exec(shop.db.read()).await.unwrap();
    assert_eq!(count(&shop).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_log_ins_at_once_all_end_in_one_account() {
    let shop = fresh().await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let db = shop.db.clone();
        tries.spawn(async move { external_login::log_in(&db, &said("ada")).await.unwrap().unwrap().user.id });
    }
    let mut ids = tries.join_all().await;
    ids.dedup();
    assert_eq!((ids.len(), count(&shop).await), (1, (1, 1)));
    assert_eq!(lines(&shop, Action::Registered).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_accounts_that_are_linked_to_one_google_account_at_once_one_has_it() {
    let shop = fresh().await;
    let users = [ada(&shop).await, confirmed_bea(&shop).await];
    deliver(&shop).await;
    let mut tries = tokio::task::JoinSet::new();
    for user in users.clone().into_iter().chain(users) {
        let db = shop.db.clone();
        tries.spawn(async move { (user.id, external_login::link(&db, user.id, &said("shared")).await.unwrap()) });
    }
    let outcomes = tries.join_all().await;
    let owner = rows::Entity::find().one(shop.db.read()).await.unwrap().unwrap().user_id;
    for (id, outcome) in outcomes {
        let expected = if id == owner { Ok(()) } else { Err(GoogleRefusal::Taken) };
        assert_eq!(outcome, expected);
    }
    assert_eq!((count(&shop).await.1, deliver(&shop).await.len()), (1, 1));
}

#[tokio::test]
async fn a_word_is_taken_once() {
    let shop = fresh().await;
    let (one, other) = ("a".repeat(64), "b".repeat(64));
    let expires_at = shop.db.now().plus_ms(HOUR);
    assert!(external_login::id_tokens::spend(&shop.db, &one, expires_at).await.unwrap());
    assert!(!external_login::id_tokens::spend(&shop.db, &one, expires_at).await.unwrap());
    assert!(external_login::id_tokens::spend(&shop.db, &other, expires_at.plus_ms(1)).await.unwrap());
    assert_eq!(external_login::id_tokens::delete_expired(&shop.db).await.unwrap(), 0);
    shop.clock.advance(HOUR);
    assert_eq!(external_login::id_tokens::delete_expired(&shop.db).await.unwrap(), 1);
    let left = spent_id_tokens::Entity::find().all(shop.db.read()).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].digest, other);
}

#[tokio::test]
async fn an_account_with_a_second_step_is_linked_by_its_owner_and_not_by_an_address() {
    let shop = fresh().await;
    let bea = confirmed_bea(&shop).await;
    let account = users::account(&shop.db, bea.id).await.unwrap().unwrap();
    crate::two_factor::protect(&shop.db, &account).await;
    assert_eq!(log_in(&shop, &said("bea")).await, Err(GoogleRefusal::LogInFirst));
    assert_eq!(count(&shop).await.1, 0, "nothing is linked");
    link(&shop, &bea, &said("bea")).await.unwrap();
    assert_eq!(log_in(&shop, &said("bea")).await.map(|user| user.id), Ok(bea.id));
}

#[tokio::test]
async fn an_admin_who_is_made_by_command_is_opened_by_nobody_elses_google() {
    let shop = fresh().await;
    let bea = confirmed_bea(&shop).await;
    link(&shop, &bea, &said("thief")).await.unwrap();
    registration::create_admin(&shop.db, &address("bea"), "Bea", &password("another long walk")).await.unwrap();
    assert_eq!(count(&shop).await.1, 0);
}
