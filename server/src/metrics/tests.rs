//! What Prometheus is told.

use super::{DONE, UPLOAD, listen};
use crate::http::testing::Shop;
use domain::db::counts;
use domain::jobs::{self, Queue};
use domain::maintenance::PruneJobs;
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::{CardNumber, WithdrawalWording, checkout};
use domain::production::{WorkerFacts, workers};
use domain::providers::calls::{self, Begun, Ended};
use domain::providers::{Micros, ProviderForm, Purpose, keep};
use domain::{job_kinds, secret, testing};
use std::collections::BTreeSet;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

async fn told(shop: &Shop) -> String {
    shop.state.metrics.text(&shop.db, &*shop.state.rate_source).await.unwrap()
}

fn has(text: &str, line: &str) {
    assert!(text.lines().any(|one| one == line), "{line} is missing in\n{text}");
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status_and_nothing_of_an_address_is_told() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/healthz", "/gift/a-secret-code", "/no-such-1", "/no-such-2", "/covers/a-secret-name.svg"]
    {
        shop.get("", path, &[]).await;
    }
    let text = told(&shop).await;
    has(&text, r#"lectern_http_requests_total{method="GET",route="/healthz",status="200"} 2"#);
    has(&text, r#"lectern_http_requests_total{method="GET",route="other",status="404"} 2"#);
    has(&text, r#"lectern_http_request_duration_seconds_count{route="/healthz"} 2"#);
    assert!(!text.contains("secret") && !text.contains("no-such"), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn sign_ins_that_are_refused_and_orders_are_counted_once_they_are_kept() {
    let shop = Shop::open().await;
    shop.post("", "/api/account/login", "email=ada%40example.com&password=wrong", &[]).await;
    let bell = testing::for_sale(&shop.db, "The Bell", 500).await;
    let ada = testing::shopper(&shop.db, "Ada").await;
    let owner = CartOwner::User(ada.id);
    cart::add(&shop.db, &owner, &bell.slug).await.unwrap();
    let card: CardNumber = CardNumber::ACCEPTED.parse().unwrap();
    let (payments, agreed) = (&shop.state.payments, Some(WithdrawalWording::CURRENT));
    checkout::checkout(&shop.db, payments, ada.id, 500, Some(&card), &secret::token(), agreed).await.unwrap();
    let text = told(&shop).await;
    has(&text, r#"lectern_actions_total{action="account.login-failed"} 1"#);
    has(&text, r#"lectern_orders_total{event="placed"} 1"#);
    has(&text, r#"lectern_orders_total{event="paid"} 1"#);
}

#[tokio::test]
async fn the_queue_its_age_and_the_workers_are_told_as_they_are_now() {
    let shop = Shop::open().await;
    shop.db.transaction(async |tx| jobs::enqueue(&tx, &PruneJobs {}).await).await.unwrap();
    shop.clock.advance(600_000);
    let facts =
        WorkerFacts { slots: vec!["GPU 0".into(), "GPU 1".into()], doing: vec!["x".into()], ..Default::default() };
    workers::seen(&shop.db, "gpu", &facts).await.unwrap();
    let text = told(&shop).await;
    has(&text, r#"lectern_jobs{kind="jobs.prune",state="waiting"} 1"#);
    has(&text, r#"lectern_jobs_oldest_waiting_seconds{kind="jobs.prune"} 600"#);
    has(&text, r#"lectern_degraded{reason="chores-wait"} 1"#);
    has(&text, r#"lectern_degraded{reason="no-worker"} 0"#);
    has(&text, r#"lectern_jobs_ended_total{kind="jobs.prune",state="given-up"} 0"#);
    has(&text, "lectern_workers 1");
    has(&text, "lectern_engine_slots 2");
    has(&text, "lectern_workers_jobs 1");
    has(&text, "lectern_sampled 1");
    has(&text, r#"lectern_breaker_open{of="rates"} 0"#);
    assert!(text.contains(r#"lectern_database_connections{state="idle"}"#), "{text}");
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Maintenance, "a", 60_000, 1).await.unwrap();
    jobs::complete_all(&shop.db, &claims).await.unwrap();
    let text = told(&shop).await;
    assert!(!text.contains("lectern_jobs{"), "what is gone is not told any more: {text}");
    has(&text, r#"lectern_degraded{reason="chores-wait"} 0"#);
}

#[tokio::test]
async fn however_large_the_queue_looking_takes_seven_statements() {
    let shop = Shop::open().await;
    shop.statements.take();
    told(&shop).await;
    // The kinds, the workers, those who hear and write, what they cost, and three looks for what is amiss.
    assert_eq!(shop.statements.take().len(), 7);
}

#[tokio::test]
async fn how_it_stands_with_those_who_hear_and_what_they_cost_is_told() {
    let shop = Shop::open().await;
    let outside = crate::providers::tests::outside(&shop.db);
    let typed = crate::providers::tests::form(Purpose::Speech, "Cloud", "http://127.0.0.1:9/v1");
    let cloud = crate::providers::tests::add(&outside, &ProviderForm { budget: "2".to_owned(), ..typed }).await;
    has(&told(&shop).await, r#"lectern_provider_breaker{provider="Cloud",state="closed"} 1"#);
    for _ in 0..calls::FAILURES {
        let Begun::Go(call) = calls::begin(&shop.db, &cloud, Micros(300)).await.unwrap() else { panic!("it is asked") };
        let failed = Ended::Failed { reason: "It is away.".to_owned(), worked: true, rest_ms: None };
        calls::end(&shop.db, call, &failed).await.unwrap();
    }
    let text = told(&shop).await;
    has(&text, r#"lectern_provider_breaker{provider="Cloud",state="open"} 1"#);
    has(&text, r#"lectern_provider_breaker{provider="Cloud",state="closed"} 0"#);
    has(&text, r#"lectern_provider_spent_micros{provider="Cloud"} 900"#);
    has(&text, r#"lectern_provider_budget_micros{provider="Cloud"} 2000000"#);
    shop.clock.advance(calls::LEFT_ALONE_MS);
    has(&told(&shop).await, r#"lectern_provider_breaker{provider="Cloud",state="half-open"} 1"#);
    keep::remove(&shop.db, cloud.id).await.unwrap();
    assert!(!told(&shop).await.contains("Cloud"), "what is gone is not told any more");
}

#[tokio::test]
async fn numbers_have_an_address_of_their_own_and_none_until_it_is_configured() {
    let shop = Shop::open().await;
    assert!(listen(&shop.state, CancellationToken::new()).await.unwrap().is_none());
    assert_eq!(shop.get("", "/metrics", &[]).await.status, 404, "visitors never reach them");
    let shop = Shop::open_whole(|config| config.metrics.listen = "127.0.0.1:0".to_owned()).await;
    let stop = CancellationToken::new();
    let numbers = listen(&shop.state, stop.clone()).await.unwrap().unwrap();
    let answer = reqwest::get(format!("http://{}/metrics", numbers.address)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    has(&answer.text().await.unwrap(), "lectern_sampled 1");
    stop.cancel();
    numbers.ended().await;
    let shop = Shop::open_whole(|config| config.metrics.listen = "somewhere".to_owned()).await;
    let refusal = listen(&shop.state, CancellationToken::new()).await.unwrap_err().to_string();
    assert!(refusal.contains("metrics.listen"), "{refusal}");
}

#[tokio::test]
async fn a_process_stops_though_somebody_has_asked_for_half_of_the_numbers() {
    let shop = Shop::open_whole(|config| config.metrics.listen = "127.0.0.1:0".to_owned()).await;
    let stop = CancellationToken::new();
    let numbers = listen(&shop.state, stop.clone()).await.unwrap().unwrap();
    let mut asking = TcpStream::connect(numbers.address).await.unwrap();
    asking.write_all(b"GET /metrics HTTP/1.1\r\nhost: numbers.example\r\n\r\n").await.unwrap();
    let mut told = Vec::new();
    while !told.ends_with(b"# EOF\n") && asking.read_buf(&mut told).await.unwrap() > 0 {}
    assert!(told.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&told));
    asking.write_all(b"GET /metrics HTTP/1.1\r\n").await.unwrap();
    stop.cancel();
    numbers.ended().await;
}

#[tokio::test]
async fn a_second_process_with_the_address_of_the_first_is_told_that_it_needs_its_own() {
    let shop = Shop::open_whole(|config| config.metrics.listen = "127.0.0.1:0".to_owned()).await;
    let first = listen(&shop.state, CancellationToken::new()).await.unwrap().unwrap();
    let second = Shop::open_whole(|config| config.metrics.listen = first.address.to_string()).await;
    let refusal = listen(&second.state, CancellationToken::new()).await.unwrap_err().to_string();
    assert!(refusal.contains("one of its own") && refusal.contains("metrics.listen"), "{refusal}");
}

/// The names of numbers in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let of_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let all = text.match_indices("lectern_").filter(|(at, _)| !text[..*at].ends_with(of_name));
    all.map(|(at, _)| text[at..].split(|sign| !of_name(sign)).next().unwrap()).collect()
}

#[tokio::test]
async fn the_dashboard_and_the_alarms_ask_for_numbers_that_there_are() {
    // Nobody is there: also that is told.
    let shop = Shop::open_whole(|config| config.redis.url = "redis://127.0.0.1:1".to_owned()).await;
    // A number is told from the first time on.
    shop.get("", "/healthz", &[]).await;
    for (what, kind) in [(counts::ACTION, "any"), (counts::ORDER, "any"), (UPLOAD, "any"), (DONE, "any")] {
        shop.db.count(what, kind);
    }
    shop.db.transaction(async |tx| jobs::enqueue(&tx, &PruneJobs {}).await).await.unwrap();
    let text = told(&shop).await;
    let there: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .flat_map(|line| {
            let (name, kind) = line.split_once(' ').unwrap();
            let endings: &[&str] = match kind {
                "counter" => &["_total"],
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => &[""],
            };
            endings.iter().map(|ending| format!("{name}{ending}")).collect::<Vec<_>>()
        })
        .collect();
    let dashboard = include_str!("../../../deploy/grafana/lectern.json");
    serde_json::from_str::<serde_json::Value>(dashboard).unwrap();
    for asking in [dashboard, include_str!("../../../deploy/prometheus/lectern.rules.yaml")] {
        let asked = names(asking);
        assert!(asked.len() > 5, "{asked:?}");
        for name in asked {
            assert!(there.contains(name), "nobody tells {name}: {there:?}");
        }
    }
}
