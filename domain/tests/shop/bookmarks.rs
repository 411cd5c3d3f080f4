//! Places that listeners mark.

use crate::database::fresh;
use crate::fixtures::{for_sale, give, shopper};
use domain::Error;
use domain::listening::bookmarks::{self, MOST};
use domain::listening::privacy::bookmarks_after;
use domain::privacy::deletion;

#[tokio::test]
async fn a_book_holds_so_many_bookmarks_and_no_more() {
    let shop = fresh().await;
    let (ada, bell) = (shopper(&shop, "Ada").await, for_sale(&shop, "The Bell", 1290).await);
    let refused = bookmarks::add(&shop.db, &ada, "the-bell", 0, "").await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "it is not hers");
    give(&shop, &ada, bell.id).await;
    for n in 0..MOST {
        bookmarks::add(&shop.db, &ada, "the-bell", i64::try_from(n).unwrap(), "").await.unwrap();
    }
    let refused = bookmarks::add(&shop.db, &ada, "the-bell", 0, "").await.unwrap_err();
    assert_eq!(refused.code(), "bookmarks.full");
}

#[tokio::test]
async fn bookmarks_are_taken_along_and_go_with_the_person() {
    let shop = fresh().await;
    let (ada, bell) = (shopper(&shop, "Ada").await, for_sale(&shop, "The Bell", 1290).await);
    give(&shop, &ada, bell.id).await;
    bookmarks::add(&shop.db, &ada, "the-bell", 1_000, "Here").await.unwrap();
    let taken = bookmarks_after(&shop.db, ada.id, None, 10).await.unwrap();
    assert_eq!((taken.len(), taken[0].title.as_str(), taken[0].note.as_str()), (1, "The Bell", "Here"));
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    assert_eq!(bookmarks_after(&shop.db, ada.id, None, 10).await.unwrap(), []);
}
