//! Two-factor authentication: the second step of a log-in.

use crate::AppError;
use domain::account::TwoFactor;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// How it is set up, with what the page draws of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoFactorView {
    #[serde(flatten)]
    pub status: TwoFactor,
    /// The address that an app is told, as a QR code: an SVG element.
    pub qr_code: Option<String>,
}

#[cfg(feature = "ssr")]
fn qr_code(address: &str) -> Result<String, AppError> {
    use qrcode::QrCode;
    use qrcode::render::svg;
    let code = QrCode::new(address)
        .map_err(|error| domain::Error::Damaged(format!("an address does not fit a QR code: {error}")))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // An element of a page has no XML declaration.
    Ok(drawn.split_once("?>").map_or(drawn.as_str(), |(_, svg)| svg).to_owned())
}

/// Ends a log-in that waits for its second step.
#[server(endpoint = "account/login-code")]
pub async fn login_code(code: String) -> Result<(), AppError> {
    crate::context::verify_two_factor(&code).await
}

/// How the second step of whoever is logged in stands.
#[server(name = ReadTwoFactor, input = GetUrl, endpoint = "account/two-factor")]
pub async fn two_factor() -> Result<TwoFactorView, AppError> {
    let user = crate::context::require_recent_login().await?;
    // It may hold what codes are made from.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    let name = crate::context::settings().await?.name;
    let status = domain::account::mfa::status(&db, vault.as_ref(), &name, user.id).await?;
    let qr_code = status.enrollment.as_ref().map(|enrollment| qr_code(&enrollment.address)).transpose()?;
    Ok(TwoFactorView { status, qr_code })
}

/// Begins to set the second step up.
#[server(endpoint = "account/two-factor/begin")]
pub async fn enroll_two_factor() -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::enroll(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/two-factor");
    Ok(())
}

/// Turns the second step on, with a code of the app that was set up. It logs out everywhere but here.
#[server(endpoint = "account/two-factor/on")]
pub async fn enable_two_factor(code: String) -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    crate::context::take_within(&user).await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let account = domain::account::mfa::enable(&db, vault.as_ref(), user.id, &code).await?;
    crate::context::stay_logged_in(account).await?;
    // Every browser was forgotten; this one is known by the code that came with it.
    let device = crate::context::device_token()?;
    if let Some(token) = domain::account::sessions::devices::remember(&db, user.id, device.as_deref()).await? {
        crate::context::remember_device(&token)?;
    }
    crate::context::go_on_without_script("/account/two-factor");
    Ok(())
}

/// Turns the second step off. It logs out everywhere but here.
#[server(endpoint = "account/two-factor/off")]
pub async fn disable_two_factor() -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    let account = domain::account::mfa::disable(&crate::context::db()?, user.id).await?;
    crate::context::stay_logged_in(account).await?;
    crate::context::go_on_without_script("/account/two-factor");
    Ok(())
}

/// Makes other recovery codes and shows them. Those from before count until the new ones are kept.
#[server(endpoint = "account/two-factor/renew-codes")]
pub async fn renew_recovery_codes() -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::recovery_codes::renew(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/two-factor");
    Ok(())
}

/// Lets the recovery codes count that were shown last.
#[server(endpoint = "account/two-factor/keep-codes")]
pub async fn keep_recovery_codes() -> Result<(), AppError> {
    let user = crate::context::require_recent_login().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::recovery_codes::keep(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/two-factor");
    Ok(())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #[test]
    fn a_qr_code_is_an_element_that_needs_no_style() {
        let drawn = super::qr_code("otpauth://totp/Lectern:ada%40example.com?secret=AAAA&issuer=Lectern").unwrap();
        assert!(drawn.starts_with("<svg") && !drawn.contains("style"), "{drawn}");
    }
}
