//! Registering, logging in and out.

use super::recovery::ResetPassword;
use crate::AppError;
use domain::account::User;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Whoever is logged in, if anyone.
#[server(name = ReadViewer, input = GetUrl, endpoint = "account/viewer")]
pub async fn viewer() -> Result<Option<User>, AppError> {
    crate::auth::viewer().await
}

/// Registers and logs in.
#[server(endpoint = "account/register")]
pub async fn register(
    name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use domain::account::{Email, Password, store};
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 120 {
        return Err(AppError::invalid("name", "Write your name, in at most 120 characters."));
    }
    let email: Email =
        email.parse().map_err(|error: domain::account::InvalidEmail| AppError::invalid("email", error.to_string()))?;
    let typed = Password::parse(password.clone()).map_err(|error| AppError::invalid("password", error.to_string()))?;
    store::register(&crate::auth::db()?, &email, name, &typed).await?;
    enter(email.as_str(), password, &next).await
}

/// Logs in. A wrong password and an unknown address get the same words after the same time.
#[server(endpoint = "account/login")]
pub async fn login(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    enter(&email, password, &next).await
}

/// Logs out: the session is gone from the database, not only from the browser.
#[server(endpoint = "account/logout")]
pub async fn logout() -> Result<(), AppError> {
    crate::auth::session().await?.logout().await.map_err(|error| {
        tracing::error!(%error, "logging out failed");
        AppError::Internal
    })?;
    leptos_axum::redirect("/");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn enter(email: &str, password: String, next: &str) -> Result<(), AppError> {
    use crate::auth;
    let failed = |error: axum_login::Error<auth::Backend>| {
        tracing::error!(%error, "logging in failed");
        AppError::Internal
    };
    let mut session = auth::session().await?;
    let credentials = auth::Credentials { email: email.to_owned(), password };
    let Some(account) = session.authenticate(credentials).await.map_err(failed)? else {
        return Err(AppError::invalid("", "That address and password do not match. Check both and try again."));
    };
    session.login(&account).await.map_err(failed)?;
    if let Some(token) = auth::guest_token().await? {
        domain::ordering::cart::merge(&auth::db()?, &token, account.0.user.id).await?;
        auth::clear_guest_cart();
    }
    leptos_axum::redirect(local_path(next).unwrap_or("/"));
    Ok(())
}

/// The address to go on to, when it is one of this shop's own.
#[cfg(feature = "ssr")]
fn local_path(next: &str) -> Option<&str> {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    local.then_some(next)
}

/// Who is logged in, for every part of the page.
#[derive(Clone, Copy)]
pub struct Viewer {
    pub login: ServerAction<Login>,
    pub register: ServerAction<Register>,
    pub logout: ServerAction<Logout>,
    pub reset: ServerAction<ResetPassword>,
    pub user: Resource<Result<Option<User>, AppError>>,
}

/// Asks once who is logged in, and again after each log-in and log-out, and after a new password, which logs out.
pub fn provide_viewer() {
    let (login, register, logout) =
        (ServerAction::<Login>::new(), ServerAction::<Register>::new(), ServerAction::<Logout>::new());
    let reset = ServerAction::<ResetPassword>::new();
    let changes =
        move || (login.version().get(), register.version().get(), logout.version().get(), reset.version().get());
    let user = Resource::new(changes, |_| viewer());
    provide_context(Viewer { login, register, logout, reset, user });
}

/// Who is logged in; see [`provide_viewer`].
pub fn use_viewer() -> Viewer {
    expect_context()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::local_path;

    #[test]
    fn logging_in_leads_nowhere_but_into_the_shop() {
        assert_eq!(local_path("/cart?x=1"), Some("/cart?x=1"));
        for outside in
            ["", "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example"]
        {
            assert_eq!(local_path(outside), None, "{outside:?}");
        }
    }
}
