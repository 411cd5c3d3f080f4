//! Accounts: made, opened, looked up.

use super::mail::{self, Errand};
use super::{Email, Language, Password, Permissions, Role, User, hashing, links, session, strength};
use crate::audit::{self, Action, Entry};
use crate::entities::identities;
use crate::entities::users::{ActiveModel, Column, Entity, Model};
use crate::{Db, Error, Result};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::OnConflict,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// Longest name of a person, in characters.
const NAME_MAX: usize = 120;

/// An account, as the login knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    /// Changes with the password, with the second step and with what the person may do, so that a session opened before
    /// ends.
    pub auth_hash: Vec<u8>,
    /// Logging in asks for a code as well.
    pub second_step: bool,
    /// An admin who may do nothing as one until they have a second step.
    pub held_back: bool,
}

impl Account {
    /// The same person in a shop where admins need a second step: without one they are a shopper.
    #[must_use]
    pub fn where_admins_need_second_step(mut self) -> Self {
        if self.user.is_admin() && !self.second_step {
            self.user.role = Role::Shopper;
            self.user.permissions = Permissions::default();
            self.held_back = true;
        }
        self
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("user", &self.user).finish_non_exhaustive()
    }
}

impl TryFrom<Model> for Account {
    type Error = Error;

    fn try_from(row: Model) -> Result<Self> {
        let email = row.email.parse().map_err(|_| Error::Damaged(format!("the address of user {}", row.id)))?;
        let permissions = Permissions::read(&row.permissions);
        let mut lock = format!("{} {:?} {}", row.password_hash.unwrap_or_default(), row.role, permissions.text());
        if let Some(since) = row.second_step_at {
            lock += &format!(" {}", since.0);
        }
        let user = User { id: row.id, email, name: row.name, role: row.role, permissions };
        let second_step = row.second_step_at.is_some();
        Ok(Self { user, auth_hash: Sha256::digest(lock).to_vec(), second_step, held_back: false })
    }
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
        mail::ask(&tx, &Errand::Verify { user_id: row.id }).await?;
        audit::record(
            &tx,
            Entry::new(Action::Registered).by(account.user.id, &account.user.email).on("account", row.id),
        )
        .await?;
        Ok(())
    });
    match opened.await {
        Ok(()) => Ok(account.user),
        Err(error) if error.is_unique_violation() => {
            Err(Error::conflict("There is an account with this address already. Log in instead."))
        }
        Err(error) => Err(error),
    }
}

/// The account of an address and its password. Neither the answer nor the time it takes tells an unknown address, a
/// wrong password and a disabled account apart.
///
/// # Errors
/// When the database fails.
pub async fn authenticate(db: &Db, email: &str, password: &str) -> Result<Option<Account>> {
    // What is no address has no account, and may hold what a database refuses.
    let row = match email.parse::<Email>() {
        Ok(email) => Entity::find().filter(Column::Email.eq(email.as_str())).one(db.read()).await?,
        Err(_) => None,
    };
    let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let opens = hashing::verify(password, hash).await?;
    row.filter(|row| opens && row.disabled_at.is_none()).map(Account::try_from).transpose()
}

/// An account by id; `None` when there is none or it is disabled.
///
/// # Errors
/// When the database fails.
pub async fn account(db: &Db, id: Uuid) -> Result<Option<Account>> {
    find_account(db.read(), id).await
}

/// As [`account`], in a transaction or outside one.
pub(super) async fn find_account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Account>> {
    let row = Entity::find_by_id(id).filter(Column::DisabledAt.is_null()).one(db).await?;
    row.map(Account::try_from).transpose()
}

/// Makes an admin who may do everything: a new account, or the one that has the address, with this name and password.
/// Sessions opened with an older password end, and so do the links that were sent to it.
///
/// # Errors
/// `Invalid` without a name or with a password that is easy to guess.
pub async fn create_admin(db: &Db, email: &Email, name: &str, password: &Password) -> Result<User> {
    let row = new_row(db, email, name, password, Role::Admin).await?;
    let mut active: ActiveModel = row.into_active_model();
    active.disabled_at = Set(None);
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
    db.transaction(async |tx| {
        let was_there = of_address(&tx, email).await?.is_some();
        Entity::insert(active.clone()).on_conflict(known.clone()).exec_without_returning(&tx).await?;
        let row = of_address(&tx, email).await?;
        let user = Account::try_from(row.ok_or(Error::NotFound("account"))?)?.user;
        let made = |action| Entry::new(action).on("account", user.id);
        audit::record(&tx, made(Action::AdminMade).with(json!({ "address": email, "was_there": was_there }))).await?;
        if was_there {
            audit::record(&tx, made(Action::PasswordChanged)).await?;
            let sessions = session::delete_of_user(&tx, user.id).await?;
            audit::record(&tx, made(Action::SessionsEnded).with(json!({ "sessions": sessions }))).await?;
        }
        links::forget(&tx, user.id).await?;
        // Whoever is linked to the account at a provider was not meant.
        identities::Entity::delete_many().filter(identities::Column::UserId.eq(user.id)).exec(&tx).await?;
        Ok(user)
    })
    .await
}

async fn of_address(connection: &impl ConnectionTrait, email: &Email) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Email.eq(email.as_str())).one(connection).await?)
}

/// Whether the shop has an admin who can log in.
///
/// # Errors
/// When the database fails.
pub async fn admin_exists(db: &Db) -> Result<bool> {
    let admins = Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null());
    Ok(admins.count(db.read()).await? > 0)
}

/// A name as it is kept.
pub(super) fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", format!("Write your name, in at most {NAME_MAX} characters.")));
    }
    Ok(name)
}

async fn new_row(db: &Db, email: &Email, name: &str, password: &Password, role: Role) -> Result<Model> {
    let name = checked_name(name)?;
    strength::check(password, email, name).await?;
    let permissions = if role == Role::Admin { Permissions::all() } else { Permissions::default() };
    let now = db.now();
    Ok(Model {
        id: Uuid::now_v7(),
        email: email.as_str().to_owned(),
        email_verified_at: None,
        pending_email: None,
        name: name.to_owned(),
        password_hash: Some(hashing::hash(password).await?),
        role,
        permissions: permissions.text(),
        second_step_at: None,
        language: Language::default().tag().to_owned(),
        currency: None,
        disabled_at: None,
        deleted_at: None,
        created_at: now,
        updated_at: now,
    })
}
