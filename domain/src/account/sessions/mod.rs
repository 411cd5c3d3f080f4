//! Sessions in the database. A session's id opens it, so only the id's digest is kept.

pub mod active_sessions;
pub mod devices;
pub mod user_agent;

use crate::account::users::{self, Account};
use crate::entities::sessions::{ActiveModel, Column, Entity};
use crate::{Db, Result, Timestamp, secret};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Under this name a session's data says where it was last in use: see [`Seen`].
pub const SEEN: &str = "seen";

/// A session: what a browser is known by, and what is remembered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As the cookie holds it.
    pub id: String,
    pub data: String,
    /// Who is logged in.
    pub user_id: Option<Uuid>,
    pub expires_at: Timestamp,
}

/// When and where a session was in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub at: Timestamp,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl Seen {
    /// Lifted out of a session's data, so that its owner can be told.
    fn within(data: &str) -> Option<Self> {
        let data: Value = serde_json::from_str(data).ok()?;
        serde_json::from_value(data.get(SEEN)?.clone()).ok()
    }
}

/// Names the session of this id, as the cookie holds it, on pages and in forms. It opens nothing.
pub fn handle(id: &str) -> String {
    handle_of(&secret::digest(id))
}

/// As [`handle`], from what is kept of the id: a digest of that, so that a page does not tell what is kept either.
pub(super) fn handle_of(kept: &str) -> String {
    secret::digest(kept)
}

/// A new row; it ends at the latest `longest_ms` milliseconds from now.
fn active(db: &Db, row: &Row, longest_ms: i64) -> ActiveModel {
    let seen = Seen::within(&row.data);
    ActiveModel {
        seen_at: Set(seen.as_ref().map_or(db.now(), |seen| seen.at)),
        ip: Set(seen.as_ref().and_then(|seen| seen.ip.clone())),
        user_agent: Set(seen.and_then(|seen| seen.user_agent)),
        id: Set(secret::digest(&row.id)),
        data: Set(row.data.clone()),
        user_id: Set(row.user_id),
        created_at: Set(db.now()),
        expires_at: Set(Ord::min(row.expires_at, db.now().plus_ms(longest_ms))),
    }
}

/// Keeps a new session. `false` when the id is taken: make another. However busy it is, it ends `longest_ms` milliseconds
/// from now.
pub async fn create(db: &Db, row: &Row, longest_ms: i64) -> Result<bool> {
    match Entity::insert(active(db, row, longest_ms))
        .exec_without_returning(db.read())
        .await
        .map_err(crate::Error::from)
    {
        Ok(_) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Keeps what has changed in a session. It ends at the latest `longest_ms` milliseconds after it was made. One that was
/// ended in the meantime stays so: a request that was under way does not bring it back.
pub async fn save(db: &Db, row: &Row, longest_ms: i64) -> Result<()> {
    let made = || Expr::col(Column::CreatedAt);
    let soon_enough = Expr::value(row.expires_at.plus_ms(-longest_ms));
    let expires_at =
        CaseStatement::new().case(made().lt(soon_enough), made().add(longest_ms)).finally(Expr::value(row.expires_at));
    let mut update = Entity::update_many()
        .col_expr(Column::Data, Expr::value(row.data.as_str()))
        .col_expr(Column::UserId, Expr::value(row.user_id))
        .col_expr(Column::ExpiresAt, expires_at.into());
    if let Some(seen) = Seen::within(&row.data) {
        update = update
            .col_expr(Column::SeenAt, Expr::value(seen.at))
            .col_expr(Column::Ip, Expr::value(seen.ip))
            .col_expr(Column::UserAgent, Expr::value(seen.user_agent));
    }
    let update = update.filter(Column::Id.eq(secret::digest(&row.id)));
    db.retry(|| async {
        update.clone().exec(db.read()).await?;
        Ok(())
    })
    .await
}

/// The session of an id, unless it is over.
pub async fn load(db: &Db, id: &str) -> Result<Option<Row>> {
    let row = Entity::find_by_id(secret::digest(id)).filter(Column::ExpiresAt.gt(db.now())).one(db.read()).await?;
    Ok(row.map(|row| Row { id: id.to_owned(), data: row.data, user_id: row.user_id, expires_at: row.expires_at }))
}

/// The account of a session of which there is a copy elsewhere, when the database has the session just like that: nobody has
/// ended or changed it and it is not over. One statement.
pub async fn account_of(db: &Db, copy: &Row) -> Result<Option<Account>> {
    let Some(user_id) = copy.user_id else { return Ok(None) };
    let same = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Column::Id.eq(secret::digest(&copy.id)))
        .and_where(Column::UserId.eq(user_id))
        .and_where(Column::Data.eq(copy.data.as_str()))
        .and_where(Column::ExpiresAt.eq(copy.expires_at))
        .and_where(Column::ExpiresAt.gt(db.now()))
        .to_owned();
    users::account_where(db, user_id, Expr::exists(same)).await
}

/// Forgets a session.
pub async fn delete(db: &Db, id: &str) -> Result<()> {
    Entity::delete_by_id(secret::digest(id)).exec(db.read()).await?;
    Ok(())
}

/// Forgets every session of a person: they are logged out everywhere.
pub async fn delete_of_user(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(db).await?.rows_affected)
}

/// Forgets the sessions that are over, and says how many there were.
pub async fn delete_expired(db: &Db) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(db.now())).exec(db.read()).await?.rows_affected)
}
