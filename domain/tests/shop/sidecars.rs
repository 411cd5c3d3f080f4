//! What lies beside a recording.

use crate::database::{Shop, fresh};
use crate::fixtures::user;
use domain::account::Role;
use domain::catalog::covers::{self, CoverSource, PictureOf};
use domain::catalog::{drafts, edit, product_page};
use domain::production::recorded::{self, FileTags};
use domain::production::sidecars::{self, Heading, Said};
use domain::production::uploads::{self, NewUpload, Sound};
use domain::production::{StepStatus, UploadStatus, parts, samples, steps};
use domain::{Currency, Error};
use uuid::Uuid;

/// Receives a file of a draft whole; it waits to be looked into.
async fn received(shop: &Shop, admin: Uuid, title: Uuid, path: &str) -> Uuid {
    let new = NewUpload {
        id: Uuid::now_v7(),
        user_id: admin,
        audiobook_id: title,
        position: 0,
        file_name: path.to_owned(),
        relative_path: path.to_owned(),
        media_type: None,
        fingerprint: None,
        metadata: String::new(),
        size: 10,
        storage_state: "0".to_owned(),
        keep_ms: 1000,
    };
    let upload = uploads::begin(&shop.db, new).await.unwrap();
    uploads::advance(&shop.db, &upload, 10, "all", 1000).await.unwrap();
    upload.id
}

fn said() -> Said {
    let tags = FileTags {
        album: Some("Salt and Light".into()),
        subtitle: Some("A novel".into()),
        authors: vec!["Ada Quill".into()],
        narrators: vec!["Tom Reed".into()],
        series: Some("The Coast".into()),
        series_position: Some("2".into()),
        language: Some("de".into()),
        year: Some(2021),
        publisher: Some("Tide Press".into()),
        isbn: Some("9783161484100".into()),
        description: Some("A keeper waits for a ship that does not come home.".into()),
        ..FileTags::default()
    };
    let chapters = vec![Heading { title: Some("Dawn".into()), start_ms: 0 }];
    Said { tags, chapters, files: Vec::new() }
}

#[tokio::test]
async fn what_lies_beside_a_recording_fills_the_draft_and_is_no_part_of_the_book() {
    let shop = fresh().await;
    let admin = user(&shop, "ada", Role::Admin).await.id;
    let id = drafts::create(&shop.db, "Salt", Currency::USD).await.unwrap();
    let book = received(&shop, admin, id, "Salt/01.mp3").await;
    let metadata = received(&shop, admin, id, "Salt/metadata.json").await;
    let cover = received(&shop, admin, id, "Salt/cover.jpg").await;
    let sound = Sound { storage_key: "audio/aa/aa.mp3".into(), sha256: "aa".into(), media_type: "audio/mpeg" };
    uploads::complete(&shop.db, book, &sound).await.unwrap();
    for _ in 0..2 {
        // A process that was killed in between does it again.
        sidecars::arrived(&shop.db, metadata, &said()).await.unwrap();
        sidecars::arrived_with_cover(&shop.db, cover, "covers/3f/3f0c.jpg").await.unwrap();
    }
    let form = edit::form(&shop.db, id).await.unwrap();
    assert_eq!((form.title.as_str(), form.subtitle.as_str()), ("Salt and Light", "A novel"));
    assert_eq!((form.authors.as_str(), form.narrators.as_str()), ("Ada Quill", "Tom Reed"));
    assert_eq!((form.series.as_str(), form.series_position.as_str()), ("The Coast", "2"));
    assert_eq!(
        (form.year.as_str(), form.publisher.as_str(), form.isbn.as_str()),
        ("2021", "Tide Press", "9783161484100")
    );
    assert_eq!(form.language, "de");
    assert!(form.description.starts_with("A keeper waits"));
    let view = covers::view(&shop.db, PictureOf::Title(id)).await.unwrap();
    assert_eq!(view.source, Some(CoverSource::Folder));

    let sources = parts::sources(shop.db.read(), id).await.unwrap();
    assert_eq!(sources.iter().map(|source| source.original_name.as_str()).collect::<Vec<_>>(), ["01.mp3"]);
    assert_eq!(sidecars::of(shop.db.read(), id).await.unwrap(), [said()]);
    let begun = steps::view(&shop.db, id).await.unwrap();
    assert!(begun.uploads.iter().all(|upload| upload.status == UploadStatus::Done));
    assert_eq!(begun.steps.iter().filter(|step| step.status == StepStatus::Queued).count(), 1, "production began once");
}

#[tokio::test]
async fn tags_of_the_file_fill_what_lies_open_after_what_lay_beside_it() {
    let shop = fresh().await;
    let admin = user(&shop, "ada", Role::Admin).await.id;
    let id = drafts::create(&shop.db, "Salt", Currency::USD).await.unwrap();
    let sheet = received(&shop, admin, id, "Salt/salt.cue").await;
    let tags =
        FileTags { album: Some("Salt and Light".into()), authors: vec!["Ada Quill".into()], ..FileTags::default() };
    sidecars::arrived(&shop.db, sheet, &Said { tags, ..Said::default() }).await.unwrap();
    let in_file = FileTags {
        album: Some("SALT (UNABRIDGED)".into()),
        authors: vec!["A. Quill".into()],
        narrators: vec!["Tom Reed".into()],
        isbn: Some("9783161484101".into()),
        year: Some(2021),
        ..FileTags::default()
    };
    recorded::fill(&shop.db, id, &in_file, "salt and light.mp3", None).await.unwrap();
    let form = edit::form(&shop.db, id).await.unwrap();
    assert_eq!((form.title.as_str(), form.authors.as_str()), ("Salt and Light", "Ada Quill"));
    assert_eq!((form.narrators.as_str(), form.year.as_str()), ("Tom Reed", "2021"));
    assert_eq!(form.isbn, "", "its last digit is wrong, and all else is taken all the same");
}

#[tokio::test]
async fn what_an_admin_wrote_stays_whatever_comes() {
    let shop = fresh().await;
    let admin = user(&shop, "ada", Role::Admin).await.id;
    let id = drafts::create(&shop.db, "Salt", Currency::USD).await.unwrap();
    let mut form = edit::form(&shop.db, id).await.unwrap();
    form.subtitle = "My own words".to_owned();
    samples::save_title(&shop.db, id, &form).await.unwrap();
    let written = edit::form(&shop.db, id).await.unwrap();
    let metadata = received(&shop, admin, id, "Salt/metadata.json").await;
    sidecars::arrived(&shop.db, metadata, &said()).await.unwrap();
    assert_eq!(edit::form(&shop.db, id).await.unwrap(), written);
}

#[tokio::test]
async fn what_comes_beside_a_book_that_is_done_does_not_begin_it_again() {
    let shop = fresh().await;
    let admin = user(&shop, "ada", Role::Admin).await.id;
    let title = shop.title("The Bell").published().await;
    let cover = received(&shop, admin, title.id, "cover.jpg").await;
    sidecars::arrived_with_cover(&shop.db, cover, "covers/3f/3f0c.jpg").await.unwrap();
    let steps = steps::view(&shop.db, title.id).await.unwrap().steps;
    assert!(steps.iter().all(|step| step.status != StepStatus::Queued), "{steps:?}");
    let view = covers::view(&shop.db, PictureOf::Title(title.id)).await.unwrap();
    assert_eq!(view.source, None, "a published title keeps what it has");
}

#[tokio::test]
async fn what_was_given_up_is_not_taken() {
    let shop = fresh().await;
    let admin = user(&shop, "ada", Role::Admin).await.id;
    let id = drafts::create(&shop.db, "Salt", Currency::USD).await.unwrap();
    let metadata = received(&shop, admin, id, "metadata.json").await;
    uploads::cancel(&shop.db, metadata).await.unwrap();
    assert!(matches!(sidecars::arrived(&shop.db, metadata, &said()).await, Err(Error::Conflict(_))));
    assert!(sidecars::of(shop.db.read(), id).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_edition_stands_on_the_product_page() {
    let shop = fresh().await;
    let title = shop.title("The Bell").published().await;
    let mut form = edit::form(&shop.db, title.id).await.unwrap();
    (form.year, form.publisher, form.isbn) = ("1999".into(), "Tide Press".into(), "978-3-16-148410-0".into());
    samples::save_title(&shop.db, title.id, &form).await.unwrap();
    let edition = product_page::detail(&shop.db, &title.slug, None).await.unwrap().edition;
    assert_eq!((edition.year, edition.publisher.as_deref()), (Some(1999), Some("Tide Press")));
    assert_eq!(edition.isbn.as_deref(), Some("9783161484100"));
}
