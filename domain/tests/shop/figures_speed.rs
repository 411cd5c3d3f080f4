//! How quickly the dashboard of a shop with a million order lines answers, and which part of it takes how long.
//! `scripts/bench figures` makes one up and prints the figures; in every run of the tests it is a small shop, without a look at
//! the clock.

use crate::database::{Shop, fresh};
use crate::fixtures::for_sale;
use crate::search_speed::print;
use domain::entities::{
    audiobooks, coupon_takings, day_interest, day_searches, day_takings, title_interest, title_takings,
};
use domain::figures::spans;
use domain::figures::tally::SEARCHES_A_DAY;
use domain::insight::dashboard::dashboard;
use domain::insight::report::{Range, TitleOrder, read};
use domain::{Currency, Day, Db};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Days of the made-up year.
const DAYS: i32 = 365;
/// What a report is read from, as `FROM` names it.
const TABLES: [&str; 7] =
    ["day_takings", "title_takings", "title_interest", "audiobooks", "coupon_takings", "day_interest", "day_searches"];

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

/// How long the statements of each table took since the last time.
#[derive(Clone, Default)]
struct Took(Arc<Mutex<BTreeMap<&'static str, Duration>>>);

impl Took {
    /// The database of a shop, whose statements are timed.
    fn watch(&self, shop: &Shop) -> Db {
        let mut connection = shop.db.read().clone();
        let took = self.0.clone();
        connection.set_metric_callback(move |info| {
            let sql = info.statement.sql.as_str();
            let table = TABLES.into_iter().filter_map(|table| Some((sql.find(table)?, table))).min();
            *took.lock().unwrap().entry(table.map_or("else", |(_, table)| table)).or_default() += info.elapsed;
        });
        Db::new(connection, shop.clock.clone())
    }

    fn take(&self) -> BTreeMap<&'static str, Duration> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// Rows that are not written yet.
#[derive(Default)]
struct Rows {
    sold: Vec<title_takings::Model>,
    seen: Vec<title_interest::Model>,
    totals: Vec<day_takings::Model>,
    looks: Vec<day_interest::Model>,
    coupons: Vec<coupon_takings::Model>,
    searches: Vec<day_searches::Model>,
}

impl Rows {
    async fn write(&mut self, shop: &Shop) {
        let Self { sold, seen, totals, looks, coupons, searches } = std::mem::take(self);
        let db = shop.db.read();
        insert(db, sold).await;
        insert(db, seen).await;
        insert(db, totals).await;
        insert(db, looks).await;
        insert(db, coupons).await;
        insert(db, searches).await;
        // What was sent is not looked at, and long.
        shop.statements.take();
    }

    /// What was sold of titles in a day or month, and how they were looked at.
    fn titles(&mut self, span: i32, since: Day, ids: &[Uuid], first: usize) {
        let since = since.0;
        self.sold.extend((first..).zip(ids).map(|(number, id)| title_takings::Model {
            span,
            since,
            currency: "USD".to_owned(),
            audiobook_id: *id,
            sold: 1,
            revenue_minor: 100 + i64::try_from(number).unwrap(),
            returned: 0,
            returned_minor: 0,
        }));
        self.seen.extend(ids.iter().map(|id| title_interest::Model {
            span,
            since,
            audiobook_id: *id,
            views: 3,
            samples: 2,
            carts: 1,
            finished: 0,
        }));
    }

    /// What a day came to in all, and what was searched for: half of it other words every day.
    fn day(&mut self, day: Day, a_day: usize) {
        let (count, currency) = (i64::try_from(a_day).unwrap(), || "USD".to_owned());
        self.totals.push(day_takings::Model {
            day: day.0,
            currency: currency(),
            orders: count,
            sold: count,
            revenue_minor: 100,
            returned: 0,
            returned_minor: 0,
            new_customers: 1,
        });
        self.looks.push(day_interest::Model { day: day.0, views: count, samples: count, carts: count, finished: 0 });
        self.coupons.push(coupon_takings::Model {
            day: day.0,
            coupon_id: Uuid::now_v7(),
            currency: currency(),
            orders: 1,
            discount_minor: 1,
            revenue_minor: 1,
        });
        self.searches.extend((0..a_day.min(SEARCHES_A_DAY)).map(|number| day_searches::Model {
            day: day.0,
            text: if number % 2 == 0 { format!("word {number}") } else { format!("word {number} of {day}") },
            asked: 2,
            empty: i64::from(number % 4 == 0),
        }));
    }
}

/// The rows of a year in which so many lines were sold, at their worst: on each day each sale is of another title, each title
/// is looked at whenever it is sold, and as many different searches are made as are kept.
async fn made_up_year(shop: &Shop, lines: i32) {
    let today = Day::of(shop.db.now());
    let a_day = usize::try_from(lines / DAYS).unwrap().max(1);
    let first = for_sale(shop, "Book", 100).await;
    let model = crate::fixtures::row(shop, first.id).await;
    let titles: Vec<_> = (0..a_day * 2)
        .map(|number| audiobooks::Model { id: Uuid::now_v7(), slug: format!("book-{number}"), ..model.clone() })
        .collect();
    let ids: Vec<Uuid> = titles.iter().map(|title| title.id).collect();
    insert(shop.db.read(), titles).await;
    shop.db.read().execute_unprepared("PRAGMA synchronous = OFF").await.ok();
    let (mut month, mut rows) = (Day::default(), Rows::default());
    for back in (0..DAYS).rev() {
        let day = today.plus(-back);
        if day.month() != month {
            month = day.month();
            rows.write(shop).await;
            rows.titles(spans::MONTH, month, &ids, 0);
        }
        let start = if back % 2 == 0 { 0 } else { a_day };
        rows.titles(spans::DAY, day, &ids[start..start + a_day], start);
        rows.day(day, a_day);
    }
    rows.write(shop).await;
}

#[tokio::test]
async fn figures_speed() {
    let lines: i32 = std::env::var("LECTERN_FIGURES_LINES").ok().and_then(|lines| lines.parse().ok()).unwrap_or(730);
    let shop = fresh().await;
    made_up_year(&shop, lines).await;
    let (took, today) = (Took::default(), Day::of(shop.db.now()));
    let db = took.watch(&shop);
    println!("  {:42} {:>8} {:>9} {:>9}", format!("{lines} lines, {:?}", db.backend()), "", "p50 ms", "p95 ms");
    let asked = ["7", "30", "90", "12m"].map(|preset| (preset, TitleOrder::Revenue));
    let otherwise = TitleOrder::ALL.into_iter().skip(1).map(|(order, ..)| ("12m", order));
    for (preset, order) in asked.into_iter().chain(otherwise) {
        let range = Range::read(preset, "", "", today);
        let (mut whole, mut parts) = (Vec::new(), BTreeMap::<&str, Vec<Duration>>::new());
        for _ in 0..5 {
            took.take();
            let begun = Instant::now();
            let seen = read::report(&db, range, Currency::USD, None, order).await.unwrap();
            whole.push(begun.elapsed());
            took.take().into_iter().for_each(|(table, took)| parts.entry(table).or_default().push(took));
            assert!(!seen.titles.is_empty() && !seen.searches.is_empty());
        }
        print(&format!("the dashboard, by {}", order.param()), preset, &whole);
        parts.iter().for_each(|(table, took)| print(&format!("  of it {table}"), preset, took));
    }
    let mut whole = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let sales = dashboard(&db, Currency::USD, true).await.unwrap().sales.unwrap();
        whole.push(begun.elapsed());
        let sold = i64::from(lines / DAYS).max(1) * i64::from(DAYS);
        assert_eq!(i64::try_from(sales.orders_paid).unwrap(), sold);
    }
    print("the shop at a glance", "all", &whole);
}
