//! Logging in with what Google says of a person: for programs that have asked Google themselves.

use super::auth::{Tokens, enter, require_code};
use super::bearer::Client;
use super::body::Body;
use super::openapi::BodyProblems;
use super::problem::{Details, Kind, Problem};
use crate::AppState;
use crate::google::GoogleError;
use crate::http::client_info::Acting;
use axum::Json;
use axum::extract::State;
use domain::account::{GoogleRefusal, external_login};
use domain::audit::Action;
use domain::limits::Rule;
use serde::Deserialize;
use utoipa::ToSchema;

/// What Google says of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoogleWord {
    /// An ID token, for the client id of the shop or of one of its programs.
    #[schema(example = "eyJ…")]
    id_token: String,
    /// What the program sent to Google as `nonce`, if it did.
    #[serde(default)]
    #[schema(example = "n-0S6_WzA2Mj")]
    nonce: Option<String>,
    /// For an account with a second step: six digits of its app, or a recovery code. Without it the answer is the problem
    /// `code-needed`, and the ID token may be sent again with it.
    #[serde(default)]
    #[schema(example = "123456")]
    code: Option<String>,
    /// What the program calls itself; without it, as in the header `User-Agent`.
    #[serde(default)]
    #[schema(example = "Listener for Android", max_length = 200)]
    client: Option<String>,
}

impl From<GoogleRefusal> for Problem {
    fn from(refusal: GoogleRefusal) -> Self {
        let kind = match refusal {
            GoogleRefusal::Away => Kind::GoogleAway,
            GoogleRefusal::TooMany => Kind::TooMany,
            GoogleRefusal::LogInFirst | GoogleRefusal::OtherLink | GoogleRefusal::Taken => Kind::Conflict,
            _ => Kind::GoogleRefused,
        };
        Self::new(kind, refusal.to_string())
    }
}

/// Log in with Google
///
/// Takes an ID token that Google gave to the program, once. Who has no account gets one. An account with the same address
/// is opened only if both Google and the shop have made sure of the address, or if its owner has linked it.
#[utoipa::path(
    post,
    path = "/auth/google-login",
    operation_id = "google_login",
    tag = "auth",
    request_body = GoogleWord,
    responses(
        (status = 200, description = "The program is logged in.", body = Tokens),
        (status = 401, description = "The ID token is not believed, or was used before; or the account has a second step \
            and its code is missing or wrong.", body = Details, content_type = "application/problem+json"),
        (status = 404, description = "People do not log in with Google here.", body = Details,
            content_type = "application/problem+json"),
        (status = 409, description = "The address has an account that is not linked to this Google account.",
            body = Details, content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn log_in(
    State(state): State<AppState>,
    Acting(actor): Acting,
    client: Client,
    Body(wish): Body<GoogleWord>,
) -> Result<Json<Tokens>, Problem> {
    let Some(google) = &state.google else {
        return Err(Problem::new(Kind::NotFound, "People do not log in with Google here."));
    };
    let db = state.db.acting(actor);
    state.limits.take_network(Rule::Google, db.actor()).await?;
    let said = match google.check(db.now(), &wish.id_token, wish.nonce.as_deref()).await {
        Ok(said) => said,
        Err(error) => return Err(refused(&db, &error).await?),
    };
    // One that comes again links and opens nothing.
    if external_login::id_tokens::is_spent(&db, &said.digest).await? {
        return Err(spent(&db).await?);
    }
    let account = external_login::log_in(&db, &said.testimony).await??;
    require_code(&state, &db, &account, wish.code.as_deref()).await?;
    // At the end, so that it may come again with the code that was missing. Of two that come at once one gets in.
    if !external_login::id_tokens::spend(&db, &said.digest, said.expires_at).await? {
        return Err(spent(&db).await?);
    }
    let client = wish.client.map_or(client, Client);
    Ok(Json(enter(&state, &db, &account, &client).await?))
}

async fn spent(db: &domain::Db) -> Result<Problem, Problem> {
    external_login::note_refused(db, Action::LoginFailed, GoogleRefusal::Spent).await?;
    Ok(GoogleRefusal::Spent.into())
}

async fn refused(db: &domain::Db, error: &GoogleError) -> Result<Problem, Problem> {
    tracing::warn!(%error, "a program's log-in with Google came to nothing");
    external_login::note_refused(db, Action::LoginFailed, error.refusal()).await?;
    Ok(error.refusal().into())
}
