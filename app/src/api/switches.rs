//! What is switched on in the shop, as admins keep it.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::flags::{Switch, SwitchForm};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// All switches as they are.
#[server(name = ReadSwitches, input = GetUrl, endpoint = "admin/switches")]
pub async fn switches() -> Result<Vec<Switch>, AppError> {
    crate::context::require(Permission::Settings).await?;
    Ok(domain::flags::keep::read(crate::context::db()?.read()).await?)
}

/// Switches something; it counts at once.
#[server(endpoint = "admin/save-switch")]
pub async fn save_switch(form: SwitchForm) -> Result<Switch, AppError> {
    crate::context::require(Permission::Settings).await?;
    let saved = domain::flags::live::save(&crate::context::db()?, &form).await?;
    crate::context::go_on_without_script("/admin/settings?switched=1#switches");
    Ok(saved)
}
