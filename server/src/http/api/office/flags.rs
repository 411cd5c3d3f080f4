//! What is switched on in the shop, and for whom.

use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::flags::{Audience, Switch, SwitchForm, keep, live};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For whom something is on.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FlagRule {
    Off,
    On,
    /// For so many percent of all accounts and visitors, always the same ones.
    Share,
    /// For people who are logged in and no admins.
    Shoppers,
    Admins,
}

/// Something that can be switched, and how it stands.
#[derive(Serialize, ToSchema)]
pub struct OfficeFlag {
    #[schema(example = "reviews")]
    pub name: &'static str,
    /// What it is, in words.
    #[schema(example = "Reviews are taken")]
    pub words: &'static str,
    #[schema(example = "share")]
    pub rule: FlagRule,
    /// Of a share, in a hundred; missing for every other rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 30, minimum = 0, maximum = 100)]
    pub percent: Option<u8>,
}

/// All switches.
#[derive(Serialize, ToSchema)]
pub struct Flags {
    pub items: Vec<OfficeFlag>,
}

/// How something is to stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagWish {
    #[schema(example = "share")]
    rule: FlagRule,
    /// In a hundred; needed for a share, and counts for nothing else.
    #[serde(default)]
    #[schema(example = 30, minimum = 0, maximum = 100)]
    percent: Option<u8>,
}

impl From<Audience> for FlagRule {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Off => Self::Off,
            Audience::On => Self::On,
            Audience::Share => Self::Share,
            Audience::Shoppers => Self::Shoppers,
            Audience::Admins => Self::Admins,
        }
    }
}

impl From<FlagRule> for Audience {
    fn from(rule: FlagRule) -> Self {
        match rule {
            FlagRule::Off => Self::Off,
            FlagRule::On => Self::On,
            FlagRule::Share => Self::Share,
            FlagRule::Shoppers => Self::Shoppers,
            FlagRule::Admins => Self::Admins,
        }
    }
}

impl From<Switch> for OfficeFlag {
    fn from(Switch { flag, rule }: Switch) -> Self {
        Self { name: flag.name(), words: flag.words(), rule: rule.audience().into(), percent: rule.percent() }
    }
}

/// What is switched on
///
/// Everything that can be switched, and for whom it is on. For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/flags",
    operation_id = "flags",
    tag = "office",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "The switches.", body = Flags), Unchanged, TokenProblems)
)]
pub async fn list(Permitted { db, .. }: Permitted<Settings>) -> Result<Json<Flags>, Problem> {
    let items = keep::read(db.read()).await?.into_iter().map(OfficeFlag::from).collect();
    Ok(Json(Flags { items }))
}

/// Switch something
///
/// It counts at once, on other servers within seconds.
#[utoipa::path(
    patch,
    path = "/admin/flags/{name}",
    operation_id = "switch_flag",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("name" = String, Path, description = "What is switched.", example = "reviews")),
    request_body = FlagWish,
    responses(
        (status = 200, description = "How it stands now.", body = OfficeFlag),
        BodyProblems,
        TokenProblems,
        NotThere
    )
)]
pub async fn change(
    Permitted { db, .. }: Permitted<Settings>,
    Path(flag): Path<String>,
    Body(wish): Body<FlagWish>,
) -> Result<Json<OfficeFlag>, Problem> {
    let percent = wish.percent.map(|percent| percent.to_string()).unwrap_or_default();
    let form = SwitchForm { flag, rule: Audience::from(wish.rule).name().to_owned(), percent };
    Ok(Json(live::save(&db, &form).await?.into()))
}
