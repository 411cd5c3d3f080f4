//! The rows behind the settings: a name and a value each.

use super::legal::LegalPage;
use crate::entities::settings::{ActiveModel, Column, Entity};
use crate::{Result, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// What a row holds. The names stand in the database, so they stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Name,
    Currency,
    Country,
    Contact,
    Language,
    SellerName,
    SellerAddress,
    SellerPhone,
    SellerRegister,
    SellerVat,
    /// The owner's words on one of the pages.
    Legal(LegalPage),
    MailTrial,
    ModelTrial,
}

impl Setting {
    pub const OF_SHOP: [Self; 5] = [Self::Name, Self::Currency, Self::Country, Self::Contact, Self::Language];
    pub const OF_SELLER: [Self; 5] =
        [Self::SellerName, Self::SellerAddress, Self::SellerPhone, Self::SellerRegister, Self::SellerVat];

    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "shop.name",
            Self::Currency => "shop.currency",
            Self::Country => "shop.country",
            Self::Contact => "shop.contact",
            Self::Language => "shop.language",
            Self::SellerName => "seller.name",
            Self::SellerAddress => "seller.address",
            Self::SellerPhone => "seller.phone",
            Self::SellerRegister => "seller.register",
            Self::SellerVat => "seller.vat",
            Self::Legal(LegalPage::Terms) => "legal.terms",
            Self::Legal(LegalPage::Privacy) => "legal.privacy",
            Self::Legal(LegalPage::Contact) => "legal.contact",
            Self::Legal(LegalPage::Withdrawal) => "legal.withdrawal",
            Self::Legal(LegalPage::Cookies) => "legal.cookies",
            Self::MailTrial => "trial.mail",
            Self::ModelTrial => "trial.models",
        }
    }
}

/// The values of some settings by their names; those that nobody set are left out.
pub(super) async fn values(db: &impl ConnectionTrait, which: &[Setting]) -> Result<HashMap<String, String>> {
    let names = which.iter().map(|setting| setting.name());
    let rows = Entity::find().filter(Column::Name.is_in(names)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

/// Sets some, whether they were set before or not.
pub(super) async fn put(tx: &Tx, values: impl IntoIterator<Item = (Setting, String)>) -> Result<()> {
    let rows = values.into_iter().map(|(setting, value)| ActiveModel {
        name: Set(setting.name().to_owned()),
        value: Set(value),
        changed_at: Set(tx.now()),
    });
    let again = OnConflict::column(Column::Name).update_columns([Column::Value, Column::ChangedAt]).to_owned();
    Entity::insert_many(rows).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}
