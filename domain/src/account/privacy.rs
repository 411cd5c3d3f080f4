//! What an account knows of its person, to take along, and how it forgets them.

use super::email::mail::{self, Notice};
use super::machines::{self, MachineToken};
use super::users::{Account, active, parsed_email};
use super::{Email, Language, Permission, Permissions, Role, sessions, user_admin};
use crate::audit::{self, Action, Entry};
use crate::entities::{
    account_tokens, devices, identities, machine_tokens, recovery_codes, second_steps, token_families, users,
};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// The name that takes the place of a person's who has gone.
const NOBODY: &str = "Deleted account";

/// The account itself, without anything that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub id: Uuid,
    pub email: String,
    pub confirmed_at: Option<Timestamp>,
    pub pending_email: Option<String>,
    pub name: String,
    pub role: Role,
    pub permissions: Permissions,
    pub language: String,
    pub currency: Option<String>,
    pub sale_mails: bool,
    pub has_password: bool,
    /// Since when a log-in asks for a code as well.
    pub second_step_at: Option<Timestamp>,
    pub since: Timestamp,
    /// Accounts elsewhere that open this one, such as one at Google.
    pub links: Vec<Link>,
    /// The browsers that a cookie tells: since when, and when they logged in last.
    pub known_browsers: Vec<(Timestamp, Timestamp)>,
    /// The tokens that they made for machines.
    pub machine_tokens: Vec<MachineToken>,
}

/// An account elsewhere that opens the one here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub provider: String,
    pub subject: String,
    pub email: Option<String>,
    pub since: Timestamp,
    pub used_at: Timestamp,
}

/// # Errors
/// `NotFound` when there is no such account.
pub async fn facts(db: &Db, user_id: Uuid) -> Result<Facts> {
    let users::Model {
        id,
        email,
        email_verified_at,
        pending_email,
        name,
        role,
        permissions,
        language,
        currency,
        sale_mails,
        password_hash,
        second_step_at,
        created_at,
        ..
    } = active(db.read(), user_id).await?;
    let browsers = devices::Entity::find()
        .filter(devices::Column::UserId.eq(user_id))
        .order_by_asc(devices::Column::CreatedAt)
        .all(db.read())
        .await?;
    let linked = identities::Entity::find()
        .filter(identities::Column::UserId.eq(user_id))
        .order_by_asc(identities::Column::CreatedAt)
        .all(db.read())
        .await?;
    let link = |row: identities::Model| Link {
        provider: row.provider,
        subject: row.subject,
        email: row.email,
        since: row.created_at,
        used_at: row.used_at,
    };
    Ok(Facts {
        id,
        email,
        confirmed_at: email_verified_at,
        pending_email,
        name,
        role,
        permissions: Permissions::read(&permissions),
        language,
        currency,
        sale_mails,
        has_password: password_hash.is_some(),
        second_step_at,
        since: created_at,
        links: linked.into_iter().map(link).collect(),
        known_browsers: browsers.into_iter().map(|browser| (browser.created_at, browser.seen_at)).collect(),
        machine_tokens: machines::kept::list(db, user_id).await?,
    })
}

/// The address to be typed by whoever deletes their account.
pub(crate) async fn email_of(db: &Db, user_id: Uuid) -> Result<Email> {
    parsed_email(&active(db.read(), user_id).await?.email)
}

/// Whoever is about to be deleted, held until the transaction ends; `None` when they are gone already.
///
/// # Errors
/// `Invalid` on the field `address` when something else than theirs was typed, `Conflict` for the last admin who may say who
/// may do what, `NotFound` when there is no such account.
pub(crate) async fn held_for_deletion(tx: &Tx, user_id: Uuid, typed: &str) -> Result<Option<users::Model>> {
    let admins = user_admin::locked_admins(tx).await?;
    let person = users::Entity::find_by_id(user_id).lock_exclusive().one(tx).await?;
    let person = person.ok_or(Error::NotFound("account"))?;
    if person.deleted_at.is_some() {
        return Ok(None);
    }
    if person.email != typed.trim().to_lowercase() {
        return Err(Error::invalid("address", "account.address-not-yours"));
    }
    let mut others = admins.iter().filter(|admin| admin.id != user_id);
    if may_manage(&person) && !others.any(may_manage) {
        return Err(Error::conflict("permissions.last-for-people"));
    }
    Ok(Some(person))
}

/// Forgets a person: whatever opens the account goes, mails to them are called off but the one that says farewell, and the
/// row that is left says nothing of them.
pub(crate) async fn erase(tx: &Tx, person: users::Model) -> Result<()> {
    forget_ways_in(tx, person.id).await?;
    mail::withdraw(tx, &person).await?;
    let was = Account::try_from(person.clone())?.user;
    audit::record(tx, Entry::new(Action::AccountDeleted).by(was.id, &was.email).on("account", was.id)).await?;
    mail::tell(tx, &person, Notice::AccountDeleted { at: tx.now() }).await?;
    anonymise(tx, person).await
}

fn may_manage(person: &users::Model) -> bool {
    person.role == Role::Admin && Permissions::read(&person.permissions).contains(Permission::Users)
}

/// Whatever opens the account, or would tell it again.
async fn forget_ways_in(tx: &Tx, user_id: Uuid) -> Result<()> {
    sessions::delete_of_user(tx, user_id).await?;
    token_families::Entity::delete_many().filter(token_families::Column::UserId.eq(user_id)).exec(tx).await?;
    machine_tokens::Entity::delete_many().filter(machine_tokens::Column::UserId.eq(user_id)).exec(tx).await?;
    account_tokens::Entity::delete_many().filter(account_tokens::Column::UserId.eq(user_id)).exec(tx).await?;
    devices::Entity::delete_many().filter(devices::Column::UserId.eq(user_id)).exec(tx).await?;
    identities::Entity::delete_many().filter(identities::Column::UserId.eq(user_id)).exec(tx).await?;
    second_steps::Entity::delete_by_id(user_id).exec(tx).await?;
    recovery_codes::Entity::delete_many().filter(recovery_codes::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// Leaves a row that says nothing of the person.
async fn anonymise(tx: &Tx, person: users::Model) -> Result<()> {
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
        language: Set(Language::default().tag().to_owned()),
        currency: Set(None),
        sale_mails: Set(false),
        disabled_at: Set(Some(now)),
        deleted_at: Set(Some(now)),
        updated_at: Set(now),
        ..Default::default()
    };
    users::Entity::update_many().set(row).filter(users::Column::Id.eq(person.id)).exec(tx).await?;
    Ok(())
}
