//! What sells.

use super::report::Report;
use crate::AppState;
use crate::http::api::openapi::{QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::permitted::{Orders, Permitted};
use crate::http::api::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::State;
use domain::insight::dashboard;
use domain::insight::report::{Preset, Range, TitleOrder, read};
use domain::{Currency, Day};
use serde::Deserialize;

/// What a report is asked of.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportAsked {
    /// `7` or `30` days, `90` days, `12m` (this month and the eleven before it), or `own` with `from` and `to`. Without it: `own`
    /// where there is one of them, else `30`.
    #[param(example = "30")]
    range: Option<String>,
    /// The first day (UTC).
    #[param(format = Date, example = "2026-11-01")]
    from: Option<String>,
    /// The last day (UTC); ten years after the first at most.
    #[param(format = Date, example = "2026-11-30")]
    to: Option<String>,
    /// The currency that titles and coupons are told in (ISO 4217). Without it: the one with the most orders.
    #[param(value_type = Option<String>, example = "EUR")]
    currency: Option<Currency>,
    /// What titles are put in order by, most first: `revenue`, `sold`, `returned` or `views`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "revenue")]
    order: TitleOrder,
}

impl ReportAsked {
    /// A page makes the best of what it cannot read; a program is told.
    fn range(&self, today: Day) -> Result<Range, Problem> {
        let wrong = |field: &str, message: &str| {
            let (field, code, message) = (field.to_owned(), "malformed".to_owned(), message.to_owned());
            Err(Problem::invalid(vec![FieldError { field, code, message }]))
        };
        let own = self.from.is_some() || self.to.is_some();
        let preset = match self.range.as_deref() {
            None if own => Preset::Own,
            None => Preset::default(),
            Some(text) => Preset::from_param(text),
        };
        if self.range.as_deref().is_some_and(|text| preset.param() != text) {
            return wrong("range", "It is none of 7, 30, 90, 12m and own.");
        }
        if own && preset != Preset::Own {
            return wrong("range", "Days go with the range `own`.");
        }
        for (field, text) in [("from", &self.from), ("to", &self.to)] {
            if text.as_deref().is_some_and(|text| Day::parse(text).is_none()) {
                return wrong(field, "Write a day such as 2026-11-20.");
            }
        }
        let text = |day: &Option<String>| day.clone().unwrap_or_default();
        Ok(Range::read(preset.param(), &text(&self.from), &text(&self.to), today))
    }
}

/// What sells
///
/// What was taken in a range of days beside as many days before it: in each currency, title by title, by coupon; what people
/// looked at, heard, put into carts and finished; what they searched for. The page of figures and its tables say the same. For
/// admins with the permission `orders`.
#[utoipa::path(
    get,
    path = "/admin/dashboard",
    operation_id = "admin_dashboard",
    tag = "office",
    security(("access_token" = ["orders"])),
    params(ReportAsked),
    responses((status = 200, description = "The report.", body = Report), Unchanged, TokenProblems, QueryProblems)
)]
pub async fn read(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<Orders>,
    Query(asked): Query<ReportAsked>,
) -> Result<Json<Report>, Problem> {
    let range = asked.range(Day::of(db.now()))?;
    let own = state.settings.now().await.currency;
    let report = read::report(&db, range, own, asked.currency, asked.order).await?;
    let glance = dashboard::dashboard(&db, own, false).await?;
    Ok(Json(Report::new(report, &glance)))
}
