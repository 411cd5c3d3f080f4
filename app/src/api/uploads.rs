//! Files on their way in, as the upload page needs them.

use crate::AppError;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::production::UnfinishedUpload;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// What this admin began to upload and did not finish.
#[server(input = GetUrl, endpoint = "uploads/unfinished")]
pub async fn unfinished_uploads() -> Result<Vec<UnfinishedUpload>, AppError> {
    let user = crate::context::require(Permission::Production).await?;
    Ok(domain::production::uploads::unfinished(&crate::context::db()?, user.id).await?)
}

/// A new title for files that were dropped. Unlike [`super::admin::create_draft`] it leaves the browser on its page.
#[server(endpoint = "uploads/begin-title")]
pub async fn begin_title(title: String) -> Result<Uuid, AppError> {
    crate::context::require(Permission::Production).await?;
    let currency = crate::context::settings().await?.currency;
    Ok(domain::catalog::drafts::create(&crate::context::db()?, &title, currency).await?)
}
