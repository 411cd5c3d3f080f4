//! Links in mails: whoever opens one reads the mail of its address.
//!
//! A link carries a secret of 256 bits, of which only the digest is kept. The secret is made at the moment of sending, so
//! it stands in no job and no table. A job that is done again, because its worker died before it could say that the mail
//! had left, makes a new secret in place of the old one: of the mails of one job the last one holds the link that works.

use super::TokenPurpose;
use crate::entities::account_tokens::{ActiveModel, Column, Entity};
use crate::{Db, Error, Result, Timestamp, Tx, secret};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use std::fmt;
use uuid::Uuid;

/// The secret of a link. Never printed, not even in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(String);

impl LinkToken {
    /// A secret that was made elsewhere.
    pub(crate) fn new(secret: String) -> Self {
        Self(secret)
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

/// Whom a link that was opened speaks for.
pub(in crate::account) struct Opened {
    pub user_id: Uuid,
    pub purpose: TokenPurpose,
    /// The address that it was sent to.
    pub email: String,
}

pub(in crate::account) fn stale() -> Error {
    Error::conflict("email.link-worthless")
}

/// Makes the secret of the link that `job` sends now, in place of the one that it may have sent before; `None` when that
/// one was used in the meantime.
pub(in crate::account) async fn make(
    tx: &Tx,
    job: Uuid,
    user_id: Uuid,
    purpose: TokenPurpose,
    email: &str,
) -> Result<Option<LinkToken>> {
    let now = tx.now();
    let before = Entity::find_by_id(job).one(tx).await?;
    if before.is_some_and(|link| link.used_at.is_some()) {
        return Ok(None);
    }
    // The newest link is the one that works: whoever asks again may have lost the mail before to somebody.
    let older = Entity::delete_many()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::UsedAt.is_null())
        .filter(Column::Id.ne(job));
    older.exec(tx).await?;
    let token = secret::token();
    let row = ActiveModel {
        id: Set(job),
        user_id: Set(user_id),
        purpose: Set(purpose),
        email: Set(email.to_owned()),
        digest: Set(secret::digest(&token)),
        created_at: Set(now),
        expires_at: Set(now.plus_ms(purpose.lifetime_ms())),
        used_at: Set(None),
    };
    let again = OnConflict::column(Column::Id)
        .update_columns([Column::Email, Column::Digest, Column::CreatedAt, Column::ExpiresAt])
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(Some(LinkToken(token)))
}

/// Opens a link, once: of two who try at the same time one is refused.
pub(in crate::account) async fn open(tx: &Tx, token: &str, purposes: &[TokenPurpose]) -> Result<Opened> {
    let now = tx.now();
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(works(token, now, purposes))
        .exec(tx)
        .await?;
    if used.rows_affected != 1 {
        return Err(stale());
    }
    let link = Entity::find().filter(Column::Digest.eq(secret::digest(token))).one(tx).await?.ok_or_else(stale)?;
    Ok(Opened { user_id: link.user_id, purpose: link.purpose, email: link.email })
}

/// Whom a link that works speaks for, without using it: a question before costly work.
pub(in crate::account) async fn check(db: &Db, token: &str, purposes: &[TokenPurpose]) -> Result<Opened> {
    let link = Entity::find().filter(works(token, db.now(), purposes)).one(db.read()).await?.ok_or_else(stale)?;
    Ok(Opened { user_id: link.user_id, purpose: link.purpose, email: link.email })
}

fn works(token: &str, now: Timestamp, purposes: &[TokenPurpose]) -> Condition {
    Condition::all()
        .add(Column::Digest.eq(secret::digest(token)))
        .add(Column::Purpose.is_in(purposes.iter().copied()))
        .add(Column::UsedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

/// Makes every unused link of a person worthless; returns how many there were.
pub async fn forget(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64> {
    let unused = Entity::delete_many().filter(Column::UserId.eq(user_id)).filter(Column::UsedAt.is_null());
    Ok(unused.exec(db).await?.rows_affected)
}

/// Forgets the links that are too old, and says how many there were.
pub async fn delete_stale(db: &Db) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(db.now())).exec(db.read()).await?.rows_affected)
}
