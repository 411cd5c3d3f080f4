//! Tokens that people make for their machines.

use crate::AppError;
use domain::Day;
use domain::account::Scope;
use domain::account::machines::MachineToken;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Under what the session and the vault keep a new token until its owner has seen it.
#[cfg(feature = "ssr")]
const MADE: &str = "machine-token";

/// The tokens of whoever is logged in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineTokens {
    pub tokens: Vec<MachineToken>,
    /// What a new one may open.
    pub scopes: Vec<Scope>,
    /// In UTC, as the end of a token is.
    pub today: Day,
    /// The token that was just made: this page shows it, and none after it.
    pub made: Option<String>,
}

impl std::fmt::Debug for MachineTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MachineTokens").field("tokens", &self.tokens).finish_non_exhaustive()
    }
}

#[server(name = ReadMachineTokens, input = GetUrl, endpoint = "account/tokens")]
pub async fn machine_tokens() -> Result<MachineTokens, AppError> {
    use crate::context;
    use domain::account::machines;
    let user = context::require_recent_login().await?;
    // It may hold a token.
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.insert_header(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    let (db, vault) = (context::db()?, context::shop()?.vault);
    let sealed = identity::take_shown_once(&context::session().await?.session, MADE).await?;
    let made = sealed.map(|sealed| vault.open(&sealed_as(user.id), &sealed)).transpose()?;
    Ok(MachineTokens {
        tokens: machines::kept::list(&db, user.id).await?,
        scopes: machines::scopes_of(&user),
        today: Day::of(db.now()),
        made: made.and_then(|token| String::from_utf8(token).ok()),
    })
}

/// Makes a token. The next page shows it.
#[server(endpoint = "account/make-token")]
pub async fn make_machine_token(
    name: String,
    #[server(default)] scopes: Vec<Scope>,
    last_day: String,
) -> Result<(), AppError> {
    use crate::context;
    use domain::account::machines::{self, MachineTokenWish};
    let user = context::require_recent_login().await?;
    context::take_within(&user).await?;
    let (db, vault) = (context::db()?, context::shop()?.vault);
    let last_day = Day::parse(&last_day).ok_or_else(|| domain::Error::invalid("last_day", "machine-token.end"))?;
    let (_, token) = machines::kept::make(&db, &user, &MachineTokenWish { name, scopes, last_day }).await?;
    let sealed = vault.seal(&sealed_as(user.id), token.as_bytes())?;
    identity::show_once(&context::session().await?.session, MADE, &sealed).await?;
    context::go_on_without_script("/account/tokens");
    Ok(())
}

/// Takes a token back. That needs no log-in of the last ten minutes: whoever finds that a token is in other hands ends it at
/// once.
#[server(endpoint = "account/revoke-token")]
pub async fn revoke_machine_token(id: Uuid) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::account::machines::kept::revoke(&crate::context::db()?, user.id, id).await?;
    crate::context::go_on_without_script("/account/tokens");
    Ok(())
}

#[cfg(feature = "ssr")]
fn sealed_as(user_id: Uuid) -> String {
    format!("{MADE}:{user_id}")
}
