//! Making titles, changing them, and where they stand: for admins who look after them.

use super::change::TitleChange;
use super::kept::{self, KeptTitle};
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::conditional::IfMatch;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, Outdated, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use domain::Db;
use domain::catalog::{Status, drafts, edit, publish, titles};
use domain::production::{deletion, samples};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The id of a title.
///
/// # Errors
/// 404 when there is none with that slug.
pub async fn id_of(db: &Db, which: Which) -> Result<Uuid, Problem> {
    Ok(match which {
        Which::Id(id) => id,
        Which::Slug(slug) => titles::id_of(db, slug.as_str()).await?,
    })
}

/// A new title.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTitle {
    #[schema(min_length = 1, max_length = 300, example = "The Bell at North Rock")]
    title: String,
}

/// Begin a title
///
/// A draft with nothing but a name, priced in the shop's currency.
#[utoipa::path(
    post,
    path = "/audiobooks",
    operation_id = "create_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    request_body = NewTitle,
    responses(
        (status = 201, description = "The draft. `Location` says where it is.", body = KeptTitle),
        TokenProblems,
        BodyProblems
    )
)]
pub async fn create(
    State(state): State<AppState>,
    with: Permitted<Catalogue>,
    Body(new): Body<NewTitle>,
) -> Result<Response, Problem> {
    let currency = state.settings.now().await.currency;
    let id = drafts::create(&with.db, &new.title, currency).await?;
    kept::created(&with.db, id).await
}

/// A title to look after
///
/// Whatever its status, with all that may be changed. The tag begins with the version: give it as `If-Match` with a change.
#[utoipa::path(
    get,
    path = "/admin/audiobooks/{which}",
    operation_id = "read_kept_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "The title.", body = KeptTitle), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(with: Permitted<Titles>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    kept::answer(&with.db, id).await
}

/// Change a title
///
/// The members that are sent; all others stay as they are. With `If-Match`, only while nobody else has changed it. While a
/// title was never published, its slug follows its name; one that is for sale has to stay complete.
#[utoipa::path(
    patch,
    path = "/audiobooks/{which}",
    operation_id = "change_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(
        ("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock"),
        ("if-match" = Option<String>, Header, description = "The tag of what is changed.", example = "\"v3\"")
    ),
    request_body = TitleChange,
    responses(
        (status = 200, description = "The title as it is now.", body = KeptTitle),
        TokenProblems,
        NotThere,
        Clash,
        Outdated,
        BodyProblems
    )
)]
pub async fn change(
    with: Permitted<Catalogue>,
    known: IfMatch,
    Path(which): Path<Which>,
    Body(change): Body<TitleChange>,
) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    let currency = titles::title_header(&with.db, id).await?.currency;
    let mut form = edit::form(&with.db, id).await?;
    let known = known.allow(form.version)?;
    change.into_form(&mut form, currency)?;
    samples::save_title(&with.db, id, &form).await.map_err(|error| known.refused(error))?;
    kept::answer(&with.db, id).await
}

/// Delete or archive a title
///
/// A draft that nobody bought is deleted, with its recording and all that was made of it. A title that is for sale is
/// archived: it is no longer sold, and those who bought it keep it.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}",
    operation_id = "remove_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(
        ("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock"),
        ("if-match" = Option<String>, Header, description = "The tag of what is removed.", example = "\"v3\"")
    ),
    responses(
        (status = 204, description = "It is deleted, or archived."),
        NotThere,
        Clash,
        Outdated,
        TokenProblems
    )
)]
pub async fn remove(
    with: Permitted<Catalogue>,
    known: IfMatch,
    Path(which): Path<Which>,
) -> Result<StatusCode, Problem> {
    let id = id_of(&with.db, which).await?;
    let header = titles::title_header(&with.db, id).await?;
    let known = known.allow(header.version)?;
    let removed = match header.status {
        Status::Draft => deletion::delete_draft_at(&with.db, id, known.version()).await,
        Status::Published | Status::Archived => publish::archive_at(&with.db, id, known.version()).await,
    };
    removed.map_err(|error| known.refused(error))?;
    Ok(StatusCode::NO_CONTENT)
}
