//! Who hears and who writes, and the models that workers fetch, as admins keep them.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::providers::{Provider, ProviderForm};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// All of them, in their order, with how they fare.
#[server(name = ReadProviders, input = GetUrl, endpoint = "admin/providers")]
pub async fn providers() -> Result<Vec<Provider>, AppError> {
    crate::context::require(Permission::Settings).await?;
    Ok(domain::providers::read::list(&crate::context::db()?).await?)
}

#[server(name = ReadProvider, input = GetUrl, endpoint = "admin/provider")]
pub async fn provider(id: Uuid) -> Result<Provider, AppError> {
    crate::context::require(Permission::Settings).await?;
    Ok(domain::providers::read::get(&crate::context::db()?, id).await?)
}

/// Adds one elsewhere. Nothing is sent to it before it is switched on.
#[server(endpoint = "admin/add-provider")]
pub async fn add_provider(form: ProviderForm) -> Result<(), AppError> {
    use crate::context;
    context::require(Permission::Settings).await?;
    let (db, shop) = (context::db()?, context::shop()?);
    domain::providers::keep::add(&db, shop.vault.as_ref(), shop.providers_reach, &form).await?;
    context::go_on_without_script("/admin/models#providers");
    Ok(())
}

/// Changes one elsewhere, where it is still the version that was seen.
#[server(endpoint = "admin/change-provider")]
pub async fn change_provider(id: Uuid, version: i32, form: ProviderForm) -> Result<(), AppError> {
    use crate::context;
    context::require(Permission::Settings).await?;
    let (db, shop) = (context::db()?, context::shop()?);
    let edit = |kept: &mut ProviderForm| kept.clone_from(&form);
    let known = |there: i32| there == version;
    domain::providers::keep::change(&db, shop.vault.as_ref(), shop.providers_reach, id, edit, known).await?;
    domain::production::steps::wake_blocked(&db).await?;
    context::go_on_without_script(&paths::admin_provider(id));
    Ok(())
}

/// Switches one on, or off. Work that waits for somebody looks again.
#[server(endpoint = "admin/switch-provider")]
pub async fn switch_provider(id: Uuid, #[server(default)] on: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    let db = crate::context::db()?;
    domain::providers::keep::switch(&db, id, on).await?;
    domain::production::steps::wake_blocked(&db).await?;
    crate::context::go_on_without_script("/admin/models#providers");
    Ok(())
}

/// Moves one up or down among those of its purpose.
#[server(endpoint = "admin/move-provider")]
pub async fn move_provider(id: Uuid, up: bool) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::providers::keep::shift(&crate::context::db()?, id, up).await?;
    crate::context::go_on_without_script("/admin/models#providers");
    Ok(())
}

/// Removes one elsewhere, with its key.
#[server(endpoint = "admin/remove-provider")]
pub async fn remove_provider(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::providers::keep::remove(&crate::context::db()?, id).await?;
    leptos_axum::redirect("/admin/models");
    Ok(())
}

/// The models that every worker is to have, by their names.
#[server(name = ReadWantedModels, input = GetUrl, endpoint = "admin/wanted-models")]
pub async fn wanted_models() -> Result<Vec<String>, AppError> {
    crate::context::require(Permission::Settings).await?;
    Ok(domain::providers::fetches::wanted(crate::context::db()?.read()).await?)
}

/// Has every worker fetch a model.
#[server(endpoint = "admin/fetch-model")]
pub async fn fetch_model(name: String) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::production::workers::fetch(&crate::context::db()?, &name).await?;
    crate::context::go_on_without_script("/admin/models");
    Ok(())
}

/// Calls a fetch off. What has arrived stays.
#[server(endpoint = "admin/call-off-model")]
pub async fn call_off_model(name: String) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::providers::fetches::call_off(&crate::context::db()?, &name).await?;
    crate::context::go_on_without_script("/admin/models");
    Ok(())
}
