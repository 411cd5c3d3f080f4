//! Opening and closing the session of a browser.

use crate::{AuthSession, Result, SessionUser, note_reauthentication};
use axum_login::tower_sessions::session::Id;
use domain::account::users::Account;
use domain::{Timestamp, secret};

/// What a session is kept under, from the id in its cookie.
pub fn session_key(id: &Id) -> String {
    secret::digest(&id.to_string())
}

/// Opens the session of an account for somebody who has just proved who they are. Its id is a new one, also where somebody
/// was logged in already.
///
/// # Errors
/// When the session cannot be written.
pub async fn open_session(session: &mut AuthSession, account: Account, now: Timestamp) -> Result<()> {
    session.session.cycle_id().await?;
    session.login(&SessionUser(account)).await?;
    note_reauthentication(&session.session, now).await
}

/// Forgets the session of this browser, and says who was in it.
///
/// # Errors
/// When the session cannot be written.
pub async fn close_session(session: &mut AuthSession) -> Result<Option<SessionUser>> {
    Ok(session.logout().await?)
}
