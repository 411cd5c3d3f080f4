//! The checks that every request for something begins with.

use crate::{AuthSession, Error, Result, has_recent_login};
use domain::account::{User, reauthentication};
use domain::audit::{self, Action, Entry};
use domain::limits::{Limits, Rule};
use domain::{Db, Timestamp};

/// Whoever is logged in.
///
/// # Errors
/// [`Error::Unauthenticated`] for a guest.
pub fn require_user(session: &AuthSession) -> Result<&User> {
    session.user.as_ref().map(|account| &account.user).ok_or(Error::Unauthenticated)
}

/// Whoever is logged in, when they `may` do what is at `path`. Who may not is noted.
///
/// # Errors
/// [`Error::Unauthenticated`] for a guest, [`Error::TwoFactorRequired`] for an admin who has yet to turn theirs on,
/// `Forbidden` for everybody else without the permission.
pub async fn allow(
    session: &AuthSession,
    db: &Db,
    limits: &Limits,
    path: &str,
    may: impl Fn(&User) -> bool,
) -> Result<User> {
    let account = session.user.as_ref().ok_or(Error::Unauthenticated)?;
    if may(&account.user) {
        return Ok(account.user.clone());
    }
    if account.held_back {
        return Err(Error::TwoFactorRequired);
    }
    note_refusal(db, limits, &account.user, path, None).await;
    Err(domain::Error::Forbidden.into())
}

/// Notes that somebody wanted what they may not: in the log each time, in the audit trail as often as [`Rule::Refused`]
/// allows, so that trying on does not fill it. `scope` is what the token of a machine was not made for; without one it is
/// they themselves who may not.
pub async fn note_refusal(db: &Db, limits: &Limits, user: &User, path: &str, scope: Option<&str>) {
    match scope {
        None => tracing::warn!(user = %user.id, path, "refused: the permission is missing"),
        Some(scope) => tracing::warn!(user = %user.id, path, scope, "refused: the token was not made for this"),
    }
    if limits.take(Rule::Refused, &[&user.id.to_string()]).await.is_err() {
        return;
    }
    let refused = Entry::new(Action::AccessRefused).refused().by(user.id, &user.email).on("path", path);
    let refused = scope.into_iter().fold(refused, Entry::for_want_of);
    if let Err(error) = audit::record(db, refused).await {
        // They are refused in any case.
        tracing::error!(%error, "a refusal could not be noted");
    }
}

/// Whoever is logged in and has proved within the last ten minutes that it is them.
///
/// # Errors
/// [`Error::Unauthenticated`] for a guest, [`Error::ReauthRequired`] when it is longer ago.
pub async fn require_recent_login(session: &AuthSession, now: Timestamp) -> Result<&User> {
    let user = require_user(session)?;
    if has_recent_login(&session.session, now).await? { Ok(user) } else { Err(Error::ReauthRequired) }
}

/// Whoever is logged in, before a change for which the password is asked. Where that is not all that the account opens by,
/// or it has none, they have proved recently that it is them.
///
/// # Errors
/// As [`require_recent_login`].
pub async fn require_recent_login_or_password<'a>(session: &'a AuthSession, db: &Db) -> Result<&'a User> {
    let user = require_user(session)?;
    let needed = reauthentication::factors(db, user.id).await?;
    if needed.code || !needed.password { require_recent_login(session, db.now()).await } else { Ok(user) }
}
