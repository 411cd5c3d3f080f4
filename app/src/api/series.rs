//! Series, as admins look after them.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
#[cfg(feature = "ssr")]
use domain::catalog::{SeriesForm, series as all_series};
use domain::catalog::{SeriesRow, SeriesTitle};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use std::collections::HashMap;
use uuid::Uuid;

/// Entries on a page of the list.
#[cfg(feature = "ssr")]
const ENTRIES_A_PAGE: u32 = 50;

/// A page of those whose name begins with `text`.
#[server(input = GetUrl, endpoint = "admin/series")]
pub async fn list_series(
    #[server(default)] text: String,
    #[server(default)] page: u32,
) -> Result<Page<SeriesRow>, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(all_series::list(&crate::context::db()?, &text, domain::PageRequest::new(page, ENTRIES_A_PAGE)).await?)
}

/// One of them, with its titles in order.
#[server(name = ReadSeries, input = GetUrl, endpoint = "admin/one-series")]
pub async fn one_series(id: Uuid) -> Result<(SeriesRow, Vec<SeriesTitle>), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let db = crate::context::db()?;
    Ok((all_series::get(&db, id).await?, all_series::titles(&db, id).await?))
}

/// Gives one another name and description.
#[server(endpoint = "admin/save-series")]
pub async fn save_series(id: Uuid, name: String, #[server(default)] about: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    all_series::save(&crate::context::db()?, id, &SeriesForm { name, about }).await?;
    crate::context::go_on_without_script(&(paths::admin_series(id) + "?saved=1"));
    Ok(())
}

/// The name of the field for a title's number. With a letter first: a digit would be taken for a place in a list.
pub fn number_field(title: Uuid) -> String {
    format!("numbers[t{title}]")
}

/// Gives its titles the numbers that were typed, by the names of [`number_field`].
#[server(endpoint = "admin/number-series")]
pub async fn number_series(id: Uuid, #[server(default)] numbers: HashMap<String, String>) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let titles = numbers.into_iter().map(|(field, typed)| {
        let title = field.strip_prefix('t').and_then(|id| Uuid::parse_str(id).ok());
        title.map(|title| (title, typed)).ok_or(domain::Error::NotFound("title"))
    });
    let numbers: HashMap<Uuid, String> = titles.collect::<Result<_, domain::Error>>()?;
    all_series::number(&crate::context::db()?, id, &numbers).await?;
    crate::context::go_on_without_script(&(paths::admin_series(id) + "#order"));
    Ok(())
}

/// Moves a title one place up or down in it.
#[server(endpoint = "admin/move-in-series")]
pub async fn move_in_series(id: Uuid, title: Uuid, up: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    all_series::shift(&crate::context::db()?, id, title, up).await?;
    crate::context::go_on_without_script(&(paths::admin_series(id) + "#order"));
    Ok(())
}

/// Makes one series of two.
#[server(endpoint = "admin/merge-series")]
pub async fn merge_series(id: Uuid, #[server(default)] into: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let kept = all_series::merge(&crate::context::db()?, id, &into).await?;
    leptos_axum::redirect(&(paths::admin_series(kept) + "?saved=1"));
    Ok(())
}

/// Deletes one without titles.
#[server(endpoint = "admin/delete-series")]
pub async fn delete_series(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    all_series::delete(&crate::context::db()?, id).await?;
    leptos_axum::redirect("/admin/series");
    Ok(())
}
