//! Who may do what.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::Page;
use domain::account::{Permission, UserDetails};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// Users on a page of the list.
#[cfg(feature = "ssr")]
const USERS_A_PAGE: u32 = 50;

/// A page of people whose address begins with `text`: all of them, or the admins.
#[server(input = GetUrl, endpoint = "users/list")]
pub async fn users(
    #[server(default)] text: String,
    #[server(default)] admins: bool,
    #[server(default)] page: u32,
) -> Result<Page<UserDetails>, AppError> {
    crate::context::require(Permission::Users).await?;
    let page = domain::PageRequest::new(page, USERS_A_PAGE);
    Ok(domain::account::user_admin::list(&crate::context::db()?, &text, admins, page).await?)
}

/// One of them.
#[server(name = ReadUser, input = GetUrl, endpoint = "users/get")]
pub async fn user(id: Uuid) -> Result<UserDetails, AppError> {
    crate::context::require(Permission::Users).await?;
    Ok(domain::account::user_admin::get(&crate::context::db()?, id).await?)
}

/// Says what somebody may do; with nothing they are a shopper. They are logged out everywhere.
#[server(endpoint = "users/set-permissions")]
pub async fn set_permissions(id: Uuid, #[server(default)] permissions: Vec<Permission>) -> Result<(), AppError> {
    let admin = crate::context::require(Permission::Users).await?;
    crate::context::require_recent_login().await?;
    let wanted = permissions.into_iter().collect();
    domain::account::user_admin::set_permissions(&crate::context::db()?, admin.id, id, wanted).await?;
    crate::context::go_on_without_script(&(paths::admin_user(id) + "?saved=1"));
    Ok(())
}

/// Turns off the second step of somebody who has lost their phone and their recovery codes, and showed who they are in some
/// other way. They are logged out everywhere and told by mail.
#[server(endpoint = "users/disable-two-factor")]
pub async fn disable_two_factor_of(id: Uuid) -> Result<(), AppError> {
    let admin = crate::context::require(Permission::Users).await?;
    crate::context::require_recent_login().await?;
    domain::account::user_admin::disable_two_factor(&crate::context::db()?, admin.id, id).await?;
    crate::context::go_on_without_script(&(paths::admin_user(id) + "?off=1"));
    Ok(())
}

/// Logs somebody out everywhere, browsers and programs, such as when their device was stolen. They may log in again.
#[server(endpoint = "users/log-out")]
pub async fn log_out_user(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Users).await?;
    crate::context::require_recent_login().await?;
    domain::account::user_admin::log_out(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_user(id) + "?out=1"));
    Ok(())
}
