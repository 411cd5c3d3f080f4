//! Accounts and tokens: registering, logging in, staying logged in, logging out.

use super::bearer::{self, ApiUser, Client};
use super::body::Body;
use super::openapi::BodyProblems;
use super::problem::{Details, FieldError, Kind, Problem};
use super::users::Person;
use crate::AppState;
use crate::http::client_info::Acting;
use crate::tokens::TokenRole;
use axum::Json;
use axum::extract::State;
use domain::Db;
use domain::account::login::{self, Attempt};
use domain::account::machines;
use domain::account::tokens::{self, RefreshFamily, Refusal};
use domain::account::users::Account;
use domain::account::{Email, Password, mfa, registration};
use domain::limits::Rule;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    #[schema(example = "Ada Lovelace", min_length = 1, max_length = 120)]
    name: String,
    #[schema(example = "ada@example.com", format = Email, max_length = 254)]
    email: String,
    #[schema(example = "a long walk home", format = Password, min_length = 12, max_length = 128)]
    password: String,
}

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    #[schema(example = "ada@example.com")]
    email: String,
    #[schema(example = "a long walk home", format = Password)]
    password: String,
    /// For an account with a second step: six digits of its app, or a recovery code. Without it the answer is the problem
    /// `code-needed`.
    #[serde(default)]
    #[schema(example = "123456")]
    code: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    #[schema(example = "5d0c…")]
    refresh_token: String,
}

/// An access token, or a refresh token where the route says so.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnyToken {
    #[schema(example = "eyJ…")]
    token: String,
}

/// What a program holds after it logged in or refreshed.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// A JWT: send it as `Authorization: Bearer …`.
    #[schema(example = "eyJ…")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds that the access token is good for.
    #[schema(example = 600)]
    expires_in: i64,
    /// Gives new tokens, once.
    #[schema(example = "5d0c…")]
    refresh_token: String,
    /// Seconds that the refresh token is good for.
    #[schema(example = 2_592_000)]
    refresh_expires_in: i64,
    user: Person,
}

/// What is known of an access token (RFC 7662). One that is not active says nothing else.
#[derive(Default, Serialize, ToSchema)]
pub struct Validation {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Bearer")]
    token_type: Option<&'static str>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://shop.example")]
    iss: Option<String>,
    /// The account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    sub: Option<Uuid>,
    /// Where it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "lectern-api")]
    aud: Option<String>,
    /// When it expires, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_796_000_600)]
    exp: Option<i64>,
    /// When it was made, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_796_000_000)]
    iat: Option<i64>,
    /// The token itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c")]
    jti: Option<Uuid>,
    /// The log-in that it comes of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d")]
    sid: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<TokenRole>,
    /// What the token of a machine opens, with a space between. Missing where a person logged in: that opens all that they may
    /// do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "shopping listening")]
    scope: Option<String>,
}

/// Nothing more to say.
#[derive(Serialize, ToSchema)]
pub struct Done {}

/// Open an account
///
/// Opens an account for a shopper and logs in.
#[utoipa::path(
    post,
    path = "/auth/register",
    tag = "auth",
    request_body = Registration,
    responses(
        (status = 201, description = "The account is open, and the program logged in.", body = Tokens),
        (status = 409, description = "The address has an account.", body = Details,
            content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn register(
    State(state): State<AppState>,
    Acting(actor): Acting,
    client: Client,
    Body(wish): Body<Registration>,
) -> Result<(StatusCode, Json<Tokens>), Problem> {
    let email = wish.email.parse::<Email>().map_err(|error| FieldError::new("email", error));
    let password = Password::parse(wish.password).map_err(|error| FieldError::new("password", error));
    let (email, password) = match (email, password) {
        (Ok(email), Ok(password)) => (email, password),
        (email, password) => return Err(Problem::invalid(email.err().into_iter().chain(password.err()).collect())),
    };
    let db = state.db.acting(actor);
    let account = registration::sign_up(&db, &state.limits, &email, &wish.name, &password).await?;
    Ok((StatusCode::CREATED, Json(enter(&state, &db, &account, &client).await?)))
}

/// Log in
///
/// A wrong password and an unknown address get the same answer after the same time.
#[utoipa::path(
    post,
    path = "/auth/login",
    tag = "auth",
    request_body = Credentials,
    responses(
        (status = 200, description = "The program is logged in.", body = Tokens),
        (status = 401, description = "Address and password do not match, or the account has a second step and its code is \
            missing or wrong.", body = Details,
            content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn login(
    State(state): State<AppState>,
    Acting(actor): Acting,
    client: Client,
    Body(wish): Body<Credentials>,
) -> Result<Json<Tokens>, Problem> {
    let db = state.db.acting(actor);
    let attempt = Attempt { email: &wish.email, password: &wish.password, device: None };
    match login::verify(&db, &state.limits, attempt).await? {
        Some(account) => {
            require_code(&state, &db, &account, wish.code.as_deref()).await?;
            Ok(Json(enter(&state, &db, &account, &client).await?))
        }
        None => Err(Problem::new(Kind::WrongCredentials, "Check both and try again.")),
    }
}

/// Asks for the code of an account that has a second step. Every way of logging in passes here.
///
/// # Errors
/// When the code is missing or wrong, or was tried too often.
pub async fn require_code(state: &AppState, db: &Db, account: &Account, code: Option<&str>) -> Result<(), Problem> {
    if !account.two_factor {
        return Ok(());
    }
    let Some(code) = code else {
        return Err(Problem::new(Kind::CodeNeeded, "Send it as `code`, with address and password once more."));
    };
    match mfa::verify(db, state.vault.as_ref(), &state.limits, account, code, None).await? {
        Some(_) => Ok(()),
        None => Err(Problem::new(Kind::WrongCode, mfa::wrong_code().to_string())),
    }
}

/// Get new tokens
///
/// A refresh token is good once: keep the one that comes back. One that is used a second time was copied, and everything
/// that came of its log-in is revoked. For ten seconds after its use it is only refused (409): another thread of the
/// same program may have sent it too, and holds the new tokens.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "auth",
    request_body = RefreshToken,
    responses(
        (status = 200, description = "New tokens.", body = Tokens),
        (status = 401, description = "The refresh token is not valid, or was used before.",
            body = Details, content_type = "application/problem+json"),
        (status = 409, description = "Another request used it a moment ago.", body = Details,
            content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn refresh(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(wish): Body<RefreshToken>,
) -> Result<Json<Tokens>, Problem> {
    let db = state.db.acting(actor);
    state.limits.take_network(Rule::Refresh, db.actor()).await?;
    match tokens::refresh(&db, &wish.refresh_token, state.tokens.lifetimes()).await? {
        Ok(held) => Ok(Json(hand_out(&state, held).await?)),
        Err(refusal) => {
            let kind = match refusal {
                Refusal::Over => Kind::RefreshRefused,
                Refusal::JustUsed => Kind::RefreshJustUsed,
                Refusal::Reused => Kind::RefreshReused,
            };
            Err(Problem::new(kind, refusal.to_string()))
        }
    }
}

/// Log out
///
/// Takes an access token or a refresh token and ends the log-in that it comes of, with every token (RFC 7009). The token of
/// a machine ends alone: whoever finds one that has leaked can end it so. The
/// answer is the same for a token that is not valid: it opens nothing either way.
#[utoipa::path(
    post,
    path = "/auth/revoke",
    tag = "auth",
    request_body = AnyToken,
    responses((status = 200, description = "The token opens nothing any more.", body = Done), BodyProblems)
)]
pub async fn revoke(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(wish): Body<AnyToken>,
) -> Result<Json<Done>, Problem> {
    let db = state.db.acting(actor);
    if machines::is_one(&wish.token) {
        machines::revoke_by_token(&db, &wish.token).await?;
        return Ok(Json(Done {}));
    }
    match state.tokens.verify(&db, &wish.token).await? {
        Some(claims) => tokens::revoke(&db, claims.sid).await?,
        None => tokens::revoke_by_token(&db, &wish.token).await?,
    }
    Ok(Json(Done {}))
}

/// Look at an access token
///
/// Says whether it opens anything at this moment, and what is in it (RFC 7662).
#[utoipa::path(
    post,
    path = "/auth/validate",
    tag = "auth",
    request_body = AnyToken,
    responses((status = 200, description = "What is known of the token.", body = Validation), BodyProblems)
)]
pub async fn validate(State(state): State<AppState>, Body(wish): Body<AnyToken>) -> Result<Json<Validation>, Problem> {
    let Some(ApiUser { claims, machine, .. }) = bearer::find(&state, &wish.token).await? else {
        return Ok(Json(Validation::default()));
    };
    Ok(Json(Validation {
        active: true,
        token_type: Some("Bearer"),
        iss: Some(claims.iss),
        sub: Some(claims.sub),
        aud: Some(claims.aud),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        jti: Some(claims.jti),
        sid: Some(claims.sid),
        role: Some(claims.role),
        scope: machine.map(|token| token.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")),
    }))
}

/// Tokens for someone whose program just logged in. Every way of logging in ends here.
pub async fn enter(state: &AppState, db: &Db, account: &Account, client: &Client) -> Result<Tokens, Problem> {
    login::succeeded(db, account).await?;
    let held = tokens::open(db, account, &client.0, state.tokens.lifetimes()).await?;
    hand_out(state, held).await
}

/// The tokens that a program holds after it logged in or refreshed.
pub async fn hand_out(state: &AppState, held: RefreshFamily) -> Result<Tokens, Problem> {
    let strict = state.config.accounts.admins_need_two_factor;
    let held = if strict { held.where_admins_need_two_factor() } else { held };
    let access = state.tokens.issue(&state.db, &held).await?;
    Ok(Tokens {
        access_token: access.token,
        token_type: "Bearer",
        expires_in: access.expires_in_s,
        refresh_token: held.refresh_token,
        refresh_expires_in: held.expires_at.since_ms(state.db.now()) / 1000,
        user: held.user.into(),
    })
}
