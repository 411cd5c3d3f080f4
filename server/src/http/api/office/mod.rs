//! The desk of the shop: orders, prices, figures, people, jobs, the audit trail.

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
