//! A collector that is away, or slower than spans come.

use super::super::captured::Lines;
use super::super::sending::QUEUE;
use super::super::{Tracing, dropped, lines, sent};
use super::{Collector, Shop, traces};
use crate::config::LogFormat;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Traces this process with what it says in a log that the test reads.
fn begin(endpoint: &str) -> (Tracing, Lines) {
    let (traced, said) = (Tracing::to(&traces(endpoint).collector().unwrap().unwrap()).unwrap(), Lines::default());
    let writer = said.clone();
    let mut listeners = vec![lines(LogFormat::Json, EnvFilter::new("info"), move || writer.clone())];
    listeners.extend(traced.listener());
    tracing_subscriber::registry().with(listeners).init();
    (traced, said)
}

#[tokio::test]
async fn a_collector_that_is_away_costs_the_shop_nothing_and_what_is_dropped_is_counted_and_said_once() {
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let (traced, said) = begin(&format!("http://{address}/v1/traces"));
    let shop = Shop::open().await;
    for _ in 0..3 {
        assert_eq!(shop.get("", "/healthz", &[]).await.status, 200);
        traced.flush().await;
    }
    assert_eq!((sent(), dropped()), (0, 3));
    let numbers = shop.state.metrics.text(&shop.db, &*shop.state.rate_source).await.unwrap();
    assert!(numbers.contains("lectern_spans_total{outcome=\"dropped\"} 3\n"), "{numbers}");
    assert_eq!(said.count("the collector takes no spans, which are dropped: check traces.endpoint"), 1);

    let collector = Collector::at(TcpListener::bind(address).await.unwrap());
    shop.get("", "/healthz", &[]).await;
    assert_eq!(
        collector.spans_with(&traced, &["GET /healthz"]).await.len(),
        1,
        "nothing but the request: sending makes no spans"
    );
    assert_eq!((sent(), dropped()), (1, 3));
    assert_eq!(said.count("the collector takes spans again"), 1);
}

#[tokio::test]
async fn a_collector_that_does_not_answer_holds_nobody_up_and_only_so_many_spans_wait_for_it() {
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (traced, _) = begin(&format!("http://{}/v1/traces", silent.local_addr().unwrap()));
    let spans = QUEUE + 2_000;
    for _ in 0..spans {
        drop(tracing::info_span!("work"));
    }
    // At most one batch is on its way.
    let lost = u64::try_from(spans - QUEUE - super::super::traces::BATCH).unwrap();
    assert!(sent() == 0 && dropped() >= lost, "{} of {spans} were dropped, {lost} at least have to be", dropped());
    // The process ends all the same.
    traced.end().await;
    assert_eq!(sent(), 0);
}
