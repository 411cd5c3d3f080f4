//! A forgotten password: a link by mail, and a new password in its place.

use super::email::email_tokens;
use super::email::mail::{self, MailJob};
use super::password_change::after_change;
use super::passwords::{hashing, strength};
use super::users::parsed_email;
use super::{Email, Password, TokenPurpose, machines};
use crate::audit::{self, Action, Entry};
use crate::entities::users::{Column, Entity};
use crate::limits::{Limits, Rule};
use crate::{Db, Result};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// As [`ask_reset`], for a stranger who comes by a page or by a program, as often as [`Rule::ResetNetwork`] and
/// [`Rule::ResetAccount`] allow.
///
/// # Errors
/// `TooMany`.
pub async fn request_reset(db: &Db, limits: &Limits, email: &Email) -> Result<()> {
    limits.take_network(Rule::ResetNetwork, db.actor()).await?;
    limits.take(Rule::ResetAccount, &[email.as_str()]).await?;
    ask_reset(db, email).await
}

/// Asks for a mail with a link to choose a new password. The work and the answer are the same whether or not the address
/// has an account: that is found out when the mail is sent.
pub async fn ask_reset(db: &Db, email: &Email) -> Result<()> {
    let mail_job = MailJob::Reset { email: email.clone() };
    db.transaction(async |tx| {
        mail::ask(&tx, &mail_job).await?;
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
    let link = email_tokens::check(db, token, &[TokenPurpose::Reset]).await?;
    let person = Entity::find_by_id(link.user_id).one(db.read()).await?.ok_or_else(email_tokens::stale)?;
    strength::check(password, &parsed_email(&person.email)?, &person.name).await?;
    let hash = hashing::hash(password).await?;
    db.transaction(async |tx| {
        let now = tx.now();
        let link = email_tokens::open(&tx, token, &[TokenPurpose::Reset]).await?;
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
            return Err(email_tokens::stale());
        }
        after_change(&tx, link.user_id).await?;
        // Whoever needs this may have lost the account to somebody who made tokens.
        machines::kept::end_where(&tx, link.user_id, |_| true).await?;
        Ok(link.user_id)
    })
    .await
}
