//! Getting in: from a proof of who somebody is, over the second step where there is one, to the open session.

use crate::{AuthSession, RequestCookies, Result, cookies, open_session};
use domain::account::sessions::devices;
use domain::account::users::{self, Account};
use domain::account::{login, mfa};
use domain::limits::Limits;
use domain::{Db, Timestamp, Vault};
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a session keeps who may go on with the second step.
const PENDING: &str = "second-step";
/// For how long they may, in milliseconds.
const PENDING_MS: i64 = 10 * 60_000;

/// Where somebody goes on to, and the cookies that go along.
#[derive(Debug, PartialEq, Eq)]
pub struct LoginOutcome {
    /// An address within the shop.
    pub path: String,
    pub cookies: Vec<HeaderValue>,
}

/// Who has proved who they are, and is asked for a code next.
#[derive(Serialize, Deserialize)]
struct PendingMfa {
    user_id: Uuid,
    /// As the account was at that moment: with another password they begin again.
    lock: String,
    until: Timestamp,
    next: String,
}

/// Lets somebody in who has shown who they are. Opens the session or, where the account has a second step, remembers in
/// the session that it comes next.
pub async fn sign_in(
    db: &Db,
    session: &mut AuthSession,
    cookies: RequestCookies<'_>,
    account: Account,
    next: &str,
) -> Result<LoginOutcome> {
    let next = local_path(next).unwrap_or_else(|| "/".to_owned());
    if !account.two_factor {
        return complete(db, session, cookies, account, next).await;
    }
    let until = db.now().plus_ms(PENDING_MS);
    let pending = PendingMfa { user_id: account.user.id, lock: lock(&account), until, next };
    // Nothing of whoever used this browser before goes on beside it.
    session.session.flush().await?;
    session.session.insert(PENDING, pending).await?;
    Ok(LoginOutcome { path: "/login/code".to_owned(), cookies: Vec::new() })
}

/// Lets somebody in whom [`sign_in`] left at the second step, with a code.
///
/// # Errors
/// `Invalid` at the field `code`, `TooMany`, `Conflict` when they waited too long and have to begin again.
pub async fn verify_two_factor(
    db: &Db,
    vault: &dyn Vault,
    limits: &Limits,
    session: &mut AuthSession,
    cookies: RequestCookies<'_>,
    code: &str,
) -> Result<LoginOutcome> {
    let again = || domain::Error::conflict("login.too-late");
    let pending: PendingMfa = session.session.get(PENDING).await?.ok_or_else(again)?;
    let account = users::account(db, pending.user_id).await?.filter(|account| lock(account) == pending.lock);
    let Some(account) = account.filter(|_| pending.until > db.now()) else {
        session.session.remove_value(PENDING).await?;
        return Err(again().into());
    };
    if mfa::verify(db, vault, limits, &account, code, cookies.device().as_deref()).await?.is_none() {
        return Err(mfa::wrong_code().into());
    }
    session.session.remove_value(PENDING).await?;
    complete(db, session, cookies, account, pending.next).await
}

async fn complete(
    db: &Db,
    session: &mut AuthSession,
    cookies: RequestCookies<'_>,
    account: Account,
    next: String,
) -> Result<LoginOutcome> {
    let user_id = account.user.id;
    open_session(session, account.clone(), db.now()).await?;
    login::succeeded(db, &account).await?;
    let mut sent = Vec::new();
    if let Some(token) = devices::remember(db, user_id, cookies.device().as_deref()).await? {
        sent.extend(cookies::keep_device(cookies.secure, &token));
    }
    if let Some(token) = cookies.cart() {
        domain::ordering::cart::merge_guest_cart(db, &token, user_id).await?;
        sent.extend(cookies::forget_cart(cookies.secure));
    }
    Ok(LoginOutcome { path: next, cookies: sent })
}

fn lock(account: &Account) -> String {
    domain::secret::hex(&account.auth_hash)
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
