//! How often somebody elsewhere is asked, how long is waited for them, and when they are left alone.

use super::naughty::{Manner, Naughty};
use super::{KEY, Office, office};
use crate::providers::speech::hear;
use crate::providers::{Failure, Over};
use domain::Clock;
use domain::providers::calls::{FAILURES, LEFT_ALONE_MS};
use domain::providers::read::Ready;
use domain::providers::{Breaker, ProviderForm, Purpose, keep};

const SOUND: &[u8] = &[0; 96_000];

async fn tried(office: &Office, ready: &Ready) -> Result<(), Over> {
    hear(&office.outside, ready, SOUND, None, false).await.map(drop)
}

async fn open(manner: Manner) -> (Office, Naughty, Ready) {
    let (office, cloud) = (office().await, Naughty::open(manner).await);
    let ready = office.ready(Purpose::Speech, &cloud.address).await;
    (office, cloud, ready)
}

async fn change(office: &Office, ready: &Ready, edit: impl Fn(&mut ProviderForm)) {
    let outside = &office.outside;
    let id = ready.provider.id;
    keep::change(&outside.db, outside.vault.as_ref(), outside.reach, id, edit, |_| true).await.unwrap();
}

#[tokio::test]
async fn who_is_away_for_a_moment_is_asked_again() {
    for manner in [Manner::Status(500), Manner::Status(503), Manner::Cut, Manner::Broken, Manner::Busy(0)] {
        let (office, cloud, ready) = open(Manner::Good).await;
        cloud.set([manner.clone(), Manner::Good]);
        tried(&office, &ready).await.unwrap_or_else(|error| panic!("{manner:?}: {error}"));
        assert_eq!(cloud.asked().len(), 2, "{manner:?}");
        assert_eq!(office.provider(&ready).await.breaker, Breaker::Closed { failures: 0 });
    }
}

#[tokio::test]
async fn what_cannot_be_retried_is_not() {
    for status in [400, 401, 403, 404, 413, 422] {
        let (office, cloud, ready) = open(Manner::Status(status)).await;
        let refused = tried(&office, &ready).await.unwrap_err();
        assert_eq!(cloud.asked().len(), 1, "{status}");
        assert!(refused.to_string().contains(&status.to_string()), "{refused}");
        assert_eq!(office.provider(&ready).await.month.spent.0, 0, "what was refused costs nothing");
    }
}

#[tokio::test]
async fn nobody_is_waited_for_without_an_end() {
    let (office, cloud, ready) = open(Manner::Slow).await;
    let late = tried(&office, &ready).await.unwrap_err();
    assert!(matches!(late, Over::Failed(Failure::Late(1))), "{late}");
    assert_eq!(cloud.asked().len(), 2);
    // Both may have been worked on.
    assert_eq!(office.provider(&ready).await.month.spent.to_string(), "0.0006");
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_spent() {
    let (office, _, ready) = open(Manner::Good).await;
    change(&office, &ready, |form| form.address = "http://127.0.0.1:9/v1".to_owned()).await;
    let ready = domain::providers::read::ready(&office.outside.db, Purpose::Speech).await.unwrap().remove(1);
    let away = tried(&office, &ready).await.unwrap_err();
    assert!(matches!(away, Over::Failed(Failure::Unreachable(_))), "{away}");
    assert_eq!(office.provider(&ready).await.month.spent.0, 0);
}

#[tokio::test]
async fn who_asks_for_a_long_wait_gets_it_and_others_go_past() {
    let (office, cloud, ready) = open(Manner::Busy(90)).await;
    let busy = tried(&office, &ready).await.unwrap_err();
    assert!(busy.to_string().contains("left alone for 90 s"), "{busy}");
    assert_eq!(cloud.asked().len(), 1, "nobody waits for so long");
    assert_eq!(office.provider(&ready).await.breaker, Breaker::Open { until: office.clock.now().plus_ms(90_000) });
    cloud.set([Manner::Good]);
    assert!(matches!(tried(&office, &ready).await, Err(Over::LeftAlone(_))));
    assert_eq!(cloud.asked().len(), 0);
    office.clock.advance(90_000);
    tried(&office, &ready).await.unwrap();
}

#[tokio::test]
async fn who_fails_again_and_again_is_left_alone_and_asked_once_after_a_while() {
    let (office, cloud, ready) = open(Manner::Status(500)).await;
    for _ in 0..FAILURES {
        tried(&office, &ready).await.unwrap_err();
    }
    cloud.asked();
    assert!(matches!(tried(&office, &ready).await, Err(Over::LeftAlone(_))));
    assert_eq!(cloud.asked().len(), 0);
    office.clock.advance(LEFT_ALONE_MS);
    tried(&office, &ready).await.unwrap_err();
    assert!(matches!(office.provider(&ready).await.breaker, Breaker::Open { .. }));
    office.clock.advance(LEFT_ALONE_MS);
    cloud.set([Manner::Good]);
    tried(&office, &ready).await.unwrap();
    assert_eq!(office.provider(&ready).await.breaker, Breaker::Closed { failures: 0 });
}

#[tokio::test]
async fn nothing_is_sent_on_to_where_an_answer_leads() {
    let (office, cloud, ready) = open(Manner::Moved).await;
    let moved = tried(&office, &ready).await.unwrap_err();
    assert!(moved.to_string().contains("307"), "{moved}");
    assert_eq!(cloud.asked().len(), 1);
}

#[tokio::test]
async fn a_private_network_is_asked_only_where_that_is_configured() {
    let (mut office, cloud, ready) = open(Manner::Good).await;
    office.outside.reach.private = false;
    let refused = tried(&office, &ready).await.unwrap_err();
    assert!(refused.to_string().contains("providers.private"), "{refused}");
    assert_eq!(cloud.asked().len(), 0);
}

#[tokio::test]
async fn a_budget_that_is_spent_asks_nobody() {
    let (office, cloud, ready) = open(Manner::Good).await;
    // Room for one stretch of three seconds.
    change(&office, &ready, |form| form.budget = "0.0004".to_owned()).await;
    tried(&office, &ready).await.unwrap();
    assert!(matches!(tried(&office, &ready).await, Err(Over::SpentUp)));
    assert_eq!(cloud.asked().len(), 1);
}

#[tokio::test]
async fn no_key_is_in_what_is_said_of_a_refusal() {
    for status in [400, 401, 500] {
        let (office, cloud, ready) = open(Manner::Status(status)).await;
        let refused = tried(&office, &ready).await.unwrap_err();
        let provider = office.provider(&ready).await;
        let said = format!("{refused} {refused:?} {provider:?} {ready:?}");
        assert!(!said.contains(KEY), "{said}");
        assert!(!cloud.asked().is_empty());
    }
}
