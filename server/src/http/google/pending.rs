//! What was begun in this browser and waits for Google's answer. It is in the session, so it belongs to this browser; and
//! it is there once.

use crate::google::AuthorizationRequest;
use crate::http::HttpError;
use axum_login::tower_sessions::cookie::time::Duration;
use axum_login::tower_sessions::{Expiry, Session};
use domain::Timestamp;
use domain::audit::Action;
use identity::AuthSession;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Where a session keeps it.
const KEY: &str = "google";
/// Minutes that the answer may take.
const MINUTES: i64 = 10;

/// Why somebody was sent to Google.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    LogIn,
    /// To link the account of this person.
    Link(Uuid),
    /// So that this person proves again that it is them.
    Confirm(Uuid),
}

impl Purpose {
    /// Where somebody is sent back to who was refused.
    pub fn page(self) -> &'static str {
        match self {
            Self::LogIn => "/login",
            Self::Link(_) => "/account/google",
            Self::Confirm(_) => "/confirm",
        }
    }

    /// What was tried, for the audit trail.
    pub fn action(self) -> Action {
        match self {
            Self::LogIn => Action::LoginFailed,
            Self::Link(_) => Action::GoogleLinked,
            Self::Confirm(_) => Action::GoogleUsed,
        }
    }
}

/// What was begun.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    pub purpose: Purpose,
    /// Where the person goes on to.
    pub next: String,
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    pub begun_at: Timestamp,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl Pending {
    pub fn new(now: Timestamp, purpose: Purpose, next: String, request: &AuthorizationRequest) -> Self {
        Self {
            purpose,
            next,
            state: request.state.clone(),
            nonce: request.nonce.clone(),
            verifier: request.verifier.clone(),
            begun_at: now,
        }
    }

    pub fn is_late(&self, now: Timestamp) -> bool {
        now.since_ms(self.begun_at) > MINUTES * 60_000
    }

    /// Keeps it, in the place of what was begun before.
    pub async fn keep(&self, session: &AuthSession) -> Result<(), HttpError> {
        if session.user.is_none() {
            // Of a guest nothing else is remembered, and many never come back.
            session.session.set_expiry(Some(Expiry::OnInactivity(Duration::minutes(MINUTES))));
        }
        session.session.insert(KEY, self).await.map_err(HttpError::internal)
    }

    /// Takes it out, for good: whatever happens next, the answer is not taken a second time.
    pub async fn take(session: &Session) -> Result<Option<Self>, HttpError> {
        let Some(kept) = session.remove_value(KEY).await.map_err(HttpError::internal)? else { return Ok(None) };
        session.save().await.map_err(HttpError::internal)?;
        // An older version of the shop may have kept it in another form.
        Ok(serde_json::from_value(kept).ok())
    }
}
