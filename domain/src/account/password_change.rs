//! A new password in place of the old one, and what follows from it.

use super::email::email_tokens;
use super::email::mail::{self, Notice};
use super::passwords::{hashing, strength, verify_own};
use super::users::{Account, active, any, parsed_email, update_active};
use super::{Password, sessions};
use crate::audit::{self, Action, Entry};
use crate::entities::users::Column;
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Gives somebody who knows the old password a new one. They are logged out everywhere; the account that comes back is to
/// be logged in anew.
///
/// # Errors
/// `Invalid` on the field `current_password` or `new_password`, `Conflict` when there is no password yet.
pub async fn set_password(db: &Db, user_id: Uuid, current: &str, new: &Password) -> Result<Account> {
    let known = active(db.read(), user_id).await?;
    verify_own(db, &known, current, "current_password").await?;
    strength::check(new, &parsed_email(&known.email)?, &known.name).await.map_err(|error| match error {
        Error::Invalid { refusal, .. } => Error::invalid("new_password", refusal),
        error => error,
    })?;
    let hash = hashing::hash(new).await?;
    db.transaction(async |tx| {
        // Only in place of the one that was given: a link of a mail may have been quicker.
        let update = update_active(tx.now(), user_id)
            .col_expr(Column::PasswordHash, Expr::value(hash.as_str()))
            .filter(Column::PasswordHash.eq(known.password_hash.as_deref()));
        if update.exec(&tx).await?.rows_affected != 1 {
            return Err(Error::conflict("password.changed-elsewhere"));
        }
        after_change(&tx, user_id).await?;
        // As it is here: tokens for it are not tokens of a password that somebody sets right after.
        Account::try_from(active(&tx, user_id).await?)
    })
    .await
}

/// What follows from a new password, however it came about: sessions and links end, the person is told, and so is the
/// audit trail.
///
/// # Errors
/// `NotFound` when there is no such account.
pub(super) async fn after_change(tx: &Tx, user_id: Uuid) -> Result<()> {
    let now = tx.now();
    let sessions = sessions::delete_of_user(tx, user_id).await?;
    email_tokens::forget(tx, user_id).await?;
    let person = any(tx, user_id).await?;
    let user = Account::try_from(person.clone())?.user;
    let line = |action| Entry::new(action).by(user.id, &user.email).on("account", user_id);
    audit::record(tx, line(Action::PasswordChanged)).await?;
    audit::record(tx, line(Action::SessionsEnded).with(json!({ "sessions": sessions }))).await?;
    mail::tell(tx, &person, Notice::PasswordChanged { at: now }).await
}
