//! Forgotten passwords, and addresses to confirm or to change: what the links in mails lead to, and how they are asked
//! for.

use crate::AppError;
use domain::account::EmailStatus;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
fn parsed(email: &str) -> domain::Result<domain::account::Email> {
    email.parse().map_err(|error: domain::account::InvalidEmail| domain::Error::invalid("email", error))
}

/// Asks for a mail with a link to choose a new password. The answer is the same for an address that has no account.
#[server(endpoint = "account/ask-reset")]
pub async fn ask_reset(email: String) -> Result<(), AppError> {
    let limits = crate::context::shop()?.limits;
    domain::account::recovery::request_reset(&crate::context::db()?, &limits, &parsed(&email)?).await?;
    crate::context::go_on_without_script("/forgot-password?sent=1");
    Ok(())
}

/// Sets a new password by the link of a mail. It logs out everywhere; the log-in page comes next.
#[server(endpoint = "account/reset-password")]
pub async fn reset_password(token: String, password: String) -> Result<(), AppError> {
    use domain::account::sessions::devices;
    use domain::account::{Password, reauthentication, recovery};
    let password = Password::parse(password).map_err(|error| domain::Error::invalid("password", error))?;
    let db = crate::context::db()?;
    let id = recovery::reset(&db, &token, &password).await?;
    // Whoever opened the link may log in here, however many others are guessing; with a second step, once they gave a code.
    if !reauthentication::factors(&db, id).await?.code
        && let Some(device) = devices::remember(&db, id, crate::context::device_token()?.as_deref()).await?
    {
        crate::context::remember_device(&device)?;
    }
    leptos_axum::redirect("/login?changed=1");
    Ok(())
}

/// Confirms an address by the link of a mail. Nobody has to be logged in: the link says whose it is.
#[server(endpoint = "account/confirm-email")]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    domain::account::email::verification::confirm(&crate::context::db()?, &token).await?;
    crate::context::go_on_without_script("/verify-email?done=1");
    Ok(())
}

/// What the shop knows of the address of whoever is logged in.
#[server(name = ReadAddress, input = GetUrl, endpoint = "account/address")]
pub async fn address() -> Result<EmailStatus, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::account::email::verification::email_status(&crate::context::db()?, user.id).await?)
}

/// Asks for another mail by which the address is confirmed.
#[server(endpoint = "account/send-again")]
pub async fn send_again() -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    crate::context::take_within(&user).await?;
    let limits = crate::context::shop()?.limits;
    domain::account::email::verification::request_again(&crate::context::db()?, &limits, user.id).await?;
    crate::context::go_on_without_script("/account?sent=1");
    Ok(())
}

/// Asks to move the account to another address, with the password where there is one.
#[server(endpoint = "account/change-email")]
pub async fn change_email(email: String, #[server(default)] password: String) -> Result<(), AppError> {
    let user = crate::context::require_recent_login_or_password().await?;
    let email = parsed(&email)?;
    crate::context::take_within(&user).await?;
    let (db, limits) = (crate::context::db()?, crate::context::shop()?.limits);
    domain::account::email::verification::request_move(&db, &limits, user.id, &email, &password).await?;
    crate::context::go_on_without_script("/account?sent=1");
    Ok(())
}

/// Calls the move to another address off.
#[server(endpoint = "account/keep-email")]
pub async fn keep_email() -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::account::email::verification::stay(&crate::context::db()?, user.id).await?;
    crate::context::go_on_without_script("/account");
    Ok(())
}
