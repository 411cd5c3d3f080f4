//! From audio to product page, as admins steer it.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::production::{PartsView, ProductionView, WorkerView};
use domain::transcript::Segment;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a title stands, and whether anybody is there to work on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Production {
    pub view: ProductionView,
    /// Workers that were heard of lately.
    pub workers: usize,
}

/// Where a title stands.
#[server(name = ReadProduction, input = GetUrl, endpoint = "production/view")]
pub async fn production(id: Uuid) -> Result<Production, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let db = crate::context::db()?;
    let workers = domain::production::workers::list(&db).await?.len();
    Ok(Production { view: domain::production::steps::view(&db, id).await?, workers })
}

/// Segments shown on a title's page.
#[cfg(feature = "ssr")]
const SHOWN: u64 = 40;

/// How the transcript of a title begins, whatever its text rights: those are for buyers.
#[server(name = ReadTranscriptPreview, input = GetUrl, endpoint = "production/transcript-preview")]
pub async fn transcript_preview(id: Uuid) -> Result<Vec<Segment>, AppError> {
    let admin = crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    Ok(domain::listening::player::preview(&crate::context::db()?, &admin, id, SHOWN).await?)
}

/// A sample before it is cut, with what is said in it. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamplePreview {
    pub start_ms: i64,
    pub end_ms: i64,
    pub segments: Vec<Segment>,
    /// How long a sample of this title may be.
    pub longest_ms: i64,
    /// Where each part of the book begins, in order.
    pub parts: Vec<i64>,
}

/// What a sample would be from `start` to `end`, in seconds as they were typed; the one that there is where nothing was.
#[server(name = PreviewSample, input = GetUrl, endpoint = "production/sample")]
pub async fn sample_preview(
    id: Uuid,
    #[server(default)] start: String,
    #[server(default)] end: String,
) -> Result<Option<SamplePreview>, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let found = domain::production::samples::preview(&crate::context::db()?, id, &start, &end).await?;
    Ok(found.map(|found| SamplePreview {
        start_ms: found.start_ms,
        end_ms: found.end_ms,
        segments: found.segments,
        longest_ms: found.longest_ms,
        parts: found.parts,
    }))
}

/// Goes on from wherever it stopped.
#[server(endpoint = "production/resume")]
pub async fn resume(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    domain::production::steps::resume(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#production"));
    Ok(())
}

/// Does one step again. Where somebody put text right, hearing it again needs to know what becomes of that: `corrections` is `keep`
/// or `discard`.
#[server(endpoint = "production/redo")]
pub async fn redo(id: Uuid, step: String, #[server(default)] corrections: String) -> Result<(), AppError> {
    use domain::production::{Corrections, Step, steps};
    crate::context::require(Permission::Production).await?;
    let step = Step::from_name(&step).ok_or_else(|| AppError::NotFound("step".to_owned()))?;
    let db = crate::context::db()?;
    match (step, Corrections::from_name(&corrections)) {
        (Step::Transcribe, Some(corrections)) => steps::hear_again(&db, id, corrections).await?,
        (step, _) => steps::redo(&db, id, step).await?,
    }
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#production"));
    Ok(())
}

/// Stops the run. What is done stays done.
#[server(endpoint = "production/cancel")]
pub async fn cancel(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    domain::production::steps::cancel(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#production"));
    Ok(())
}

/// The parts of a title, in order.
#[server(name = ReadParts, input = GetUrl, endpoint = "production/parts")]
pub async fn parts(id: Uuid) -> Result<PartsView, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    Ok(domain::production::parts::shown(&crate::context::db()?, id).await?)
}

/// Puts the parts of a title in another order: their ids, separated by commas.
#[server(endpoint = "production/order-parts")]
pub async fn order_parts(id: Uuid, #[server(default)] order: String, version: i32) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    // What is no id is no part either: the list is refused as one that does not name each part.
    let order: Vec<Uuid> = order.split(',').filter_map(|id| id.trim().parse().ok()).collect();
    domain::production::parts::put_in_order(&crate::context::db()?, id, &order, Some(version)).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#parts"));
    Ok(())
}

/// Moves a part of a title one place up, or down.
#[server(endpoint = "production/move-part")]
pub async fn move_part(id: Uuid, part: Uuid, up: bool, version: i32) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    domain::production::parts::swap(&crate::context::db()?, id, part, up, Some(version)).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#parts"));
    Ok(())
}

/// Takes a part out of a title.
#[server(endpoint = "production/remove-part")]
pub async fn remove_part(id: Uuid, part: Uuid, version: i32) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    domain::production::parts::remove(&crate::context::db()?, id, part, Some(version)).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#parts"));
    Ok(())
}

/// Takes a file away that has arrived and is no part of its title yet.
#[server(endpoint = "production/forget-upload")]
pub async fn forget_upload(id: Uuid, upload: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Production).await?;
    domain::production::uploads::forget(&crate::context::db()?, id, upload).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#files"));
    Ok(())
}

/// The workers that were heard of lately, and the models they have.
#[server(input = GetUrl, endpoint = "production/workers")]
pub async fn workers() -> Result<Vec<WorkerView>, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production, Permission::Settings]).await?;
    Ok(domain::production::workers::list(&crate::context::db()?).await?)
}
