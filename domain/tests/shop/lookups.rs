//! The look-ups behind accounts, carts, orders and the library find their rows by an index.

use crate::database::{Shop, fresh};
use crate::fixtures::{ask_refund, bank, cart_of, give, good_card, pay, settle_due, shopper, user};
use crate::mailbox;
use crate::query_plans::{all_use_indexes, crowd};
use crate::two_factor;
use domain::account::email::{email_tokens, mail, verification};
use domain::account::external_login::{self, ExternalIdentity};
use domain::account::sessions::{self, active_sessions, devices};
use domain::account::{
    Password, Permissions, Role, User, login, privacy, profile, recovery, registration, user_admin, users as accounts,
};
use domain::audit::trail::{events, events_of};
use domain::audit::{Action, Cursor, Filter};
use domain::catalog::titles;
use domain::entitlements::owns;
use domain::job_kinds;
use domain::jobs::{self, manage};
use domain::limits::{Limits, Rule, delete_idle};
use domain::listening::days;
use domain::listening::library::library;
use domain::listening::player::{listening, segments, transcript};
use domain::listening::position::{position, save_position};
use domain::listening::privacy::positions_after;
use domain::listening::{LibraryFilter, Position};
use domain::ordering::filtered::Typed;
use domain::ordering::orders::{order, orders};
use domain::ordering::privacy::{books_after, disputes_after, events_after, orders_after, refunds_after};
use domain::ordering::provider_events::{self, About, ProviderEvent};
use domain::ordering::{OrderFilter, availability, cart, going_on, office};
use domain::privacy::deletion;
use domain::production::review;
use domain::reviews::privacy::{count_of, reports_after, reviews_after};
use domain::reviews::{ReviewForm, keep, moderate, page, report};
use domain::transcript::Shown;
use domain::{Currency, Day, PageRequest, SystemClock, Timestamp, Walk, insight};
use sea_orm::DbBackend;
use std::sync::Arc;

/// A shop with a crowd in it, and Ada, who owns a book.
async fn busy() -> (Shop, User) {
    let shop = fresh().await;
    crowd(&shop).await;
    let ada = shopper(&shop, "Ada").await;
    shop.statements.take();
    (shop, ada)
}

#[tokio::test]
async fn logging_in_looks_up_one_account() {
    let (shop, ada) = busy().await;
    assert!(accounts::account(&shop.db, ada.id).await.unwrap().is_some());
    assert!(login::authenticate(&shop.db, "ada@example.com", "wrong").await.unwrap().is_none());
    assert!(registration::admin_exists(&shop.db).await.unwrap());
    all_use_indexes(&shop).await;
    let row =
        sessions::Row { id: "s".into(), data: "{}".into(), user_id: Some(ada.id), expires_at: Timestamp(i64::MAX) };
    sessions::create(&shop.db, &row, i64::MAX).await.unwrap();
    sessions::save(&shop.db, &row, i64::MAX).await.unwrap();
    let copy = sessions::load(&shop.db, "s").await.unwrap().unwrap();
    assert!(sessions::account_of(&shop.db, &copy).await.unwrap().is_some());
    sessions::delete_of_user(shop.db.read(), ada.id).await.unwrap();
    sessions::delete_expired(&shop.db).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn sending_and_opening_a_link_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    recovery::ask_reset(&shop.db, &ada.email).await.unwrap();
    verification::ask_again(&shop.db, ada.id).await.unwrap();
    let mut tokens = Vec::new();
    while let Some((claim, mail_job)) = mailbox::take(&shop, "post").await {
        let letter = mail::prepare(&shop.db, &claim, &mail_job).await.unwrap().unwrap();
        jobs::complete_all(&shop.db, &[claim]).await.unwrap();
        let (mail::Content::Reset(token) | mail::Content::Verify(token)) = letter.content else { continue };
        tokens.push(token);
    }
    all_use_indexes(&shop).await;
    verification::confirm(&shop.db, tokens[1].expose()).await.unwrap();
    recovery::reset(&shop.db, tokens[0].expose(), &Password::parse("a long walk home").unwrap()).await.unwrap();
    email_tokens::delete_stale(&shop.db).await.unwrap();
    manage::prune(&shop.db, job_kinds::all()).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn filling_a_cart_and_paying_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let (_, payments) = bank();
    for slug in ["book-1", "book-2"] {
        cart::add(&shop.db, &cart_of(&ada), slug).await.unwrap();
    }
    cart::remove(&shop.db, &cart_of(&ada), "book-2").await.unwrap();
    cart::add(&shop.db, &cart::CartOwner::Guest("g".into()), "book-3").await.unwrap();
    cart::delete_abandoned(&shop.db).await.unwrap();
    cart::merge_guest_cart(&shop.db, "g", ada.id).await.unwrap();
    availability::of_title(&shop.db, None, Some(&cart_of(&ada)), "book-9").await.unwrap();
    assert_eq!(cart::count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 2);
    all_use_indexes(&shop).await;
    let bought = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    all_use_indexes(&shop).await;
    orders(&shop.db, ada.id, PageRequest::new(1, 20)).await.unwrap();
    order(&shop.db, ada.id, &bought.number).await.unwrap();
    ask_refund(&shop, &bought, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    office::get(&shop.db, &bought.number).await.unwrap();
    for text in ["", "L-7K", "ada@", "bell"] {
        let filter = OrderFilter { text: text.to_owned(), ..OrderFilter::default() };
        office::list(&shop.db, &filter, PageRequest::new(1, 20)).await.unwrap();
    }
    let far = Day::of(shop.db.now()).plus(10).to_string();
    for typed in [Typed { from: &far, to: &far, ..Typed::default() }, Typed { least: "500", ..Typed::default() }] {
        for provider in ["", "stripe"] {
            let filter = OrderFilter { provider: provider.to_owned(), ..OrderFilter::default() };
            office::list(&shop.db, &filter.within(&typed).unwrap(), PageRequest::new(1, 20)).await.unwrap();
        }
    }
    let event = ProviderEvent {
        provider: "stripe",
        id: "evt_1".to_owned(),
        kind: "checkout.session.completed".to_owned(),
        about: About::Payment(bought.id),
    };
    assert!(provider_events::note(&shop.db, &event).await.unwrap());
    assert!(!provider_events::note(&shop.db, &event).await.unwrap(), "it came before");
    provider_events::forget_old(&shop.db).await.unwrap();
    going_on::look(&shop.db, &payments, ada.id, &bought.number).await.unwrap();
    assert_eq!(going_on::address(&shop.db, ada.id, &bought.number).await.unwrap(), None);
    going_on::give_up(&shop.db, &payments, ada.id, &bought.number).await.unwrap();
    events_after(&shop.db, ada.id, None, 10).await.unwrap();
    refunds_after(&shop.db, ada.id, None, 10).await.unwrap();
    disputes_after(&shop.db, ada.id, None, 10).await.unwrap();
    all_use_indexes(&shop).await;
    insight::dashboard::dashboard(&shop.db, Currency::USD, true).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn a_library_and_a_player_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let (_, payments) = bank();
    cart::add(&shop.db, &cart_of(&ada), "book-1").await.unwrap();
    let bought = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    let id = bought.lines[0].audiobook_id;
    shop.statements.take();
    for filter in LibraryFilter::ALL.map(|(filter, ..)| filter) {
        library(&shop.db, ada.id, filter, "", PageRequest::new(1, 24)).await.unwrap();
    }
    let found = library(&shop.db, ada.id, LibraryFilter::All, "boo", PageRequest::new(1, 24)).await.unwrap();
    assert_eq!(found.total, 1);
    all_use_indexes(&shop).await;
    assert!(owns(&shop.db, ada.id, id).await.unwrap());
    listening(&shop.db, &ada, "book-1").await.unwrap();
    segments(&shop.db, &ada, "book-1", 0, 10_000).await.unwrap();
    transcript(&shop.db, &ada, id).await.unwrap();
    for shown in [Shown::Doubtful, Shown::Decided, Shown::All] {
        review::review(&shop.db, id, shown, PageRequest::new(1, 20)).await.unwrap();
        review::walk(&shop.db, id, shown, Walk { after: None, limit: 2 }).await.unwrap();
    }
    for taken_at in [1_000, 2_000] {
        let place = Position {
            position_ms: taken_at,
            taken_at: Timestamp(taken_at),
            speed_percent: 100,
            ..Position::default()
        };
        assert!(save_position(&shop.db, ada.id, id, place).await.unwrap());
    }
    position(&shop.db, ada.id, id).await.unwrap();
    assert_eq!(days::streak(&shop.db, ada.id).await.unwrap().longest, 1);
    days::days_after(&shop.db, ada.id, Some(Day(-1)), 10).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn reading_the_audit_trail_and_the_list_of_people_looks_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let filters = [
        Filter::default(),
        Filter { who: "person7@example.com".to_owned(), ..Filter::default() },
        Filter { action: Action::LoggedIn.name().to_owned(), ..Filter::default() },
        Filter { from: Some(Timestamp(0)), until: Some(Timestamp(5)), ..Filter::default() },
    ];
    for filter in filters {
        for place in [None, Some(Cursor { at: shop.db.now(), id: ada.id })] {
            events(&shop.db, &filter, place, 50).await.unwrap();
        }
    }
    all_use_indexes(&shop).await;
    for (text, admins) in [("", true), ("person3", false), ("person3", true)] {
        user_admin::list(&shop.db, text, admins, PageRequest::new(1, 50)).await.unwrap();
    }
    user_admin::get(&shop.db, ada.id).await.unwrap();
    let admin = user(&shop, "Root", Role::Admin).await;
    user_admin::set_permissions(&shop.db, admin.id, ada.id, Permissions::all()).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn limits_and_known_browsers_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let limits = Limits::in_database([(Rule::Meter, "1/1h".parse().unwrap())].into(), &shop.db);
    limits.take(Rule::Meter, &["a"]).await.unwrap();
    assert!(limits.take(Rule::Meter, &["a"]).await.is_err());
    limits.forget(Rule::Meter, &["a"]).await.unwrap();
    delete_idle(&shop.db).await.unwrap();
    let token = devices::remember(&shop.db, ada.id, None).await.unwrap().unwrap();
    devices::remember(&shop.db, ada.id, Some(&token)).await.unwrap();
    assert!(devices::is_known(&shop.db, &token, "ada@example.com").await.unwrap());
    devices::delete_forgotten(&shop.db).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn coming_in_by_google_looks_up_ones_own_rows() {
    let (shop, ada) = busy().await;
    let said = |subject: &str| ExternalIdentity {
        provider: "https://accounts.example".to_owned(),
        subject: subject.to_owned(),
        email: Some("cleo@example.com".parse().unwrap()),
        email_verified: true,
        name: None,
    };
    assert!(external_login::log_in(&shop.db, &said("person7@example.com")).await.unwrap().is_ok());
    assert!(external_login::log_in(&shop.db, &said("somebody new")).await.unwrap().is_ok());
    assert!(external_login::link(&shop.db, ada.id, &said("person8@example.com")).await.unwrap().is_err());
    assert!(external_login::is_of(&shop.db, ada.id, &said("person9@example.com")).await.is_ok());
    external_login::google_link_status(&shop.db, ada.id, "https://accounts.example").await.unwrap();
    assert!(external_login::unlink(&shop.db, ada.id, "https://accounts.example").await.is_err());
    external_login::id_tokens::spend(&shop.db, &"a".repeat(64), shop.db.now()).await.unwrap();
    external_login::id_tokens::delete_expired(&shop.db).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn a_profile_and_leaving_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let db = &shop.db;
    let (_, payments) = bank();
    cart::add(db, &cart_of(&ada), "book-1").await.unwrap();
    pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    shop.statements.take();
    profile::profile(db, ada.id, vec![Currency::USD]).await.unwrap();
    profile::rename(db, ada.id, "Ada King").await.unwrap();
    profile::prefer(db, ada.id, "en-US", "", vec![Currency::USD]).await.unwrap();
    all_use_indexes(&shop).await;
    for id in ["desk", "phone"] {
        let row =
            sessions::Row { id: id.into(), data: "{}".into(), user_id: Some(ada.id), expires_at: Timestamp(i64::MAX) };
        sessions::create(db, &row, i64::MAX).await.unwrap();
    }
    assert_eq!(active_sessions::list(db, ada.id, Some("desk")).await.unwrap().len(), 2);
    active_sessions::end(db, ada.id, &sessions::handle("phone")).await.unwrap();
    active_sessions::end_all(db, ada.id, Some("desk")).await.unwrap();
    all_use_indexes(&shop).await;
    privacy::facts(db, ada.id).await.unwrap();
    for after in [None, Some(ada.id)] {
        orders_after(db, ada.id, after, 50).await.unwrap();
        books_after(db, ada.id, after, 50).await.unwrap();
        positions_after(db, ada.id, after, 50).await.unwrap();
    }
    for place in [None, Some(Cursor { at: shop.db.now(), id: ada.id })] {
        events_of(db, ada.id, place, 50).await.unwrap();
    }
    all_use_indexes(&shop).await;
    deletion::preview(db, ada.id).await.unwrap();
    deletion::delete(db, ada.id, "ada@example.com").await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn the_second_step_looks_up_ones_own_rows() {
    let (shop, ada) = busy().await;
    let account = accounts::account(&shop.db, ada.id).await.unwrap().unwrap();
    two_factor::protect(&shop.db, &account).await;
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn a_coupon_and_a_wishlist_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let (_, payments) = bank();
    cart::add(&shop.db, &cart_of(&ada), "book-1").await.unwrap();
    cart::coupon::apply(&shop.db, &crate::coupons::unlimited(), &cart_of(&ada), "coupon7").await.unwrap();
    pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    domain::ordering::coupons::list(&shop.db, PageRequest::new(1, 20)).await.unwrap();
    all_use_indexes(&shop).await;
    domain::wishlist::keep::wish(&shop.db, ada.id, "book-2").await.unwrap();
    domain::wishlist::keep::list(&shop.db, ada.id).await.unwrap();
    domain::wishlist::keep::forget(&shop.db, ada.id, "book-2").await.unwrap();
    domain::wishlist::privacy::wishes_after(&shop.db, ada.id, None, 10).await.unwrap();
    domain::wishlist::privacy::told_after(&shop.db, ada.id, None, 10).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn bookmarks_and_kept_answers_look_up_their_own_rows() {
    use domain::listening::{bookmarks, privacy};
    use domain::ordering::answers::{self, Answer, Begun};
    let (shop, ada) = busy().await;
    let id = titles::id_of(&shop.db, "book-7").await.unwrap();
    give(&shop, &ada, id).await;
    shop.statements.take();
    let mark = bookmarks::add(&shop.db, &ada, "book-7", 1, "Here").await.unwrap();
    bookmarks::change(&shop.db, &ada, "book-7", mark.id, Some(2), None).await.unwrap();
    bookmarks::list(&shop.db, &ada, "book-7", Some((0, mark.id)), 25).await.unwrap();
    bookmarks::remove(&shop.db, &ada, "book-7", mark.id).await.unwrap();
    privacy::bookmarks_after(&shop.db, ada.id, None, 10).await.unwrap();
    all_use_indexes(&shop).await;
    let Begun::New(turn) = answers::begin(&shop.db, ada.id, "key", "this").await.unwrap() else { panic!() };
    answers::keep(&shop.db, &turn, &Answer { status: 201, body: "{}".to_owned() }).await.unwrap();
    answers::release(&shop.db, &turn).await.unwrap();
    assert!(matches!(answers::begin(&shop.db, ada.id, "key", "this").await.unwrap(), Begun::Known(_)));
    answers::answers_after(&shop.db, ada.id, None, 10).await.unwrap();
    answers::forget_old(&shop.db).await.unwrap();
    domain::ordering::orders::orders_before(&shop.db, ada.id, Some((shop.db.now(), ada.id)), 25).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn edits_of_a_text_look_up_their_own_rows() {
    use domain::production::{chaptering, editing};
    use domain::transcript::edits::change::Change;
    use domain::transcript::edits::matching::Replacement;
    let (shop, _) = busy().await;
    let db = &shop.db;
    let id = titles::id_of(db, "book-7").await.unwrap();
    shop.statements.take();
    let line = editing::desk(db, id, 0, 2).await.unwrap().window.lines.remove(0);
    editing::walk(db, id, 0, Walk { after: None, limit: 2 }).await.unwrap();
    let said = |text: &str| Change::Said { text: Some(text.into()), speaker: Some("Ann".into()), reach: 2 };
    editing::edit(db, id, line.id, line.version, &said("A word.\nAnd another.")).await.unwrap();
    let wanted = Replacement { find: "word".into(), put: "bell".into(), ..Replacement::default() };
    let found = editing::matches(db, id, &wanted).await.unwrap();
    editing::replace(db, id, &wanted, &found.seen).await.unwrap();
    let last = editing::desk(db, id, 3_000_000, 2).await.unwrap().last.unwrap();
    editing::undo(db, id, last.id).await.unwrap();
    editing::edits(db, id, Walk { after: None, limit: 2 }).await.unwrap();
    chaptering::contents(db, id).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn reviews_look_up_their_own_rows() {
    let (shop, ada) = busy().await;
    let db = &shop.db;
    let limits = Limits::in_memory(Default::default(), Arc::new(SystemClock));
    let book = page::reviews(db, "book-7", None, None).await.unwrap();
    let theirs = book.reviews[0].id;
    page::reviews(db, "book-7", Some(&ada), Some(theirs)).await.unwrap();
    let id = titles::id_of(db, "book-7").await.unwrap();
    give(&shop, &ada, id).await;
    shop.statements.take();
    let form = ReviewForm { story: 5, performance: 4, text: "Good.".to_owned() };
    for _ in 0..2 {
        keep::rate(db, &limits, ada.id, "book-7", &form).await.unwrap();
    }
    report::report(db, &limits, ada.id, theirs).await.unwrap();
    page::newest(db, id, 3).await.unwrap();
    all_use_indexes(&shop).await;
    let (_, place) = moderate::list(db, None, 5).await.unwrap();
    if db.backend() == DbBackend::MySql {
        // The beginning of a list of so few rows MariaDB rather sorts than takes from an index.
        shop.statements.take();
    }
    moderate::list(db, place, 5).await.unwrap();
    moderate::hide(db, theirs, "Unkind.").await.unwrap();
    moderate::show(db, theirs).await.unwrap();
    all_use_indexes(&shop).await;
    for after in [None, Some(ada.id)] {
        reviews_after(db, ada.id, after, 50).await.unwrap();
        reports_after(db, ada.id, after, 50).await.unwrap();
    }
    count_of(db, ada.id).await.unwrap();
    keep::remove(db, ada.id, "book-7").await.unwrap();
    all_use_indexes(&shop).await;
}
