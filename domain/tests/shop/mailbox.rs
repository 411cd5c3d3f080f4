//! The mailbox of the tests: takes the mails that were asked for, as the server's runner does.

use crate::database::Shop;
use domain::account::email::email_tokens::LinkToken;
use domain::account::email::mail::{self, Content, Letter, MailJob};
use domain::account::{Email, Password, User, registration};
use domain::job_kinds;
use domain::jobs::{self, Claim, Job, Queue};

pub const LEASE_MS: i64 = 60_000;

pub fn address(name: &str) -> Email {
    format!("{name}@example.com").parse().unwrap()
}

pub fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

/// Ada, who has just registered; her first mail was delivered.
pub async fn ada(shop: &Shop) -> User {
    let ada = registration::register(&shop.db, &address("ada"), "Ada", &password("a long walk home")).await.unwrap();
    let letters = deliver(shop).await;
    assert_eq!(letters.len(), 1);
    ada
}

/// Delivers every mail that is due.
pub async fn deliver(shop: &Shop) -> Vec<Letter> {
    let mut letters = Vec::new();
    while let Some((claim, mail_job)) = take(shop, "post").await {
        letters.extend(mail::prepare(&shop.db, &claim, &mail_job).await.unwrap());
        assert_eq!(jobs::complete_all(&shop.db, &[claim]).await.unwrap(), 1);
    }
    letters
}

/// Takes the next mail that is due.
pub async fn take(shop: &Shop, runner: &str) -> Option<(Claim, MailJob)> {
    // The mails of gifts are another kind.
    let kinds = job_kinds::all().only(&[MailJob::KIND]);
    let claim = jobs::claim(&shop.db, &kinds, Queue::Mail, runner, LEASE_MS, 1).await.unwrap().pop()?;
    let mail_job = serde_json::from_str(&claim.payload).unwrap();
    Some((claim, mail_job))
}

/// The secret of the link in a letter.
pub fn link(letter: &Letter) -> &LinkToken {
    match &letter.content {
        Content::Reset(token) | Content::Verify(token) | Content::Move(token) => token,
        other => panic!("{other:?} has no link"),
    }
}

/// Delivers what is due, and takes the link out of the one mail that has one.
pub async fn delivered_link(shop: &Shop) -> String {
    let letters = deliver(shop).await;
    let mut links = letters
        .iter()
        .filter(|letter| matches!(letter.content, Content::Reset(_) | Content::Verify(_) | Content::Move(_)));
    let found = link(links.next().expect("a mail with a link")).expose().to_owned();
    assert!(links.next().is_none(), "one mail has a link");
    found
}
