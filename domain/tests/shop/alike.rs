//! What every visitor sees alike is remembered for a moment, and no longer than it is so.

use crate::database;
use domain::catalog::{Browse, browse, product_page, publish};
use domain::testing;

#[tokio::test]
async fn a_page_that_was_just_looked_at_asks_the_database_nothing() {
    let shop = database::fresh().await;
    shop.title("The Bell").published().await;
    let db = &shop.db;
    for _ in 0..2 {
        shop.statements.take();
        let home = browse::home(db).await.unwrap();
        let found = browse::browse(db, &Browse::default()).await.unwrap();
        let (detail, _) = product_page::page(db, "the-bell", None, 6).await.unwrap();
        assert_eq!((home.newest.len(), found.total, detail.summary.title.as_str()), (1, 1, "The Bell"));
    }
    assert!(shop.statements.take().is_empty());
    shop.clock.advance(3_000);
    browse::home(db).await.unwrap();
    assert!(!shop.statements.take().is_empty(), "a moment later it is looked at again");
}

#[tokio::test]
async fn whatever_changes_what_shoppers_see_is_seen_at_once() {
    let shop = database::fresh().await;
    let db = &shop.db;
    assert!(browse::home(db).await.unwrap().newest.is_empty());
    let bell = shop.title("The Bell").published().await;
    assert_eq!(browse::home(db).await.unwrap().newest.len(), 1);
    assert!(product_page::page(db, "the-bell", None, 6).await.is_ok());
    assert_eq!(browse::categories(db).await.unwrap()[0].titles, 1);

    testing::title(db, "The Lamp").sold(3).published().await;
    assert_eq!(browse::home(db).await.unwrap().best_selling.len(), 1);
    assert_eq!(product_page::page(db, "the-bell", None, 6).await.unwrap().1.len(), 1, "the lamp is like the bell");
    assert_eq!(browse::categories(db).await.unwrap()[0].titles, 2);

    publish::unpublish(db, bell.id).await.unwrap();
    assert_eq!(browse::home(db).await.unwrap().newest.len(), 1);
    assert!(product_page::page(db, "the-bell", None, 6).await.is_err(), "nobody sees what was taken off the shelf");
}
