//! The large shop in which `scripts/bench search` measures.

use super::fill;
use domain::catalog::seed_many;
use domain::{Currency, Db};
use std::time::Instant;

/// Makes titles up until there are as many as are asked for, in a database that is kept; without one, a few in a new one.
#[tokio::test]
async fn made_up_shop() {
    let folder = tempfile::TempDir::new().unwrap();
    let small = format!("sqlite://{}", folder.path().join("shop.db").display());
    let url = std::env::var("LECTERN_SEARCH_DATABASE").unwrap_or(small);
    let asked = std::env::var("LECTERN_SEARCH_TITLES").ok().and_then(|text| text.parse().ok());
    let titles: u32 = asked.unwrap_or(20);
    let db = Db::connect(&url, 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let there = u32::try_from(seed_many::count(&db).await.unwrap()).unwrap();
    if there < titles {
        let begun = Instant::now();
        fill(&db, Currency::USD, titles - there, there > 0, |_| {}).await.unwrap();
        println!("  {} titles made up in {} s", titles - there, begun.elapsed().as_secs());
    }
    assert!(seed_many::count(&db).await.unwrap() >= u64::from(titles));
}
