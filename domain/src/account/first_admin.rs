//! The first admin of a shop, made on a page by whoever reads its log.
//!
//! A server of a shop without an admin makes a code and prints it. Several servers print one each, and any of them opens
//! the page; with the first admin all of them are gone.

use super::registration::{admin_exists, insert_admin, new_admin};
use super::users::{self, Account};
use super::{Email, Password};
use crate::entities::setup_codes;
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Timestamp, secret};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use totp_rs::Secret;

/// Bytes of a code: 80 bits, in sixteen letters.
const CODE_BYTES: usize = 10;
/// How long a code counts, in milliseconds. A server that is started again prints a new one.
const KEPT_MS: i64 = 7 * Timestamp::DAY_MS;

/// A new code for a shop without an admin, in groups of four letters; `None` for one that has one.
pub async fn new_code(db: &Db) -> Result<Option<String>> {
    if admin_exists(db).await? {
        return Ok(None);
    }
    let code = Secret::from(secret::random::<CODE_BYTES>().as_slice()).to_base32();
    let row = setup_codes::Model { digest: secret::digest(&code), created_at: db.now() };
    db.transaction(async |tx| {
        let old = setup_codes::Column::CreatedAt.lt(tx.now().plus_ms(-KEPT_MS));
        setup_codes::Entity::delete_many().filter(old).exec(&tx).await?;
        setup_codes::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        Ok(())
    })
    .await?;
    Ok(Some(secret::grouped(&code, "-")))
}

/// Makes the first admin, who may do everything, for whoever has a code.
///
/// # Errors
/// `TooMany`; `Invalid` at the field that was wrong; `Conflict` when there is an admin already.
pub async fn create(
    db: &Db,
    limits: &Limits,
    code: &str,
    email: &Email,
    name: &str,
    password: &Password,
) -> Result<Account> {
    limits.take_network(Rule::Register, db.actor()).await?;
    let typed: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let digest = secret::digest(&typed.to_ascii_uppercase());
    // Before the dear work on the password, and again in the transaction.
    if setup_codes::Entity::find_by_id(digest.as_str()).one(db.read()).await?.is_none() {
        return Err(if admin_exists(db).await? { already() } else { Error::invalid("code", "setup.wrong-code") });
    }
    let admin = new_admin(db, email, name, password).await?;
    let user = db
        .transaction(async |tx| {
            let count = setup_codes::Entity::delete_many()
                .filter(setup_codes::Column::Digest.eq(&digest))
                .filter(setup_codes::Column::CreatedAt.gte(tx.now().plus_ms(-KEPT_MS)))
                .exec(&tx)
                .await?
                .rows_affected;
            if count != 1 {
                return Err(Error::invalid("code", "setup.wrong-code"));
            }
            if users::admin_among(&tx).await? {
                return Err(already());
            }
            setup_codes::Entity::delete_many().exec(&tx).await?;
            insert_admin(&tx, email, admin.clone()).await
        })
        .await?;
    users::account(db, user.id).await?.ok_or(Error::NotFound("account"))
}

fn already() -> Error {
    Error::conflict("setup.done-already")
}
