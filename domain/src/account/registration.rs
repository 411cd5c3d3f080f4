//! How accounts come to be: a shopper registers, an operator makes an admin.

use super::email::email_tokens;
use super::email::mail::{self, MailJob};
use super::passwords::{hashing, strength};
use super::person_name::PersonName;
use super::users::{self, Account, find_by_email};
use super::{Email, Language, Password, Permissions, Role, User, sessions};
use crate::audit::{self, Action, Entry};
use crate::entities::identities;
use crate::entities::users::{ActiveModel, Column, Entity, Model};
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Registers a stranger, who comes by a page or by a program, as often as [`Rule::Register`] allows from their network.
///
/// # Errors
/// As [`register`], and `TooMany`.
pub async fn sign_up(db: &Db, limits: &Limits, email: &Email, name: &str, password: &Password) -> Result<Account> {
    limits.take_network(Rule::Register, db.actor()).await?;
    let user = register(db, email, name, password).await?;
    users::account(db, user.id).await?.ok_or(Error::NotFound("account"))
}

/// Opens an account for a shopper, and asks for a mail by which they confirm their address.
///
/// # Errors
/// `Invalid` without a name or with a password that is easy to guess, `Conflict` when the address has an account already.
pub async fn register(db: &Db, email: &Email, name: &str, password: &Password) -> Result<User> {
    let row = new_row(db, email, name, password, Role::Shopper).await?;
    let account = Account::try_from(row.clone())?;
    let opened = db.transaction(async |tx| {
        Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        mail::ask(&tx, &MailJob::Verify { user_id: row.id }).await?;
        audit::record(
            &tx,
            Entry::new(Action::Registered).by(account.user.id, &account.user.email).on("account", row.id),
        )
        .await?;
        Ok(())
    });
    match opened.await {
        Ok(()) => Ok(account.user),
        Err(error) if error.is_unique_violation() => Err(Error::conflict("account.address-taken")),
        Err(error) => Err(error),
    }
}

/// Makes an admin who may do everything: a new account, or the one that has the address, with this name and password.
/// Sessions opened with an older password end, and so do the links that were sent to it.
///
/// # Errors
/// `Invalid` without a name or with a password that is easy to guess.
pub async fn create_admin(db: &Db, email: &Email, name: &str, password: &Password) -> Result<User> {
    let admin = new_admin(db, email, name, password).await?;
    db.transaction(async |tx| insert_admin(&tx, email, admin.clone()).await).await
}

/// The account of an admin to be.
pub(super) async fn new_admin(db: &Db, email: &Email, name: &str, password: &Password) -> Result<ActiveModel> {
    let mut admin: ActiveModel = new_row(db, email, name, password, Role::Admin).await?.into_active_model();
    admin.disabled_at = Set(None);
    Ok(admin)
}

/// [`create_admin`] within the caller's transaction.
pub(super) async fn insert_admin(tx: &Tx, email: &Email, admin: ActiveModel) -> Result<User> {
    let known = OnConflict::column(Column::Email)
        .update_columns([
            Column::Name,
            Column::PasswordHash,
            Column::Role,
            Column::Permissions,
            Column::DisabledAt,
            Column::UpdatedAt,
        ])
        .to_owned();
    let was_there = find_by_email(tx, email).await?.is_some();
    Entity::insert(admin).on_conflict(known).exec_without_returning(tx).await?;
    let row = find_by_email(tx, email).await?;
    let user = Account::try_from(row.ok_or(Error::NotFound("account"))?)?.user;
    let made = |action| Entry::new(action).on("account", user.id);
    audit::record(tx, made(Action::AdminMade).with(json!({ "address": email, "was_there": was_there }))).await?;
    if was_there {
        audit::record(tx, made(Action::PasswordChanged)).await?;
        let sessions = sessions::delete_of_user(tx, user.id).await?;
        audit::record(tx, made(Action::SessionsEnded).with(json!({ "sessions": sessions }))).await?;
    }
    email_tokens::forget(tx, user.id).await?;
    // Whoever is linked to the account at a provider was not meant.
    identities::Entity::delete_many().filter(identities::Column::UserId.eq(user.id)).exec(tx).await?;
    Ok(user)
}

/// Whether the shop has an admin who can log in.
pub async fn admin_exists(db: &Db) -> Result<bool> {
    users::admin_among(db.read()).await
}

async fn new_row(db: &Db, email: &Email, name: &str, password: &Password, role: Role) -> Result<Model> {
    let name = PersonName::parse(name)?;
    strength::check(password, email, name.as_str()).await?;
    let permissions = if role == Role::Admin { Permissions::all() } else { Permissions::default() };
    let now = db.now();
    Ok(Model {
        id: Uuid::now_v7(),
        email: email.as_str().to_owned(),
        email_verified_at: None,
        pending_email: None,
        name: name.into(),
        password_hash: Some(hashing::hash(password).await?),
        role,
        permissions: permissions.text(),
        second_step_at: None,
        language: Language::default().tag().to_owned(),
        currency: None,
        sale_mails: true,
        disabled_at: None,
        deleted_at: None,
        created_at: now,
        updated_at: now,
    })
}
