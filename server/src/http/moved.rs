//! Pages that have moved, for those who kept their old address.

use crate::AppState;
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::Redirect;
use axum::routing::get;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/people", get(|query| to("/admin/users".to_owned(), query)))
        .route("/admin/people/{id}", get(|Path(id): Path<uuid::Uuid>, query| to(app::paths::admin_user(id), query)))
        .route("/account/second-step", get(|query| to("/account/two-factor".to_owned(), query)))
}

async fn to(path: String, RawQuery(query): RawQuery) -> Redirect {
    Redirect::permanent(&query.map_or_else(|| path.clone(), |query| format!("{path}?{query}")))
}
