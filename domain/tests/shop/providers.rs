//! Who hears and who writes.

use crate::database::fresh;
use crate::two_factor::OpenVault;
use domain::audit::{Action, Filter, trail};
use domain::entities::providers::Entity;
use domain::providers::address::Reach;
use domain::providers::{MOST, Provider, ProviderForm, ProviderKind, Purpose, fetches, keep, read};
use domain::{Db, Error};
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
pub async fn asked(db: &Db) -> Provider {
    let added = added(db, "Cloud", "speech").await;
    keep::switch(db, added.id, true).await.unwrap()
}

async fn names(db: &Db, purpose: Purpose) -> Vec<String> {
    let all = read::list(db).await.unwrap().into_iter().filter(|provider| provider.purpose == purpose);
    all.map(|provider| provider.name).collect()
}

async fn key_of(db: &Db, name: &str) -> Option<String> {
    let ready = read::ready(db, Purpose::Speech).await.unwrap();
    ready.iter().find(|ready| ready.provider.name == name).unwrap().key(&OpenVault).unwrap()
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
    let all = read::list(&shop.db).await.unwrap();
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
    assert_eq!(read::ready(&shop.db, Purpose::Speech).await.unwrap().len(), 1);
    assert_eq!(read::hosts(&shop.db).await.unwrap(), [] as [String; 0]);
    keep::switch(&shop.db, cloud.id, true).await.unwrap();
    assert_eq!(read::ready(&shop.db, Purpose::Speech).await.unwrap().len(), 2);
    assert_eq!(read::hosts(&shop.db).await.unwrap(), ["api.example"]);

    // What stands in the shop's own network is not given away, and nobody is told what is there.
    let inside = ProviderForm { address: "http://gpu.internal:8000/v1".to_owned(), ..form("Inside", "writing") };
    let inside = keep::add(&shop.db, &OpenVault, Reach { private: true }, &inside).await.unwrap();
    keep::switch(&shop.db, inside.id, true).await.unwrap();
    assert_eq!(read::hosts(&shop.db).await.unwrap(), ["api.example"]);
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
    let engine = read::list(&shop.db).await.unwrap().remove(0);
    keep::switch(&shop.db, engine.id, false).await.unwrap();
    assert!(read::ready(&shop.db, Purpose::Speech).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_every_shop_has_is_neither_changed_nor_removed() {
    let shop = fresh().await;
    for provider in read::list(&shop.db).await.unwrap() {
        let changed = change(&shop.db, provider.id, |_| {}).await.unwrap_err();
        let removed = keep::remove(&shop.db, provider.id).await.unwrap_err();
        assert_eq!((changed.code(), removed.code()), ("provider.built-in", "provider.built-in"));
    }
    assert!(matches!(keep::remove(&shop.db, uuid::Uuid::nil()).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_form_that_makes_no_sense_is_refused_at_its_field() {
    let shop = fresh().await;
    type Spoil = fn(&mut ProviderForm);
    let wrong: [(&str, Spoil); 9] = [
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
    assert_eq!(read::get(&shop.db, cloud.id).await.unwrap().name, "Cloud");
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
