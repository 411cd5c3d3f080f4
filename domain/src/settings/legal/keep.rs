//! Reading and changing who sells, and the owner's words.

use super::{LegalPage, OwnText, Seller, TEXT_MAX};
use crate::audit::{self, Action, Entry};
use crate::catalog::form;
use crate::settings::rows::{self, Setting};
use crate::{Db, Error, Result, Tx};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Characters of a name and of a line that says a register at most.
const LINE_MAX: usize = 200;
/// Characters of a postal address at most.
const ADDRESS_MAX: usize = 500;
/// Characters of a number at most.
const NUMBER_MAX: usize = 40;

/// Who sells, as far as somebody has said.
pub async fn seller(db: &impl ConnectionTrait) -> Result<Seller> {
    let mut kept = rows::values(db, &Setting::OF_SELLER).await?;
    let mut value = |setting: Setting| kept.remove(setting.name()).unwrap_or_default();
    Ok(Seller {
        name: value(Setting::SellerName),
        address: value(Setting::SellerAddress),
        phone: value(Setting::SellerPhone),
        register: value(Setting::SellerRegister),
        vat: value(Setting::SellerVat),
    })
}

/// Changes who sells.
///
/// # Errors
/// [`Error::Invalid`] at the field that needs a change.
pub async fn save_seller(db: &Db, typed: &Seller) -> Result<Seller> {
    let wanted = validated(typed)?;
    db.transaction(async |tx| {
        let before = seller(&tx).await?;
        let values = [
            (Setting::SellerName, wanted.name.clone()),
            (Setting::SellerAddress, wanted.address.clone()),
            (Setting::SellerPhone, wanted.phone.clone()),
            (Setting::SellerRegister, wanted.register.clone()),
            (Setting::SellerVat, wanted.vat.clone()),
        ];
        rows::put(&tx, values).await?;
        let line = Entry::new(Action::SellerSaved).on("settings", "seller");
        audit::record(&tx, line.with(json!({ "before": before, "after": wanted }))).await?;
        Ok(wanted.clone())
    })
    .await
}

/// The owner's words on a page.
///
/// # Errors
/// [`Error::Damaged`] when something else is stored.
pub async fn own_text(db: &impl ConnectionTrait, page: LegalPage) -> Result<OwnText> {
    read(&rows::values(db, &[Setting::Legal(page)]).await?, page)
}

/// The owner's words on each page, in the order of the footer.
///
/// # Errors
/// As [`own_text`].
pub async fn own_texts(db: &impl ConnectionTrait) -> Result<Vec<(LegalPage, OwnText)>> {
    let kept = rows::values(db, &LegalPage::ALL.map(Setting::Legal)).await?;
    LegalPage::ALL.into_iter().map(|page| Ok((page, read(&kept, page)?))).collect()
}

fn read(kept: &HashMap<String, String>, page: LegalPage) -> Result<OwnText> {
    let name = Setting::Legal(page).name();
    let Some(kept) = kept.get(name) else { return Ok(OwnText::default()) };
    serde_json::from_str(kept).map_err(|_| Error::Damaged(format!("the setting {name}")))
}

/// Changes the owner's words on a page; without any the shop's own stand alone.
///
/// # Errors
/// [`Error::Invalid`] on the field `text` for more than [`TEXT_MAX`] characters or one that cannot be printed.
pub async fn save_text(db: &Db, page: LegalPage, typed: &OwnText) -> Result<OwnText> {
    let wanted = OwnText { text: lines("text", &typed.text)?, instead: typed.instead };
    let count = wanted.text.chars().count();
    if count > TEXT_MAX {
        return Err(Error::invalid("text", "settings.legal-too-long").with("most", TEXT_MAX).with("count", count));
    }
    db.transaction(async |tx| {
        keep_text(&tx, page, &wanted).await?;
        // How much, not what: the trail keeps its lines for years.
        let said = json!({ "page": page.name(), "characters": count, "instead": wanted.instead });
        audit::record(&tx, Entry::new(Action::LegalTextSaved).on("settings", page.name()).with(said)).await?;
        Ok(wanted.clone())
    })
    .await
}

async fn keep_text(tx: &Tx, page: LegalPage, text: &OwnText) -> Result<()> {
    rows::put(tx, [(Setting::Legal(page), serde_json::to_string(text)?)]).await
}

fn validated(typed: &Seller) -> Result<Seller> {
    let address = in_lines("address", &typed.address)?;
    if address.is_empty() || address.chars().count() > ADDRESS_MAX {
        return Err(Error::invalid("address", "settings.no-seller-address").with("most", ADDRESS_MAX));
    }
    Ok(Seller {
        name: form::required_line("name", &typed.name, LINE_MAX, "settings.no-seller")?,
        address,
        phone: optional("phone", &typed.phone, NUMBER_MAX)?,
        register: optional("register", &typed.register, LINE_MAX)?,
        vat: optional("vat", &typed.vat, NUMBER_MAX)?,
    })
}

/// An address in lines, without empty ones and without space that nobody sees.
///
/// # Errors
/// [`Error::Invalid`] on `field` for what cannot be printed.
pub(crate) fn in_lines(field: &'static str, typed: &str) -> Result<String> {
    let lines = lines(field, typed)?;
    let lines = lines.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    Ok(lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"))
}

/// A line; empty for none.
fn optional(field: &'static str, text: &str, most: usize) -> Result<String> {
    Ok(form::optional_line(field, text, most)?.unwrap_or_default())
}

/// Text of several lines, which browsers end with two signs, without space around it.
fn lines(field: &'static str, typed: &str) -> Result<String> {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    if text.chars().any(|sign| sign.is_control() && sign != '\n') {
        return Err(Error::invalid(field, "form.unprintable"));
    }
    Ok(text.trim().to_owned())
}
