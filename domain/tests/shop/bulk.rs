//! Changes to many titles at once.

use crate::database::{Shop, fresh};
use crate::fixtures::{Title, row, user};
use domain::account::Role;
use domain::audit::{Event, Filter, trail};
use domain::catalog::bulk::{BulkChange, BulkForm, SalePrice};
use domain::catalog::categories;
use domain::catalog::{CategoryForm, Status, edit};
use domain::insight::bulk::{Selection, run, start, view};
use domain::insight::{BulkView, Lack, TitleFilter, TitleTab};
use domain::jobs::{self, Claim, JobStatus, Queue, manage};
use domain::production::{deletion, samples};
use domain::{Actor, Currency, Db, Error, PageRequest, job_kinds};
use uuid::Uuid;

fn these(titles: &[&Title]) -> Selection {
    Selection::These(titles.iter().map(|title| title.id).collect())
}

async fn change(shop: &Shop, what: &BulkChange, titles: &[&Title]) -> BulkView {
    let key = Uuid::now_v7();
    start(&shop.db, key, what, &these(titles)).await.unwrap();
    view(&shop.db, key).await.unwrap()
}

/// Changed, as they were, refused, to do.
fn figures(view: &BulkView) -> (u64, u64, u64, u64) {
    (view.changed, view.unchanged, view.refused, view.waiting)
}

async fn price(shop: &Shop, title: &Title) -> (i64, Option<i64>) {
    let row = row(shop, title.id).await;
    (row.price_minor, row.sale_price_minor)
}

async fn lines(shop: &Shop, action: &str) -> Vec<Event> {
    let filter = Filter { action: action.to_owned(), ..Filter::default() };
    trail::events(&shop.db, &filter, None, 200).await.unwrap()
}

/// Takes the next job of upkeep that is due.
async fn take(shop: &Shop) -> Option<Claim> {
    jobs::claim(&shop.db, job_kinds::all(), Queue::Maintenance, "one", 60_000, 1).await.unwrap().pop()
}

async fn category(shop: &Shop, name: &str) -> Uuid {
    categories::create(&shop.db, &CategoryForm { name: name.to_owned(), ..CategoryForm::default() }).await.unwrap()
}

/// A price and a category of a title are changed: for the audit trail.
pub async fn price_and_shelve(shop: &Shop, db: &Db) {
    let title = shop.title("Dearer").draft().await;
    let night = category(shop, "Night").await;
    for what in [BulkChange::Percent { percent: 10 }, BulkChange::AddCategory { id: night, name: "Night".to_owned() }] {
        start(db, Uuid::now_v7(), &what, &these(&[&title])).await.unwrap();
    }
}

#[tokio::test]
async fn many_are_published_and_each_that_lacks_something_says_what() {
    let shop = fresh().await;
    let (bell, owl) = (shop.title("The Bell").draft().await, shop.title("The Owl").draft().await);
    let (bare, public) = (shop.title("Bare").draft_of_list().await, shop.title("Public").published().await);
    let seen = change(&shop, &BulkChange::Publish, &[&bell, &owl, &bare, &public]).await;
    assert_eq!(figures(&seen), (2, 1, 1, 0));
    assert!(seen.finished_at.is_some());
    let refused = &seen.refusals[0];
    assert_eq!((refused.id, refused.title.as_deref()), (bare.id, Some("Bare")));
    assert_eq!(refused.reason, "Before it can be published it needs audio.");
    assert_eq!(row(&shop, bell.id).await.status, Status::Published);
    assert_eq!(row(&shop, bare.id).await.status, Status::Draft);
}

#[tokio::test]
async fn taking_back_and_archiving_leave_what_does_not_fit() {
    let shop = fresh().await;
    let (public, draft, old) =
        (shop.title("Public").published().await, shop.title("Draft").draft().await, shop.title("Old").archived().await);
    let seen = change(&shop, &BulkChange::Archive, &[&public, &draft, &old]).await;
    assert_eq!(figures(&seen), (1, 1, 1, 0));
    assert_eq!(seen.refusals[0].reason, "A draft is not for sale: delete it, or publish it first.");
    let seen = change(&shop, &BulkChange::Unpublish, &[&public, &draft, &old]).await;
    assert_eq!(figures(&seen), (2, 1, 0, 0));
}

#[tokio::test]
async fn each_title_has_its_line_and_all_of_them_name_the_run() {
    let shop = fresh().await;
    let ann = user(&shop, "Ann", Role::Admin).await;
    let actor = Actor::visitor("192.0.2.7".parse().ok(), Some("Browser/1")).known_as(ann.id, &ann.email);
    let db = shop.db.acting(actor.by_machine(Uuid::from_u128(7), "The stock"));
    let (bell, owl) = (shop.title("The Bell").draft().await, shop.title("The Owl").draft().await);
    let key = Uuid::now_v7();
    start(&db, key, &BulkChange::Percent { percent: -10 }, &these(&[&bell, &owl])).await.unwrap();
    let told = lines(&shop, "title.priced").await;
    assert_eq!(told.len(), 2);
    for line in &told {
        assert_eq!(
            (line.who.as_str(), line.user_id, line.ip.as_deref()),
            ("ann@example.com", Some(ann.id), Some("192.0.2.7"))
        );
        assert_eq!((line.token_id, line.token_name.as_deref()), (Some(Uuid::from_u128(7)), Some("The stock")));
        let details: serde_json::Value = serde_json::from_str(&line.details).unwrap();
        assert_eq!(
            (details["bulk"].as_str(), details["change"].as_str()),
            (Some(&*key.to_string()), Some("Lower the price by 10 %"))
        );
    }
    let begun = lines(&shop, "title.bulk-begun").await;
    assert_eq!((begun.len(), begun[0].subject.clone()), (1, Some(key.to_string())));
}

#[tokio::test]
async fn prices_are_set_and_moved_and_stay_above_their_sale() {
    let shop = fresh().await;
    let plain = shop.title("Plain").price(1000).published().await;
    let reduced = shop.title("Reduced").price(1000).sale(900, None, None).published().await;
    let bare = Title {
        id: domain::catalog::drafts::create(&shop.db, "Bare", Currency::USD).await.unwrap(),
        slug: "bare".to_owned(),
    };
    let all = [&plain, &reduced, &bare];
    let seen = change(&shop, &BulkChange::Percent { percent: 15 }, &all).await;
    assert_eq!(figures(&seen), (2, 0, 1, 0));
    assert_eq!(seen.refusals[0].reason, "It has no price yet.");
    assert_eq!((price(&shop, &plain).await, price(&shop, &reduced).await), ((1150, None), (1150, Some(900))));
    let seen = change(&shop, &BulkChange::Price { amount: "9.00".to_owned() }, &all).await;
    assert_eq!(figures(&seen), (2, 0, 1, 0));
    assert_eq!(seen.refusals[0].reason, "Its sale price would not be lower than the new price. End the sale first.");
    assert_eq!(price(&shop, &reduced).await, (1150, Some(900)), "left as it is");
    assert_eq!(figures(&change(&shop, &BulkChange::EndSale, &all).await), (1, 2, 0, 0));
    let seen = change(&shop, &BulkChange::Price { amount: "9.00".to_owned() }, &all).await;
    assert_eq!(figures(&seen), (1, 2, 0, 0));
}

#[tokio::test]
async fn an_amount_is_read_in_the_currency_of_each_title() {
    let shop = fresh().await;
    let dollars = shop.title("Dollars").price(1000).draft().await;
    let yen = shop.title("Yen").currency("JPY".parse().unwrap()).price(1000).draft().await;
    let seen = change(&shop, &BulkChange::Price { amount: "7.50".to_owned() }, &[&dollars, &yen]).await;
    assert_eq!(figures(&seen), (1, 0, 1, 0));
    assert_eq!(seen.refusals[0].reason, "Write the price as a number such as 1290.");
}

#[tokio::test]
async fn a_sale_has_its_price_and_its_time() {
    let shop = fresh().await;
    let now = shop.db.now();
    let (cheap, dear) = (shop.title("Cheap").price(400).draft().await, shop.title("Dear").price(1000).draft().await);
    let sale = |price: SalePrice| BulkChange::Sale { price, starts_at: None, ends_at: Some(now.plus_ms(1000)) };
    let seen = change(&shop, &sale(SalePrice::Amount("5.00".to_owned())), &[&cheap, &dear]).await;
    assert_eq!(figures(&seen), (1, 0, 1, 0));
    assert_eq!(seen.refusals[0].reason, "The sale price would not be lower than its regular price.");
    let seen = change(&shop, &sale(SalePrice::PercentOff(20)), &[&cheap, &dear]).await;
    assert_eq!(figures(&seen), (2, 0, 0, 0));
    assert_eq!((price(&shop, &cheap).await, price(&shop, &dear).await), ((400, Some(320)), (1000, Some(800))));
    assert_eq!(row(&shop, dear.id).await.sale_ends_at, Some(now.plus_ms(1000)));
}

#[tokio::test]
async fn titles_come_into_a_category_and_out_of_it_but_not_out_of_their_last() {
    let shop = fresh().await;
    let sea = category(&shop, "Sea").await;
    let (one, full) = (
        shop.title("One").category("food").published().await,
        shop.title("Full").category("a").and_category("b").and_category("c").published().await,
    );
    let add = BulkChange::AddCategory { id: sea, name: "Sea".to_owned() };
    let seen = change(&shop, &add, &[&one, &full]).await;
    assert_eq!((figures(&seen), seen.refusals[0].reason.as_str()), ((1, 0, 1, 0), "It is in 3 categories already."));
    assert_eq!(edit::form(&shop.db, one.id).await.unwrap().categories, ["food", "sea"]);
    assert_eq!(figures(&change(&shop, &add, &[&one]).await), (0, 1, 0, 0), "it is in it already");
    let food = categories::list(&shop.db).await.unwrap().into_iter().find(|row| row.slug == "food").unwrap().id;
    let out = |id, name: &str| BulkChange::RemoveCategory { id, name: name.to_owned() };
    assert_eq!(figures(&change(&shop, &out(food, "food"), &[&one, &full]).await), (1, 1, 0, 0));
    let seen = change(&shop, &out(sea, "Sea"), &[&one]).await;
    assert_eq!(
        (figures(&seen), seen.refusals[0].reason.as_str()),
        ((0, 0, 1, 0), "A published title needs a category.")
    );
    assert_eq!(edit::form(&shop.db, one.id).await.unwrap().categories, ["sea"], "nothing is half done");
}

#[tokio::test]
async fn sent_twice_it_is_one_change() {
    let shop = fresh().await;
    let title = shop.title("The Bell").price(1000).draft().await;
    let (key, dearer) = (Uuid::now_v7(), BulkChange::Percent { percent: 10 });
    for _ in 0..2 {
        start(&shop.db, key, &dearer, &these(&[&title])).await.unwrap();
    }
    run(&shop.db, key).await.unwrap();
    assert_eq!(price(&shop, &title).await, (1100, None));
    assert_eq!(lines(&shop, "title.bulk-begun").await.len(), 1);
    // The job that would have gone on finds nothing to do.
    shop.clock.advance(30_000);
    let claim = take(&shop).await.unwrap();
    assert_eq!(claim.kind, "catalog.change-many");
    run(&shop.db, key).await.unwrap();
    assert_eq!(price(&shop, &title).await, (1100, None));
}

/// So many drafts that a change to all of them is work for a job.
async fn many(shop: &Shop) -> u64 {
    for n in 0..60 {
        shop.title(&format!("Story {n}")).price(1000).draft_of_list().await;
    }
    60
}

#[tokio::test]
async fn very_many_are_changed_by_a_job_that_goes_on_where_it_was_cut_off() {
    let shop = fresh().await;
    let total = many(&shop).await;
    let key = Uuid::now_v7();
    let all =
        Selection::Fitting(TitleFilter { text: "story".to_owned(), tab: TitleTab::Draft, ..TitleFilter::default() });
    start(&shop.db, key, &BulkChange::Percent { percent: 10 }, &all).await.unwrap();
    let seen = view(&shop.db, key).await.unwrap();
    assert_eq!((figures(&seen), seen.is_over()), ((0, 0, 0, total), false), "nobody waits for it");
    let late = shop.title("Story of later").price(1000).draft_of_list().await;

    // A worker dies in the middle: its last title is changed as a whole or not at all.
    let claim = take(&shop).await.unwrap();
    let cut = {
        let db = shop.db.clone();
        tokio::spawn(async move { run(&db, key).await })
    };
    while view(&shop.db, key).await.unwrap().changed < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    cut.abort();
    let _ = cut.await;
    let half = view(&shop.db, key).await.unwrap();
    assert!(half.changed >= 5 && half.changed + half.waiting == total, "{half:?}");

    shop.clock.advance(60_001);
    let again = take(&shop).await.unwrap();
    assert_eq!((again.id, again.attempt), (claim.id, claim.attempt + 1));
    run(&shop.db, key).await.unwrap();
    let seen = view(&shop.db, key).await.unwrap();
    assert_eq!((figures(&seen), seen.is_over()), ((total, 0, 0, 0), true));
    for n in 0..total {
        let id = domain::catalog::titles::id_of(&shop.db, &format!("story-{n}")).await.unwrap();
        assert_eq!(row(&shop, id).await.price_minor, 1100, "once each");
    }
    assert_eq!(price(&shop, &late).await, (1000, None), "which titles is settled when it begins");
    assert_eq!(lines(&shop, "title.priced").await.len() as u64, total);
}

#[tokio::test]
async fn a_change_that_was_called_off_says_so_and_goes_on_when_it_is_put_back() {
    let shop = fresh().await;
    let total = many(&shop).await;
    let key = Uuid::now_v7();
    let all = Selection::Fitting(TitleFilter::default());
    start(&shop.db, key, &BulkChange::Percent { percent: 10 }, &all).await.unwrap();
    let job = manage::list(&shop.db, JobStatus::Queued, "", PageRequest::new(1, 9)).await.unwrap().items.remove(0);
    manage::cancel(&shop.db, job_kinds::all(), job.id).await.unwrap();
    let seen = view(&shop.db, key).await.unwrap();
    assert_eq!((seen.stopped.as_deref(), seen.waiting, seen.is_over()), (Some("It was called off."), total, true));
}

#[tokio::test]
async fn all_that_fit_are_those_that_the_list_shows() {
    let shop = fresh().await;
    let (bare, whole) = (shop.title("Bare").draft_of_list().await, shop.title("Whole").draft().await);
    let key = Uuid::now_v7();
    let lacking = Selection::Fitting(TitleFilter { lacks: Some(Lack::Audio), ..TitleFilter::default() });
    start(&shop.db, key, &BulkChange::Percent { percent: 100 }, &lacking).await.unwrap();
    assert_eq!((price(&shop, &bare).await.0, price(&shop, &whole).await.0), (2580, 1290));
}

#[tokio::test]
async fn nothing_chosen_is_nothing_begun() {
    let shop = fresh().await;
    for selection in [
        Selection::These(Vec::new()),
        Selection::These(vec![Uuid::now_v7()]),
        Selection::Fitting(TitleFilter { text: "nothing".to_owned(), ..TitleFilter::default() }),
    ] {
        let refused = start(&shop.db, Uuid::now_v7(), &BulkChange::Publish, &selection).await.unwrap_err();
        assert_eq!(refused.code(), "bulk.nothing-chosen");
    }
    assert!(lines(&shop, "title.bulk-begun").await.is_empty());
    assert!(matches!(view(&shop.db, Uuid::now_v7()).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_form_that_was_open_meanwhile_is_refused_and_writes_nothing_over_the_new_price() {
    let shop = fresh().await;
    let title = shop.title("The Bell").price(1000).draft().await;
    let open = edit::form(&shop.db, title.id).await.unwrap();
    change(&shop, &BulkChange::Percent { percent: 10 }, &[&title]).await;
    let refused = samples::save_title(&shop.db, title.id, &open).await.unwrap_err();
    assert_eq!(refused.code(), "title.changed");
    assert_eq!(price(&shop, &title).await, (1100, None));
    let fresh = edit::form(&shop.db, title.id).await.unwrap();
    samples::save_title(&shop.db, title.id, &fresh).await.unwrap();
}

#[tokio::test]
async fn a_title_that_is_deleted_before_its_turn_is_passed_over() {
    let shop = fresh().await;
    many(&shop).await;
    let gone = domain::catalog::titles::id_of(&shop.db, "story-7").await.unwrap();
    let key = Uuid::now_v7();
    start(&shop.db, key, &BulkChange::Percent { percent: 10 }, &Selection::Fitting(TitleFilter::default()))
        .await
        .unwrap();
    deletion::delete_draft(&shop.db, gone).await.unwrap();
    run(&shop.db, key).await.unwrap();
    let seen = view(&shop.db, key).await.unwrap();
    assert_eq!(figures(&seen), (59, 0, 1, 0));
    assert_eq!((seen.refusals[0].title.clone(), seen.refusals[0].reason.as_str()), (None, "It has been deleted."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_do_one_change_share_the_work_and_do_nothing_twice() {
    let shop = fresh().await;
    let total = many(&shop).await;
    let key = Uuid::now_v7();
    start(&shop.db, key, &BulkChange::Percent { percent: 10 }, &Selection::Fitting(TitleFilter::default()))
        .await
        .unwrap();
    let both =
        [shop.db.clone(), shop.another_server().await].map(|db| tokio::spawn(async move { run(&db, key).await }));
    for one in both {
        one.await.unwrap().unwrap();
    }
    assert_eq!(figures(&view(&shop.db, key).await.unwrap()), (total, 0, 0, 0));
    assert_eq!(lines(&shop, "title.priced").await.len() as u64, total);
}

#[tokio::test]
async fn a_form_for_many_says_which_field_needs_a_change() {
    let shop = fresh().await;
    let sea = category(&shop, "Sea").await;
    let form = |action: &str| BulkForm { action: action.to_owned(), ..BulkForm::default() };
    let read = async |form: BulkForm| form.read(&shop.db, Currency::USD).await;
    for (form, code) in [
        (form(""), "bulk.no-action"),
        (form("price"), "price.malformed"),
        (BulkForm { percent: "0".to_owned(), ..form("percent") }, "bulk.percent-malformed"),
        (BulkForm { sale_percent: "96".to_owned(), ..form("sale-percent") }, "bulk.off-malformed"),
        (form("add-category"), "bulk.no-category"),
        (BulkForm { category: Uuid::nil().to_string(), ..form("remove-category") }, "bulk.no-category"),
        // The shop opened at nine: this is over.
        (
            BulkForm { sale_amount: "1".to_owned(), sale_ends: "2026-11-20T09:00".to_owned(), ..form("sale") },
            "sale.backwards",
        ),
    ] {
        assert_eq!(read(form.clone()).await.unwrap_err().code(), code, "{form:?}");
    }
    let add = read(BulkForm { category: sea.to_string(), ..form("add-category") }).await.unwrap();
    assert_eq!(add, BulkChange::AddCategory { id: sea, name: "Sea".to_owned() });
    let percent = read(BulkForm { percent: "+5 %".to_owned(), ..form("percent") }).await.unwrap();
    assert_eq!(percent, BulkChange::Percent { percent: 5 });
}
