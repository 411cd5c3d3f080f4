//! Orders and refunds.

use crate::database::fresh;
use crate::fixtures::{
    ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, good_card, pay, refund, row, settle_due, shopper,
};
use domain::entitlements::owns;
use domain::ordering::checkout::accepted;
use domain::ordering::orders::{order, orders};
use domain::ordering::refunds;
use domain::ordering::{Added, OrderStatus, cart};
use domain::{Error, PageRequest};
use uuid::Uuid;

#[tokio::test]
async fn someone_elses_order_is_not_found() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let bought = buy(&shop, &payments, &ada, &[&bell]).await;
    assert_eq!(order(&shop.db, ada.id, &bought.number).await.unwrap(), bought);
    assert!(matches!(order(&shop.db, bob.id, &bought.number).await, Err(Error::NotFound(_))));
    assert!(matches!(order(&shop.db, ada.id, "L-2222-2222").await, Err(Error::NotFound(_))));
    assert_eq!(orders(&shop.db, bob.id, PageRequest::new(1, 20)).await.unwrap().total, 0);
}

#[tokio::test]
async fn orders_come_newest_first_a_page_at_a_time() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let mut numbers = Vec::new();
    for name in ["The Bell", "The Owl", "The Sea"] {
        let title = for_sale(&shop, name, 100).await;
        numbers.insert(0, buy(&shop, &payments, &ada, &[&title]).await.number);
    }
    let first = orders(&shop.db, ada.id, PageRequest::new(1, 2)).await.unwrap();
    let second = orders(&shop.db, ada.id, PageRequest::new(2, 2)).await.unwrap();
    let listed: Vec<_> = first.items.iter().chain(&second.items).map(|order| order.number.clone()).collect();
    assert_eq!((listed, first.total, first.items.len()), (numbers, 3, 2));
}

#[tokio::test]
async fn a_refund_takes_access_away_and_the_title_can_be_bought_again() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let bought = buy(&shop, &payments, &ada, &[&bell]).await;
    buy(&shop, &payments, &ada, &[&owl]).await;
    let refunded = refund(&shop, &payments, &ada, &bought).await;
    assert_eq!((refunded.status, refunded.paid_at, bank.charged()), (OrderStatus::Refunded, bought.paid_at, 1));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert!(owns(&shop.db, ada.id, owl.id).await.unwrap());
    let after = row(&shop, bell.id).await;
    assert_eq!((after.licences_sold, after.sold_count), (0, 0));
    let again = ask_refund(&shop, &bought, &[]).await.unwrap_err();
    assert_eq!(again.code(), "orders.not-paid");
    settle_due(&shop, &payments).await;
    assert_eq!(row(&shop, bell.id).await.sold_count, 0);
    assert_eq!(cart::add(&shop.db, &cart_of(&ada), &bell.slug).await.unwrap(), Added::Added);
    let second = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_ne!(second.number, bought.number);
    settle_due(&shop, &payments).await;
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap(), "the old refund took the new purchase away");
}

#[tokio::test]
async fn what_was_not_paid_is_not_paid_back() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let declined = pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    assert!(matches!(ask_refund(&shop, &declined, &[]).await, Err(Error::Conflict(_))));
    let nothing = refunds::ask(&shop.db, "L-2222-2222", &[Uuid::now_v7()], "why").await;
    assert!(matches!(nothing, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_declined_card_is_told_with_its_reason() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let declined = accepted(pay(&shop, &payments, &ada, &bad_card()).await.unwrap()).unwrap_err();
    assert_eq!(declined.code(), "card.declined");
    assert_eq!(declined.to_string(), "The bank declined this card. Nothing was charged.");
    assert_eq!(
        accepted(pay(&shop, &payments, &ada, &good_card()).await.unwrap()).unwrap().status,
        OrderStatus::Fulfilled
    );
}
