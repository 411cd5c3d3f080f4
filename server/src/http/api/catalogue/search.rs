//! Looking for something, and what is worth a look.

use super::audiobook::{Audiobook, Named};
use super::listing::Correction;
use super::title::PartOf;
use crate::AppState;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::catalog::discover::{Discover, look};
use domain::catalog::suggest::{self, Suggestion, SuggestionKind};
use domain::catalog::{AudiobookSummary, Browse, CategoryCount, browse};
use http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most titles of a category that are counted.
const COUNTED: u64 = 1_000;

/// What is looked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Sought {
    /// Words, each the beginning of a word.
    #[param(example = "bell")]
    text: String,
    /// Titles at most; 24 unless it is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 10)]
    limit: Option<Limit>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchFound {
    /// Best match first. `audiobooks?text=` goes on where these end.
    titles: Vec<Audiobook>,
    /// How many titles fit, counted up to 1,000.
    #[schema(example = 3, maximum = 1000)]
    total: u64,
    /// There are more than were counted.
    #[schema(example = false)]
    more: bool,
    /// People, series and categories whose names fit.
    names: Vec<FoundName>,
    /// What was probably meant, where no title has the words that were asked for.
    did_you_mean: Option<Correction>,
}

/// Something with a name that fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundName {
    kind: FoundKind,
    #[schema(example = "bells")]
    slug: String,
    #[schema(example = "Bells")]
    name: String,
}

/// What a name belongs to.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FoundKind {
    Title,
    Author,
    Narrator,
    Series,
    Category,
}

impl From<Suggestion> for FoundName {
    fn from(found: Suggestion) -> Self {
        let kind = match found.kind {
            SuggestionKind::Title => FoundKind::Title,
            SuggestionKind::Author => FoundKind::Author,
            SuggestionKind::Narrator => FoundKind::Narrator,
            SuggestionKind::Series => FoundKind::Series,
            SuggestionKind::Category => FoundKind::Category,
        };
        Self { kind, slug: found.slug, name: found.name }
    }
}

/// Search
///
/// Titles, and names of people, series and categories, by the beginnings of their words; with what was probably meant where a
/// word is mistyped.
#[utoipa::path(
    get,
    path = "/search",
    operation_id = "search",
    tag = "catalogue",
    params(Sought),
    responses((status = 200, description = "What was found.", body = SearchFound), Unchanged, QueryProblems)
)]
pub async fn search(State(state): State<AppState>, Query(sought): Query<Sought>) -> Result<Json<SearchFound>, Problem> {
    let wanted = Browse { text: sought.text, ..Browse::default() };
    let found = browse::listing_of(&state.db, &wanted, sought.limit.unwrap_or_default().0).await?;
    let names = suggest::named(&state.db, &wanted.text).await?;
    if !wanted.text.trim().is_empty() {
        let as_typed = found.correction.as_ref().is_none_or(|correction| !correction.shown);
        domain::figures::tally::searched(&state.db, &wanted.text, as_typed && found.page.total > 0);
    }
    Ok(Json(SearchFound {
        titles: titles(found.page.items),
        total: found.page.total,
        more: found.more,
        names: names.into_iter().map(FoundName::from).collect(),
        did_you_mean: found.correction.map(Correction::from),
    }))
}

fn titles(found: Vec<AudiobookSummary>) -> Vec<Audiobook> {
    found.into_iter().map(Audiobook::from).collect()
}

/// A category and how much is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Category {
    #[schema(example = "adventure")]
    slug: String,
    #[schema(example = "Adventure")]
    name: String,
    /// May be empty.
    #[schema(example = "Far away and in danger.")]
    description: String,
    /// Titles for sale, counted up to 1,000.
    #[schema(example = 214, maximum = 1000)]
    titles: u64,
    /// There are more than were counted.
    #[schema(example = false)]
    more: bool,
}

impl From<CategoryCount> for Category {
    fn from(count: CategoryCount) -> Self {
        Self {
            slug: count.category.slug,
            name: count.category.name,
            description: count.description,
            titles: count.titles.min(COUNTED),
            more: count.titles > COUNTED,
        }
    }
}

/// Categories
///
/// All of the shop, in its order.
#[utoipa::path(
    get,
    path = "/categories",
    operation_id = "list_categories",
    tag = "catalogue",
    params(PartOf),
    responses((status = 200, description = "A part of the list.", body = Listed<Category>), Unchanged, QueryProblems)
)]
pub async fn categories(
    State(state): State<AppState>,
    uri: OriginalUri,
    Query(part): Query<PartOf>,
) -> Result<Response, Problem> {
    let all = browse::categories(&state.db).await?;
    let (some, next) = Cursor::part(all, part.cursor.as_ref(), part.limit.unwrap_or_default())?;
    Ok(Listed::new(some.into_iter().map(Category::from).collect(), next).answer(&uri))
}

/// In what one looks around.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Around {
    /// A category's slug; the whole shop unless it is said.
    #[param(example = "adventure")]
    category: Option<String>,
}

/// What is worth a look: lists of at most twelve titles.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicDashboard {
    /// Null for the whole shop.
    category: Option<Named>,
    /// What was sold most in the last seven days.
    of_the_week: Vec<Audiobook>,
    /// What was sold most since there is a shop.
    of_all_time: Vec<Audiobook>,
    newest: Vec<Audiobook>,
    /// What is sold for less now, the cheapest first.
    on_sale: Vec<Audiobook>,
    /// What was heard to its end most, this month and in the one before.
    most_finished: Vec<Audiobook>,
    /// All categories that have a title.
    categories: Vec<Category>,
}

impl From<Discover> for PublicDashboard {
    fn from(found: Discover) -> Self {
        Self {
            category: found.category.map(Named::from),
            of_the_week: titles(found.of_the_week),
            of_all_time: titles(found.of_all_time),
            newest: titles(found.newest),
            on_sale: titles(found.on_sale),
            most_finished: titles(found.most_finished),
            categories: found.categories.into_iter().map(Category::from).collect(),
        }
    }
}

/// What is worth a look
///
/// For visitors who do not know yet what they want. The same for everybody, so that anybody may keep it for a minute.
#[utoipa::path(
    get,
    path = "/public/dashboard",
    operation_id = "public_dashboard",
    tag = "catalogue",
    params(Around),
    responses(
        (status = 200, description = "The lists.", body = PublicDashboard),
        Unchanged,
        NotThere,
        QueryProblems
    )
)]
pub async fn dashboard(State(state): State<AppState>, Query(around): Query<Around>) -> Result<Response, Problem> {
    let found = look::discover(&state.db, around.category.as_deref().unwrap_or_default()).await?;
    Ok(([(CACHE_CONTROL, "public, max-age=60")], Json(PublicDashboard::from(found))).into_response())
}
