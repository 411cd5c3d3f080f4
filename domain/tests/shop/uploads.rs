//! Files on their way in, as the database knows them.

use crate::database::{Shop, fresh};
use crate::fixtures::user;
use domain::Error;
use domain::account::Role;
use domain::entities::{files, uploads as uploads_rows};
use domain::job_kinds;
use domain::jobs::{self, Claim, Queue};
use domain::production::jobs::FinishUpload;
use domain::production::uploads::{self, NewUpload, Sound, Upload};
use domain::production::{Step, StepStatus, UploadStatus, steps};
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait};
use uuid::Uuid;

const KEEP_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// A title, and an admin who uploads.
struct Desk {
    shop: Shop,
    admin: Uuid,
    title: Uuid,
}

impl Desk {
    async fn new() -> Self {
        let shop = fresh().await;
        let admin = user(&shop, "ada", Role::Admin).await.id;
        let title = shop.title("The Bell").draft_of_list().await.id;
        Self { shop, admin, title }
    }

    async fn begin(&self, path: &str, size: i64) -> Upload {
        uploads::begin(&self.shop.db, self.new_upload(path, size)).await.unwrap()
    }

    fn new_upload(&self, path: &str, size: i64) -> NewUpload {
        NewUpload {
            id: Uuid::now_v7(),
            user_id: self.admin,
            audiobook_id: self.title,
            position: 0,
            file_name: path.to_owned(),
            relative_path: path.to_owned(),
            media_type: None,
            fingerprint: Some(format!("print of {path}")),
            metadata: String::new(),
            size,
            storage_state: "0".to_owned(),
            keep_ms: KEEP_MS,
        }
    }

    async fn receive(&self, upload: &Upload) {
        uploads::advance(&self.shop.db, upload, upload.size, "all", KEEP_MS).await.unwrap();
    }

    async fn arrive(&self, path: &str, key: &str) {
        let upload = self.begin(path, 10).await;
        self.receive(&upload).await;
        uploads::complete(&self.shop.db, upload.id, &sound(key)).await.unwrap();
    }

    async fn order(&self) -> Vec<String> {
        let view = steps::view(&self.shop.db, self.title).await.unwrap();
        view.uploads.into_iter().map(|upload| upload.file_name).collect()
    }

    async fn is_begun(&self) -> bool {
        let view = steps::view(&self.shop.db, self.title).await.unwrap();
        view.steps.iter().any(|step| step.step == Step::Probe && step.status != StepStatus::Waiting)
    }
}

fn sound(key: &str) -> Sound {
    Sound { storage_key: format!("audio/{key}.mp3"), sha256: "ab".repeat(32), media_type: "audio/mpeg" }
}

#[tokio::test]
async fn of_two_requests_at_the_same_byte_one_is_acknowledged() {
    let desk = Desk::new().await;
    let upload = desk.begin("bell.mp3", 100).await;
    let moved = uploads::advance(&desk.shop.db, &upload, 40, "forty", KEEP_MS).await.unwrap();
    assert!(matches!(uploads::advance(&desk.shop.db, &upload, 60, "sixty", KEEP_MS).await, Err(Error::Conflict(_))));
    let there = uploads::get(&desk.shop.db, upload.id).await.unwrap();
    assert_eq!((there.received, there.storage_state.as_deref()), (40, Some("forty")));
    assert_eq!(there, moved);
}

#[tokio::test]
async fn nobody_begins_more_uploads_than_they_can_finish() {
    let desk = Desk::new().await;
    let first = desk.begin("0.mp3", 100).await;
    let row = uploads_rows::Entity::find_by_id(first.id).one(desk.shop.db.read()).await.unwrap().unwrap();
    let others = (1..500).map(|_| uploads_rows::Model { id: Uuid::now_v7(), ..row.clone() }.into_active_model());
    for some in others.collect::<Vec<_>>().chunks(100) {
        uploads_rows::Entity::insert_many(some.to_vec()).exec_without_returning(desk.shop.db.read()).await.unwrap();
    }
    assert!(matches!(
        uploads::begin(&desk.shop.db, desk.new_upload("one more.mp3", 100)).await,
        Err(Error::Conflict(_))
    ));
    desk.receive(&first).await;
    assert!(uploads::begin(&desk.shop.db, desk.new_upload("one more.mp3", 100)).await.is_ok(), "one has arrived");
}

#[tokio::test]
async fn with_the_last_byte_a_job_makes_sure_that_the_file_is_looked_into() {
    let desk = Desk::new().await;
    let upload = desk.begin("bell.mp3", 10).await;
    desk.receive(&upload).await;
    assert_eq!(uploads::get(&desk.shop.db, upload.id).await.unwrap().status, UploadStatus::Checking);
    assert!(finishing(&desk).await.is_none(), "the receiver goes first");
    desk.shop.clock.advance(60_000);
    let claim = finishing(&desk).await.unwrap();
    assert_eq!(serde_json::from_str::<FinishUpload>(&claim.payload).unwrap(), FinishUpload { upload: upload.id });
}

async fn finishing(desk: &Desk) -> Option<Claim> {
    jobs::claim(&desk.shop.db, job_kinds::all(), Queue::Storage, "worker", 1000, 1).await.unwrap().pop()
}

#[tokio::test]
async fn production_begins_with_the_last_file_and_in_natural_order() {
    let desk = Desk::new().await;
    let awaited = desk.begin("part 2.mp3", 10).await;
    desk.arrive("part 10.mp3", "ten").await;
    desk.arrive("part 1.mp3", "one").await;
    assert!(!desk.is_begun().await);
    desk.receive(&awaited).await;
    uploads::complete(&desk.shop.db, awaited.id, &sound("two")).await.unwrap();
    assert!(desk.is_begun().await);
    assert_eq!(desk.order().await, ["part 1.mp3", "part 2.mp3", "part 10.mp3"]);
}

#[tokio::test]
async fn finishing_twice_and_sending_the_same_file_twice_store_it_once() {
    let desk = Desk::new().await;
    let upload = desk.begin("bell.mp3", 10).await;
    desk.receive(&upload).await;
    uploads::complete(&desk.shop.db, upload.id, &sound("bell")).await.unwrap();
    uploads::complete(&desk.shop.db, upload.id, &sound("bell")).await.unwrap();
    desk.arrive("bell again.mp3", "bell").await;
    assert_eq!(files::Entity::find().count(desk.shop.db.read()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_file_that_is_refused_or_given_up_holds_nothing_up() {
    let desk = Desk::new().await;
    let (text, wrong) = (desk.begin("notes.mp3", 10).await, desk.begin("wrong.mp3", 10).await);
    desk.arrive("bell.mp3", "bell").await;
    assert!(!desk.is_begun().await);
    uploads::cancel(&desk.shop.db, wrong.id).await.unwrap();
    assert!(!desk.is_begun().await);
    uploads::refuse(&desk.shop.db, text.id, "This is not audio.").await.unwrap();
    assert!(desk.is_begun().await);
    let refused = uploads::get(&desk.shop.db, text.id).await.unwrap();
    assert_eq!((refused.status, refused.failure.as_deref()), (UploadStatus::Refused, Some("This is not audio.")));
}

#[tokio::test]
async fn nothing_begins_when_nothing_arrived() {
    let desk = Desk::new().await;
    let upload = desk.begin("wrong.mp3", 10).await;
    uploads::cancel(&desk.shop.db, upload.id).await.unwrap();
    assert!(!desk.is_begun().await);
}

#[tokio::test]
async fn what_has_arrived_can_not_be_given_up() {
    let desk = Desk::new().await;
    let upload = desk.begin("bell.mp3", 10).await;
    desk.receive(&upload).await;
    uploads::complete(&desk.shop.db, upload.id, &sound("bell")).await.unwrap();
    assert!(matches!(uploads::cancel(&desk.shop.db, upload.id).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn an_admin_sees_what_was_cut_off_until_it_expires() {
    let desk = Desk::new().await;
    let upload = desk.begin("bell.mp3", 100).await;
    uploads::advance(&desk.shop.db, &upload, 53, "53", KEEP_MS).await.unwrap();
    let other = user(&desk.shop, "bea", Role::Admin).await.id;
    assert!(uploads::unfinished(&desk.shop.db, other).await.unwrap().is_empty());
    let left = uploads::unfinished(&desk.shop.db, desk.admin).await.unwrap();
    assert_eq!((left[0].received, left[0].size, left[0].fingerprint.as_str()), (53, 100, "print of bell.mp3"));
    assert!(uploads::expired(&desk.shop.db, 10).await.unwrap().is_empty());
    desk.shop.clock.advance(KEEP_MS + 1);
    assert!(uploads::unfinished(&desk.shop.db, desk.admin).await.unwrap().is_empty());
    assert_eq!(uploads::expired(&desk.shop.db, 10).await.unwrap()[0].id, upload.id);
}

#[tokio::test]
async fn a_title_that_is_not_there_takes_no_files() {
    let mut desk = Desk::new().await;
    desk.title = Uuid::now_v7();
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: desk.admin,
        audiobook_id: desk.title,
        position: 0,
        file_name: "a.mp3".to_owned(),
        relative_path: "a.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: String::new(),
        keep_ms: KEEP_MS,
    };
    assert!(matches!(uploads::begin(&desk.shop.db, new).await, Err(Error::NotFound("title"))));
}

#[test]
fn a_file_name_never_names_a_folder() {
    for (given, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\bell.mp3", "bell.mp3"),
        ("a\nb\0.mp3", "ab.mp3"),
        ("..", "audio"),
        ("Größe ✓.mp3", "Größe ✓.mp3"),
    ] {
        assert_eq!(uploads::plain_name(given), kept);
    }
    assert_eq!(uploads::plain_name(&"x".repeat(900)).len(), 255);
}

#[tokio::test]
async fn of_uploads_under_way_a_copy_of_the_shop_holds_what_is_acknowledged() {
    let desk = Desk::new().await;
    let (_empty, begun) = (desk.begin("0.mp3", 10).await, desk.begin("1.mp3", 10).await);
    uploads::advance(&desk.shop.db, &begun, 4, "some", KEEP_MS).await.unwrap();
    let whole = desk.begin("2.mp3", 10).await;
    desk.receive(&whole).await;
    desk.arrive("3.mp3", "audio/3.mp3").await;
    let growing = uploads::growing(&desk.shop.db).await.unwrap();
    let seen: Vec<_> = growing.iter().map(|upload| (upload.id, upload.received, upload.whole)).collect();
    assert_eq!(seen, [(begun.id, 4, false), (whole.id, 10, true)]);
}
