//! The second step of a log-in. All of it needs a log-in of the last ten minutes.

use crate::AppState;
use crate::http::api::auth::{Tokens, hand_out};
use crate::http::api::bearer::Client;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Permitted, Recently};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::State;
use domain::account::users;
use domain::account::{TotpEnrollment, TwoFactor, mfa, tokens};
use domain::limits::Rule;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the second step stands.
#[derive(Serialize, ToSchema)]
pub struct SecondStep {
    /// Since when a log-in asks for a code.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    since: Option<String>,
    /// Recovery codes that were not used yet.
    #[schema(example = 10)]
    codes_left: u64,
    /// What an app has to be told, while it is being set up.
    enrollment: Option<Enrollment>,
    /// Recovery codes, to be written down: they count once their owner says that they are kept, or with the first code of the
    /// app.
    #[schema(example = json!(["ABCD-EFGH-IJKL-MNOP-QRST-UVWX"]))]
    new_codes: Vec<String>,
}

/// What an app makes its codes from.
#[derive(Serialize, ToSchema)]
pub struct Enrollment {
    /// To be typed, in groups of four.
    #[schema(example = "JBSW Y3DP EHPK 3PXP")]
    key: String,
    /// The same as an address, for a QR code.
    #[schema(example = "otpauth://totp/Lectern:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Lectern")]
    address: String,
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppCode {
    #[schema(example = "123456")]
    code: String,
}

impl From<TotpEnrollment> for Enrollment {
    fn from(enrollment: TotpEnrollment) -> Self {
        Self { key: enrollment.key, address: enrollment.address }
    }
}

impl From<TwoFactor> for SecondStep {
    fn from(status: TwoFactor) -> Self {
        let TwoFactor { since, codes_left, enrollment, new_codes } = status;
        Self { since: since.map(time), codes_left, enrollment: enrollment.map(Into::into), new_codes }
    }
}

/// It may hold what codes are made from: nobody keeps it.
type Secret = ([(HeaderName, &'static str); 1], Json<SecondStep>);

async fn shown(state: &AppState, who: &Permitted<Account>) -> Result<Secret, Problem> {
    let name = state.settings.now().await.name;
    let status = mfa::status(&who.db, state.vault.as_ref(), &name, who.user.id).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(status.into())))
}

/// New tokens for the program that asked, in place of those that were revoked with all others. They make its log-in no younger:
/// nobody has given a password.
pub(super) async fn stay(
    state: &AppState,
    who: &Permitted<Account>,
    account: users::Account,
    client: &Client,
) -> Result<Tokens, Problem> {
    let logged_in_at = who.with.logged_in_at.unwrap_or(who.db.now());
    let held = tokens::open_since(&who.db, &account, &client.0, state.tokens.lifetimes(), logged_in_at).await?;
    hand_out(state, held).await
}

/// See how the second step stands
///
/// With what an app has to be told while it is being set up, and recovery codes that are to be written down.
#[utoipa::path(
    get,
    path = "/users/me/two-factor",
    operation_id = "read_two_factor",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "How it stands.", body = SecondStep), Unchanged, TokenProblems)
)]
pub async fn read(State(state): State<AppState>, Recently(who): Recently<Account>) -> Result<Secret, Problem> {
    shown(&state, &who).await
}

/// Begin to set the second step up
///
/// Or begin again. Nothing is asked for at log-ins yet.
#[utoipa::path(
    post,
    path = "/users/me/two-factor",
    operation_id = "begin_two_factor",
    tag = "account",
    security(("access_token" = ["account"])),
    responses(
        (status = 200, description = "What the app has to be told, and recovery codes.", body = SecondStep),
        Clash, TokenProblems,
    )
)]
pub async fn begin(State(state): State<AppState>, Recently(who): Recently<Account>) -> Result<Secret, Problem> {
    mfa::enroll(&who.db, state.vault.as_ref(), who.user.id).await?;
    shown(&state, &who).await
}

/// Turn the second step on
///
/// With a code of the app, which shows that it has understood. The recovery codes count from now on. It logs out everywhere;
/// this program goes on with the new tokens.
#[utoipa::path(
    put,
    path = "/users/me/two-factor",
    operation_id = "enable_two_factor",
    tag = "account",
    request_body = AppCode,
    security(("access_token" = ["account"])),
    responses((status = 200, description = "It is on.", body = Tokens), Clash, BodyProblems, TokenProblems)
)]
pub async fn enable(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    client: Client,
    Body(wish): Body<AppCode>,
) -> Result<Json<Tokens>, Problem> {
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    let code: String = wish.code.chars().filter(|c| !c.is_whitespace()).collect();
    let account = mfa::enable(&who.db, state.vault.as_ref(), who.user.id, &code).await?;
    Ok(Json(stay(&state, &who, account, &client).await?))
}

/// Turn the second step off
///
/// It logs out everywhere; this program goes on with the new tokens.
#[utoipa::path(
    delete,
    path = "/users/me/two-factor",
    operation_id = "disable_two_factor",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "It is off.", body = Tokens), TokenProblems)
)]
pub async fn disable(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    client: Client,
) -> Result<Json<Tokens>, Problem> {
    let account = mfa::disable(&who.db, who.user.id).await?;
    Ok(Json(stay(&state, &who, account, &client).await?))
}

/// Make other recovery codes
///
/// Those from before count until the new ones are kept.
#[utoipa::path(
    post,
    path = "/users/me/two-factor/recovery-codes",
    operation_id = "renew_recovery_codes",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "The new codes, to be written down.", body = SecondStep), Clash, TokenProblems)
)]
pub async fn renew_codes(State(state): State<AppState>, Recently(who): Recently<Account>) -> Result<Secret, Problem> {
    mfa::recovery_codes::renew(&who.db, state.vault.as_ref(), who.user.id).await?;
    shown(&state, &who).await
}

/// Keep the recovery codes that were shown last
///
/// They count from now on, and no others.
#[utoipa::path(
    put,
    path = "/users/me/two-factor/recovery-codes",
    operation_id = "keep_recovery_codes",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 204, description = "They count."), Clash, TokenProblems)
)]
pub async fn keep_codes(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
) -> Result<StatusCode, Problem> {
    mfa::recovery_codes::keep(&who.db, state.vault.as_ref(), who.user.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
