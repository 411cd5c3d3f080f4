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
use uuid::Uuid;

/// Titles on a page of the list.
#[cfg(feature = "ssr")]
const TITLES_A_PAGE: u32 = 25;
/// Titles on the admin's first page.
#[cfg(feature = "ssr")]
const LATEST: u64 = 6;

/// A page of titles, as its address asks for it.
#[server(name = ListTitles, input = GetUrl, endpoint = "admin/titles")]
pub async fn list_titles(
    #[server(default)] q: String,
    #[server(default)] status: String,
    #[server(default)] category: String,
    #[server(default)] lacks: String,
    #[server(default)] reduced: String,
    #[server(default)] language: String,
    #[server(default)] sort: String,
    #[server(default)] page: u32,
) -> Result<TitleList, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    let filter = filter(q, &status, category, &lacks, &reduced, language);
    let (sort, page) = (domain::insight::TitleSort::from_param(&sort), domain::PageRequest::new(page, TITLES_A_PAGE));
    Ok(domain::insight::titles::list(&crate::context::db()?, &filter, sort, page).await?)
}

#[cfg(feature = "ssr")]
fn filter(
    q: String,
    status: &str,
    category: String,
    lacks: &str,
    reduced: &str,
    language: String,
) -> domain::insight::TitleFilter {
    use domain::insight::{Lack, TitleFilter, TitleTab};
    TitleFilter {
        text: q,
        tab: TitleTab::from_param(status),
        category,
        lacks: Lack::from_param(lacks),
        reduced: !reduced.is_empty(),
        language,
    }
}

/// The titles that were begun last.
#[server(input = GetUrl, endpoint = "admin/latest-titles")]
pub async fn latest_titles() -> Result<Vec<TitleRow>, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    Ok(domain::insight::titles::latest(&crate::context::db()?, LATEST).await?)
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
    #[server(default)] q: String,
    #[server(default)] status: String,
    #[server(default)] category: String,
    #[server(default)] lacks: String,
    #[server(default)] reduced: String,
    #[server(default)] language: String,
    #[server(default)] amount: String,
    #[server(default)] percent: String,
    #[server(default)] sale_amount: String,
    #[server(default)] sale_percent: String,
    #[server(default)] sale_starts: String,
    #[server(default)] sale_ends: String,
    #[server(default)] shelf: String,
) -> Result<(), AppError> {
    use domain::catalog::bulk::BulkForm;
    use domain::insight::bulk::{Selection, start};
    crate::context::require(Permission::Catalogue).await?;
    let db = crate::context::db()?;
    let selection = match scope.as_str() {
        "page" => Selection::These(shown),
        "fitting" => Selection::Fitting(filter(q, &status, category, &lacks, &reduced, language)),
        _ => Selection::These(ids),
    };
    let form = BulkForm { action, amount, percent, sale_amount, sale_percent, sale_starts, sale_ends, category: shelf };
    let change = form.read(&db, crate::context::shop()?.currency).await?;
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
