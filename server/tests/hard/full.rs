//! Disks that run full: the storage's with an upload on its way, of which what was acknowledged stays and which goes on there with
//! room again; the database's; and that of the work files.

use crate::books;
use crate::shop::{Browser, Server, make_admin, metadata, waves, without_limits};
use domain::Db;
use domain::production::{StepStatus, StepView, steps};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// Room in the storage, in megabytes, and the bytes of a recording of which one fits and a second does not.
const ROOM: u32 = 40;
const BYTES: u32 = 24_000_000;
/// Room for the database, in megabytes, and how many titles it may still take when the disk is full: its log has room of its own.
const ROOM_OF_DATABASE: u32 = 32;
const TITLES_AT_MOST: usize = 2000;
/// Room for work files, in megabytes, and the bytes of it that something else takes: less is left then than a worker leaves free.
const ROOM_FOR_WORK: u32 = 320;
const TAKEN: usize = 128_000_000;
/// A book is made by then.
const MADE: Duration = Duration::from_secs(300);

async fn begin(browser: &Browser, name: &str, size: usize) -> String {
    let title = browser.begin_title(name).await.unwrap();
    let request = browser.request("POST", "/uploads").header("upload-length", size);
    let created = request.header("upload-metadata", metadata("waves.wav", &title)).send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    created.headers()[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_upload_that_fills_the_disk_goes_on_where_it_was_once_there_is_room() {
    let data = TempDir::new().unwrap();
    make_admin(data.path(), &[]);
    let Some(server) = Server::with_small_disk(data.path(), "storage", ROOM, &[]) else {
        println!("  left out: this machine lets nobody mount a small disk");
        return;
    };
    let browser = Browser::log_in(&server).await;
    let (first, mut second) = (waves(BYTES), waves(BYTES));
    // Otherwise it would be the same file.
    second[100] ^= 1;
    let url = begin(&browser, "One", first.len()).await;
    let answer = browser.patch(&url, 0, first).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let storage = as_seen_by(&server, data.path()).join("storage/audio");
    let stored = found(&storage).pop().expect("the first one is stored");

    let url = begin(&browser, "Two", second.len()).await;
    let refused = browser.patch(&url, 0, second.clone()).await;
    let refused = refused.map(|answer| answer.status());
    assert!(refused.as_ref().map_or(true, |status| *status == StatusCode::INSUFFICIENT_STORAGE), "{refused:?}");
    let acknowledged = browser.offset(&url).await;
    assert!(acknowledged < second.len(), "{acknowledged} bytes are said to be there");
    let again = browser.patch(&url, acknowledged, second[acknowledged..].to_vec()).await;
    assert!(again.is_err() || !again.unwrap().status().is_success(), "there is no room still");

    std::fs::remove_file(stored).unwrap();
    let acknowledged = browser.offset(&url).await;
    let answer = browser.patch(&url, acknowledged, second[acknowledged..].to_vec()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let stored = found(&storage).pop().expect("the second one is stored");
    assert!(std::fs::read(stored).unwrap() == second, "what is stored differs from what was sent");
}

#[tokio::test]
async fn a_shop_whose_database_fills_its_disk_is_read_on_and_takes_what_is_new_once_there_is_room() {
    let data = TempDir::new().unwrap();
    std::fs::create_dir_all(data.path().join("small")).unwrap();
    let mut settings = without_limits();
    let database = data.path().join("small/lectern.db");
    settings.push(("LECTERN_DATABASE__URL".to_owned(), format!("sqlite://{}", database.display())));
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    make_admin(data.path(), &settings);
    let Some(server) = Server::with_small_disk(data.path(), "small", ROOM_OF_DATABASE, &settings) else {
        println!("  left out: this machine lets nobody mount a small disk");
        return;
    };
    let browser = Browser::log_in(&server).await;
    browser.begin_title("Before").await.expect("there is room");
    let filler = as_seen_by(&server, data.path()).join("small/filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    drop(file);

    let mut taken = 0;
    while browser.begin_title(&format!("Title {taken}")).await.is_some() {
        taken += 1;
        assert!(taken < TITLES_AT_MOST, "the disk is full, and the shop takes whatever comes");
    }
    for path in ["/healthz", "/browse", "/"] {
        let answer = browser.request("GET", path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path} can be read on a full disk");
    }
    assert!(browser.begin_title("Too much").await.is_none());

    std::fs::remove_file(filler).unwrap();
    browser.begin_title("Afterwards").await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_book_whose_worker_has_no_room_says_so_and_is_made_once_there_is() {
    let data = TempDir::new().unwrap();
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/demo").display().to_string();
    let settings = [
        ("LECTERN_WORKER__ENABLED", "true"),
        ("LECTERN_WORKER__THREADS", "1"),
        ("LECTERN_MODELS__DEMO_DIR", models.as_str()),
    ];
    make_admin(data.path(), &settings);
    let Some(server) = Server::with_small_disk(data.path(), "work", ROOM_FOR_WORK, &settings) else {
        println!("  left out: this machine lets nobody mount a small disk");
        return;
    };
    let filler = as_seen_by(&server, data.path()).join("work/filler");
    std::fs::write(&filler, vec![0; TAKEN]).unwrap();
    let browser = Browser::log_in(&server).await;
    let book = books::send(&browser, 0).await;
    let db = Db::connect(&format!("sqlite://{}", data.path().join("lectern.db").display()), 2).await.unwrap();
    let says_so = |step: &StepView| step.message.as_ref().is_some_and(|words| words.contains("Make room"));
    until(&db, book.title, |steps| steps.iter().any(says_so)).await;
    std::fs::remove_file(filler).unwrap();
    until(&db, book.title, |steps| steps.iter().all(|step| step.status == StepStatus::Done)).await;
}

/// Waits until the steps of a book are so.
async fn until(db: &Db, title: Uuid, are: impl Fn(&[StepView]) -> bool) {
    let end = Instant::now() + MADE;
    loop {
        let view = steps::view(db, title).await.unwrap();
        if are(&view.steps) {
            return;
        }
        assert!(Instant::now() < end, "they never are: {:?}", view.steps);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A folder as the server sees it: the small disk is its own.
fn as_seen_by(server: &Server, folder: &Path) -> PathBuf {
    Path::new("/proc").join(server.id().to_string()).join("root").join(folder.strip_prefix("/").unwrap())
}

/// All files below a folder.
fn found(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.flat_map(|entry| if entry.path().is_dir() { found(&entry.path()) } else { vec![entry.path()] }).collect()
}
