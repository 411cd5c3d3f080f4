//! Rates from a bank that is well, slow, away or talks nonsense.

use super::bank::CentralBank;
use super::breaker::State as BreakerState;
use super::{FixedFile, source};
use crate::Config;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::rates::keep::{Fetched, fetch, read};
use domain::rates::live::LiveRates;
use domain::rates::provider::{NoRates, RateProvider};
use domain::{Clock, Currency, Day, Db, FixedClock, Money, SystemClock, Timestamp};
use http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// How the bank answers.
#[derive(Clone, Debug)]
enum Mood {
    Says(String),
    Status(u16),
    /// It says nothing for as long as it is asked.
    Silent,
    /// It talks without an end.
    Endless,
    /// So many times it fails, then it says something.
    FailsFirst(usize, String),
}

#[derive(Clone)]
struct Bank {
    mood: Arc<Mutex<Mood>>,
    asked: Arc<AtomicUsize>,
    address: String,
}

impl Bank {
    async fn open(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bank = Self { mood: Arc::new(Mutex::new(mood)), asked: Arc::default(), address };
        let router = Router::new().route("/stats/eurofxref/eurofxref-daily.xml", get(answer)).with_state(bank.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        bank
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn provider(&self, clock: Arc<dyn Clock>) -> CentralBank {
        CentralBank::patient(&self.address, clock, Duration::from_millis(300), Duration::from_millis(1)).unwrap()
    }
}

async fn answer(State(bank): State<Bank>) -> Response {
    let before = bank.asked.fetch_add(1, Ordering::SeqCst);
    let mood = bank.mood.lock().unwrap().clone();
    match mood {
        Mood::Says(text) => text.into_response(),
        Mood::Status(code) => StatusCode::from_u16(code).unwrap().into_response(),
        Mood::FailsFirst(times, text) if before >= times => text.into_response(),
        Mood::FailsFirst(..) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Silent => std::future::pending().await,
        Mood::Endless => {
            let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>("<Cube>".repeat(10_000)));
            axum::body::Body::from_stream(pieces).into_response()
        }
    }
}

fn document(day: &str, dollar: &str) -> String {
    format!(
        "<Envelope><Cube><Cube time=\"{day}\"><Cube currency=\"USD\" rate=\"{dollar}\"/>\
         <Cube currency=\"JPY\" rate=\"163.06\"/></Cube></Cube></Envelope>"
    )
}

struct Office {
    db: Db,
    clock: Arc<FixedClock>,
    _folder: TempDir,
}

/// A shop on 27 November 2026.
async fn office() -> Office {
    let folder = TempDir::new().unwrap();
    let plain = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 2).await.unwrap();
    migrations::up(plain.read()).await.unwrap();
    let clock = Arc::new(FixedClock::at(Day::parse("2026-11-27").unwrap().starts_at()));
    let db = Db::new(plain.read().clone(), clock.clone());
    Office { db, clock, _folder: folder }
}

async fn dollars(office: &Office) -> Option<(String, i64)> {
    let rates = read(office.db.read()).await.unwrap()?;
    Some((rates.day.to_string(), rates.per_euro(Currency::USD).unwrap()))
}

#[tokio::test]
async fn new_rates_take_the_place_of_the_old_and_older_ones_do_not() {
    let office = office().await;
    let bank = Bank::open(Mood::Says(document("2026-11-26", "1.05"))).await;
    let provider = bank.provider(office.clock.clone());
    let day = |text| Day::parse(text).unwrap();
    assert_eq!(fetch(&office.db, &provider).await.unwrap(), Fetched::New(day("2026-11-26")));
    assert_eq!(fetch(&office.db, &provider).await.unwrap(), Fetched::Known);
    bank.set(Mood::Says(document("2026-11-27", "1.06")));
    assert_eq!(fetch(&office.db, &provider).await.unwrap(), Fetched::New(day("2026-11-27")));
    bank.set(Mood::Says(document("2026-11-20", "1.01")));
    assert_eq!(fetch(&office.db, &provider).await.unwrap(), Fetched::Known);
    assert_eq!(dollars(&office).await, Some(("2026-11-27".to_owned(), 1_060_000)));
}

#[tokio::test]
async fn whatever_the_bank_answers_the_old_rates_stay_with_their_day() {
    let office = office().await;
    let bank = Bank::open(Mood::Says(document("2026-11-26", "1.05"))).await;
    fetch(&office.db, &bank.provider(office.clock.clone())).await.unwrap();
    let good = document("2026-11-27", "1.06");
    for mood in [
        Mood::Status(429),
        Mood::Status(500),
        Mood::Status(404),
        Mood::Status(302),
        Mood::Silent,
        Mood::Endless,
        Mood::Says(String::new()),
        Mood::Says("<html>We are moving</html>".to_owned()),
        Mood::Says(good[..good.len() / 2].to_owned()),
        Mood::Says(document("2026-11-27", "-1.06")),
        Mood::Says(document("2026-11-27", "0")),
        Mood::Says(document("2026-11-27", "NaN")),
        // A hundred times as much overnight, and a day that is to come.
        Mood::Says(document("2026-11-27", "105")),
        Mood::Says(document("2026-11-27", "0.0105")),
        Mood::Says(document("2026-12-24", "1.06")),
        Mood::Says(good.replace("JPY", "USD")),
    ] {
        bank.set(mood.clone());
        // One of its own each time: they are not tired of it yet.
        let fetched = fetch(&office.db, &bank.provider(office.clock.clone())).await.unwrap();
        assert!(matches!(fetched, Fetched::Nothing(_)), "{mood:?}: {fetched:?}");
        assert_eq!(dollars(&office).await, Some(("2026-11-26".to_owned(), 1_050_000)), "{mood:?}");
    }
}

#[tokio::test]
async fn a_bank_that_fails_for_a_moment_is_asked_again() {
    let office = office().await;
    let bank = Bank::open(Mood::FailsFirst(2, document("2026-11-27", "1.06"))).await;
    let provider = bank.provider(office.clock.clone());
    assert!(matches!(fetch(&office.db, &provider).await.unwrap(), Fetched::New(_)));
    assert_eq!((bank.asked(), provider.breaker.state()), (3, BreakerState::Closed(0)));
}

#[tokio::test]
async fn a_bank_that_stays_away_is_left_alone_and_found_again() {
    let office = office().await;
    let bank = Bank::open(Mood::Status(500)).await;
    let provider = bank.provider(office.clock.clone());
    for _ in 0..3 {
        assert!(matches!(provider.rates().await, Err(NoRates::Away(_))));
    }
    assert_eq!(bank.asked(), 9);
    for _ in 0..5 {
        assert_eq!(provider.rates().await, Err(NoRates::LeftAlone));
    }
    assert_eq!(bank.asked(), 9, "nobody is asked while it is left alone");
    assert!(provider.is_left_alone(), "and the numbers for Prometheus say so");
    office.clock.advance(30 * 60_000);
    assert!(matches!(provider.rates().await, Err(NoRates::Away(_))), "one look, and it is still away");
    assert_eq!(provider.rates().await, Err(NoRates::LeftAlone));
    office.clock.advance(30 * 60_000);
    bank.set(Mood::Says(document("2026-11-27", "1.06")));
    assert!(provider.rates().await.is_ok());
    assert_eq!(provider.breaker.state(), BreakerState::Closed(0));
    assert!(!provider.is_left_alone());
}

#[tokio::test]
async fn rates_that_are_too_old_are_not_shown() {
    let office = office().await;
    let bank = Bank::open(Mood::Says(document("2026-11-27", "1.06"))).await;
    fetch(&office.db, &bank.provider(office.clock.clone())).await.unwrap();
    let live = LiveRates::new(&office.db);
    assert!(live.at_hand().is_none(), "nobody has looked yet");
    live.look().await;
    let price = Money::new(1290, Currency::USD);
    let about = |live: &LiveRates| live.at_hand().and_then(|rates| rates.about(price, "EUR".parse().unwrap()));
    assert_eq!(about(&live).map(|money| money.minor), Some(1217));
    office.clock.advance(10 * Timestamp::DAY_MS);
    assert!(about(&live).is_some());
    office.clock.advance(Timestamp::DAY_MS);
    assert!(about(&live).is_none());
}

#[tokio::test]
async fn a_file_that_the_shop_chose_is_shown_with_its_day_a_year_later_too() {
    let office = office().await;
    let folder = TempDir::new().unwrap();
    let own = FixedFile(folder.path().join("rates.xml"));
    let ours = source(&Config::load(None).unwrap()).unwrap();
    fetch(&office.db, &*ours).await.unwrap();
    office.clock.advance(365 * Timestamp::DAY_MS);
    assert_eq!(fetch(&office.db, &*ours).await.unwrap(), Fetched::Known);
    let live = LiveRates::of(&office.db, &*ours);
    live.look().await;
    let shown = live.at_hand().unwrap();
    assert_eq!((shown.day.to_string().as_str(), shown.per_euro(Currency::USD)), ("2026-11-27", Some(1_160_000)));
    // A bank that was chosen instead and says nothing new has no rates that can be shown.
    let bank = Bank::open(Mood::Silent).await;
    let banks = LiveRates::of(&office.db, &bank.provider(office.clock.clone()));
    banks.look().await;
    assert!(banks.at_hand().is_none());
    // Newer ones of the bank make room for the file of a shop that comes back to one, however much it says.
    bank.set(Mood::Says(document("2027-11-26", "1.05")));
    fetch(&office.db, &bank.provider(office.clock.clone())).await.unwrap();
    std::fs::write(&own.0, document("2027-01-02", "9.5")).unwrap();
    assert!(matches!(fetch(&office.db, &own).await.unwrap(), Fetched::New(_)));
    assert_eq!(dollars(&office).await, Some(("2027-01-02".to_owned(), 9_500_000)));
}

#[tokio::test]
async fn a_fixed_file_needs_no_bank() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rates.xml");
    let file = FixedFile(path.clone());
    assert!(matches!(file.rates().await, Err(NoRates::Away(_))), "it is not there yet");
    std::fs::write(&path, document("2026-11-27", "1.06")).unwrap();
    assert_eq!(file.rates().await.unwrap().per_euro(Currency::USD), Some(1_060_000));
    let ours = source(&Config::load(None).unwrap()).unwrap();
    assert!(ours.rates().await.is_ok(), "the shop brings one");
    assert!(CentralBank::new("https://bank.example/", Arc::new(SystemClock)).is_ok());
}
