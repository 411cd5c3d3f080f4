//! How far the shop is set up, and trials of what it needs.

use crate::AppState;
use crate::http::api::openapi::{NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::State;
use domain::Db;
use domain::settings::{Opening, Trial, opening, trials};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far the shop is set up.
#[derive(Serialize, ToSchema)]
pub struct ShopOpening {
    /// Somebody has said what it is called.
    #[schema(example = true)]
    named: bool,
    /// Somebody has said who sells, and where they are.
    #[schema(example = true)]
    seller: bool,
    #[schema(example = 14)]
    categories: u64,
    /// Whatever their status.
    #[schema(example = 3)]
    titles: u64,
    /// A title is for sale, or was.
    #[schema(example = false)]
    open: bool,
    /// The last trial of mails; missing before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mail: Option<ShopTrial>,
    /// The last trial of the models that the workers use; missing before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    models: Option<ShopTrial>,
}

/// How a trial went.
#[derive(Serialize, ToSchema)]
pub struct ShopTrial {
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    asked_at: String,
    /// Missing while it is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:12Z")]
    done_at: Option<String>,
    /// What was found out, in order.
    findings: Vec<TrialFinding>,
}

/// One thing that a trial found out.
#[derive(Serialize, ToSchema)]
pub struct TrialFinding {
    #[schema(example = true)]
    good: bool,
    /// In sentences, for people.
    #[schema(example = "A mail has left.")]
    words: String,
}

/// What can be tried.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tried {
    Mail,
    Models,
}

impl From<Trial> for ShopTrial {
    fn from(trial: Trial) -> Self {
        let finding = |one: domain::settings::Finding| TrialFinding { good: one.good, words: one.words };
        Self {
            asked_at: time(trial.asked_at),
            done_at: trial.done_at.map(time),
            findings: trial.findings.into_iter().map(finding).collect(),
        }
    }
}

async fn shown(db: &Db) -> Result<Json<ShopOpening>, Problem> {
    let Opening { named, seller, categories, mail, models, titles, open } = opening::opening(db).await?;
    let (mail, models) = (mail.map(Into::into), models.map(Into::into));
    Ok(Json(ShopOpening { named, seller, categories, titles, open, mail, models }))
}

/// How far the shop is set up
///
/// What is said, what is there, and how the trials of mails and models went. For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/opening",
    operation_id = "opening",
    tag = "office",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "How far it is.", body = ShopOpening), Unchanged, TokenProblems)
)]
pub async fn read(Permitted { db, .. }: Permitted<Settings>) -> Result<Json<ShopOpening>, Problem> {
    shown(&db).await
}

/// Try mails, or the models
///
/// `mail` sends one to whoever asks, as often as they may have mails (429); `models` lets a worker load each model that is used
/// and do a little. `admin/opening` says how it went.
#[utoipa::path(
    post,
    path = "/admin/trials/{of}",
    operation_id = "begin_trial",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("of" = String, Path, description = "What is tried: `mail` or `models`.", example = "mail")),
    responses((status = 202, description = "It is under way.", body = ShopOpening), NotThere, TokenProblems)
)]
pub async fn begin(
    State(state): State<AppState>,
    Permitted { db, user, .. }: Permitted<Settings>,
    Path(of): Path<Tried>,
) -> Result<(StatusCode, Json<ShopOpening>), Problem> {
    match of {
        Tried::Mail => trials::ask_for_mail(&db, &state.limits, user.id).await?,
        Tried::Models => trials::ask_for_models(&db).await?,
    }
    Ok((StatusCode::ACCEPTED, shown(&db).await?))
}
