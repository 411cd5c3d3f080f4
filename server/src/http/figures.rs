//! What sells as tables for a spreadsheet: day by day, and title by title.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::csv::cell;
use super::media::attachment;
use crate::AppState;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::account::Permission;
use domain::insight::report::{Range, TitleLine, read};
use domain::{Currency, Day, Money};
use http::header;
use identity::AuthSession;
use serde::Deserialize;

/// Titles in a table.
const TITLES: u64 = 20_000;
const DAYS: &str = "day,currency,orders,titles sold,revenue,titles paid back,paid back,new customers\r\n";
const BY_TITLE: &str =
    "id,title,currency,sold,revenue,titles paid back,paid back,views,samples heard,carts,finished\r\n";

/// What may be asked for, as on the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    range: String,
    from: String,
    to: String,
    currency: String,
}

impl Asked {
    fn range(&self, state: &AppState) -> Range {
        Range::read(&self.range, &self.from, &self.to, Day::of(state.db.now()))
    }
}

/// The routes know who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/figures.csv", get(days)).route("/admin/figures/titles.csv", get(titles))
}

fn allowed(session: &AuthSession) -> Result<(), HttpError> {
    if identity::require_user(session)?.may(Permission::Orders) { Ok(()) } else { Err(HttpError::forbidden()) }
}

fn table(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(name)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, text).into_response()
}

async fn days(
    State(state): State<AppState>,
    session: AuthSession,
    Query(asked): Query<Asked>,
) -> Result<Response, HttpError> {
    allowed(&session)?;
    let mut text = DAYS.to_owned();
    for (day, currency, taken) in read::daily(&state.db, asked.range(&state)).await? {
        let money = |minor| Money::new(minor, currency).decimal();
        text += &format!(
            "{day},{currency},{},{},{},{},{},{}\r\n",
            taken.orders,
            taken.sold,
            money(taken.revenue_minor),
            taken.returned,
            money(taken.returned_minor),
            taken.new_customers
        );
    }
    Ok(table("figures-by-day.csv", text))
}

async fn titles(
    State(state): State<AppState>,
    session: AuthSession,
    Query(asked): Query<Asked>,
) -> Result<Response, HttpError> {
    allowed(&session)?;
    let currency: Option<Currency> = asked.currency.parse().ok();
    let currency = match currency {
        Some(currency) => currency,
        None => state.settings.now().await.currency,
    };
    let lines = read::all_titles(&state.db, asked.range(&state), currency, TITLES).await?;
    let text = lines.iter().map(line).collect::<String>();
    Ok(table("figures-by-title.csv", BY_TITLE.to_owned() + &text))
}

fn line(line: &TitleLine) -> String {
    let (title, did) = (cell(&line.title), line.interest);
    format!(
        "{},{title},{},{},{},{},{},{},{},{},{}\r\n",
        line.id,
        line.revenue.currency,
        line.sold,
        line.revenue.decimal(),
        line.returned,
        line.returned_money.decimal(),
        did.views,
        did.samples,
        did.carts,
        did.finished
    )
}
