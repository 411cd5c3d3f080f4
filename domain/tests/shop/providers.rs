//! Who hears and who writes.

use crate::database::{Shop, fresh};
use crate::two_factor::OpenVault;
use domain::audit::{Action, Filter, trail};
use domain::entities::providers::Entity;
use domain::providers::address::Reach;
use domain::providers::calls::{self, Begun, Call, Ended, FAILURES, LEFT_ALONE_MS};
use domain::providers::{Breaker, MOST, Micros, Provider, ProviderForm, ProviderKind, Purpose, fetches, keep};
use domain::{Day, Db, Error};
use sea_orm::EntityTrait;

const KEY: &str = "sk-a-key-that-nobody-sees";

fn form(name: &str, purpose: &str) -> ProviderForm {
    ProviderForm {
        purpose: purpose.to_owned(),
        name: name.to_owned(),
        address: "https://api.example/v1".to_owned(),
        model: "whisper-1".to_owned(),
        key: KEY.to_owned(),
        time_limit: "30".to_owned(),
        tries: "2".to_owned(),
        context: String::new(),
        currency: "USD".to_owned(),
        price_in: "0.006".to_owned(),
        price_out: String::new(),
        budget: "0.01".to_owned(),
    }
}

async fn added(db: &Db, name: &str, purpose: &str) -> Provider {
    keep::add(db, &OpenVault, Reach::default(), &form(name, purpose)).await.unwrap()
}

async fn change(db: &Db, id: uuid::Uuid, edit: impl Fn(&mut ProviderForm)) -> Result<Provider, Error> {
    keep::change(db, &OpenVault, Reach::default(), id, edit, |_| true).await
}

/// One that is on.
async fn asked(db: &Db) -> Provider {
    let added = added(db, "Cloud", "speech").await;
    keep::switch(db, added.id, true).await.unwrap()
}

async fn names(db: &Db, purpose: Purpose) -> Vec<String> {
    let all = keep::list(db).await.unwrap().into_iter().filter(|provider| provider.purpose == purpose);
    all.map(|provider| provider.name).collect()
}

async fn key_of(db: &Db, name: &str) -> Option<String> {
    let ready = keep::ready(db, Purpose::Speech).await.unwrap();
    ready.iter().find(|ready| ready.provider.name == name).unwrap().key(&OpenVault).unwrap()
}

async fn spent(shop: &Shop, provider: &Provider) -> i64 {
    keep::get(&shop.db, provider.id).await.unwrap().month.spent.0
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

/// All that is done to who hears and writes.
pub async fn keep_one(db: &Db) {
    let cloud = asked(db).await;
    change(db, cloud.id, |form| form.name = "Another cloud".to_owned()).await.unwrap();
    keep::shift(db, cloud.id, true).await.unwrap();
    keep::switch(db, cloud.id, false).await.unwrap();
    keep::remove(db, cloud.id).await.unwrap();
    fetches::ask(db, "base.en").await.unwrap();
    fetches::call_off(db, "base.en").await.unwrap();
}

#[tokio::test]
async fn a_shop_hears_and_writes_by_itself_until_somebody_adds_one_elsewhere_and_switches_it_on() {
    let shop = fresh().await;
    let all = keep::list(&shop.db).await.unwrap();
    assert!(all.iter().all(|provider| provider.on && !provider.is_elsewhere()), "{all:?}");
    let kinds: Vec<_> = all.iter().map(|provider| (provider.purpose, provider.kind)).collect();
    let built_in = [
        (Purpose::Speech, ProviderKind::Engine),
        (Purpose::Writing, ProviderKind::Engine),
        (Purpose::Writing, ProviderKind::Extractive),
    ];
    assert_eq!(kinds, built_in);

    let cloud = added(&shop.db, "Cloud", "speech").await;
    assert!(!cloud.on, "nothing leaves the shop before somebody says so");
    assert_eq!(keep::ready(&shop.db, Purpose::Speech).await.unwrap().len(), 1);
    assert_eq!(keep::hosts(&shop.db).await.unwrap(), [] as [String; 0]);
    keep::switch(&shop.db, cloud.id, true).await.unwrap();
    assert_eq!(keep::ready(&shop.db, Purpose::Speech).await.unwrap().len(), 2);
    assert_eq!(keep::hosts(&shop.db).await.unwrap(), ["api.example"]);
}

#[tokio::test]
async fn they_are_asked_in_the_order_that_an_admin_gives_them() {
    let shop = fresh().await;
    let (one, two) = (added(&shop.db, "One", "writing").await, added(&shop.db, "Two", "writing").await);
    let standing = names(&shop.db, Purpose::Writing).await;
    assert_eq!(standing[1..3], ["One", "Two"]);
    assert_eq!(standing.len(), 4, "and the one that never fails comes last: {standing:?}");
    keep::shift(&shop.db, two.id, true).await.unwrap();
    keep::shift(&shop.db, two.id, true).await.unwrap();
    keep::shift(&shop.db, two.id, true).await.unwrap();
    assert_eq!(names(&shop.db, Purpose::Writing).await[0], "Two");
    keep::shift(&shop.db, one.id, false).await.unwrap();
    assert_eq!(names(&shop.db, Purpose::Writing).await[3], "One");
    assert_eq!(names(&shop.db, Purpose::Speech).await.len(), 1, "the others are where they were");
    let engine = keep::list(&shop.db).await.unwrap().remove(0);
    keep::switch(&shop.db, engine.id, false).await.unwrap();
    assert!(keep::ready(&shop.db, Purpose::Speech).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_every_shop_has_is_neither_changed_nor_removed() {
    let shop = fresh().await;
    for provider in keep::list(&shop.db).await.unwrap() {
        let changed = change(&shop.db, provider.id, |_| {}).await.unwrap_err();
        let removed = keep::remove(&shop.db, provider.id).await.unwrap_err();
        assert_eq!((changed.code(), removed.code()), ("provider.built-in", "provider.built-in"));
    }
    assert!(matches!(keep::remove(&shop.db, uuid::Uuid::nil()).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_refused_at_its_field() {
    let shop = fresh().await;
    let wrong: [(&str, fn(&mut ProviderForm)); 9] = [
        ("purpose", |form| form.purpose = "music".to_owned()),
        ("name", |form| form.name = "  ".to_owned()),
        ("address", |form| form.address = "http://api.example/v1".to_owned()),
        ("model", |form| form.model = String::new()),
        ("key", |form| form.key = "two words".to_owned()),
        ("time_limit", |form| form.time_limit = "0".to_owned()),
        ("tries", |form| form.tries = "many".to_owned()),
        ("price_in", |form| form.price_in = "-1".to_owned()),
        ("budget", |form| form.budget = "much".to_owned()),
    ];
    for (wanted, edit) in wrong {
        let mut typed = form("Cloud", "speech");
        edit(&mut typed);
        match keep::add(&shop.db, &OpenVault, Reach::default(), &typed).await {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, wanted),
            other => panic!("{wanted}: {other:?}"),
        }
    }
    for number in 1..MOST {
        added(&shop.db, &format!("Cloud {number}"), "speech").await;
    }
    let full = keep::add(&shop.db, &OpenVault, Reach::default(), &form("Cloud", "speech")).await.unwrap_err();
    assert_eq!(full.code(), "provider.too-many");
}

#[tokio::test]
async fn a_key_is_sealed_shown_to_nobody_and_never_goes_to_another_machine() {
    let shop = fresh().await;
    let cloud = asked(&shop.db).await;
    assert!(cloud.has_key && !format!("{cloud:?}{:?}", form("Cloud", "speech")).contains(KEY));
    let row = Entity::find_by_id(cloud.id).one(shop.db.read()).await.unwrap().unwrap();
    assert!(!format!("{row:?}").contains(KEY), "it stands in the database as it is");
    assert_eq!(key_of(&shop.db, "Cloud").await.as_deref(), Some(KEY));

    change(&shop.db, cloud.id, |form| form.address = "https://api.example/v2".to_owned()).await.unwrap();
    assert_eq!(key_of(&shop.db, "Cloud").await.as_deref(), Some(KEY), "the same machine");
    change(&shop.db, cloud.id, |form| form.key = "another".to_owned()).await.unwrap();
    assert_eq!(key_of(&shop.db, "Cloud").await.as_deref(), Some("another"));
    let moved = change(&shop.db, cloud.id, |form| form.address = "https://evil.example/v1".to_owned()).await.unwrap();
    assert!(!moved.has_key && key_of(&shop.db, "Cloud").await.is_none());
    let lines = trail::events(&shop.db, &Filter::default(), None, 100).await.unwrap();
    assert!(lines.iter().any(|line| line.action == Action::ProviderChanged.name()));
    assert!(lines.iter().all(|line| !line.details.contains(KEY) && !line.details.contains("another")), "{lines:?}");
}

#[tokio::test]
async fn whoever_has_not_seen_the_last_version_changes_nothing() {
    let shop = fresh().await;
    let cloud = added(&shop.db, "Cloud", "speech").await;
    let edit = |form: &mut ProviderForm| form.name = "Mine".to_owned();
    let late = keep::change(&shop.db, &OpenVault, Reach::default(), cloud.id, edit, |version| version == 7).await;
    assert_eq!(late.unwrap_err().code(), keep::CHANGED_SINCE);
    assert_eq!(keep::get(&shop.db, cloud.id).await.unwrap().name, "Cloud");
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
    assert_eq!(keep::get(&shop.db, cloud.id).await.unwrap().month.calls, 3);
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
    drop(begun);
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
    let state = async || keep::get(&shop.db, cloud.id).await.unwrap().breaker;
    for failures in 1..FAILURES {
        calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &failed(false, None)).await.unwrap();
        assert_eq!(state().await, Breaker::Closed { failures });
    }
    calls::end(&shop.db, call(&shop.db, &cloud, 0).await, &failed(false, None)).await.unwrap();
    let until = shop.db.now().plus_ms(LEFT_ALONE_MS);
    assert_eq!(state().await, Breaker::Open { until });
    assert!(matches!(calls::begin(&shop.db, &cloud, Micros(0)).await.unwrap(), Begun::LeftAlone { .. }));
    let failed_last = keep::get(&shop.db, cloud.id).await.unwrap().failed.unwrap();
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
    drop(call(&shop.db, &cloud, 0).await);
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

#[tokio::test]
async fn a_model_is_asked_for_once_and_called_off() {
    let shop = fresh().await;
    fetches::ask(&shop.db, "base.en").await.unwrap();
    shop.clock.advance(1);
    fetches::ask(&shop.db, "qwen2.5-1.5b").await.unwrap();
    fetches::ask(&shop.db, "base.en").await.unwrap();
    assert_eq!(fetches::wanted(shop.db.read()).await.unwrap(), ["base.en", "qwen2.5-1.5b"]);
    fetches::call_off(&shop.db, "base.en").await.unwrap();
    fetches::call_off(&shop.db, "base.en").await.unwrap();
    assert_eq!(fetches::wanted(shop.db.read()).await.unwrap(), ["qwen2.5-1.5b"]);
    let told = trail::events(&shop.db, &Filter::default(), None, 100).await.unwrap().len();
    assert_eq!(told, 3, "what changes nothing leaves no line");
}
