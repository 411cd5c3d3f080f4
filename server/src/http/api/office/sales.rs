//! Sales, as the people who run the shop keep them.

use super::coupons::PartAsked;
use super::sale_wish::SaleWish;
use super::typed::{CoveredTitles, lines, phase, price, written};
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
use domain::promotions::{SaleForm, SaleRow, Takes, sales};
use domain::{Currency, Db};
use http::StatusCode;
use http::header::LOCATION;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A sale in the list.
#[derive(Serialize, ToSchema)]
pub struct SaleItem {
    pub id: Uuid,
    /// What it is called among admins.
    #[schema(example = "Winter")]
    pub name: String,
    /// Off the list prices, in percent; else there is a `price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 20)]
    pub percent: Option<i32>,
    /// What each title costs meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Amount>,
    pub covers: CoveredTitles,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub starts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T09:30:00Z")]
    pub ends: Option<String>,
    /// `coming`, `running` or `over`.
    #[schema(example = "running")]
    pub phase: &'static str,
}

/// A sale with what it is for.
#[derive(Serialize, ToSchema)]
pub struct Sale {
    pub id: Uuid,
    #[schema(example = "Winter")]
    pub name: String,
    /// Off the list prices, in percent; else there is a `price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 20)]
    pub percent: Option<i32>,
    /// What each title costs meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Amount>,
    /// For all titles.
    pub everything: bool,
    /// Slugs of titles.
    #[schema(example = json!(["the-bell-at-north-rock"]))]
    pub titles: Vec<String>,
    /// Slugs of categories.
    #[schema(example = json!(["adventure"]))]
    pub categories: Vec<String>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub starts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T09:30:00Z")]
    pub ends: Option<String>,
}

impl From<SaleRow> for SaleItem {
    fn from(row: SaleRow) -> Self {
        let (percent, price) = match row.takes {
            Takes::Percent(percent) => (Some(percent), None),
            Takes::Amount(money) | Takes::Price(money) => (None, Some(money.into())),
        };
        Self {
            id: row.id,
            name: row.name,
            percent,
            price,
            covers: row.covers.into(),
            starts: time(row.starts_at),
            ends: row.ends_at.map(time),
            phase: phase(row.phase),
        }
    }
}

async fn sale(db: &Db, id: Uuid, own: Currency) -> Result<Sale, Problem> {
    let form = sales::form(db, id).await?;
    Ok(Sale {
        id,
        name: form.name,
        percent: form.percent.parse().ok(),
        price: price(&form.price, own),
        everything: form.chosen.everything,
        titles: lines(&form.chosen.titles),
        categories: form.chosen.categories,
        starts: written(&form.starts),
        ends: written(&form.ends),
    })
}

/// Sales
///
/// The newest first. For admins with the permission `prices`.
#[utoipa::path(
    get,
    path = "/sales",
    operation_id = "sales",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(PartAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<SaleItem>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Prices>,
    uri: OriginalUri,
    Query(asked): Query<PartAsked>,
) -> Result<Response, Problem> {
    let after = asked.after()?;
    Ok(Listed::<SaleItem>::of(sales::walk(&db, asked.walk(after.as_ref())).await?).answer(&uri))
}

/// A sale
///
/// With the titles and categories that it is for.
#[utoipa::path(
    get,
    path = "/sales/{id}",
    operation_id = "sale",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the sale.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The sale.", body = Sale), Unchanged, TokenProblems, NotThere)
)]
pub async fn one(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Path(id): Path<Uuid>,
) -> Result<Json<Sale>, Problem> {
    sale(&db, id, state.settings.now().await.currency).await.map(Json)
}

/// Make a sale
///
/// It takes a percentage off the list prices, or sets a price, of all titles or of those that are chosen.
#[utoipa::path(
    post,
    path = "/sales",
    operation_id = "make_sale",
    tag = "office",
    security(("access_token" = ["prices"])),
    request_body = SaleWish,
    responses(
        (status = 201, description = "It is made.", body = Sale,
            headers(("Location" = String, description = "The sale."))),
        BodyProblems, TokenProblems, Clash,
    )
)]
pub async fn make(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Body(wish): Body<SaleWish>,
) -> Result<Response, Problem> {
    let own = state.settings.now().await.currency;
    let id = sales::save(&db, None, &wish.over(SaleForm::default(), own)?, own).await?;
    let there = [(LOCATION, format!("/api/v1/sales/{id}"))];
    Ok((StatusCode::CREATED, there, Json(sale(&db, id, own).await?)).into_response())
}

/// Change a sale
///
/// One that is not over.
#[utoipa::path(
    patch,
    path = "/sales/{id}",
    operation_id = "change_sale",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the sale.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = SaleWish,
    responses((status = 200, description = "It is changed.", body = Sale), BodyProblems, TokenProblems, NotThere, Clash)
)]
pub async fn change(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Path(id): Path<Uuid>,
    Body(wish): Body<SaleWish>,
) -> Result<Json<Sale>, Problem> {
    let own = state.settings.now().await.currency;
    let form = wish.over(sales::form(&db, id).await?, own)?;
    sales::save(&db, Some(id), &form, own).await?;
    sale(&db, id, own).await.map(Json)
}

/// End a sale
///
/// At once; one that was to come never runs.
#[utoipa::path(
    delete,
    path = "/sales/{id}",
    operation_id = "end_sale",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the sale.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is over."), TokenProblems, NotThere)
)]
pub async fn end(Permitted { db, .. }: Permitted<Prices>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    sales::end(&db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
