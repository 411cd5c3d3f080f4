//! The shop in numbers.

use crate::database::fresh;
use crate::fixtures::{bad_card, bank, buy, cart_of, fill, for_sale, pay, shopper, user};
use domain::account::Role;
use domain::entities::production_steps;
use domain::insight::dashboard::dashboard;
use domain::ordering::orders::refund;
use domain::production::{Step, StepStatus};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

#[tokio::test]
async fn an_empty_shop_has_sold_nothing() {
    let shop = fresh().await;
    let seen = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap();
    let sales = seen.sales.unwrap();
    assert_eq!((seen.published, sales.orders_paid, sales.revenue.minor, sales.customers), (0, 0, 0, 0));
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
    refund(&shop.db, &payments, returned.id).await.unwrap();
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    let seen = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap();
    assert_eq!((seen.published, seen.drafts, seen.needing_attention), (2, 1, 1));
    let sales = seen.sales.unwrap();
    assert_eq!((sales.orders_paid, sales.revenue.to_string().as_str(), sales.customers), (2, "$20.90", 2));
}
