//! Proving again who one is.

use crate::AppError;
use domain::account::ReauthenticationFactors;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What is asked for on the page where people prove again who they are.
#[server(name = ReadReauthenticationFactors, input = GetUrl, endpoint = "account/reauthentication-factors")]
pub async fn reauthentication_factors() -> Result<ReauthenticationFactors, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::account::reauthentication::factors(&crate::context::db()?, user.id).await?)
}

/// Proves again who one is, and goes on to what needed it.
#[server(endpoint = "account/reauthenticate")]
pub async fn reauthenticate(
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::context;
    use domain::account::reauthentication::{self, Credentials};
    let user = context::require_user().await?;
    let (db, shop) = (context::db()?, context::shop()?);
    let device = context::device_token()?;
    let given = Credentials { password: &password, code: &code, device: device.as_deref() };
    reauthentication::reauthenticate(&db, shop.vault.as_ref(), &shop.limits, user.id, given).await?;
    identity::note_reauthentication(&context::session().await?.session, db.now()).await?;
    leptos_axum::redirect(identity::local_path(&next).as_deref().unwrap_or("/account"));
    Ok(())
}
