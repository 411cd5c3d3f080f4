//! Registering, logging in and out.

use super::profile::{DeleteAccount, LogOutEverywhere, Rename};
use super::recovery::ResetPassword;
use super::two_factor::LoginCode;
use crate::AppError;
use domain::account::{Strength, User};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Whoever is logged in, if anyone.
#[server(name = ReadViewer, input = GetUrl, endpoint = "account/viewer")]
pub async fn viewer() -> Result<Option<User>, AppError> {
    crate::context::viewer().await
}

/// Registers and logs in.
#[server(endpoint = "account/register")]
pub async fn register(
    name: String,
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use domain::Error;
    use domain::account::{Email, InvalidEmail, Password, registration};
    let email: Email = email.parse().map_err(|error: InvalidEmail| Error::invalid("email", error))?;
    let typed = Password::parse(password).map_err(|error| Error::invalid("password", error))?;
    let limits = crate::context::shop()?.limits;
    let account = registration::sign_up(&crate::context::db()?, &limits, &email, &name, &typed).await?;
    crate::context::sign_in(account, &next).await
}

/// How hard a password is to guess for the person who chooses it. It is looked at and forgotten.
#[server(endpoint = "account/password-strength")]
pub async fn measure_password(
    password: String,
    #[server(default)] email: String,
    #[server(default)] name: String,
) -> Result<Strength, AppError> {
    crate::context::take(domain::limits::Rule::Meter).await?;
    let (email, name) = match crate::context::viewer().await? {
        Some(user) => (format!("{email} {}", user.email), format!("{name} {}", user.name)),
        None => (email, name),
    };
    Ok(domain::account::passwords::strength::measure(password, email, name).await?)
}

/// Logs in, or goes on to the second step. A wrong password and an unknown address get the same words after the same time.
#[server(endpoint = "account/login")]
pub async fn login(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::context;
    use domain::account::login;
    let device = context::device_token()?;
    let attempt = login::Attempt { email: &email, password: &password, device: device.as_deref() };
    match login::verify(&context::db()?, &context::shop()?.limits, attempt).await? {
        Some(account) => context::sign_in(account, &next).await,
        None => Err(domain::Error::invalid("", "login.mismatch").into()),
    }
}

/// Logs out: the session is gone from the database, not only from the browser.
#[server(endpoint = "account/logout")]
pub async fn logout() -> Result<(), AppError> {
    if let Some(account) = crate::context::close_session().await? {
        domain::account::login::ended(&crate::context::db()?, &account).await?;
    }
    leptos_axum::redirect("/");
    Ok(())
}

/// Who is logged in, for every part of the page.
#[derive(Clone, Copy)]
pub struct Viewer {
    pub login: ServerAction<Login>,
    pub register: ServerAction<Register>,
    pub logout: ServerAction<Logout>,
    pub reset: ServerAction<ResetPassword>,
    pub code: ServerAction<LoginCode>,
    pub rename: ServerAction<Rename>,
    pub leave_all: ServerAction<LogOutEverywhere>,
    pub delete: ServerAction<DeleteAccount>,
    pub user: Resource<Result<Option<User>, AppError>>,
}

/// Asks once who is logged in, and again after each log-in and log-out, after whatever else logs out, and after a new name.
pub fn provide_viewer() {
    let (login, register, logout) =
        (ServerAction::<Login>::new(), ServerAction::<Register>::new(), ServerAction::<Logout>::new());
    let (reset, code) = (ServerAction::<ResetPassword>::new(), ServerAction::<LoginCode>::new());
    let (rename, leave_all, delete) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
    let changes = move || {
        let ways_in = (login.version().get(), register.version().get(), code.version().get());
        let ways_out =
            (logout.version().get(), reset.version().get(), leave_all.version().get(), delete.version().get());
        (ways_in, ways_out, rename.version().get())
    };
    let user = Resource::new(changes, |_| viewer());
    provide_context(Viewer { login, register, logout, reset, code, rename, leave_all, delete, user });
}

/// Who is logged in; see [`provide_viewer`].
pub fn use_viewer() -> Viewer {
    expect_context()
}
