//! Who sells, and the owner's words on the pages that the law asks for.

use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{self, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::settings::legal::{LegalPage, OwnText, Seller, TEXT_MAX, keep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who sells. Everybody may know it; empty is what nobody has said.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShopSeller {
    /// The person or company.
    #[schema(example = "Lectern Books Ltd", min_length = 1, max_length = 200)]
    name: String,
    /// Where they are, in lines as on a letter.
    #[schema(example = "1 Harbour Street\nPort Ellery", min_length = 1, max_length = 500)]
    address: String,
    #[serde(default)]
    #[schema(example = "+44 20 7946 0000", max_length = 40)]
    phone: String,
    /// Which register they stand in, and under which number.
    #[serde(default)]
    #[schema(example = "Companies House 01234567", max_length = 200)]
    register: String,
    /// Their number for value added tax.
    #[serde(default)]
    #[schema(example = "GB123456789", max_length = 40)]
    vat: String,
}

impl From<Seller> for ShopSeller {
    fn from(seller: Seller) -> Self {
        let Seller { name, address, phone, register, vat } = seller;
        Self { name, address, phone, register, vat }
    }
}

impl From<ShopSeller> for Seller {
    fn from(seller: ShopSeller) -> Self {
        let ShopSeller { name, address, phone, register, vat } = seller;
        Self { name, address, phone, register, vat }
    }
}

/// The owner's words on a page.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalWords {
    /// Paragraphs, and headings in lines that begin with `# `. Empty for none.
    #[schema(example = "We answer within two days.", max_length = 50000)]
    text: String,
    /// They stand instead of the shop's own words, not after them.
    #[serde(default)]
    #[schema(example = false)]
    instead: bool,
}

// What the description says is what is asked for.
const _: () = assert!(TEXT_MAX == 50_000);

/// Who sells
///
/// As it stands on invoices and on the pages that the law asks for. For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/seller",
    operation_id = "read_seller",
    tag = "office",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "Who sells.", body = ShopSeller), Unchanged, TokenProblems)
)]
pub async fn seller(Permitted { db, .. }: Permitted<permitted::Settings>) -> Result<Json<ShopSeller>, Problem> {
    Ok(Json(keep::seller(db.read()).await?.into()))
}

/// Change who sells
///
/// All of it: what is missing is empty.
#[utoipa::path(
    put,
    path = "/admin/seller",
    operation_id = "change_seller",
    tag = "office",
    security(("access_token" = ["settings"])),
    request_body = ShopSeller,
    responses((status = 200, description = "As it is now.", body = ShopSeller), BodyProblems, TokenProblems)
)]
pub async fn change_seller(
    Permitted { db, .. }: Permitted<permitted::Settings>,
    Body(wish): Body<ShopSeller>,
) -> Result<Json<ShopSeller>, Problem> {
    Ok(Json(keep::save_seller(&db, &wish.into()).await?.into()))
}

/// The owner's words on a page
///
/// On one of `terms`, `privacy`, `contact`, `withdrawal` and `cookies`, without those that the shop brings.
#[utoipa::path(
    get,
    path = "/admin/legal/{page}",
    operation_id = "read_legal_words",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("page" = String, Path, description = "The page.", example = "terms")),
    responses((status = 200, description = "The words.", body = LegalWords), Unchanged, NotThere, TokenProblems)
)]
pub async fn words(
    Permitted { db, .. }: Permitted<permitted::Settings>,
    Path(page): Path<LegalPage>,
) -> Result<Json<LegalWords>, Problem> {
    let OwnText { text, instead } = keep::own_text(db.read(), page).await?;
    Ok(Json(LegalWords { text, instead }))
}

/// Change the owner's words on a page
///
/// After those that the shop brings, or instead of them. An empty text takes them away.
#[utoipa::path(
    put,
    path = "/admin/legal/{page}",
    operation_id = "change_legal_words",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("page" = String, Path, description = "The page.", example = "terms")),
    request_body = LegalWords,
    responses((status = 200, description = "As they are now.", body = LegalWords), NotThere, BodyProblems, TokenProblems)
)]
pub async fn change_words(
    Permitted { db, .. }: Permitted<permitted::Settings>,
    Path(page): Path<LegalPage>,
    Body(wish): Body<LegalWords>,
) -> Result<Json<LegalWords>, Problem> {
    let typed = OwnText { text: wish.text, instead: wish.instead };
    let OwnText { text, instead } = keep::save_text(&db, page, &typed).await?;
    Ok(Json(LegalWords { text, instead }))
}
