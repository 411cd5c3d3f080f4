//! Proving again, while logged in, that it is still the same person (OWASP ASVS 5.0, 7.5).

use super::passwords::hashing;
use super::users::{Account, active, any};
use super::{ReauthenticationFactors, mfa};
use crate::audit::{self, Action, Entry};
use crate::limits::{Limits, Rule};
use crate::vault::Vault;
use crate::{Db, Error, Result};
use uuid::Uuid;

/// What somebody has to give to prove again that it is them.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn factors(db: &Db, user_id: Uuid) -> Result<ReauthenticationFactors> {
    let person = any(db.read(), user_id).await?;
    Ok(ReauthenticationFactors { password: person.password_hash.is_some(), code: person.second_step_at.is_some() })
}

/// Whether somebody who is logged in proves again that it is them, with all that their account asks for at a log-in.
///
/// # Errors
/// `Invalid` at the field that was wrong, [`Error::TooMany`], `Conflict` when the account has neither password nor code.
pub async fn reauthenticate(
    db: &Db,
    vault: &dyn Vault,
    limits: &Limits,
    user_id: Uuid,
    given: Credentials<'_>,
) -> Result<()> {
    let person = active(db.read(), user_id).await?;
    let hash = person.password_hash.clone();
    let account = Account::try_from(person)?;
    if hash.is_none() && !account.two_factor {
        return Err(Error::conflict("account.nothing-to-reauthenticate-with"));
    }
    limits.take(Rule::Reauth, &[&user_id.to_string()]).await?;
    if hash.is_some() && !hashing::verify(given.password, hash.as_deref()).await? {
        audit::record(db, Entry::new(Action::PasswordRefused).refused().on("account", user_id)).await?;
        return Err(Error::invalid("password", "password.wrong"));
    }
    if account.two_factor && mfa::verify(db, vault, limits, &account, given.code, given.device).await?.is_none() {
        return Err(mfa::wrong_code());
    }
    audit::record(db, Entry::new(Action::Reauthenticated).on("account", user_id)).await
}

/// What somebody gives to prove again that it is them.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    pub password: &'a str,
    pub code: &'a str,
    /// The cookie of a browser in which they logged in before.
    pub device: Option<&'a str>,
}
