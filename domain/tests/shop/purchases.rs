//! What somebody bought, item by item and in all.

use crate::database::fresh;
use crate::fixtures::{DAY, ask_refund, bank, buy, for_sale, settle_due, shopper};
use domain::insight::purchases::read::purchases;
use domain::listening::Position;
use domain::listening::position::save_position;
use domain::{Day, PageRequest};

#[tokio::test]
async fn purchases_are_told_item_by_item_and_in_all() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let nacht = shop
        .title("Nacht")
        .currency("EUR".parse().unwrap())
        .price(900)
        .category("poetry")
        .and_category("adventure")
        .published()
        .await;
    let both = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let first = Day::of(shop.db.now()).month();
    shop.clock.advance(31 * DAY);
    buy(&shop, &payments, &ada, &[&nacht]).await;
    buy(&shop, &payments, &bob, &[&owl]).await;
    let line = both.lines.iter().find(|line| line.title == "The Owl").unwrap();
    ask_refund(&shop, &both, &[line]).await.unwrap();
    settle_due(&shop, &payments).await;
    let place = Position { position_ms: 200_000, taken_at: shop.db.now(), speed_percent: 100, finished: false };
    save_position(&shop.db, ada.id, bell.id, place).await.unwrap();

    let seen = purchases(&shop.db, ada.id, PageRequest::new(1, 2)).await.unwrap();
    assert_eq!((seen.page.total, seen.page.items.len(), seen.more), (3, 2, false));
    assert_eq!(seen.page.items[0].title, "Nacht", "the newest first");
    let words = |sums: &[domain::Money]| sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!((words(&seen.all.spent), words(&seen.all.returned)), ("€9.00 $12.90".into(), "$8.00".into()));
    assert_eq!((seen.all.titles, seen.all.bought_ms, seen.all.heard_ms), (2, 1_200_000, 200_000));
    let months: Vec<_> = seen.months.iter().map(|line| (line.of, words(&line.sums.spent))).collect();
    assert_eq!(months, [(first.month_after(1), "€9.00".to_owned()), (first, "$12.90".to_owned())]);
    let shelves: Vec<_> = seen.categories.iter().map(|line| line.of.as_ref().unwrap().slug.as_str()).collect();
    assert_eq!(shelves, ["poetry", "adventure"], "a title counts in its first category");
    assert_eq!(seen.categories.iter().map(|line| line.sums.titles).sum::<u64>(), 2);
    let second = purchases(&shop.db, ada.id, PageRequest::new(2, 2)).await.unwrap();
    assert_eq!(second.page.items.len(), 1);
}

#[tokio::test]
async fn whoever_has_bought_nothing_has_no_purchases() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let seen = purchases(&shop.db, ada.id, PageRequest::new(1, 50)).await.unwrap();
    assert_eq!((seen.page.total, seen.all.titles, seen.months.len()), (0, 0, 0));
}
