//! How quick the pages of a large shop are that many look at. `scripts/bench search` makes one up and prints the figures; in
//! every run of the tests the same pages are looked at in a small one, without a look at the clock.

use crate::database;
use crate::search_speed::print;
use domain::catalog::{Browse, browse, product_page};
use domain::entities::audiobooks;
use domain::{Clock, Db, FixedClock, SystemClock};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use std::sync::Arc;
use std::time::Instant;

#[tokio::test]
async fn page_speed() {
    let shop = database::fresh().await;
    let (db, times) = match std::env::var("LECTERN_SEARCH_DATABASE") {
        Ok(url) => (Db::connect(&url, 4).await.unwrap(), 40),
        Err(_) => {
            for title in ["The Bell", "The Lamp"] {
                shop.title(title).published().await;
            }
            (shop.db.clone(), 2)
        }
    };
    let titles = audiobooks::Entity::find().order_by_asc(audiobooks::Column::Slug).limit(times).all(db.read()).await;
    let slugs: Vec<String> = titles.unwrap().into_iter().map(|title| title.slug).collect();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    let db = db.with_clock(clock.clone());
    let category = Browse { category: "fiction".to_owned(), ..Browse::default() };
    let (mut home, mut remembered, mut all, mut of_category, mut pages) = (vec![], vec![], vec![], vec![], vec![]);
    for slug in &slugs {
        // What was remembered is too old.
        clock.advance(60_000);
        let begun = Instant::now();
        browse::home(&db).await.unwrap();
        home.push(begun.elapsed());
        let begun = Instant::now();
        browse::home(&db).await.unwrap();
        remembered.push(begun.elapsed());
        let begun = Instant::now();
        browse::listing(&db, &Browse::default()).await.unwrap();
        all.push(begun.elapsed());
        let begun = Instant::now();
        browse::listing(&db, &category).await.unwrap();
        of_category.push(begun.elapsed());
        let begun = Instant::now();
        product_page::page(&db, slug, None, 6).await.unwrap();
        pages.push(begun.elapsed());
    }
    print("home, looked up", "", &home);
    print("home, a moment later", "", &remembered);
    print("everything, looked up", "", &all);
    print("a category, looked up", "", &of_category);
    print("a title and six like it, looked up", "", &pages);
}
