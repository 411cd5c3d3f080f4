//! The titles of the shop as admins keep them: the list, many at once, one after another, and when they go on sale.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::insight::{BulkView, TitleList, TitleRow};
use domain::production::DraftContents;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Titles on a page of the list.
#[cfg(feature = "ssr")]
const TITLES_A_PAGE: u32 = 25;
/// Titles on the admin's first page.
#[cfg(feature = "ssr")]
const LATEST: u64 = 6;

/// What is asked of the list of titles, in the words of its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TitleQuery {
    pub q: String,
    pub status: String,
    pub category: String,
    pub lacks: String,
    /// Not empty: only what is sold for less at the moment.
    pub reduced: String,
    pub language: String,
    pub sort: String,
    pub page: u32,
}

#[cfg(feature = "ssr")]
impl From<TitleQuery> for domain::insight::TitleFilter {
    fn from(asked: TitleQuery) -> Self {
        use domain::insight::{Lack, TitleTab};
        Self {
            text: asked.q,
            tab: TitleTab::from_param(&asked.status),
            category: asked.category,
            lacks: Lack::from_param(&asked.lacks),
            reduced: !asked.reduced.is_empty(),
            language: asked.language,
        }
    }
}

/// A page of titles.
#[server(name = ListTitles, input = GetUrl, endpoint = "admin/titles")]
pub async fn list_titles(#[server(default)] asked: TitleQuery) -> Result<TitleList, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let sort = domain::insight::TitleSort::from_param(&asked.sort);
    let page = domain::PageRequest::new(asked.page, TITLES_A_PAGE);
    Ok(domain::insight::titles::list(&crate::context::db()?, &asked.into(), sort, page).await?)
}

/// The titles that were begun last.
#[server(input = GetUrl, endpoint = "admin/latest-titles")]
pub async fn latest_titles() -> Result<Vec<TitleRow>, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    Ok(domain::insight::titles::latest(&crate::context::db()?, LATEST).await?)
}

/// What is typed into the form for many titles; of its fields those count that the action asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkTyped {
    pub amount: String,
    pub percent: String,
    pub sale_amount: String,
    pub sale_percent: String,
    pub sale_starts: String,
    pub sale_ends: String,
    /// The id of a category.
    pub category: String,
}

/// Changes many titles: those that were ticked, all that the page shows, or all that fit what it asked for, by `scope`
/// (`chosen`, `page`, `fitting`). Goes on to the page that says what became of them.
#[server(endpoint = "admin/change-titles")]
pub async fn change_titles(
    key: Uuid,
    action: String,
    #[server(default)] scope: String,
    #[server(default)] ids: Vec<Uuid>,
    #[server(default)] shown: Vec<Uuid>,
    #[server(default)] asked: TitleQuery,
    #[server(default)] typed: BulkTyped,
) -> Result<(), AppError> {
    use domain::catalog::bulk::BulkForm;
    use domain::insight::bulk::{Selection, start};
    crate::context::require(Permission::Catalogue).await?;
    let db = crate::context::db()?;
    let selection = match scope.as_str() {
        "page" => Selection::These(shown),
        "fitting" => Selection::Fitting(asked.into()),
        _ => Selection::These(ids),
    };
    let BulkTyped { amount, percent, sale_amount, sale_percent, sale_starts, sale_ends, category } = typed;
    let form = BulkForm { action, amount, percent, sale_amount, sale_percent, sale_starts, sale_ends, category };
    let change = form.read(&db, crate::context::settings().await?.currency).await?;
    start(&db, key, &change, &selection).await?;
    leptos_axum::redirect(&paths::admin_bulk(key));
    Ok(())
}

/// How far a change to many titles is.
#[server(name = ReadBulk, input = GetUrl, endpoint = "admin/changed-titles")]
pub async fn changed_titles(id: Uuid) -> Result<BulkView, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(domain::insight::bulk::view(&crate::context::db()?, id).await?)
}

/// Makes a draft with the words of a title, and goes there.
#[server(endpoint = "admin/duplicate-title")]
pub async fn duplicate_title(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    let copy = domain::catalog::drafts::duplicate(&crate::context::db()?, id).await?;
    leptos_axum::redirect(&paths::admin_title(copy));
    Ok(())
}

/// What goes when a draft is deleted.
#[server(name = ReadDraftContents, input = GetUrl, endpoint = "admin/draft-contents")]
pub async fn draft_contents(id: Uuid) -> Result<DraftContents, AppError> {
    crate::context::require(Permission::Catalogue).await?;
    Ok(domain::production::deletion::contents(&crate::context::db()?, id).await?)
}

/// Deletes a draft that nobody bought, with its files.
#[server(endpoint = "admin/delete-draft")]
pub async fn delete_draft(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::production::deletion::delete_draft(&crate::context::db()?, id).await?;
    leptos_axum::redirect("/admin/titles?deleted=1");
    Ok(())
}

/// Lets a title go on sale at a time (UTC).
#[server(endpoint = "admin/schedule")]
pub async fn schedule_title(id: Uuid, publish_at: String) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::scheduling::schedule(&crate::context::db()?, id, &publish_at).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#shelf"));
    Ok(())
}

/// Calls that off.
#[server(endpoint = "admin/unschedule")]
pub async fn unschedule_title(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Catalogue).await?;
    domain::catalog::scheduling::unschedule(&crate::context::db()?, id).await?;
    crate::context::go_on_without_script(&(paths::admin_title(id) + "#shelf"));
    Ok(())
}
