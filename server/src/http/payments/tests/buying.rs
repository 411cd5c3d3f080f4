//! To Stripe and back.

use super::*;
use crate::stripe::fake::Mood;
use domain::entitlements::owns;

const BROWSER: [(&str, &str); 1] = [("accept", "text/html")];

#[tokio::test]
async fn a_shopper_pays_at_stripe_and_gets_the_book_once_stripe_has_said_so() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    assert!(!owns(&street.shop.db, ada.user.id, bell.id).await.unwrap());
    assert_eq!(street.attempt(&order).await.provider, "stripe");
    let way = street.shop.get(&ada.cookie, &format!("/orders/{}/pay", order.number), &[]).await;
    assert_eq!(way.status, 303);
    assert!(way.header("location").contains(&format!("/c/pay/{page}")), "{}", way.header("location"));
    street.stripe.pay(&page);
    assert_eq!(street.tell(&street.stripe.event("checkout.session.completed", &page)).await, 200);
    assert_eq!(street.work().await, 1);
    let paid = street.order(&ada, &order).await;
    assert_eq!((paid.status, paid.card_last4.as_deref(), paid.goes_on), (OrderStatus::Fulfilled, Some("4242"), false));
    assert!(owns(&street.shop.db, ada.user.id, bell.id).await.unwrap());
    assert_eq!(street.sold(&bell).await, (1, 1));
    let again = street.shop.get(&ada.cookie, &format!("/orders/{}/pay", order.number), &[]).await;
    assert_eq!(again.header("location"), format!("/orders/{}", order.number), "there is nothing to pay any more");
    assert!(street.attempt(&order).await.go_on_at.is_none());
}

#[tokio::test]
async fn without_javascript_the_form_leads_to_stripe_too() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let answer = street.check_out(&ada, 1290, "key", &BROWSER).await;
    assert_eq!(answer.status, 302);
    assert!(answer.header("location").ends_with("/pay"), "{}", answer.header("location"));
    let way = street.shop.get(&ada.cookie, answer.header("location"), &[]).await;
    assert!(way.header("location").contains("/c/pay/"), "{}", way.header("location"));
    let page = street.shop.get(&ada.cookie, "/cart", &[]).await;
    let policy = page.header("content-security-policy");
    let pages = street.stripe.desk().pages.len();
    let origin = way.header("location").split("/c/pay/").next().unwrap().to_owned();
    assert!(policy.contains(&format!("form-action 'self' {origin};")), "{policy}");
    assert_eq!(pages, 1);
}

#[tokio::test]
async fn the_checkout_page_asks_for_no_card() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let page = street.shop.get(&ada.cookie, "/checkout", &BROWSER).await;
    assert!(page.text().contains("at Stripe") && !page.text().contains("cc-number"), "{}", page.text());
    street.check_out(&ada, 1290, "key", &[]).await;
    let number = "4242424242424242";
    assert!(
        street.stripe.last().form.values().all(|value| !value.contains(number)),
        "what is sent all the same is dropped"
    );
}

#[tokio::test]
async fn a_second_click_leads_to_the_same_page_at_stripe() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let first = street.check_out(&ada, 1290, "one key", &[]).await;
    let second = street.check_out(&ada, 1290, "one key", &[]).await;
    let read = |answer: &Answer| serde_json::from_slice::<Order>(&answer.body).unwrap();
    assert_eq!(read(&first), read(&second));
    assert_eq!(street.stripe.desk().pages.len(), 1);
}

#[tokio::test]
async fn nobody_goes_on_with_somebody_elses_order() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let eve = street.buyer("Eve", &[]).await;
    let (order, _) = street.begin(&ada, 1290).await;
    let path = format!("/orders/{}/pay", order.number);
    assert_eq!(street.shop.get(&eve.cookie, &path, &[]).await.status, 404);
    let asked = street.shop.get("", &path, &[]).await;
    assert_eq!(asked.header("location"), format!("/login?next=%2Forders%2F{}", order.number));
    let form = format!("number={}", order.number);
    let given_up = street.shop.post(&eve.cookie, "/api/orders/give-up", &form, &[]).await;
    assert_eq!((given_up.status.as_u16(), street.order(&ada, &order).await.status), (404, OrderStatus::Pending));
}

#[tokio::test]
async fn who_comes_back_before_stripe_has_told_the_shop_is_told_that_it_is_paid() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    let path = format!("/orders/{}", order.number);
    let shown = async |query: &str| street.shop.get(&ada.cookie, &format!("{path}{query}"), &BROWSER).await;
    assert!(shown("").await.text().contains("Go on paying"));
    // Paid with a bank that takes its time.
    street.shop.clock.advance(MINUTE);
    street.stripe.change(&page, |page| (page.status, page.intent) = ("complete", Some("processing")));
    let waits = shown("?paid=1").await;
    assert!(waits.text().contains("being confirmed") && !waits.text().contains("Go on paying"), "{}", waits.text());
    street.shop.clock.advance(MINUTE);
    street.stripe.pay(&page);
    assert!(shown("?paid=1").await.text().contains("Thank you"));
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Fulfilled);
}

#[tokio::test]
async fn who_gives_up_at_stripe_can_pay_again() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, first) = street.begin(&ada, 1290).await;
    let form = format!("number={}", order.number);
    let given_up = street.shop.post(&ada.cookie, "/api/orders/give-up", &form, &[]).await;
    assert!(given_up.status.is_success(), "{}", given_up.text());
    assert_eq!((street.order(&ada, &order).await.status, street.sold(&bell).await), (OrderStatus::Cancelled, (0, 0)));
    assert_eq!(street.stripe.last().status, "expired", "its page takes no money any more");
    let (again, second) = street.begin(&ada, 1290).await;
    assert_ne!(first, second);
    street.stripe.pay(&second);
    street.tell(&street.stripe.event("checkout.session.expired", &first)).await;
    street.tell(&street.stripe.event("checkout.session.completed", &second)).await;
    street.work().await;
    assert_eq!(street.order(&ada, &again).await.status, OrderStatus::Fulfilled);
    assert_eq!(
        (street.statuses(&ada).await, street.sold(&bell).await),
        (vec![OrderStatus::Fulfilled, OrderStatus::Cancelled], (1, 1))
    );
}

#[tokio::test]
async fn buying_again_gives_up_the_order_that_waits_unless_it_was_paid() {
    let street = Street::open().await;
    let (bell, owl) = (street.title("The Bell", 1290).await, street.title("The Owl", 800).await);
    let ada = street.buyer("Ada", &[&bell]).await;
    let (_, first) = street.begin(&ada, 1290).await;
    street.fill(&ada, &[&owl]).await;
    let (_, second) = street.begin(&ada, 2090).await;
    assert_eq!(street.statuses(&ada).await, [OrderStatus::Pending, OrderStatus::Cancelled]);
    assert_ne!(first, second);
    // Paid, and the shop has not heard of it yet: what is in the cart then is bought already.
    street.stripe.pay(&second);
    let refused = street.check_out(&ada, 2090, "third", &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(street.statuses(&ada).await, [OrderStatus::Fulfilled, OrderStatus::Cancelled]);
    assert_eq!(street.stripe.kept(), 2090);
    assert_eq!(street.stripe.desk().pages.len(), 2);
}

#[tokio::test]
async fn a_payment_that_stripe_does_not_answer_for_is_neither_given_up_nor_made_twice() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, _) = street.begin(&ada, 1290).await;
    street.stripe.desk().mood = Mood::Away;
    let form = format!("number={}", order.number);
    assert_eq!(street.shop.post(&ada.cookie, "/api/orders/give-up", &form, &[]).await.status, 409);
    assert_eq!(street.check_out(&ada, 1290, "another", &[]).await.status, 409);
    assert_eq!(street.statuses(&ada).await, [OrderStatus::Pending]);
}

#[tokio::test]
async fn an_answer_that_was_lost_after_stripe_made_the_page_finds_the_same_page() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    street.stripe.desk().mood = Mood::Lost;
    let answer = street.check_out(&ada, 1290, "key", &[]).await;
    let order: Order = serde_json::from_slice(&answer.body).unwrap();
    assert!(order.status == OrderStatus::Pending && !order.goes_on);
    street.stripe.desk().mood = Mood::Well;
    street.shop.clock.advance(2 * MINUTE);
    street.work().await;
    let found = street.order(&ada, &order).await;
    assert!(found.goes_on && street.stripe.desk().pages.len() == 1);
    street.stripe.pay(&street.stripe.last().id);
    street.shop.clock.advance(2 * MINUTE);
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Fulfilled, "no event has come");
}

#[tokio::test]
async fn an_order_that_stripe_never_saw_is_cancelled() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    street.stripe.desk().mood = Mood::Away;
    let answer = street.check_out(&ada, 1290, "key", &[]).await;
    let order: Order = serde_json::from_slice(&answer.body).unwrap();
    // Away until it is too late to begin.
    street.shop.clock.advance(50 * MINUTE);
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Pending);
    street.stripe.desk().mood = Mood::Well;
    street.shop.clock.advance(10 * MINUTE);
    street.work().await;
    assert_eq!(
        (street.order(&ada, &order).await.status, street.stripe.desk().pages.len()),
        (OrderStatus::Cancelled, 0)
    );
    assert_eq!(street.sold(&bell).await, (0, 0));
}

#[tokio::test]
async fn what_is_free_needs_no_stripe() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 0).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let answer = street.check_out(&ada, 0, "key", &[]).await;
    let order: Order = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((order.status, order.provider, street.stripe.desk().pages.len()), (OrderStatus::Fulfilled, None, 0));
}
