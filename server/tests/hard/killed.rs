//! A real server, killed in the middle of an upload.

use crate::shop::{Browser, Server, make_admin, metadata, offset, waves};
use futures::StreamExt;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[tokio::test]
async fn a_server_killed_with_an_upload_under_way_goes_on_at_the_byte_it_acknowledged() {
    let data = TempDir::new().unwrap();
    make_admin(data.path(), &[]);
    let content = waves(30_000_000);

    let server = Server::start(data.path(), &[]);
    let browser = Browser::log_in(&server).await;
    let title = browser.begin_title("Waves").await.unwrap();
    let metadata = metadata("waves.wav", &title);
    let request = browser.request("POST", "/uploads").header("upload-length", content.len());
    let created = request.header("upload-metadata", metadata).send().await.unwrap();
    assert_eq!(created.status(), StatusCode::CREATED);
    let url = created.headers()[LOCATION].to_str().unwrap().to_owned();

    // Twenty million bytes, and then silence on an open line.
    let pieces: Vec<_> =
        content[..20_000_000].chunks(64_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    let body = reqwest::Body::wrap_stream(futures::stream::iter(pieces).chain(futures::stream::pending()));
    let sending = browser.patch(&url, 0, body);
    let acknowledging = async {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let acknowledged = browser.offset(&url).await;
            if acknowledged >= 16_000_000 {
                return acknowledged;
            }
            assert!(Instant::now() < deadline, "the server acknowledges nothing");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // The line stays open until the server is dead: a line that is cut would have it write down the rest.
    let mut sending = std::pin::pin!(sending);
    let acknowledged = tokio::select! {
        answer = &mut sending => panic!("the upload ended by itself: {answer:?}"),
        acknowledged = acknowledging => acknowledged,
    };
    server.kill();

    let server = Server::start(data.path(), &[]);
    let browser = browser.at(&server);
    assert_eq!(browser.offset(&url).await, acknowledged);
    let answer = browser.patch(&url, acknowledged, content[acknowledged..].to_vec()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(offset(answer.headers()), content.len());

    let stored = find_file(&data.path().join("storage/audio")).expect("the file is in the storage");
    assert!(std::fs::read(&stored).unwrap() == content, "what is stored differs from what was sent");
}

fn find_file(folder: &Path) -> Option<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .map_while(Result::ok)
        .find_map(|entry| if entry.path().is_dir() { find_file(&entry.path()) } else { Some(entry.path()) })
}
