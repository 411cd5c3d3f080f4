//! What buyers think of titles.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::reviews::{ModeratedReview, ReviewPage};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Reviews on a page of the admins' list.
#[cfg(feature = "ssr")]
const REVIEWS_A_PAGE: u64 = 50;

/// A page of the reviews of a title; `before` is where a page ended.
#[server(name = ReadReviews, input = GetUrl, endpoint = "reviews/of-title")]
pub async fn reviews(slug: String, #[server(default)] before: String) -> Result<ReviewPage, AppError> {
    let viewer = crate::context::viewer().await?;
    Ok(domain::reviews::page::reviews(&crate::context::db()?, &slug, viewer.as_ref(), before.parse().ok()).await?)
}

/// Rates a title that is one's own, or rates it anew.
#[server(endpoint = "reviews/rate")]
pub async fn rate(
    slug: String,
    #[server(default)] story: u8,
    #[server(default)] performance: u8,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let form = domain::reviews::ReviewForm { story, performance, text };
    let limits = crate::context::shop()?.limits;
    domain::reviews::keep::rate(&crate::context::db()?, &limits, user.id, &slug, &form).await?;
    crate::context::go_on_without_script(&(paths::book(&slug) + "?rated=1#reviews"));
    Ok(())
}

/// Takes one's review of a title away.
#[server(endpoint = "reviews/remove")]
pub async fn remove_review(slug: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    domain::reviews::keep::remove(&crate::context::db()?, user.id, &slug).await?;
    crate::context::go_on_without_script(&(paths::book(&slug) + "#reviews"));
    Ok(())
}

/// Tells the shop that a review should not stand there. `slug` is of the page to go on to.
#[server(endpoint = "reviews/report")]
pub async fn report_review(id: Uuid, #[server(default)] slug: String) -> Result<(), AppError> {
    let user = crate::context::require_user().await?;
    let limits = crate::context::shop()?.limits;
    domain::reviews::report::report(&crate::context::db()?, &limits, user.id, id).await?;
    let slug = domain::Slug::from_name(&slug);
    crate::context::go_on_without_script(&(paths::book(slug) + "?reported=1#reviews"));
    Ok(())
}

/// Some reviews, those that were reported first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderated {
    pub reviews: Vec<ModeratedReview>,
    /// Where the list goes on, if it does.
    pub next: Option<String>,
}

/// A page of all reviews; `after` is where a page ended.
#[server(name = ReadModerated, input = GetUrl, endpoint = "admin/reviews")]
pub async fn moderated(#[server(default)] after: String) -> Result<Moderated, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let db = crate::context::db()?;
    let (reviews, next) = domain::reviews::moderate::list(&db, after.parse().ok(), REVIEWS_A_PAGE).await?;
    Ok(Moderated { reviews, next: next.map(|place| place.to_string()) })
}

/// Hides a review.
#[server(endpoint = "admin/hide-review")]
pub async fn hide_review(id: Uuid, #[server(default)] reason: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::reviews::moderate::hide(&crate::context::db()?, id, &reason).await?;
    crate::context::go_on_without_script("/admin/reviews");
    Ok(())
}

/// Shows a review, or lets one stand that was reported.
#[server(endpoint = "admin/show-review")]
pub async fn show_review(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::reviews::moderate::show(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script("/admin/reviews");
    Ok(())
}
