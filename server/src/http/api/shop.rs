//! What a shop says of itself to everybody.

use super::openapi::{NotThere, OurProblems, Unchanged};
use super::params::Path;
use super::problem::Problem;
use crate::AppState;
use crate::http::router::parts;
use app::legal::{Facts, text};
use axum::Json;
use axum::extract::State;
use domain::Country;
use domain::catalog::browse;
use domain::settings::legal::{LegalPage, keep};
use serde::Serialize;
use utoipa::ToSchema;

/// The shop, as it stands on its pages.
#[derive(Serialize, ToSchema)]
pub struct ShopFacts {
    #[schema(example = "Lectern")]
    name: String,
    /// What it prices new titles in (ISO 4217).
    #[schema(example = "EUR")]
    currency: String,
    /// That of its pages (BCP 47).
    #[schema(example = "en-US")]
    language: String,
    /// Where it stands (ISO 3166-1); missing while nobody has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "DE")]
    country: Option<&'static str>,
    /// Where people write to; missing while nobody has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "hello@example.com", format = Email)]
    contact: Option<String>,
    /// Who sells, in lines as on a letter; none while nobody has said so.
    #[schema(example = json!(["Lectern Books Ltd", "1 Harbour Street", "Port Ellery"]))]
    sold_by: Vec<String>,
    /// Languages of what is for sale: `language` of a list of titles.
    #[schema(example = json!(["de", "en"]))]
    title_languages: Vec<String>,
    /// People log in with Google here.
    #[schema(example = true)]
    google: bool,
    /// Whom buyers pay at, on a page of its own; missing where the number of a card is sent with a purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Stripe")]
    pays_at: Option<&'static str>,
}

/// A page that the law asks for.
#[derive(Serialize, ToSchema)]
pub struct LegalSaid {
    #[schema(example = "Terms")]
    title: &'static str,
    /// Paragraphs with empty lines between them, and headings in lines that begin with `# `.
    #[schema(example = "# Buying\n\nA title is yours once it is paid.")]
    text: String,
}

/// The shop
///
/// What it is called, who sells, in which languages and for which money, and how one pays and logs in.
#[utoipa::path(
    get,
    path = "/shop",
    operation_id = "shop",
    tag = "about",
    responses((status = 200, description = "The shop.", body = ShopFacts), Unchanged, OurProblems)
)]
pub async fn read(State(state): State<AppState>) -> Result<Json<ShopFacts>, Problem> {
    let settings = state.settings.now().await;
    Ok(Json(ShopFacts {
        sold_by: keep::seller(state.db.read()).await?.lines(),
        title_languages: browse::languages(&state.db).await?,
        google: state.google.is_some(),
        pays_at: state.payments.first().page().map(|page| page.name),
        name: settings.name,
        currency: settings.currency.code().to_owned(),
        language: settings.language.tag().to_owned(),
        country: settings.country.map(Country::code),
        contact: settings.contact.map(String::from),
    }))
}

/// Read a page that the law asks for
///
/// One of `terms`, `privacy`, `contact`, `withdrawal` and `cookies`, with the owner's words.
#[utoipa::path(
    get,
    path = "/legal/{page}",
    operation_id = "read_legal_page",
    tag = "about",
    params(("page" = String, Path, description = "The page.", example = "terms")),
    responses((status = 200, description = "What it says.", body = LegalSaid), Unchanged, NotThere, OurProblems)
)]
pub async fn legal(State(state): State<AppState>, Path(page): Path<LegalPage>) -> Result<Json<LegalSaid>, Problem> {
    let facts = Facts::of(&parts(&state)).await?;
    let own = keep::own_text(state.db.read(), page).await?;
    Ok(Json(LegalSaid { title: page.title(), text: own.with(&text(page, &facts)) }))
}
