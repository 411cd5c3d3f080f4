//! What providers elsewhere are asked: counted, paid for, and left alone when they fail.

use crate::database::{Shop, fresh};
use crate::providers::asked;
use domain::providers::calls::{self, Begun, Call, Ended, FAILURES, LEFT_ALONE_MS};
use domain::providers::{Breaker, Micros, Provider, keep, read};
use domain::{Day, Db};

async fn spent(shop: &Shop, provider: &Provider) -> i64 {
    read::get(&shop.db, provider.id).await.unwrap().month.spent.0
}

async fn call(db: &Db, provider: &Provider, micros: i64) -> Call {
    match calls::begin(db, provider, Micros(micros)).await.unwrap() {
        Begun::Go(call) => call,
        other => panic!("it may not be asked: {other:?}"),
    }
}

fn failed(worked: bool, rest_ms: Option<i64>) -> Ended {
    Ended::Failed { reason: "It is away.".to_owned(), worked, rest_ms }
}

#[tokio::test]
async fn what_a_call_may_cost_is_counted_before_it_and_put_right_after_it() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    let first = call(&shop.db, &cloud, 3_000).await;
    assert_eq!(spent(&shop, &cloud).await, 3_000, "before it is made");
    calls::end(&shop.db, first, &Ended::Well { cost: Micros(2_000) }).await.unwrap();
    assert_eq!(spent(&shop, &cloud).await, 2_000);
    let refused = call(&shop.db, &cloud, 3_000).await;
    calls::end(&shop.db, refused, &Ended::Refused { reason: "No such model.".to_owned() }).await.unwrap();
    assert_eq!(spent(&shop, &cloud).await, 2_000, "what was refused costs nothing");
    let cut = call(&shop.db, &cloud, 3_000).await;
    calls::end(&shop.db, cut, &failed(true, None)).await.unwrap();
    assert_eq!(spent(&shop, &cloud).await, 5_000, "what was done for nothing costs all the same");
    assert_eq!(read::get(&shop.db, cloud.id).await.unwrap().month.calls, 3);
}

#[tokio::test]
async fn each_try_that_may_have_been_worked_on_is_counted_by_itself() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    let mut tried = call(&shop.db, &cloud, 3_000).await;
    assert!(calls::again(&shop.db, &mut tried, false).await.unwrap());
    assert_eq!(spent(&shop, &cloud).await, 3_000, "nobody has heard of the first try");
    assert!(calls::again(&shop.db, &mut tried, true).await.unwrap());
    assert_eq!(spent(&shop, &cloud).await, 6_000);
    calls::end(&shop.db, tried, &Ended::Well { cost: Micros(2_500) }).await.unwrap();
    assert_eq!(spent(&shop, &cloud).await, 5_500);
    let mut last = call(&shop.db, &cloud, 3_000).await;
    assert!(!calls::again(&shop.db, &mut last, true).await.unwrap(), "no further try is within the budget");
    calls::end(&shop.db, last, &failed(true, None)).await.unwrap();
    assert_eq!(spent(&shop, &cloud).await, 8_500);
}

#[tokio::test]
async fn nothing_is_asked_beyond_the_budget_of_a_month_and_the_next_one_begins_anew() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    // Three at once, where there is room for two.
    let (one, two, three) = tokio::join!(
        calls::begin(&shop.db, &cloud, Micros(4_000)),
        calls::begin(&shop.db, &cloud, Micros(4_000)),
        calls::begin(&shop.db, &cloud, Micros(4_000))
    );
    let begun = [one.unwrap(), two.unwrap(), three.unwrap()];
    assert_eq!(begun.iter().filter(|begun| matches!(begun, Begun::Go(_))).count(), 2);
    assert_eq!(begun.iter().filter(|begun| matches!(begun, Begun::SpentUp)).count(), 1);
    // The process is killed: nobody says how those ended, and another one asks no more for that.
    let there = shop.another_server().await;
    assert_eq!(spent(&shop, &cloud).await, 8_000);
    assert!(matches!(calls::begin(&there, &cloud, Micros(4_000)).await.unwrap(), Begun::SpentUp));
    let next = Day::of(shop.db.now()).month_after(1).starts_at();
    shop.clock.advance(next.since_ms(shop.db.now()));
    assert_eq!(spent(&shop, &cloud).await, 0);
    call(&shop.db, &cloud, 4_000).await;
}

#[tokio::test]
async fn whoever_fails_again_and_again_is_left_alone_and_then_looked_at_by_one() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    let state = async || read::get(&shop.db, cloud.id).await.unwrap().breaker;
    for failures in 1..FAILURES {
        calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &failed(false, None)).await.unwrap();
        assert_eq!(state().await, Breaker::Closed { failures });
    }
    calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &failed(false, None)).await.unwrap();
    let until = shop.db.now().plus_ms(LEFT_ALONE_MS);
    assert_eq!(state().await, Breaker::Open { until });
    assert!(matches!(calls::begin(&shop.db, &cloud, Micros(0)).await.unwrap(), Begun::LeftAlone { .. }));
    let failed_last = read::get(&shop.db, cloud.id).await.unwrap().failed.unwrap();
    assert_eq!(failed_last.1, "It is away.");

    shop.clock.advance(LEFT_ALONE_MS);
    assert_eq!(state().await, Breaker::HalfOpen);
    let look = call(&shop.db, &cloud, 0).await;
    let there = shop.another_server().await;
    assert!(matches!(calls::begin(&there, &cloud, Micros(0)).await.unwrap(), Begun::LeftAlone { .. }), "one looks");
    calls::end(&shop.db, look, &failed(false, None)).await.unwrap();
    assert!(matches!(state().await, Breaker::Open { .. }), "it is as it was");

    shop.clock.advance(LEFT_ALONE_MS);
    // Whoever looked was killed: somebody else looks, once there was time enough.
    call(&shop.db, &cloud, 0).await;
    assert!(matches!(calls::begin(&shop.db, &cloud, Micros(0)).await.unwrap(), Begun::LeftAlone { .. }));
    shop.clock.advance(LEFT_ALONE_MS);
    calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &Ended::Well { cost: Micros(0) }).await.unwrap();
    assert_eq!(state().await, Breaker::Closed { failures: 0 });
}

#[tokio::test]
async fn whoever_asks_to_be_left_alone_is_and_a_person_may_say_otherwise() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &failed(false, Some(90_000))).await.unwrap();
    match calls::begin(&shop.db, &cloud, Micros(0)).await.unwrap() {
        Begun::LeftAlone { until } => assert_eq!(until, shop.db.now().plus_ms(90_000)),
        other => panic!("{other:?}"),
    }
    keep::switch(&shop.db, cloud.id, false).await.unwrap();
    assert!(matches!(calls::begin(&shop.db, &cloud, Micros(0)).await.unwrap(), Begun::Off));
    keep::switch(&shop.db, cloud.id, true).await.unwrap();
    call(&shop.db, &cloud, 0).await;
}
