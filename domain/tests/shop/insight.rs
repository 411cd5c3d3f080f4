//! The shop in numbers.

use crate::database::{Shop, fresh};
use crate::fixtures::{
    DAY, ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, pay, refund, settle_due, shopper, user,
};
use crate::gift::{form, give_title};
use domain::account::Role;
use domain::entities::{orders, production_steps};
use domain::insight::dashboard::dashboard;
use domain::production::{Step, StepStatus};
use sea_orm::{EntityTrait, IntoActiveModel};
use std::collections::BTreeMap;
use uuid::Uuid;

#[tokio::test]
async fn an_empty_shop_has_sold_nothing() {
    let shop = fresh().await;
    let seen = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap();
    let sales = seen.sales.unwrap();
    assert_eq!((seen.published, sales.orders_paid, sales.revenue[0].minor, sales.customers), (0, 0, 0, 0));
    assert_eq!(dashboard(&shop.db, domain::Currency::USD, false).await.unwrap().sales, None, "not for everybody");
}

#[tokio::test]
async fn the_dashboard_counts_what_was_paid_and_not_what_was_paid_back() {
    let shop = fresh().await;
    let ((_, payments), ada, bob) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bob").await);
    user(&shop, "Root", Role::Admin).await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let unfinished = shop.title("The Draft").draft().await;
    for (step, status) in [(Step::Transcribe, StepStatus::Failed), (Step::Describe, StepStatus::Blocked)] {
        let row = production_steps::Model {
            id: Uuid::now_v7(),
            audiobook_id: unfinished.id,
            step,
            status,
            attempt: 1,
            progress_permille: 0,
            message: None,
            provider: None,
            model: None,
            input_hash: None,
            coverage_permille: None,
            output: None,
            started_at: None,
            finished_at: None,
            updated_at: shop.db.now(),
        };
        production_steps::Entity::insert(row.into_active_model()).exec_without_returning(shop.db.read()).await.unwrap();
    }
    buy(&shop, &payments, &ada, &[&bell]).await;
    let returned = buy(&shop, &payments, &bob, &[&bell]).await;
    buy(&shop, &payments, &bob, &[&owl]).await;
    refund(&shop, &payments, &bob, &returned).await;
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    let seen = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap();
    assert_eq!((seen.published, seen.drafts, seen.needing_attention), (2, 1, 1));
    let sales = seen.sales.unwrap();
    assert_eq!((sales.orders_paid, sales.revenue[0].to_string().as_str(), sales.customers), (2, "$20.90", 2));
}

#[tokio::test]
async fn revenue_is_told_in_every_currency_and_without_what_was_paid_back() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let nacht = shop.title("Nacht").currency("EUR".parse().unwrap()).price(500).published().await;
    let yoru = shop.title("Yoru").currency("JPY".parse().unwrap()).price(900).published().await;
    buy(&shop, &payments, &ada, &[&nacht]).await;
    let both = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let gone = buy(&shop, &payments, &ada, &[&yoru]).await;
    ask_refund(&shop, &both, &[&both.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    refund(&shop, &payments, &ada, &gone).await;
    let sales = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap().sales.unwrap();
    let revenue: Vec<_> = sales.revenue.iter().map(ToString::to_string).collect();
    assert_eq!((sales.orders_paid, revenue), (2, vec!["€5.00".to_owned(), "$8.00".to_owned()]));
    assert_eq!(told(&shop).await, recounted(&shop).await);
}

/// The dashboard's orders and money, by currency.
async fn told(shop: &Shop) -> (u64, Vec<(String, i64)>) {
    let sales = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap().sales.unwrap();
    let revenue = sales.revenue.iter().map(|money| (money.currency.code().to_owned(), money.minor));
    (sales.orders_paid, revenue.collect::<BTreeMap<_, _>>().into_iter().collect())
}

/// The same, order by order.
async fn recounted(shop: &Shop) -> (u64, Vec<(String, i64)>) {
    let all = orders::Entity::find().all(shop.db.read()).await.unwrap();
    let with_money: Vec<_> = all.into_iter().filter(|order| order.status.is_paid()).collect();
    let mut revenue = BTreeMap::<String, i64>::new();
    for order in &with_money {
        *revenue.entry(order.currency.clone()).or_default() += order.total_minor - order.refunded_minor;
    }
    (u64::try_from(with_money.len()).unwrap(), revenue.into_iter().collect())
}

#[tokio::test]
async fn the_dashboard_says_what_a_recount_of_all_orders_says_of_gifts_and_refunds_as_well() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    give_title(&shop, &payments, &ada, &bell, &form()).await;
    let order = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    assert_eq!(told(&shop).await, (2, vec![("USD".to_owned(), 3380)]));
    for line in &order.lines {
        shop.clock.advance(DAY);
        ask_refund(&shop, &order, &[line]).await.unwrap();
        settle_due(&shop, &payments).await;
        assert_eq!(told(&shop).await, recounted(&shop).await);
    }
    assert_eq!(told(&shop).await, (1, vec![("USD".to_owned(), 1290)]));
}
