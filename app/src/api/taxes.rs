//! The taxes of the shop, as admins keep them.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::pricing::tax::{CountryTax, TaxForm, Taxes};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// All taxes, and whether they come on top of the prices.
#[server(name = ReadTaxes, input = GetUrl, endpoint = "admin/taxes")]
pub async fn taxes() -> Result<Taxes, AppError> {
    crate::context::require(Permission::Prices).await?;
    Ok(domain::pricing::tax::keep::read(crate::context::db()?.read()).await?)
}

/// Sets the tax of a country.
#[server(endpoint = "admin/save-tax")]
pub async fn save_tax(form: TaxForm) -> Result<CountryTax, AppError> {
    crate::context::require(Permission::Prices).await?;
    let saved = domain::pricing::tax::keep::save(&crate::context::db()?, &form).await?;
    crate::context::go_on_without_script("/admin/taxes?saved=1");
    Ok(saved)
}

/// Takes the tax of a country, by its code, away.
#[server(endpoint = "admin/remove-tax")]
pub async fn remove_tax(country: String) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    let country = country.parse().map_err(|_| AppError::NotFound("tax".to_owned()))?;
    domain::pricing::tax::keep::remove(&crate::context::db()?, country).await?;
    crate::context::go_on_without_script("/admin/taxes");
    Ok(())
}

/// Says whether tax comes on top of the prices, or is in them.
#[server(endpoint = "admin/save-tax-mode")]
pub async fn save_tax_mode(#[server(default)] added: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    domain::pricing::tax::keep::set_added(&crate::context::db()?, added).await?;
    crate::context::go_on_without_script("/admin/taxes?saved=1");
    Ok(())
}
