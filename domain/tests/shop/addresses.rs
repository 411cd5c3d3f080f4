//! Addresses: confirmed, and changed.

use crate::database::{Shop, fresh};
use crate::mailbox::{ada, address, deliver, delivered_link, link, password};
use domain::Error;
use domain::account::email::mail::{Content, Notice};
use domain::account::email::verification;
use domain::account::{EmailStatus, User, login, recovery, registration};

const PASSWORD: &str = "a long walk home";

async fn email_status(shop: &Shop, user: &User) -> EmailStatus {
    verification::email_status(&shop.db, user.id).await.unwrap()
}

/// Asks to move Ada to another address; what was delivered.
async fn asked(shop: &Shop, user: &User, to: &str) -> Vec<domain::account::email::mail::Letter> {
    verification::ask_move(&shop.db, user.id, &address(to), PASSWORD).await.unwrap();
    deliver(shop).await
}

fn is_refused<T>(outcome: &domain::Result<T>) -> bool {
    matches!(outcome, Err(Error::Conflict(words)) if words.to_string().contains("does not work any more"))
}

#[tokio::test]
async fn who_registers_is_sent_a_link_to_confirm_the_address() {
    let shop = fresh().await;
    let user = registration::register(&shop.db, &address("ada"), "Ada", &password(PASSWORD)).await.unwrap();
    let before = email_status(&shop, &user).await;
    assert_eq!(before, EmailStatus { email: address("ada"), confirmed: false, pending: None });
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!((&letters[0].to, &letters[0].name), (&address("ada"), &None), "no name to an address of a stranger");
    let token = link(&letters[0]).expose();
    assert_eq!(verification::confirm(&shop.db, token).await.unwrap(), address("ada"));
    assert!(email_status(&shop, &user).await.confirmed);
    assert!(is_refused(&verification::confirm(&shop.db, token).await), "once");
}

#[tokio::test]
async fn an_account_that_could_not_be_opened_sends_no_mail() {
    let shop = fresh().await;
    ada(&shop).await;
    assert!(registration::register(&shop.db, &address("ada"), "Adah", &password(PASSWORD)).await.is_err());
    assert_eq!(deliver(&shop).await, []);
}

#[tokio::test]
async fn a_link_to_confirm_works_for_a_day() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    verification::ask_again(&shop.db, user.id).await.unwrap();
    let token = delivered_link(&shop).await;
    shop.clock.advance(24 * 60 * 60_000);
    assert!(is_refused(&verification::confirm(&shop.db, &token).await));
    verification::ask_again(&shop.db, user.id).await.unwrap();
    let token = delivered_link(&shop).await;
    shop.clock.advance(24 * 60 * 60_000 - 1);
    verification::confirm(&shop.db, &token).await.unwrap();
    verification::ask_again(&shop.db, user.id).await.unwrap();
    assert_eq!(deliver(&shop).await, [], "nothing is left to confirm");
}

#[tokio::test]
async fn an_address_changes_when_the_new_one_is_confirmed() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let letters = asked(&shop, &user, "countess").await;
    let told = letters.iter().find(|letter| letter.to == address("ada")).expect("a mail to the old address");
    assert_eq!(told.content, Content::Notice(Notice::MoveAsked { to: address("countess") }));
    let sent = letters.iter().find(|letter| letter.to == address("countess")).expect("a mail to the new address");
    let pending = email_status(&shop, &user).await;
    assert_eq!((pending.email, pending.pending), (address("ada"), Some(address("countess"))));
    assert!(login::authenticate(&shop.db, "countess@example.com", PASSWORD).await.unwrap().is_none(), "not yet");

    verification::confirm(&shop.db, link(sent).expose()).await.unwrap();
    let after = email_status(&shop, &user).await;
    assert_eq!(after, EmailStatus { email: address("countess"), confirmed: true, pending: None });
    assert!(login::authenticate(&shop.db, "countess@example.com", PASSWORD).await.unwrap().is_some());
    assert!(login::authenticate(&shop.db, "ada@example.com", PASSWORD).await.unwrap().is_none());
    let letters = deliver(&shop).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, address("ada"));
    assert_eq!(letters[0].content, Content::Notice(Notice::Moved { to: address("countess") }));
}

#[tokio::test]
async fn an_address_changes_only_with_the_password() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let refused = verification::ask_move(&shop.db, user.id, &address("thief"), "not the password").await;
    assert!(matches!(refused, Err(Error::Invalid { field: "password", .. })), "{refused:?}");
    let refused = verification::ask_move(&shop.db, user.id, &address("ada"), PASSWORD).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "email", .. })), "{refused:?}");
    assert_eq!(email_status(&shop, &user).await.pending, None);
    assert_eq!(deliver(&shop).await, []);
}

#[tokio::test]
async fn an_account_that_was_opened_by_google_moves_without_a_password() {
    let shop = fresh().await;
    let said = domain::account::external_login::ExternalIdentity {
        provider: "https://accounts.example".to_owned(),
        subject: "ada".to_owned(),
        email: Some(address("ada")),
        email_verified: true,
        name: Some("Ada".to_owned()),
    };
    let account = domain::account::external_login::log_in(&shop.db, &said).await.unwrap().unwrap();
    verification::ask_move(&shop.db, account.user.id, &address("countess"), "").await.unwrap();
    assert_eq!(email_status(&shop, &account.user).await.pending, Some(address("countess")));
}

#[tokio::test]
async fn nothing_tells_that_the_new_address_has_an_account_but_a_mail_to_it() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    registration::register(&shop.db, &address("ben"), "Ben", &password(PASSWORD)).await.unwrap();
    deliver(&shop).await;
    let letters = asked(&shop, &user, "ben").await;
    let sent = letters.iter().find(|letter| letter.to == address("ben")).expect("a mail to the new address");
    assert_eq!((&sent.content, &sent.name), (&Content::AddressTaken, &None));
    assert_eq!(email_status(&shop, &user).await.pending, Some(address("ben")), "as for any other");
}

#[tokio::test]
async fn of_two_who_want_an_address_the_first_to_confirm_it_has_it() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let letters = asked(&shop, &user, "new").await;
    let sent = letters.iter().find(|letter| letter.to == address("new")).unwrap();
    let other = registration::register(&shop.db, &address("new"), "Neil", &password(PASSWORD)).await.unwrap();
    let refused = verification::confirm(&shop.db, link(sent).expose()).await;
    assert!(
        matches!(&refused, Err(Error::Conflict(words)) if words.to_string().contains("another account")),
        "{refused:?}"
    );
    assert_eq!(email_status(&shop, &user).await.email, address("ada"));
    assert_eq!(email_status(&shop, &other).await.email, address("new"));
}

#[tokio::test]
async fn a_move_that_was_called_off_or_replaced_cannot_be_confirmed() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    let to_first = asked(&shop, &user, "first").await;
    let to_second = asked(&shop, &user, "second").await;
    let link_to = |letters: &[domain::account::email::mail::Letter], name: &str| {
        link(letters.iter().find(|letter| letter.to == address(name)).unwrap()).expose().to_owned()
    };
    assert!(is_refused(&verification::confirm(&shop.db, &link_to(&to_first, "first")).await));
    verification::stay(&shop.db, user.id).await.unwrap();
    assert!(is_refused(&verification::confirm(&shop.db, &link_to(&to_second, "second")).await));
    assert_eq!(email_status(&shop, &user).await.email, address("ada"));
}

#[tokio::test]
async fn a_mail_about_a_move_that_was_called_off_is_not_sent() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    verification::ask_move(&shop.db, user.id, &address("new"), PASSWORD).await.unwrap();
    verification::stay(&shop.db, user.id).await.unwrap();
    let letters = deliver(&shop).await;
    assert!(letters.iter().all(|letter| letter.to == address("ada")), "{letters:?}");
}

#[tokio::test]
async fn the_mail_for_a_new_address_can_be_sent_again() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    asked(&shop, &user, "new").await;
    verification::ask_again(&shop.db, user.id).await.unwrap();
    let token = delivered_link(&shop).await;
    assert_eq!(verification::confirm(&shop.db, &token).await.unwrap(), address("new"));
}

#[tokio::test]
async fn links_that_went_to_the_old_address_are_worth_nothing_after_a_move() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    let recover = delivered_link(&shop).await;
    let letters = asked(&shop, &user, "new").await;
    let sent = letters.iter().find(|letter| letter.to == address("new")).unwrap();
    verification::confirm(&shop.db, link(sent).expose()).await.unwrap();
    let refused = recovery::reset(&shop.db, &recover, &password("another long walk")).await;
    assert!(is_refused(&refused), "{refused:?}");
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    assert!(deliver(&shop).await.iter().all(|letter| matches!(letter.content, Content::Notice(_))));
}

#[tokio::test]
async fn a_person_is_greeted_by_name_once_the_address_is_theirs() {
    let shop = fresh().await;
    let user = ada(&shop).await;
    verification::ask_again(&shop.db, user.id).await.unwrap();
    let token = delivered_link(&shop).await;
    verification::confirm(&shop.db, &token).await.unwrap();
    recovery::ask_reset(&shop.db, &address("ada")).await.unwrap();
    assert_eq!(deliver(&shop).await[0].name.as_deref(), Some("Ada"));
}

#[tokio::test]
async fn a_made_up_link_changes_nothing_and_holds_nobody_up() {
    let shop = fresh().await;
    ada(&shop).await;
    shop.statements.take();
    for made_up in ["", "0", &"0".repeat(64)] {
        assert!(is_refused(&verification::confirm(&shop.db, made_up).await));
    }
    let asked = shop.statements.take();
    assert!(asked.iter().all(|statement| statement.sql.trim_start().to_uppercase().starts_with("SELECT")), "{asked:?}");
}
