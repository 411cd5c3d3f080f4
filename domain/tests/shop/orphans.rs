//! Files that nothing names any more.

use crate::database::{OPENING, fresh};
use crate::fixtures::{for_sale, sample};
use domain::catalog::covers::{self, PictureOf};
use domain::entities::files;
use domain::production::named;
use domain::production::orphans::{self, KEEP_MS};
use domain::{Error, testing};
use futures::TryStreamExt;
use uuid::Uuid;

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

#[tokio::test]
async fn what_nothing_names_goes_after_a_day_and_what_something_names_stays() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 500).await;
    sample(&shop, bell.id, "samples/bell/new.wav", 0, 1000).await;
    let stored = keys(&["samples/bell/new.wav", "samples/bell/old.wav", "audio/aa/gone.mp3"]);
    orphans::note(&shop.db, &stored).await.unwrap();
    assert!(orphans::due(&shop.db, 10).await.unwrap().is_empty(), "not at once");
    shop.clock.advance(KEEP_MS);
    orphans::note(&shop.db, &stored).await.unwrap();
    let mut due = orphans::due(&shop.db, 10).await.unwrap();
    due.sort();
    assert_eq!(due, ["audio/aa/gone.mp3", "samples/bell/old.wav"]);
    for key in due {
        assert!(orphans::begin_deleting(&shop.db, &key).await.unwrap());
        orphans::gone(&shop.db, &key).await.unwrap();
    }
    assert!(orphans::due(&shop.db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_is_named_again_in_time_stays() {
    let shop = fresh().await;
    let bell = for_sale(&shop, "The Bell", 500).await;
    orphans::note(&shop.db, &keys(&["samples/bell/1.wav"])).await.unwrap();
    shop.clock.advance(KEEP_MS);
    sample(&shop, bell.id, "samples/bell/1.wav", 0, 1000).await;
    assert!(!orphans::begin_deleting(&shop.db, "samples/bell/1.wav").await.unwrap());
    assert!(orphans::due(&shop.db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_about_to_name_a_file_has_a_day_for_it() {
    let shop = fresh().await;
    let key = "audio/aa/story.mp3";
    orphans::note(&shop.db, &keys(&[key])).await.unwrap();
    shop.clock.advance(KEEP_MS);
    orphans::reserve(&shop.db, key).await.unwrap();
    assert!(!orphans::begin_deleting(&shop.db, key).await.unwrap());
    orphans::note(&shop.db, &keys(&[key])).await.unwrap();
    shop.clock.advance(KEEP_MS - 1);
    assert!(orphans::due(&shop.db, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_names_a_file_that_is_being_deleted_and_a_deletion_that_was_cut_off_goes_on() {
    let shop = fresh().await;
    let key = "audio/aa/story.mp3";
    orphans::note(&shop.db, &keys(&[key])).await.unwrap();
    shop.clock.advance(KEEP_MS);
    assert!(orphans::begin_deleting(&shop.db, key).await.unwrap());
    assert!(matches!(orphans::reserve(&shop.db, key).await, Err(Error::Busy)));
    // The server is killed here, and another one looks again.
    assert_eq!(orphans::due(&shop.db, 10).await.unwrap(), [key]);
    assert!(orphans::begin_deleting(&shop.db, key).await.unwrap());
    orphans::gone(&shop.db, key).await.unwrap();
    orphans::reserve(&shop.db, key).await.unwrap();
}

#[tokio::test]
async fn a_copy_of_the_shop_holds_exactly_what_is_not_cleaned_away() {
    let shop = fresh().await;
    let bell = shop.title("The Bell").draft_of_list().await;
    let sea = shop.title("The Sea").draft_of_list().await;
    sample(&shop, bell.id, "samples/bell/1.wav", 0, 1000).await;
    let of = PictureOf::Title(sea.id);
    covers::put(&shop.db, of, "covers/aa/aa.jpg").await.unwrap();
    covers::made(&shop.db, of, "covers/aa/aa.jpg").await.unwrap();
    let file = files::Model {
        id: Uuid::now_v7(),
        storage_key: "audio/bb/bb.mp3".to_owned(),
        sha256: "bb".to_owned(),
        size: 1,
        media_type: "audio/mpeg".to_owned(),
        original_name: "sea.mp3".to_owned(),
        created_at: OPENING,
        tags: None,
        cover_key: Some("covers/cc/cc.jpg".to_owned()),
    };
    let id = file.id;
    testing::insert(&shop.db, file).await;
    testing::copy(&shop.db, id, "copies/bb/bb.m4a", 1).await;

    let mut held: Vec<String> = named::all(&shop.db).try_concat().await.unwrap();
    held.sort();
    held.dedup();
    let plain: Vec<_> = held.iter().filter(|key| !key.contains("-1-")).collect();
    let named = ["audio/bb/bb.mp3", "copies/bb/bb.m4a", "covers/aa/aa.jpg", "covers/cc/cc.jpg", "samples/bell/1.wav"];
    assert_eq!(plain, named);
    assert_eq!(held.len(), plain.len() + 6, "three sizes in two kinds: {held:?}");
    orphans::note(&shop.db, &held).await.unwrap();
    shop.clock.advance(KEEP_MS);
    assert_eq!(orphans::due(&shop.db, 100).await.unwrap(), [""; 0]);
}
