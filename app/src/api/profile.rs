//! What people see and change of their own account.

use crate::AppError;
use domain::account::{ActiveSession, Profile};
use domain::privacy::DeletionPreview;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What the account of whoever is logged in says.
#[server(name = ReadProfile, input = GetUrl, endpoint = "account/profile")]
pub async fn profile() -> Result<Profile, AppError> {
    let user = crate::context::require_user().await?;
    let db = crate::context::db()?;
    let sold_in = domain::catalog::titles::currencies(&db, crate::context::settings().await?.currency).await?;
    Ok(domain::account::profile::profile(&db, user.id, sold_in).await?)
}

/// Changes one's name.
#[server(endpoint = "account/rename")]
pub async fn rename(name: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::account::profile::rename(&crate::context::db()?, user.id, &name).await?;
    crate::context::go_on_without_script("/account?saved=name#name-section");
    Ok(())
}

/// Changes one's password, with the one from before. It logs out everywhere but here.
#[server(endpoint = "account/change-password")]
pub async fn change_password(current_password: String, new_password: String) -> Result<(), AppError> {
    use domain::account::{Password, password_change};
    let user = crate::context::require_recent_login_or_password().await?;
    let new = Password::parse(new_password).map_err(|error| domain::Error::invalid("new_password", error))?;
    crate::context::take_within(&user).await?;
    let account = password_change::set_password(&crate::context::db()?, user.id, &current_password, &new).await?;
    crate::context::stay_logged_in(account).await?;
    crate::context::go_on_without_script("/account?saved=password#password-section");
    Ok(())
}

/// Chooses a language, and the currency that one pays in; none where that is empty.
#[server(endpoint = "account/preferences")]
pub async fn prefer(language: String, #[server(default)] currency: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let (db, own) = (crate::context::db()?, crate::context::settings().await?.currency);
    let sold_in = domain::catalog::titles::currencies(&db, own).await?;
    domain::account::profile::prefer(&db, user.id, &language, &currency, sold_in).await?;
    crate::context::go_on_without_script("/account?saved=preferences#preferences-section");
    Ok(())
}

/// Where one is logged in.
#[server(name = ReadSessions, input = GetUrl, endpoint = "account/sessions")]
pub async fn sessions() -> Result<Vec<ActiveSession>, AppError> {
    let user = crate::context::require_user().await?;
    let here = crate::context::session_key().await?;
    Ok(domain::account::sessions::active_sessions::list(&crate::context::db()?, user.id, here.as_deref()).await?)
}

/// Logs out at one place, a browser or a program.
#[server(endpoint = "account/log-out-there")]
pub async fn log_out_there(handle: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    // One that is gone already is out, too.
    domain::account::sessions::active_sessions::end(&crate::context::db()?, user.id, &handle).await?;
    crate::context::go_on_without_script("/account?saved=sessions#sessions-section");
    Ok(())
}

/// Logs out everywhere but in this browser.
#[server(endpoint = "account/log-out-elsewhere")]
pub async fn log_out_elsewhere() -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let here = crate::context::session_key().await?.ok_or(AppError::Unauthenticated)?;
    domain::account::sessions::active_sessions::end_all(&crate::context::db()?, user.id, Some(&here)).await?;
    crate::context::go_on_without_script("/account?saved=sessions#sessions-section");
    Ok(())
}

/// Logs out everywhere, here as well.
#[server(endpoint = "account/log-out-everywhere")]
pub async fn log_out_everywhere() -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::account::sessions::active_sessions::end_all(&crate::context::db()?, user.id, None).await?;
    crate::context::close_session().await?;
    leptos_axum::redirect("/login?out=1");
    Ok(())
}

/// What goes and what stays when one deletes one's account.
#[server(name = ReadDeletionPreview, input = GetUrl, endpoint = "account/leaving")]
pub async fn deletion_preview() -> Result<DeletionPreview, AppError> {
    let user = crate::context::require_recent_login().await?;
    Ok(domain::privacy::deletion::preview(&crate::context::db()?, user.id).await?)
}

/// Deletes one's account, with its address typed as a confirmation.
#[server(endpoint = "account/delete")]
pub async fn delete_account(address: String) -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    domain::privacy::deletion::delete(&crate::context::db()?, user.id, &address).await?;
    crate::context::close_session().await?;
    leptos_axum::redirect("/login?deleted=1");
    Ok(())
}
