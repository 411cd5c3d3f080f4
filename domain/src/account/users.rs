//! The rows of people with an account: what the login makes of one, and how one is found.

use super::{Email, Permissions, Role, User};
use crate::entities::users::{Column, Entity, Model};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select, UpdateMany,
};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// An account, as the login knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    /// Changes with the password, with the second step and with what the person may do, so that a session opened before
    /// ends.
    pub auth_hash: Vec<u8>,
    /// Logging in asks for a code as well.
    pub two_factor: bool,
    /// An admin who may do nothing as one until they have a second step.
    pub held_back: bool,
}

impl Account {
    /// The same person in a shop where admins need a second step: without one they are a shopper.
    #[must_use]
    pub fn where_admins_need_two_factor(mut self) -> Self {
        if self.user.is_admin() && !self.two_factor {
            self.user = self.user.as_shopper();
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
        let two_factor = row.second_step_at.is_some();
        Ok(Self { user, auth_hash: Sha256::digest(lock).to_vec(), two_factor, held_back: false })
    }
}

/// An account by id; `None` when there is none or it is disabled.
pub async fn account(db: &Db, id: Uuid) -> Result<Option<Account>> {
    find_account(db.read(), id).await
}

/// As [`account`], when something else holds as well.
pub(super) async fn account_where(db: &Db, id: Uuid, holds: Expr) -> Result<Option<Account>> {
    active_with(id).filter(holds).one(db.read()).await?.map(Account::try_from).transpose()
}

/// As [`account`], in a transaction or outside one.
pub(super) async fn find_account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Account>> {
    find_active(db, id).await?.map(Account::try_from).transpose()
}

/// Whoever has this id and can log in.
pub(super) async fn find_active(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>> {
    Ok(active_with(id).one(db).await?)
}

/// As [`find_active`]; `NotFound` when there is nobody.
pub(super) async fn active(db: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    find_active(db, id).await?.ok_or(Error::NotFound("account"))
}

/// Holds somebody with an account until the transaction ends.
///
/// # Errors
/// `NotFound` when there is nobody.
pub(crate) async fn lock(tx: &Tx, id: Uuid) -> Result<()> {
    active_locked(tx, id).await.map(drop)
}

/// As [`lock`], and says what they are.
///
/// # Errors
/// As there.
pub(crate) async fn locked_role(tx: &Tx, id: Uuid) -> Result<Role> {
    Ok(active_locked(tx, id).await?.role)
}

/// What somebody is called: for a column of a query over what they did.
pub(crate) fn name_of(user_id: Expr) -> SelectStatement {
    Query::select()
        .column((Entity, Column::Name))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Id)).eq(user_id))
        .to_owned()
}

/// As [`active`], held until the transaction ends.
pub(super) async fn active_locked(tx: &Tx, id: Uuid) -> Result<Model> {
    active_with(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("account"))
}

fn active_with(id: Uuid) -> Select<Entity> {
    Entity::find_by_id(id).filter(Column::DisabledAt.is_null())
}

/// Whoever has this id; those too who cannot log in.
pub(super) async fn any(db: &impl ConnectionTrait, id: Uuid) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("account"))
}

/// Whoever has this address; those too who cannot log in.
pub(super) async fn find_by_email(db: &impl ConnectionTrait, email: &Email) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Email.eq(email.as_str())).one(db).await?)
}

/// Whether somebody is an admin and can log in.
pub(super) async fn admin_among(db: &impl ConnectionTrait) -> Result<bool> {
    let admins = Entity::find().filter(Column::Role.eq(Role::Admin)).filter(Column::DisabledAt.is_null());
    Ok(admins.count(db).await? > 0)
}

/// A change to whoever has this id and can log in.
pub(super) fn update_active(now: Timestamp, id: Uuid) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::DisabledAt.is_null())
}

/// An address as it was kept.
pub(super) fn parsed_email(email: &str) -> Result<Email> {
    email.parse().map_err(|_| Error::Damaged("a stored email address".to_owned()))
}
