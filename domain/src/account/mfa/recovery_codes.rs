//! Recovery codes, for the day the phone is lost.
//!
//! They are made from a seed that is kept, sealed, only until their owner says that they are written down; from then on
//! there are digests. So a page can show them as often as it is loaded, and no crash in between leaves somebody with codes
//! that do not count.

use crate::account::email::mail::{self, Notice};
use crate::account::users::{Account, active_locked, any};
use crate::audit::{self, Action, Entry};
use crate::entities::{recovery_codes, second_steps};
use crate::vault::Vault;
use crate::{Db, Error, Result, Timestamp, secret};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};
use totp_rs::Secret;
use uuid::Uuid;

/// Recovery codes that somebody has.
const CODES: u8 = 10;
/// Bytes of a recovery code: 120 bits, so that a plain digest keeps it (ASVS 5.0, 6.5.2), and no letter is wasted.
const CODE_BYTES: usize = 15;
/// Letters of a recovery code.
pub(super) const CODE_LETTERS: usize = 24;

fn name(user_id: Uuid) -> String {
    format!("recovery codes of {user_id}")
}

/// Nothing is being set up, or no codes are shown.
pub(super) fn nothing_set_up() -> Error {
    Error::conflict("two-factor.nothing-set-up")
}

/// Makes other recovery codes. Those from before count until [`keep`].
///
/// # Errors
/// `Conflict` when the second step is off.
pub async fn renew(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    let seed = new_seed(vault, user_id)?;
    db.transaction(async |tx| {
        if active_locked(&tx, user_id).await?.second_step_at.is_none() {
            return Err(Error::conflict("two-factor.off"));
        }
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::Codes, Expr::value(seed.as_str()))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        Ok(())
    })
    .await
}

/// Lets the recovery codes that were shown last count, and no others.
///
/// # Errors
/// `Conflict` when none are shown.
pub async fn keep(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        let on = active_locked(&tx, user_id).await?.second_step_at.is_some();
        let row = second_steps::Entity::find_by_id(user_id).one(&tx).await?;
        let Some(seed) = row.and_then(|row| row.codes).filter(|_| on) else { return Err(nothing_set_up()) };
        let seed = vault.open(&name(user_id), &seed)?;
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::Codes, Expr::value(None::<String>))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        replace(&tx, now, user_id, &seed).await?;
        audit::record(&tx, Entry::new(Action::RecoveryCodesMade).on("account", user_id)).await?;
        Ok(())
    })
    .await
}

/// Whether it is a code that was not used yet. It never opens again, and its owner is told.
pub(super) async fn use_code(db: &Db, user_id: Uuid, code: &str) -> Result<bool> {
    db.transaction(async |tx| {
        let now = tx.now();
        let used = recovery_codes::Entity::update_many()
            .col_expr(recovery_codes::Column::UsedAt, Expr::value(now))
            .filter(recovery_codes::Column::Digest.eq(secret::digest(code)))
            .filter(recovery_codes::Column::UserId.eq(user_id))
            .filter(recovery_codes::Column::UsedAt.is_null())
            .exec(&tx)
            .await?;
        if used.rows_affected != 1 {
            return Ok(false);
        }
        let person = any(&tx, user_id).await?;
        let left = unused(user_id).count(&tx).await?;
        let user = Account::try_from(person.clone())?.user;
        let line = Entry::new(Action::RecoveryCodeUsed).by(user.id, &user.email).on("account", user_id);
        audit::record(&tx, line.with(json!({ "left": left }))).await?;
        mail::tell(&tx, &person, Notice::RecoveryCodeUsed { at: now, left }).await?;
        Ok(true)
    })
    .await
}

/// Those that were not used yet.
pub(super) fn unused(user_id: Uuid) -> sea_orm::Select<recovery_codes::Entity> {
    recovery_codes::Entity::find()
        .filter(recovery_codes::Column::UserId.eq(user_id))
        .filter(recovery_codes::Column::UsedAt.is_null())
}

/// Lets the codes of a seed count, and no others.
pub(super) async fn replace(tx: &impl ConnectionTrait, now: Timestamp, user_id: Uuid, seed: &[u8]) -> Result<()> {
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user_id)).exec(tx).await?;
    let rows = codes(seed).into_iter().map(|code| recovery_codes::ActiveModel {
        digest: Set(secret::digest(&code.replace('-', ""))),
        user_id: Set(user_id),
        created_at: Set(now),
        used_at: Set(None),
    });
    recovery_codes::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// What new codes are made from, sealed.
pub(super) fn new_seed(vault: &dyn Vault, user_id: Uuid) -> Result<String> {
    vault.seal(&name(user_id), &secret::random::<32>())
}

/// The codes of a sealed seed, in groups of four letters.
pub(super) fn shown(vault: &dyn Vault, user_id: Uuid, sealed: &str) -> Result<Vec<String>> {
    Ok(codes(&open(vault, user_id, sealed)?))
}

/// The seed itself.
pub(super) fn open(vault: &dyn Vault, user_id: Uuid, sealed: &str) -> Result<Vec<u8>> {
    vault.open(&name(user_id), sealed)
}

fn codes(seed: &[u8]) -> Vec<String> {
    let code = |number: u8| {
        let digest = Sha256::new().chain_update(seed).chain_update([number]).finalize();
        secret::grouped(&Secret::from(&digest[..CODE_BYTES]).to_base32(), "-")
    };
    (0..CODES).map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_long_and_each_is_another() {
        let (some, others) = (codes(&[1; 32]), codes(&[2; 32]));
        assert_eq!(some.len(), usize::from(CODES));
        assert!(some.iter().all(|code| code.len() == 29 && code.replace('-', "").len() == CODE_LETTERS));
        let all: std::collections::HashSet<_> = some.iter().chain(&others).collect();
        assert_eq!(all.len(), 20);
        assert_eq!(some, codes(&[1; 32]), "the page shows the same codes again");
    }
}
