//! The text of a title, as admins review it.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
#[cfg(feature = "ssr")]
use domain::transcript::Shown;
use domain::transcript::{Place, PlaceCounts, Standing};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Places of a title's text, and where the sound to them is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub title: String,
    pub slug: String,
    pub counts: PlaceCounts,
    pub page: Page<Place>,
    /// Where each part of the book begins, in milliseconds, in order.
    pub parts: Vec<i64>,
}

/// Places on a page.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 20;

/// Places of a title's text: `doubtful` (for any other word as well), `decided` or `all`.
#[server(name = ReadPlaces, input = GetUrl, endpoint = "review/places")]
pub async fn places(
    id: Uuid,
    #[server(default)] show: String,
    #[server(default)] page: u32,
) -> Result<Places, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let shown = Shown::from_name(&show).unwrap_or_default();
    let request = domain::PageRequest::new(page, SHOWN);
    let found = domain::production::review::review(&crate::context::db()?, id, shown, request).await?;
    Ok(Places { title: found.title, slug: found.slug, counts: found.counts, page: found.places, parts: found.parts })
}

/// Accepts a place of a title's text, with what was changed in it, or drops it (`verdict` is `drop`). `show` and `page` are
/// where a form without JavaScript goes back to.
#[server(name = DecidePlace, endpoint = "review/decide")]
pub async fn decide(
    id: Uuid,
    place: Uuid,
    #[server(default)] verdict: String,
    #[server(default)] text: String,
    #[server(default)] show: String,
    #[server(default)] page: u32,
) -> Result<Standing, AppError> {
    use domain::transcript::places::Verdict;
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let verdict = if verdict == "drop" { Verdict::Drop } else { Verdict::Said(text) };
    let standing = domain::production::review::decide(&crate::context::db()?, id, place, &verdict).await?;
    let shown = Shown::from_name(&show).unwrap_or_default();
    crate::context::go_on_without_script(&paths::admin_text(id, shown.name(), page.max(1)));
    Ok(standing)
}
