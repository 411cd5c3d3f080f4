//! What a collector is told of the shop, and what it is not. Who listens is settled once for a process: each of these tests
//! has one of its own.

mod away;
mod book;
mod jobs;
mod secrets;

use super::collector::{self, Collector, SpanKind, named, traces};
use crate::config;
use crate::http::testing::Shop;
use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::jobs::{Queue, enqueue};
use domain::maintenance::PruneJobs;
use http::Request;
use std::net::{IpAddr, SocketAddr};

/// The trace of somebody else, and the span in it that asks.
const FOREIGN: &str = "0af7651916cd43dd8448eb211c80319c";
const ASKING: &str = "b7ad6b7169203331";

async fn ask(shop: &Shop, from: &str, traceparent: &str) {
    let from: IpAddr = from.parse().unwrap();
    let request = Request::get("/healthz").header("traceparent", traceparent);
    let request = request.extension(ConnectInfo(SocketAddr::from((from, 4711))));
    assert_eq!(shop.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_request_is_told_by_its_route_and_how_it_ended() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let shop = Shop::open().await;
    shop.get("", "/healthz", &[("x-request-id", "one")]).await;
    shop.get("", "/no-such-page", &[]).await;
    let spans = collector.spans_with(&traced, &["GET /healthz", "GET"]).await;
    let health = named(&spans, "GET /healthz");
    assert_eq!((health.kind, health.failed, health.parent.as_str()), (SpanKind::Server, false, ""));
    assert_eq!((health.says("http.request.method"), health.says("http.route")), ("GET", "/healthz"));
    assert_eq!((health.says("http.response.status_code"), health.says("lectern.request.id")), ("200", "one"));
    let nowhere = named(&spans, "GET");
    assert_eq!((nowhere.says("http.route"), nowhere.says("http.response.status_code")), ("", "404"));
    assert!(!nowhere.failed, "a visitor who asks for what is not there is no fault of the shop");
    assert_ne!(nowhere.trace, health.trace);
    let shop = collector.resource();
    assert_eq!(shop["service.name"], "a-shop");
    assert!(collector.headers().iter().all(|headers| headers["x-team"] == "books"), "headers are sent along");
}

#[tokio::test]
async fn a_strangers_traceparent_does_not_take_over_ours_and_a_proxys_does() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let shop = Shop::open_whole(|config| {
        config.limits = config::Limits::off();
        config.proxies = "10.0.0.0/8".to_owned();
    })
    .await;
    ask(&shop, "192.0.2.7", &format!("00-{FOREIGN}-{ASKING}-01")).await;
    let by_stranger = named(&collector.spans_with(&traced, &["GET /healthz"]).await, "GET /healthz").clone();
    assert_eq!((by_stranger.parent.as_str(), by_stranger.links.as_slice()), ("", [FOREIGN.to_owned()].as_slice()));
    assert_ne!(by_stranger.trace, FOREIGN);
    ask(&shop, "::ffff:10.1.2.3", &format!("00-{FOREIGN}-{ASKING}-01")).await;
    ask(&shop, "10.1.2.3", "00-nothing-of-the-kind").await;
    let spans = collector.spans_with(&traced, &["GET /healthz"; 3]).await;
    let by_proxy = spans.iter().find(|span| span.trace == FOREIGN).unwrap();
    assert_eq!((by_proxy.parent.as_str(), by_proxy.links.len()), (ASKING, 0));
    assert_eq!(spans.len(), 3, "what cannot be read begins a trace of its own");
    // A proxy that does not trace a request has it not traced here either; a stranger decides nothing.
    ask(&shop, "10.1.2.3", &format!("00-{FOREIGN}-{ASKING}-00")).await;
    ask(&shop, "192.0.2.7", &format!("00-{FOREIGN}-{ASKING}-00")).await;
    assert_eq!(collector.spans_with(&traced, &["GET /healthz"; 4]).await.len(), 4);
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_sent_and_nothing_is_kept() {
    let collector = Collector::open().await;
    let traced = collector::begin(&traces(""));
    let shop = Shop::open().await;
    ask(&shop, "192.0.2.7", &format!("00-{FOREIGN}-{ASKING}-01")).await;
    shop.db.transaction(async |tx| enqueue(&tx, &PruneJobs {}).await).await.unwrap();
    let kinds = domain::job_kinds::all();
    let claims = domain::jobs::claim(&shop.db, kinds, Queue::Maintenance, "test", 60_000, 1).await.unwrap();
    assert_eq!(claims[0].trace_parent, None);
    assert!(traced.listener().is_none());
    assert!(collector.spans(&traced).await.is_empty());
    traced.end().await;
    assert_eq!((super::sent(), super::dropped()), (0, 0));
}

#[tokio::test]
async fn what_is_not_sampled_is_not_sent_and_neither_is_what_follows_from_it() {
    let collector = Collector::open().await;
    let traced = collector::begin(&config::Traces { sample: 0.0, ..traces(&collector.endpoint) });
    let shop = Shop::open().await;
    shop.get("", "/healthz", &[]).await;
    let asking = tracing::info_span!("asking");
    let enqueued = shop.db.transaction(async |tx| enqueue(&tx, &PruneJobs {}).await);
    tracing::Instrument::instrument(enqueued, asking).await.unwrap();
    let kinds = domain::job_kinds::all();
    let claims = domain::jobs::claim(&shop.db, kinds, Queue::Maintenance, "test", 60_000, 1).await.unwrap();
    assert!(claims[0].trace_parent.as_ref().unwrap().ends_with("-00"), "{claims:?}");
    assert!(collector.spans(&traced).await.is_empty());
}
