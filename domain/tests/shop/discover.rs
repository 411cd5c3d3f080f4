//! What is worth a look.

use crate::database::fresh;
use crate::fixtures::{DAY, bank, buy, for_sale, shopper};
use domain::catalog::AudiobookSummary;
use domain::catalog::discover::look::discover;
use domain::figures::tally::{self, Did};
use domain::{Error, Timestamp};

fn names(list: &[AudiobookSummary]) -> Vec<&str> {
    list.iter().map(|title| title.title.as_str()).collect()
}

#[tokio::test]
async fn the_best_of_the_week_are_not_the_best_of_all_time() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    buy(&shop, &payments, &ada, &[&bell]).await;
    buy(&shop, &payments, &bob, &[&bell]).await;
    shop.clock.advance(8 * DAY);
    buy(&shop, &payments, &ada, &[&owl]).await;
    tally::did(&shop.db, &bell.slug, Did::Finish);
    tally::flush(&shop.db).await.unwrap();
    let seen = discover(&shop.db, "").await.unwrap();
    assert_eq!(names(&seen.of_the_week), ["The Owl"]);
    assert_eq!(names(&seen.of_all_time), ["The Bell", "The Owl"]);
    assert_eq!(names(&seen.most_finished), ["The Bell"]);
    assert_eq!(names(&seen.newest).len(), 2);
}

#[tokio::test]
async fn a_category_has_lists_of_its_own_and_one_without_titles_has_none() {
    let shop = fresh().await;
    let (_, payments) = bank();
    let ada = shopper(&shop, "Ada").await;
    let verse = shop.title("Verse").category("poetry").published().await;
    let bell = for_sale(&shop, "The Bell", 1290).await;
    shop.title("Cheap").sale(100, Some(Timestamp(0)), None).published().await;
    buy(&shop, &payments, &ada, &[&verse, &bell]).await;
    let poetry = discover(&shop.db, "poetry").await.unwrap();
    assert_eq!((names(&poetry.newest), names(&poetry.of_the_week)), (vec!["Verse"], vec!["Verse"]));
    assert_eq!(poetry.category.unwrap().slug, "poetry");
    assert!(poetry.on_sale.is_empty());
    assert_eq!(names(&discover(&shop.db, "").await.unwrap().on_sale), ["Cheap"]);
    assert!(matches!(discover(&shop.db, "nothing").await, Err(Error::NotFound("category"))));
}

#[tokio::test]
async fn a_draft_is_in_no_list_whatever_was_sold_of_it() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    buy(&shop, &payments, &ada, &[&bell]).await;
    domain::catalog::publish::archive(&shop.db, bell.id).await.unwrap();
    let seen = discover(&shop.db, "").await.unwrap();
    assert!(seen.of_the_week.is_empty() && seen.of_all_time.is_empty() && seen.newest.is_empty());
}
