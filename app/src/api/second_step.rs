//! The second step of a log-in, and proving again who one is.

use crate::AppError;
use domain::account::{ProofNeeded, SecondStep};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Ends a log-in that waits for its second step.
#[server(endpoint = "account/login-code")]
pub async fn login_code(code: String) -> Result<(), AppError> {
    crate::context::pass_second_step(&code).await
}

/// What is asked for on the page where people prove again who they are.
#[server(name = ReadProofNeeded, input = GetUrl, endpoint = "account/proof-needed")]
pub async fn proof_needed() -> Result<ProofNeeded, AppError> {
    let user = crate::context::require_user().await?;
    Ok(domain::account::mfa::proof_needed(&crate::context::db()?, user.id).await?)
}

/// Proves again who one is, and goes on to what needed it.
#[server(endpoint = "account/prove")]
pub async fn prove(
    #[server(default)] password: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    use crate::context;
    use domain::account::mfa::{self, Proof};
    let user = context::require_user().await?;
    let (db, shop) = (context::db()?, context::shop()?);
    let device = context::device_token()?;
    let given = Proof { password: &password, code: &code, device: device.as_deref() };
    mfa::prove(&db, shop.vault.as_ref(), &shop.limits, user.id, given).await?;
    identity::note_proof(&context::session().await?.session, db.now()).await?;
    leptos_axum::redirect(identity::local_path(&next).as_deref().unwrap_or("/account"));
    Ok(())
}

/// How the second step of whoever is logged in stands.
#[server(name = ReadSecondStep, input = GetUrl, endpoint = "account/second-step")]
pub async fn second_step() -> Result<SecondStep, AppError> {
    let user = crate::context::require_recent().await?;
    // It may hold what codes are made from.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    Ok(domain::account::mfa::status(&db, vault.as_ref(), user.id).await?)
}

/// Begins to set the second step up.
#[server(endpoint = "account/second-step/begin")]
pub async fn begin_second_step() -> Result<(), AppError> {
    let user = crate::context::require_recent().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::enroll(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/second-step");
    Ok(())
}

/// Turns the second step on, with a code of the app that was set up. It logs out everywhere but here.
#[server(endpoint = "account/second-step/on")]
pub async fn turn_on_second_step(code: String) -> Result<(), AppError> {
    let user = crate::context::require_recent().await?;
    crate::context::take_within(&user).await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let account = domain::account::mfa::turn_on(&db, vault.as_ref(), user.id, &code).await?;
    crate::context::stay_logged_in(account).await?;
    // Every browser was forgotten; this one is known by the code that came with it.
    let device = crate::context::device_token()?;
    if let Some(token) = domain::account::sessions::devices::remember(&db, user.id, device.as_deref()).await? {
        crate::context::remember_device(&token)?;
    }
    crate::context::go_on_without_script("/account/second-step");
    Ok(())
}

/// Turns the second step off. It logs out everywhere but here.
#[server(endpoint = "account/second-step/off")]
pub async fn turn_off_second_step() -> Result<(), AppError> {
    let user = crate::context::require_recent().await?;
    let account = domain::account::mfa::turn_off(&crate::context::db()?, user.id).await?;
    crate::context::stay_logged_in(account).await?;
    crate::context::go_on_without_script("/account/second-step");
    Ok(())
}

/// Makes other recovery codes and shows them. Those from before count until the new ones are kept.
#[server(endpoint = "account/second-step/renew-codes")]
pub async fn renew_recovery_codes() -> Result<(), AppError> {
    let user = crate::context::require_recent().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::renew_codes(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/second-step");
    Ok(())
}

/// Lets the recovery codes count that were shown last.
#[server(endpoint = "account/second-step/keep-codes")]
pub async fn keep_recovery_codes() -> Result<(), AppError> {
    let user = crate::context::require_recent().await?;
    let (db, vault) = (crate::context::db()?, crate::context::shop()?.vault);
    domain::account::mfa::keep_codes(&db, vault.as_ref(), user.id).await?;
    crate::context::go_on_without_script("/account/second-step");
    Ok(())
}
