//! The pages that the law asks for, and who sells.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::legal::{Facts, missing, text};
#[cfg(feature = "ssr")]
use crate::typed;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::settings::legal::{LegalPage, OwnText, Seller};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// What one of the pages says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalText {
    pub text: String,
    /// What the owner has not said yet, in a sentence; told to nobody but those who may say it.
    pub missing: Option<String>,
}

/// What one of the pages says.
#[server(name = ReadLegalPage, input = GetUrl, endpoint = "shop/legal-page")]
pub async fn legal_page(page: String) -> Result<LegalText, AppError> {
    use domain::settings::legal::keep;
    let page = parsed(&page)?;
    let facts = facts().await?;
    let own = keep::own_text(crate::context::db()?.read(), page).await?;
    let may_say = crate::context::viewer().await?.is_some_and(|user| user.may(Permission::Settings));
    let missing = missing(&facts.seller, &facts.shop).filter(|_| may_say);
    Ok(LegalText { text: own.with(&text(page, &facts)), missing })
}

/// Who sells, in lines as on a letter; none while nobody has said so.
#[server(name = ReadSoldBy, input = GetUrl, endpoint = "shop/sold-by")]
pub async fn sold_by() -> Result<Vec<String>, AppError> {
    Ok(domain::settings::legal::keep::seller(crate::context::db()?.read()).await?.lines())
}

/// What the form about the seller needs, and how the pages stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerFacts {
    pub seller: Seller,
    /// What was typed and refused, when the form was sent without JavaScript.
    pub typed: Option<Seller>,
    pub missing: Option<String>,
    /// Each page with the owner's words.
    pub pages: Vec<(LegalPage, OwnText)>,
}

/// Who sells, and the owner's words.
#[server(name = ReadSeller, input = GetUrl, endpoint = "admin/seller")]
pub async fn seller() -> Result<SellerFacts, AppError> {
    use domain::settings::legal::keep;
    crate::context::require(Permission::Settings).await?;
    let db = crate::context::db()?;
    let seller = keep::seller(db.read()).await?;
    let missing = missing(&seller, &crate::context::settings().await?);
    let pages = keep::own_texts(db.read()).await?;
    Ok(SellerFacts { seller, typed: typed::take("seller").await?, missing, pages })
}

/// Changes who sells.
#[server(endpoint = "admin/save-seller")]
pub async fn save_seller(form: Seller) -> Result<Seller, AppError> {
    crate::context::require(Permission::Settings).await?;
    let saved = domain::settings::legal::keep::save_seller(&crate::context::db()?, &form).await;
    match &saved {
        Ok(_) => crate::context::go_on_without_script("/admin/legal?saved=1"),
        Err(_) => typed::keep("seller", &form).await?,
    }
    Ok(saved?)
}

/// What the form of a page's words needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFacts {
    pub page: LegalPage,
    pub own: OwnText,
    /// What was typed and refused, when the form was sent without JavaScript.
    pub typed: Option<OwnText>,
    /// The shop's own words.
    pub standing: String,
}

/// The words of a page, to be changed.
#[server(name = ReadLegalText, input = GetUrl, endpoint = "admin/legal-text")]
pub async fn legal_text(page: String) -> Result<TextFacts, AppError> {
    crate::context::require(Permission::Settings).await?;
    let page = parsed(&page)?;
    let own = domain::settings::legal::keep::own_text(crate::context::db()?.read(), page).await?;
    let standing = text(page, &facts().await?);
    Ok(TextFacts { page, own, typed: typed::take(page.path()).await?, standing })
}

/// Changes the owner's words on a page.
#[server(endpoint = "admin/save-legal-text")]
pub async fn save_legal_text(
    page: String,
    #[server(default)] text: String,
    #[server(default)] instead: bool,
) -> Result<OwnText, AppError> {
    crate::context::require(Permission::Settings).await?;
    let (page, form) = (parsed(&page)?, OwnText { text, instead });
    let saved = domain::settings::legal::keep::save_text(&crate::context::db()?, page, &form).await;
    match &saved {
        Ok(_) => crate::context::go_on_without_script(&format!("/admin/legal/{}?saved=1", page.name())),
        Err(_) => typed::keep(page.path(), &form).await?,
    }
    Ok(saved?)
}

#[cfg(feature = "ssr")]
fn parsed(page: &str) -> Result<LegalPage, AppError> {
    page.parse().map_err(|_| AppError::NotFound("page".to_owned()))
}

/// What the shop's own words depend on.
#[cfg(feature = "ssr")]
async fn facts() -> Result<Facts, AppError> {
    Ok(Facts::of(&crate::context::shop()?).await?)
}
