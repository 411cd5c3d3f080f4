//! How often something may be tried.

use crate::database::{Shop, fresh};
use async_trait::async_trait;
use domain::limits::{Buckets, Limits, Rule, delete_idle};
use domain::{Actor, Clock, Error, FixedClock};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

fn allowances(written: &str) -> HashMap<Rule, domain::limits::Allowance> {
    HashMap::from([(Rule::Register, written.parse().unwrap()), (Rule::Meter, written.parse().unwrap())])
}

/// A store beside the database that servers share, and that may be away.
#[derive(Debug)]
struct Store {
    empty_at: Mutex<HashMap<String, i64>>,
    clock: Arc<FixedClock>,
    away: AtomicBool,
}

impl Store {
    fn open(shop: &Shop) -> Arc<Self> {
        Arc::new(Self { empty_at: Mutex::default(), clock: shop.clock.clone(), away: AtomicBool::new(false) })
    }

    /// What one server counts by it.
    fn limits(self: &Arc<Self>, written: &str) -> Limits {
        Limits::in_buckets(allowances(written), self.clone(), self.clock.clone())
    }

    fn here(&self) -> Option<()> {
        (!self.away.load(SeqCst)).then_some(())
    }
}

#[async_trait]
impl Buckets for Store {
    async fn take(&self, key: &str, interval_ms: i64, tolerance_ms: i64) -> Option<i64> {
        self.here()?;
        let now = self.clock.now().0;
        let mut buckets = self.empty_at.lock().unwrap();
        let empty_at = buckets.entry(key.to_owned()).or_default();
        let wait_ms = *empty_at - now - tolerance_ms;
        if wait_ms <= 0 {
            *empty_at = now.max(*empty_at) + interval_ms;
        }
        Some(wait_ms.max(0))
    }

    async fn until_empty_ms(&self, key: &str) -> Option<i64> {
        self.here()?;
        let empty_at = self.empty_at.lock().unwrap().get(key).copied().unwrap_or_default();
        Some((empty_at - self.clock.now().0).max(0))
    }

    async fn forget(&self, key: &str) -> Option<()> {
        self.here()?;
        self.empty_at.lock().unwrap().remove(key);
        Some(())
    }
}

/// The same limits, counted in memory, in the database and in a store beside it.
fn everywhere(shop: &Shop, written: &str) -> [Limits; 3] {
    [
        Limits::in_memory(allowances(written), shop.clock.clone()),
        Limits::in_database(allowances(written), &shop.db),
        Store::open(shop).limits(written),
    ]
}

async fn wait(limits: &Limits, key: &str) -> i64 {
    match limits.take(Rule::Register, &[key]).await {
        Ok(()) => 0,
        Err(Error::TooMany { wait_ms }) => wait_ms,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn who_tries_too_often_waits_and_then_goes_on() {
    let shop = fresh().await;
    for limits in everywhere(&shop, "3/1m") {
        for _ in 0..3 {
            assert_eq!(wait(&limits, "ada").await, 0);
        }
        assert_eq!(wait(&limits, "ada").await, 20_000);
        assert_eq!(wait(&limits, "bob").await, 0, "others are not held up");
        assert!(limits.take(Rule::Meter, &["ada"]).await.is_ok(), "nor is anything else");
        shop.clock.advance(19_000);
        assert_eq!(wait(&limits, "ada").await, 1000, "trying on did not make it longer");
        shop.clock.advance(1000);
        assert_eq!(wait(&limits, "ada").await, 0);
        assert_eq!(wait(&limits, "ada").await, 20_000);
        shop.clock.advance(3_600_000);
        for _ in 0..3 {
            assert_eq!(wait(&limits, "ada").await, 0, "after a while everything is as at first");
        }
        assert!(wait(&limits, "ada").await > 0);
        limits.forget(Rule::Register, &["ada"]).await.unwrap();
        assert_eq!(wait(&limits, "ada").await, 0);
        shop.clock.advance(3_600_000);
    }
}

#[tokio::test]
async fn whoever_has_many_ipv6_networks_is_counted_by_the_larger_one_too() {
    let shop = fresh().await;
    for limits in everywhere(&shop, "2/1h") {
        let from = |network: u32| Actor::visitor(Some(format!("2001:db8:7:{network:x}::1").parse().unwrap()), None);
        let mut let_through = 0;
        for network in 0..100 {
            let_through += u32::from(limits.take_network(Rule::Register, &from(network)).await.is_ok());
        }
        assert_eq!(let_through, 32, "sixteen times what one network may");
        let neighbour = Actor::visitor(Some("2001:db8:8::1".parse().unwrap()), None);
        assert!(limits.take_network(Rule::Register, &neighbour).await.is_ok(), "others are not held up");
        shop.clock.advance(3_600_000 * 100);
    }
}

#[tokio::test]
async fn what_has_no_limit_is_not_counted() {
    let shop = fresh().await;
    for limits in everywhere(&shop, "1/1h") {
        for _ in 0..5 {
            limits.take(Rule::Api, &["ada"]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_crowd_at_once_is_let_through_to_the_last_one_allowed_and_no_further() {
    let shop = fresh().await;
    for limits in everywhere(&shop, "10/1h") {
        let crowd = (0..40).map(|_| {
            let limits = limits.clone();
            tokio::spawn(async move { wait(&limits, "ada").await })
        });
        let mut let_through = 0;
        for one in crowd.collect::<Vec<_>>() {
            let_through += usize::from(one.await.unwrap() == 0);
        }
        assert_eq!(let_through, 10);
    }
}

#[tokio::test]
async fn two_servers_count_together_only_through_the_database() {
    let shop = fresh().await;
    let ([alone, shared, _], [other_alone, other_shared, _]) = (everywhere(&shop, "1/1h"), everywhere(&shop, "1/1h"));
    assert_eq!(wait(&alone, "ada").await, 0);
    assert_eq!(wait(&other_alone, "ada").await, 0);
    assert_eq!(wait(&shared, "ada").await, 0);
    assert_eq!(wait(&other_shared, "ada").await, 3_600_000);
}

#[tokio::test]
async fn while_the_store_that_servers_share_is_away_each_counts_by_itself() {
    let shop = fresh().await;
    let store = Store::open(&shop);
    let (one, other) = (store.limits("2/1h"), store.limits("2/1h"));
    assert_eq!((wait(&one, "ada").await, wait(&other, "ada").await), (0, 0));
    assert_eq!(wait(&one, "ada").await, 1_800_000, "together they have had two");
    store.away.store(true, SeqCst);
    for limits in [&one, &other] {
        assert_eq!((wait(limits, "ada").await, wait(limits, "ada").await), (0, 0), "nobody is kept out");
        assert_eq!(wait(limits, "ada").await, 1_800_000, "nor let through without a limit");
        limits.forget(Rule::Register, &["ada"]).await.unwrap();
        assert_eq!(wait(limits, "ada").await, 0);
    }
    store.away.store(false, SeqCst);
    assert_eq!(wait(&one, "ada").await, 1_800_000, "it is taken up where it was");
    one.forget(Rule::Register, &["ada"]).await.unwrap();
    assert_eq!(wait(&other, "ada").await, 0);
}

#[tokio::test]
async fn limits_that_nobody_is_near_take_no_room() {
    let shop = fresh().await;
    let [_, shared, _] = everywhere(&shop, "2/1m");
    assert_eq!(wait(&shared, "ada").await, 0);
    assert_eq!(delete_idle(&shop.db).await.unwrap(), 0);
    shop.clock.advance(30_000);
    assert_eq!(delete_idle(&shop.db).await.unwrap(), 1);
}

#[tokio::test]
async fn somebody_can_be_told_how_much_of_a_limit_is_left() {
    let shop = fresh().await;
    for limits in everywhere(&shop, "3/1m") {
        let ada = Actor::visitor(Some("192.0.2.7".parse().unwrap()), None);
        let standing = async || {
            let standing = limits.standing(Rule::Register, &ada).await.unwrap().unwrap();
            (standing.most, standing.window_s, standing.left, standing.full_in_s)
        };
        assert_eq!(standing().await, (3, 60, 3, 0));
        limits.take_network(Rule::Register, &ada).await.unwrap();
        assert_eq!(standing().await, (3, 60, 2, 20));
        for _ in 0..3 {
            let _ = limits.take_network(Rule::Register, &ada).await;
        }
        assert_eq!(standing().await, (3, 60, 0, 60));
        assert_eq!(limits.standing(Rule::Api, &ada).await.unwrap(), None, "it is not limited here");
        shop.clock.advance(3_600_000);
    }
}
