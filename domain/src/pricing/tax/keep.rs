//! Reading and changing the taxes of the shop.

use super::{CountryTax, NAME_MAX, TaxForm, TaxRate, Taxes};
use crate::audit::{self, Action, Entry};
use crate::entities::settings;
use crate::entities::tax_rates::{ActiveModel, Column, Entity, Model};
use crate::{Country, Db, Error, Result};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

/// The setting that says whether tax comes on top of prices. It stands in the database, so it stays.
const ADDED: &str = "tax.added";

/// The taxes as they are now.
///
/// # Errors
/// [`Error::Damaged`] when something else than a tax is stored.
pub async fn read(db: &impl ConnectionTrait) -> Result<Taxes> {
    let mut of = Entity::find().all(db).await?.into_iter().map(tax).collect::<Result<Vec<_>>>()?;
    of.sort_by_key(|tax| tax.country.name());
    Ok(Taxes { added: added(db).await?, of })
}

async fn added(db: &impl ConnectionTrait) -> Result<bool> {
    let kept = settings::Entity::find_by_id(ADDED.to_owned()).one(db).await?;
    Ok(kept.is_some_and(|kept| kept.value == "true"))
}

fn tax(row: Model) -> Result<CountryTax> {
    let damaged = || Error::Damaged(format!("the tax of {:?}", row.country));
    Ok(CountryTax {
        country: row.country.parse().map_err(|_| damaged())?,
        rate: row.rate.try_into().map_err(|_| damaged())?,
        name: row.name,
    })
}

/// Sets the tax of a country, whether it had one or not. Orders keep the one that they were made with.
///
/// # Errors
/// [`Error::Invalid`] at the field that needs a change.
pub async fn save(db: &Db, typed: &TaxForm) -> Result<CountryTax> {
    let wanted = validated(typed)?;
    db.transaction(async |tx| {
        let before = before(&tx, wanted.country).await?;
        let row = ActiveModel {
            country: Set(wanted.country.code().to_owned()),
            name: Set(wanted.name.clone()),
            rate: Set(wanted.rate.thousandths()),
            changed_at: Set(tx.now()),
        };
        let columns = [Column::Name, Column::Rate, Column::ChangedAt];
        let again = OnConflict::column(Column::Country).update_columns(columns).to_owned();
        Entity::insert(row).on_conflict(again).exec_without_returning(&tx).await?;
        let line = Entry::new(Action::TaxSaved).on("tax", wanted.country.code());
        audit::record(&tx, line.with(json!({ "before": before, "after": wanted }))).await?;
        Ok(wanted.clone())
    })
    .await
}

/// Takes the tax of a country away: from now on its people pay none.
///
/// # Errors
/// `NotFound` when it has none.
pub async fn remove(db: &Db, country: Country) -> Result<()> {
    db.transaction(async |tx| {
        let before = before(&tx, country).await?.ok_or(Error::NotFound("tax"))?;
        Entity::delete_by_id(country.code().to_owned()).exec(&tx).await?;
        let line = Entry::new(Action::TaxRemoved).on("tax", country.code());
        audit::record(&tx, line.with(json!({ "before": before }))).await
    })
    .await
}

/// Says whether tax comes on top of the prices (`true`) or is in them.
pub async fn set_added(db: &Db, on_top: bool) -> Result<()> {
    db.transaction(async |tx| {
        let before = added(&tx).await?;
        let row = settings::ActiveModel {
            name: Set(ADDED.to_owned()),
            value: Set(on_top.to_string()),
            changed_at: Set(tx.now()),
        };
        let columns = [settings::Column::Value, settings::Column::ChangedAt];
        let again = OnConflict::column(settings::Column::Name).update_columns(columns).to_owned();
        settings::Entity::insert(row).on_conflict(again).exec_without_returning(&tx).await?;
        let line = Entry::new(Action::TaxModeSaved).on("settings", "tax");
        audit::record(&tx, line.with(json!({ "before": before, "after": on_top }))).await
    })
    .await
}

async fn before(db: &impl ConnectionTrait, country: Country) -> Result<Option<CountryTax>> {
    Entity::find_by_id(country.code().to_owned()).one(db).await?.map(tax).transpose()
}

fn validated(typed: &TaxForm) -> Result<CountryTax> {
    let name = typed.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "tax.no-name").with("most", NAME_MAX));
    }
    Ok(CountryTax {
        country: typed.country.parse().map_err(|_| Error::invalid("country", "tax.no-country"))?,
        rate: typed.rate.parse::<TaxRate>().map_err(|_| Error::invalid("rate", "tax.no-rate"))?,
        name,
    })
}
