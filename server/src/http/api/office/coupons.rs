//! Coupons, as the people who run the shop keep them.

use super::typed::{CoveredTitles, amount, moment, number, phase};
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Prices};
use crate::http::api::problem::Problem;
use crate::http::api::values::{Amount, time};
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::promotions::{Chosen, CouponForm, CouponRow, Takes, coupons};
use domain::{Place, Walk};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which part of a list is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartAsked {
    /// Items in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl PartAsked {
    /// Where the list goes on.
    ///
    /// # Errors
    /// 422 for a cursor that was made up.
    pub fn after(&self) -> Result<Option<Place>, Problem> {
        Cursor::place(self.cursor.as_ref())
    }

    /// The part of the list after a place.
    pub fn walk<'a>(&self, after: Option<&'a Place>) -> Walk<'a> {
        Walk { after, limit: self.limit.0 }
    }
}

/// A coupon.
#[derive(Serialize, ToSchema)]
pub struct Coupon {
    pub id: Uuid,
    #[schema(example = "WINTER-25")]
    pub code: String,
    /// What it takes off what it is for, in percent; else there is an `amount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 25)]
    pub percent: Option<i32>,
    /// What it takes off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub amount: Option<Amount>,
    /// What a cart has to come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub minimum: Option<Amount>,
    /// Once for each person.
    pub once_each: bool,
    /// How often it may be used in all; missing for any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 100)]
    pub max_uses: Option<i32>,
    #[schema(example = 12)]
    pub uses: i32,
    /// What was paid with it and not paid back, in each currency.
    pub brought: Vec<Amount>,
    pub covers: CoveredTitles,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub starts: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T09:30:00Z")]
    pub ends: Option<String>,
    /// `coming`, `running` or `over`.
    #[schema(example = "running")]
    pub phase: &'static str,
    /// Somebody switched it off.
    pub off: bool,
}

/// A new coupon.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCoupon {
    /// Letters, digits and hyphens, 4 to 40. Without it: one that nobody guesses.
    #[serde(default)]
    #[schema(example = "WINTER-25", min_length = 4, max_length = 40)]
    code: Option<String>,
    /// What it takes off what it is for; or else `amount`.
    #[serde(default)]
    #[schema(example = 25, minimum = 1, maximum = 100)]
    percent: Option<i32>,
    /// What it takes off, in the currency of the shop.
    #[serde(default)]
    #[schema(example = json!(null))]
    amount: Option<Amount>,
    /// What a cart has to come to.
    #[serde(default)]
    #[schema(example = json!(null))]
    minimum: Option<Amount>,
    /// How often it may be used in all. Without it: any number of times.
    #[serde(default)]
    #[schema(example = 100, minimum = 1)]
    max_uses: Option<i32>,
    /// Once for each person.
    #[serde(default)]
    #[schema(example = true)]
    once_each: bool,
    /// For all titles, whatever else is chosen.
    #[serde(default)]
    #[schema(example = true)]
    everything: bool,
    /// For these, by their slugs.
    #[serde(default)]
    #[schema(example = json!([]), max_items = 500)]
    titles: Vec<String>,
    /// For what is in these, by their slugs.
    #[serde(default)]
    #[schema(example = json!([]), max_items = 100)]
    categories: Vec<String>,
    /// From when, to the minute. Without it: at once.
    #[serde(default)]
    #[schema(format = DateTime, example = json!(null))]
    starts: Option<String>,
    /// Until when, to the minute. Without it: until it is switched off.
    #[serde(default)]
    #[schema(format = DateTime, example = json!(null))]
    ends: Option<String>,
}

/// A coupon that was made.
#[derive(Serialize, ToSchema)]
pub struct CouponMade {
    #[schema(example = "WINTER-25")]
    code: String,
}

impl From<CouponRow> for Coupon {
    fn from(row: CouponRow) -> Self {
        let (percent, amount) = match row.takes {
            Takes::Percent(percent) => (Some(percent), None),
            Takes::Amount(money) | Takes::Price(money) => (None, Some(money.into())),
        };
        Self {
            id: row.id,
            code: row.code,
            percent,
            amount,
            minimum: row.minimum.map(Amount::from),
            once_each: row.once_each,
            max_uses: row.max_uses,
            uses: row.uses,
            brought: row.brought.into_iter().map(Amount::from).collect(),
            covers: row.covers.into(),
            starts: time(row.starts_at),
            ends: row.ends_at.map(time),
            phase: phase(row.phase),
            off: row.off,
        }
    }
}

/// Coupons
///
/// The newest first, with what they brought. For admins with the permission `prices`.
#[utoipa::path(
    get,
    path = "/coupons",
    operation_id = "coupons",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(PartAsked),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<Coupon>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Prices>,
    uri: OriginalUri,
    Query(asked): Query<PartAsked>,
) -> Result<Response, Problem> {
    let after = asked.after()?;
    let found = domain::ordering::coupons::walk(&db, asked.walk(after.as_ref())).await?;
    Ok(Listed::<Coupon>::of(found).answer(&uri))
}

/// Make a coupon
///
/// It takes a percentage or an amount off all titles, or off those that are chosen.
#[utoipa::path(
    post,
    path = "/coupons",
    operation_id = "make_coupon",
    tag = "office",
    security(("access_token" = ["prices"])),
    request_body = NewCoupon,
    responses((status = 201, description = "It is made.", body = CouponMade), BodyProblems, TokenProblems)
)]
pub async fn make(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Prices>,
    Body(wish): Body<NewCoupon>,
) -> Result<(StatusCode, Json<CouponMade>), Problem> {
    let own = state.settings.now().await.currency;
    let form = CouponForm {
        code: wish.code.unwrap_or_default(),
        percent: number(wish.percent),
        amount: amount("amount", wish.amount.as_ref(), own)?,
        minimum: amount("minimum", wish.minimum.as_ref(), own)?,
        max_uses: number(wish.max_uses),
        once_each: wish.once_each,
        chosen: Chosen { everything: wish.everything, titles: wish.titles.join("\n"), categories: wish.categories },
        starts: moment("starts", wish.starts.as_deref())?,
        ends: moment("ends", wish.ends.as_deref())?,
    };
    let code = coupons::make(&db, &form, own).await?;
    Ok((StatusCode::CREATED, Json(CouponMade { code })))
}

/// Switch a coupon off
///
/// For good. Orders that hold it keep it.
#[utoipa::path(
    delete,
    path = "/coupons/{id}",
    operation_id = "switch_off_coupon",
    tag = "office",
    security(("access_token" = ["prices"])),
    params(("id" = Uuid, Path, description = "The id of the coupon.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is off."), TokenProblems, NotThere)
)]
pub async fn switch_off(Permitted { db, .. }: Permitted<Prices>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    coupons::switch_off(&db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
