//! Bundles, as the people who run the shop keep them.

use super::coupons::PartAsked;
use super::typed::{amount, given, lines, moment, phase, price, written};
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::listed::Listed;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Prices};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::promotions::{BundleForm, BundleRow, bundles};
use domain::{Currency, Db};
use http::StatusCode;
use http::header::LOCATION;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A bundle in the list.
#[derive(Serialize, ToSchema)]
pub struct OfficeBundleItem {
    pub id: Uuid,
    /// As shoppers read it.
    #[schema(example = "Two bells")]
    pub name: String,
    /// What all its titles cost together.
    pub price: Amount,
    /// What its titles are called.
    #[schema(example = json!(["The Bell at North Rock", "The Second Bell"]))]
    pub titles: Vec<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub starts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T09:30:00Z")]
    pub ends: Option<String>,
    /// `coming`, `running` or `over`.
    #[schema(example = "running")]
    pub phase: &'static str,
}

/// A bundle with its titles.
#[derive(Serialize, ToSchema)]
pub struct OfficeBundle {
    pub id: Uuid,
    #[schema(example = "Two bells")]
    pub name: String,
    /// What all its titles cost together.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Amount>,
    /// Slugs of titles.
    #[schema(example = json!(["the-bell-at-north-rock", "the-second-bell"]))]
    pub titles: Vec<String>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub starts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T09:30:00Z")]
    pub ends: Option<String>,
}

/// A bundle to be made, or what is to be changed of one: what is not sent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BundleWish {
    /// As shoppers read it.
    #[schema(example = "Two bells", min_length = 1, max_length = 100)]
    name: Option<String>,
    /// What all its titles cost together, in the currency of the shop.
    price: Option<Amount>,
    /// Slugs of titles.
    #[schema(example = json!(["the-bell-at-north-rock", "the-second-bell"]), max_items = 500)]
    titles: Option<Vec<String>>,
    /// From when, to the minute. `null` for at once.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, example = json!(null))]
    starts: Option<Option<String>>,
    /// Until when, to the minute. `null` for until somebody ends it.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, example = json!(null))]
    ends: Option<Option<String>>,
}

impl BundleWish {
    /// The form with what is wished for.
    fn over(self, mut form: BundleForm, own: Currency) -> Result<BundleForm, Problem> {
        if self.price.is_some() {
            form.price = amount("price", self.price.as_ref(), own)?;
        }
        form.name = self.name.unwrap_or(form.name);
        form.titles = self.titles.map_or(form.titles, |titles| titles.join("\n"));
        if let Some(starts) = self.starts {
            form.starts = moment("starts", starts.as_deref())?;
        }
        if let Some(ends) = self.ends {
            form.ends = moment("ends", ends.as_deref())?;
        }
        Ok(form)
    }
}

impl From<BundleRow> for OfficeBundleItem {
    fn from(row: BundleRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            price: row.price.into(),
            titles: row.titles,
            starts: time(row.starts_at),
            ends: row.ends_at.map(time),
            phase: phase(row.phase),
        }
    }
}

async fn bundle(db: &Db, id: Uuid, own: Currency) -> Result<OfficeBundle, Problem> {
    let form = bundles::form(db, id).await?;
    Ok(OfficeBundle {
        id,
        name: form.name,
        price: price(&form.price, own),
        titles: lines(&form.titles),
        starts: written(&form.starts),
        ends: written(&form.ends),
    })
}

/// Bundles
///
/// The newest first. For admins with the permission `prices`.
#[utoipa::path(
    get,
    path = "/bundles",
    operation_id = "office_bundles",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(PartAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<OfficeBundleItem>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Prices>,
    uri: OriginalUri,
    Query(asked): Query<PartAsked>,
) -> Result<Response, Problem> {
    let after = asked.after()?;
    Ok(Listed::<OfficeBundleItem>::of(bundles::walk(&db, asked.walk(after.as_ref())).await?).answer(&uri))
}

/// A bundle
///
/// With its titles by their slugs.
#[utoipa::path(
    get,
    path = "/bundles/{id}",
    operation_id = "office_bundle",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the bundle.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The bundle.", body = OfficeBundle), Unchanged, TokenProblems, NotThere)
)]
pub async fn one(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Path(id): Path<Uuid>,
) -> Result<Json<OfficeBundle>, Problem> {
    bundle(&db, id, state.settings.now().await.currency).await.map(Json)
}

/// Make a bundle
///
/// Titles that cost less together than one by one.
#[utoipa::path(
    post,
    path = "/bundles",
    operation_id = "make_bundle",
    tag = "office",
    security(("access_token" = ["prices"])),
    request_body = BundleWish,
    responses(
        (status = 201, description = "It is made.", body = OfficeBundle,
            headers(("Location" = String, description = "The bundle."))),
        BodyProblems, TokenProblems, Clash,
    )
)]
pub async fn make(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Body(wish): Body<BundleWish>,
) -> Result<Response, Problem> {
    let own = state.settings.now().await.currency;
    let id = bundles::save(&db, None, &wish.over(BundleForm::default(), own)?, own).await?;
    let there = [(LOCATION, format!("/api/v1/bundles/{id}"))];
    Ok((StatusCode::CREATED, there, Json(bundle(&db, id, own).await?)).into_response())
}

/// Change a bundle
///
/// One that is not over.
#[utoipa::path(
    patch,
    path = "/bundles/{id}",
    operation_id = "change_bundle",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the bundle.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = BundleWish,
    responses(
        (status = 200, description = "It is changed.", body = OfficeBundle),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn change(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Path(id): Path<Uuid>,
    Body(wish): Body<BundleWish>,
) -> Result<Json<OfficeBundle>, Problem> {
    let own = state.settings.now().await.currency;
    let form = wish.over(bundles::form(&db, id).await?, own)?;
    bundles::save(&db, Some(id), &form, own).await?;
    bundle(&db, id, own).await.map(Json)
}

/// End a bundle
///
/// At once; one that was to come never begins.
#[utoipa::path(
    delete,
    path = "/bundles/{id}",
    operation_id = "end_bundle",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the bundle.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is over."), TokenProblems, NotThere)
)]
pub async fn end(Permitted { db, .. }: Permitted<Prices>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    bundles::end(&db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
