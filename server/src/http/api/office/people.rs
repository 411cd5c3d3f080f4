//! Everybody with an account, as those see them who say what admins may do.

use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Recently, Users};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::account::{Permission, Role, UserDetails, user_admin};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which people are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeopleAsked {
    /// The beginning of their address.
    #[serde(default)]
    #[param(example = "ada@")]
    text: String,
    /// Admins only.
    #[serde(default)]
    #[param(value_type = Option<bool>, example = true)]
    admins: bool,
    /// People in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Somebody with an account.
#[derive(Serialize, ToSchema)]
pub struct Account {
    pub id: Uuid,
    #[schema(example = "ada@example.com", format = Email)]
    pub email: String,
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// `shopper` or `admin`.
    #[schema(value_type = String, example = "admin")]
    pub role: Role,
    /// What they may do as an admin: `catalogue`, `production`, `orders`, `prices`, `users`, `settings`, and whatever a newer
    /// version of the shop adds.
    #[schema(example = json!(["catalogue", "production"]))]
    pub permissions: Vec<&'static str>,
    /// When they registered.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub since: String,
    /// They cannot log in.
    pub disabled: bool,
    /// Logging in asks for a code as well.
    pub second_step: bool,
}

/// What somebody is to be allowed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionsWish {
    /// `catalogue`, `production`, `orders`, `prices`, `users`, `settings`. With nothing they are a shopper.
    #[schema(value_type = Vec<String>, example = json!(["catalogue", "production"]), max_items = 6)]
    permissions: Vec<Permission>,
}

impl From<UserDetails> for Account {
    fn from(details: UserDetails) -> Self {
        let UserDetails { user, since, disabled, two_factor } = details;
        Self {
            id: user.id,
            permissions: user.permissions.names(),
            email: user.email.into(),
            name: user.name,
            role: user.role,
            since: time(since),
            disabled,
            second_step: two_factor,
        }
    }
}

/// People
///
/// In the order of their addresses. For admins with the permission `users`.
#[utoipa::path(
    get,
    path = "/admin/users",
    operation_id = "users",
    tag = "office",
    security(("access_token" = ["users"])),
    params(PeopleAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<Account>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Users>,
    uri: OriginalUri,
    Query(asked): Query<PeopleAsked>,
) -> Result<Response, Problem> {
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.0 };
    Ok(Listed::<Account>::of(user_admin::walk(&db, &asked.text, asked.admins, walk).await?).answer(&uri))
}

/// Somebody
///
/// By the id of their account.
#[utoipa::path(
    get,
    path = "/admin/users/{id}",
    operation_id = "user",
    tag = "office",
    security(("access_token" = ["users"])),
    params(("id" = Uuid, Path, description = "The id of the account.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The account.", body = Account), Unchanged, TokenProblems, NotThere)
)]
pub async fn one(Permitted { db, .. }: Permitted<Users>, Path(id): Path<Uuid>) -> Result<Json<Account>, Problem> {
    Ok(Json(user_admin::get(&db, id).await?.into()))
}

/// Say what somebody may do
///
/// With nothing they are a shopper. They are logged out everywhere. Admins give and take only what they have themselves, and
/// somebody always may say who may do what. Needs a log-in of the last ten minutes.
#[utoipa::path(
    put,
    path = "/admin/users/{id}/permissions",
    operation_id = "set_permissions",
    tag = "office",
    security(("access_token" = ["users"])),
    params(("id" = Uuid, Path, description = "The id of the account.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = PermissionsWish,
    responses(
        (status = 200, description = "The account as it is now.", body = Account),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn set_permissions(
    Recently(Permitted { db, user, .. }): Recently<Users>,
    Path(id): Path<Uuid>,
    Body(wish): Body<PermissionsWish>,
) -> Result<Json<Account>, Problem> {
    user_admin::set_permissions(&db, user.id, id, wish.permissions.into_iter().collect()).await?;
    Ok(Json(user_admin::get(&db, id).await?.into()))
}

/// Turn somebody's second step off
///
/// Of somebody who has lost their phone and their recovery codes, and showed who they are in some other way. They are logged
/// out everywhere and told by mail. Needs a log-in of the last ten minutes.
#[utoipa::path(
    delete,
    path = "/admin/users/{id}/second-step",
    operation_id = "disable_second_step",
    tag = "office",
    security(("access_token" = ["users"])),
    params(("id" = Uuid, Path, description = "The id of the account.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is off."), TokenProblems, NotThere, Clash)
)]
pub async fn disable_second_step(
    Recently(Permitted { db, user, .. }): Recently<Users>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    user_admin::disable_two_factor(&db, user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log somebody out
///
/// Everywhere, browsers and programs, such as when their device was stolen. They may log in again. Needs a log-in of the
/// last ten minutes.
#[utoipa::path(
    delete,
    path = "/admin/users/{id}/sessions",
    operation_id = "log_out_user",
    tag = "office",
    security(("access_token" = ["users"])),
    params(("id" = Uuid, Path, description = "The id of the account.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "They are logged out."), TokenProblems, NotThere)
)]
pub async fn log_out(
    Recently(Permitted { db, .. }): Recently<Users>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    user_admin::log_out(&db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
