//! Looking at what the shop sells.

use crate::AppError;
use domain::Currency;
use domain::catalog::suggest::Suggestion;
use domain::catalog::{AudiobookDetail, AudiobookSummary, BrowseForm, CategoryCount, Collection, Home, Listing};
use domain::ordering::Availability;
use domain::reviews::Review;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// The home page.
#[server(name = ReadHome, input = GetUrl, endpoint = "catalog/home")]
pub async fn home() -> Result<Home, AppError> {
    Ok(domain::catalog::browse::home(&crate::context::db()?).await?)
}

/// What is worth a look, in the whole shop or in a category.
#[server(name = ReadDiscover, input = GetUrl, endpoint = "catalog/discover")]
pub async fn discover(#[server(default)] category: String) -> Result<domain::catalog::discover::Discover, AppError> {
    Ok(domain::catalog::discover::look::discover(&crate::context::db()?, &category).await?)
}

/// A page of titles.
#[server(name = ReadBrowse, input = GetUrl, endpoint = "catalog/browse")]
pub async fn browse(#[server(default)] asked: BrowseForm) -> Result<Listing, AppError> {
    let db = crate::context::db()?;
    let wanted = asked.read(crate::context::settings().await?.currency);
    let found = domain::catalog::browse::listing(&db, &wanted).await?;
    if wanted.page <= 1 && !wanted.text.trim().is_empty() {
        // What was only found by other words was not found.
        let as_typed = found.correction.as_ref().is_none_or(|correction| !correction.shown);
        domain::figures::tally::searched(&db, &wanted.text, as_typed && found.page.total > 0);
    }
    // Renamed or merged: whoever kept the address goes on to the one that it has now.
    if found.page.total == 0
        && !wanted.category.is_empty()
        && wanted.text.is_empty()
        && let Some(slug) = domain::catalog::categories::moved_to(&db, &wanted.category).await?
    {
        leptos_axum::redirect(&crate::paths::category(slug));
    }
    Ok(found)
}

/// By what a list can be narrowed, besides its categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Languages of what is for sale, as codes.
    pub languages: Vec<String>,
    /// What prices are written in.
    pub currency: Currency,
}

/// By what a list can be narrowed.
#[server(name = ReadChoices, input = GetUrl, endpoint = "catalog/choices")]
pub async fn choices() -> Result<Choices, AppError> {
    let languages = domain::catalog::browse::languages(&crate::context::db()?).await?;
    Ok(Choices { languages, currency: crate::context::settings().await?.currency })
}

/// What somebody who types this may be looking for.
#[server(name = Suggest, input = GetUrl, endpoint = "catalog/suggest")]
pub async fn suggest(#[server(default)] text: String) -> Result<Vec<Suggestion>, AppError> {
    crate::context::take(domain::limits::Rule::Suggest).await?;
    Ok(domain::catalog::suggest::suggest(&crate::context::db()?, &text).await?)
}

/// Authors, narrators, series and categories whose names fit a search.
#[server(name = ReadNamed, input = GetUrl, endpoint = "catalog/named")]
pub async fn named(#[server(default)] text: String) -> Result<Vec<Suggestion>, AppError> {
    Ok(domain::catalog::suggest::named(&crate::context::db()?, &text).await?)
}

/// Every category with a published title.
#[server(input = GetUrl, endpoint = "catalog/categories")]
pub async fn categories() -> Result<Vec<CategoryCount>, AppError> {
    Ok(domain::catalog::browse::categories(&crate::context::db()?).await?)
}

/// A product page: the title, and more like it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub detail: AudiobookDetail,
    pub more: Vec<AudiobookSummary>,
    /// A draft, and whoever looks is an admin. One that was taken off the shelf is seen by those who bought it, too.
    pub preview: bool,
    /// A few of the newest reviews, for search engines.
    pub reviews: Vec<Review>,
}

/// Titles shown as "more like this".
#[cfg(feature = "ssr")]
const MORE: u64 = 6;

/// Reviews that search engines are told of.
#[cfg(feature = "ssr")]
const REVIEWS: usize = 3;

/// A product page.
#[server(name = ReadProduct, input = GetUrl, endpoint = "catalog/product")]
pub async fn product(slug: String) -> Result<Product, AppError> {
    let db = crate::context::db()?;
    let viewer = crate::context::viewer().await?;
    let (detail, more) = domain::catalog::product_page::page(&db, &slug, viewer.as_ref(), MORE).await?;
    let by_admin = viewer.is_some_and(|viewer| viewer.is_admin());
    let preview = detail.status == domain::catalog::Status::Draft && by_admin;
    let reviews = domain::reviews::page::newest(&db, detail.summary.id, REVIEWS).await?;
    if detail.status == domain::catalog::Status::Published && !by_admin {
        domain::figures::tally::did(&db, &slug, domain::figures::tally::Did::View);
    }
    Ok(Product { detail, more, preview, reviews })
}

/// Where a title stands for this person: for sale, in the cart, owned.
#[server(name = ReadAvailability, input = GetUrl, endpoint = "catalog/availability")]
pub async fn availability(slug: String) -> Result<Availability, AppError> {
    let owner = crate::context::cart_owner().await?;
    let viewer = crate::context::viewer().await?;
    let db = crate::context::db()?;
    Ok(domain::ordering::availability::of_title(&db, viewer.as_ref(), owner.as_ref(), &slug).await?)
}

/// A person and their titles.
#[server(input = GetUrl, endpoint = "catalog/person")]
pub async fn person(slug: String) -> Result<Collection, AppError> {
    let db = crate::context::db()?;
    match domain::catalog::browse::contributor(&db, &slug).await {
        Err(domain::Error::NotFound(what)) => {
            // Renamed or merged.
            let moved = domain::catalog::contributors::moved_to(&db, &slug).await?;
            let slug = moved.ok_or(domain::Error::NotFound(what))?;
            leptos_axum::redirect(&crate::paths::contributor(&slug));
            Ok(domain::catalog::browse::contributor(&db, &slug).await?)
        }
        found => Ok(found?),
    }
}

/// A series and its titles.
#[server(input = GetUrl, endpoint = "catalog/series")]
pub async fn series(slug: String) -> Result<Collection, AppError> {
    let db = crate::context::db()?;
    match domain::catalog::browse::series(&db, &slug).await {
        Err(domain::Error::NotFound(what)) => {
            // Renamed or merged.
            let moved = domain::catalog::series::moved_to(&db, &slug).await?;
            let slug = moved.ok_or(domain::Error::NotFound(what))?;
            leptos_axum::redirect(&crate::paths::series(&slug));
            Ok(domain::catalog::browse::series(&db, &slug).await?)
        }
        found => Ok(found?),
    }
}
