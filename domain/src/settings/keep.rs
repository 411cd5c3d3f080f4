//! Reading and changing the settings of the shop.

use super::rows::{self, Setting};
use super::{Country, SettingsForm, ShopSettings};
use crate::account::{Email, InvalidEmail, Language};
use crate::audit::{self, Action, Entry};
use crate::catalog::{form, pricing};
use crate::ordering::orders;
use crate::{Currency, Db, Error, Result, Tx};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Characters of a name at most: it stands in the header of every page.
const NAME_MAX: usize = 40;

/// The settings; what nobody set is as `defaults` say.
///
/// # Errors
/// [`Error::Damaged`] when something else than a setting is stored.
pub async fn read(db: &impl ConnectionTrait, defaults: &ShopSettings) -> Result<ShopSettings> {
    merged(&rows::values(db, &Setting::OF_SHOP).await?, defaults)
}

/// Whether somebody has saved them.
pub async fn are_kept(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(!rows::values(db, &[Setting::Name]).await?.is_empty())
}

fn merged(kept: &HashMap<String, String>, defaults: &ShopSettings) -> Result<ShopSettings> {
    let value = |setting: Setting| kept.get(setting.name()).map(String::as_str);
    let damaged = |setting: Setting| Error::Damaged(format!("the setting {}", setting.name()));
    Ok(ShopSettings {
        name: value(Setting::Name).unwrap_or(&defaults.name).to_owned(),
        currency: match value(Setting::Currency) {
            Some(code) => code.parse().map_err(|_| damaged(Setting::Currency))?,
            None => defaults.currency,
        },
        country: match value(Setting::Country) {
            Some("") => None,
            Some(code) => Some(code.parse().map_err(|_| damaged(Setting::Country))?),
            None => defaults.country,
        },
        contact: match value(Setting::Contact) {
            Some("") => None,
            Some(address) => Some(address.parse().map_err(|_| damaged(Setting::Contact))?),
            None => defaults.contact.clone(),
        },
        language: value(Setting::Language).map_or(defaults.language, Language::read),
    })
}

/// Changes them. Another currency is taken by a shop in which nothing has a price in any other and nothing was sold in one;
/// titles without a price are priced in it from then on.
///
/// # Errors
/// [`Error::Invalid`] at the field that needs a change.
pub async fn save(db: &Db, defaults: &ShopSettings, typed: &SettingsForm) -> Result<ShopSettings> {
    let wanted = validated(typed)?;
    db.transaction(async |tx| {
        let before = read(&tx, defaults).await?;
        if before.currency != wanted.currency {
            change_currency(&tx, wanted.currency).await?;
        }
        let country = wanted.country.map_or("", Country::code);
        let contact = wanted.contact.as_ref().map_or("", Email::as_str);
        let values = [
            (Setting::Name, wanted.name.clone()),
            (Setting::Currency, wanted.currency.code().to_owned()),
            (Setting::Country, country.to_owned()),
            (Setting::Contact, contact.to_owned()),
            (Setting::Language, wanted.language.tag().to_owned()),
        ];
        rows::put(&tx, values).await?;
        let line = Entry::new(Action::SettingsSaved).on("settings", "shop");
        audit::record(&tx, line.with(json!({ "before": before, "after": wanted }))).await?;
        Ok(wanted.clone())
    })
    .await
}

async fn change_currency(tx: &Tx, currency: Currency) -> Result<()> {
    if orders::any_in_another(tx, currency).await? {
        return Err(Error::invalid("currency", "settings.sold-in-another"));
    }
    pricing::leave_unpriced_to(tx, currency).await?;
    // After that, because a price may have been set just before it.
    let priced = pricing::priced_in_another(tx, currency).await?;
    if priced > 0 {
        return Err(Error::invalid("currency", "settings.priced-in-another").with("count", priced));
    }
    Ok(())
}

/// Whether a shop can be called so: something can be read, and nothing means something else in the header of a mail or in
/// what an app for codes is told.
pub fn name_fits(name: &str) -> bool {
    let foreign = |c: char| c.is_control() || ['<', '>', '"', '\\', ':', '@'].contains(&c);
    name.chars().any(char::is_alphanumeric) && !name.chars().any(foreign) && name.chars().count() <= NAME_MAX
}

fn validated(typed: &SettingsForm) -> Result<ShopSettings> {
    let name = form::required_line("name", &typed.name, NAME_MAX, "settings.no-name")?;
    if !name_fits(&name) {
        return Err(Error::invalid("name", "settings.no-name"));
    }
    let currency: Option<Currency> = typed.currency.parse().ok();
    let currency = currency.filter(|currency| currency.name().is_some());
    let country = match typed.country.trim() {
        "" => None,
        code => Some(code.parse().map_err(|_| Error::invalid("country", "settings.country-unknown"))?),
    };
    let contact = match typed.contact.trim() {
        "" => None,
        address => Some(address.parse().map_err(|error: InvalidEmail| Error::invalid("contact", error))?),
    };
    let language = Language::from_tag(typed.language.trim());
    Ok(ShopSettings {
        name,
        currency: currency.ok_or_else(|| Error::invalid("currency", "settings.currency-unknown"))?,
        country,
        contact,
        language: language.ok_or_else(|| Error::invalid("language", "account.language-unknown"))?,
    })
}
