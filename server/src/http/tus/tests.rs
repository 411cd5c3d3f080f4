//! Uploading, request by request, as a browser does it.

use crate::http::testing::{Answer, KEPT_MS, LIMIT, Shop};
use crate::jobs::{Registry, Rooms, Runner};
use crate::storage::{self, ByteStream, LocalCopy, Storage, UploadState, UploadWriter};
use async_trait::async_trait;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::Currency;
use domain::catalog::covers::{self, CoverSource, PictureOf};
use domain::catalog::{drafts, edit};
use domain::job_kinds;
use domain::jobs::Queue;
use domain::production::{Step, StepStatus, UploadStatus, steps, uploads};
use futures::StreamExt;
use http::Request;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A recording that was made for the tests.
fn recording(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name)).unwrap()
}

fn story() -> Vec<u8> {
    recording("the-bell-at-north-rock.mp3")
}

/// An admin with a title that waits for audio.
struct Desk {
    shop: Shop,
    cookie: String,
    title: Uuid,
}

impl Desk {
    async fn new() -> Self {
        Self::at(Shop::open().await).await
    }

    async fn at(shop: Shop) -> Self {
        let cookie = shop.admin().await;
        let title = drafts::create(&shop.db, "The bell", Currency::USD).await.unwrap();
        Self { shop, cookie, title }
    }

    fn metadata(&self, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap();
        let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
        [pair("filename", name), pair("relativePath", path), pair("audiobook", &self.title.to_string())].join(",")
    }

    fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0").header("cookie", &self.cookie)
    }

    async fn create(&self, path: &str, size: u64) -> Answer {
        let request = self.request("POST", "/uploads").header("upload-length", size);
        self.shop.send(request.header("upload-metadata", self.metadata(path)).body(Body::empty()).unwrap()).await
    }

    async fn begin(&self, path: &str, size: usize) -> String {
        let answer = self.create(path, size as u64).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("location").to_owned()
    }

    async fn head(&self, url: &str) -> Answer {
        self.shop.send(self.request("HEAD", url).body(Body::empty()).unwrap()).await
    }

    fn patch_request(&self, url: &str, offset: u64) -> http::request::Builder {
        self.request("PATCH", url)
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
    }

    async fn patch(&self, url: &str, offset: u64, bytes: &[u8]) -> Answer {
        self.shop.send(self.patch_request(url, offset).body(Body::from(bytes.to_vec())).unwrap()).await
    }

    async fn patch_with_checksum(&self, url: &str, offset: u64, bytes: &[u8], checksum: &str) -> Answer {
        let request = self.patch_request(url, offset).header("upload-checksum", checksum);
        self.shop.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    /// Uploads a file in one go.
    async fn upload(&self, path: &str, content: &[u8]) -> Answer {
        let url = self.begin(path, content.len()).await;
        self.patch(&url, 0, content).await
    }

    async fn status(&self, url: &str) -> UploadStatus {
        uploads::get(&self.shop.db, id_of(url)).await.unwrap().status
    }

    async fn file_names(&self) -> Vec<String> {
        let db = &self.shop.db;
        let view = steps::view(db, self.title).await.unwrap();
        view.uploads.into_iter().map(|upload| upload.file_name).collect()
    }

    /// Does the job that finishes what another process received, if it is due.
    async fn finish_left_over(&self) -> bool {
        let handlers = Registry::over(&self.shop.uploads).job(crate::uploads::finish_left_over).handlers;
        let rooms = Rooms::from([(Queue::Storage, 1)]);
        let runner = Runner::new("test".to_owned(), self.shop.db.clone(), job_kinds::all(), handlers, rooms, 60_000);
        runner.work_once(Queue::Storage, &CancellationToken::new()).await.unwrap()
    }

    async fn is_begun(&self) -> bool {
        let view = steps::view(&self.shop.db, self.title).await.unwrap();
        view.steps.iter().any(|step| step.step == Step::Probe && step.status != StepStatus::Waiting)
    }
}

fn id_of(url: &str) -> Uuid {
    url.strip_prefix("/uploads/").unwrap().parse().unwrap()
}

fn cut_after(bytes: &[u8]) -> Body {
    let pieces = bytes.chunks(10_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect::<Vec<_>>();
    let broken = Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    Body::from_stream(futures::stream::iter(pieces.into_iter().chain([broken])))
}

#[tokio::test]
async fn the_server_says_what_it_can() {
    let shop = Shop::open().await;
    let answer = shop.send(Request::options("/uploads").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-max-size"), LIMIT.to_string());
    assert_eq!(answer.header("tus-checksum-algorithm"), "sha1,sha256");
    for extension in ["creation", "creation-with-upload", "termination", "expiration", "checksum"] {
        assert!(answer.header("tus-extension").split(',').any(|known| known == extension), "{extension}");
    }
}

#[tokio::test]
async fn a_dropped_file_arrives_whole_and_production_begins() {
    let (desk, content) = (Desk::new().await, story());
    let url = desk.begin("bell.mp3", content.len()).await;
    let half = content.len() / 2;
    let answer = desk.patch(&url, 0, &content[..half]).await;
    assert_eq!((answer.status.as_u16(), answer.offset()), (204, half as u64));
    assert!(!answer.header("upload-expires").is_empty());
    assert!(!desk.is_begun().await);
    let answer = desk.patch(&url, half as u64, &content[half..]).await;
    assert_eq!((answer.status.as_u16(), answer.offset()), (204, content.len() as u64));
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
    assert!(desk.is_begun().await);
    let key = storage::audio_key(&hex::encode(Sha256::digest(&content)), "mp3");
    assert_eq!(desk.shop.storage.size(&key).await.unwrap(), content.len() as u64);
}

#[tokio::test]
async fn every_kind_of_recording_in_the_sample_shop_is_recognised() {
    let desk = Desk::new().await;
    for name in ["the-bell-at-north-rock.mp3", "the-last-spoon.opus"] {
        assert_eq!(desk.upload(name, &recording(name)).await.status, 204, "{name}");
    }
}

#[tokio::test]
async fn an_upload_cut_at_50_percent_goes_on_at_the_byte_it_had() {
    let (desk, content) = (Desk::new().await, story());
    let half = content.len() / 2;
    let url = desk.begin("bell.mp3", content.len()).await;
    let answer = desk.shop.send(desk.patch_request(&url, 0).body(cut_after(&content[..half])).unwrap()).await;
    assert_eq!(answer.status, 408);
    let answer = desk.head(&url).await;
    assert_eq!(answer.offset(), half as u64);
    assert_eq!(answer.header("upload-length"), content.len().to_string());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("upload-metadata"), desk.metadata("bell.mp3"));
    assert_eq!(desk.patch(&url, half as u64, &content[half..]).await.status, 204);
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
}

#[tokio::test]
async fn a_killed_server_keeps_the_acknowledged_bytes() {
    let (mut desk, content) = (Desk::new().await, story());
    let url = desk.begin("bell.mp3", content.len()).await;
    desk.patch(&url, 0, &content[..100_000]).await;
    // It dies with bytes written that it never acknowledged.
    let upload = uploads::get(&desk.shop.db, id_of(&url)).await.unwrap();
    let state = UploadState::from_json(&upload.storage_state.unwrap()).unwrap();
    let mut writer = desk.shop.storage.write_upload(&state).await.unwrap();
    writer.write(Bytes::from_static(&[9; 5000])).await.unwrap();
    writer.checkpoint().await.unwrap();
    drop(writer);
    desk.shop.restart().await;
    assert_eq!(desk.head(&url).await.offset(), 100_000);
    assert_eq!(desk.patch(&url, 100_000, &content[100_000..]).await.status, 204);
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
    let key = storage::audio_key(&hex::encode(Sha256::digest(&content)), "mp3");
    let copy = desk.shop.storage.local_copy(&key).await.unwrap();
    assert!(std::fs::read(copy.path()).unwrap() == content);
}

#[tokio::test]
async fn a_server_that_died_after_the_last_byte_finishes_when_it_is_back() {
    for adopted in [false, true] {
        let (mut desk, content) = (Desk::new().await, story());
        let url = desk.begin("bell.mp3", content.len()).await;
        let upload = uploads::get(&desk.shop.db, id_of(&url)).await.unwrap();
        let body = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(content.clone()))]);
        let upload = crate::uploads::receive(&desk.shop.uploads, upload, None, body).await.unwrap();
        if adopted {
            let state = UploadState::from_json(&upload.storage_state.unwrap()).unwrap();
            let key = storage::audio_key(&state.sha256().unwrap(), "mp3");
            desk.shop.storage.adopt_upload(state.id, &key).await.unwrap();
        }
        desk.shop.restart().await;
        assert_eq!(desk.status(&url).await, UploadStatus::Checking);
        assert!(!desk.finish_left_over().await, "the receiver goes first");
        desk.shop.clock.advance(60_000);
        assert!(desk.finish_left_over().await);
        assert_eq!(desk.status(&url).await, UploadStatus::Done, "adopted: {adopted}");
        assert!(desk.is_begun().await);
    }
}

#[tokio::test]
async fn a_wrong_checksum_is_refused_and_nothing_is_lost() {
    let (desk, content) = (Desk::new().await, story());
    let url = desk.begin("bell.mp3", content.len()).await;
    desk.patch(&url, 0, &content[..1000]).await;
    let wrong = format!("sha256 {}", STANDARD.encode(Sha256::digest(b"something else")));
    let answer = desk.patch_with_checksum(&url, 1000, &content[1000..2000], &wrong).await;
    assert_eq!(answer.status.as_u16(), 460);
    assert_eq!(desk.head(&url).await.offset(), 1000);
    let right = format!("sha256 {}", STANDARD.encode(Sha256::digest(&content[1000..2000])));
    assert_eq!(desk.patch_with_checksum(&url, 1000, &content[1000..2000], &right).await.offset(), 2000);
    let right = format!("sha1 {}", STANDARD.encode(sha1::Sha1::digest(&content[2000..])));
    assert_eq!(desk.patch_with_checksum(&url, 2000, &content[2000..], &right).await.status, 204);
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
}

#[tokio::test]
async fn a_checksum_of_an_unknown_kind_is_a_mistake_of_the_client() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    assert_eq!(desk.patch_with_checksum(&url, 0, b"0123456789", "crc32 AAAA").await.status, 400);
    assert_eq!(desk.head(&url).await.offset(), 0);
}

#[tokio::test]
async fn a_text_file_named_mp3_is_refused_with_a_reason() {
    let desk = Desk::new().await;
    let text = "Call me Ishmael. Some years ago, never mind how long precisely, ".repeat(2000);
    let url = desk.begin("moby-dick.mp3", text.len()).await;
    let answer = desk.patch(&url, 0, text.as_bytes()).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("not audio"), "{}", answer.text());
    assert_eq!(desk.head(&url).await.status, 422);
    assert!(!desk.is_begun().await);
    assert_eq!(desk.shop.storage.sweep(Duration::ZERO, &HashSet::new()).await.unwrap(), 0, "nothing is left of it");
}

#[tokio::test]
async fn an_empty_file_is_refused_with_a_reason() {
    let desk = Desk::new().await;
    let answer = desk.create("empty.mp3", 0).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (422, "The file is empty."));
}

#[tokio::test]
async fn a_recording_that_is_only_a_header_is_refused() {
    let desk = Desk::new().await;
    let answer = desk.upload("cut.opus", &recording("the-last-spoon.opus")[..60]).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
}

#[tokio::test]
async fn four_gibibytes_and_one_are_refused_before_a_byte_is_sent() {
    let desk = Desk::new().await;
    let answer = desk.create("long.mp3", LIMIT + 1).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("4.0 GiB"), "{}", answer.text());
    assert_eq!(desk.create("long.mp3", LIMIT).await.status, 201);
}

#[tokio::test]
async fn more_bytes_than_announced_are_refused() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    let announced = desk.patch_request(&url, 0).header("content-length", 11).body(Body::from("01234567890")).unwrap();
    assert_eq!(desk.shop.send(announced).await.status, 413);
    let stream = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"01234567890"))]);
    let silent = desk.patch_request(&url, 0).body(Body::from_stream(stream)).unwrap();
    assert_eq!(desk.shop.send(silent).await.status, 413);
    assert_eq!(desk.head(&url).await.offset(), 0);
}

#[tokio::test]
async fn someone_who_is_not_an_admin_cannot_upload() {
    let mut desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    let (_, shopper) = desk.shop.shopper().await;
    for (cookie, expected) in [(String::new(), 401), (shopper, 403)] {
        let admin = std::mem::replace(&mut desk.cookie, cookie);
        assert_eq!(desk.create("a.mp3", 10).await.status, expected);
        assert_eq!(desk.head(&url).await.status, expected);
        assert_eq!(desk.patch(&url, 0, b"0123456789").await.status, expected);
        let delete = desk.request("DELETE", &url).body(Body::empty()).unwrap();
        assert_eq!(desk.shop.send(delete).await.status, expected);
        desk.cookie = admin;
    }
    assert_eq!(desk.head(&url).await.offset(), 0);
}

#[tokio::test]
async fn the_protocol_is_kept_strictly() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    let old = Request::head(&url).header("tus-resumable", "0.2.2").header("cookie", &desk.cookie);
    let answer = desk.shop.send(old.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("tus-version")), (412, "1.0.0"));

    let elsewhere = desk.patch(&url, 5, b"56789").await;
    assert_eq!(elsewhere.status, 409);
    let form = desk.request("PATCH", &url).header("upload-offset", 0).header("content-type", "text/plain");
    assert_eq!(desk.shop.send(form.body(Body::from("0")).unwrap()).await.status, 415);
    let nowhere = desk.request("PATCH", &url).header("content-type", "application/offset+octet-stream");
    assert_eq!(desk.shop.send(nowhere.body(Body::from("0")).unwrap()).await.status, 400);
    assert_eq!(desk.head(&format!("/uploads/{}", Uuid::now_v7())).await.status, 404);
    let endless = desk.request("POST", "/uploads").header("upload-defer-length", 1);
    assert_eq!(desk.shop.send(endless.body(Body::empty()).unwrap()).await.status, 400);
    let homeless = desk.request("POST", "/uploads").header("upload-length", 5);
    assert_eq!(desk.shop.send(homeless.body(Body::empty()).unwrap()).await.status, 400);
    assert_eq!(desk.head(&url).await.offset(), 0);
}

#[tokio::test]
async fn a_file_for_a_title_that_is_not_there_is_refused() {
    let mut desk = Desk::new().await;
    desk.title = Uuid::now_v7();
    assert_eq!(desk.create("a.mp3", 10).await.status, 404);
}

#[tokio::test]
async fn a_small_file_can_come_with_its_creation() {
    let (desk, content) = (Desk::new().await, story());
    let request = desk.request("POST", "/uploads").header("upload-length", content.len());
    let request = request.header("upload-metadata", desk.metadata("bell.mp3"));
    let request = request.header("content-type", "application/offset+octet-stream");
    let answer = desk.shop.send(request.body(Body::from(content.clone())).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.offset()), (201, content.len() as u64));
    assert_eq!(desk.status(answer.header("location")).await, UploadStatus::Done);
}

#[tokio::test]
async fn an_upload_that_was_given_up_is_gone() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    desk.patch(&url, 0, b"01234").await;
    let delete = desk.request("DELETE", &url).body(Body::empty()).unwrap();
    assert_eq!(desk.shop.send(delete).await.status, 204);
    assert_eq!(desk.head(&url).await.status, 410);
    assert_eq!(desk.patch(&url, 5, b"56789").await.status, 410);
    assert_eq!(desk.shop.storage.sweep(Duration::ZERO, &HashSet::new()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_client_that_can_only_post_names_the_method_in_a_header() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    let request = desk.request("POST", &url).header("x-http-method-override", "PATCH").header("upload-offset", 0);
    let request = request.header("content-type", "application/offset+octet-stream").body(Body::from("01234")).unwrap();
    assert_eq!(desk.shop.send(request).await.offset(), 5);
}

#[tokio::test]
async fn an_abandoned_upload_expires_and_its_bytes_go() {
    let desk = Desk::new().await;
    let url = desk.begin("bell.mp3", 10).await;
    desk.patch(&url, 0, b"01234").await;
    desk.shop.clock.advance(KEPT_MS - 1000);
    assert_eq!(crate::uploads::clean(&desk.shop.uploads).await.unwrap(), 0);
    assert_eq!(desk.head(&url).await.status, 200);
    desk.shop.clock.advance(2000);
    assert_eq!(desk.head(&url).await.status, 410);
    assert_eq!(crate::uploads::clean(&desk.shop.uploads).await.unwrap(), 1);
    assert_eq!(desk.status(&url).await, UploadStatus::Cancelled);
    assert_eq!(desk.shop.storage.sweep(Duration::ZERO, &HashSet::new()).await.unwrap(), 0);
}

#[tokio::test]
async fn two_tabs_patching_at_once_do_not_corrupt() {
    let (desk, content) = (Desk::new().await, story());
    let url = desk.begin("bell.mp3", content.len()).await;
    let slowly = |bytes: Vec<u8>| {
        let pieces: Vec<_> = bytes.chunks(20_000).map(Bytes::copy_from_slice).collect();
        Body::from_stream(futures::stream::iter(pieces).then(|piece| async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok::<_, std::io::Error>(piece)
        }))
    };
    let one = desk.shop.send(desk.patch_request(&url, 0).body(slowly(content.clone())).unwrap());
    let other = desk.shop.send(desk.patch_request(&url, 0).body(slowly(vec![0; content.len()])).unwrap());
    let (one, other) = tokio::join!(one, other);
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [204 | 422, 409 | 423]), "{statuses:?}");
    let first_won = one.status == 204;
    let upload = uploads::get(&desk.shop.db, id_of(&url)).await.unwrap();
    assert_eq!(upload.status, if first_won { UploadStatus::Done } else { UploadStatus::Refused });
}

#[tokio::test]
async fn part_10_comes_after_part_2_and_production_waits_for_all() {
    let desk = Desk::new().await;
    // Different bytes, so that they are different files.
    let names = ["Bell/part 10.mp3", "Bell/part 2.mp3", "Bell/part 1.mp3"];
    let sources = ["the-bell-at-north-rock.mp3", "bread-before-the-sun.mp3", "the-ghost-in-the-fog.mp3"];
    let mut begun = Vec::new();
    for (name, source) in names.iter().zip(sources) {
        let content = recording(source);
        begun.push((desk.begin(name, content.len()).await, content));
    }
    for (url, content) in &begun {
        assert!(!desk.is_begun().await);
        assert_eq!(desk.patch(url, 0, content).await.status, 204);
    }
    assert!(desk.is_begun().await);
    assert_eq!(desk.file_names().await, ["part 1.mp3", "part 2.mp3", "part 10.mp3"]);
}

#[tokio::test]
async fn a_refused_file_does_not_hold_up_the_others() {
    let desk = Desk::new().await;
    let text = "not a sound ".repeat(5000);
    let good = desk.begin("1.mp3", story().len()).await;
    let bad = desk.begin("2.mp3", text.len()).await;
    assert_eq!(desk.patch(&good, 0, &story()).await.status, 204);
    assert!(!desk.is_begun().await);
    assert_eq!(desk.patch(&bad, 0, text.as_bytes()).await.status, 422);
    assert!(desk.is_begun().await);
}

#[tokio::test]
async fn a_file_that_the_shop_has_already_becomes_audio_of_two_titles() {
    let mut desk = Desk::new().await;
    assert_eq!(desk.upload("bell.mp3", &story()).await.status, 204);
    desk.title = drafts::create(&desk.shop.db, "The bell again", Currency::USD).await.unwrap();
    assert_eq!(desk.upload("again.mp3", &story()).await.status, 204);
    assert!(desk.is_begun().await);
}

/// A storage that has no room left once `Full` says so.
#[derive(Debug)]
struct Narrow(Arc<dyn Storage>, Arc<std::sync::atomic::AtomicBool>);

struct Full;

#[async_trait]
impl UploadWriter for Full {
    async fn write(&mut self, _: Bytes) -> storage::Result<()> {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into())
    }

    async fn checkpoint(&mut self) -> storage::Result<UploadState> {
        Err(storage::Error::Full)
    }
}

#[async_trait]
impl Storage for Narrow {
    async fn write_upload(&self, state: &UploadState) -> storage::Result<Box<dyn UploadWriter>> {
        if self.1.load(std::sync::atomic::Ordering::SeqCst) {
            Ok(Box::new(Full))
        } else {
            self.0.write_upload(state).await
        }
    }
    async fn seal_upload(&self, state: &UploadState) -> storage::Result<String> {
        self.0.seal_upload(state).await
    }
    async fn adopt_upload(&self, id: Uuid, key: &str) -> storage::Result<()> {
        self.0.adopt_upload(id, key).await
    }
    async fn abort_upload(&self, state: &UploadState) -> storage::Result<()> {
        self.0.abort_upload(state).await
    }
    async fn sweep(&self, age: Duration, open: &HashSet<Uuid>) -> storage::Result<u64> {
        self.0.sweep(age, open).await
    }
    async fn size(&self, key: &str) -> storage::Result<u64> {
        self.0.size(key).await
    }
    async fn read(&self, key: &str, range: Range<u64>) -> storage::Result<ByteStream> {
        self.0.read(key, range).await
    }
    async fn put_bytes(&self, key: &str, bytes: Bytes, media_type: &str) -> storage::Result<()> {
        self.0.put_bytes(key, bytes, media_type).await
    }
    async fn put_file(&self, key: &str, path: &Path, media_type: &str) -> storage::Result<()> {
        self.0.put_file(key, path, media_type).await
    }
    async fn delete(&self, key: &str) -> storage::Result<()> {
        self.0.delete(key).await
    }
    async fn list(&self, prefix: &str, after: Option<&str>) -> storage::Result<storage::Listing> {
        self.0.list(prefix, after).await
    }
    async fn local_copy(&self, key: &str) -> storage::Result<LocalCopy> {
        self.0.local_copy(key).await
    }
}

#[tokio::test]
async fn a_full_disk_says_so_and_the_upload_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk: Arc<dyn Storage> = Arc::new(storage::Disk::open(folder.path()).await.unwrap());
    let full = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let desk = Desk::at(Shop::open_over(Arc::new(Narrow(disk, full.clone()))).await).await;
    let content = story();
    let url = desk.begin("bell.mp3", content.len()).await;
    assert_eq!(desk.patch(&url, 0, &content[..5000]).await.status, 204);
    full.store(true, std::sync::atomic::Ordering::SeqCst);
    let answer = desk.patch(&url, 5000, &content[5000..]).await;
    assert_eq!(answer.status, 507);
    assert!(answer.text().contains("full"), "{}", answer.text());
    full.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(desk.head(&url).await.offset(), 5000);
    assert_eq!(desk.patch(&url, 5000, &content[5000..]).await.status, 204);
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
}

/// The most memory this process ever held, in kilobytes.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn memory_stays_bounded_while_a_large_file_arrives() {
    const PIECE: usize = 256 * 1024;
    const PIECES: usize = 1600;
    let desk = Desk::new().await;
    let url = desk.begin("long.wav", PIECE * PIECES + 1).await;
    let before = peak_kilobytes();
    let pieces = futures::stream::iter((0..PIECES).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![0; PIECE]))));
    let answer = desk.shop.send(desk.patch_request(&url, 0).body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!(answer.offset(), (PIECE * PIECES) as u64);
    let grown = peak_kilobytes() - before;
    assert!(grown < 150_000, "400 MiB came and memory grew by {grown} kB");
}

/// A JPEG of 300 pixels.
const COVER: &[u8] = include_bytes!("../../../../pictures/tests/cmyk.jpg");
const METADATA: &str = r#"{"title": "Salt and Light", "authors": ["Ada Quill"], "narrators": ["Tom Reed"],
    "series": ["The Coast #2"], "publishedYear": "2021", "publisher": "Tide Press", "isbn": "978-3-16-148410-0",
    "language": "de", "chapters": [{"start": 0, "end": 9, "title": "Dawn"}, {"start": 9, "end": 20, "title": "Dusk"}]}"#;
const SHEET: &str = "FILE \"story.mp3\" MP3\n TRACK 01 AUDIO\n  TITLE \"One\"\n  INDEX 01 00:00:00\n TRACK 02 AUDIO\n  \
    TITLE \"Two\"\n  INDEX 01 00:05:00\n";

#[tokio::test]
async fn a_folder_with_a_cover_a_cue_sheet_and_metadata_fills_the_draft() {
    let desk = Desk::new().await;
    let story = story();
    // The shop hears of every file before the first one arrives.
    let mut begun = Vec::new();
    for (path, content) in [
        ("The bell/Cover.JPG", COVER),
        ("The bell/metadata.json", METADATA.as_bytes()),
        ("The bell/story.cue", SHEET.as_bytes()),
        ("The bell/story.mp3", &story),
    ] {
        begun.push((desk.begin(path, content.len()).await, content));
    }
    for (url, content) in &begun {
        let answer = desk.patch(url, 0, content).await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        assert_eq!(desk.status(url).await, UploadStatus::Done);
    }
    assert!(desk.is_begun().await);
    let db = &desk.shop.db;
    let form = edit::form(db, desk.title).await.unwrap();
    assert_eq!((form.title.as_str(), form.authors.as_str()), ("Salt and Light", "Ada Quill"));
    assert_eq!((form.series.as_str(), form.series_position.as_str()), ("The Coast", "2"));
    assert_eq!((form.year.as_str(), form.isbn.as_str(), form.language.as_str()), ("2021", "9783161484100", "de"));
    let view = covers::view(db, PictureOf::Title(desk.title)).await.unwrap();
    assert_eq!(view.source, Some(CoverSource::Folder));
    let parts = domain::production::parts::sources(db.read(), desk.title).await.unwrap();
    assert_eq!(parts.len(), 1, "only the audio is heard");
    let beside = domain::production::sidecars::of(db.read(), desk.title).await.unwrap();
    let headings: usize = beside.iter().map(|said| said.chapters.len() + said.files.len()).sum();
    assert_eq!(headings, 3, "{beside:?}");
}

#[tokio::test]
async fn a_broken_file_beside_a_recording_says_so_and_the_recording_is_taken() {
    let desk = Desk::new().await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>";
    for (path, content, reason) in [
        ("b/cover.png", &svg[..], "no picture that the shop knows"),
        ("b/metadata.json", b"{", "says nothing of a book"),
        ("b/b.cue", b"nothing", "says nothing of a book"),
    ] {
        let answer = desk.upload(path, content).await;
        assert_eq!(answer.status, 422, "{path}");
        assert!(answer.text().contains(reason), "{path}: {}", answer.text());
    }
    assert_eq!(desk.upload("b/story.mp3", &story()).await.status, 204);
    assert!(desk.is_begun().await);
    assert_eq!(covers::view(&desk.shop.db, PictureOf::Title(desk.title)).await.unwrap().source, None);
}

#[tokio::test]
async fn a_cover_whose_process_died_is_taken_by_the_next_one() {
    let mut desk = Desk::new().await;
    let url = desk.begin("b/cover.jpg", COVER.len()).await;
    let upload = uploads::get(&desk.shop.db, id_of(&url)).await.unwrap();
    let pieces = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(COVER))]);
    let received = crate::uploads::receive(&desk.shop.uploads, upload, None, pieces).await;
    assert!(received.is_ok());
    // Killed before it was looked into.
    desk.shop.restart().await;
    desk.shop.clock.advance(60_000);
    assert!(desk.finish_left_over().await);
    assert_eq!(desk.status(&url).await, UploadStatus::Done);
    let view = covers::view(&desk.shop.db, PictureOf::Title(desk.title)).await.unwrap();
    assert_eq!(view.source, Some(CoverSource::Folder));
}
