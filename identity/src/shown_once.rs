//! What the next page of a session shows, and no page after it.

use crate::Result;
use axum_login::tower_sessions::Session;

/// Keeps a text for the next page. A secret is sealed before: sessions are in the database.
///
/// # Errors
/// When the session cannot be written.
pub async fn show_once(session: &Session, name: &str, text: &str) -> Result<()> {
    Ok(session.insert(name, text).await?)
}

/// Takes what was kept for this page.
///
/// # Errors
/// When the session cannot be read.
pub async fn take_shown_once(session: &Session, name: &str) -> Result<Option<String>> {
    Ok(session.remove(name).await?)
}
