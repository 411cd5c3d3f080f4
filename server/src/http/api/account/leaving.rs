//! Deleting one's account, and what goes with it.

use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Recently};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::privacy::{DeletionPreview, deletion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// That somebody means it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaving {
    /// The address of the account, so that nobody deletes one by mistake.
    #[schema(example = "ada@example.com", format = Email)]
    address: String,
}

/// What goes when an account is deleted, and what stays.
#[derive(Serialize, ToSchema)]
pub struct AccountDeletion {
    /// To be sent with the deletion.
    #[schema(example = "ada@example.com", format = Email)]
    address: String,
    /// In the library. They go.
    #[schema(example = 12)]
    books: u64,
    /// Reviews and ratings. They go.
    #[schema(example = 3)]
    reviews: u64,
    /// They stay, without the person.
    #[schema(example = 9)]
    orders: u64,
}

impl From<DeletionPreview> for AccountDeletion {
    fn from(preview: DeletionPreview) -> Self {
        let DeletionPreview { email, books, reviews, orders } = preview;
        Self { address: email.into(), books, reviews, orders }
    }
}

/// See what goes with your account
///
/// When it is deleted. It needs a log-in of the last ten minutes (401 `login-too-old`), as the deletion does.
#[utoipa::path(
    get,
    path = "/users/me/deletion",
    operation_id = "preview_deletion",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "What goes and what stays.", body = AccountDeletion), Unchanged, TokenProblems)
)]
pub async fn preview(Recently(who): Recently<Account>) -> Result<Json<AccountDeletion>, Problem> {
    Ok(Json(deletion::preview(&who.db, who.user.id).await?.into()))
}

/// Delete your account
///
/// Needs a log-in of the last ten minutes. The library, wishes, reviews, positions and bookmarks go; orders stay without the
/// person, as the law asks.
#[utoipa::path(
    delete,
    path = "/users/me",
    operation_id = "delete_me",
    tag = "account",
    request_body = Leaving,
    security(("access_token" = ["account"])),
    responses((status = 204, description = "The account is gone, with all of its log-ins."), Clash, BodyProblems, TokenProblems)
)]
pub async fn leave(Recently(who): Recently<Account>, Body(wish): Body<Leaving>) -> Result<StatusCode, Problem> {
    deletion::delete(&who.db, who.user.id, &wish.address).await?;
    Ok(StatusCode::NO_CONTENT)
}
