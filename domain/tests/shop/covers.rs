//! Covers and portraits: which picture is whose, and what is shown until its sizes are made.

use crate::database::{Shop, fresh};
use domain::catalog::covers::{self, CoverSource, MakeSizes, PictureOf, naming};
use domain::catalog::{browse, contributors, drafts, product_page};
use domain::entities::people;
use domain::job_kinds;
use domain::jobs::{self, Queue};
use domain::production::orphans::{self, KEEP_MS};
use domain::production::recorded::{self, Found};
use domain::{Currency, Error, PageRequest};
use sea_orm::EntityTrait;
use uuid::Uuid;

const PICTURE: &str = "covers/3f/3f0c.jpg";
const OTHER: &str = "covers/a1/a1b2.png";

async fn shown(shop: &Shop, slug: &str) -> Option<String> {
    product_page::cover_facts(&shop.db, slug, None).await.unwrap().made
}

/// The pictures whose sizes wait to be made.
async fn waiting(shop: &Shop) -> Vec<PictureOf> {
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Storage, "test", 60_000, 20).await.unwrap();
    claims.iter().map(|claim| serde_json::from_str::<MakeSizes>(&claim.payload).unwrap().of).collect()
}

async fn contributor(shop: &Shop) -> (Uuid, String) {
    let person = people::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    (person.id, person.slug)
}

#[tokio::test]
async fn a_drawn_cover_stays_until_the_sizes_of_a_picture_are_made() {
    let shop = fresh().await;
    let title = shop.title("Covered").published().await;
    let of = PictureOf::Title(title.id);
    covers::put(&shop.db, of, PICTURE).await.unwrap();
    assert_eq!(shown(&shop, &title.slug).await, None);
    assert!(covers::view(&shop.db, of).await.unwrap().pending());
    assert_eq!(waiting(&shop).await, [of]);

    assert_eq!(covers::original(&shop.db, of).await.unwrap().as_deref(), Some(PICTURE));
    shop.clock.advance(5);
    assert!(covers::made(&shop.db, of, PICTURE).await.unwrap());
    assert_eq!(shown(&shop, &title.slug).await, Some(naming::base(PICTURE)));
    let cover = product_page::detail(&shop.db, &title.slug, None).await.unwrap().summary.cover;
    assert_eq!((cover.uploaded, cover.version), (true, shop.db.now()), "its address changes");
    assert_eq!(covers::original(&shop.db, of).await.unwrap(), None, "nothing is left to do");
}

#[tokio::test]
async fn the_old_picture_stays_until_the_new_one_is_ready_and_a_removed_one_never_comes_back() {
    let shop = fresh().await;
    let title = shop.title("Covered").published().await;
    let of = PictureOf::Title(title.id);
    covers::put(&shop.db, of, PICTURE).await.unwrap();
    covers::made(&shop.db, of, PICTURE).await.unwrap();
    covers::put(&shop.db, of, OTHER).await.unwrap();
    assert_eq!(shown(&shop, &title.slug).await, Some(naming::base(PICTURE)));
    // A job that was slow comes with the sizes of the picture before.
    assert!(!covers::made(&shop.db, of, PICTURE).await.unwrap());
    assert!(covers::made(&shop.db, of, OTHER).await.unwrap());
    assert_eq!(shown(&shop, &title.slug).await, Some(naming::base(OTHER)));

    shop.clock.advance(5);
    covers::remove(&shop.db, of).await.unwrap();
    assert!(!covers::made(&shop.db, of, OTHER).await.unwrap());
    let facts = product_page::cover_facts(&shop.db, &title.slug, None).await.unwrap();
    assert_eq!((facts.made, facts.authors), (None, vec!["Ada Moss".to_owned()]), "it is drawn again");
    assert_eq!(facts.updated_at, shop.db.now());
    assert_eq!(covers::view(&shop.db, of).await.unwrap().source, None);
}

#[tokio::test]
async fn a_portrait_is_shown_on_the_page_of_its_person() {
    let shop = fresh().await;
    shop.title("Covered").published().await;
    let (id, slug) = contributor(&shop).await;
    let of = PictureOf::Contributor(id);
    assert!(matches!(covers::portrait_made(&shop.db, &slug).await, Err(Error::NotFound("portrait"))));
    covers::put(&shop.db, of, PICTURE).await.unwrap();
    assert_eq!(browse::contributor(&shop.db, &slug).await.unwrap().portrait, None, "not before it is ready");
    covers::made(&shop.db, of, PICTURE).await.unwrap();
    let (base, version) = covers::portrait_made(&shop.db, &slug).await.unwrap();
    assert_eq!((base, version), (naming::base(PICTURE), shop.db.now()));
    assert_eq!(browse::contributor(&shop.db, &slug).await.unwrap().portrait, Some(version));
    covers::remove(&shop.db, of).await.unwrap();
    assert_eq!(browse::contributor(&shop.db, &slug).await.unwrap().portrait, None);
    assert!(contributors::list(&shop.db, "", PageRequest::new(1, 10)).await.unwrap().total > 0);
}

#[tokio::test]
async fn who_is_merged_into_somebody_without_a_portrait_brings_theirs() {
    let shop = fresh().await;
    let one = domain::catalog::seed::upsert_contributor(&shop.db, "Ada Moss", "").await.unwrap();
    domain::catalog::seed::upsert_contributor(&shop.db, "Ada Mosse", "").await.unwrap();
    covers::put(&shop.db, PictureOf::Contributor(one), PICTURE).await.unwrap();
    covers::made(&shop.db, PictureOf::Contributor(one), PICTURE).await.unwrap();
    let kept = contributors::merge(&shop.db, one, "Ada Mosse").await.unwrap();
    assert!(covers::view(&shop.db, PictureOf::Contributor(kept)).await.unwrap().made);
    assert_eq!(covers::portrait_made(&shop.db, "ada-mosse").await.unwrap().0, naming::base(PICTURE));
}

#[tokio::test]
async fn the_sizes_of_a_picture_stay_while_it_is_named_and_go_when_it_is_not() {
    let shop = fresh().await;
    let title = shop.title("Covered").published().await;
    let (person, _) = contributor(&shop).await;
    let (cover, portrait) = (PictureOf::Title(title.id), PictureOf::Contributor(person));
    covers::put(&shop.db, cover, PICTURE).await.unwrap();
    covers::made(&shop.db, cover, PICTURE).await.unwrap();
    covers::put(&shop.db, portrait, OTHER).await.unwrap();
    covers::made(&shop.db, portrait, OTHER).await.unwrap();
    let size = |picture: &str, side, kind| naming::size(&naming::base(picture), side, kind);
    let stored = vec![
        PICTURE.to_owned(),
        size(PICTURE, 320, "webp"),
        size(PICTURE, 1280, "jpg"),
        OTHER.to_owned(),
        size(OTHER, 640, "webp"),
        size("covers/99/99.jpg", 640, "webp"),
    ];
    let due = async || {
        orphans::note(&shop.db, &stored).await.unwrap();
        shop.clock.advance(KEEP_MS);
        orphans::note(&shop.db, &stored).await.unwrap();
        let mut due = orphans::due(&shop.db, 10).await.unwrap();
        due.sort();
        due
    };
    assert_eq!(due().await, [size("covers/99/99.jpg", 640, "webp")]);
    assert!(!orphans::begin_deleting(&shop.db, &stored[1]).await.unwrap());
    covers::remove(&shop.db, cover).await.unwrap();
    assert_eq!(due().await, [&stored[2], &stored[1], PICTURE, &stored[5]].map(ToString::to_string));
    covers::remove(&shop.db, portrait).await.unwrap();
    assert_eq!(due().await.len(), 6);
}

#[tokio::test]
async fn a_draft_without_a_cover_takes_the_one_of_its_recording_and_one_with_a_cover_can_be_given_it() {
    let shop = fresh().await;
    let id = drafts::create(&shop.db, "The Light", Currency::USD).await.unwrap();
    let of = PictureOf::Title(id);
    let found = |key: &str, source| Found { key: key.to_owned(), source };
    let tags = recorded::FileTags::default();
    recorded::fill(&shop.db, id, &tags, "a.mp3", Some(&found(PICTURE, CoverSource::Folder))).await.unwrap();
    recorded::fill(&shop.db, id, &tags, "a.mp3", Some(&found(OTHER, CoverSource::Embedded))).await.unwrap();
    let view = covers::view(&shop.db, of).await.unwrap();
    assert_eq!((view.source, view.in_recording), (Some(CoverSource::Folder), false), "what was there first stays");

    let refused = covers::use_embedded(&shop.db, id).await;
    assert!(matches!(refused, Err(Error::Conflict(refusal)) if refusal.code() == "cover.none-in-recording"));
    domain::testing::record(&shop.db, id, 1000, &["a.mp3"]).await;
    let part = domain::production::parts::parts(shop.db.read(), id).await.unwrap().remove(0);
    recorded::keep_cover(&shop.db, part.source.file_id, Some(&found(OTHER, CoverSource::Embedded))).await.unwrap();
    assert!(covers::view(&shop.db, of).await.unwrap().in_recording);
    covers::use_embedded(&shop.db, id).await.unwrap();
    let view = covers::view(&shop.db, of).await.unwrap();
    assert_eq!((view.source, view.in_recording), (Some(CoverSource::Embedded), false));
    assert_eq!(covers::original(&shop.db, of).await.unwrap().as_deref(), Some(OTHER));
}

#[tokio::test]
async fn a_published_title_is_given_no_cover_that_nobody_chose() {
    let shop = fresh().await;
    let title = shop.title("Covered").published().await;
    let found = Found { key: PICTURE.to_owned(), source: CoverSource::Embedded };
    recorded::fill(&shop.db, title.id, &recorded::FileTags::default(), "a.mp3", Some(&found)).await.unwrap();
    assert_eq!(covers::view(&shop.db, PictureOf::Title(title.id)).await.unwrap().source, None);
}

#[tokio::test]
async fn a_cover_from_before_there_were_sizes_gets_them() {
    let shop = fresh().await;
    let title = shop.title("Covered").published().await;
    let of = PictureOf::Title(title.id);
    covers::put(&shop.db, of, PICTURE).await.unwrap();
    assert_eq!(waiting(&shop).await, [of]);
    assert_eq!(covers::catch_up(&shop.db).await.unwrap(), 1);
    assert_eq!(covers::catch_up(&shop.db).await.unwrap(), 1);
    assert_eq!(waiting(&shop).await, [of], "asked for once");
    covers::give_up(&shop.db, of, PICTURE).await.unwrap();
    assert_eq!(covers::catch_up(&shop.db).await.unwrap(), 0);
    assert_eq!(shown(&shop, &title.slug).await, None);
}

#[tokio::test]
async fn a_picture_of_nobody_is_refused_and_its_job_has_nothing_to_do() {
    let shop = fresh().await;
    for of in [PictureOf::Title(Uuid::nil()), PictureOf::Contributor(Uuid::nil())] {
        assert!(matches!(covers::put(&shop.db, of, PICTURE).await, Err(Error::NotFound(_))));
        assert!(matches!(covers::remove(&shop.db, of).await, Err(Error::NotFound(_))));
        assert!(matches!(covers::view(&shop.db, of).await, Err(Error::NotFound(_))));
        assert_eq!(covers::original(&shop.db, of).await.unwrap(), None);
    }
    assert!(waiting(&shop).await.is_empty());
}
