//! The programs that people are logged in with: listed, logged out, forgotten.

use super::{Lifetimes, end, is_open};
use crate::account::users::account;
use crate::audit::{self, Action, Entry};
use crate::entities::{refresh_tokens, token_families};
use crate::{Db, Result, Timestamp, Tx, secret};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

/// A program that is logged in, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub family_id: Uuid,
    /// What it called itself when it logged in; may be empty.
    pub client: String,
    /// Where it logged in.
    pub ip: Option<String>,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
}

/// Ends a family: its program is logged out.
pub async fn revoke(db: &Db, family_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        if end(&tx, is_open(family_id), db.now()).await? > 0
            && let Some(family) = token_families::Entity::find_by_id(family_id).one(&tx).await?
        {
            let revoked = Entry::new(Action::TokensRevoked).on("account", family.user_id);
            audit::record(&tx, revoked.with(json!({ "program": family.client }))).await?;
        }
        Ok(())
    })
    .await
}

/// Ends a family if it is this person's; `false` when it is not, or over already.
pub async fn revoke_own(db: &Db, user_id: Uuid, family_id: Uuid) -> Result<bool> {
    let own = token_families::Entity::find_by_id(family_id)
        .filter(token_families::Column::UserId.eq(user_id))
        .filter(token_families::Column::RevokedAt.is_null());
    if own.one(db.read()).await?.is_none() {
        return Ok(false);
    }
    revoke(db, family_id).await?;
    Ok(true)
}

/// Ends the family that a refresh token belongs to, used or not; does nothing for one that nobody was given.
pub async fn revoke_by_token(db: &Db, token: &str) -> Result<()> {
    match refresh_tokens::Entity::find_by_id(secret::digest(token)).one(db.read()).await? {
        Some(token) => revoke(db, token.family_id).await,
        None => Ok(()),
    }
}

/// Ends every family of a person, and says how many there were.
pub async fn revoke_of_user(db: &Db, user_id: Uuid) -> Result<u64> {
    db.transaction(async |tx| {
        let ended = end_all(&tx, user_id, None).await?;
        if ended > 0 {
            let revoked = Entry::new(Action::TokensRevoked).on("account", user_id);
            audit::record(&tx, revoked.with(json!({ "programs": ended }))).await?;
        }
        Ok(ended)
    })
    .await
}

/// Ends every family of a person, in the transaction of something larger; all but one, where one is given.
pub(in crate::account) async fn end_all(tx: &Tx, user_id: Uuid, but: Option<Uuid>) -> Result<u64> {
    let now = tx.now();
    let all = Condition::all()
        .add(token_families::Column::UserId.eq(user_id))
        .add(token_families::Column::RevokedAt.is_null())
        .add_option(but.map(|kept| token_families::Column::Id.ne(kept)));
    end(tx, all, now).await
}

/// The programs that a person is logged in with, the last used first.
pub async fn programs(db: &Db, user_id: Uuid) -> Result<Vec<Program>> {
    let Some(account) = account(db, user_id).await? else { return Ok(Vec::new()) };
    let families = token_families::Entity::find()
        .filter(token_families::Column::UserId.eq(user_id))
        .filter(token_families::Column::RevokedAt.is_null())
        .filter(token_families::Column::ExpiresAt.gt(db.now()))
        .filter(token_families::Column::AuthHash.eq(secret::hex(&account.auth_hash)))
        .filter(token_families::Column::Role.eq(account.user.role))
        .order_by_desc(token_families::Column::UsedAt)
        .order_by_desc(token_families::Column::Id)
        .all(db.read())
        .await?;
    let program = |family: token_families::Model| Program {
        family_id: family.id,
        client: family.client,
        ip: family.ip,
        created_at: family.created_at,
        used_at: family.used_at,
    };
    Ok(families.into_iter().map(program).collect())
}

/// Forgets families that are too old, revoked or not, and used tokens so old that nobody could have used them now
/// anyway. Says how many families there were.
pub async fn delete_expired(db: &Db, lifetimes: Lifetimes) -> Result<u64> {
    let now = db.now();
    let families = token_families::Entity::delete_many().filter(token_families::Column::ExpiresAt.lte(now));
    let gone = families.exec(db.read()).await?.rows_affected;
    let used = refresh_tokens::Entity::delete_many()
        .filter(refresh_tokens::Column::RotatedAt.lte(now.plus_ms(-lifetimes.idle_ms)));
    used.exec(db.read()).await?;
    Ok(gone)
}
