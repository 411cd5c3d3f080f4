//! Copies of sessions in Redis, where one is configured, so that a request of somebody who is logged in asks the database
//! once instead of twice.
//!
//! A copy opens nothing by itself. Together with the account, in one statement, the database is asked whether it has the
//! session just like that still; a copy that it does not have is as good as none. So a session that was ended, changed or is
//! over counts nowhere from that moment on, whoever ended it and whatever Redis missed meanwhile or was made to hold.
//! Sessions that nobody is logged in to have no copies: to ask for one would cost what reading it costs.

#[cfg(test)]
mod tests;

use crate::redis_server::{Redis, Use};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::account::sessions::Row;
use domain::account::users::Account;
use domain::{Timestamp, secret};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use uuid::Uuid;

/// How long a copy is kept at most, in milliseconds: a quarter of an hour. One that is used is made anew every five minutes,
/// when it is noted that the session is in use.
const KEPT_MS: i64 = 15 * 60_000;

tokio::task_local! {
    /// The account that came with the session of this request.
    static FOUND: Cell<Option<Account>>;
}

/// Lets the account that comes with a request's session be known until it is asked for.
pub async fn remember(request: Request, next: Next) -> Response {
    FOUND.scope(Cell::new(None), next.run(request)).await
}

/// Notes the account that the database found with the session.
pub fn found(account: Account) {
    // Nobody asks where there is no request.
    let _ = FOUND.try_with(|found| found.set(Some(account)));
}

/// The account of this id, when it came with the session of this request a moment ago. Once: whoever asks later asks the
/// database.
pub fn take_found(id: Uuid) -> Option<Account> {
    FOUND.try_with(Cell::take).ok().flatten().filter(|account| account.user.id == id)
}

/// Where the copies are.
#[derive(Clone, Debug)]
pub struct Near(Redis);

#[derive(Serialize, Deserialize)]
struct Kept {
    user_id: Uuid,
    data: String,
    expires_at: Timestamp,
}

impl Near {
    pub fn new(redis: &Redis) -> Self {
        Self(redis.clone())
    }

    /// Named by the digest that the database knows the session by. `id` is as the cookie's is kept.
    fn name(&self, id: &str) -> String {
        self.0.key(format_args!("session:{}", secret::digest(id)))
    }

    /// The copy of a session, if there is one. It proves nothing.
    pub async fn copy(&self, id: &str) -> Option<Row> {
        let text: Option<String> = self.0.ask(Use::Sessions, redis::cmd("GET").arg(self.name(id))).await?;
        let Kept { user_id, data, expires_at } = serde_json::from_str(&text?).ok()?;
        Some(Row { id: id.to_owned(), data, user_id: Some(user_id), expires_at })
    }

    /// Keeps a copy of a session that somebody is logged in to, as the database has it.
    pub async fn keep(&self, row: &Row, now: Timestamp) {
        let Some(user_id) = row.user_id else { return };
        let kept = Kept { user_id, data: row.data.clone(), expires_at: row.expires_at };
        let Ok(text) = serde_json::to_string(&kept) else { return };
        let mut set = redis::cmd("SET");
        set.arg(self.name(&row.id)).arg(text).arg("PX").arg(row.expires_at.since_ms(now).clamp(1, KEPT_MS));
        let _: Option<()> = self.0.ask(Use::Sessions, &set).await;
    }

    /// Takes the copy of a session away that is not as it was: it would only be asked for in vain.
    pub async fn forget(&self, id: &str) {
        let _: Option<()> = self.0.ask(Use::Sessions, redis::cmd("DEL").arg(self.name(id))).await;
    }
}
