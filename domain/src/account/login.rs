//! Logging in with a password: how often it may be tried, whether it is the right one, and the lines in the audit trail.

use super::Email;
use super::passwords::hashing;
use super::sessions::devices;
use super::users::{Account, find_by_email};
use crate::audit::{self, Action, Entry};
use crate::limits::{Limits, Rule};
use crate::{Db, Result};
use serde_json::json;

/// What somebody types, and the cookie that tells a browser they logged in with before.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub device: Option<&'a str>,
}

/// The account of an address and its password. A wrong password goes into the trail; the right one does not yet, because
/// more may be asked for before somebody is in: see [`succeeded`].
///
/// Attempts are counted by network, by account and network, and by account from all networks together, so that neither one
/// machine nor a thousand can guess for long. Somebody else's attempts keep out nobody in a browser that the account knows:
/// there only that browser's own are counted.
///
/// # Errors
/// [`Error::TooMany`](crate::Error::TooMany) with how long to wait, [`Error::Busy`](crate::Error::Busy) in a crowd.
pub async fn verify(db: &Db, limits: &Limits, attempt: Attempt<'_>) -> Result<Option<Account>> {
    let email = attempt.email.trim().to_lowercase();
    let network = db.actor().network();
    let known = match attempt.device {
        Some(token) => devices::is_known(db, token, &email).await?.then_some(token),
        None => None,
    };
    let place = known.unwrap_or(&network);
    if known.is_none() {
        limits.take_network(Rule::LoginNetwork, db.actor()).await?;
    }
    limits.take(Rule::LoginAccount, &[&email, place]).await?;
    if known.is_none() {
        limits.take(Rule::LoginEverywhere, &[&email]).await?;
    }
    let account = authenticate(db, &email, attempt.password).await?;
    if account.is_some() {
        limits.forget(Rule::LoginAccount, &[&email, place]).await?;
    } else {
        // What is no address may be a password in the wrong field.
        let typed = email.parse::<Email>().map_or_else(|_| "(no address)".to_owned(), |email| email.to_string());
        let failed = Entry::new(Action::LoginFailed).refused().on("account", typed);
        audit::record(db, failed.with(json!({ "known_browser": known.is_some() }))).await?;
    }
    Ok(account)
}

/// The account of an address and its password. Neither the answer nor the time it takes tells an unknown address, a
/// wrong password and a disabled account apart.
pub async fn authenticate(db: &Db, email: &str, password: &str) -> Result<Option<Account>> {
    // What is no address has no account, and may hold what a database refuses.
    let row = match email.parse::<Email>() {
        Ok(email) => find_by_email(db.read(), &email).await?,
        Err(_) => None,
    };
    let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let opens = hashing::verify(password, hash).await?;
    row.filter(|row| opens && row.disabled_at.is_none()).map(Account::try_from).transpose()
}

/// Somebody is in.
pub async fn succeeded(db: &Db, account: &Account) -> Result<()> {
    let user = &account.user;
    audit::record(db, Entry::new(Action::LoggedIn).by(user.id, &user.email).on("account", user.id)).await
}

/// Somebody is out.
pub async fn ended(db: &Db, account: &Account) -> Result<()> {
    let user = &account.user;
    audit::record(db, Entry::new(Action::LoggedOut).by(user.id, &user.email).on("account", user.id)).await
}
