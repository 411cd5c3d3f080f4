//! Tokens for machines, and webhooks to them.

mod tokens;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(tokens::list, tokens::make)).routes(routes!(tokens::revoke))
}
