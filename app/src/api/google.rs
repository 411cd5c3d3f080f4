//! Google as a way in. The ways there and back are plain addresses of the server's, `/login/google`: they lead out of
//! the pages.

use crate::AppError;
use domain::account::GoogleLinkStatus;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Whether people log in with Google here.
#[server(name = ReadGoogleOffered, input = GetUrl, endpoint = "account/google-offered")]
pub async fn google_offered() -> Result<bool, AppError> {
    Ok(crate::context::shop()?.google_issuer.is_some())
}

/// How Google and the account of whoever is logged in stand.
#[server(name = ReadGoogle, input = GetUrl, endpoint = "account/google")]
pub async fn google_link_status() -> Result<GoogleLinkStatus, AppError> {
    let user = crate::context::require_recent_login().await?;
    let issuer = issuer()?;
    Ok(domain::account::external_login::google_link_status(&crate::context::db()?, user.id, &issuer).await?)
}

/// Takes the link to Google away.
#[server(endpoint = "account/unlink-google")]
pub async fn unlink_google() -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    let issuer = issuer()?;
    domain::account::external_login::unlink(&crate::context::db()?, user.id, &issuer).await?;
    crate::context::go_on_without_script("/account/google?unlinked=1");
    Ok(())
}

#[cfg(feature = "ssr")]
fn issuer() -> Result<std::sync::Arc<str>, AppError> {
    crate::context::shop()?.google_issuer.ok_or_else(|| AppError::NotFound("page".to_owned()))
}
