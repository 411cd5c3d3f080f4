//! The first steps of a shop.

use crate::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Whether the shop has no admin yet.
#[server(name = ReadSetup, input = GetUrl, endpoint = "setup/open")]
pub async fn setup_is_open() -> Result<bool, AppError> {
    Ok(!domain::account::registration::admin_exists(&crate::context::db()?).await?)
}

/// Makes the first admin, and logs them in. With `starters` the shop gets a list of categories to begin with.
#[server(endpoint = "setup/first-admin")]
pub async fn create_first_admin(
    code: String,
    name: String,
    email: String,
    password: String,
    #[server(default)] starters: bool,
) -> Result<(), AppError> {
    use domain::Error;
    use domain::account::{Email, InvalidEmail, Password, first_admin};
    let email: Email = email.parse().map_err(|error: InvalidEmail| Error::invalid("email", error))?;
    let password = Password::parse(password).map_err(|error| Error::invalid("password", error))?;
    let (db, limits) = (crate::context::db()?, crate::context::shop()?.limits);
    let account = first_admin::create(&db, &limits, &code, &email, &name, &password).await?;
    if starters {
        domain::catalog::categories::add_starters(&db).await?;
    }
    crate::context::sign_in(account, "/admin").await
}
