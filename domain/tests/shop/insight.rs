//! The shop in numbers.

use crate::database::fresh;
use crate::fixtures::{
    ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, pay, refund, settle_due, shopper, user,
};
use domain::account::Role;
use domain::entities::{orders, production_steps};
use domain::insight::dashboard::dashboard;
use domain::production::{Step, StepStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
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
    let (bell, owl, sea) = (
        for_sale(&shop, "The Bell", 1290).await,
        for_sale(&shop, "The Owl", 800).await,
        for_sale(&shop, "The Sea", 500).await,
    );
    buy(&shop, &payments, &ada, &[&sea]).await;
    let both = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let other = orders::Entity::update_many().col_expr(orders::Column::Currency, Expr::value("EUR"));
    other.filter(orders::Column::TotalMinor.eq(500)).exec(shop.db.read()).await.unwrap();
    ask_refund(&shop, &both, &[&both.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    let sales = dashboard(&shop.db, domain::Currency::USD, true).await.unwrap().sales.unwrap();
    let revenue: Vec<_> = sales.revenue.iter().map(ToString::to_string).collect();
    assert_eq!((sales.orders_paid, revenue), (2, vec!["€5.00".to_owned(), "$8.00".to_owned()]));
}
