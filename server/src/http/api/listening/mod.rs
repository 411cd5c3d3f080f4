//! What somebody bought: its sound and text, where they are in it, what they marked.

mod addresses;
mod bookmarks;
mod my_books;
mod position;
mod said;
mod stats;
#[cfg(test)]
mod tests;
mod transcript;

use crate::AppState;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(my_books::list))
        .routes(routes!(my_books::read))
        .routes(routes!(position::keep))
        .routes(routes!(transcript::read))
        .routes(routes!(said::look))
        .routes(routes!(said::look_everywhere))
        .routes(routes!(bookmarks::list, bookmarks::add))
        .routes(routes!(bookmarks::change, bookmarks::remove))
        .routes(routes!(stats::mine))
        .routes(routes!(addresses::stream))
        .routes(routes!(addresses::download))
        .routes(routes!(addresses::transcript))
}
