//! Two-factor authentication, the second step at log-in: a code of an app on the person's phone ([`totp`]), or one of the
//! recovery codes that they keep for the day the phone is lost ([`recovery_codes`]).

pub mod recovery_codes;
mod totp;

use super::email::mail::{self, Notice};
use super::sessions::devices as known_devices;
use super::users::{Account, account, active_locked, any};
use super::{TwoFactor, sessions, tokens};
use crate::audit::{self, Action, Entry};
use crate::entities::{self, devices, second_steps, users};
use crate::limits::{Limits, Rule};
use crate::vault::Vault;
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Which factor was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    Totp,
    RecoveryCode,
}

/// How the second step of somebody stands. `issuer` is what their app shall call the shop.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn status(db: &Db, vault: &dyn Vault, issuer: &str, user_id: Uuid) -> Result<TwoFactor> {
    let person = any(db.read(), user_id).await?;
    let row = second_steps::Entity::find_by_id(user_id).one(db.read()).await?;
    let codes_left = recovery_codes::unused(user_id).count(db.read()).await?;
    let enrollment = match &row {
        Some(row) if person.second_step_at.is_none() => {
            Some(totp::enrollment(&totp::totp(vault, row, issuer, &person.email)?)?)
        }
        _ => None,
    };
    let new_codes = match row.and_then(|row| row.codes) {
        Some(sealed) => recovery_codes::shown(vault, user_id, &sealed)?,
        None => Vec::new(),
    };
    Ok(TwoFactor { since: person.second_step_at, codes_left, enrollment, new_codes })
}

/// Begins to set it up, or begins again: makes what an app has to be told, and recovery codes. Nothing is asked for yet.
///
/// # Errors
/// `Conflict` when it is on already.
pub async fn enroll(db: &Db, vault: &dyn Vault, user_id: Uuid) -> Result<()> {
    let row = second_steps::ActiveModel {
        user_id: Set(user_id),
        secret: Set(totp::new_secret(vault, user_id)?),
        codes: Set(Some(recovery_codes::new_seed(vault, user_id)?)),
        used_step: Set(0),
        created_at: Set(db.now()),
    };
    let anew = OnConflict::column(second_steps::Column::UserId)
        .update_columns([
            second_steps::Column::Secret,
            second_steps::Column::Codes,
            second_steps::Column::UsedStep,
            second_steps::Column::CreatedAt,
        ])
        .to_owned();
    db.transaction(async |tx| {
        if active_locked(&tx, user_id).await?.second_step_at.is_some() {
            return Err(Error::conflict("two-factor.on-already"));
        }
        second_steps::Entity::insert(row.clone()).on_conflict(anew.clone()).exec_without_returning(&tx).await?;
        Ok(())
    })
    .await
}

/// Turns it on with a code of the app, which shows that the app has understood. The recovery codes that were shown count
/// from now on. Whoever is logged in anywhere is logged out; the account that comes back is to be logged in anew.
///
/// # Errors
/// `Invalid` when the code is not the app's, `Conflict` when nothing is being set up.
pub async fn enable(db: &Db, vault: &dyn Vault, user_id: Uuid, code: &str) -> Result<Account> {
    let enabled = db.transaction(async |tx| {
        let now = tx.now();
        let person = active_locked(&tx, user_id).await?;
        let row =
            second_steps::Entity::find_by_id(user_id).one(&tx).await?.ok_or_else(recovery_codes::nothing_set_up)?;
        let Some(seed) = row.codes.as_deref().filter(|_| person.second_step_at.is_none()) else {
            return Err(recovery_codes::nothing_set_up());
        };
        let seed = recovery_codes::open(vault, user_id, seed)?;
        let Some(step) = totp::matching_step(&totp::totp(vault, &row, "", &person.email)?, code, now) else {
            return Err(Error::invalid("code", "two-factor.not-the-app-s-code"));
        };
        set_since(&tx, user_id, Some(now)).await?;
        second_steps::Entity::update_many()
            .col_expr(second_steps::Column::UsedStep, Expr::value(step))
            .col_expr(second_steps::Column::Codes, Expr::value(None::<String>))
            .filter(second_steps::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        recovery_codes::replace(&tx, now, user_id, &seed).await?;
        // Those were known by the password alone; each that comes back with a code is known anew.
        devices::Entity::delete_many().filter(devices::Column::UserId.eq(user_id)).exec(&tx).await?;
        changed(&tx, &person, Action::TwoFactorOn, Notice::TwoFactorOn { at: now }).await?;
        Ok(())
    });
    enabled.await?;
    account(db, user_id).await?.ok_or(Error::NotFound("account"))
}

/// Turns it off, and forgets the app and the recovery codes. Whoever is logged in anywhere is logged out; the account that
/// comes back is to be logged in anew. Nothing happens when it is off.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn disable(db: &Db, user_id: Uuid) -> Result<Account> {
    let disabled = db.transaction(async |tx| {
        let now = tx.now();
        let person = active_locked(&tx, user_id).await?;
        second_steps::Entity::delete_by_id(user_id).exec(&tx).await?;
        entities::recovery_codes::Entity::delete_many()
            .filter(entities::recovery_codes::Column::UserId.eq(user_id))
            .exec(&tx)
            .await?;
        if person.second_step_at.is_some() {
            set_since(&tx, user_id, None).await?;
            changed(&tx, &person, Action::TwoFactorOff, Notice::TwoFactorOff { at: now }).await?;
        }
        Ok(())
    });
    disabled.await?;
    account(db, user_id).await?.ok_or(Error::NotFound("account"))
}

/// Tries a code: one of the app, or a recovery code, however it is spaced. Each opens once. Whoever tries too often waits;
/// those in a browser that the account knows do not wait for others.
///
/// # Errors
/// [`Error::TooMany`] with how long to wait.
pub async fn verify(
    db: &Db,
    vault: &dyn Vault,
    limits: &Limits,
    account: &Account,
    code: &str,
    device: Option<&str>,
) -> Result<Option<Factor>> {
    let user = &account.user;
    let known = match device {
        Some(token) => known_devices::is_known(db, token, user.email.as_str()).await?.then_some(token),
        None => None,
    };
    let id = user.id.to_string();
    let place = known.unwrap_or("elsewhere");
    limits.take(Rule::TwoFactor, &[&id, place]).await?;
    let typed: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(recovery_codes::CODE_LETTERS + 1).collect();
    let passed = if typed.chars().count() == recovery_codes::CODE_LETTERS {
        recovery_codes::use_code(db, user.id, &typed.to_uppercase()).await?.then_some(Factor::RecoveryCode)
    } else {
        totp::use_code(db, vault, user.id, &typed).await?.then_some(Factor::Totp)
    };
    match passed {
        Some(_) => limits.forget(Rule::TwoFactor, &[&id, place]).await?,
        None => {
            let refused =
                Entry::new(Action::TwoFactorRefused).refused().by(user.id, &user.email).on("account", user.id);
            audit::record(db, refused).await?;
        }
    }
    Ok(passed)
}

/// What is said of a code that opens nothing.
pub fn wrong_code() -> Error {
    Error::invalid("code", "two-factor.wrong-code")
}

async fn set_since(tx: &Tx, user_id: Uuid, since: Option<Timestamp>) -> Result<()> {
    let now = tx.now();
    users::Entity::update_many()
        .col_expr(users::Column::SecondStepAt, Expr::value(since))
        .col_expr(users::Column::UpdatedAt, Expr::value(now))
        .filter(users::Column::Id.eq(user_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What follows from a change: browsers and programs are logged out, the person is told, and so is the audit trail.
async fn changed(tx: &Tx, person: &users::Model, action: Action, notice: Notice) -> Result<()> {
    let sessions = sessions::delete_of_user(tx, person.id).await?;
    let programs = tokens::end_all(tx, person.id, None).await?;
    let ended = json!({ "sessions": sessions, "programs": programs });
    audit::record(tx, Entry::new(action).on("account", person.id).with(ended)).await?;
    mail::tell(tx, person, notice).await
}
