//! The audit trail.

use crate::database::{OPENING, Shop, fresh};
use crate::elsewhere::give_back_and_lose;
use crate::fixtures::{DAY, bank, buy, for_sale, give, record, shopper, user};
use crate::identities;
use crate::mailbox::{address, delivered_link};
use crate::two_factor;
use domain::Actor;
use domain::account::email::verification;
use domain::account::login::{self, Attempt};
use domain::account::users::Account;
use domain::account::{
    Password, Permission, Permissions, Role, User, profile, recovery, registration, tokens, user_admin,
};
use domain::audit::{self, Action, Entry, Event, Filter, Outcome, trail};
use domain::catalog::covers::{self, PictureOf};
use domain::catalog::{CategoryForm, TextRights, categories, contributors, drafts, edit, publish, series};
use domain::entities::audit_events::{Column, Entity};
use domain::job_kinds;
use domain::jobs::{self, Queue, Retry, manage};
use domain::limits::Limits;
use domain::ordering::{office, refunds};
use domain::privacy::deletion;
use domain::production::samples;
use domain::production::uploads::{self, NewUpload};
use domain::production::{Step, StepStatus, steps};
use domain::reviews::{ReviewForm, keep, moderate, report};
use domain::settings::{self, SettingsForm, ShopSettings};
use domain::{Currency, Db, Error, PageRequest, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

const SECRET: &str = "a lamp above the harbour";

async fn trail(shop: &Shop) -> Vec<Event> {
    trail::events(&shop.db, &Filter::default(), None, 1000).await.unwrap()
}

fn password() -> Password {
    Password::parse(SECRET).unwrap()
}

fn unlimited() -> Limits {
    Limits::in_memory(Default::default(), Arc::new(domain::SystemClock))
}

/// Somebody at a desk in the shop's network.
fn at_a_desk(db: &Db, user: &User) -> Db {
    db.acting(Actor::visitor("192.0.2.7".parse().ok(), Some("Browser/1")).known_as(user.id, &user.email))
}

/// A mailed link after the other: to confirm, to reset, to move there and back.
async fn recover_and_move(shop: &Shop, db: &Db, user: &User) {
    verification::confirm(db, &delivered_link(shop).await).await.unwrap();
    recovery::ask_reset(db, &user.email).await.unwrap();
    recovery::reset(db, &delivered_link(shop).await, &password()).await.unwrap();
    assert!(verification::ask_move(db, user.id, &address("ann"), "not the password").await.is_err());
    for name in ["ann", "ada"] {
        verification::ask_move(db, user.id, &address(name), SECRET).await.unwrap();
        verification::confirm(db, &delivered_link(shop).await).await.unwrap();
    }
}

/// One program is logged out, another one's token is stolen.
async fn programs(shop: &Shop, db: &Db, account: &Account) {
    let lifetimes = tokens::Lifetimes { idle_ms: DAY, max_ms: DAY };
    let held = tokens::open(db, account, "Reader/1", lifetimes).await.unwrap();
    tokens::revoke(db, held.family_id).await.unwrap();
    let held = tokens::open(db, account, "Reader/1", lifetimes).await.unwrap();
    tokens::refresh(db, &held.refresh_token, lifetimes).await.unwrap().unwrap();
    let later = db.with_clock(Arc::new(domain::FixedClock::at(shop.db.now().plus_ms(tokens::GRACE_MS))));
    tokens::refresh(&later, &held.refresh_token, lifetimes).await.unwrap().unwrap_err();
}

async fn make_and_sell(shop: &Shop, db: &Db) -> Uuid {
    let id = drafts::create(db, "The Bell", Currency::USD).await.unwrap();
    let mut form = edit::form(db, id).await.unwrap();
    (form.price, form.description, form.authors) = ("9.90".to_owned(), "A story.".to_owned(), "Ada Moss".to_owned());
    form.categories = vec!["adventure".to_owned()];
    samples::save_title(db, id, &form).await.unwrap();
    covers::put(db, PictureOf::Title(id), "covers/aa/aa.jpg").await.unwrap();
    record(shop, id, 1000, &["book.mp3"]).await;
    publish::publish(db, id).await.unwrap();
    publish::archive(db, id).await.unwrap();
    publish::unpublish(db, id).await.unwrap();
    id
}

/// Somebody buys, and the admin notes it, sends the receipt once more and pays it back.
async fn pay_back(shop: &Shop, db: &Db) {
    let ((_, payments), cleo) = (bank(), shopper(shop, "Cleo").await);
    let owl = for_sale(shop, "The Owl", 800).await;
    let order = buy(shop, &payments, &cleo, &[&owl]).await;
    office::note(db, &order.number, "She rang.").await.unwrap();
    office::resend_receipt(db, &order.number).await.unwrap();
    refunds::ask(db, &order.number, &[order.lines[0].id], "Bought twice.").await.unwrap();
}

/// A buyer rates a title, somebody reports it, the admin hides it and shows it again, and the buyer takes it back.
async fn moderate_reviews(shop: &Shop, db: &Db) {
    let dora = shopper(shop, "Dora").await;
    let heron = for_sale(shop, "The Heron", 800).await;
    give(shop, &dora, heron.id).await;
    let form = ReviewForm { story: 5, performance: 4, text: "Buy my lamps.".to_owned() };
    keep::rate(&shop.db, &unlimited(), dora.id, &heron.slug, &form).await.unwrap();
    let (reviews, _) = moderate::list(&shop.db, None, 10).await.unwrap();
    let id = reviews[0].review.id;
    let gerda = shopper(shop, "Gerda").await;
    report::report(&shop.db, &unlimited(), gerda.id, id).await.unwrap();
    moderate::hide(db, id, "It sells something else.").await.unwrap();
    moderate::show(db, id).await.unwrap();
    keep::remove(&shop.db, dora.id, &heron.slug).await.unwrap();
    keep::remove(&shop.db, dora.id, &heron.slug).await.unwrap();
}

async fn upload(db: &Db, title: Uuid, user: Uuid) -> Uuid {
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: user,
        audiobook_id: title,
        position: 0,
        file_name: "bell.mp3".to_owned(),
        relative_path: "bell.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "{}".to_owned(),
        keep_ms: DAY,
    };
    uploads::begin(db, new).await.unwrap().id
}

/// A job is given up; an admin puts it back, and calls it off.
async fn give_up_and_put_back(db: &Db) {
    let kinds = job_kinds::all();
    let claim = jobs::claim(db, kinds, Queue::Sound, "one", 60_000, 1).await.unwrap().remove(0);
    jobs::fail(db, kinds, &claim, "The disk is full.", Retry::Fatal).await.unwrap();
    manage::requeue(db, kinds, claim.id).await.unwrap();
    manage::cancel(db, kinds, claim.id).await.unwrap();
}

/// Lets the steps of a title stand as done, as far as the probe.
async fn produce(shop: &Shop, db: &Db, title: Uuid) {
    shop.db.transaction(async |tx| steps::start_run(&tx, title).await).await.unwrap();
    steps::cancel(db, title).await.unwrap();
    steps::resume(db, title).await.unwrap();
    steps::redo(db, title, Step::Probe).await.unwrap();
    let view = steps::view(&shop.db, title).await.unwrap();
    assert_eq!(view.steps[1].status, StepStatus::Queued);
}

/// What an admin does to the lists of the shop.
async fn keep_shop(shop: &Shop, db: &Db) {
    let form = |name: &str| CategoryForm { name: name.to_owned(), ..CategoryForm::default() };
    let ships = categories::create(db, &form("Ships")).await.unwrap();
    let sea = categories::create(db, &form("Sea")).await.unwrap();
    categories::save(db, ships, &form("Sailing")).await.unwrap();
    categories::shift(db, sea, true).await.unwrap();
    categories::merge(db, ships, sea).await.unwrap();
    categories::delete(db, sea).await.unwrap();
    shop.title("Two names").author("Jon Moss").narrator("John Moss").draft().await;
    let jon = contributors::list(db, "jon moss", PageRequest::new(1, 10)).await.unwrap().items.remove(0);
    covers::put(db, PictureOf::Contributor(jon.id), "covers/aa/aa.jpg").await.unwrap();
    contributors::save(db, jon.id, &jon.form).await.unwrap();
    contributors::merge(db, jon.id, "John Moss").await.unwrap();
    shop.title("In a series").series("Lamp", Some(1)).draft().await;
    shop.title("In another").series("Lamps", Some(1)).draft().await;
    let lamp = series::list(db, "", PageRequest::new(1, 10)).await.unwrap().items.remove(0);
    series::save(db, lamp.id, &lamp.form).await.unwrap();
    series::number(db, lamp.id, &std::collections::HashMap::new()).await.unwrap();
    let lamps = series::merge(db, lamp.id, "Lamps").await.unwrap();
    domain::entities::audiobooks::Entity::update_many()
        .col_expr(domain::entities::audiobooks::Column::SeriesId, Expr::value(sea_orm::Value::Uuid(None)))
        .exec(shop.db.read())
        .await
        .unwrap();
    series::delete(db, lamps).await.unwrap();
    let form = SettingsForm {
        name: "Lectern".to_owned(),
        currency: "USD".to_owned(),
        language: "en".to_owned(),
        ..SettingsForm::default()
    };
    settings::save(db, &ShopSettings::default(), &form).await.unwrap();
    crate::flags::switch(db, "on", "").await;
    crate::legal::say_who_sells(db).await;
    settings::trials::ask_for_models(db).await.unwrap();
}

#[tokio::test]
async fn everything_that_somebody_does_leaves_a_line() {
    let shop = fresh().await;
    let ada = "ada@example.com".parse().unwrap();
    let visitor = shop.db.acting(Actor::visitor("2001:db8::7".parse().ok(), Some("Browser/1")));
    let reader = registration::register(&visitor, &ada, "Ada", &password()).await.unwrap();
    let attempt = Attempt { email: "ada@example.com", password: SECRET, device: None };
    let account = login::verify(&visitor, &unlimited(), attempt).await.unwrap().unwrap();
    login::succeeded(&visitor, &account).await.unwrap();
    let wrong = Attempt { password: "not the password", ..attempt };
    assert!(login::verify(&visitor, &unlimited(), wrong).await.unwrap().is_none());
    login::ended(&visitor, &account).await.unwrap();
    programs(&shop, &visitor, &account).await;
    crate::machines::make_and_take_back(&visitor, &reader).await;
    two_factor::protect_and_lose(&visitor, &account, SECRET).await;
    identities::come_and_go(&visitor, &reader).await;
    recover_and_move(&shop, &visitor, &reader).await;
    let operator = shop.db.acting(Actor::operator());
    let admin = registration::create_admin(&operator, &ada, "Ada", &password()).await.unwrap();
    assert_eq!(reader.id, admin.id);

    let db = at_a_desk(&shop.db, &admin);
    let bob = shopper(&shop, "Bob").await;
    user_admin::set_permissions(&db, admin.id, bob.id, [Permission::Catalogue].into_iter().collect()).await.unwrap();
    shop.title("Other").published().await;
    let title = make_and_sell(&shop, &db).await;
    let upload = upload(&db, title, admin.id).await;
    uploads::cancel(&db, upload).await.unwrap();
    produce(&shop, &db, title).await;
    crate::review::decide_all(&shop, &db, title).await;
    crate::text_editing::edit_all(&shop, &db, title).await;
    give_up_and_put_back(&db).await;
    profile::rename(&db, bob.id, "Bobby").await.unwrap();
    profile::prefer(&db, bob.id, "en", "", vec![Currency::USD]).await.unwrap();
    deletion::delete(&db, bob.id, "bob@example.com").await.unwrap();
    let unwanted = drafts::create(&db, "Unwanted", Currency::USD).await.unwrap();
    domain::production::deletion::delete_draft(&db, unwanted).await.unwrap();
    crate::scheduling::set_and_call_off(&shop, &db).await;
    drafts::duplicate(&db, title).await.unwrap();
    crate::bulk::price_and_shelve(&shop, &db).await;
    crate::parts::arrange_and_replace(&shop, &db, admin.id).await;
    keep_shop(&shop, &db).await;
    pay_back(&shop, &db).await;
    give_back_and_lose(&shop, &db).await;
    crate::coupons::reduce_and_end(&db).await;
    crate::tax::keep_taxes(&db).await;
    crate::invoices::make_out(&shop, &db).await;
    crate::bundles::make_and_end(&shop, &db).await;
    crate::gift::give_and_accept(&shop, &db).await;
    moderate_reviews(&shop, &db).await;
    crate::webhooks::keep_one(&db).await;
    crate::providers::keep_one(&db).await;
    trail::prune(&operator, OPENING.plus_ms(-2 * 365 * DAY)).await.unwrap();

    let trail = trail(&shop).await;
    let seen: HashSet<_> = trail.iter().map(|event| event.action.as_str()).collect();
    // A download is told by the route that sends it, a refusal by whoever refuses, a backup by the command.
    let silent: Vec<_> = Action::ALL.iter().map(|action| action.name()).filter(|name| !seen.contains(name)).collect();
    let told_elsewhere =
        [Action::DataDownloaded, Action::AccessRefused, Action::AuditDownloaded, Action::BackupBegun].map(Action::name);
    assert_eq!(silent, told_elsewhere);
    let taken = trail.iter().filter(|event| event.action == Action::ReviewTakenBack.name());
    assert_eq!(taken.count(), 1, "what is gone is not taken back again");
    assert!(trail.iter().all(|event| !event.details.contains("Buy my")), "what was written there is not in the trail");
    for event in &trail {
        assert!(!format!("{event:?}").contains(SECRET), "a secret is in the trail: {event:?}");
    }
    let of = |action: Action| trail.iter().find(|event| event.action == action.name()).unwrap();
    let about_title = |event: &&Event| event.subject.as_deref() == Some(title.to_string().as_str());
    let published =
        trail.iter().filter(about_title).find(|event| event.action == Action::TitlePublished.name()).unwrap();
    assert_eq!((published.who.as_str(), published.user_id), ("ada@example.com", Some(admin.id)));
    assert_eq!(published.subject_kind.as_deref(), Some("title"));
    assert_eq!((published.ip.as_deref(), published.user_agent.as_deref()), (Some("192.0.2.7"), Some("Browser/1")));
    assert_eq!((published.outcome, published.at), (Outcome::Done, OPENING));
    let failed = of(Action::LoginFailed);
    assert_eq!((failed.who.as_str(), failed.outcome), ("(a visitor)", Outcome::Refused));
    assert_eq!((failed.subject.as_deref(), failed.ip.as_deref()), (Some("ada@example.com"), Some("2001:db8::7")));
    assert_eq!(of(Action::LoggedIn).user_id, Some(reader.id));
    assert_eq!(of(Action::AdminMade).who, "(command line)");
    let saved: serde_json::Value = serde_json::from_str(&of(Action::TitleSaved).details).unwrap();
    assert_eq!(saved["changed"], serde_json::json!(["description", "price"]));
}

#[tokio::test]
async fn what_was_not_done_leaves_no_line() {
    let shop = fresh().await;
    let id = drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.version += 1;
    assert!(matches!(samples::save_title(&shop.db, id, &form).await, Err(Error::Conflict(_))));
    assert!(publish::publish(&shop.db, id).await.is_err());
    assert!(publish::archive(&shop.db, id).await.is_err());
    assert!(covers::put(&shop.db, PictureOf::Title(Uuid::nil()), "covers/aa/aa.jpg").await.is_err());
    assert!(covers::remove(&shop.db, PictureOf::Contributor(Uuid::nil())).await.is_err());
    assert!(steps::resume(&shop.db, id).await.is_err());
    let told: Vec<_> = trail(&shop).await.into_iter().map(|event| event.action).collect();
    assert_eq!(told, [Action::TitleCreated.name()]);
}

#[tokio::test]
async fn publishing_what_is_on_sale_is_not_told_twice() {
    let shop = fresh().await;
    let title = shop.title("Bell").text_rights(TextRights::None).published().await;
    publish::publish(&shop.db, title.id).await.unwrap();
    let told = trail(&shop).await;
    assert_eq!(told.iter().filter(|event| event.action == Action::TitlePublished.name()).count(), 1);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_trail() {
    let shop = fresh().await;
    audit::record(&shop.db, Entry::new(Action::LoggedOut)).await.unwrap();
    let forged = Entity::update_many().col_expr(Column::Who, Expr::value("somebody else"));
    assert!(forged.exec(shop.db.read()).await.is_err());
    assert!(Entity::delete_many().exec(shop.db.read()).await.is_err());
    assert!(trail::prune(&shop.db, shop.db.now().plus_ms(1)).await.is_err(), "a year is kept, whoever asks");
    let told = trail(&shop).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].who, "(the shop)");
}

#[tokio::test]
async fn old_lines_can_be_removed_and_that_is_told() {
    let shop = fresh().await;
    let long_ago = shop.db.with_clock(Arc::new(domain::FixedClock::at(Timestamp(1000))));
    audit::record(&long_ago, Entry::new(Action::LoggedIn)).await.unwrap();
    audit::record(&shop.db, Entry::new(Action::LoggedOut)).await.unwrap();
    assert_eq!(trail::prune(&shop.db, OPENING.plus_ms(-400 * DAY)).await.unwrap(), 1);
    let told: HashSet<_> = trail(&shop).await.into_iter().map(|event| event.action).collect();
    assert_eq!(told, HashSet::from([Action::AuditPruned.name().to_owned(), Action::LoggedOut.name().to_owned()]));
}

#[tokio::test]
async fn the_trail_is_read_page_by_page_and_by_what_is_looked_for() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Admin).await);
    for n in 0..6 {
        // Two lines at each moment.
        if n % 2 == 0 {
            shop.clock.advance(DAY);
        }
        let db = at_a_desk(&shop.db, if n < 4 { &ann } else { &bob });
        let action = if n == 5 { Action::LoggedOut } else { Action::LoggedIn };
        audit::record(&db, Entry::new(action)).await.unwrap();
    }
    let whole = trail(&shop).await;
    assert!(whole.is_sorted_by_key(|event| std::cmp::Reverse((event.at, event.id))));
    let (mut pages, mut place) = (Vec::new(), None);
    loop {
        let page = trail::events(&shop.db, &Filter::default(), place, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        place = Some(last.cursor());
        pages.extend(page);
    }
    assert_eq!(pages, whole, "each line comes once");

    let count = async |filter: Filter| trail::events(&shop.db, &filter, None, 100).await.unwrap().len();
    assert_eq!(count(Filter { who: "ann@example.com".to_owned(), ..Filter::default() }).await, 4);
    assert_eq!(count(Filter { action: "account.logged-out".to_owned(), ..Filter::default() }).await, 1);
    // The clock began on the 20th and moved before the first line.
    assert_eq!(count(Filter::read("", "", "2026-11-21", "2026-11-22").unwrap()).await, 4);
    assert_eq!(count(Filter::read("bob@example.com", "", "", "2026-11-22").unwrap()).await, 0);
}

#[tokio::test]
async fn rights_in_the_trail_are_told_before_and_after() {
    let shop = fresh().await;
    let (ann, bob) = (user(&shop, "Ann", Role::Admin).await, user(&shop, "Bob", Role::Shopper).await);
    let wanted: Permissions = [Permission::Orders].into_iter().collect();
    user_admin::set_permissions(&at_a_desk(&shop.db, &ann), ann.id, bob.id, wanted).await.unwrap();
    let told = &trail(&shop).await[0];
    assert_eq!(told.subject, Some(bob.id.to_string()));
    let details: serde_json::Value = serde_json::from_str(&told.details).unwrap();
    assert_eq!(details["before"], serde_json::json!([]));
    assert_eq!(details["after"], serde_json::json!(["orders"]));
    assert_eq!(details["address"], "bob@example.com");
}

#[tokio::test]
async fn a_password_typed_into_the_wrong_field_is_not_told() {
    let shop = fresh().await;
    let attempt = Attempt { email: SECRET, password: "", device: None };
    assert!(login::verify(&shop.db, &unlimited(), attempt).await.unwrap().is_none());
    let rows = Entity::find().filter(Column::Subject.contains("lamp")).all(shop.db.read()).await.unwrap();
    assert!(rows.is_empty());
    assert_eq!(trail(&shop).await[0].subject.as_deref(), Some("(no address)"));
}
