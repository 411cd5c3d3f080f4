//! One's own account: what it says, and changing it.

use crate::AppState;
use crate::http::api::bearer::ApiUser;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Permitted};
use crate::http::api::problem::Problem;
use crate::tokens::TokenRole;
use axum::Json;
use axum::extract::State;
use domain::Db;
use domain::account::profile::{self, Change};
use domain::account::{User, reauthentication};
use domain::catalog::titles;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One's own account.
#[derive(Serialize, ToSchema)]
pub struct OwnAccount {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(example = "ada@example.com", format = Email)]
    email: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    role: TokenRole,
    /// What an admin may do, by name: `catalogue`, `production`, `orders`, `people`, `settings`, and whatever a newer
    /// version of the shop adds. Empty for shoppers.
    #[schema(example = json!(["catalogue", "production"]))]
    permissions: Vec<&'static str>,
    /// BCP 47.
    #[schema(example = "en")]
    language: &'static str,
    /// What they pay in, where they said so: ISO 4217.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// They want a mail when something of their wishlist is on sale.
    #[schema(example = true)]
    sale_mails: bool,
    /// A log-in asks for a code as well.
    #[schema(example = false)]
    two_factor: bool,
}

/// What is to change of an account; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    #[serde(default)]
    #[schema(example = "Ada King", min_length = 1, max_length = 120)]
    name: Option<String>,
    /// BCP 47: `en` or `en-US`.
    #[serde(default)]
    #[schema(example = "en-US")]
    language: Option<String>,
    /// One that the shop sells in (ISO 4217); empty for none.
    #[serde(default)]
    #[schema(example = "")]
    currency: Option<String>,
    /// A mail when something of the wishlist is on sale.
    #[serde(default)]
    #[schema(example = false)]
    sale_mails: Option<bool>,
}

async fn shown(db: &Db, user: User) -> Result<OwnAccount, Problem> {
    // As it is now: it may just have been changed.
    let profile = profile::profile(db, user.id, Vec::new()).await?;
    let sale_mails = profile::wants_sale_mails(db, user.id).await?;
    let two_factor = reauthentication::factors(db, user.id).await?.code;
    Ok(OwnAccount {
        id: user.id,
        permissions: user.permissions.names(),
        email: user.email.into(),
        name: profile.name,
        role: user.role.into(),
        language: profile.language.tag(),
        currency: profile.currency.map(|currency| currency.code().to_owned()),
        sale_mails,
        two_factor,
    })
}

/// Who am I?
///
/// The account that the access token belongs to.
#[utoipa::path(
    get,
    path = "/users/me",
    operation_id = "me",
    tag = "account",
    security(("access_token" = [])),
    responses((status = 200, description = "The account.", body = OwnAccount), Unchanged, TokenProblems)
)]
pub async fn me(State(state): State<AppState>, ApiUser { user, .. }: ApiUser) -> Result<Json<OwnAccount>, Problem> {
    Ok(Json(shown(&state.db, user).await?))
}

/// Change your account
///
/// All that is sent, or nothing when some of it is not valid.
#[utoipa::path(
    patch,
    path = "/users/me",
    operation_id = "change_me",
    tag = "account",
    request_body = AccountChange,
    security(("access_token" = ["account"])),
    responses((status = 200, description = "The account, as it is now.", body = OwnAccount), BodyProblems, TokenProblems)
)]
pub async fn change(
    State(state): State<AppState>,
    who: Permitted<Account>,
    Body(wish): Body<AccountChange>,
) -> Result<Json<OwnAccount>, Problem> {
    let sold_in = titles::currencies(&who.db, state.settings.now().await.currency).await?;
    let change = Change {
        name: wish.name.as_deref(),
        language: wish.language.as_deref(),
        currency: wish.currency.as_deref(),
        sale_mails: wish.sale_mails,
    };
    profile::change_all(&who.db, who.user.id, change, sold_in).await?;
    Ok(Json(shown(&who.db, who.user).await?))
}
