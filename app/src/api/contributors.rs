//! Authors and narrators, as admins look after them.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::catalog::ContributorRow;
#[cfg(feature = "ssr")]
use domain::catalog::{ContributorForm, contributors as people};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// Entries on a page of the list.
#[cfg(feature = "ssr")]
const ENTRIES_A_PAGE: u32 = 50;

/// A page of those whose name begins with `text`.
#[server(input = GetUrl, endpoint = "admin/contributors")]
pub async fn contributors(
    #[server(default)] text: String,
    #[server(default)] page: u32,
) -> Result<Page<ContributorRow>, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(people::list(&crate::context::db()?, &text, domain::PageRequest::new(page, ENTRIES_A_PAGE)).await?)
}

/// One of them.
#[server(name = ReadContributor, input = GetUrl, endpoint = "admin/contributor")]
pub async fn contributor(id: Uuid) -> Result<ContributorRow, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(people::get(&crate::context::db()?, id).await?)
}

/// Gives one another name and biography.
#[server(endpoint = "admin/save-contributor")]
pub async fn save_contributor(id: Uuid, name: String, #[server(default)] about: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    people::save(&crate::context::db()?, id, &ContributorForm { name, about }).await?;
    crate::context::go_on_without_script(&(paths::admin_contributor(id) + "?saved=1"));
    Ok(())
}

/// Makes one person of two entries.
#[server(endpoint = "admin/merge-contributor")]
pub async fn merge_contributor(id: Uuid, #[server(default)] into: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let kept = people::merge(&crate::context::db()?, id, &into).await?;
    leptos_axum::redirect(&(paths::admin_contributor(kept) + "?saved=1"));
    Ok(())
}
