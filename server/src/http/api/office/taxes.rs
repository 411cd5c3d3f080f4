//! Taxes, as the people who run the shop keep them.

use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Prices};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::pricing::tax::{self, CountryTax, TaxForm, TaxRate, keep};
use domain::{Country, Db, Error};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The taxes of the shop.
#[derive(Serialize, ToSchema)]
pub struct Taxes {
    /// Tax comes on top of the prices; else it is in them.
    pub added: bool,
    /// In the order of the names of the countries. Whoever lives elsewhere pays none.
    pub items: Vec<OfficeTax>,
}

/// The tax that the people of a country pay.
#[derive(Serialize, ToSchema)]
pub struct OfficeTax {
    /// ISO 3166-1.
    #[schema(example = "DE")]
    pub country: &'static str,
    #[schema(example = "VAT")]
    pub name: String,
    /// In thousandths of a percent.
    #[schema(value_type = i32, example = 19_000, minimum = 0, maximum = 100_000)]
    pub rate: TaxRate,
}

/// The tax of a country.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxWish {
    #[schema(example = "VAT", min_length = 1, max_length = 40)]
    name: String,
    /// In thousandths of a percent.
    #[schema(value_type = i32, example = 19_000, minimum = 0, maximum = 100_000)]
    rate: TaxRate,
}

/// How taxes and prices go together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxMode {
    /// Tax comes on top of the prices; else it is in them.
    #[schema(example = false)]
    added: bool,
}

impl From<CountryTax> for OfficeTax {
    fn from(tax: CountryTax) -> Self {
        Self { country: tax.country.code(), name: tax.name, rate: tax.rate }
    }
}

async fn all(db: &Db) -> Result<Taxes, Problem> {
    let tax::Taxes { added, of } = keep::read(db.read()).await?;
    Ok(Taxes { added, items: of.into_iter().map(OfficeTax::from).collect() })
}

fn country(code: &str) -> Result<Country, Problem> {
    code.parse().map_err(|_| Error::NotFound("tax").into())
}

/// Taxes
///
/// By country, and whether they come on top of the prices. For admins with the permission `prices`.
#[utoipa::path(
    get,
    path = "/taxes",
    operation_id = "taxes",
    tag = "office",
    security(("access_token" = ["prices"])),
    responses((status = 200, description = "The taxes.", body = Taxes), Unchanged, TokenProblems)
)]
pub async fn list(Permitted { db, .. }: Permitted<Prices>) -> Result<Json<Taxes>, Problem> {
    all(&db).await.map(Json)
}

/// Say how taxes and prices go together
///
/// Whether tax comes on top of the prices, or is in them. Orders keep what they were made with.
#[utoipa::path(
    patch,
    path = "/taxes",
    operation_id = "change_tax_mode",
    tag = "office",
    security(("access_token" = ["prices"])),
    request_body = TaxMode,
    responses((status = 200, description = "The taxes as they are now.", body = Taxes), BodyProblems, TokenProblems)
)]
pub async fn change_mode(
    Permitted { db, .. }: Permitted<Prices>,
    Body(wish): Body<TaxMode>,
) -> Result<Json<Taxes>, Problem> {
    keep::set_added(&db, wish.added).await?;
    all(&db).await.map(Json)
}

/// Set the tax of a country
///
/// Whether it had one or not. Orders keep the one that they were made with.
#[utoipa::path(
    put,
    path = "/taxes/{country}",
    operation_id = "set_tax",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("country" = String, Path, description = "The code of the country (ISO 3166-1).", example = "DE")),
    request_body = TaxWish,
    responses((status = 200, description = "The tax.", body = OfficeTax), BodyProblems, TokenProblems, NotThere)
)]
pub async fn set(
    Permitted { db, .. }: Permitted<Prices>,
    Path(code): Path<String>,
    Body(wish): Body<TaxWish>,
) -> Result<Json<OfficeTax>, Problem> {
    let thousandths = wish.rate.thousandths();
    let rate = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    let form = TaxForm { country: country(&code)?.code().to_owned(), name: wish.name, rate };
    Ok(Json(keep::save(&db, &form).await?.into()))
}

/// Take the tax of a country away
///
/// From now on its people pay none.
#[utoipa::path(
    delete,
    path = "/taxes/{country}",
    operation_id = "remove_tax",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("country" = String, Path, description = "The code of the country (ISO 3166-1).", example = "DE")),
    responses((status = 204, description = "It is gone."), TokenProblems, NotThere)
)]
pub async fn remove(Permitted { db, .. }: Permitted<Prices>, Path(code): Path<String>) -> Result<StatusCode, Problem> {
    keep::remove(&db, country(&code)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
