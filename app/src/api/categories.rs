//! The shop's list of categories, as admins keep it.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
#[cfg(feature = "ssr")]
use domain::catalog::CategoryForm;
use domain::catalog::CategoryRow;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// All of them, in the shop's order.
#[server(name = ListCategories, input = GetUrl, endpoint = "admin/categories")]
pub async fn list_categories() -> Result<Vec<CategoryRow>, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(domain::catalog::categories::list(&crate::context::db()?).await?)
}

/// Adds one at the end of the list.
#[server(endpoint = "admin/create-category")]
pub async fn create_category(name: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let form = CategoryForm { name, ..CategoryForm::default() };
    domain::catalog::categories::create(&crate::context::db()?, &form).await?;
    crate::context::go_on_without_script("/admin/categories");
    Ok(())
}

/// Adds a usual list to a shop that has none.
#[server(endpoint = "admin/starter-categories")]
pub async fn add_starter_categories() -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::categories::add_starters(&crate::context::db()?).await?;
    crate::context::go_on_without_script("/admin/categories");
    Ok(())
}

/// Gives one another name, description and keywords.
#[server(endpoint = "admin/save-category")]
pub async fn save_category(
    id: Uuid,
    name: String,
    #[server(default)] description: String,
    #[server(default)] keywords: String,
) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let form = CategoryForm { name, description, keywords };
    domain::catalog::categories::save(&crate::context::db()?, id, &form).await?;
    crate::context::go_on_without_script(&(paths::admin_category(id) + "?saved=1"));
    Ok(())
}

/// Moves one a place up or down the list.
#[server(endpoint = "admin/move-category")]
pub async fn move_category(id: Uuid, up: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::categories::shift(&crate::context::db()?, id, up).await?;
    crate::context::go_on_without_script("/admin/categories");
    Ok(())
}

/// Puts the titles of one into another, and deletes it.
#[server(endpoint = "admin/merge-category")]
pub async fn merge_category(id: Uuid, #[server(default)] into: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let chosen = Uuid::parse_str(&into);
    let into = chosen.map_err(|_| domain::Error::invalid("into", "category.into-nothing"))?;
    domain::catalog::categories::merge(&crate::context::db()?, id, into).await?;
    leptos_axum::redirect("/admin/categories");
    Ok(())
}

/// Deletes one. Its titles are no longer in it.
#[server(endpoint = "admin/delete-category")]
pub async fn delete_category(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::categories::delete(&crate::context::db()?, id).await?;
    leptos_axum::redirect("/admin/categories");
    Ok(())
}
