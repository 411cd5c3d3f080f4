//! The migrations themselves.

use crate::database::{self, Shop};
use migrations::sea_orm::{ConnectionTrait, Statement};

async fn count(shop: &Shop, table: &str) -> i64 {
    let db = shop.db.read();
    let sql = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) FROM {table}"));
    db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn every_migration_can_be_undone_and_done_again() {
    let shop = database::fresh().await;
    let db = shop.db.read();
    migrations::down(db).await.expect("every step can be undone");
    assert!(
        db.query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT id FROM audiobooks")).await.is_err()
    );
    migrations::up(db).await.expect("every step can be done again");
    assert_eq!(count(&shop, "audiobooks").await, 0);
}

#[tokio::test]
async fn a_database_says_whether_it_is_up_to_date() {
    let shop = database::fresh().await;
    assert!(migrations::pending(shop.db.read()).await.unwrap().is_empty());
    migrations::down(shop.db.read()).await.unwrap();
    assert!(migrations::pending(shop.db.read()).await.unwrap().len() >= 6);
}

#[tokio::test]
async fn each_test_has_a_shop_of_its_own() {
    let (one, other) = (database::fresh().await, database::fresh().await);
    let sql = "INSERT INTO workers (id, facts, started_at, seen_at) VALUES ('ada', '{}', 1, 1)";
    one.db.read().execute_unprepared(sql).await.unwrap();
    assert_eq!(count(&one, "workers").await, 1);
    assert_eq!(count(&other, "workers").await, 0);
}
