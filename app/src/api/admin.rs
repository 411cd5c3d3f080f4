//! Running the shop: the titles, their forms, the shop at a glance.

use crate::AppError;
use domain::Page;
use domain::catalog::{AdminRow, AudiobookForm, Link};
use domain::insight::Dashboard;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Titles on a page of the admin's list.
#[cfg(feature = "ssr")]
const TITLES_A_PAGE: u32 = 25;

/// The shop at a glance.
#[server(name = ReadDashboard, input = GetUrl, endpoint = "admin/dashboard")]
pub async fn dashboard() -> Result<Dashboard, AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::insight::store::dashboard(&crate::auth::db()?).await?)
}

/// A page of all titles, whatever their status.
#[server(input = GetUrl, endpoint = "admin/titles")]
pub async fn titles(
    #[server(default)] text: String,
    #[server(default)] status: String,
    #[server(default)] page: u32,
) -> Result<Page<AdminRow>, AppError> {
    use domain::catalog::Status;
    crate::auth::require_admin().await?;
    let status = match status.as_str() {
        "draft" => Some(Status::Draft),
        "published" => Some(Status::Published),
        "archived" => Some(Status::Archived),
        _ => None,
    };
    let page = domain::PageRequest::new(page, TITLES_A_PAGE);
    Ok(domain::catalog::edit::admin_list(&crate::auth::db()?, &text, status, page).await?)
}

/// A new, empty title.
#[server(endpoint = "admin/create-draft")]
pub async fn create_draft(title: String) -> Result<Uuid, AppError> {
    crate::auth::require_admin().await?;
    let id = domain::catalog::edit::create_draft(&crate::auth::db()?, &title).await?;
    leptos_axum::redirect(&format!("/admin/titles/{id}"));
    Ok(id)
}

/// What the form of a title needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFacts {
    pub slug: String,
    pub status: domain::catalog::Status,
    pub currency: String,
    pub form: AudiobookForm,
    pub categories: Vec<Link>,
}

/// The form of a title.
#[server(input = GetUrl, endpoint = "admin/title")]
pub async fn title_form(id: Uuid) -> Result<FormFacts, AppError> {
    crate::auth::require_admin().await?;
    let db = crate::auth::db()?;
    let form = domain::catalog::edit::form(&db, id).await?;
    let (slug, status, currency) = domain::catalog::edit::standing(&db, id).await?;
    let categories = domain::catalog::browse::categories(&db).await?.into_iter().map(|count| count.category).collect();
    Ok(FormFacts { slug, status, currency: currency.to_string(), form, categories })
}

/// Saves the form; gives the new version.
#[server(endpoint = "admin/save-title")]
pub async fn save_title(id: Uuid, form: AudiobookForm) -> Result<i32, AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::catalog::edit::save(&crate::auth::db()?, id, &form).await?)
}

/// Puts a title on sale; says what is missing when it is not ready.
#[server(endpoint = "admin/publish")]
pub async fn publish(id: Uuid) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::catalog::edit::publish(&crate::auth::db()?, id).await?)
}

/// Takes a title off sale, back to a draft.
#[server(endpoint = "admin/unpublish")]
pub async fn unpublish(id: Uuid) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::catalog::edit::unpublish(&crate::auth::db()?, id).await?)
}

/// Takes a title off sale for good; those who bought it keep it.
#[server(endpoint = "admin/archive")]
pub async fn archive(id: Uuid) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::catalog::edit::archive(&crate::auth::db()?, id).await?)
}
