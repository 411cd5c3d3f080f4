//! Browser sessions, kept in the database under a digest of their id: a stolen database opens no session.

use crate::AppState;
use app::auth::AuthSession;
use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum_login::tower_sessions::cookie::SameSite;
use axum_login::tower_sessions::cookie::time::{Duration, OffsetDateTime};
use axum_login::tower_sessions::session::{self as browser, Id, Record};
use axum_login::tower_sessions::session_store::{Error, Result};
use axum_login::tower_sessions::{Expiry, SessionManagerLayer, SessionStore};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder};
use domain::account::session::{self, Row};
use domain::{Db, Timestamp, secret};

/// A session that is in use lasts longer; written down at most this often.
const NOTED_MS: i64 = 60 * 60 * 1000;
/// When a session was last noted to be in use, in its data.
const SEEN: &str = "seen";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The store behind every session cookie.
#[derive(Clone, Debug)]
pub struct DatabaseSessions {
    db: Db,
    /// However busy, a session ends this long after its log-in.
    longest_ms: i64,
}

fn backend(error: domain::Error) -> Error {
    Error::Backend(error.to_string())
}

fn key(id: &Id) -> String {
    secret::digest(&id.to_string())
}

fn row(record: &Record) -> Result<Row> {
    let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    // axum-login keeps the person under its own key; lifted out, so that a person's sessions can be listed and ended.
    let user_id =
        record.data.get("axum-login.data").and_then(|value| serde_json::from_value(value.get("user_id")?.clone()).ok());
    let expires_at = Timestamp(record.expiry_date.unix_timestamp().saturating_mul(1000));
    Ok(Row { id: key(&record.id), data, user_id, expires_at })
}

#[async_trait]
impl SessionStore for DatabaseSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !session::create(&self.db, &row(record)?, self.longest_ms).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        session::save(&self.db, &row(record)?, self.longest_ms).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = session::load(&self.db, &key(id)).await.map_err(backend)? else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.0 / 1000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::delete(&self.db, &key(id)).await.map_err(backend)
    }
}

/// Finds out who is asking before a handler runs.
pub fn layer(state: &AppState) -> AuthManagerLayer<app::auth::Backend, DatabaseSessions> {
    let (db, config, secure) = (&state.db, &state.config.session, state.config.secure());
    let longest_ms = config.absolute_days.saturating_mul(DAY_MS);
    let sessions = SessionManagerLayer::new(DatabaseSessions { db: db.clone(), longest_ms })
        // The prefix makes browsers refuse the cookie unless it is for TLS and for this host alone.
        .with_name(if secure { "__Host-lectern" } else { "lectern" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(config.days)));
    AuthManagerLayerBuilder::new(
        app::auth::Backend::new(db.clone(), state.config.accounts.admins_need_second_step),
        sessions,
    )
    .build()
}

/// Notes now and then that a session is in use: the session layer moves its end only when something in it changes.
pub async fn keep_alive(session: AuthSession, request: Request, next: Next) -> Response {
    if session.user.is_some()
        && let Err(error) = note(&session).await
    {
        // It only ends earlier than it could.
        tracing::warn!(%error, "a session that is in use could not be noted");
    }
    next.run(request).await
}

async fn note(session: &AuthSession) -> std::result::Result<(), browser::Error> {
    let now = OffsetDateTime::now_utc().unix_timestamp().saturating_mul(1000);
    match session.session.get::<i64>(SEEN).await? {
        Some(seen) if now.saturating_sub(seen) < NOTED_MS => Ok(()),
        _ => session.session.insert(SEEN, now).await,
    }
}
