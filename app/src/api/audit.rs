//! The audit trail, as its page shows it.

use crate::AppError;
use domain::audit::Event;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// Lines on a page.
#[cfg(feature = "ssr")]
const LINES_A_PAGE: usize = 50;

/// Some lines, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    pub events: Vec<Event>,
    /// Where older ones go on, if there are any.
    pub older: Option<String>,
}

/// A page of the trail; see [`domain::audit::Filter::read`] for what may be asked. `before` is where a page ended.
#[server(input = GetUrl, endpoint = "audit/trail")]
pub async fn trail(
    #[server(default)] who: String,
    #[server(default)] action: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] before: String,
) -> Result<Lines, AppError> {
    use domain::account::Permission;
    use domain::audit::{Filter, InvalidDay, trail};
    crate::context::require(Permission::Users).await?;
    let filter =
        Filter::read(&who, &action, &from, &to).map_err(|error: InvalidDay| domain::Error::invalid("from", error))?;
    let place = if before.is_empty() { None } else { before.parse().ok() };
    // One more than is shown tells whether there are more.
    let mut events = trail::events(&crate::context::db()?, &filter, place, LINES_A_PAGE as u64 + 1).await?;
    let more = events.len() > LINES_A_PAGE;
    events.truncate(LINES_A_PAGE);
    let older = events.last().filter(|_| more).map(|event| event.cursor().to_string());
    Ok(Lines { events, older })
}
