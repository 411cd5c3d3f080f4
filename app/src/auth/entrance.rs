//! Getting in: from a proof of who somebody is, over the second step where there is one, to the open session. Independent
//! of Leptos' context, so that plain handlers use it too.

use super::{AuthSession, CART_COOKIE, DAY_SECONDS, DEVICE_COOKIE, cookie, full_name, log_in, session};
use crate::AppError;
use axum_login::tower_sessions::Session;
use axum_login::tower_sessions::session::Error as SessionError;
use domain::account::store::{self, Account};
use domain::account::{User, device, login, second_step};
use domain::limits::Limits;
use domain::{Db, Timestamp, Vault};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a session keeps who may go on with the second step.
const WAITING: &str = "second-step";
/// For how long they may, in milliseconds.
const WAITING_MS: i64 = 10 * 60_000;
/// When somebody last proved in this session that it is them.
const PROOF: &str = "proof";
/// For how long that is enough for what must not fall into the wrong hands, in milliseconds.
const RECENT_MS: i64 = 10 * 60_000;

/// What came with a request, for whoever reads or sets cookies.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    pub headers: &'a HeaderMap,
    /// Cookies are for TLS only.
    pub secure: bool,
}

impl Visit<'_> {
    /// A cookie that holds a secret of ours, as [`domain::secret::token`] makes them.
    pub(super) fn secret_cookie(&self, name: &str) -> Option<String> {
        let name = full_name(self.secure, name);
        self.headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, value)| *found == name && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
            .map(|(_, value)| value.to_owned())
    }
}

/// Where somebody goes on to, and the cookies that go along.
#[derive(Debug, PartialEq, Eq)]
pub struct Entered {
    /// An address within the shop.
    pub path: String,
    pub cookies: Vec<HeaderValue>,
}

/// Who has proved who they are, and is asked for a code next.
#[derive(Serialize, Deserialize)]
struct Waiting {
    user_id: Uuid,
    /// As the account was at that moment: with another password they begin again.
    lock: String,
    until: Timestamp,
    next: String,
}

/// Lets somebody in who has shown who they are. Opens the session or, where the account has a second step, remembers in
/// the session that it comes next.
///
/// # Errors
/// From the database.
pub async fn enter(
    db: &Db,
    session: &mut AuthSession,
    visit: Visit<'_>,
    account: Account,
    next: &str,
) -> Result<Entered, AppError> {
    let next = local_path(next).unwrap_or_else(|| "/".to_owned());
    if !account.second_step {
        return arrive(db, session, visit, account, next).await;
    }
    let until = db.now().plus_ms(WAITING_MS);
    let waiting = Waiting { user_id: account.user.id, lock: lock(&account), until, next };
    // Nothing of whoever used this browser before goes on beside it.
    session.session.flush().await.map_err(failed)?;
    session.session.insert(WAITING, waiting).await.map_err(failed)?;
    Ok(Entered { path: "/login/code".to_owned(), cookies: Vec::new() })
}

/// Lets somebody in whom [`enter`] left at the second step, with a code.
///
/// # Errors
/// `Invalid` at the field `code`, `TooMany`, `Conflict` when they waited too long and have to begin again.
pub async fn pass_second_step(
    db: &Db,
    vault: &dyn Vault,
    limits: &Limits,
    session: &mut AuthSession,
    visit: Visit<'_>,
    code: &str,
) -> Result<Entered, AppError> {
    let again = || AppError::Conflict("That took too long. Please log in again.".to_owned());
    let waiting: Waiting = session.session.get(WAITING).await.map_err(failed)?.ok_or_else(again)?;
    let account = store::account(db, waiting.user_id).await?.filter(|account| lock(account) == waiting.lock);
    let Some(account) = account.filter(|_| waiting.until > db.now()) else {
        session.session.remove_value(WAITING).await.map_err(failed)?;
        return Err(again());
    };
    let device = visit.secret_cookie(DEVICE_COOKIE);
    if second_step::pass(db, vault, limits, &account, code, device.as_deref()).await?.is_none() {
        return Err(second_step::wrong_code().into());
    }
    session.session.remove_value(WAITING).await.map_err(failed)?;
    arrive(db, session, visit, account, waiting.next).await
}

/// Whether somebody is at the second step.
///
/// # Errors
/// From the database.
pub async fn is_waiting(session: &AuthSession, now: Timestamp) -> Result<bool, AppError> {
    let waiting: Option<Waiting> = session.session.get(WAITING).await.map_err(failed)?;
    Ok(waiting.is_some_and(|waiting| waiting.until > now))
}

async fn arrive(
    db: &Db,
    session: &mut AuthSession,
    visit: Visit<'_>,
    account: Account,
    next: String,
) -> Result<Entered, AppError> {
    let user_id = account.user.id;
    log_in(session, account.clone()).await?;
    note_proof(&session.session, db.now()).await?;
    login::succeeded(db, &account).await?;
    let mut cookies = Vec::new();
    let known = visit.secret_cookie(DEVICE_COOKIE);
    if let Some(token) = device::remember(db, user_id, known.as_deref()).await? {
        cookies.extend(cookie(visit.secure, DEVICE_COOKIE, &token, device::DAYS * DAY_SECONDS));
    }
    if let Some(token) = visit.secret_cookie(CART_COOKIE) {
        domain::ordering::cart::merge(db, &token, user_id).await?;
        cookies.extend(cookie(visit.secure, CART_COOKIE, "", 0));
    }
    Ok(Entered { path: next, cookies })
}

/// Whoever is logged in and has proved within the last ten minutes that it is them.
///
/// # Errors
/// [`AppError::Unauthenticated`] for a guest, [`AppError::NotRecent`] when it is longer ago.
pub async fn require_recent() -> Result<User, AppError> {
    let session = session().await?;
    let user = session.user.as_ref().ok_or(AppError::Unauthenticated)?.0.user.clone();
    if is_recent(&session.session, super::db()?.now()).await? { Ok(user) } else { Err(AppError::NotRecent) }
}

/// Whoever is logged in, before a change for which the password is asked. Where that is not all that the account opens by,
/// or it has none, they have proved recently that it is them.
///
/// # Errors
/// As [`require_recent`].
pub async fn require_beside_password() -> Result<User, AppError> {
    let user = super::require_user().await?;
    let needed = second_step::proof_needed(&super::db()?, user.id).await?;
    if needed.code || !needed.password { require_recent().await } else { Ok(user) }
}

/// Whether somebody has proved in this session, within the last ten minutes, that it is them.
///
/// # Errors
/// From the database.
pub async fn is_recent(session: &Session, now: Timestamp) -> Result<bool, AppError> {
    let proof: Option<Timestamp> = session.get(PROOF).await.map_err(failed)?;
    // A clock that was put back makes no proof younger than it is.
    Ok(proof.is_some_and(|proof| (0..RECENT_MS).contains(&now.since_ms(proof))))
}

/// Remembers that somebody has just proved that it is them.
///
/// # Errors
/// From the database.
pub async fn note_proof(session: &Session, now: Timestamp) -> Result<(), AppError> {
    session.insert(PROOF, now).await.map_err(failed)
}

/// The address to go on to, when it is one of this shop's own, as a header can hold it.
pub fn local_path(next: &str) -> Option<String> {
    let ours = next.starts_with('/') && !next.starts_with("//");
    if !ours || next.contains('\\') || next.contains(char::is_control) {
        return None;
    }
    let plain = |byte: u8| match byte {
        0x21..=0x7e => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    Some(next.bytes().map(plain).collect())
}

fn lock(account: &Account) -> String {
    domain::secret::hex(&account.auth_hash)
}

fn failed(error: SessionError) -> AppError {
    tracing::error!(%error, "a session could not be read or written");
    AppError::Internal
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn logging_in_leads_nowhere_but_into_the_shop() {
        assert_eq!(local_path("/cart?x=1").as_deref(), Some("/cart?x=1"));
        assert_eq!(local_path("/browse?q=é e").as_deref(), Some("/browse?q=%C3%A9%20e"));
        for outside in [
            "",
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "/\t/elsewhere.example",
            "/\u{1}",
        ] {
            assert_eq!(local_path(outside), None, "{outside:?}");
        }
    }
}
