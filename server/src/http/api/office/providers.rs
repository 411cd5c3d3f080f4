//! Who hears and who writes, as the people who run the shop keep them.

mod view;
mod wish;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::providers::reach;
use axum::Json;
use axum::extract::State;
use domain::production::steps;
use domain::providers::{keep, read};
use http::StatusCode;
use uuid::Uuid;
use view::{AProvider, Providers};
use wish::{NewProvider, ProviderMove, ProviderWish, at_its_member};

/// Who hears and who writes
///
/// In the order in which they are asked, those who hear first, with how they fare and what they cost this month. No key is
/// ever answered. For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/providers",
    operation_id = "providers",
    tag = "production",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "All of them.", body = Providers), Unchanged, TokenProblems)
)]
pub async fn list(Permitted { db, .. }: Permitted<Settings>) -> Result<Json<Providers>, Problem> {
    let items = read::list(&db).await?.into_iter().map(AProvider::from).collect();
    Ok(Json(Providers { items }))
}

/// Add a machine that hears or writes
///
/// One that speaks as the API of OpenAI does. It is off at first: nothing is sent to it before it is switched on. From then on
/// the sound of titles, or their words, go there, and the privacy page says so unless it stands in the shop's own network.
#[utoipa::path(
    post,
    path = "/admin/providers",
    operation_id = "add_provider",
    tag = "production",
    security(("access_token" = ["settings"])),
    request_body = NewProvider,
    responses((status = 201, description = "It is there, and off.", body = AProvider), Clash, TokenProblems, BodyProblems)
)]
pub async fn add(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Settings>,
    Body(wish): Body<NewProvider>,
) -> Result<(StatusCode, Json<AProvider>), Problem> {
    let added = keep::add(&db, state.vault.as_ref(), reach(&state.config), &wish.into()).await;
    let added = added.map_err(at_its_member)?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// One who hears or writes
#[utoipa::path(
    get,
    path = "/admin/providers/{id}",
    operation_id = "provider",
    description = "How it stands, how it fares and what it cost this month.",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The provider.", example = "01900000-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The provider.", body = AProvider), Unchanged, NotThere, TokenProblems)
)]
pub async fn get(Permitted { db, .. }: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<Json<AProvider>, Problem> {
    Ok(Json(read::get(&db, id).await?.into()))
}

/// Change one who hears or writes
///
/// It counts from the next piece of work on, without a restart; work that waits for somebody looks again. A key stays while
/// the address leads to the same machine, and goes when it leads to another. Those that every shop has can be switched, and
/// nothing else. What is switched on is asked at once, however often it failed before.
#[utoipa::path(
    patch,
    path = "/admin/providers/{id}",
    operation_id = "change_provider",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The provider.", example = "01900000-0000-7000-8000-000000000001")),
    request_body = ProviderWish,
    responses(
        (status = 200, description = "As it is now.", body = AProvider),
        Clash,
        NotThere,
        TokenProblems,
        BodyProblems
    )
)]
pub async fn change(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Settings>,
    Path(id): Path<Uuid>,
    Body(wish): Body<ProviderWish>,
) -> Result<Json<AProvider>, Problem> {
    if wish.changes() {
        let (vault, reach) = (state.vault.as_ref(), reach(&state.config));
        let changed = keep::change(&db, vault, reach, id, |form| wish.write(form), |_| true).await;
        changed.map_err(at_its_member)?;
    }
    if let Some(on) = wish.on {
        keep::switch(&db, id, on).await?;
    }
    steps::wake_blocked(&db).await?;
    Ok(Json(read::get(&db, id).await?.into()))
}

/// Move one who hears or writes
///
/// Up or down among those of its purpose: the first that is on is asked first. At the end of the list nothing happens.
#[utoipa::path(
    post,
    path = "/admin/providers/{id}/move",
    operation_id = "move_provider",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The provider.", example = "01900000-0000-7000-8000-000000000001")),
    request_body = ProviderMove,
    responses((status = 204, description = "It is where it was wanted."), NotThere, TokenProblems, BodyProblems)
)]
pub async fn shift(
    Permitted { db, .. }: Permitted<Settings>,
    Path(id): Path<Uuid>,
    Body(wish): Body<ProviderMove>,
) -> Result<StatusCode, Problem> {
    keep::shift(&db, id, wish.up).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a machine that hears or writes
///
/// Its key goes with it, and what it cost. Those that every shop has cannot be removed.
#[utoipa::path(
    delete,
    path = "/admin/providers/{id}",
    operation_id = "remove_provider",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The provider.", example = "01900000-0000-7000-8000-000000000001")),
    responses((status = 204, description = "It is gone."), Clash, NotThere, TokenProblems)
)]
pub async fn remove(Permitted { db, .. }: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    keep::remove(&db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
