//! From a recording to a title: uploads, parts, steps, transcripts.

mod chapters;
#[cfg(test)]
mod editing_tests;
mod edits;
mod forgotten;
mod intake;
mod part_changes;
mod parts;
mod replacing;
mod review;
mod sample;
mod sentence;
mod sentences;
mod state;
#[cfg(test)]
mod tests;
mod transcript;
mod unfinished;
mod upload;
mod view;
mod workers;

use super::params::Which;
use crate::AppState;
use domain::catalog::titles;
use domain::{Db, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(upload::upload))
        .routes(routes!(unfinished::list))
        .routes(routes!(forgotten::forget))
        .routes(routes!(state::view))
        .routes(routes!(state::resume))
        .routes(routes!(state::redo))
        .routes(routes!(state::cancel))
        .routes(routes!(parts::list))
        .routes(routes!(part_changes::order))
        .routes(routes!(part_changes::remove))
        .routes(routes!(transcript::read))
        .routes(routes!(review::list))
        .routes(routes!(review::decide))
        .routes(routes!(sample::preview))
        .routes(routes!(sentences::list))
        .routes(routes!(sentences::read, sentences::change))
        .routes(routes!(sentences::join))
        .routes(routes!(replacing::find))
        .routes(routes!(replacing::replace))
        .routes(routes!(edits::list))
        .routes(routes!(edits::undo))
        .routes(routes!(chapters::read, chapters::change))
        .routes(routes!(chapters::headings))
        .routes(routes!(workers::list))
}

/// The id of a title, whatever its status.
async fn id_of(db: &Db, which: &Which) -> Result<Uuid> {
    match which {
        Which::Id(id) => Ok(*id),
        Which::Slug(slug) => titles::id_of(db, slug.as_str()).await,
    }
}
