//! How quickly the dashboard of a shop with a million order lines answers. In every run of the tests it is a small shop
//! without a look at the clock; with `LECTERN_FIGURES_LINES=1000000` it is a large one, and the figures are printed.

use crate::database::fresh;
use crate::fixtures::for_sale;
use crate::search_speed::print;
use domain::entities::{audiobooks, day_takings, title_takings};
use domain::insight::report::{Range, TitleOrder, read};
use domain::{Currency, Day};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use std::time::Instant;
use uuid::Uuid;

/// Inserts rows, some hundred at a time.
pub async fn insert<M, A>(db: &impl ConnectionTrait, rows: Vec<M>)
where
    M: IntoActiveModel<A> + Clone,
    A: ActiveModelTrait,
{
    for some in rows.chunks(500) {
        let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
        <A::Entity as EntityTrait>::insert_many(some).exec_without_returning(db).await.unwrap();
    }
}

#[tokio::test]
async fn figures_speed() {
    let lines: i32 = std::env::var("LECTERN_FIGURES_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(730);
    let shop = fresh().await;
    // The worst that so many lines can be: on each day each sale is of another title.
    let (days, today) = (365, Day::of(shop.db.now()));
    let a_day = (lines / days).max(1);
    let first = for_sale(&shop, "Book", 100).await;
    let model = crate::fixtures::row(&shop, first.id).await;
    let titles: Vec<_> = (0..a_day * 2)
        .map(|number| audiobooks::Model { id: Uuid::now_v7(), slug: format!("book-{number}"), ..model.clone() })
        .collect();
    let ids: Vec<Uuid> = titles.iter().map(|title| title.id).collect();
    insert(shop.db.read(), titles).await;
    shop.db.read().execute_unprepared("PRAGMA synchronous = OFF").await.ok();
    let row = |span: i32, since: Day, title: usize| title_takings::Model {
        span,
        since: since.0,
        currency: "USD".to_owned(),
        audiobook_id: ids[title % ids.len()],
        sold: 1,
        revenue_minor: 100 + i64::try_from(title).unwrap(),
        returned: 0,
        returned_minor: 0,
    };
    let mut month = Day::default();
    for back in (0..days).rev() {
        let day = today.plus(-back);
        if day.month() != month {
            month = day.month();
            insert(shop.db.read(), (0..ids.len()).map(|title| row(1, month, title)).collect()).await;
        }
        let start = usize::try_from(back % 2 * a_day).unwrap();
        let of_day = (start..start + usize::try_from(a_day).unwrap()).map(|title| row(0, day, title));
        insert(shop.db.read(), of_day.collect()).await;
        let total = day_takings::Model {
            day: day.0,
            currency: "USD".to_owned(),
            orders: a_day.into(),
            sold: a_day.into(),
            revenue_minor: 100,
            returned: 0,
            returned_minor: 0,
            new_customers: 1,
        };
        insert(shop.db.read(), vec![total]).await;
    }
    for preset in ["7", "30", "90", "12m"] {
        let range = Range::read(preset, "", "", today);
        let mut times = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let seen = read::report(&shop.db, range, Currency::USD, None, TitleOrder::Revenue).await.unwrap();
            times.push(begun.elapsed());
            assert!(!seen.titles.is_empty());
        }
        print("the dashboard of", preset, &times);
    }
}
