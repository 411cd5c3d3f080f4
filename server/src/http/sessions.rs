//! Browser sessions, kept in the database under a digest of their id: a stolen database opens no session.

use async_trait::async_trait;
use axum_login::tower_sessions::cookie::SameSite;
use axum_login::tower_sessions::cookie::time::{Duration, OffsetDateTime};
use axum_login::tower_sessions::session::{Id, Record};
use axum_login::tower_sessions::session_store::{Error, Result};
use axum_login::tower_sessions::{Expiry, SessionManagerLayer, SessionStore};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder};
use domain::account::session::{self, Row};
use domain::{Db, Timestamp, secret};

/// The store behind every session cookie.
#[derive(Clone, Debug)]
pub struct DatabaseSessions(Db);

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
        while !session::create(&self.0, &row(record)?).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        session::save(&self.0, &row(record)?).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = session::load(&self.0, &key(id)).await.map_err(backend)? else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.0 / 1000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session::delete(&self.0, &key(id)).await.map_err(backend)
    }
}

/// Finds out who is asking before a handler runs.
pub fn layer(db: &Db, days: i64, secure: bool) -> AuthManagerLayer<app::auth::Backend, DatabaseSessions> {
    let sessions = SessionManagerLayer::new(DatabaseSessions(db.clone()))
        // The prefix makes browsers refuse the cookie unless it is for TLS and for this host alone.
        .with_name(if secure { "__Host-lectern" } else { "lectern" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(days)));
    AuthManagerLayerBuilder::new(app::auth::Backend::new(db.clone()), sessions).build()
}
