//! Browser sessions, kept in the database under a digest of their id: a stolen database opens no session. Where there is a
//! Redis, copies of them are in there, which count only as far as the database bears them out (`near.rs`).

mod near;

#[cfg(test)]
mod tests;

pub use near::remember;

use super::caching::is_for_everybody;
use crate::AppState;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum_login::tower_sessions::cookie::time::{Duration, OffsetDateTime};
use axum_login::tower_sessions::cookie::{Cookie, SameSite};
use axum_login::tower_sessions::session::{self as browser, Id, Record};
use axum_login::tower_sessions::session_store::{Error, Result};
use axum_login::tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder};
use domain::account::sessions::{self, Row, SEEN, Seen};
use domain::account::users::Account;
use domain::{Db, Timestamp};
use http::HeaderMap;
use http::header::COOKIE;
use identity::cookies::ShopCookie;
use identity::{AuthSession, session_key};
use near::Near;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A session that is in use lasts longer, and its owner is told where; written down at most this often.
const NOTED_MS: i64 = 5 * 60 * 1000;
/// Where axum-login keeps who is logged in.
const WHO: &str = "axum-login.data";

/// The store behind every session cookie.
#[derive(Clone, Debug)]
pub struct DatabaseSessions {
    db: Db,
    /// However busy, a session ends this long after its log-in.
    longest_ms: i64,
    /// `None` in a shop without a Redis.
    near: Option<Near>,
}

impl DatabaseSessions {
    /// A session by a copy of it that the database bears out, with its account.
    async fn load_near(&self, near: &Near, id: &str) -> Result<Option<Row>> {
        let Some(copy) = near.copy(id).await else { return Ok(None) };
        let account = sessions::account_of(&self.db, &copy).await.map_err(backend)?;
        Ok(account.map(|account| {
            near::found(account);
            copy
        }))
    }

    async fn load_row(&self, id: &str) -> Result<Option<Row>> {
        let Some(near) = &self.near else { return sessions::load(&self.db, id).await.map_err(backend) };
        if let Some(row) = self.load_near(near, id).await? {
            return Ok(Some(row));
        }
        let row = sessions::load(&self.db, id).await.map_err(backend)?;
        if let Some(row) = &row {
            near.keep(row, self.db.now()).await;
        }
        Ok(row)
    }

    /// After a change: the database first, so that no copy of what was is made afterwards and stays.
    async fn forget_near(&self, id: &str) {
        if let Some(near) = &self.near {
            near.forget(id).await;
        }
    }
}

fn backend(error: domain::Error) -> Error {
    Error::Backend(error.to_string())
}

fn row(record: &Record) -> Result<Row> {
    let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    let user_id = who(record.data.get(WHO));
    let expires_at = Timestamp(record.expiry_date.unix_timestamp().saturating_mul(1000));
    Ok(Row { id: session_key(&record.id), data, user_id, expires_at })
}

/// The person in a session's data; lifted out, so that a person's sessions can be listed and ended.
fn who(data: Option<&Value>) -> Option<Uuid> {
    serde_json::from_value(data?.get("user_id")?.clone()).ok()
}

#[async_trait]
impl SessionStore for DatabaseSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !sessions::create(&self.db, &row(record)?, self.longest_ms).await.map_err(backend)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let row = row(record)?;
        sessions::save(&self.db, &row, self.longest_ms).await.map_err(backend)?;
        self.forget_near(&row.id).await;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = self.load_row(&session_key(id)).await? else { return Ok(None) };
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.0 / 1000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let id = session_key(id);
        sessions::delete(&self.db, &id).await.map_err(backend)?;
        self.forget_near(&id).await;
        Ok(())
    }
}

/// The id of the session in a request's cookie, as the database has it; none where nothing is an id.
pub fn id_in(headers: &HeaderMap, secure: bool) -> Option<String> {
    let name = ShopCookie::Session.name(secure);
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    // Of several of one name the last counts, as everywhere else.
    let last = lines.flat_map(Cookie::split_parse).flatten().filter(|cookie| cookie.name() == name).last()?;
    Some(session_key(&last.value().parse::<Id>().ok()?))
}

/// Whether a session, as it is kept, still opens the account: not when the password, the second step or the rights changed.
pub fn stands(data: &str, account: &Account) -> bool {
    #[derive(Deserialize)]
    struct Who {
        user_id: Uuid,
        auth_hash: Vec<u8>,
    }
    let kept = serde_json::from_str::<HashMap<String, Value>>(data).ok();
    let who = kept.and_then(|mut kept| serde_json::from_value::<Who>(kept.remove(WHO)?).ok());
    // Nothing here comes from the browser, so nobody learns from how long it takes.
    who.is_some_and(|who| who.user_id == account.user.id && who.auth_hash == account.auth_hash)
}

/// Finds out who is asking before a handler runs.
pub fn layer(state: &AppState) -> AuthManagerLayer<identity::Backend, DatabaseSessions> {
    let (db, config, secure) = (&state.db, &state.config.session, state.config.secure());
    let longest_ms = config.absolute_days.saturating_mul(Timestamp::DAY_MS);
    let near = state.redis.as_ref().map(Near::new);
    let mut backend = identity::Backend::new(db.clone(), state.config.accounts.admins_need_two_factor);
    if near.is_some() {
        backend = backend.with_found(near::take_found);
    }
    let sessions = SessionManagerLayer::new(DatabaseSessions { db: db.clone(), longest_ms, near })
        .with_name(ShopCookie::Session.name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(config.days)));
    AuthManagerLayerBuilder::new(backend, sessions).build()
}

/// Notes now and then that a session is in use, and where: the session layer moves its end only when something in it
/// changes. Afterwards, so that a log-in is noted as well.
pub async fn keep_alive(State(db): State<Db>, session: AuthSession, request: Request, next: Next) -> Response {
    let actor = identity::actor(request.extensions());
    let response = next.run(request).await;
    // The session's cookie goes along when it is noted.
    if is_for_everybody(response.headers()) {
        return response;
    }
    let seen = Seen { at: db.now(), ip: actor.ip.map(|ip| ip.to_string()), user_agent: actor.user_agent };
    if let Err(error) = note(&session.session, seen).await {
        // It only ends earlier than it could.
        tracing::warn!(%error, "a session that is in use could not be noted");
    }
    response
}

async fn note(session: &Session, seen: Seen) -> std::result::Result<(), browser::Error> {
    if who(session.get_value(WHO).await?.as_ref()).is_none() {
        return Ok(());
    }
    let before = session.get_value(SEEN).await?.and_then(|before| serde_json::from_value::<Seen>(before).ok());
    match before {
        Some(before) if seen.at.since_ms(before.at) < NOTED_MS => Ok(()),
        _ => session.insert(SEEN, seen).await,
    }
}
