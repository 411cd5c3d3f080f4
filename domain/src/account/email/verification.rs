//! The address of an account: confirmed by a link, and changed only when the new one is.

use super::email_tokens::{self, Opened};
use super::mail::{self, MailJob, Notice};
use super::{Email, TokenPurpose};
use crate::account::EmailStatus;
use crate::account::passwords::verify_own;
use crate::account::users::{active, parsed_email};
use crate::audit::{self, Action, Entry};
use crate::entities::users::{Column, Entity};
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// What the shop knows of a person's address.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn email_status(db: &Db, user_id: Uuid) -> Result<EmailStatus> {
    let person = active(db.read(), user_id).await?;
    Ok(EmailStatus {
        email: parsed_email(&person.email)?,
        confirmed: person.email_verified_at.is_some(),
        pending: person.pending_email.as_deref().map(parsed_email).transpose()?,
    })
}

/// As [`ask_again`], as often as [`Rule::MailAddress`] allows for the address that the mail goes to.
///
/// # Errors
/// `TooMany`.
pub async fn request_again(db: &Db, limits: &Limits, user_id: Uuid) -> Result<()> {
    let status = email_status(db, user_id).await?;
    if status.pending.is_some() || !status.confirmed {
        let to = status.pending.unwrap_or(status.email);
        limits.take(Rule::MailAddress, &[to.as_str()]).await?;
    }
    ask_again(db, user_id).await
}

/// As [`ask_move`], as often as [`Rule::MailAddress`] allows for both addresses that a mail goes to, whoever asks: nobody
/// floods a stranger's mailbox by moves, nor one that they registered with and that is not theirs.
///
/// # Errors
/// As [`ask_move`], and `TooMany`.
pub async fn request_move(db: &Db, limits: &Limits, user_id: Uuid, to: &Email, password: &str) -> Result<()> {
    let own = email_status(db, user_id).await?.email;
    for address in [to, &own] {
        limits.take(Rule::MailAddress, &[address.as_str()]).await?;
    }
    ask_move(db, user_id, to, password).await
}

/// Asks for another mail by which a person confirms their address, or the one that they want to move to.
pub async fn ask_again(db: &Db, user_id: Uuid) -> Result<()> {
    let status = email_status(db, user_id).await?;
    let mail_job = match status.pending {
        Some(email) => MailJob::Move { user_id, email },
        None if status.confirmed => return Ok(()),
        None => MailJob::Verify { user_id },
    };
    db.transaction(async |tx| {
        mail::ask(&tx, &mail_job).await?;
        Ok(())
    })
    .await
}

/// Asks to move an account to another address, with the password. An account without one needs another proof, which the
/// caller asks for. The move happens when the new address is confirmed; the old one is told now and then. Nothing tells
/// whether the new address has an account.
///
/// # Errors
/// `Invalid` when the password is wrong or the address is the one that the account has.
pub async fn ask_move(db: &Db, user_id: Uuid, to: &Email, password: &str) -> Result<()> {
    let person = active(db.read(), user_id).await?;
    if person.password_hash.is_some() {
        verify_own(db, &person, password, "password").await?;
    }
    if person.email == to.as_str() {
        return Err(Error::invalid("email", "email.same"));
    }
    let mail_job = MailJob::Move { user_id, email: to.clone() };
    db.transaction(async |tx| {
        set_pending(&tx, user_id, Some(to.as_str())).await?;
        mail::ask(&tx, &mail_job).await?;
        mail::tell(&tx, &person, Notice::MoveAsked { to: to.clone() }).await?;
        let asked = Entry::new(Action::AddressChangeAsked).on("account", user_id);
        audit::record(&tx, asked.with(json!({ "to": to }))).await?;
        Ok(())
    })
    .await
}

/// Calls a move off.
pub async fn stay(db: &Db, user_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        set_pending(&tx, user_id, None).await?;
        Ok(())
    })
    .await
}

async fn set_pending(tx: &Tx, user_id: Uuid, email: Option<&str>) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::PendingEmail, Expr::value(email.map(str::to_owned)))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(user_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Confirms an address by the link that was sent to it: the account's own, or the one that it then moves to.
///
/// # Errors
/// `Conflict` when the link does not work, or another account has the address by now.
pub async fn confirm(db: &Db, token: &str) -> Result<Email> {
    // Made-up links never wait for a lock, nor hold one.
    email_tokens::check(db, token, &[TokenPurpose::Confirm, TokenPurpose::Move]).await?;
    let confirmed = db.transaction(async |tx| {
        let link = email_tokens::open(&tx, token, &[TokenPurpose::Confirm, TokenPurpose::Move]).await?;
        let done = match link.purpose {
            TokenPurpose::Move => move_to(&tx, &link).await.map(|()| Action::AddressChanged)?,
            _ => note_confirmed(&tx, &link).await.map(|()| Action::AddressConfirmed)?,
        };
        let line = Entry::new(done).on("account", link.user_id);
        audit::record(&tx, line.with(json!({ "address": &link.email }))).await?;
        parsed_email(&link.email)
    });
    confirmed
        .await
        .map_err(|error| if error.is_unique_violation() { Error::conflict("email.of-another-account") } else { error })
}

async fn note_confirmed(tx: &Tx, link: &Opened) -> Result<()> {
    let now = tx.now();
    let noted = Entity::update_many()
        .col_expr(Column::EmailVerifiedAt, Expr::value(now))
        .filter(Column::Id.eq(link.user_id))
        .filter(Column::Email.eq(link.email.as_str()))
        .filter(Column::DisabledAt.is_null())
        .exec(tx)
        .await?;
    if noted.rows_affected == 1 { Ok(()) } else { Err(email_tokens::stale()) }
}

async fn move_to(tx: &Tx, link: &Opened) -> Result<()> {
    let now = tx.now();
    let before = Entity::find_by_id(link.user_id).one(tx).await?.ok_or_else(email_tokens::stale)?;
    let moved = Entity::update_many()
        .col_expr(Column::Email, Expr::value(link.email.as_str()))
        .col_expr(Column::EmailVerifiedAt, Expr::value(now))
        .col_expr(Column::PendingEmail, Expr::value(None::<String>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(link.user_id))
        .filter(Column::PendingEmail.eq(link.email.as_str()))
        .filter(Column::DisabledAt.is_null())
        .exec(tx)
        .await?;
    if moved.rows_affected != 1 {
        return Err(email_tokens::stale());
    }
    // Links that were sent to the old address prove nothing any more.
    email_tokens::forget(tx, link.user_id).await?;
    mail::tell(tx, &before, Notice::Moved { to: parsed_email(&link.email)? }).await
}
