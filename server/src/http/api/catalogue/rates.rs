//! By which rates shoppers are shown prices in their own currency.

use crate::AppState;
use crate::http::api::openapi::{OurProblems, Unchanged};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The rates of currencies. Prices in another currency are shown by them, and charged in the shop's.
#[derive(Serialize, ToSchema)]
pub struct Rates {
    /// Of which day they are; missing where the shop shows its own currency alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = Date, example = "2026-11-27")]
    day: Option<String>,
    /// In the order of their codes.
    items: Vec<Rate>,
}

/// What one euro is worth in a currency.
#[derive(Serialize, ToSchema)]
pub struct Rate {
    /// ISO 4217.
    #[schema(example = "USD", min_length = 3, max_length = 3)]
    currency: String,
    /// Millionths of its major unit for one euro.
    #[schema(example = 1_084_200)]
    millionths: i64,
}

/// The rates of currencies
///
/// What one euro is worth in each currency that the shop can show prices in, as of its last look at who says so. They are for
/// looking only: what is charged is charged in the currency of the price.
#[utoipa::path(
    get,
    path = "/rates",
    operation_id = "rates",
    tag = "catalogue",
    responses((status = 200, description = "The rates, and of which day they are.", body = Rates), Unchanged, OurProblems)
)]
pub async fn rates(State(state): State<AppState>) -> Json<Rates> {
    state.rates.look().await;
    let Some(known) = state.rates.at_hand() else { return Json(Rates { day: None, items: Vec::new() }) };
    let rate = |currency: domain::Currency| {
        let millionths = known.per_euro(currency)?;
        Some(Rate { currency: currency.code().to_owned(), millionths })
    };
    let items = known.currencies().into_iter().filter_map(rate).collect();
    Json(Rates { day: Some(known.day.to_string()), items })
}
