//! How one's account and Google stand.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Recently};
use crate::http::api::problem::{Kind, Problem};
use crate::http::api::values::time;
use axum::Json;
use axum::extract::State;
use domain::account::{GoogleRefusal, external_login};
use domain::audit::Action;
use domain::limits::Rule;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an account and Google stand.
#[derive(Serialize, ToSchema)]
pub struct GoogleStanding {
    /// There is a password as well, so that the account opens without Google.
    #[schema(example = true)]
    has_password: bool,
    /// Missing where they are not linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    link: Option<LinkToGoogle>,
}

/// A link to an account at Google.
#[derive(Serialize, ToSchema)]
pub struct LinkToGoogle {
    /// Its address there, as Google said it last: not the one of the account here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ada@mail.example", format = Email)]
    email: Option<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    since: String,
    /// When it opened the account last.
    #[schema(format = DateTime, example = "2026-11-24T18:00:00Z")]
    used_at: String,
}

/// What Google says of the account there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoogleProof {
    /// An ID token, for the client id of the shop or of one of its programs.
    #[schema(example = "eyJ…")]
    id_token: String,
    /// What the program sent to Google as `nonce`, if it did.
    #[serde(default)]
    #[schema(example = "n-0S6_WzA2Mj")]
    nonce: Option<String>,
}

fn issuer(state: &AppState) -> Result<&str, Problem> {
    let google = state.google.as_ref().map(|google| google.issuer());
    google.ok_or_else(|| Problem::new(Kind::NotFound, "People do not log in with Google here."))
}

/// See how your account and Google stand
///
/// It needs a log-in of the last ten minutes (401 `login-too-old`). A link is made by
/// a program with an ID token of Google's, or in a browser at `/account/google`.
#[utoipa::path(
    get,
    path = "/users/me/google",
    operation_id = "read_google_link",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "How they stand.", body = GoogleStanding), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
) -> Result<Json<GoogleStanding>, Problem> {
    let status = external_login::google_link_status(&who.db, who.user.id, issuer(&state)?).await?;
    let link = status.link.map(|link| LinkToGoogle {
        email: link.email.map(String::from),
        since: time(link.since),
        used_at: time(link.used_at),
    });
    Ok(Json(GoogleStanding { has_password: status.has_password, link }))
}

/// Link Google
///
/// Takes an ID token that Google gave to the program, once. It needs a log-in of the last ten minutes (401 `login-too-old`).
#[utoipa::path(
    put,
    path = "/users/me/google",
    operation_id = "link_google",
    tag = "account",
    request_body = GoogleProof,
    security(("access_token" = ["account"])),
    responses(
        (status = 204, description = "It opens the account from now on."),
        NotThere, Clash, BodyProblems, TokenProblems,
    )
)]
pub async fn link(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    Body(proof): Body<GoogleProof>,
) -> Result<StatusCode, Problem> {
    issuer(&state)?;
    let Some(google) = &state.google else { return Err(Problem::internal("Google is gone")) };
    state.limits.take_network(Rule::Google, who.db.actor()).await?;
    let said = match google.check(who.db.now(), &proof.id_token, proof.nonce.as_deref()).await {
        Ok(said) => said,
        Err(error) => {
            tracing::warn!(%error, "a link to Google came to nothing");
            external_login::note_refused(&who.db, Action::GoogleLinked, error.refusal()).await?;
            return Err(error.refusal().into());
        }
    };
    // Of two that come at once one is taken, and one that came before links nothing.
    if !external_login::id_tokens::spend(&who.db, &said.digest, said.expires_at).await? {
        external_login::note_refused(&who.db, Action::GoogleLinked, GoogleRefusal::Spent).await?;
        return Err(GoogleRefusal::Spent.into());
    }
    external_login::link(&who.db, who.user.id, &said.testimony).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Unlink Google
///
/// Not where it is the only way into the account (409). It needs a log-in of the last ten minutes (401 `login-too-old`).
#[utoipa::path(
    delete,
    path = "/users/me/google",
    operation_id = "unlink_google",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 204, description = "It opens the account no more."), NotThere, Clash, TokenProblems)
)]
pub async fn unlink(State(state): State<AppState>, Recently(who): Recently<Account>) -> Result<StatusCode, Problem> {
    external_login::unlink(&who.db, who.user.id, issuer(&state)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
