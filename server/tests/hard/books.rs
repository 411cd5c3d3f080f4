//! Recordings on their way into a shop that may be gone at any moment: whoever sends them goes on where they were.

use crate::recordings::Chance;
use crate::shop::{Browser, metadata};
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use sha2::{Digest, Sha256};
use std::time::Duration;
use uuid::Uuid;

/// Nine seconds of a story, with chapters.
const STORY: &[u8] = include_bytes!("../../../sound/tests/the-light.m4b");
/// Bytes that are sent at once, and the pause between two pieces: an upload takes some seconds.
const PIECE: usize = 64 << 10;
const PAUSE: Duration = Duration::from_millis(120);
/// Before somebody tries again whom the shop did not answer.
const AGAIN: Duration = Duration::from_millis(200);

/// A recording that no other is equal to, and the title that it is of.
pub struct Book {
    pub title: Uuid,
    pub sha256: String,
    pub size: usize,
    /// How often its sender had to begin again where the shop was.
    pub interrupted: usize,
}

/// The story, and behind it what no player looks at, in a box of its own.
fn recording(number: usize) -> Vec<u8> {
    let mut chance = Chance(number as u64 * 2 + 0x5EED);
    let size = 400_000 + chance.below(2_000_000);
    let more = chance.bytes(size);
    let head = u32::try_from(more.len() + 8).unwrap().to_be_bytes();
    [STORY, &head, b"free", &more].concat()
}

/// Sends a recording until the shop has all of it, however often it is gone meanwhile.
pub async fn send(browser: &Browser, number: usize) -> Book {
    let content = recording(number);
    let mut interrupted = 0;
    let title = loop {
        match browser.begin_title(&format!("The Light {number}")).await {
            Some(title) => break title,
            None => again(&mut interrupted).await,
        }
    };
    let url = loop {
        match begin(browser, &content, &title).await {
            Some(url) => break url,
            None => again(&mut interrupted).await,
        }
    };
    loop {
        let Some(offset) = browser.offset_now(&url).await else {
            again(&mut interrupted).await;
            continue;
        };
        assert!(offset <= content.len(), "{offset} bytes of {} were acknowledged", content.len());
        if offset == content.len() {
            break;
        }
        let rest: Vec<Vec<u8>> = content[offset..].chunks(PIECE).map(<[u8]>::to_vec).collect();
        let slowly = futures::stream::unfold(rest.into_iter(), |mut rest| async {
            tokio::time::sleep(PAUSE).await;
            rest.next().map(|piece| (Ok::<_, std::io::Error>(piece), rest))
        });
        let sent = browser.patch(&url, offset, reqwest::Body::wrap_stream(slowly)).await;
        if !sent.is_ok_and(|answer| answer.status().is_success()) {
            again(&mut interrupted).await;
        }
    }
    let title = title.parse().unwrap();
    Book { title, sha256: hex::encode(Sha256::digest(&content)), size: content.len(), interrupted }
}

async fn again(interrupted: &mut usize) {
    *interrupted += 1;
    tokio::time::sleep(AGAIN).await;
}

async fn begin(browser: &Browser, content: &[u8], title: &str) -> Option<String> {
    let request = browser.request("POST", "/uploads").header("upload-length", content.len());
    let answer = request.header("upload-metadata", metadata("the-light.m4b", title)).send().await.ok()?;
    if answer.status().is_server_error() {
        return None;
    }
    assert_eq!(answer.status(), StatusCode::CREATED);
    Some(answer.headers()[LOCATION].to_str().unwrap().to_owned())
}
