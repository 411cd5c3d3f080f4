//! Processes that read pictures and are missing, dying, hanging or talking; and the true one.

use super::{BrokeOff, Reader};
use ::pictures::{MOST_BYTES, Refusal, SIDES, rasterise};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than anything here takes, on a machine under load.
const LONG: Duration = Duration::from_secs(60);

fn picture() -> Vec<u8> {
    rasterise(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="9"/></svg>"#, 400)
        .unwrap()
}

/// What comes of a picture whose reader is a shell script: it is given its task and does something else.
async fn said(body: &str, longest: Duration) -> Result<Result<&'static str, Refusal>, BrokeOff> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("reader.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Reader::default().with_program(path, longest).look(&picture()).await
}

#[tokio::test]
async fn a_picture_is_read_and_made_smaller_by_a_process_of_its_own() {
    let reader = Reader::default();
    assert_eq!(reader.look(&picture()).await.unwrap(), Ok("png"));
    let made = reader.sizes(&picture()).await.unwrap().unwrap();
    assert_eq!(made.iter().map(|made| made.side).collect::<Vec<_>>(), SIDES);
    assert_eq!(made, ::pictures::sizes(&::pictures::open(&picture()).unwrap()).unwrap());
}

#[tokio::test]
async fn why_a_picture_is_not_taken_is_passed_on() {
    let reader = Reader::default();
    let small = rasterise(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>"#, 150).unwrap();
    let half = &picture()[..300];
    for (bytes, refusal) in [
        (&b"%PDF-1.7"[..], Refusal::NotAPicture),
        (b"", Refusal::NotAPicture),
        (&small, Refusal::TooSmall),
        (half, Refusal::Damaged),
        (&vec![0; MOST_BYTES + 1], Refusal::TooManyBytes),
    ] {
        assert_eq!(reader.look(bytes).await.unwrap(), Err(refusal));
    }
}

#[tokio::test]
async fn a_picture_that_ends_its_reader_is_refused_and_one_whose_reader_was_ended_is_tried_again() {
    for body in [
        "kill -SEGV $$",
        "exit 101",
        "echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$",
        "printf 'b\\377\\377\\377\\377'; exec sleep 600",
        "while :; do printf 'b\\000\\000\\000\\001x'; done",
        "printf 'd\\000\\000\\000\\001x'; exec sleep 600",
        "printf 'r\\000\\000\\000\\000'; exec sleep 600",
    ] {
        assert_eq!(said(body, LONG).await.unwrap(), Err(Refusal::Damaged), "{body}");
    }
    assert!(said("kill -KILL $$", LONG).await.is_err());
    let missing = Reader::default().with_program("/nowhere/lectern".into(), LONG);
    assert!(missing.look(&picture()).await.is_err());
}

#[tokio::test]
async fn a_reader_that_does_not_come_to_an_end_is_ended() {
    for body in ["exec sleep 600", "while :; do printf 'a\\000\\000\\000\\000'; sleep 0.1; done"] {
        assert_eq!(said(body, Duration::from_secs(2)).await.unwrap(), Err(Refusal::Damaged), "{body}");
    }
}
