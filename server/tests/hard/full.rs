//! A storage that runs full with an upload on its way: what was acknowledged stays, and with room again it goes on there.

use crate::shop::{Browser, Server, make_admin, metadata, waves};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use std::path::Path;
use tempfile::TempDir;

/// Room in the storage, in megabytes, and the bytes of a recording of which one fits and a second does not.
const ROOM: u32 = 40;
const BYTES: u32 = 24_000_000;

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
    let Some(server) = Server::with_small_storage(data.path(), ROOM) else {
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
    // As the server sees it: the small disk is its own.
    let storage = Path::new("/proc").join(server.id().to_string()).join("root");
    let storage = storage.join(data.path().strip_prefix("/").unwrap()).join("storage/audio");
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

/// All files below a folder.
fn found(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.flat_map(|entry| if entry.path().is_dir() { found(&entry.path()) } else { vec![entry.path()] }).collect()
}
