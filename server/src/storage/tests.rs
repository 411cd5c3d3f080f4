//! What a storage promises, held against a folder and, where `LECTERN_TEST_S3` names one, an S3 server.

use super::*;
use crate::decoding::Content;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// A storage under test, and what must live as long.
struct Tried {
    name: &'static str,
    storage: Arc<dyn Storage>,
    folder: TempDir,
}

/// The server at `LECTERN_TEST_S3`, with a new bucket.
async fn s3(folder: &Path) -> Option<Arc<dyn Storage>> {
    let endpoint = std::env::var("LECTERN_TEST_S3").ok()?;
    let settings = S3Settings {
        bucket: format!("lectern-{}", Uuid::now_v7()),
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint),
        public_endpoint: None,
        path_style: true,
        access_key_id: "test".to_owned(),
        secret_access_key: "testtest".to_owned(),
    };
    Some(open(&Backend::S3(settings), folder).await.unwrap())
}

async fn each() -> Vec<Tried> {
    let folder = TempDir::new().unwrap();
    let disk: Arc<dyn Storage> = Arc::new(Disk::open(&folder.path().join("storage")).await.unwrap());
    let mut all = vec![Tried { name: "folder", storage: disk, folder }];
    let folder = TempDir::new().unwrap();
    if let Some(storage) = s3(folder.path()).await {
        all.push(Tried { name: "S3", storage, folder });
    }
    all
}

/// Bytes that differ from place to place.
fn noise(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

async fn write(storage: &dyn Storage, state: &UploadState, bytes: &[u8]) -> UploadState {
    let mut writer = storage.write_upload(state).await.unwrap();
    for piece in bytes.chunks(100_000) {
        writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    writer.checkpoint().await.unwrap()
}

async fn all_of(storage: &dyn Storage, key: &str) -> Vec<u8> {
    let size = storage.size(key).await.unwrap();
    collect(storage.read(key, 0..size).await.unwrap()).await
}

async fn collect(stream: ByteStream) -> Vec<u8> {
    stream.map_ok(|piece| piece.to_vec()).try_concat().await.unwrap()
}

async fn sweep(storage: &dyn Storage, age: Duration) -> u64 {
    storage.sweep(age, &HashSet::new()).await.unwrap()
}

/// Seals an upload and gives it the key of its content.
async fn settle(storage: &dyn Storage, state: &UploadState) -> String {
    storage.seal_upload(state).await.unwrap();
    let key = audio_key(&state.sha256().unwrap(), "mp3");
    storage.adopt_upload(state.id, &key).await.unwrap();
    key
}

/// Two servers take the same stretch of an upload at once, and one says so first: the other's tail, which is shorter and
/// comes later, does not take its place.
#[tokio::test]
async fn of_two_who_write_at_once_the_later_does_not_harm_what_the_first_has_acknowledged() {
    let content = noise(40_000);
    for Tried { name, storage, folder: _folder } in each().await {
        // A folder lets one in at a time.
        if name == "folder" {
            continue;
        }
        let state = UploadState::new(Uuid::now_v7());
        let (mut first, mut second) =
            (storage.write_upload(&state).await.unwrap(), storage.write_upload(&state).await.unwrap());
        first.write(Bytes::copy_from_slice(&content[..30_000])).await.unwrap();
        second.write(Bytes::copy_from_slice(&content[..20_000])).await.unwrap();
        let acknowledged = first.checkpoint().await.unwrap();
        second.checkpoint().await.unwrap();
        let whole = write(&*storage, &acknowledged, &content[30_000..]).await;
        let key = settle(&*storage, &whole).await;
        assert_eq!(sha256(&all_of(&*storage, &key).await), sha256(&content), "{name}");
    }
}

/// A process that knows an older state than the one that was acknowledged has to find that out before it writes; until then
/// it has harmed nothing.
#[tokio::test]
async fn whoever_opens_an_upload_and_writes_nothing_cuts_nothing_off() {
    let content = noise(9_000_000);
    for Tried { name, storage, folder: _folder } in each().await {
        let stale = UploadState::new(Uuid::now_v7());
        let acknowledged = write(&*storage, &stale, &content).await;
        drop(storage.write_upload(&stale).await.unwrap());
        let key = settle(&*storage, &acknowledged).await;
        assert_eq!(sha256(&all_of(&*storage, &key).await), sha256(&content), "{name}");
    }
}

#[test]
fn the_tails_of_two_attempts_have_different_names_and_older_ones_keep_theirs() {
    use super::key::tail_key;
    let id = Uuid::nil();
    assert_ne!(tail_key(id, 0, "a1"), tail_key(id, 0, "b2"));
    assert_eq!(tail_key(id, 3, ""), format!("staging/{id}.after-3"));
}

#[tokio::test]
async fn an_upload_in_uneven_pieces_arrives_whole_and_under_its_checksum() {
    let content = noise(21_000_003);
    for Tried { name, storage, .. } in each().await {
        let mut state = UploadState::new(Uuid::now_v7());
        // Below, across and above the size of a part of S3.
        for cut in [0..1, 1..5_000_000, 5_000_000..18_000_000, 18_000_000..18_000_001, 18_000_001..content.len()] {
            state = write(&*storage, &state, &content[cut]).await;
            // Only what is in the row of the database is remembered.
            state = UploadState::from_json(&state.to_json().unwrap()).unwrap();
        }
        assert_eq!(state.offset, content.len() as u64, "{name}");
        assert_eq!(state.sha256().unwrap(), sha256(&content), "{name}");
        let key = settle(&*storage, &state).await;
        assert!(all_of(&*storage, &key).await == content, "{name}: the content differs");
        assert_eq!(storage.size(&key).await.unwrap(), content.len() as u64, "{name}");
    }
}

#[tokio::test]
async fn bytes_that_were_never_acknowledged_are_dropped() {
    let content = noise(12_000_000);
    for Tried { name, storage, .. } in each().await {
        let state = write(&*storage, &UploadState::new(Uuid::now_v7()), &content[..3_000_000]).await;
        let mut cut_off = storage.write_upload(&state).await.unwrap();
        cut_off.write(Bytes::from(vec![7; 9_500_000])).await.unwrap();
        cut_off.checkpoint().await.unwrap();
        // The process dies before it tells the database.
        drop(cut_off);
        let state = write(&*storage, &state, &content[3_000_000..]).await;
        let key = settle(&*storage, &state).await;
        assert!(all_of(&*storage, &key).await == content, "{name}: the content differs");
    }
}

#[tokio::test]
async fn the_end_of_an_upload_may_be_done_twice() {
    for Tried { name, storage, .. } in each().await {
        for content in [noise(100), noise(9_000_000)] {
            let state = write(&*storage, &UploadState::new(Uuid::now_v7()), &content).await;
            storage.seal_upload(&state).await.unwrap();
            storage.seal_upload(&state).await.unwrap();
            let key = settle(&*storage, &state).await;
            storage.adopt_upload(state.id, &key).await.unwrap();
            assert!(all_of(&*storage, &key).await == content, "{name}");
        }
    }
}

#[tokio::test]
async fn equal_content_is_stored_once() {
    for Tried { name, storage, .. } in each().await {
        let content = noise(50_000);
        let one = write(&*storage, &UploadState::new(Uuid::now_v7()), &content).await;
        let other = write(&*storage, &UploadState::new(Uuid::now_v7()), &content).await;
        let key = settle(&*storage, &one).await;
        assert_eq!(key, settle(&*storage, &other).await, "{name}");
        assert_eq!(all_of(&*storage, &key).await, content, "{name}");
        assert_eq!(sweep(&*storage, Duration::ZERO).await, 0, "{name}: nothing is left over");
    }
}

#[tokio::test]
async fn an_upload_that_was_given_up_leaves_nothing() {
    for Tried { name, storage, .. } in each().await {
        let state = write(&*storage, &UploadState::new(Uuid::now_v7()), &noise(9_000_000)).await;
        storage.abort_upload(&state).await.unwrap();
        storage.abort_upload(&state).await.unwrap();
        assert_eq!(sweep(&*storage, Duration::ZERO).await, 0, "{name}: nothing is left over");
        assert!(matches!(storage.size(&format!("staging/{}", state.id)).await, Err(Error::NotFound(_))), "{name}");
    }
}

#[tokio::test]
async fn what_a_crash_left_is_swept_away_and_what_is_under_way_is_not() {
    for Tried { name, storage, .. } in each().await {
        let state = write(&*storage, &UploadState::new(Uuid::now_v7()), &noise(9_000_000)).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(storage.sweep(Duration::ZERO, &HashSet::from([state.id])).await.unwrap(), 0, "{name}: under way");
        if name == "folder" {
            // The S3 server of the tests invents the date on which an upload began.
            assert_eq!(sweep(&*storage, Duration::from_secs(3600)).await, 0, "{name}: it is young");
        }
        assert!(sweep(&*storage, Duration::ZERO).await >= 1, "{name}");
        assert_eq!(sweep(&*storage, Duration::ZERO).await, 0, "{name}");
    }
}

/// Stores so many small things under `prefix`.
async fn put_many(storage: &dyn Storage, prefix: &str, count: usize) {
    let puts = (0..count).map(|_| async {
        let key = format!("{prefix}{}", Uuid::now_v7());
        storage.put_bytes(&key, Bytes::from_static(b"x"), "text/plain").await.unwrap();
    });
    stream::iter(puts).buffer_unordered(32).collect::<Vec<()>>().await;
}

#[tokio::test]
async fn more_than_an_s3_server_lists_at_once_is_swept_away() {
    for Tried { name, storage, folder: _folder } in each().await {
        put_many(&*storage, "staging/", 1100).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(sweep(&*storage, Duration::ZERO).await, 1100, "{name}");
    }
}

#[tokio::test]
async fn what_is_stored_is_listed_page_by_page_and_may_be_deleted_on_the_way() {
    for Tried { name, storage, folder: _folder } in each().await {
        let before = Timestamp::from(std::time::SystemTime::now()).plus_ms(-1000);
        put_many(&*storage, "samples/a/", LIST_PAGE + 5).await;
        storage.put_bytes("samples/b/10-70.wav", Bytes::from_static(b"seven b"), "audio/wav").await.unwrap();
        storage.put_bytes("samples.txt", Bytes::from_static(b"another prefix"), "text/plain").await.unwrap();

        let first = storage.list("samples/", None).await.unwrap();
        assert_eq!(first.stored.len(), LIST_PAGE, "{name}");
        let second = storage.list("samples/", first.next.as_deref()).await.unwrap();
        assert_eq!((second.stored.len(), &second.next), (6, &None), "{name}");
        let all: Vec<_> = first.stored.into_iter().chain(second.stored).collect();
        assert!(all.is_sorted_by(|one, next| one.key < next.key), "{name}");
        let last = all.last().unwrap();
        assert_eq!((last.key.as_str(), last.size), ("samples/b/10-70.wav", 7), "{name}");
        let after = Timestamp::from(std::time::SystemTime::now()).plus_ms(1000);
        assert!(all.iter().all(|stored| before <= stored.modified_at && stored.modified_at <= after), "{name}");

        let mut gone = 0;
        let mut all = std::pin::pin!(pages(&*storage, "samples/"));
        while let Some(page) = all.try_next().await.unwrap() {
            for stored in page {
                storage.delete(&stored.key).await.unwrap();
                gone += 1;
            }
        }
        assert_eq!(gone, LIST_PAGE + 6, "{name}");
        assert!(storage.list("samples/", None).await.unwrap().stored.is_empty(), "{name}");
        assert_eq!(all_of(&*storage, "samples.txt").await, b"another prefix", "{name}");
    }
}

#[tokio::test]
async fn what_is_uploaded_again_counts_as_new() {
    for Tried { name, storage, folder: _folder } in each().await {
        let content = noise(50_000);
        let one = write(&*storage, &UploadState::new(Uuid::now_v7()), &content).await;
        let other = write(&*storage, &UploadState::new(Uuid::now_v7()), &content).await;
        settle(&*storage, &one).await;
        let modified_at = async || storage.list("audio/", None).await.unwrap().stored[0].modified_at;
        let first = modified_at().await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        settle(&*storage, &other).await;
        assert!(modified_at().await > first, "{name}");
    }
}

#[tokio::test]
async fn any_stretch_of_a_file_can_be_read() {
    for Tried { name, storage, .. } in each().await {
        let content = noise(300_000);
        storage.put_bytes("samples/a.mp3", Bytes::from(content.clone()), "audio/mpeg").await.unwrap();
        for range in [0..1, 0..300_000, 299_999..300_000, 65_535..65_537, 5..5] {
            let read = collect(storage.read("samples/a.mp3", range.clone()).await.unwrap()).await;
            assert_eq!(read, content[range.start as usize..range.end as usize], "{name} {range:?}");
        }
    }
}

#[tokio::test]
async fn small_things_are_put_replaced_and_deleted() {
    for Tried { name, storage, folder } in each().await {
        storage.put_bytes("covers/a.svg", Bytes::from_static(b"one"), "image/svg+xml").await.unwrap();
        let file = folder.path().join("two");
        std::fs::write(&file, "two").unwrap();
        storage.put_file("covers/a.svg", &file, "image/svg+xml").await.unwrap();
        assert_eq!(all_of(&*storage, "covers/a.svg").await, b"two", "{name}");
        storage.delete("covers/a.svg").await.unwrap();
        storage.delete("covers/a.svg").await.unwrap();
        assert!(matches!(storage.size("covers/a.svg").await, Err(Error::NotFound(_))), "{name}");
        assert!(storage.read("covers/a.svg", 0..1).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_decoder_can_open_what_is_stored_and_be_given_pieces_of_it() {
    for Tried { name, storage, folder: _folder } in each().await {
        let content = noise(700_000);
        storage.put_bytes("audio/a.wav", Bytes::from(content.clone()), "audio/wav").await.unwrap();
        let copy = storage.local_copy("audio/a.wav").await.unwrap();
        assert_eq!(std::fs::read(copy.path()).unwrap(), content, "{name}");

        let stored = Content::open(&storage, "audio/a.wav").await.unwrap();
        for (at, most, right) in [(600_000, 4, 600_000..600_004), (0, 9, 0..9), (699_996, 400, 699_996..700_000)] {
            assert_eq!(stored.piece(at, most).await.unwrap(), content[right], "{name}, {at}");
        }
        assert_eq!(stored.piece(700_000, 1).await.unwrap(), b"", "{name}");
    }
}

#[tokio::test]
async fn two_writers_never_have_the_same_upload_in_a_folder_open() {
    let folder = TempDir::new().unwrap();
    let state = UploadState::new(Uuid::now_v7());
    // As two processes over one folder would.
    let (one, other) = (Disk::open(folder.path()).await.unwrap(), Disk::open(folder.path()).await.unwrap());
    let first = one.write_upload(&state).await.unwrap();
    assert!(matches!(other.write_upload(&state).await.err(), Some(Error::Locked)));
    drop(first);
    assert!(other.write_upload(&state).await.is_ok());
}

#[tokio::test]
async fn an_upload_whose_bytes_vanished_is_not_gone_on_with() {
    for Tried { name, storage, .. } in each().await {
        let state = write(&*storage, &UploadState::new(Uuid::now_v7()), &noise(1000)).await;
        storage.abort_upload(&state).await.unwrap();
        assert!(storage.write_upload(&state).await.is_err(), "{name}");
        assert!(storage.seal_upload(&state).await.is_err(), "{name}");
    }
}

#[test]
fn a_full_disk_is_told_apart_from_a_broken_one() {
    use std::io::{Error as Io, ErrorKind};
    assert!(matches!(Error::from(Io::from(ErrorKind::StorageFull)), Error::Full));
    assert!(matches!(Error::from(Io::from(ErrorKind::PermissionDenied)), Error::Io(_)));
}
