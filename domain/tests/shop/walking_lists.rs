//! What programs of the office and of listeners walk: every list to its end, in the order of its pages.

use crate::database::{Shop, fresh};
use crate::fixtures::give;
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::user_admin;
use domain::catalog::{contributors, series};
use domain::insight::{TitleFilter, TitleSort, TitleTab, title_walk, titles};
use domain::jobs::{JobStatus, manage};
use domain::listening::{LibraryFilter, library};
use domain::ordering::{OrderFilter, coupons, office};
use domain::promotions::{bundles, sales};
use domain::{Page, PageRequest, Part, Result, Walk};
use sea_orm::DbBackend;
use std::fmt::Debug;
use uuid::Uuid;

/// The whole list as a program sees it.
async fn walked<T>(ask: impl AsyncFn(Walk<'_>) -> Result<Part<T>>) -> Vec<T> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = ask(Walk { after: after.as_ref(), limit: 70 }).await.unwrap();
        all.extend(part.items);
        after = part.next;
        if after.is_none() {
            return all;
        }
    }
}

/// The whole list as its pages show it.
async fn paged<T>(ask: impl AsyncFn(PageRequest) -> Result<Page<T>>) -> Vec<T> {
    let mut all = Vec::new();
    for number in 1.. {
        let page = ask(PageRequest::new(number, 100)).await.unwrap();
        let last = number >= page.count();
        all.extend(page.items);
        if last {
            break;
        }
    }
    all
}

/// What a program sees, found by indexes, of more than one part, is what the pages show.
async fn alike<T: PartialEq + Debug>(
    shop: &Shop,
    what: &str,
    parts: impl AsyncFn(Walk<'_>) -> Result<Part<T>>,
    pages: impl AsyncFn(PageRequest) -> Result<Page<T>>,
) {
    shop.statements.take();
    let all = walked(parts).await;
    // Of so few rows MariaDB rather reads and sorts all.
    if shop.db.backend() != DbBackend::MySql {
        all_use_indexes(shop).await;
    }
    assert!(all.len() > 70, "{what}: {}", all.len());
    assert_eq!(all, paged(pages).await, "{what}");
}

#[tokio::test]
async fn programs_walk_the_lists_of_the_office_to_their_end() {
    let shop = fresh().await;
    crowd(&shop).await;
    for n in 0..75 {
        let title = shop.title(&format!("Tale {n}")).author(&format!("Writer {n}"));
        title.series(&format!("Row {n}"), Some(1)).draft().await;
    }
    let db = &shop.db;
    for text in ["", "person1"] {
        let parts = async |walk: Walk<'_>| user_admin::walk(db, text, false, walk).await;
        alike(&shop, "users", parts, async |page| user_admin::list(db, text, false, page).await).await;
    }
    let filter = OrderFilter::default();
    let parts = async |walk: Walk<'_>| office::walk(db, &filter, walk).await;
    alike(&shop, "orders", parts, async |page| office::list(db, &filter, page).await).await;
    let parts = async |walk: Walk<'_>| contributors::walk(db, "", walk).await;
    alike(&shop, "people", parts, async |page| contributors::list(db, "", page).await).await;
    let parts = async |walk: Walk<'_>| series::walk(db, "", walk).await;
    alike(&shop, "series", parts, async |page| series::list(db, "", page).await).await;
    let writers = walked(async |walk: Walk<'_>| contributors::walk(db, "writer 1", walk).await).await;
    assert_eq!(writers, paged(async |page| contributors::list(db, "writer 1", page).await).await);
    let rows = walked(async |walk: Walk<'_>| series::walk(db, "row 1", walk).await).await;
    assert_eq!((rows.len(), &rows), (11, &paged(async |page| series::list(db, "row 1", page).await).await));
    let parts = async |walk: Walk<'_>| manage::walk(db, JobStatus::Done, "mail.send", walk).await;
    alike(&shop, "jobs", parts, async |page| manage::list(db, JobStatus::Done, "mail.send", page).await).await;
    let parts = async |walk: Walk<'_>| sales::walk(db, walk).await;
    alike(&shop, "sales", parts, async |page| sales::list(db, page).await).await;
    let parts = async |walk: Walk<'_>| bundles::walk(db, walk).await;
    alike(&shop, "bundles", parts, async |page| bundles::list(db, page).await).await;
    let parts = async |walk: Walk<'_>| coupons::walk(db, walk).await;
    alike(&shop, "coupons", parts, async |page| coupons::list(db, page).await).await;
}

#[tokio::test]
async fn programs_walk_the_admin_s_titles_to_their_end_in_every_order() {
    let shop = fresh().await;
    crowd(&shop).await;
    let db = &shop.db;
    for (sort, param, _) in TitleSort::ALL {
        for (tab, text) in [(TitleTab::All, ""), (TitleTab::Published, ""), (TitleTab::All, "book")] {
            let filter = TitleFilter { tab, text: text.to_owned(), ..TitleFilter::default() };
            let ids = async |walk: Walk<'_>| {
                let (part, total) = title_walk::walk(db, &filter, sort, walk).await?;
                assert_eq!(total.0, 401, "{param} {text:?}");
                Ok(Part { items: part.items.into_iter().map(|title| title.id).collect::<Vec<Uuid>>(), next: part.next })
            };
            shop.statements.take();
            let all = walked(ids).await;
            // Every title has the word and the status: then all of them are read.
            if db.backend() == DbBackend::Sqlite && filter == TitleFilter::default() {
                all_use_indexes(&shop).await;
            }
            let mut shown = Vec::new();
            for number in 1..=5 {
                let page = titles::list(db, &filter, sort, PageRequest::new(number, 100)).await.unwrap();
                shown.extend(page.rows.into_iter().map(|title| title.id));
            }
            assert_eq!(all, shown, "{param} {text:?}");
        }
    }
}

#[tokio::test]
async fn programs_walk_their_own_books_to_the_end_also_when_one_is_bought_on_the_way() {
    let shop = fresh().await;
    crowd(&shop).await;
    let ada = crate::fixtures::shopper(&shop, "Ada").await;
    let (db, mut owned) = (&shop.db, Vec::new());
    for n in 0..6 {
        let title = shop.title(&format!("Mine {n}")).published().await;
        shop.clock.advance(i64::from(n % 2));
        give(&shop, &ada, title.id).await;
        owned.push(title.id);
    }
    shop.statements.take();
    let ask = async |after: Option<&domain::Place>| {
        let walk = Walk { after, limit: 4 };
        let part = library::walk(db, ada.id, LibraryFilter::All, "", walk).await.unwrap();
        (part.items.into_iter().map(|book| book.summary.id).collect::<Vec<Uuid>>(), part.next)
    };
    let (mut seen, next) = ask(None).await;
    let new = shop.title("Just now").published().await;
    shop.clock.advance(1);
    give(&shop, &ada, new.id).await;
    let (rest, end) = ask(next.as_ref()).await;
    seen.extend(rest);
    owned.reverse();
    assert_eq!((seen, end), (owned, None));
}
