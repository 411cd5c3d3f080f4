//! What the owner says of the shop.

use super::typed::given;
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, TokenProblems, Unchanged};
use crate::http::api::permitted::{self, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::State;
use domain::settings::{SettingsForm, ShopSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The settings of the shop.
#[derive(Serialize, ToSchema)]
pub struct Settings {
    #[schema(example = "Lectern")]
    pub name: String,
    /// What new titles are priced in (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: String,
    /// Where it stands (ISO 3166-1); missing while nobody has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "DE")]
    pub country: Option<&'static str>,
    /// Where people write to; missing while nobody has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "hello@example.com", format = Email)]
    pub contact: Option<String>,
    /// That of its pages (BCP 47).
    #[schema(example = "en-US")]
    pub language: String,
}

/// What is to be changed: what is not sent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsWish {
    #[schema(example = "Lectern", min_length = 1, max_length = 40)]
    name: Option<String>,
    /// ISO 4217. Another one is taken by a shop in which nothing has a price in any other.
    #[schema(example = "USD", min_length = 3, max_length = 3)]
    currency: Option<String>,
    /// ISO 3166-1; `null` for none.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "DE")]
    country: Option<Option<String>>,
    /// An address of mail; `null`, or nothing in it, for none.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "hello@example.com")]
    contact: Option<Option<String>>,
    /// BCP 47.
    #[schema(example = "en-US")]
    language: Option<String>,
}

impl From<ShopSettings> for Settings {
    fn from(settings: ShopSettings) -> Self {
        Self {
            name: settings.name,
            currency: settings.currency.code().to_owned(),
            country: settings.country.map(domain::Country::code),
            contact: settings.contact.map(String::from),
            language: settings.language.tag().to_owned(),
        }
    }
}

/// The settings of the shop
///
/// For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/settings",
    operation_id = "settings",
    tag = "office",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "The settings.", body = Settings), Unchanged, TokenProblems)
)]
pub async fn read(State(state): State<AppState>, _: Permitted<permitted::Settings>) -> Result<Json<Settings>, Problem> {
    Ok(Json(state.settings.now().await.into()))
}

/// Change the settings of the shop
///
/// They count at once.
#[utoipa::path(
    patch,
    path = "/admin/settings",
    operation_id = "change_settings",
    tag = "office",
    security(("access_token" = ["settings"])),
    request_body = SettingsWish,
    responses((status = 200, description = "As they are now.", body = Settings), BodyProblems, TokenProblems)
)]
pub async fn change(
    State(state): State<AppState>,
    Permitted { db, .. }: Permitted<permitted::Settings>,
    Body(wish): Body<SettingsWish>,
) -> Result<Json<Settings>, Problem> {
    let now = Settings::from(state.settings.now().await);
    let form = SettingsForm {
        name: wish.name.unwrap_or(now.name),
        currency: wish.currency.unwrap_or(now.currency),
        country: wish.country.unwrap_or(now.country.map(str::to_owned)).unwrap_or_default(),
        contact: wish.contact.unwrap_or(now.contact).unwrap_or_default(),
        language: wish.language.unwrap_or(now.language),
    };
    Ok(Json(state.settings.save(&db, &form).await?.into()))
}
