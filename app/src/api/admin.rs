//! Running the shop: one title and its form, the shop at a glance.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{paths, typed};
use domain::Timestamp;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::catalog::{AudiobookForm, Link};
use domain::insight::Dashboard;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The shop at a glance.
#[server(name = ReadDashboard, input = GetUrl, endpoint = "admin/dashboard")]
pub async fn dashboard() -> Result<Dashboard, AppError> {
    let user = crate::context::require_admin().await?;
    let own = crate::context::settings().await?.currency;
    Ok(domain::insight::dashboard::dashboard(&crate::context::db()?, own, user.may(Permission::Orders)).await?)
}

/// A new, empty title.
#[server(endpoint = "admin/create-draft")]
pub async fn create_draft(title: String) -> Result<Uuid, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let currency = crate::context::settings().await?.currency;
    let id = domain::catalog::drafts::create(&crate::context::db()?, &title, currency).await?;
    leptos_axum::redirect(&paths::admin_title(id));
    Ok(id)
}

/// What the form of a title needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFacts {
    pub slug: String,
    pub status: domain::catalog::Status,
    pub currency: String,
    pub form: AudiobookForm,
    /// What was typed and refused, when the form was sent without JavaScript: the page is new then, and nothing shall be
    /// typed twice.
    pub typed: Option<AudiobookForm>,
    /// Every category of the shop.
    pub categories: Vec<Link>,
    /// What it lacks to be sold.
    pub missing: Vec<String>,
    /// When it goes on sale by itself.
    pub publish_at: Option<Timestamp>,
    /// Why it did not, in a sentence.
    pub publish_failure: Option<String>,
}

/// The form of a title.
#[server(input = GetUrl, endpoint = "admin/title")]
pub async fn title_form(id: Uuid) -> Result<FormFacts, AppError> {
    use domain::catalog::{browse, edit, publish, titles};
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let db = crate::context::db()?;
    let form = edit::form(&db, id).await?;
    let header = titles::title_header(&db, id).await?;
    let categories = browse::categories(&db).await?.into_iter().map(|count| count.category).collect();
    let missing = publish::missing(&db, id).await?.into_iter().map(str::to_owned).collect();
    Ok(FormFacts {
        slug: header.slug,
        status: header.status,
        currency: header.currency.to_string(),
        form,
        typed: typed::take(&id.to_string()).await?,
        categories,
        missing,
        publish_at: header.publish_at,
        publish_failure: header.publish_failure,
    })
}

/// Saves the form; gives the new version.
#[server(endpoint = "admin/save-title")]
pub async fn save_title(id: Uuid, form: AudiobookForm) -> Result<i32, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let saved = domain::production::samples::save_title(&crate::context::db()?, id, &form).await;
    match &saved {
        Ok(_) => crate::context::go_on_without_script(&(paths::admin_title(id) + "?saved=1#edit")),
        Err(_) => typed::keep(&id.to_string(), &form).await?,
    }
    Ok(saved?)
}

/// Puts what the writer proposed into the title, over the version that was looked at; gives the new version.
#[server(endpoint = "admin/use-proposal")]
pub async fn use_proposal(id: Uuid, version: i32) -> Result<i32, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let version = domain::production::proposals::adopt(&crate::context::db()?, id, version).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "?saved=1#edit"));
    Ok(version)
}

/// Puts a title on sale; says what is missing when it is not ready.
#[server(endpoint = "admin/publish")]
pub async fn publish(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::publish::publish(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#shelf"));
    Ok(())
}

/// Takes a title off sale, back to a draft.
#[server(endpoint = "admin/unpublish")]
pub async fn unpublish(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::publish::unpublish(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#shelf"));
    Ok(())
}

/// Takes a title off sale for good; those who bought it keep it.
#[server(endpoint = "admin/archive")]
pub async fn archive(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::publish::archive(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#shelf"));
    Ok(())
}
