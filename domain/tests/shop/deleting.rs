//! Drafts that go, with all that was made of them.

use crate::database::{Shop, fresh};
use crate::fixtures::{bank, buy, cart_of, fill, for_sale, give, pay, sample, shopper, title, user};
use crate::production::{arrived, heard, next, prepare, probe, start};
use domain::account::Role;
use domain::audit::{Filter, trail};
use domain::catalog::covers::{self, PictureOf};
use domain::catalog::{drafts, edit, publish};
use domain::entities::{
    audiobook_terms, cart_items, chapters, chunks, files, jobs as job_rows, parts, production_steps, segments, uploads,
};
use domain::jobs::{self, Claim};
use domain::production::chunks::save_chunk;
use domain::production::orphans::{self, KEEP_MS};
use domain::production::uploads::{self as arrivals, NewUpload, Sound, Upload};
use domain::production::{UploadStatus, deletion, results, samples, steps};
use domain::{Db, Error};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

async fn begin_upload(db: &Db, admin: Uuid, title: Uuid) -> Upload {
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: admin,
        audiobook_id: title,
        position: 0,
        file_name: "more.mp3".to_owned(),
        relative_path: "more.mp3".to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "0".to_owned(),
        keep_ms: 1_000_000,
    };
    arrivals::begin(db, new).await.unwrap()
}

/// A draft in the middle of its production: its claim, and a chunk in the worker's hands.
async fn half_made(shop: &Shop) -> (Uuid, Claim, chunks_in_hand::Chunk) {
    let id = arrived(shop, "The Bell").await;
    publish::unpublish(&shop.db, id).await.unwrap();
    probe(shop, id).await;
    prepare(shop, id).await;
    let claim = start(shop, "one", "transcribe").await;
    let first = next(shop, id).await.unwrap();
    save_chunk(&shop.db, &claim, &first, "a test", &heard(&first)).await.unwrap();
    let in_hand = next(shop, id).await.unwrap();
    (id, claim, in_hand)
}

mod chunks_in_hand {
    pub use domain::production::chunks::Chunk;
}

async fn is_gone(shop: &Shop, id: Uuid) {
    let db = shop.db.read();
    assert!(matches!(edit::form(&shop.db, id).await, Err(Error::NotFound(_))));
    let left = [
        ("parts", parts::Entity::find().filter(parts::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        ("uploads", uploads::Entity::find().filter(uploads::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        ("chunks", chunks::Entity::find().filter(chunks::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        ("segments", segments::Entity::find().filter(segments::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        ("chapters", chapters::Entity::find().filter(chapters::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        (
            "steps",
            production_steps::Entity::find()
                .filter(production_steps::Column::AudiobookId.eq(id))
                .count(db)
                .await
                .unwrap(),
        ),
        (
            "terms",
            audiobook_terms::Entity::find()
                .filter(audiobook_terms::Column::AudiobookId.eq(id))
                .count(db)
                .await
                .unwrap(),
        ),
        ("carts", cart_items::Entity::find().filter(cart_items::Column::AudiobookId.eq(id)).count(db).await.unwrap()),
        (
            "jobs",
            job_rows::Entity::find()
                .filter(job_rows::Column::GroupKey.eq(format!("title:{}", id.simple())))
                .count(db)
                .await
                .unwrap(),
        ),
    ];
    for (what, number) in left {
        assert_eq!(number, 0, "{what} are left");
    }
}

#[tokio::test]
async fn a_draft_goes_with_its_audio_text_steps_and_jobs_and_says_before_what_goes() {
    let shop = fresh().await;
    let (id, _, _) = half_made(&shop).await;
    sample(&shop, id, "samples/the-bell/1.wav", 0, 1000).await;
    covers::put(&shop.db, PictureOf::Title(id), "covers/3f/3f0c.jpg").await.unwrap();
    let seen = deletion::contents(&shop.db, id).await.unwrap();
    // The title came with a file, and another one arrived.
    assert_eq!((seen.title.as_str(), seen.files, seen.bytes), ("The Bell", 1, 1_000));
    assert!(seen.text && seen.sample && seen.cover && seen.producing, "{seen:?}");
    deletion::delete_draft(&shop.db, id).await.unwrap();
    is_gone(&shop, id).await;
    assert!(matches!(deletion::delete_draft(&shop.db, id).await, Err(Error::NotFound(_))), "once");
    let filter = Filter { action: "title.deleted".to_owned(), ..Filter::default() };
    assert_eq!(trail::events(&shop.db, &filter, None, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_nothing_names_any_more_leaves_the_storage_a_day_later() {
    let shop = fresh().await;
    let draft = shop.title("Draft").draft().await;
    sample(&shop, draft.id, "samples/draft/1.wav", 0, 1000).await;
    covers::put(&shop.db, PictureOf::Title(draft.id), "covers/3f/3f0c.jpg").await.unwrap();
    let mut stored =
        vec![format!("audio/{}-0", draft.id), "samples/draft/1.wav".to_owned(), "covers/3f/3f0c.jpg".to_owned()];
    deletion::delete_draft(&shop.db, draft.id).await.unwrap();
    orphans::note(&shop.db, &stored).await.unwrap();
    shop.clock.advance(KEEP_MS);
    let mut due = orphans::due(&shop.db, 10).await.unwrap();
    due.sort();
    stored.sort();
    assert_eq!(due, stored);
}

#[tokio::test]
async fn a_file_that_another_title_has_too_stays() {
    let shop = fresh().await;
    let (one, other) = (shop.title("One").draft().await, shop.title("Other").draft_of_list().await);
    let file = parts::Entity::find().filter(parts::Column::AudiobookId.eq(one.id)).one(shop.db.read()).await.unwrap();
    let shared = file.unwrap().file_id;
    let part = parts::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    let part = parts::Model { id: Uuid::now_v7(), audiobook_id: other.id, ..part };
    domain::testing::insert(&shop.db, part).await;
    deletion::delete_draft(&shop.db, one.id).await.unwrap();
    assert!(files::Entity::find_by_id(shared).one(shop.db.read()).await.unwrap().is_some());
    deletion::delete_draft(&shop.db, other.id).await.unwrap();
    assert!(
        files::Entity::find_by_id(shared).one(shop.db.read()).await.unwrap().is_none(),
        "the last one takes it along"
    );
}

#[tokio::test]
async fn a_worker_that_is_at_a_deleted_draft_can_write_nothing_and_makes_nothing_anew() {
    let shop = fresh().await;
    let (id, claim, in_hand) = half_made(&shop).await;
    deletion::delete_draft(&shop.db, id).await.unwrap();
    assert!(!jobs::heartbeat(&shop.db, &claim, 60_000).await.unwrap(), "it learns of it");
    let late = save_chunk(&shop.db, &claim, &in_hand, "a test", &heard(&in_hand)).await;
    assert!(matches!(late, Err(Error::LeaseLost)));
    assert!(matches!(steps::progress(&shop.db, &claim, 500, None).await, Err(Error::LeaseLost)));
    let ended = results::transcribed(&shop.db, &claim, &steps::Outcome::default()).await;
    assert!(matches!(ended, Err(Error::LeaseLost)));
    let kept = samples::keep(&shop.db, &claim, id, None, "samples/late.wav", (0, 1000)).await;
    assert!(matches!(kept, Err(Error::LeaseLost)));
    assert!(matches!(steps::resume(&shop.db, id).await, Err(Error::NotFound(_))));
    is_gone(&shop, id).await;
}

#[tokio::test]
async fn files_on_their_way_to_a_deleted_draft_end_with_a_clear_answer() {
    let shop = fresh().await;
    let admin = user(&shop, "Ann", Role::Admin).await.id;
    let draft = shop.title("Draft").draft().await;
    let (under_way, whole) =
        (begin_upload(&shop.db, admin, draft.id).await, begin_upload(&shop.db, admin, draft.id).await);
    arrivals::advance(&shop.db, &whole, 10, "all", 1_000).await.unwrap();
    assert_eq!(deletion::contents(&shop.db, draft.id).await.unwrap().uploads, 2);
    deletion::delete_draft(&shop.db, draft.id).await.unwrap();
    for upload in [&under_way, &whole] {
        let now = arrivals::get(&shop.db, upload.id).await.unwrap();
        assert_eq!(now.status, UploadStatus::Refused);
        assert_eq!(now.failure.as_deref(), Some("The draft that this file was for has been deleted."));
    }
    let on = arrivals::advance(&shop.db, &under_way, 5, "5", 1_000).await.unwrap_err();
    assert_eq!(on.code(), "upload.given-up");
    let sound = Sound { storage_key: "audio/late.mp3".to_owned(), sha256: "ab".repeat(32), media_type: "audio/mpeg" };
    let finished = arrivals::complete(&shop.db, whole.id, &sound).await.unwrap_err();
    assert_eq!(finished.code(), "upload.given-up");
    let late = files::Entity::find().filter(files::Column::StorageKey.eq("audio/late.mp3"));
    assert_eq!(late.count(shop.db.read()).await.unwrap(), 0, "nothing is made of it");
}

#[tokio::test]
async fn only_a_draft_that_nobody_ever_ordered_can_be_deleted() {
    let shop = fresh().await;
    let ((_, payments), ann) = (bank(), shopper(&shop, "Ann").await);
    let (public, given, bought, declined) = (
        for_sale(&shop, "Public", 500).await,
        for_sale(&shop, "Given", 500).await,
        for_sale(&shop, "Bought", 500).await,
        for_sale(&shop, "Declined", 500).await,
    );
    give(&shop, &ann, given.id).await;
    buy(&shop, &payments, &ann, &[&bought]).await;
    fill(&shop, &cart_of(&ann), &[&declined]).await;
    pay(&shop, &payments, &ann, &crate::fixtures::bad_card()).await.unwrap();
    for sold in [&given, &bought, &declined] {
        publish::unpublish(&shop.db, sold.id).await.unwrap();
        let refused = deletion::delete_draft(&shop.db, sold.id).await.unwrap_err();
        assert_eq!(refused.code(), "title.sold", "{}", sold.slug);
        assert_eq!(deletion::contents(&shop.db, sold.id).await.unwrap_err().code(), "title.sold");
    }
    assert_eq!(deletion::delete_draft(&shop.db, public.id).await.unwrap_err().code(), "title.not-a-draft");
    let archived = title(&shop.db, "Old").archived().await;
    assert_eq!(deletion::delete_draft(&shop.db, archived.id).await.unwrap_err().code(), "title.not-a-draft");
    // One that lay in a cart and was taken back can go.
    let wanted = for_sale(&shop, "Wanted", 500).await;
    fill(&shop, &cart_of(&ann), &[&wanted]).await;
    publish::unpublish(&shop.db, wanted.id).await.unwrap();
    assert_eq!(deletion::contents(&shop.db, wanted.id).await.unwrap().carts, 1);
    deletion::delete_draft(&shop.db, wanted.id).await.unwrap();
    is_gone(&shop, wanted.id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_admins_one_deletes_or_the_other_publishes() {
    let shop = fresh().await;
    for n in 0..12 {
        let draft = shop.title(&format!("Draft {n}")).draft().await;
        let (db, other, id) = (shop.db.clone(), shop.another_server().await, draft.id);
        let deleting = tokio::spawn(async move { deletion::delete_draft(&db, id).await });
        let publishing = tokio::spawn(async move { publish::publish(&other, id).await });
        match (deleting.await.unwrap(), publishing.await.unwrap()) {
            (Ok(()), Err(Error::NotFound(_))) => is_gone(&shop, id).await,
            (Err(error), Ok(())) => {
                assert_eq!(error.code(), "title.not-a-draft");
                assert_eq!(
                    parts::Entity::find()
                        .filter(parts::Column::AudiobookId.eq(id))
                        .count(shop.db.read())
                        .await
                        .unwrap(),
                    1
                );
            }
            both => panic!("{both:?}"),
        }
    }
}

#[tokio::test]
async fn a_draft_without_anything_can_be_deleted_and_its_name_taken_again() {
    let shop = fresh().await;
    let id = drafts::create(&shop.db, "Unwanted", domain::Currency::USD).await.unwrap();
    deletion::delete_draft(&shop.db, id).await.unwrap();
    is_gone(&shop, id).await;
    let again = drafts::create(&shop.db, "Unwanted", domain::Currency::USD).await.unwrap();
    assert_eq!(edit::form(&shop.db, again).await.unwrap().title, "Unwanted");
    assert_eq!(crate::fixtures::row(&shop, again).await.slug, "unwanted");
}
