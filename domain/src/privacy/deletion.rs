//! Deleting an account. What is left is what the law asks to be kept, without the person: the orders, and a row that they
//! hang on.

use super::DeletionPreview;
use crate::account::privacy as account;
use crate::listening::privacy::forget_listener;
use crate::ordering::privacy::{counts, forget_buyer};
use crate::reviews::privacy::{count_of, forget_reviewer};
use crate::wishlist::privacy::forget_wisher;
use crate::{Db, Result};
use uuid::Uuid;

/// What goes and what stays when somebody deletes their account.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn preview(db: &Db, user_id: Uuid) -> Result<DeletionPreview> {
    let email = account::email_of(db, user_id).await?;
    let (books, orders) = counts(db, user_id).await?;
    let reviews = count_of(db, user_id).await?;
    Ok(DeletionPreview { email, books, reviews, orders })
}

/// Deletes an account, with its address typed as a confirmation. In one transaction: the person is out everywhere, every
/// link and mail to them is called off but the one that says farewell, and their address is free again. Doing it again
/// changes nothing.
///
/// # Errors
/// `Invalid` on the field `address` when something else was typed; `Conflict` with what to do while a payment is under way,
/// or for the last admin who may say who may do what; `NotFound` when there is no such account.
pub async fn delete(db: &Db, user_id: Uuid, typed: &str) -> Result<()> {
    db.transaction(async |tx| {
        let Some(person) = account::held_for_deletion(&tx, user_id, typed).await? else { return Ok(()) };
        forget_buyer(&tx, user_id).await?;
        forget_listener(&tx, user_id).await?;
        forget_reviewer(&tx, user_id).await?;
        forget_wisher(&tx, user_id).await?;
        account::erase(&tx, person).await
    })
    .await
}
