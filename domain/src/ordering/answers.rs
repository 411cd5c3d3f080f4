//! What programs were answered that bought something. A program names its request by a key: the same request is answered once
//! and with the same words for a day, however often it comes, on whichever server, and also when a process died between the
//! payment and the answer. What makes the purchase itself happen once is its name in the order
//! ([`Purchase::key`](super::checkout::Purchase)), which goes with the key.

use crate::entities::kept_answers::{Column, Entity, Model};
use crate::{Db, Error, Result, Timestamp, Tx, secret};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// How long an answer is kept after its request came first, in milliseconds.
pub const KEPT_MS: i64 = Timestamp::DAY_MS;
/// How long after its beginning a request that was not answered may be taken up by another one with its key, in
/// milliseconds: no purchase takes so long, so its process has died.
pub const BUSY_MS: i64 = 2 * 60_000;

/// An answer, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: i32,
    pub body: String,
}

/// A request that is this process's to answer.
#[derive(Clone, Debug)]
pub struct Turn {
    user_id: Uuid,
    key_digest: String,
    begun_at: Timestamp,
    /// What the purchase is to be called in its order.
    pub purchase: String,
}

/// How a request with a key stands.
#[derive(Debug)]
pub enum Begun {
    /// To be answered now.
    New(Turn),
    /// It was answered before.
    Known(Answer),
    /// It is being answered at this moment.
    Busy,
    /// The key named another request before.
    Reused,
}

/// Begins to answer what `request` asks for in words that are alike whenever it is the same, under a key of the program's
/// choice. The request itself is not kept: what is kept to compare it by cannot be guessed without the key.
pub async fn begin(db: &Db, user_id: Uuid, key: &str, request: &str) -> Result<Begun> {
    let now = db.now();
    let row = Model {
        user_id,
        key_digest: secret::digest(key),
        request_digest: secret::digest(&format!("{key}\n{request}")),
        purchase: Uuid::now_v7(),
        status: None,
        body: None,
        asked_at: now,
        begun_at: now,
    };
    Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::KeyDigest.eq(&row.key_digest))
        .filter(Column::AskedAt.lte(now.plus_ms(-KEPT_MS)))
        .exec(db.read())
        .await?;
    match Entity::insert(row.clone().into_active_model()).exec_without_returning(db.read()).await.map_err(Error::from) {
        Ok(_) => Ok(Begun::New(turn(row))),
        // Of two that come together the primary key lets one in.
        Err(error) if error.is_unique_violation() => known(db, row).await,
        Err(error) => Err(error),
    }
}

/// How a request stands that came before.
async fn known(db: &Db, asked: Model) -> Result<Begun> {
    let found = Entity::find_by_id((asked.user_id, asked.key_digest)).one(db.read()).await?;
    // It was forgotten at this moment: the next try is a new one.
    let Some(row) = found else { return Ok(Begun::Busy) };
    if row.request_digest != asked.request_digest {
        return Ok(Begun::Reused);
    }
    if let (Some(status), Some(body)) = (row.status, &row.body) {
        return Ok(Begun::Known(Answer { status, body: body.clone() }));
    }
    if asked.begun_at.since_ms(row.begun_at) < BUSY_MS {
        return Ok(Begun::Busy);
    }
    // Of several that come now one takes it up, and the purchase keeps its name.
    let taken = Entity::update_many()
        .col_expr(Column::BegunAt, Expr::value(asked.begun_at))
        .filter(Column::UserId.eq(row.user_id))
        .filter(Column::KeyDigest.eq(&row.key_digest))
        .filter(Column::BegunAt.eq(row.begun_at))
        .filter(Column::Status.is_null())
        .exec(db.read())
        .await?;
    let begun_at = asked.begun_at;
    Ok(if taken.rows_affected == 1 { Begun::New(turn(Model { begun_at, ..row })) } else { Begun::Busy })
}

fn turn(row: Model) -> Turn {
    let purchase = format!("program:{}", row.purchase);
    Turn { user_id: row.user_id, key_digest: row.key_digest, begun_at: row.begun_at, purchase }
}

/// Keeps the answer to a request.
pub async fn keep(db: &Db, turn: &Turn, answer: &Answer) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(answer.status))
        .col_expr(Column::Body, Expr::value(answer.body.as_str()))
        .filter(Column::UserId.eq(turn.user_id))
        .filter(Column::KeyDigest.eq(&turn.key_digest))
        .filter(Column::BegunAt.eq(turn.begun_at))
        .exec(db.read())
        .await?;
    Ok(())
}

/// Leaves a request to be tried again at once: what was in its way passes. Its purchase keeps its name.
pub async fn release(db: &Db, turn: &Turn) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::BegunAt, Expr::value(Timestamp(0)))
        .filter(Column::UserId.eq(turn.user_id))
        .filter(Column::KeyDigest.eq(&turn.key_digest))
        .filter(Column::BegunAt.eq(turn.begun_at))
        .filter(Column::Status.is_null())
        .exec(db.read())
        .await?;
    Ok(())
}

/// Forgets answers that are too old, and says how many there were.
pub async fn forget_old(db: &Db) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::AskedAt.lte(db.now().plus_ms(-KEPT_MS)));
    Ok(old.exec(db.read()).await?.rows_affected)
}

/// Forgets what a person's programs were answered. Belongs into the transaction that deletes the account.
pub(super) async fn forget(tx: &Tx, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// An answer as its person takes it along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where the next ones go on.
    pub key_digest: String,
    pub asked_at: Timestamp,
    pub status: Option<i32>,
    pub body: Option<String>,
}

/// Some of what a person's programs were answered: those beyond `after`, at most `most`.
pub async fn answers_after(db: &Db, user_id: Uuid, after: Option<String>, most: u64) -> Result<Vec<Told>> {
    let mut query = Entity::find().filter(Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(Column::KeyDigest.gt(after));
    }
    let rows = query.order_by_asc(Column::KeyDigest).limit(most).all(db.read()).await?;
    let told = |Model { key_digest, asked_at, status, body, .. }| Told { key_digest, asked_at, status, body };
    Ok(rows.into_iter().map(told).collect())
}
