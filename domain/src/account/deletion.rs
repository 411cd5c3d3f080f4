//! Deleting an account. What is left is what the law asks to be kept, without the person: the orders, and a row that they
//! hang on.

use super::email::mail::{self, Notice};
use super::users::{Account, active, parsed_email};
use super::{Leaving, Permission, Permissions, Role, sessions, user_admin};
use crate::audit::{self, Action, Entry};
use crate::entities::{account_tokens, devices, identities, recovery_codes, second_steps, token_families, users};
use crate::{Db, Error, Result, Tx, listening, ordering};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// The name that takes the place of the person's.
const NOBODY: &str = "Deleted account";

/// What goes and what stays when somebody deletes their account.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn leaving(db: &Db, user_id: Uuid) -> Result<Leaving> {
    let email = parsed_email(&active(db.read(), user_id).await?.email)?;
    let (books, orders) = ordering::departure::counts(db, user_id).await?;
    Ok(Leaving { email, books, orders })
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
        let admins = user_admin::locked_admins(&tx).await?;
        let person = users::Entity::find_by_id(user_id).lock_exclusive().one(&tx).await?;
        let person = person.ok_or(Error::NotFound("account"))?;
        if person.deleted_at.is_some() {
            return Ok(());
        }
        if person.email != typed.trim().to_lowercase() {
            return Err(Error::invalid("address", "That is not your address. Type it as it stands above."));
        }
        let mut others = admins.iter().filter(|admin| admin.id != user_id);
        if may_manage(&person) && !others.any(may_manage) {
            return Err(Error::conflict(
                "Nobody else may say who may do what. Give the permission for people to another admin first.",
            ));
        }
        ordering::departure::forget_buyer(&tx, user_id).await?;
        listening::departure::forget_listener(&tx, user_id).await?;
        forget_ways_in(&tx, user_id).await?;
        mail::withdraw(&tx, &person).await?;
        let was = Account::try_from(person.clone())?.user;
        audit::record(&tx, Entry::new(Action::AccountDeleted).by(was.id, &was.email).on("account", user_id)).await?;
        mail::tell(&tx, &person, Notice::AccountDeleted { at: db.now() }).await?;
        bury(&tx, person).await?;
        Ok(())
    })
    .await
}

fn may_manage(person: &users::Model) -> bool {
    person.role == Role::Admin && Permissions::read(&person.permissions).contains(Permission::People)
}

/// Whatever opens the account, or would tell it again.
async fn forget_ways_in(tx: &Tx, user_id: Uuid) -> Result<()> {
    sessions::delete_of_user(tx, user_id).await?;
    token_families::Entity::delete_many().filter(token_families::Column::UserId.eq(user_id)).exec(tx).await?;
    account_tokens::Entity::delete_many().filter(account_tokens::Column::UserId.eq(user_id)).exec(tx).await?;
    devices::Entity::delete_many().filter(devices::Column::UserId.eq(user_id)).exec(tx).await?;
    identities::Entity::delete_many().filter(identities::Column::UserId.eq(user_id)).exec(tx).await?;
    second_steps::Entity::delete_by_id(user_id).exec(tx).await?;
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// Leaves a row that says nothing of the person.
async fn bury(tx: &Tx, person: users::Model) -> Result<()> {
    let now = tx.now();
    let row = users::ActiveModel {
        email: Set(format!("{}@deleted.invalid", person.id)),
        email_verified_at: Set(None),
        pending_email: Set(None),
        name: Set(NOBODY.to_owned()),
        password_hash: Set(None),
        role: Set(Role::Shopper),
        permissions: Set(String::new()),
        second_step_at: Set(None),
        language: Set(super::Language::default().tag().to_owned()),
        currency: Set(None),
        disabled_at: Set(Some(now)),
        deleted_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    };
    users::Entity::update_many().set(row).filter(users::Column::Id.eq(person.id)).exec(tx).await?;
    Ok(())
}
