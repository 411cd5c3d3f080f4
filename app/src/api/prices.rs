//! Sales, bundles and coupons, as admins keep them.

use crate::AppError;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::catalog::Link;
use domain::promotions::{BundleForm, BundleRow, CouponForm, CouponRow, SaleForm, SaleRow};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// Sales or coupons on a page of their list.
#[cfg(feature = "ssr")]
const A_PAGE: u32 = 50;

/// A page of all sales.
#[server(name = ListSales, input = GetUrl, endpoint = "admin/sales")]
pub async fn list_sales(#[server(default)] page: u32) -> Result<Page<SaleRow>, AppError> {
    crate::context::require(Permission::Prices).await?;
    let page = domain::PageRequest::new(page, A_PAGE);
    Ok(domain::promotions::sales::list(&crate::context::db()?, page).await?)
}

/// What can be chosen in a form: the shop's categories. The code of its currency comes with it.
#[server(name = ReadShelves, input = GetUrl, endpoint = "admin/promotion-choices")]
pub async fn promotion_choices() -> Result<(Vec<Link>, String), AppError> {
    crate::context::require(Permission::Prices).await?;
    let rows = domain::catalog::categories::list(&crate::context::db()?).await?;
    let links = rows.into_iter().map(|row| Link { slug: row.slug, name: row.form.name }).collect();
    Ok((links, crate::context::settings().await?.currency.code().to_owned()))
}

/// The form of a sale.
#[server(name = ReadSale, input = GetUrl, endpoint = "admin/sale")]
pub async fn sale(id: Uuid) -> Result<SaleForm, AppError> {
    crate::context::require(Permission::Prices).await?;
    Ok(domain::promotions::sales::form(&crate::context::db()?, id).await?)
}

/// Makes a sale, or changes the one with this id.
#[server(endpoint = "admin/save-sale")]
pub async fn save_sale(#[server(default)] id: Option<Uuid>, form: SaleForm) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    let currency = crate::context::settings().await?.currency;
    domain::promotions::sales::save(&crate::context::db()?, id, &form, currency).await?;
    if id.is_some() {
        leptos_axum::redirect("/admin/sales");
    }
    crate::context::go_on_without_script("/admin/sales?saved=1");
    Ok(())
}

/// Ends a sale.
#[server(endpoint = "admin/end-sale")]
pub async fn end_sale(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    domain::promotions::sales::end(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script("/admin/sales");
    Ok(())
}

/// A page of all bundles.
#[server(name = ListBundles, input = GetUrl, endpoint = "admin/bundles")]
pub async fn list_bundles(#[server(default)] page: u32) -> Result<Page<BundleRow>, AppError> {
    crate::context::require(Permission::Prices).await?;
    let page = domain::PageRequest::new(page, A_PAGE);
    Ok(domain::promotions::bundles::list(&crate::context::db()?, page).await?)
}

/// The form of a bundle.
#[server(name = ReadBundle, input = GetUrl, endpoint = "admin/bundle")]
pub async fn bundle(id: Uuid) -> Result<BundleForm, AppError> {
    crate::context::require(Permission::Prices).await?;
    Ok(domain::promotions::bundles::form(&crate::context::db()?, id).await?)
}

/// Makes a bundle, or changes the one with this id.
#[server(endpoint = "admin/save-bundle")]
pub async fn save_bundle(#[server(default)] id: Option<Uuid>, form: BundleForm) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    let currency = crate::context::settings().await?.currency;
    domain::promotions::bundles::save(&crate::context::db()?, id, &form, currency).await?;
    if id.is_some() {
        leptos_axum::redirect("/admin/bundles");
    }
    crate::context::go_on_without_script("/admin/bundles?saved=1");
    Ok(())
}

/// Ends a bundle.
#[server(endpoint = "admin/end-bundle")]
pub async fn end_bundle(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    domain::promotions::bundles::end(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script("/admin/bundles");
    Ok(())
}

/// A page of all coupons.
#[server(name = ListCoupons, input = GetUrl, endpoint = "admin/coupons")]
pub async fn list_coupons(#[server(default)] page: u32) -> Result<Page<CouponRow>, AppError> {
    crate::context::require(Permission::Prices).await?;
    let page = domain::PageRequest::new(page, A_PAGE);
    Ok(domain::ordering::coupons::list(&crate::context::db()?, page).await?)
}

/// Makes a coupon. Returns its code.
#[server(endpoint = "admin/make-coupon")]
pub async fn make_coupon(form: CouponForm) -> Result<String, AppError> {
    crate::context::require(Permission::Prices).await?;
    let currency = crate::context::settings().await?.currency;
    let code = domain::promotions::coupons::make(&crate::context::db()?, &form, currency).await?;
    crate::context::go_on_without_script("/admin/coupons?saved=1");
    Ok(code)
}

/// Switches a coupon off.
#[server(endpoint = "admin/switch-off-coupon")]
pub async fn switch_off_coupon(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Prices).await?;
    domain::promotions::coupons::switch_off(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script("/admin/coupons");
    Ok(())
}
