//! Rates of currencies: kept for all servers, never older than what is known, never what cannot be true.

use crate::database::{Shop, fresh};
use crate::fixtures::DAY;
use async_trait::async_trait;
use domain::rates::Rates;
use domain::rates::keep::{Fetched, fetch, read};
use domain::rates::live::LiveRates;
use domain::rates::provider::{NoRates, RateProvider, rate};
use domain::{Currency, Day, Db, Money};
use std::sync::Mutex;
use std::time::Duration;

/// Says what it is told to say.
#[derive(Debug)]
struct Said(Mutex<Result<Rates, NoRates>>);

#[async_trait]
impl RateProvider for Said {
    async fn rates(&self) -> Result<Rates, NoRates> {
        self.0.lock().unwrap().clone()
    }
}

fn of(day: Day, rates: &[(&str, &str)]) -> Rates {
    Rates { day, per_euro: rates.iter().map(|(currency, written)| rate(currency, written).unwrap()).collect() }
}

async fn say(shop: &Shop, said: Result<Rates, NoRates>) -> Fetched {
    fetch(&shop.db, &Said(Mutex::new(said))).await.unwrap()
}

fn today(shop: &Shop) -> Day {
    Day::of(shop.db.now())
}

async fn dollar(shop: &Shop) -> Option<i64> {
    read(shop.db.read()).await.unwrap()?.per_euro(Currency::USD)
}

#[tokio::test]
async fn every_server_shows_prices_by_the_newest_rates() {
    let shop = fresh().await;
    assert_eq!(read(shop.db.read()).await.unwrap(), None);
    let day = today(&shop).plus(-1);
    let rates = of(day, &[("GBP", "0.83188"), ("JPY", "163.06"), ("KWD", "0.325"), ("USD", "1.0588")]);
    assert_eq!(say(&shop, Ok(rates.clone())).await, Fetched::New(day));
    assert_eq!(read(shop.db.read()).await.unwrap(), Some(rates));
    let (one, other) = (LiveRates::new(&shop.db), LiveRates::new(&shop.db));
    for server in [&one, &other] {
        server.look().await;
        let about = server.at_hand().unwrap().about(Money::new(1290, Currency::USD), "KWD".parse().unwrap());
        assert_eq!(about.map(|money| money.to_string()).as_deref(), Some("KWD 3.960"));
    }
    assert_eq!(say(&shop, Ok(of(day.plus(1), &[("USD", "1.06")]))).await, Fetched::New(day.plus(1)));
    assert_eq!(read(shop.db.read()).await.unwrap().unwrap().per_euro.len(), 1, "the old ones are gone");
    one.forget();
    one.look().await;
    assert_eq!(one.at_hand().unwrap().per_euro(Currency::USD), Some(1_060_000));
}

#[tokio::test]
async fn old_rates_stay_when_there_are_no_new_ones_and_are_not_shown_when_they_are_too_old() {
    let shop = fresh().await;
    say(&shop, Ok(of(today(&shop), &[("USD", "1.05")]))).await;
    let away = NoRates::Away("a storm".to_owned());
    assert_eq!(say(&shop, Err(away.clone())).await, Fetched::Nothing(away));
    assert_eq!(say(&shop, Ok(of(today(&shop).plus(-3), &[("USD", "1.01")]))).await, Fetched::Known);
    assert_eq!(dollar(&shop).await, Some(1_050_000));
    let live = LiveRates::new(&shop.db);
    live.look().await;
    shop.clock.advance(10 * DAY);
    assert!(live.at_hand().is_some());
    shop.clock.advance(DAY);
    assert!(live.at_hand().is_none());
}

#[tokio::test]
async fn rates_that_cannot_be_true_are_not_kept() {
    let shop = fresh().await;
    let day = today(&shop);
    say(&shop, Ok(of(day.plus(-1), &[("USD", "1.05"), ("JPY", "163")]))).await;
    for absurd in [
        of(day, &[]),
        of(day, &[("USD", "105")]),
        of(day, &[("USD", "0.0105")]),
        of(day, &[("USD", "1.05"), ("USD", "1.06")]),
        of(day, &[("EUR", "1")]),
        of(day.plus(2), &[("USD", "1.05")]),
    ] {
        let fetched = say(&shop, Ok(absurd.clone())).await;
        assert!(matches!(fetched, Fetched::Nothing(NoRates::Damaged(_))), "{absurd:?}: {fetched:?}");
        assert_eq!(dollar(&shop).await, Some(1_050_000), "{absurd:?}");
    }
    shop.clock.advance(400 * DAY);
    let later = today(&shop);
    assert_eq!(say(&shop, Ok(of(later, &[("USD", "9")]))).await, Fetched::New(later), "after a year anything may be");
}

#[tokio::test]
async fn two_servers_that_fetch_at_one_moment_keep_one_set() {
    let shop = fresh().await;
    let day = today(&shop);
    let both = (0..4).map(|n| {
        let db = shop.db.clone();
        let rates = of(day, &[("USD", "1.05"), ("JPY", ["163", "164", "165", "166"][n])]);
        tokio::spawn(async move { fetch(&db, &Said(Mutex::new(Ok(rates)))).await.is_ok() })
    });
    for done in both.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    assert_eq!(read(shop.db.read()).await.unwrap().unwrap().per_euro.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_answer_keeps_no_page_waiting_for_rates() {
    // Without a table.
    let live = LiveRates::new(&Db::connect("sqlite::memory:", 1).await.unwrap());
    for _ in 0..2 {
        let looked = live.clone();
        let look = tokio::spawn(async move { looked.look().await });
        tokio::time::timeout(Duration::from_secs(20), look).await.expect("it waits for itself").unwrap();
        assert!(live.at_hand().is_none());
        live.forget();
    }
}
