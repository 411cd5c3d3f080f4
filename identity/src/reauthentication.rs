//! Proving again, within a session, that it is still the same person.

use crate::Result;
use axum_login::tower_sessions::Session;
use domain::Timestamp;

/// When somebody last proved in this session that it is them.
const PROOF: &str = "proof";
/// For how long that is enough for what must not fall into the wrong hands, in milliseconds.
const RECENT_MS: i64 = 10 * 60_000;

/// Whether somebody has proved in this session, within the last ten minutes, that it is them.
///
/// # Errors
/// When the session cannot be read.
pub async fn has_recent_login(session: &Session, now: Timestamp) -> Result<bool> {
    let proof: Option<Timestamp> = session.get(PROOF).await?;
    Ok(proof.is_some_and(|proof| is_recent(proof, now)))
}

/// Whether a proof of that time is recent enough for what must not fall into the wrong hands.
pub fn is_recent(proof: Timestamp, now: Timestamp) -> bool {
    // A clock that was put back makes no proof younger than it is.
    (0..RECENT_MS).contains(&now.since_ms(proof))
}

/// Remembers that somebody has just proved that it is them.
///
/// # Errors
/// When the session cannot be written.
pub async fn note_reauthentication(session: &Session, now: Timestamp) -> Result<()> {
    Ok(session.insert(PROOF, now).await?)
}
