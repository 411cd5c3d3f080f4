//! Titles that go on sale at a time.

use crate::database::{OPENING, Shop, fresh};
use crate::fixtures::{DAY, row, user};
use domain::account::Role;
use domain::account::email::mail::Content;
use domain::audit::{Action, Filter, trail};
use domain::catalog::scheduled::PublishDue;
use domain::catalog::{Status, edit, product_page, publish, scheduling};
use domain::jobs::{self, Claim, JobStatus, Queue, Retry, manage};
use domain::production::{deletion, samples};
use domain::{Db, Error, PageRequest, job_kinds};
use uuid::Uuid;

const LEASE_MS: i64 = 60_000;
/// A day after every test begins.
const TOMORROW: &str = "2026-11-21T09:00";

/// Takes the next job of upkeep that is due.
async fn take(db: &Db, worker: &str) -> Option<(Claim, PublishDue)> {
    let claim = jobs::claim(db, job_kinds::all(), Queue::Maintenance, worker, LEASE_MS, 1).await.unwrap().pop()?;
    let job = serde_json::from_str(&claim.payload).unwrap();
    Some((claim, job))
}

/// Does what is due, as the server's runner does; whether a title went on sale.
async fn do_due(shop: &Shop) -> Option<bool> {
    let (claim, job) = take(&shop.db, "one").await?;
    match scheduling::publish_due(&shop.db, &claim, &job).await {
        Ok(published) => Some(published),
        Err(error) => {
            jobs::fail(&shop.db, job_kinds::all(), &claim, &error.to_string(), Retry::Fatal).await.unwrap();
            Some(false)
        }
    }
}

async fn waiting(shop: &Shop) -> u64 {
    let page = PageRequest::new(1, 9);
    manage::list(&shop.db, JobStatus::Queued, "catalog.publish-due", page).await.unwrap().total
}

/// A time is set, and called off: for the audit trail.
pub async fn set_and_call_off(shop: &Shop, db: &Db) {
    let title = shop.title("Later").draft().await;
    scheduling::schedule(db, title.id, TOMORROW).await.unwrap();
    scheduling::unschedule(db, title.id).await.unwrap();
}

#[tokio::test]
async fn a_title_goes_on_sale_when_it_is_due_and_not_a_moment_before() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    shop.clock.advance(DAY - 1);
    assert_eq!(do_due(&shop).await, None);
    assert!(matches!(product_page::detail(&shop.db, &title.slug, None).await, Err(Error::NotFound(_))));
    shop.clock.advance(1);
    assert_eq!(do_due(&shop).await, Some(true));
    let seen = product_page::detail(&shop.db, &title.slug, None).await.unwrap().summary;
    assert_eq!(seen.published_at, Some(OPENING.plus_ms(DAY)));
    let now = row(&shop, title.id).await;
    assert_eq!((now.publish_at, now.publish_failure), (None, None));
    assert_eq!(do_due(&shop).await, None, "once");
    let told = trail::events(&shop.db, &Filter::default(), None, 9).await.unwrap();
    let published = told.iter().find(|line| line.action == Action::TitlePublished.name()).unwrap();
    assert!(published.details.contains("2026-11-21T09:00:00Z") && published.who == "(the shop)", "{published:?}");
}

#[tokio::test]
async fn a_shop_that_was_down_when_a_title_was_due_takes_it_up_and_dates_it_as_it_was_to_be() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    shop.clock.advance(9 * DAY);
    assert_eq!(do_due(&shop).await, Some(true));
    assert_eq!(row(&shop, title.id).await.published_at, Some(OPENING.plus_ms(DAY)));
}

#[tokio::test]
async fn two_servers_publish_it_once_also_when_one_is_slow() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    shop.clock.advance(DAY);
    let other = shop.another_server().await;
    let (slow, job) = take(&shop.db, "one").await.unwrap();
    assert!(take(&other, "two").await.is_none(), "one has it");
    shop.clock.advance(LEASE_MS + 1);
    let (claim, _) = take(&other, "two").await.unwrap();
    assert!(scheduling::publish_due(&other, &claim, &job).await.unwrap());
    assert!(matches!(scheduling::publish_due(&shop.db, &slow, &job).await, Err(Error::LeaseLost)));
    let told = trail::events(&shop.db, &Filter::default(), None, 9).await.unwrap();
    assert_eq!(told.iter().filter(|line| line.action == Action::TitlePublished.name()).count(), 1);
}

#[tokio::test]
async fn another_time_takes_the_place_of_the_first_and_calling_off_leaves_a_draft() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    scheduling::schedule(&shop.db, title.id, "2026-11-22T09:00").await.unwrap();
    assert_eq!((waiting(&shop).await, row(&shop, title.id).await.publish_at), (1, Some(OPENING.plus_ms(2 * DAY))));
    shop.clock.advance(DAY);
    assert_eq!(do_due(&shop).await, None, "the first time is forgotten");
    scheduling::unschedule(&shop.db, title.id).await.unwrap();
    assert_eq!(waiting(&shop).await, 0);
    shop.clock.advance(9 * DAY);
    assert_eq!(do_due(&shop).await, None);
    let now = row(&shop, title.id).await;
    assert_eq!((now.status, now.publish_at), (Status::Draft, None));
    let refused = scheduling::unschedule(&shop.db, title.id).await.unwrap_err();
    assert_eq!(refused.code(), "schedule.none");
}

#[tokio::test]
async fn a_time_called_off_while_a_worker_holds_the_job_is_called_off() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    shop.clock.advance(DAY);
    let (claim, job) = take(&shop.db, "one").await.unwrap();
    scheduling::unschedule(&shop.db, title.id).await.unwrap();
    assert!(matches!(scheduling::publish_due(&shop.db, &claim, &job).await, Err(Error::LeaseLost)));
    assert_eq!(row(&shop, title.id).await.status, Status::Draft);
}

#[tokio::test]
async fn a_time_that_has_passed_or_is_none_is_refused_and_the_next_minute_is_not() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    for (at, code) in [
        ("", "schedule.no-time"),
        ("soon", "moment.malformed"),
        ("2026-11-20T08:59", "schedule.past"),
        ("2026-11-20T09:00", "schedule.past"),
    ] {
        let refused = scheduling::schedule(&shop.db, title.id, at).await.unwrap_err();
        assert_eq!(refused.code(), code, "{at:?}");
    }
    scheduling::schedule(&shop.db, title.id, "2026-11-20T09:01").await.unwrap();
    let refused = scheduling::schedule(&shop.db, Uuid::nil(), TOMORROW).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound(_)));
}

#[tokio::test]
async fn a_title_that_lacks_something_gets_no_time_and_one_on_sale_needs_none() {
    let shop = fresh().await;
    let bare = shop.title("Bare").draft_of_list().await;
    let refused = scheduling::schedule(&shop.db, bare.id, TOMORROW).await.unwrap_err();
    assert_eq!(refused.to_string(), "Before it can be published it needs audio.");
    let public = shop.title("Public").published().await;
    let refused = scheduling::schedule(&shop.db, public.id, TOMORROW).await.unwrap_err();
    assert_eq!(refused.code(), "title.on-sale-already");
    let old = shop.title("Old").archived().await;
    scheduling::schedule(&shop.db, old.id, TOMORROW).await.unwrap();
    shop.clock.advance(DAY);
    assert_eq!(do_due(&shop).await, Some(true), "an archived one comes back");
    assert_eq!(row(&shop, old.id).await.published_at, Some(OPENING), "with its first date");
}

#[tokio::test]
async fn a_title_that_lacks_something_when_it_is_due_stays_a_draft_and_admins_are_told() {
    let shop = fresh().await;
    user(&shop, "Root", Role::Admin).await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.description = String::new();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    shop.clock.advance(DAY);
    assert_eq!(do_due(&shop).await, Some(false));
    let stuck = row(&shop, title.id).await;
    let reason = "Before it can be published it needs a description.";
    assert_eq!((stuck.status, stuck.publish_failure.as_deref()), (Status::Draft, Some(reason)));
    shop.clock.advance(60_000);
    let mails = crate::mailbox::deliver(&shop).await;
    let died = Content::JobDied { kind: "catalog.publish-due".to_owned(), reason: reason.to_owned() };
    assert_eq!(mails.into_iter().map(|mail| mail.content).collect::<Vec<_>>(), [died]);

    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    form.description = "Words.".to_owned();
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    let dead = manage::list(&shop.db, JobStatus::Dead, "", PageRequest::new(1, 9)).await.unwrap().items.remove(0);
    manage::requeue(&shop.db, job_kinds::all(), dead.id).await.unwrap();
    assert_eq!(row(&shop, title.id).await.publish_failure, None);
    assert_eq!(do_due(&shop).await, Some(true), "put back, it goes on sale");
}

#[tokio::test]
async fn publishing_by_hand_and_deleting_make_the_time_needless() {
    let shop = fresh().await;
    let (early, gone) = (shop.title("Early").draft().await, shop.title("Gone").draft().await);
    for title in [&early, &gone] {
        scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    }
    publish::publish(&shop.db, early.id).await.unwrap();
    deletion::delete_draft(&shop.db, gone.id).await.unwrap();
    assert_eq!(waiting(&shop).await, 0);
    let now = row(&shop, early.id).await;
    assert_eq!((now.publish_at, now.published_at), (None, Some(OPENING)));
    shop.clock.advance(DAY);
    assert_eq!(do_due(&shop).await, None);
}

#[tokio::test]
async fn calling_off_the_job_calls_off_the_time() {
    let shop = fresh().await;
    let title = shop.title("The Bell").draft().await;
    scheduling::schedule(&shop.db, title.id, TOMORROW).await.unwrap();
    let job = manage::list(&shop.db, JobStatus::Queued, "", PageRequest::new(1, 9)).await.unwrap().items.remove(0);
    manage::cancel(&shop.db, job_kinds::all(), job.id).await.unwrap();
    assert_eq!(row(&shop, title.id).await.publish_at, None);
}
