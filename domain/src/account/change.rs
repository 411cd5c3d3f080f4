//! What people change about their own account, besides its address.

use super::addresses::{parsed, person};
use super::store::{self, Account, checked_name};
use super::{Language, Password, Profile, hashing, recovery, strength};
use crate::audit::{self, Action, Entry};
use crate::catalog::titles::currencies;
use crate::entities::users::{Column, Entity, Model};
use crate::{Currency, Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use serde_json::json;
use uuid::Uuid;

/// What somebody sees of their own account. `own` is the currency that new titles are priced in.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn profile(db: &Db, user_id: Uuid, own: Currency) -> Result<Profile> {
    let person = person(db, user_id).await?;
    Ok(Profile {
        has_password: person.password_hash.is_some(),
        language: Language::read(&person.language),
        currency: currency_of(&person)?,
        currencies: currencies(db, own).await?,
        name: person.name,
    })
}

/// The currency that somebody pays in, where they said so.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn currency(db: &Db, user_id: Uuid) -> Result<Option<Currency>> {
    currency_of(&person(db, user_id).await?)
}

fn currency_of(person: &Model) -> Result<Option<Currency>> {
    let read = |code: &str| code.parse().map_err(|_| Error::Damaged(format!("the currency of user {}", person.id)));
    person.currency.as_deref().map(read).transpose()
}

/// Gives somebody another name.
///
/// # Errors
/// `Invalid` when it is none.
pub async fn rename(db: &Db, user_id: Uuid, name: &str) -> Result<()> {
    let name = checked_name(name)?;
    db.transaction(async |tx| {
        change(&tx, of_person(db, user_id).col_expr(Column::Name, Expr::value(name))).await?;
        audit::record(&tx, Entry::new(Action::Renamed).on("account", user_id)).await?;
        Ok(())
    })
    .await
}

/// Keeps which language somebody reads, and which currency they pay in. One that the shop does not sell in is no choice,
/// unless it is the one that they chose when it did.
///
/// # Errors
/// `Invalid` when the shop does not have it.
pub async fn prefer(db: &Db, user_id: Uuid, language: &str, currency: &str, own: Currency) -> Result<()> {
    let language = Language::from_tag(language)
        .ok_or_else(|| Error::invalid("language", "The shop does not have this language. Choose another."))?;
    let known = profile(db, user_id, own).await?;
    let currency =
        match currency.trim() {
            "" => None,
            code => {
                let sold = known.currencies.into_iter().chain(known.currency).find(|currency| currency.code() == code);
                Some(sold.ok_or_else(|| {
                    Error::invalid("currency", "Nothing here is sold in this currency. Choose another.")
                })?)
            }
        };
    let code = currency.map(|currency| currency.code().to_owned());
    db.transaction(async |tx| {
        let chosen = of_person(db, user_id)
            .col_expr(Column::Language, Expr::value(language.tag()))
            .col_expr(Column::Currency, Expr::value(code.clone()));
        change(&tx, chosen).await?;
        let line = Entry::new(Action::PreferencesChanged).on("account", user_id);
        audit::record(&tx, line.with(json!({ "language": language, "currency": code }))).await?;
        Ok(())
    })
    .await
}

/// Gives somebody who knows the old password a new one. They are logged out everywhere; the account that comes back is to
/// be logged in anew.
///
/// # Errors
/// `Invalid` on the field `current_password` or `new_password`, `Conflict` when there is no password yet.
pub async fn set_password(db: &Db, user_id: Uuid, current: &str, new: &Password) -> Result<Account> {
    let known = person(db, user_id).await?;
    give_password(db, &known, current, "current_password").await?;
    strength::check(new, &parsed(&known.email)?, &known.name).await.map_err(|error| match error {
        Error::Invalid { refusal, .. } => Error::invalid("new_password", refusal),
        error => error,
    })?;
    let hash = hashing::hash(new).await?;
    db.transaction(async |tx| {
        // Only in place of the one that was given: a link of a mail may have been quicker.
        let update = of_person(db, user_id)
            .col_expr(Column::PasswordHash, Expr::value(hash.as_str()))
            .filter(Column::PasswordHash.eq(known.password_hash.as_deref()));
        if update.exec(&tx).await?.rows_affected != 1 {
            return Err(Error::conflict("Your password has just been changed somewhere else."));
        }
        recovery::password_changed(&tx, user_id).await?;
        Ok(())
    })
    .await?;
    store::account(db, user_id).await?.ok_or(Error::NotFound("account"))
}

/// Checks the password of somebody who is logged in. A wrong one goes into the trail.
///
/// # Errors
/// `Invalid` on that field, `Conflict` when there is no password yet.
pub(super) async fn give_password(db: &Db, person: &Model, given: &str, field: &'static str) -> Result<()> {
    if person.password_hash.is_none() {
        return Err(Error::conflict(
            "Your account has no password yet. Choose one first, by a link from the log-in page.",
        ));
    }
    if !hashing::verify(given, person.password_hash.as_deref()).await? {
        let refused = Entry::new(Action::PasswordRefused).refused().on("account", person.id);
        audit::record(db, refused).await?;
        return Err(Error::invalid(field, "That is not your password."));
    }
    Ok(())
}

fn of_person(db: &Db, user_id: Uuid) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(db.now()))
        .filter(Column::Id.eq(user_id))
        .filter(Column::DisabledAt.is_null())
}

async fn change(tx: &Tx, update: UpdateMany<Entity>) -> Result<()> {
    let changed = update.exec(tx).await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound("account")) }
}
