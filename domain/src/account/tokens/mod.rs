//! Programs that are logged in. Each log-in begins a family of refresh tokens: every token opens once and gives the
//! next, so that a stolen one shows itself when it is used a second time (RFC 9700, 4.14.2).
//!
//! Nothing has to tell a family that its account has changed: it remembers the password and the role that it began
//! with, and is over when either is another one, or the account is disabled.

mod programs;
pub mod signing_keys;

pub(super) use programs::end_all;
pub use programs::{Program, delete_expired, programs, revoke, revoke_by_token, revoke_of_user, revoke_own};

use super::User;
use super::users::{Account, find_account};
use crate::audit::{self, Action, Entry};
use crate::entities::{refresh_tokens, token_families};
use crate::{Db, Result, Timestamp, Tx, secret};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use std::fmt;
use uuid::Uuid;

/// How long after its use a refresh token that comes again is refused without ending its family, in milliseconds.
///
/// A program that sends the same token from two threads at once has a fault, not a thief: ending the family would take
/// the new tokens from the thread that won. A thief gains nothing by being as quick: whoever comes second gets no token,
/// and if that is the owner, the same token sent again after this time ends the family of both.
pub const GRACE_MS: i64 = 10_000;

/// Longest name of a program that is kept, in characters.
const CLIENT_MAX: usize = 200;

/// How long a program stays logged in, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Without using its refresh token.
    pub idle_ms: i64,
    /// However busy it is.
    pub max_ms: i64,
}

/// What a program holds after it logged in or refreshed.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshFamily {
    pub user: User,
    /// Their log-in asks for a code as well.
    pub two_factor: bool,
    pub family_id: Uuid,
    /// Opens once. Only its digest is kept.
    pub refresh_token: String,
    /// When the refresh token is too old to be used.
    pub expires_at: Timestamp,
}

impl RefreshFamily {
    /// The same in a shop where admins need a second step: without one they are a shopper.
    #[must_use]
    pub fn where_admins_need_two_factor(mut self) -> Self {
        if self.user.is_admin() && !self.two_factor {
            self.user = self.user.as_shopper();
        }
        self
    }
}

impl fmt::Debug for RefreshFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshFamily")
            .field("user", &self.user.id)
            .field("family", &self.family_id)
            .finish_non_exhaustive()
    }
}

/// Why a refresh token gives no new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody was given it, or its family is over.
    #[error("This refresh token is not valid, or no longer. Log in again.")]
    Over,
    /// Another request used it less than [`GRACE_MS`] ago.
    #[error("Another request has just used this refresh token: go on with the tokens that it was given.")]
    JustUsed,
    /// It was used before, so somebody has a copy: the family ended with this.
    #[error(
        "This refresh token was used before, so someone else may have it. Everything that came of this log-in has \
         been revoked. Log in again."
    )]
    Reused,
}

/// Begins a family for someone who just logged in from a program that calls itself `client`.
pub async fn open(db: &Db, account: &Account, client: &str, lifetimes: Lifetimes) -> Result<RefreshFamily> {
    open_since(db, account, client, lifetimes, db.now()).await
}

/// As [`open`], for somebody who gave their password at another time: what asks for a recent log-in goes by that, and so does
/// the end.
///
/// # Errors
/// When the database fails.
pub async fn open_since(
    db: &Db,
    account: &Account,
    client: &str,
    lifetimes: Lifetimes,
    logged_in_at: Timestamp,
) -> Result<RefreshFamily> {
    let now = db.now();
    let ends_at = logged_in_at.plus_ms(lifetimes.max_ms);
    let family = token_families::Model {
        id: Uuid::now_v7(),
        user_id: account.user.id,
        auth_hash: secret::hex(&account.auth_hash),
        role: account.user.role,
        client: client.chars().filter(|c| !c.is_control()).take(CLIENT_MAX).collect(),
        ip: db.actor().ip.map(|ip| ip.to_string()),
        created_at: logged_in_at,
        used_at: now,
        expires_at: now.plus_ms(lifetimes.idle_ms).min(ends_at),
        ends_at,
        revoked_at: None,
    };
    let (family_id, expires_at) = (family.id, family.expires_at);
    db.transaction(async |tx| {
        token_families::Entity::insert(family.clone().into_active_model()).exec_without_returning(&tx).await?;
        let refresh_token = new_token(&tx, family_id, now).await?;
        Ok(RefreshFamily {
            user: account.user.clone(),
            two_factor: account.two_factor,
            family_id,
            refresh_token,
            expires_at,
        })
    })
    .await
}

/// Gives the next refresh token for one that was not used yet. Of any number of requests with the same token one gets
/// it; the others are refused.
pub async fn refresh(db: &Db, token: &str, lifetimes: Lifetimes) -> Result<Result<RefreshFamily, Refusal>> {
    // Made-up tokens never wait for a lock.
    match refresh_tokens::Entity::find_by_id(secret::digest(token)).one(db.read()).await? {
        Some(token) => db.transaction(async |tx| rotate(&tx, &token, lifetimes).await).await,
        None => Ok(Err(Refusal::Over)),
    }
}

async fn rotate(
    tx: &Tx,
    token: &refresh_tokens::Model,
    lifetimes: Lifetimes,
) -> Result<Result<RefreshFamily, Refusal>> {
    let now = tx.now();
    // Everyone who comes with this token at once waits here for the first; the others then change no row.
    let rotated = refresh_tokens::ActiveModel { rotated_at: Set(Some(now)), ..Default::default() };
    let taken = refresh_tokens::Entity::update_many()
        .set(rotated)
        .filter(refresh_tokens::Column::Hash.eq(&token.hash))
        .filter(refresh_tokens::Column::RotatedAt.is_null())
        .exec(tx)
        .await?;
    let Some((family, account)) = living(tx, token.family_id, now).await? else {
        return Ok(Err(Refusal::Over));
    };
    if taken.rows_affected == 0 {
        return used_again(tx, &token.hash, &family, now).await.map(Err);
    }
    let expires_at = now.plus_ms(lifetimes.idle_ms).min(family.ends_at);
    let used = token_families::ActiveModel { used_at: Set(now), expires_at: Set(expires_at), ..Default::default() };
    let family_id = family.id;
    let still = token_families::Entity::update_many().set(used).filter(is_open(family_id)).exec(tx).await?;
    if still.rows_affected == 0 {
        // It was revoked at this moment.
        return Ok(Err(Refusal::Over));
    }
    let refresh_token = new_token(tx, family_id, now).await?;
    let (user, two_factor) = (account.user, account.two_factor);
    Ok(Ok(RefreshFamily { user, two_factor, family_id, refresh_token, expires_at }))
}

/// A token came that had been used before.
async fn used_again(tx: &Tx, hash: &str, family: &token_families::Model, now: Timestamp) -> Result<Refusal> {
    let token = refresh_tokens::Entity::find_by_id(hash).one(tx).await?;
    let used_at = token.and_then(|token| token.rotated_at);
    if used_at.is_some_and(|used_at| now.since_ms(used_at) < GRACE_MS) {
        return Ok(Refusal::JustUsed);
    }
    end(tx, is_open(family.id), now).await?;
    let reused = Entry::new(Action::TokenReused).refused().on("account", family.user_id);
    audit::record(tx, reused.with(json!({ "program": family.client }))).await?;
    Ok(Refusal::Reused)
}

/// Whoever a family belongs to, unless it is over. For checking an access token: it dies with its family.
pub async fn holder(db: &Db, family_id: Uuid) -> Result<Option<Account>> {
    Ok(log_in(db, family_id).await?.map(|(account, _)| account))
}

/// As [`holder`], with when they logged in: however often the tokens were refreshed since.
pub async fn log_in(db: &Db, family_id: Uuid) -> Result<Option<(Account, Timestamp)>> {
    Ok(living(db.read(), family_id, db.now()).await?.map(|(family, account)| (account, family.created_at)))
}

/// A family that is not over, and whose it is.
async fn living(
    db: &impl ConnectionTrait,
    family_id: Uuid,
    now: Timestamp,
) -> Result<Option<(token_families::Model, Account)>> {
    let family = token_families::Entity::find_by_id(family_id)
        .filter(token_families::Column::RevokedAt.is_null())
        .filter(token_families::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    let Some(family) = family else { return Ok(None) };
    let Some(account) = find_account(db, family.user_id).await? else { return Ok(None) };
    let same = secret::hex(&account.auth_hash) == family.auth_hash && account.user.role == family.role;
    Ok(same.then_some((family, account)))
}

async fn new_token(tx: &Tx, family_id: Uuid, now: Timestamp) -> Result<String> {
    let token = secret::token();
    let row = refresh_tokens::Model { hash: secret::digest(&token), family_id, created_at: now, rotated_at: None };
    refresh_tokens::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(token)
}

fn is_open(family_id: Uuid) -> Condition {
    Condition::all().add(token_families::Column::Id.eq(family_id)).add(token_families::Column::RevokedAt.is_null())
}

async fn end(db: &impl ConnectionTrait, which: Condition, now: Timestamp) -> Result<u64> {
    let revoked = token_families::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
    Ok(token_families::Entity::update_many().set(revoked).filter(which).exec(db).await?.rows_affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Permissions, Role};

    #[test]
    fn a_refresh_token_is_never_printed() {
        let user = User {
            id: Uuid::nil(),
            email: "ada@example.com".parse().unwrap(),
            name: "Ada".into(),
            role: Role::Shopper,
            permissions: Permissions::default(),
        };
        let held = RefreshFamily {
            user,
            two_factor: false,
            family_id: Uuid::nil(),
            refresh_token: "hush".into(),
            expires_at: Timestamp(0),
        };
        assert!(!format!("{held:?}").contains("hush"));
    }
}
