//! Changing many titles at once.

use super::bulk_run::BulkRun;
use super::change::minute;
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::office::typed::amount;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::{FieldError, Problem};
use crate::http::api::values::Amount;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Currency;
use domain::catalog::bulk::BulkForm;
use domain::insight::bulk::{Selection, start, view};
use domain::insight::{Lack, TitleFilter, TitleTab};
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A change to many titles: either those with the ids, or all that fit now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkWish {
    /// Sent again with the same one, it is the same change. Made up by the shop unless it is said.
    #[serde(default)]
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d")]
    key: Option<Uuid>,
    action: BulkAction,
    #[serde(default)]
    #[schema(example = json!(["0192f0c1-2b3c-7d4e-8f50-617283940a1b"]))]
    ids: Option<Vec<Uuid>>,
    #[serde(default)]
    fitting: Option<BulkFilter>,
    /// For `price` and `sale`, in the shop's currency: as much of the currency of each title.
    #[serde(default)]
    amount: Option<Amount>,
    /// For `percent`, by how many hundredths a price moves; for `sale-percent`, how many are taken off.
    #[serde(default)]
    #[schema(minimum = -95, maximum = 1000, example = 10)]
    percent: Option<i32>,
    /// When a sale begins, to the minute; at once unless it is said.
    #[serde(default)]
    #[schema(format = DateTime, example = "2099-11-20T09:30:00Z")]
    starts_at: Option<String>,
    /// When a sale ends, to the minute; never unless it is said.
    #[serde(default)]
    #[schema(format = DateTime, example = "2099-12-01T00:00:00Z")]
    ends_at: Option<String>,
    /// For `add-category` and `remove-category`.
    #[serde(default)]
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c")]
    category: Option<Uuid>,
}

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(example = "percent")]
pub enum BulkAction {
    Publish,
    Unpublish,
    Archive,
    Price,
    Percent,
    Sale,
    SalePercent,
    EndSale,
    AddCategory,
    RemoveCategory,
}

impl BulkAction {
    /// As the form calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
            Self::Archive => "archive",
            Self::Price => "price",
            Self::Percent => "percent",
            Self::Sale => "sale",
            Self::SalePercent => "sale-percent",
            Self::EndSale => "end-sale",
            Self::AddCategory => "add-category",
            Self::RemoveCategory => "remove-category",
        }
    }
}

/// Which titles, as the list of all titles is narrowed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkFilter {
    /// Words of title, author, narrator or series; empty for all.
    #[serde(default)]
    #[schema(example = "bell")]
    text: String,
    status: Option<super::inventory::Standing>,
    /// A category's slug; empty for all.
    #[serde(default)]
    #[schema(example = "adventure")]
    category: String,
    lacks: Option<super::inventory::Lacking>,
    /// Only what is sold for less at the moment.
    #[serde(default)]
    #[schema(example = false)]
    reduced: bool,
    /// A language tag; empty for all.
    #[serde(default)]
    #[schema(example = "en")]
    language: String,
}

impl From<BulkFilter> for TitleFilter {
    fn from(filter: BulkFilter) -> Self {
        Self {
            text: filter.text,
            tab: filter.status.map(TitleTab::from).unwrap_or_default(),
            category: filter.category,
            lacks: filter.lacks.map(Lack::from),
            reduced: filter.reduced,
            language: filter.language,
        }
    }
}

impl BulkWish {
    fn form(&self, currency: Currency) -> Result<BulkForm, Problem> {
        let amount = amount("amount", self.amount.as_ref(), currency)?;
        let percent = self.percent.map(|percent| percent.to_string()).unwrap_or_default();
        Ok(BulkForm {
            action: self.action.name().to_owned(),
            sale_amount: amount.clone(),
            amount,
            sale_percent: percent.clone(),
            percent,
            sale_starts: minute("starts_at", self.starts_at.as_deref())?,
            sale_ends: minute("ends_at", self.ends_at.as_deref())?,
            category: self.category.map(|id| id.to_string()).unwrap_or_default(),
        })
    }

    fn selection(self) -> Result<Selection, Problem> {
        match (self.ids, self.fitting) {
            (Some(ids), None) => Ok(Selection::These(ids)),
            (None, Some(filter)) => Ok(Selection::Fitting(filter.into())),
            _ => Err(Problem::invalid(vec![FieldError {
                field: "ids".to_owned(),
                code: "bulk.no-selection".to_owned(),
                message: "Say which titles: either `ids` or `fitting`.".to_owned(),
            }])),
        }
    }
}

/// Change many titles
///
/// Up to 50 are changed before the answer comes, more by a job: look at the change for how far it is.
#[utoipa::path(
    post,
    path = "/admin/audiobooks/bulk",
    operation_id = "change_audiobooks",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    request_body = BulkWish,
    responses(
        (status = 202, description = "The change. `Location` says where to look at it.", body = BulkRun),
        TokenProblems,
        BodyProblems
    )
)]
pub async fn change(
    State(state): State<AppState>,
    with: Permitted<Catalogue>,
    Body(wish): Body<BulkWish>,
) -> Result<Response, Problem> {
    let form = wish.form(state.settings.now().await.currency)?;
    let change = form.read(&with.db, state.settings.now().await.currency).await?;
    let key = wish.key.unwrap_or_else(Uuid::now_v7);
    start(&with.db, key, &change, &wish.selection()?).await?;
    let run = BulkRun::from(view(&with.db, key).await?);
    Ok((StatusCode::ACCEPTED, [(LOCATION, format!("/api/v1/admin/audiobooks/bulk/{key}"))], Json(run)).into_response())
}

/// A change to many titles
///
/// How far it is, and which titles were left as they are. It can be looked at for 90 days.
#[utoipa::path(
    get,
    path = "/admin/audiobooks/bulk/{id}",
    operation_id = "read_bulk_change",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The change.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1d")),
    responses((status = 200, description = "How far it is.", body = BulkRun), Unchanged, NotThere, TokenProblems)
)]
pub async fn read(with: Permitted<Catalogue>, Path(id): Path<Uuid>) -> Result<Json<BulkRun>, Problem> {
    Ok(Json(view(&with.db, id).await?.into()))
}
