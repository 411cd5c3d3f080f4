//! What people change about their own account, besides its address and its password.

use super::person_name::PersonName;
use super::users::{active, update_active};
use super::{Language, Profile};
use crate::audit::{self, Action, Entry};
use crate::entities::users::{Column, Entity, Model};
use crate::{Currency, Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, UpdateMany};
use serde_json::json;
use uuid::Uuid;

/// What somebody sees of their own account. `sold_in` are the currencies that the shop sells in.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn profile(db: &Db, user_id: Uuid, sold_in: Vec<Currency>) -> Result<Profile> {
    let person = active(db.read(), user_id).await?;
    Ok(Profile {
        has_password: person.password_hash.is_some(),
        language: Language::read(&person.language),
        currency: currency_of(&person)?,
        currencies: sold_in,
        name: person.name,
    })
}

/// The currency that somebody pays in, where they said so.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn currency(db: &Db, user_id: Uuid) -> Result<Option<Currency>> {
    currency_of(&active(db.read(), user_id).await?)
}

/// The language that somebody reads.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn language(db: &Db, user_id: Uuid) -> Result<Language> {
    Ok(Language::read(&active(db.read(), user_id).await?.language))
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
    change_all(db, user_id, Change { name: Some(name), ..Change::default() }, Vec::new()).await
}

/// Keeps which language somebody reads, and which currency they pay in. One that the shop does not sell in is no choice,
/// unless it is the one that they chose when it did.
///
/// # Errors
/// `Invalid` when the shop does not have it.
pub async fn prefer(db: &Db, user_id: Uuid, language: &str, currency: &str, sold_in: Vec<Currency>) -> Result<()> {
    let wish = Change { language: Some(language), currency: Some(currency), ..Change::default() };
    change_all(db, user_id, wish, sold_in).await
}

/// What somebody changes at once; what is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    pub name: Option<&'a str>,
    /// The tag of one that the shop has.
    pub language: Option<&'a str>,
    /// The code of one that the shop sells in; empty for none.
    pub currency: Option<&'a str>,
    /// A mail when something of the wishlist is on sale.
    pub sale_mails: Option<bool>,
}

/// Changes all of it or nothing. As [`rename`], [`prefer`] and [`want_sale_mails`].
///
/// # Errors
/// `Invalid` at what is none; `NotFound` when there is no such account.
pub async fn change_all(db: &Db, user_id: Uuid, wish: Change<'_>, sold_in: Vec<Currency>) -> Result<()> {
    let name = wish.name.map(PersonName::parse).transpose()?;
    let preferences = match (wish.language, wish.currency) {
        (None, None) => None,
        (language, currency) => Some(preferences(db, user_id, language, currency, sold_in).await?),
    };
    db.transaction(async |tx| {
        if let Some(name) = &name {
            change(&tx, update_active(tx.now(), user_id).col_expr(Column::Name, Expr::value(name.as_str()))).await?;
            audit::record(&tx, Entry::new(Action::Renamed).on("account", user_id)).await?;
        }
        if let Some((language, code)) = &preferences {
            let chosen = update_active(tx.now(), user_id)
                .col_expr(Column::Language, Expr::value(language.tag()))
                .col_expr(Column::Currency, Expr::value(code.clone()));
            change(&tx, chosen).await?;
            let line = Entry::new(Action::PreferencesChanged).on("account", user_id);
            audit::record(&tx, line.with(json!({ "language": language, "currency": code }))).await?;
        }
        if let Some(wanted) = wish.sale_mails {
            change(&tx, update_active(tx.now(), user_id).col_expr(Column::SaleMails, Expr::value(wanted))).await?;
            let line = Entry::new(Action::PreferencesChanged).on("account", user_id);
            audit::record(&tx, line.with(json!({ "sale_mails": wanted }))).await?;
        }
        Ok(())
    })
    .await
}

/// A language and the code of a currency, as they are chosen or else as they were.
async fn preferences(
    db: &Db,
    user_id: Uuid,
    language: Option<&str>,
    currency: Option<&str>,
    sold_in: Vec<Currency>,
) -> Result<(Language, Option<String>)> {
    let known = profile(db, user_id, sold_in).await?;
    let language = match language {
        Some(tag) => Language::from_tag(tag).ok_or_else(|| Error::invalid("language", "account.language-unknown"))?,
        None => known.language,
    };
    let currency = match currency.map(str::trim) {
        None => known.currency,
        Some("") => None,
        Some(code) => {
            let sold = known.currencies.into_iter().chain(known.currency).find(|currency| currency.code() == code);
            Some(sold.ok_or_else(|| Error::invalid("currency", "account.currency-not-sold"))?)
        }
    };
    Ok((language, currency.map(|currency| currency.code().to_owned())))
}

/// Whether somebody wants a mail when something that they wish for is on sale.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn wants_sale_mails(db: &Db, user_id: Uuid) -> Result<bool> {
    Ok(active(db.read(), user_id).await?.sale_mails)
}

/// Keeps whether somebody wants such mails.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn want_sale_mails(db: &Db, user_id: Uuid, wanted: bool) -> Result<()> {
    change_all(db, user_id, Change { sale_mails: Some(wanted), ..Change::default() }, Vec::new()).await
}

/// Those of some people who want such mails, at an address that they confirmed.
pub(crate) async fn who_wants_sale_mails(db: &Db, people: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(people.iter().copied()))
        .filter(Column::SaleMails.eq(true))
        .filter(Column::EmailVerifiedAt.is_not_null())
        .filter(Column::DisabledAt.is_null())
        .into_tuple()
        .all(db.read())
        .await?)
}

async fn change(tx: &Tx, update: UpdateMany<Entity>) -> Result<()> {
    let changed = update.exec(tx).await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound("account")) }
}
