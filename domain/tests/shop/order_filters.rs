//! Which orders the people who run the shop find.

use crate::database::{Shop, fresh};
use crate::fixtures::{DAY, bank, buy, cart_of, fill, for_sale, good_card, pay, shopper};
use async_trait::async_trait;
use domain::ordering::filtered::Typed;
use domain::ordering::payment::{Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, Unreachable};
use domain::ordering::{OrderFilter, OrderStatus, office};
use domain::{Day, Error, PageRequest};
use std::sync::Arc;

async fn found(shop: &Shop, filter: OrderFilter, typed: Typed<'_>) -> Vec<String> {
    let filter = filter.within(&typed).unwrap();
    let page = office::list(&shop.db, &filter, PageRequest::new(1, 20)).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64, "what is counted is what is listed");
    page.items.into_iter().map(|row| row.order.lines[0].title.clone()).collect()
}

async fn between(shop: &Shop, least: &str, most: &str) -> Vec<String> {
    found(shop, OrderFilter::default(), Typed { least, most, ..Typed::default() }).await
}

#[tokio::test]
async fn orders_are_found_by_the_days_on_which_they_were_placed() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let first = Day::of(shop.db.now());
    for name in ["Monday", "Tuesday", "Wednesday"] {
        let title = for_sale(&shop, name, 500).await;
        buy(&shop, &payments, &ada, &[&title]).await;
        shop.clock.advance(DAY);
    }
    let within = async |from: Option<Day>, to: Option<Day>| {
        let (from, to) = (from.map(|day| day.to_string()), to.map(|day| day.to_string()));
        let typed = Typed { from: &from.unwrap_or_default(), to: &to.unwrap_or_default(), ..Typed::default() };
        found(&shop, OrderFilter::default(), typed).await
    };
    assert_eq!(within(None, None).await, ["Wednesday", "Tuesday", "Monday"], "newest first");
    assert_eq!(within(Some(first.plus(1)), None).await, ["Wednesday", "Tuesday"]);
    assert_eq!(within(None, Some(first.plus(1))).await, ["Tuesday", "Monday"], "the last day is in it");
    assert_eq!(within(Some(first.plus(1)), Some(first.plus(1))).await, ["Tuesday"]);
    assert!(within(Some(first.plus(2)), Some(first)).await.is_empty());
}

#[tokio::test]
async fn an_amount_means_each_orders_own_currency() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    // Twelve and some of each.
    for (name, code, minor) in [("Dollars", "USD", 1290), ("Yen", "JPY", 12), ("Dinars", "KWD", 12_900)] {
        let title = shop.title(name).currency(code.parse().unwrap()).price(minor).published().await;
        buy(&shop, &payments, &ada, &[&title]).await;
    }
    assert_eq!(between(&shop, "12", "13").await, ["Dinars", "Yen", "Dollars"]);
    assert_eq!(between(&shop, "12.5", "").await, ["Dinars", "Dollars"]);
    assert_eq!(between(&shop, "", "12.5").await, ["Yen"]);
    assert_eq!(between(&shop, "12.90", "12.90").await, ["Dinars", "Dollars"]);
    assert_eq!(between(&shop, "12.901", "").await, [""; 0]);
}

#[tokio::test]
async fn what_is_no_day_and_no_amount_is_refused_at_its_field() {
    let refused = |typed: Typed<'_>| match OrderFilter::default().within(&typed) {
        Err(Error::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Typed { from: "soon", ..Typed::default() }), "from");
    assert_eq!(refused(Typed { to: "2026-02-30", ..Typed::default() }), "to");
    assert_eq!(refused(Typed { least: "12,90", ..Typed::default() }), "least");
    assert_eq!(refused(Typed { most: "-1", ..Typed::default() }), "most");
}

/// A provider that the shop had before: it takes everything.
#[derive(Debug)]
struct Former;

#[async_trait]
impl PaymentProvider for Former {
    fn name(&self) -> &'static str {
        "former"
    }

    async fn charge(&self, _: &Charge) -> Result<Outcome, Unreachable> {
        Ok(Outcome::Paid { card_last4: None, customer: None })
    }

    async fn outcome(&self, _: &Charge) -> Result<Option<Outcome>, Unreachable> {
        Ok(None)
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        Ok(())
    }
}

#[tokio::test]
async fn orders_are_found_by_the_provider_that_they_were_paid_through_also_beside_a_search() {
    let shop = fresh().await;
    let ((_, payments), former) = (bank(), Payments::from(Arc::new(Former)));
    let (ada, bob) = (shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    for (buyer, through) in [(&ada, &former), (&bob, &payments)] {
        fill(&shop, &cart_of(buyer), &[&bell]).await;
        assert_eq!(pay(&shop, through, buyer, &good_card()).await.unwrap().status, OrderStatus::Fulfilled);
    }
    let through = async |provider: &str, text: &str| {
        let filter = OrderFilter { provider: provider.to_owned(), text: text.to_owned(), ..OrderFilter::default() };
        found(&shop, filter, Typed { least: "10", ..Typed::default() }).await.len()
    };
    assert_eq!((through("former", "").await, through("simulated", "").await, through("", "").await), (1, 1, 2));
    assert_eq!((through("former", "ada@").await, through("former", "bob@").await), (1, 0));
    assert_eq!(through("stripe", "").await, 0);
}
