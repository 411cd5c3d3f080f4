//! A forgotten password: a link by mail, and a new password in its place.

use super::addresses::parsed;
use super::links::{self, Purpose};
use super::mail::{self, Errand, Notice};
use super::store::Account;
use super::{Email, Password, hashing, session, strength};
use crate::audit::{self, Action, Entry};
use crate::entities::users::{Column, Entity};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Asks for a mail with a link to choose a new password. The work and the answer are the same whether or not the address
/// has an account: that is found out when the mail is sent.
///
/// # Errors
/// When the database fails.
pub async fn ask_reset(db: &Db, email: &Email) -> Result<()> {
    let errand = Errand::Reset { email: email.clone() };
    db.transaction(async |tx| {
        mail::ask(&tx, &errand).await?;
        audit::record(&tx, Entry::new(Action::ResetAsked).on("account", email)).await?;
        Ok(())
    })
    .await
}

/// Sets a new password by a link, and says whose it is. The person is logged out everywhere, every other link that they were sent is worth
/// nothing from now on, and a move to another address that somebody asked for is called off. Who opened the link reads
/// the mail of the address, which is confirmed by that.
///
/// # Errors
/// `Conflict` when the link does not work, `Invalid` when the password is easy to guess.
pub async fn reset(db: &Db, token: &str, password: &Password) -> Result<Uuid> {
    let link = links::check(db, token, &[Purpose::Reset]).await?;
    let person = Entity::find_by_id(link.user_id).one(db.read()).await?.ok_or_else(links::stale)?;
    strength::check(password, &parsed(&person.email)?, &person.name).await?;
    let hash = hashing::hash(password).await?;
    db.transaction(async |tx| {
        let now = tx.now();
        let link = links::open(&tx, token, &[Purpose::Reset]).await?;
        let changed = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash.as_str()))
            .col_expr(Column::EmailVerifiedAt, Expr::col(Column::EmailVerifiedAt).if_null(now))
            .col_expr(Column::PendingEmail, Expr::value(None::<String>))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::Id.eq(link.user_id))
            .filter(Column::Email.eq(link.email))
            .filter(Column::DisabledAt.is_null())
            .exec(&tx)
            .await?;
        if changed.rows_affected != 1 {
            return Err(links::stale());
        }
        password_changed(&tx, link.user_id).await?;
        Ok(link.user_id)
    })
    .await
}

/// What follows from a new password, however it came about: sessions and links end, the person is told, and so is the
/// audit trail.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn password_changed(tx: &Tx, user_id: Uuid) -> Result<()> {
    let now = tx.now();
    let sessions = session::delete_of_user(tx, user_id).await?;
    links::forget(tx, user_id).await?;
    let person = Entity::find_by_id(user_id).one(tx).await?.ok_or(Error::NotFound("account"))?;
    let user = Account::try_from(person.clone())?.user;
    let line = |action| Entry::new(action).by(user.id, &user.email).on("account", user_id);
    audit::record(tx, line(Action::PasswordChanged)).await?;
    audit::record(tx, line(Action::SessionsEnded).with(json!({ "sessions": sessions }))).await?;
    mail::tell(tx, &person, Notice::PasswordChanged { at: now }).await
}
