//! Copies for players, of what browsers do not play or go about in as they should.

use super::{Bench, bench, repository};
use domain::jobs::Queue;
use domain::production::{CopyReason, copies, parts};
use futures::TryStreamExt;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

fn fixture(name: &str) -> PathBuf {
    repository().join("sound/tests/fixtures").join(name)
}

/// Does what is to be done with sound.
async fn work_on_sound(bench: &Bench) {
    let stop = CancellationToken::new();
    while bench.runner.work_once(Queue::Sound, &stop).await.unwrap() {}
}

async fn standing(bench: &Bench, id: Uuid) -> Vec<copies::Standing> {
    let parts = parts::parts(bench.shop.db.read(), id).await.unwrap();
    let ids: Vec<Uuid> = parts.iter().map(|part| part.source.file_id).collect();
    let mut found = copies::of(bench.shop.db.read(), &ids).await.unwrap();
    ids.iter().map(|id| found.remove(id).unwrap()).collect()
}

/// What is stored of copies: each key and its bytes.
async fn stored(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for key in bench.shop.storage.list("copies/", None).await.unwrap().stored {
        let key = key.key;
        let size = bench.shop.storage.size(&key).await.unwrap();
        let pieces: Vec<_> = bench.shop.storage.read(&key, 0..size).await.unwrap().try_collect().await.unwrap();
        found.push((key, pieces.concat()));
    }
    found
}

#[tokio::test]
async fn what_some_browsers_do_not_play_gets_a_copy_and_what_all_do_gets_none() {
    let bench = bench().await;
    let files = [fixture("alac.m4a"), fixture("a.flac"), fixture("b.mp3")];
    let id = bench.title("The Bell", &files.each_ref().map(PathBuf::as_path)).await;
    work_on_sound(&bench).await;
    let standing = standing(&bench, id).await;
    let reasons: Vec<_> = standing.iter().map(|copy| (copy.reason, copy.made)).collect();
    assert_eq!(reasons, [(Some(CopyReason::Kind), true), (None, false), (Some(CopyReason::Seeking), true)]);
    let stored = stored(&bench).await;
    assert_eq!(stored.len(), 2);
    for (key, bytes) in stored {
        assert!(key.ends_with(".m4a") && bytes[4..8] == *b"ftyp", "{key}");
    }
    for (part, original) in parts::parts(bench.shop.db.read(), id).await.unwrap().iter().zip(files) {
        let kept = bench.shop.storage.local_copy(&part.source.storage_key).await.unwrap();
        assert_eq!(std::fs::read(kept.path()).unwrap(), std::fs::read(original).unwrap(), "it is as it came");
    }
}

#[tokio::test]
async fn a_run_that_is_done_again_makes_no_other_copy() {
    let bench = bench().await;
    let first = bench.title("The Bell", &[&fixture("alac.m4a")]).await;
    work_on_sound(&bench).await;
    bench.shop.db.transaction(async |tx| domain::production::steps::start_run(&tx, first).await).await.unwrap();
    work_on_sound(&bench).await;
    assert_eq!(stored(&bench).await.len(), 1);
}

#[tokio::test]
async fn recordings_from_before_there_were_copies_get_theirs() {
    let bench = bench().await;
    let id = bench.title("The Bell", &[&fixture("alac.m4a")]).await;
    domain::production::steps::cancel(&bench.shop.db, id).await.unwrap();
    assert_eq!(copies::catch_up(&bench.shop.db).await.unwrap(), 1);
    work_on_sound(&bench).await;
    assert!(standing(&bench, id).await[0].made);
    assert_eq!(copies::catch_up(&bench.shop.db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_recording_that_is_missing_keeps_no_other_one_from_its_copy() {
    let bench = bench().await;
    let files = [fixture("b.mp3"), fixture("alac.m4a")];
    let id = bench.title("The Bell", &files.each_ref().map(PathBuf::as_path)).await;
    domain::production::steps::cancel(&bench.shop.db, id).await.unwrap();
    let first = parts::parts(bench.shop.db.read(), id).await.unwrap().remove(0);
    bench.shop.storage.delete(&first.source.storage_key).await.unwrap();
    copies::catch_up(&bench.shop.db).await.unwrap();
    work_on_sound(&bench).await;
    let made: Vec<bool> = standing(&bench, id).await.iter().map(|copy| copy.made).collect();
    assert_eq!(made, [false, true]);
}
